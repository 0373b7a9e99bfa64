"""PyTorch's graph, put into the spellings that `graph` reads. Imported for objects that come from PyTorch only.

PyTorch records functions rather than nodes: a tensor's `grad_fn` leads to the functions that made its
operands, and only leaves keep their tensor. A node here is a function and one tensor that it gave, by its
number among them: ``unbind`` and ``split`` give several, each with a gradient of its own.
Of that tensor the shape is always known; its value is found where a function has saved it for the
backward pass (until `backward()` frees that), or is computed again where all operands are known.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ..ops.domain import FAILURES
from ..ops.rows import find
from .order import post_order

SYMBOLS = {"Add": "+", "Sub": "-", "Rsub": "-", "Mul": "*", "Div": "/", "Pow": "**", "Mm": "@", "Mv": "@", "Bmm": "@"}
SYMBOLS |= {"Dot": "@", "Sigmoid": "σ", "Atan": "arctan", "Maximum": "max", "Minimum": "min", "T": "T"}
SYMBOLS |= {"LeakyRelu": "leaky relu", "Log1P": "log1p"}
"""What pictures call PyTorch's functions; all others keep their name: ``LogSoftmaxBackward0`` is ``log_softmax``."""

SAVED: dict[str, tuple[str, ...]] = {}
SAVED |= {"Mm": ("self", "mat2"), "Bmm": ("self", "mat2"), "Mv": ("self", "vec"), "Dot": ("self", "tensor")}
SAVED |= {"Addmm": ("", "mat1", "mat2"), "MseLoss": ("self", "target"), "BinaryCrossEntropy": ("self", "target")}
"""Under which names a function saves its operands; most do as ``self`` and ``other``."""

PLAIN = {"alpha": 1, "negative_slope": 0.01, "beta": 1, "rounding_mode": None}
"""Settings that change what a function computes, and with which values it is the operation of its name."""


LOST = {
    "freed": "PyTorch has freed the values that its derivatives need: ask before backward(), "
    "or call backward(retain_graph=True)",
    "inplace": "a tensor has been changed in place since PyTorch computed with it, and its derivatives need the old "
    "value: compute the expression again",
}
"""What PyTorch's own refusals mean here, by a word in them."""


class Edge(NamedTuple):
    """An operand, and the derivative with respect to it where both are numbers."""

    prev: Node
    local_grad: Any


class Unknown:
    """Stands for a value that PyTorch has not kept; of its tensor only the shape is known."""

    def __init__(self, shape: tuple[int, ...] = ()) -> None:
        self.shape = shape

    def __str__(self) -> str:
        return "?"


class Node:
    """One node in our spellings. An attribute that is not set is a cell that the picture leaves out."""

    __slots__ = ("_constant", "_function", "_known_as", "_order", "_output", "data", "grad", "label", "op", "prevs")
    _known_as: tuple[int, ...]
    _order: list[int | None]
    grad: Any
    prevs: list[Edge]

    def __init__(self, data: Any, op: str = "", function: Any = None, output: int = 0) -> None:
        self.data, self.op, self._function, self._output = data, op, function, output
        self.label, self.prevs, self._known_as, self._constant = "", [], (), False

    def _pull(self, g: Any) -> list[Any]:
        """The contribution to each operand of a gradient that arrives, by PyTorch's own rule."""
        given = _contributions(self._function, self._output, g)
        return [0.0 if i is None or given[i] is None else value(given[i]) for i in self._order]


def _torch() -> Any:
    """PyTorch, imported where it is used: a machine without it can still load this module, as the tests do."""
    import torch

    return torch


def adapt(root: Any) -> Node:
    """The graph below a tensor. Raises `TypeError` if `root` is something else of PyTorch's."""
    if not isinstance(root, _torch().Tensor):
        raise TypeError(f"expected a tensor that PyTorch has computed, got a {type(root).__name__}")
    if root.grad_fn is None:
        return _leaf(root) if root.requires_grad else _constant(root)
    made: dict[tuple[Any, int], Node] = {}
    order = _outputs(root)
    for function, output in order:
        leaf = hasattr(function, "variable")
        made[function, output] = _leaf(function.variable) if leaf else _make_node(function, output, made)
    top = made[root.grad_fn, root.output_nr]
    top.data = value(root)
    top.label = _label(root)
    top._known_as = (*top._known_as, id(root))
    if root.retains_grad:
        top.grad = None if root.grad is None else value(root.grad)
    for key in order:
        _complete(made[key])
    return top


def identity(tensor: Any) -> int:
    """The id by which a picture can know a tensor again: its function's, which outlives it, if it was computed."""
    function = tensor.grad_fn if isinstance(tensor, _torch().Tensor) else None
    return id(tensor) if function is None else _number_of(function, tensor.output_nr)


def leaf(numbers: Any) -> Any:
    """A leaf for a function of tensors, a number or an array, with a float's precision."""
    torch = _torch()
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)


def value(tensor: Any) -> Any:
    """A tensor as a number or as a NumPy array; what is neither as it is."""
    if not isinstance(tensor, _torch().Tensor):
        return tensor
    tensor = tensor.detach()
    if not tensor.shape:
        return tensor.item()
    tensor = tensor.cpu()
    return (tensor.float() if tensor.dtype is _torch().bfloat16 else tensor).numpy()


def _outputs(root: Any) -> list[tuple[Any, int]]:
    """Every function below, with the number of an output of it that is used, operands first."""

    def below(key: tuple[Any, int]) -> list[tuple[Any, int]]:
        return [use for use in key[0].next_functions if use[0] is not None]

    return post_order((root.grad_fn, root.output_nr), below)


def _leaf(tensor: Any) -> Node:
    node = Node(value(tensor))
    node.grad = None if tensor.grad is None else value(tensor.grad)
    node.label, node._known_as = _label(tensor), (id(tensor),)
    return node


def _constant(data: Any) -> Node:
    node = Node(value(data))
    node._constant = True
    if isinstance(data, _torch().Tensor):
        node.label, node._known_as = _label(data), (id(data),)
    return node


def _label(tensor: Any) -> str:
    label = getattr(tensor, "label", "")
    return label if isinstance(label, str) else ""


def _make_node(function: Any, output: int, made: dict[tuple[Any, int], Node]) -> Node:
    kind = re.sub(r"Backward\d*$", "", function.name().rpartition("::")[2])
    node = Node(_make_unknown(function, output), _symbol(kind, function, output), function, output)
    node._known_as = (_number_of(function, output),)
    called = SAVED.get(kind, ("self", "exponent" if kind == "Pow" else "other"))
    operands: list[Node] = []
    for position, (below, number) in enumerate(function.next_functions):
        kept = _read_saved(function, called[position]) if position < len(called) and called[position] else None
        if below is None:
            operands.append(_constant(Unknown() if kept is None else kept))
            continue
        operand = made[below, number]
        if kept is not None and isinstance(operand.data, Unknown):
            operand.data = value(kept)
        operands.append(operand)
    node._order = list(range(len(operands)))
    if kind == "Rsub" or function.name() == "PowBackward2":  # a number before the tensor is no operand to PyTorch
        base = _read_saved(function, "self") if kind == "Pow" else None
        operands = [_constant(Unknown() if base is None else base), *operands]
        node._order = [None, *node._order]
    node.prevs = [Edge(operand, None) for operand in operands]
    result = _read_saved(function, "result")
    if result is not None and not output:
        node.data = value(result)
    return node


def _complete(node: Node) -> None:
    """Fill in what follows from the operands: the value, and the derivatives where all are numbers."""
    if node._function is None:
        return
    xs = [edge.prev.data for edge in node.prevs]
    op = find(node.op, len(xs))
    if isinstance(node.data, Unknown) and op and not any(isinstance(x, Unknown) for x in xs):
        try:
            again = op(*xs)
        except (*FAILURES, TypeError):
            again = None
        if again is not None and getattr(again, "shape", ()) == node.data.shape:
            node.data = again
    if not getattr(node.data, "shape", ()) and not any(getattr(x, "shape", ()) for x in xs):
        try:
            local = node._pull(1.0)
        except Exception:  # the saved tensors are freed, or a function of the user's own raises
            return
        node.prevs = [Edge(edge.prev, x) for edge, x in zip(node.prevs, local, strict=True)]


def _contributions(function: Any, output: int, g: Any) -> tuple:
    torch, metadata = _torch(), function._input_metadata
    mine = torch.as_tensor(g, dtype=metadata[output].dtype).expand(metadata[output].shape)
    rule, others = function, [None] * len(metadata)
    if not callable(function):  # a function of the user's own, whose backward is given zeros for what was not used
        rule, others = function.apply, [torch.zeros(tuple(m.shape), dtype=m.dtype) for m in metadata]
    try:
        with torch.no_grad():
            given = rule(*others[:output], mine, *others[output + 1 :])
    except RuntimeError as error:
        for word, said in LOST.items():
            if word in str(error):
                raise TypeError(said) from None
        raise
    return given if isinstance(given, tuple) else (given,)


def _symbol(kind: str, function: Any, output: int) -> str:
    symbol = SYMBOLS.get(kind) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    if function.name() == "PowBackward0":
        return f"**{value(_read_saved(function, 'exponent'))}"
    for name, usual in PLAIN.items():
        setting = getattr(function, f"_saved_{name}", usual)
        if setting != usual:
            symbol += f" {name}={setting}"
    return f"{symbol}(output={output})" if output else symbol


def _number_of(function: Any, output: int) -> int:
    """PyTorch counts functions and outputs; their Python objects come and go. Negative, to be no object's id."""
    return -1 - (function._sequence_nr() << 20 | output)


def _read_saved(function: Any, name: str) -> Any:
    """What a function has saved under this name; ``None`` if nothing, or if it has been freed."""
    try:
        return getattr(function, f"_saved_{name}", None)
    except RuntimeError:
        return None


def _make_unknown(function: Any, output: int) -> Unknown:
    try:
        return Unknown(tuple(function._input_metadata[output].shape))
    except (AttributeError, IndexError, RuntimeError):
        return Unknown()
