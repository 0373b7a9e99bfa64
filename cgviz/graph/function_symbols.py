"""What pictures call PyTorch's functions: a symbol or a name, with the settings that are not the usual ones."""

from __future__ import annotations

from typing import Any

from .aten import kind_of_function, snake_case
from .operator_calls import saved_settings
from .tensor_nodes import TensorNode

SYMBOLS = {"Add": "+", "Sub": "-", "Rsub": "-", "Mul": "*", "Div": "/", "Pow": "**", "Mm": "@", "Mv": "@", "Bmm": "@"}
SYMBOLS |= {"Dot": "@", "Sigmoid": "σ", "Atan": "arctan", "Maximum": "max", "Minimum": "min", "T": ".T"}
SYMBOLS |= {"LeakyRelu": "leaky relu", "Log1P": "log1p", "NativeLayerNorm": "layer_norm", "NativeDropout": "dropout"}
SYMBOLS |= {"NativeGroupNorm": "group_norm", "NativeBatchNorm": "batch_norm", "Where": "where"}
SYMBOLS |= {"Addmm": "@ +", "Baddbmm": "@ +", "Addmv": "@ +", "Max": "amax", "Min": "amin"}
"""What pictures call PyTorch's functions; all others keep their name: ``LogSoftmaxBackward0`` is ``log_softmax``."""

SETTINGS = {
    "alpha": 1,
    "negative_slope": 0.01,
    "beta": 1,
    "rounding_mode": None,
    "threshold": 20,
    "approximate": "none",
}
SETTINGS |= {"reduction": 1, "delta": 1, "scale": None, "input_scale": 1, "min_val": None, "max_val": None}
SETTINGS |= {"min": None, "max": None, "lambd": 0.5, "margin": None, "p": None, "correction": 1, "ord": None}
"""Settings that change what a function computes, and with which values that goes without saying."""

REDUCTIONS = ("none", "mean", "sum")


def is_affine(kind: str) -> bool:
    """Whether functions of a kind add something to a product: their name is ``@ +``."""
    return SYMBOLS.get(kind) == "@ +"


def symbol(node: TensorNode) -> str:
    """What a picture calls a function, with the settings that are not the usual ones, and the number of its output."""
    kind = kind_of_function(node.function)
    name = SYMBOLS.get(kind) or snake_case(kind)
    settings = saved_settings(node)
    shown = [f"output={node.output}"] * (node.output > 0)
    for argument in node.operator.arguments if node.operator else ():
        setting, usual = settings.get(argument.name), argument.default_value
        if argument.name in SETTINGS and isinstance(setting, (int, float, str)):
            usual = SETTINGS[argument.name] if usual is None else usual
            if setting != usual:
                written = (
                    repr(REDUCTIONS[setting])
                    if argument.name == "reduction" and isinstance(setting, int)
                    else _brief(setting)
                )
                shown.append(f"{argument.name}={written}")
    if kind == "Pow" and "exponent" in settings and not shown:
        return f"**{_brief(settings['exponent'])}"
    if not shown:
        return name
    return f"{name if name.isidentifier() or ' ' in name else snake_case(kind)}({', '.join(shown)})"


def _brief(x: Any) -> str:
    return str(int(x)) if isinstance(x, float) and x.is_integer() and abs(x) < 1e6 else str(x)
