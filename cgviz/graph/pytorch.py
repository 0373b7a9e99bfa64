"""PyTorch's graph, put into the spellings that `graph` reads. Imported for objects that come from PyTorch only.

PyTorch records functions rather than nodes: a tensor's `grad_fn` leads to the functions that made its
operands, and only leaves keep their tensor. A node here is a function and one tensor that it gave, by its
number among them: ``unbind`` and ``split`` give several, each with a gradient of its own. Its operands are the
function's edges, and what else its operator was called with, as far as that was saved: labels, masks, indices.
"""

from __future__ import annotations

import itertools
from typing import Any

from ..ops.rows import find
from ..text import a_shape
from .aten import Operator, kind_of_function, operator_of, saved_names
from .forward_values import settle
from .function_rules import RUNS_BACKWARD, is_of_a_user, runs_backward
from .function_symbols import is_affine, symbol
from .operator_calls import is_absent
from .order import post_order
from .protocols import NodeLike
from .records import OwnRule
from .tensor_hooks import note_hooks
from .tensor_nodes import Edge, Slot, TensorNode, constant_node, label_of_tensor, leaf_node
from .tensors import CHANGED, Unknown, shape_of, value

TOKEN = "cgviz"
"""Under this name a function's ``metadata`` has the number by which it is known again."""
_TOKENS = itertools.count(1)


def adapt(root: NodeLike) -> TensorNode:
    """The graph below a tensor. Raises `TypeError` if `root` is something else of PyTorch's."""
    import torch

    if not isinstance(root, torch.Tensor):
        raise TypeError(f"expected a tensor that PyTorch has computed, got a {type(root).__name__}")
    if root.grad_fn is None:
        return leaf_node(root) if root.requires_grad else constant_node(root)
    made: dict[tuple[Any, int], TensorNode] = {}
    constants: dict[tuple, TensorNode] = {}
    order = _outputs(root)
    for function, output in order:
        is_leaf = hasattr(function, "variable")
        made[function, output] = (
            leaf_node(function.variable) if is_leaf else _make_node(function, output, made, constants)
        )
    top = made[root.grad_fn, root.output_nr]
    top.keep(root)
    top.label = label_of_tensor(root)
    top._known_as = (*top._known_as, id(root))
    if root.retains_grad:
        top.grad = None if root.grad is None else value(root.grad)
    nodes = [made[key] for key in order]
    settle(nodes)
    for node in (*nodes, *constants.values()):
        _complete(node)
    note_hooks(made)
    return top


def identity(tensor: Any) -> int:
    """The id by which a picture can know a tensor again: its function's, which outlives it, if it was computed."""
    import torch

    function = tensor.grad_fn if isinstance(tensor, torch.Tensor) else None
    return id(tensor) if function is None else _number_of(function, tensor.output_nr)


def leaf(numbers: Any) -> Any:
    """A leaf for a function of tensors, a number or an array, with a float's precision.

    Raises `TypeError` for a complex number, which has no derivative here.
    """
    import torch

    if isinstance(numbers, complex):
        raise TypeError(f"derivatives here are of real numbers, got {numbers}")
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)


def wanted(tensor: Any) -> Any:
    """A tensor that somebody's function has made for a leaf, with a gradient; of whole numbers one of floats.

    Raises `TypeError` if it was computed from another: its own gradient would not be kept.
    """
    if not tensor.is_leaf:
        raise TypeError("a leaf is a tensor that nothing has computed, as torch.tensor(x, requires_grad=True) makes it")
    if not (tensor.is_floating_point() or tensor.is_complex()):
        tensor = tensor.double()
    return tensor.requires_grad_()


def differentiate(root: NodeLike, by: str) -> None:
    """Run PyTorch's own backward pass from a result of the function `by`, and keep what explains it afterwards.

    Gradients of earlier runs are forgotten first, for PyTorch adds to them. Raises `TypeError` where there is no
    gradient, or none of a single number.
    """
    if not root.requires_grad:
        raise TypeError(
            f"{by} returned a tensor that has no gradient (requires_grad=False): it depends on no leaf, "
            f"or was computed under no_grad() or with detach(), item() or numpy()"
        )
    if root.numel() != 1:
        raise TypeError(f"{by} returned {a_shape(shape_of(root))}: gradients are of a single number, such as its sum()")
    for function, _ in _outputs(root) if root.grad_fn is not None else ():
        if hasattr(function, "variable"):
            function.variable.grad = None
    root.sum().backward(retain_graph=True)


def _outputs(root: NodeLike) -> list[tuple[Any, int]]:
    """Every function below, with the number of an output of it that is used, operands first."""

    def below(key: tuple[Any, int]) -> list[tuple[Any, int]]:
        return [use for use in key[0].next_functions if use[0] is not None]

    return post_order((root.grad_fn, root.output_nr), below)


def _make_node(function: Any, output: int, made: dict, constants: dict) -> TensorNode:
    node = TensorNode(function, output)
    node.operator = operator_of(function)
    node._known_as = (_number_of(function, output),)
    if node.operator is None:
        for edge, (below, number) in enumerate(function.next_functions):
            operand = made[below, number] if below is not None else constant_node(Unknown())
            node.slots.append(Slot("", operand, edge))
    else:
        node.slots = _slots(node, node.operator, made, constants)
    kind = kind_of_function(function)
    if kind == "Rsub" and node.operator:
        node.slots.reverse()  # what a tensor is taken from stands before it
    if is_affine(kind) and len(node.slots) == 3:
        node.slots.append(node.slots.pop(0))  # a product, and what is added to it
    node.op = symbol(node)
    node.prevs = [Edge(slot.node, None) for slot in node.slots]
    return node


def _slots(node: TensorNode, operator: Operator, made: dict, constants: dict) -> list[Slot]:
    """The operands of a function: what its edges lead to, and which tensors and numbers its operator took besides."""
    slots: list[Slot] = []
    edges = iter(enumerate(node.function.next_functions))
    names = saved_names(node.function)
    is_trained = node.saved("training").value is True
    for argument in operator.arguments:
        name, kind = argument.name, str(argument.type)
        count = len(node.function.next_functions) if name == operator.listed else name in operator.edges
        for _ in range(count):
            edge, (below, number) = next(edges)
            if below is not None:
                slots.append(Slot(name, made[below, number], edge))
            elif not (kind == "Optional[Tensor]" and is_absent(node, name)):
                slots.append(Slot(name, _constant(node, name, edge, constants), edge))
        if count or (is_trained and name.startswith("running_")):
            continue
        if "Tensor" in kind and name in names:
            found = node.saved(name)
            if found.lost == CHANGED:
                node.outdated = True
            tensors = found.value if isinstance(found.value, tuple) else (found.value,)
            slots += [Slot(name, _shared(one, constants), None) for one in tensors if one is not None]
        elif kind == "number" and (name in ("other", "self") or (name == "value" and name not in names)):
            slots.append(Slot(name, _constant(node, name, None, constants), None))
    return slots


def _constant(node: TensorNode, name: str, edge: int | None, constants: dict) -> TensorNode:
    """An operand without gradient, which the function has saved, or has not."""
    saved = node.saved(name)
    if saved.lost == CHANGED:
        node.outdated = True
    found = saved.value
    if isinstance(found, tuple):  # of a list of tensors
        found = found[edge] if edge is not None and len(found) == len(node.function.next_functions) else None
    return _shared(Unknown() if found is None else found, constants)


def _shared(data: Any, constants: dict) -> TensorNode:
    """The node of a constant: one for a tensor that several functions have saved."""
    try:
        key: tuple = (data.data_ptr(), data.storage_offset(), tuple(data.shape), data.stride(), data.dtype)
        key = key if data.numel() else (len(constants),)
    except (AttributeError, RuntimeError, TypeError, NotImplementedError):  # a number, or no array
        key = (len(constants),)
    node = constants.get(key)
    if node is None:
        node = constants[key] = constant_node(data)
    elif id(data) not in node._known_as:
        node._known_as = (*node._known_as, id(data))
    return node


def _complete(node: TensorNode) -> None:
    """Fill in what follows once all values are settled: number or array, row, the derivatives of single numbers."""
    if node.tensor is not None:
        node.data = value(node.tensor) if node.variable is None else node.data
    elif node.function is not None:
        node.data = Unknown(node.shape)
    if node.function is None:
        return
    if runs_backward(node.function):
        node._remark = RUNS_BACKWARD
    if node.outdated:
        return
    if is_of_a_user(node.function):  # whose code runs where a derivative is asked for, and not before
        node._row = OwnRule(node.op)
        return
    node._row = find(node.op, len(node.slots)) if node.operator is not None else None
    if node.is_alone:
        try:
            local = node._pull(1.0)
        except Exception:  # the saved tensors are freed, or a function of the user's own raises
            return
        node.prevs = [Edge(edge.prev, x) for edge, x in zip(node.prevs, local, strict=True)]


def _number_of(function: Any, output: int) -> int:
    """A number of our own for a function, which its ``metadata`` keeps as long as PyTorch has the function.

    Its Python object comes and goes, and PyTorch's own count begins anew in every thread. Negative, to be no id.
    """
    return -1 - (function.metadata.setdefault(TOKEN, next(_TOKENS)) << 20 | output)
