"""Which of PyTorch's operators a function of its graph belongs to, and what that operator is called with.

PyTorch records the derivative of an operator under the operator's name, ``MulBackward0`` for ``mul.Tensor``, with the
arguments that the derivative needs. The operator itself is in PyTorch's own list, with the names of its arguments. So
what a function was computed from has names here: some arguments are edges of the graph, some are saved, some are lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

HARMLESS = {
    *("cudnn_enabled", "device", "generator", "half_to_float", "implicit", "layout", "memory_format", "non_blocking"),
    *("benchmark", "copy", "deterministic", "dtype", "pin_memory", "sparse", "scale_grad_by_freq", "allow_tf32"),
}
"""Arguments that change no number, or that the result's type tells: they are not kept, and need not be."""

WITHOUT_EDGES: tuple[str, ...] = (
    *("indices", "index", "mask", "condition", "running_mean", "running_var", "offsets", "offs", "batch_sizes"),
    *("attn_mask", "buffer", "noise", "pivots", "total_weight", "pos_weight", "weight"),
    *("input_lengths", "target_lengths", "targets", "target"),
)
"""Tensors that the graph has no edge for, in every operator or in some: left out in this order until it fits."""

OVERLOADS = {"RoundBackward1": "decimals"}
"""Which of several operators it is, where neither the edges nor what is saved tell them apart."""

SHAPES = {"size", "self_size", "sizes", "shape"}
"""Arguments that the result's shape tells."""


class Operator(NamedTuple):
    """One operator: `overload` can be called, `arguments` are its arguments in order, `edges` those with an edge.

    `listed` is the argument that is a list of tensors, each with an edge of its own, as in ``cat``.
    """

    overload: Any
    arguments: tuple[Any, ...]
    edges: tuple[str, ...]
    listed: str
    returns: tuple[str, ...]


def kind_of_function(function: Any) -> str:
    """The name of the operator within that of a function, as PyTorch writes it: ``LogSoftmax``."""
    return _kind(function.name())


@lru_cache(2048)
def _kind(name: str) -> str:
    return re.sub(r"Backward(AutogradNestedTensor)?\d*$", "", name.rpartition("::")[2])


def snake_case(kind: str) -> str:
    """The same in lower case.

    >>> [snake_case(kind) for kind in ("LogSoftmax", "MaxPool2DWithIndices", "Log1P", "SmoothL1Loss")]
    ['log_softmax', 'max_pool2d_with_indices', 'log1p', 'smooth_l1_loss']
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=\dD)(?=[A-Z])|(?<=\d)(?=[A-Z][a-z])", "_", kind).lower()


def saved_names(function: Any) -> dict[str, bool]:
    """What a function saves, by name, and of each whether it is a tensor."""
    cls: Any = type(function)
    return _saved_by(cls)


@lru_cache(512)
def _saved_by(cls: Any) -> dict[str, bool]:
    names = set(dir(cls))
    saved = [name.removeprefix("_saved_") for name in names if name.startswith("_saved_")]
    return {name: "_raw_saved_" + name in names for name in sorted(saved)}


def operator_of(function: Any) -> Operator | None:
    """The operator whose derivative a function is, ``None`` where PyTorch's list does not tell."""
    name = function.name().rpartition("::")[2]
    if not name.rpartition("Backward")[2].isdecimal():
        return None
    return _search(name, len(function.next_functions), tuple(saved_names(function).items()))


@lru_cache(2048)
def _search(name: str, edges: int, saved: tuple[tuple[str, bool], ...]) -> Operator | None:
    import torch

    plain = snake_case(name.rpartition("Backward")[0])
    apart = re.sub(r"(?<=[a-z])(\dd)$", r"_\1", plain)
    best: tuple[float, Operator | None] = (0.0, None)
    for base in dict.fromkeys((plain, apart, "_" + plain, plain + "_forward", "_" + plain + "_forward")):
        packet = getattr(torch.ops.aten, base, None)
        for overload in packet.overloads() if packet is not None else ():
            if OVERLOADS.get(name, overload) == overload:
                score, found = _fit(getattr(packet, overload), edges, dict(saved))
                if found is not None and score > best[0]:
                    best = score, found
    return best[1]


def _fit(overload: Any, edges: int, saved: dict[str, bool]) -> tuple[float, Operator | None]:
    """How well an operator fits what a function has saved, and how its arguments are then; 0 if it cannot be it."""
    schema = overload._schema
    arguments = tuple(schema.arguments)
    kinds = {a.name: str(a.type) for a in arguments}
    if any(a.alias_info is not None and a.alias_info.is_write for a in arguments):
        return 0.0, None
    if any(name in kinds and is_tensor != ("Tensor" in kinds[name]) for name, is_tensor in saved.items()):
        return 0.0, None
    lists = [name for name, kind in kinds.items() if kind == "List[Tensor]"]
    tensors = [name for name, kind in kinds.items() if kind in ("Tensor", "Optional[Tensor]")]
    with_edges = _with_edges(tensors, edges) if not lists else (lists[0],) if len(lists) == 1 and not tensors else None
    if with_edges is None:
        return 0.0, None
    lost = [name for name in kinds if name not in {*saved, *with_edges, *HARMLESS, *SHAPES}]
    strange = sum(not _belongs(name, kinds) for name in saved)
    untold = sum(name in lost for name in tensors)
    score = 100 - 8 * untold - 4 * len(lost) - 4 * strange - 0.5 * len(arguments)
    returns = tuple(result.name for result in schema.returns)
    return max(score, 0.1), Operator(overload, arguments, with_edges, lists[0] if lists else "", returns)


def _belongs(name: str, arguments: Iterable[str]) -> bool:
    """Whether what is saved is an argument, something of one, such as its shape, or a result."""
    return name.startswith("result") or any(name == one or name.startswith(one + "_") for one in arguments)


def _with_edges(names: list[str], edges: int) -> tuple[str, ...] | None:
    """Which of the tensors have an edge, if there are that many."""
    left = list(names)
    for name in WITHOUT_EDGES:
        if len(left) > edges and name in left:
            left.remove(name)
    return tuple(left) if len(left) == edges else None
