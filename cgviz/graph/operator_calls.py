"""PyTorch's operators, called again: with the operands that are known, and with the settings that were saved."""

from __future__ import annotations

from typing import Any

from .aten import HARMLESS, SHAPES, kind_of_function, saved_names
from .tensor_nodes import TensorNode
from .tensors import bare

RESHAPED = {"Alias", "Clone", "ReshapeAlias", "Squeeze", "UnsafeView", "Unsqueeze", "View"}
"""Functions whose result has the numbers of the operand, in another shape."""

PICKED = {"Cummax", "Cummin", "Kthvalue", "Median", "Mode", "Nanmedian", "Sort", "Topk"}
"""Functions that pick numbers of the operand, and save which."""


def recompute(node: TensorNode) -> Any:
    """The value of a node by PyTorch's operator from its operands; ``None`` if not all of it is known."""
    if any(slot.edge is not None and slot.node.tensor is None for slot in node.slots):
        return None
    kind = kind_of_function(node.function)
    try:
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
            is_number = slot.node.kind == "constant" and slot.node.variable is None  # which changes no type
            given[slot.name] = slot.node.tensor.item() if is_number else slot.node.tensor
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
    operator, found = node.operator, dict[str, Any]()
    if operator is None:
        return found
    for argument in operator.arguments:
        name = argument.name
        if name in saved_names(node.function) and name not in operator.edges:
            saved = node.saved(name)
            if not saved.lost and (saved.value is not None or "Optional" in str(argument.type)):
                found[name] = saved.value
    return found


def is_absent(node: TensorNode, name: str) -> bool:
    """Whether an operand that may be left out, such as a bias, was: as far as the function has saved that."""
    names = saved_names(node.function)
    for told in (name, f"{name}_sym_sizes_opt", "weight" if name == "bias" else name):
        if told in names:
            saved = node.saved(told)
            edges = node.operator.edges if node.operator else ()
            has_edge = told in edges and node.function.next_functions[edges.index(told)][0] is not None
            return not saved.lost and saved.value is None and not has_edge
    return False
