"""The nodes that PyTorch's functions and leaves are read as, each with the derivative that its engine has for it."""

from __future__ import annotations

from typing import Any, NamedTuple

from .aten import Operator
from .function_rules import contributions, is_of_a_user
from .tensors import Saved, Unknown, bare, shape_of, value


class Edge(NamedTuple):
    """An operand, and the derivative with respect to it where both are numbers."""

    prev: TensorNode
    local_grad: Any


class Slot(NamedTuple):
    """An operand under its `name` as an argument; `edge` is its number among PyTorch's edges, ``None`` without one."""

    name: str
    node: TensorNode
    edge: int | None


class TensorNode:
    """One node in our spellings. An attribute that is not set is a cell that the picture leaves out.

    `tensor` is the value as PyTorch has it, ``None`` where nobody knows it. It is `kept` where PyTorch has kept it for
    this node, and computed again elsewhere. `outdated`: an operand has changed since, or another value than the
    operands give has been kept. `is_saved`: a function has saved this leaf, and it has not changed since.
    """

    __slots__ = (
        "_constant", "_known_as", "_remark", "_row", "data", "function", "grad", "is_saved", "kept", "label", "op",
        "operator", "outdated", "output", "prevs", "slots", "tensor", "variable",
    )  # fmt: skip
    _known_as: tuple[int, ...]
    _row: Any
    data: Any
    grad: Any
    operator: Operator | None
    prevs: list[Edge]
    slots: list[Slot]
    tensor: Any
    variable: Any

    def __init__(self, function: Any = None, output: int = 0) -> None:
        self.function, self.output, self.operator = function, output, None
        self.data, self.op, self.label, self.prevs, self.slots = None, "", "", [], []
        self.tensor, self.kept, self.outdated, self.is_saved, self.variable = None, False, False, False, None
        self._known_as, self._constant, self._remark, self._row = (), False, "", None

    @property
    def kind(self) -> str:
        """Whether it is a ``"leaf"``, a ``"constant"`` or was ``"computed"``."""
        return "computed" if self.function is not None else "constant" if self._constant else "leaf"

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of its tensor, also of one that is lost."""
        if self.function is None:
            return shape_of(self.variable)
        metadata = self.metadata
        return () if metadata is None else shape_of(metadata)

    @property
    def metadata(self) -> Any:
        """What PyTorch knows of an output whatever becomes of it: shape and type; ``None`` of some it knows nothing."""
        try:
            return self.function._input_metadata[self.output]
        except (AttributeError, IndexError, RuntimeError):
            return None

    @property
    def is_alone(self) -> bool:
        """Whether this and all operands are single numbers, as far as their shapes are known."""
        return not self.shape and not any(slot.node.shape for slot in self.slots)

    def saved(self, name: str) -> Saved:
        """What its function has saved under a name."""
        return Saved(self.function, name)

    def keep(self, tensor: Any) -> bool:
        """Take what PyTorch has kept of this node, if it can be that; whether it was."""
        plain, metadata = bare(tensor), self.metadata
        if plain is None or self.kept:
            return False
        if metadata is not None and (shape_of(metadata) != shape_of(plain) or metadata.dtype != plain.dtype):
            return False
        self.tensor, self.kept = plain, True
        return True

    def _fresh(self) -> bool:
        return not self.outdated

    @property
    def _holds(self) -> bool:
        """Whether its number is that of its own computation, whatever has become of the operands since."""
        return self.kept

    @property
    def _rule(self) -> str:
        return "its own backward()" if is_of_a_user(self.function) else "PyTorch's rule"

    def _pull(self, g: Any) -> list[Any]:
        """The contribution to each operand of a gradient that arrives, by PyTorch's own rule."""
        given = contributions(self.function, self.output, g)
        edges = [slot.edge for slot in self.slots]
        return [0.0 if i is None or given[i] is None else given[i] for i in edges]


def leaf_node(tensor: Any) -> TensorNode:
    """The node of a tensor that a gradient is wanted for, and that nothing has computed."""
    node = _of_tensor(tensor)
    node.grad = None if tensor.grad is None else value(tensor.grad)
    return node


def constant_node(tensor: Any) -> TensorNode:
    """The node of a number or a tensor without gradient; of `Unknown` one whose value is lost."""
    import torch

    node = _of_tensor(tensor) if isinstance(tensor, torch.Tensor) else TensorNode()
    node._constant = True
    if node.variable is None:
        node.data = tensor
        if not isinstance(tensor, Unknown):
            node.tensor, node.kept = _with_all_digits(tensor), True
    return node


def _with_all_digits(number: Any) -> Any:
    """A plain number as a tensor, as exact as it is, whatever type tensors have when nothing is said."""
    import torch

    return torch.tensor(number, dtype=torch.float64 if isinstance(number, float) else None)


def _of_tensor(tensor: Any) -> TensorNode:
    node = TensorNode()
    node.variable, node.tensor, node.data = tensor, bare(tensor), value(tensor)
    node.kept = node.tensor is not None
    node.label, node._known_as = label_of_tensor(tensor), (id(tensor),)
    return node


def label_of_tensor(tensor: Any) -> str:
    """The name that somebody has hung on a tensor."""
    label = getattr(tensor, "label", "")
    return label if isinstance(label, str) else ""
