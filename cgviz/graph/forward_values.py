"""The values of PyTorch's nodes: as PyTorch has kept them, computed again by its own operators, or unknown.

What was kept is true. What is computed again from operands is true only if no operand has changed since: so wherever
both are there they are compared, and where they differ, or where PyTorch's own count of changes says so, a leaf has
changed. What hangs on that leaf and was not kept is then unknown: no old number is mixed with a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .aten import kind_of_function
from .lost_numbers import agree, infer, solve
from .operator_calls import RESHAPED, recompute
from .tensor_nodes import TensorNode
from .tensors import CHANGED


def settle(nodes: Sequence[TensorNode]) -> None:
    """Find the value of every node, operands first; what nobody knows stays ``None``."""
    import torch

    with torch.no_grad():
        _settle(nodes)


def _settle(nodes: Sequence[TensorNode]) -> None:
    for node in nodes:
        if node.function is not None:
            _collect(node)
    for node in reversed(nodes):
        if node.function is not None:
            _invert(node)
    changed = {id(node) for node in nodes if node.kind == "leaf" and node.outdated}
    told: dict[int, TensorNode] = {}
    while True:
        passed, failed = _compute(nodes, changed, told)
        new = _suspects(failed, changed)
        if not new:
            break
        changed |= new
    if not changed and _infer(nodes, told):
        passed, failed = _compute(nodes, changed, told)
    for node in failed:
        node.outdated = node.outdated or any(id(leaf) in changed for leaf in _sources(node))
    _forget_unconfirmed(nodes, passed - told.keys(), told)


def _infer(nodes: Sequence[TensorNode], told: dict[int, TensorNode]) -> bool:
    """Tell lost numbers from what has been kept above them; whether there was one."""
    before = len(told)
    for node, user in _below_kept(nodes):
        if (number := infer(node, user)) is not None:
            told[id(node)] = told[id(user)] = number
    return len(told) > before


def _below_kept(nodes: Sequence[TensorNode]) -> Iterator[tuple[TensorNode, TensorNode]]:
    """Yield each unknown node with a user that has kept its own value."""
    for user in nodes:
        if user.function is not None and user.kept and len(user.slots) == 1:
            operand = user.slots[0].node
            if operand.kind == "computed" and operand.tensor is None:
                yield operand, user


def _collect(node: TensorNode) -> None:
    """Take what a function has saved: its results, and its operands."""
    operator, function = node.operator, node.function
    returns = operator.returns if operator else ()
    own = [f"result{node.output}"] + ["result"] * (node.output == 0) + list(returns[node.output : node.output + 1])
    for name in own:
        if name and node.keep(node.saved(name).value):
            break
    for slot in node.slots:
        if slot.node.kind == "constant":
            continue
        saved = node.saved(slot.name)
        kept = saved.value
        if isinstance(kept, tuple):  # of a list of tensors
            kept = kept[slot.edge] if slot.edge is not None and len(kept) == len(function.next_functions) else None
        if slot.node.kind == "computed":
            slot.node.keep(kept)
        elif saved.lost == CHANGED:
            node.outdated = slot.node.outdated = True
        elif kept is not None:
            slot.node.is_saved = True


def _compute(
    nodes: Sequence[TensorNode], changed: set[int], told: dict[int, TensorNode]
) -> tuple[set[int], list[TensorNode]]:
    """Compute what was not kept; which nodes have the value that their operands give, and which have another.

    Into `told` goes, by the id of the node that has told it, each number that was lost.
    """
    passed: set[int] = set()
    failed: list[TensorNode] = []
    overwritten = {_storage(node.tensor) for node in nodes if id(node) in changed} - {0}
    for node in nodes:
        if node.function is None:
            continue
        if node.kept and _storage(node.tensor) in overwritten:
            node.kept = False  # a view of a leaf, kept, and with it what somebody has written there since
        if not node.kept:
            node.tensor = None
        uses_old = any(id(slot.node) in changed for slot in node.slots)
        again = None if uses_old else recompute(node)
        node.outdated = node.outdated or uses_old
        if again is None:
            if node.kept and not uses_old and (number := solve(node)) is not None:
                told[id(node)] = number
        elif not node.kept:
            node.tensor = again
        elif agree(node.tensor, again, [slot.node.tensor for slot in node.slots]):
            passed.add(id(node))
        else:
            failed.append(node)
    return passed, failed


def _sources(node: TensorNode) -> list[TensorNode]:
    """The leaves whose values stand behind one that was computed again."""
    found: dict[int, TensorNode] = {}
    stack = [node]
    while stack:
        for slot in stack.pop().slots:
            passes = slot.node.kind == "leaf" or not slot.node.kept or _is_view(slot.node)
            if id(slot.node) not in found and passes:
                found[id(slot.node)] = slot.node
                stack.append(slot.node)
    return [one for one in found.values() if one.kind == "leaf"]


def _is_view(node: TensorNode) -> bool:
    """Whether what was kept of a node is the memory of an operand, and changes with it."""
    return any(_storage(node.tensor) == _storage(slot.node.tensor) != 0 for slot in node.slots)


def _storage(tensor: Any) -> int:
    """Where the numbers of a tensor are in memory; 0 for none."""
    return 0 if tensor is None else tensor.untyped_storage().data_ptr()


def _suspects(failed: Sequence[TensorNode], changed: set[int]) -> set[int]:
    """The leaves that may have changed, as another value than theirs was kept: those that PyTorch counts changes of."""
    found: set[int] = set()
    for node in failed:
        leaves = _sources(node)
        if not any(id(leaf) in changed for leaf in leaves):
            counted = [leaf for leaf in leaves if leaf.variable._version]
            found.update(map(id, counted or leaves))
    return found


def _forget_unconfirmed(nodes: Sequence[TensorNode], passed: set[int], told: dict[int, TensorNode]) -> None:
    """Forget what was computed from leaves that somebody has written to, if nothing kept shows that it was after that.

    Every parameter has been written to, when it was made; only what PyTorch has kept further up tells. A number that
    was `told` by a result is no evidence: it would be another one if a leaf had changed, and fit as well.
    """
    doubtful: set[int] = set()
    for node in nodes:
        is_computed = node.function is not None and not node.kept and node.tensor is not None
        if (is_computed or id(node) in told) and any(
            _may_have_changed(slot.node) or (id(slot.node) in doubtful and not slot.node.kept) for slot in node.slots
        ):
            doubtful.add(id(node))
    confirmed = set(passed)
    for node in reversed(nodes):
        if id(node) in confirmed:
            confirmed.update(id(slot.node) for slot in node.slots if not slot.node.kept)
    for node in nodes:
        if id(node) in doubtful and id(node) not in confirmed:
            if not node.kept:
                node.tensor = None
            if id(node) in told:
                told[id(node)].tensor = None


def _may_have_changed(node: TensorNode) -> bool:
    """Whether a leaf may be another than PyTorch computed with.

    PyTorch counts changes, but not those by way of ``.data``: after a backward pass somebody may have made such a step.
    """
    if node.kind != "leaf":
        return False
    return bool(node.variable._version and not node.is_saved) or node.variable.grad is not None


def _invert(node: TensorNode) -> None:
    """Tell the operand from the result where that has only moved its numbers."""
    if not node.kept or len(node.slots) != 1 or node.slots[0].node.kind != "computed" or node.slots[0].node.kept:
        return
    operand, kind, y = node.slots[0].node, kind_of_function(node.function), node.tensor
    if kind in RESHAPED:
        operand.keep(y.reshape(operand.shape))
    elif kind == "T":
        operand.keep(y.t())
    elif kind == "Neg":
        operand.keep(-y)
    elif kind == "Transpose":
        operand.keep(y.transpose(node.saved("dim0").value, node.saved("dim1").value))
    elif kind == "Permute":
        dims = [d % y.dim() for d in node.saved("dims").value]
        operand.keep(y.permute([dims.index(d) for d in range(len(dims))]))
    elif kind == "Expand":
        shape = operand.shape
        for d, n in enumerate((1,) * (y.dim() - len(shape)) + shape):
            y = y.narrow(d, 0, 1) if n == 1 != y.shape[d] else y
        operand.keep(y.reshape(shape))
