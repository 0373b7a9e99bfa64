"""The values of PyTorch's nodes: as PyTorch has kept them, computed again by its own operators, or unknown.

What was kept is true. What is computed again from operands is true only if no operand has changed since: so wherever
both are there they are compared, and where they differ, or where PyTorch's own count of changes says so, a leaf has
changed. What hangs on that leaf and was not kept is then unknown: no old number is mixed with a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .aten import HARMLESS, SHAPES, kind_of_function, saved_names
from .tensor_nodes import TensorNode
from .tensors import CHANGED, bare

RESHAPED = {"Alias", "Clone", "ReshapeAlias", "Squeeze", "UnsafeView", "Unsqueeze", "View"}
"""Functions whose result has the numbers of the operand, in another shape."""

PICKED = {"Cummax", "Cummin", "Kthvalue", "Median", "Mode", "Nanmedian", "Sort", "Topk"}
"""Functions that pick numbers of the operand, and save which."""

SOLVED = {"Add", "Div", "Mul", "Rsub", "Sub"}
"""Of whose operands one can be told from the result."""


def settle(nodes: Sequence[TensorNode]) -> None:
    """Find the value of every node, operands first; what nobody knows stays ``None``."""
    for node in nodes:
        if node.function is not None:
            _collect(node)
    for node in reversed(nodes):
        if node.function is not None:
            _invert(node)
    changed = {id(slot.node) for node in nodes for slot in node.slots if node.outdated and slot.node.kind == "leaf"}
    while True:
        passed, failed = _compute(nodes, changed)
        new = _suspects(failed, changed)
        if not new:
            break
        changed |= new
    for node in failed:
        node.outdated = node.outdated or any(id(leaf) in changed for leaf in _sources(node))
    _forget_unconfirmed(nodes, passed)


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
            node.outdated = True
        elif kept is not None:
            slot.node.is_saved = True


def _compute(nodes: Sequence[TensorNode], changed: set[int]) -> tuple[set[int], list[TensorNode]]:
    """Compute what was not kept; which nodes have the value that their operands give, and which have another."""
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
            if node.kept and not uses_old:
                _solve(node)
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


def _forget_unconfirmed(nodes: Sequence[TensorNode], passed: set[int]) -> None:
    """Forget what was computed from leaves that somebody has written to, if nothing kept shows that it was after that.

    Every parameter has been written to, when it was made; only what PyTorch has kept further up tells.
    """
    doubtful: set[int] = set()
    for node in nodes:
        if node.function is not None and not node.kept and node.tensor is not None:
            for slot in node.slots:
                written = slot.node.kind == "leaf" and slot.node.variable._version and not slot.node.is_saved
                if written or id(slot.node) in doubtful:
                    doubtful.add(id(node))
    confirmed = set(passed)
    for node in reversed(nodes):
        if id(node) in confirmed:
            confirmed.update(id(slot.node) for slot in node.slots if not slot.node.kept)
    for node in nodes:
        if id(node) in doubtful and id(node) not in confirmed:
            node.tensor = None


def recompute(node: TensorNode) -> Any:
    """The value of a node by PyTorch's operator from its operands; ``None`` if not all of it is known."""
    import torch

    if any(slot.edge is not None and slot.node.tensor is None for slot in node.slots):
        return None
    kind = kind_of_function(node.function)
    try:
        with torch.no_grad():
            result = _special(node, kind)
            if result is None:
                result = _call(node)
    except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError):
        return None
    if isinstance(result, (tuple, list)):
        result = result[node.output] if node.output < len(result) else None
    result, metadata = bare(result), node.metadata
    if result is None or metadata is None or tuple(result.shape) != node.shape or result.dtype != metadata.dtype:
        return None
    return result


def _special(node: TensorNode, kind: str) -> Any:
    """The value where the operator cannot simply be called again: it draws numbers, or keeps others than it takes."""
    if not node.slots:
        return None
    x = node.slots[0].node.tensor
    if kind in RESHAPED and len(node.slots) == 1:
        return x.reshape(node.shape)
    if kind == "Expand":
        return x.expand(node.shape)
    if kind == "ToCopy":
        return x.to(node.metadata.dtype)
    if kind in PICKED and (where := node.saved("indices").value) is not None and node.output == 0:
        dim = node.saved("dim").value
        flat = x.dim() > where.dim()
        found = x.gather(dim, where.unsqueeze(dim) if flat else where)
        return found.squeeze(dim) if flat else found
    if kind == "NativeDropout" and (mask := node.saved("result1").value) is not None:
        return x * mask * (1.0 / (1.0 - node.saved("p").value))
    if kind.endswith("BatchNorm") and node.output == 0:
        return _normalized(node, x)
    return None


def _normalized(node: TensorNode, x: Any) -> Any:
    """A batch normalization, which called again would count the batch again."""
    import torch

    given = {slot.name: slot.node.tensor for slot in node.slots}
    weight, bias, eps = given.get("weight"), given.get("bias"), node.saved("eps").value
    mean, var = node.saved("running_mean").value, node.saved("running_var").value
    training = node.saved("training").value
    if training is None or eps is None or (weight is None) != (bias is None):
        return None
    if training:
        return torch.nn.functional.batch_norm(x, None, None, weight, bias, True, 0.0, eps)
    return torch.nn.functional.batch_norm(x, mean.clone(), var.clone(), weight, bias, False, 0.0, eps)


def _call(node: TensorNode) -> Any:
    """The operator, called again with its operands and with the settings that its function has saved."""
    import torch

    operator = node.operator
    if operator is None or kind_of_function(node.function).endswith("BatchNorm"):
        return None
    if torch.Tag.nondeterministic_seeded in operator.overload.tags and node.saved("dropout_p").value != 0.0:
        return None
    given: dict[str, Any] = {operator.listed: []} if operator.listed else {}
    for slot in node.slots:
        if slot.name == operator.listed:
            given[slot.name].append(slot.node.tensor)
        elif slot.edge is not None:
            given[slot.name] = slot.node.tensor
    known = saved_settings(node)
    for argument in operator.arguments:
        name = argument.name
        if name in given:
            continue
        if name in known:
            given[name] = known[name]
        elif name == "dtype":
            given[name] = node.metadata.dtype
        elif name in SHAPES:
            given[name] = node.shape
        elif name in HARMLESS:
            if not argument.has_default_value():
                given[name] = False
        elif (lone := next((slot.node for slot in node.slots if slot.name == name), None)) is not None:
            if lone.tensor is None:
                return None
            given[name] = lone.tensor if "Tensor" in str(argument.type) else lone.tensor.item()
        elif "Optional[Tensor]" in str(argument.type) and is_absent(node, name):
            given[name] = None
        else:
            return None
    return operator.overload(**given)


def saved_settings(node: TensorNode) -> dict[str, Any]:
    """What a function has saved of its operator's arguments, but for those that have an edge."""
    operator, found = node.operator, {}
    for argument in operator.arguments if operator else ():
        name = argument.name
        if name in saved_names(type(node.function)) and name not in operator.edges:
            saved = node.saved(name)
            if not saved.lost and (saved.value is not None or "Optional" in str(argument.type)):
                found[name] = saved.value
    return found


def is_absent(node: TensorNode, name: str) -> bool:
    """Whether an operand that may be left out, such as a bias, was: as far as the function has saved that."""
    names = saved_names(type(node.function))
    for told in (name, f"{name}_sym_sizes_opt", "weight" if name == "bias" else name):
        if told in names:
            saved = node.saved(told)
            edges = node.operator.edges if node.operator else ()
            has_edge = told in edges and node.function.next_functions[edges.index(told)][0] is not None
            return not saved.lost and saved.value is None and not has_edge
    return False


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


def _solve(node: TensorNode) -> None:
    """Tell a number that was lost from the result, as the 3 of ``x + 3``; where rounding allows more than one, none."""
    kind = kind_of_function(node.function)
    lost = [slot for slot in node.slots if slot.node.tensor is None]
    alpha = node.saved("alpha").value
    if kind not in SOLVED or len(node.slots) != 2 or len(lost) != 1 or lost[0].node.kind != "constant":
        return
    if alpha not in (None, 1) or not node.tensor.dtype.is_floating_point or node.saved("rounding_mode").value:
        return
    (other,) = (slot.node.tensor for slot in node.slots if slot is not lost[0])
    y, x = node.tensor.double(), other.double()
    if not y.numel() or not bool((y.isfinite() & x.isfinite().expand_as(y)).all()):
        return
    is_second = lost[0].name == "other"
    unit = _unit(node.tensor.dtype)
    if kind in ("Add", "Sub", "Rsub"):
        found = y - x if kind == "Add" else (x - y if kind == "Sub" else y + x) if is_second else y + x
        error = unit * (y.abs() + x.abs())
    else:
        if not bool((x != 0).all() & (y != 0).all()):
            return
        found = y / x if kind == "Mul" else (x / y if is_second else y * x)
        error = 2 * unit * found.abs()
    low, high = (found - error).max().item(), (found + error).min().item()
    if low <= high and low * high > 0 and (high - low) <= 1e-4 * abs(low):
        lost[0].node.tensor = _shortest(low, high, node.tensor)


def _shortest(low: float, high: float, like: Any) -> Any:
    """The number with the fewest digits between two, as the one that somebody has probably written."""
    import torch

    middle = (low + high) / 2
    digits = (float(f"{middle:.{n}g}") for n in range(1, 17))
    return torch.tensor(next((x for x in digits if low <= x <= high), middle), dtype=torch.float64)


def agree(kept: Any, again: Any, operands: Sequence[Any]) -> bool:
    """Whether two tensors are the same but for rounding, of a type's precision, in sums of such operands."""
    import torch

    if not (kept.dtype.is_floating_point or kept.dtype.is_complex):
        return bool((kept == again).all())
    if not kept.numel():
        return True
    unit = _unit(kept.dtype)
    sizes = [_largest(x) * max(1.0, (x.numel() / kept.numel()) ** 0.5) for x in (kept, *operands) if x is not None]
    # (Infinities are kept apart: they agree with themselves alone.)
    return bool(torch.allclose(kept, again, rtol=64 * unit, atol=16 * unit * max(sizes), equal_nan=True))


def _largest(x: Any) -> float:
    if not x.numel() or x.dtype.is_complex:
        return 0.0
    found = x.double().abs()
    found = found[found.isfinite()]
    return found.max().item() if found.numel() else 0.0


def _unit(dtype: Any) -> float:
    import torch

    return torch.finfo(dtype).eps
