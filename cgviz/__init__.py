"""cgviz: see how computational graphs and automatic differentiation work, inside the notebook you already use.

    from cgviz import Value, draw, explore
    a, b = Value(2, "a"), Value(-3, "b")
    L = a * b + 1
    L.backward()
    draw(L)

Importing the package imports nothing else; each name below is loaded when it is first used.
"""

import sys

__version__ = "0.1.0"

# Where each public name lives. The operations (sin, exp, relu, …) are added from `ops/rows.py` on first use.
_HOMES = {
    "Value": "value",
    **dict.fromkeys(
        (
            "Tensor",
            "softmax",
            "log_softmax",
            "cross_entropy",
            "binary_cross_entropy",
            "mean_squared_error",
            "concatenate",
            "ShapeError",
        ),
        "tensor",
    ),
    "trace": "graph",
    "CycleError": "graph",
    "DomainError": "refusal",
    "ExpressionError": "expression",
    "explain": "explain",
    "steps": "steps",
    "gradcheck": "gradcheck",
    "derivative": "derivative",
    "draw": "draw",
    "draw_dot": "draw",
    "table": "draw",
    "explore": "live",
    "descend": "live",
    "watch_training": "live",
}

__all__ = ["__version__", *_HOMES]


class _Package(type(sys)):
    """Keeps ``cgviz.draw`` the function: importing the module `cgviz/draw` must not put the module in its place."""

    def __setattr__(self, name, value):
        if not (name in _HOMES and isinstance(value, type(sys))):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name):
    from importlib import import_module

    if name.startswith("_"):
        raise AttributeError("module 'cgviz' has no attribute %r" % name)
    if name in _HOMES:
        found = getattr(import_module("." + _HOMES[name], __name__), name)
    else:
        functions = import_module(".ops", __name__).FUNCTIONS
        if name not in functions:
            raise AttributeError("module 'cgviz' has no attribute %r" % name)
        found = functions[name]
    globals()[name] = found
    return found


def __dir__():
    from importlib import import_module

    return sorted([*__all__, *import_module(".ops", __name__).FUNCTIONS])


def load_ipython_extension(ipython):
    """Add the magics %graph, %explore, %%graph and %%explore: called by ``%load_ext cgviz``."""
    from .magics import load

    load(ipython)


def unload_ipython_extension(ipython):
    """Take the magics away again: called by ``%unload_ext cgviz``."""
    from .magics import unload

    unload(ipython)
