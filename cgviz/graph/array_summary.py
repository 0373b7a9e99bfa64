"""What a record keeps of a large array in place of a copy: its shape, and what its numbers are like."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import attrgetter
from typing import Any

from ..text import list_first, number
from ..text import shape as write_shape
from .records import Graph, Node
from .tensors import KEPT_AS

LARGE = 4096
"""Arrays of more numbers than this are not kept in a record."""
COARSE = (8, 16)
"""Of a large array a picture shows so many rows and columns of cells, in each the strongest of its numbers."""
_CHUNK = 1 << 16
_HELD = attrgetter("data", "grad", "local")
_NUMBERS = frozenset({float, int, type(None)})


@dataclass(frozen=True, repr=False)
class ArraySummary:
    """An array in a few numbers, which are those of its finite elements.

    `norm` is the root of the sum of their squares, `deviation` the root of their mean squared distance from the
    `mean`; of an array without finite numbers, or without numbers at all, they are ``None``. Of complex numbers there
    is the norm alone. `nans` and `infinities` say how many elements are NaN and how many are infinite.
    `coarse` are the strongest numbers of the cells in which a picture shows it.
    """

    shape: tuple[int, ...]
    dtype: str
    norm: float | None = None
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    deviation: float | None = None
    nans: int = 0
    infinities: int = 0
    coarse: tuple[float, ...] = field(default=(), compare=False)

    @property
    def size(self) -> int:
        """How many elements the array has."""
        return math.prod(self.shape)

    def __str__(self) -> str:
        """The array in a sentence's part.

        >>> print(ArraySummary((64, 128), "float32", 9.05, -0.4, 0.38, 1e-5, 0.1, 1))
        64×128 float32, norm 9.05, mean 1e-05 ± 0.1, from -0.4 to 0.38, 1 NaN
        """
        parts = [f"{write_shape(self.shape)} {self.dtype}"]
        parts += [f"norm {number(self.norm)}"] * (self.norm is not None)
        parts += [f"mean {number(self._round_mean())} ± {number(self.deviation)}"] * (self.mean is not None)
        parts += [f"from {number(self.low)} to {number(self.high)}"] * (self.low is not None)
        parts += [f"{self.nans:,} NaN"] * bool(self.nans) + [f"{self.infinities:,} infinite"] * bool(self.infinities)
        return list_first(parts, len(parts))

    def _round_mean(self) -> float:
        """The mean, or 0 where it is no more than the rounding of the sum: those digits differ between machines."""
        size = max(abs(self.low or 0.0), abs(self.high or 0.0))
        return self.mean if self.mean is not None and abs(self.mean) > 1e-12 * size else 0.0

    __repr__ = __str__


def is_large(x: Any) -> bool:
    """Whether this is an array of so many numbers that a record keeps a summary of it."""
    return x.__class__ is not float and hasattr(x, "__array__") and math.prod(getattr(x, "shape", ())) > LARGE


def describe_array(array: Any) -> ArraySummary:
    """The summary of an array, read piece by piece, so that no copy of it is made.

    >>> import numpy as np
    >>> describe_array(np.arange(5000.0)).mean
    2499.5
    """
    import numpy as np

    array = np.asarray(array)
    shape = tuple(array.shape)
    name = (array.dtype.metadata or {}).get(KEPT_AS) or str(array.dtype)
    if array.dtype.kind not in "biufc":
        return ArraySummary(shape, name)
    is_complex = array.dtype.kind == "c"
    pieces = np.nditer(
        array,
        flags=["external_loop", "buffered", "zerosize_ok"],
        op_flags=[["readonly"]],
        op_dtypes=["complex128" if is_complex else "float64"],
        casting="safe" if array.dtype.kind in "bc" or array.dtype.itemsize < 8 else "same_kind",
        buffersize=_CHUNK,
    )
    with np.errstate(all="ignore"):
        found = _gather(shape, name, [_describe_piece(piece, is_complex) for piece in pieces])
        return found if is_complex or not array.size else replace(found, coarse=take_strongest(array))


def take_strongest(array: Any) -> tuple[float, ...]:
    """The number of the largest size in each of at most `COARSE` parts of an array, row by row; NaN where there is one.

    >>> import numpy as np
    >>> take_strongest(np.array([[1.0, -2.0]]))
    (1.0, -2.0)
    """
    import numpy as np

    rows = array.reshape(-1, array.shape[-1])
    if rows.dtype.kind == "b":
        rows = rows.astype("uint8")
    down, across = (np.arange(min(n, most)) * n // min(n, most) for n, most in zip(rows.shape, COARSE, strict=True))
    most = np.maximum.reduceat(np.maximum.reduceat(rows, across, axis=1), down, axis=0).astype(float)
    least = np.minimum.reduceat(np.minimum.reduceat(rows, across, axis=1), down, axis=0).astype(float)
    return tuple(np.where(most >= -least, most, least).ravel().tolist())


def _describe_piece(piece: Any, is_complex: bool) -> ArraySummary:
    import numpy as np

    nans = infinities = 0
    size = np.abs(piece) if is_complex else piece
    if not math.isfinite(size.sum()):
        nans, infinities = int(np.isnan(piece).sum()), int(np.isinf(piece).sum())
        size = size[np.isfinite(size)]
    if not size.size:
        return ArraySummary((0,), "", None, None, None, None, None, nans, infinities)
    low, high = float(size.min()), float(size.max())
    largest = max(high, -low)
    scale = largest if largest and not 1e-140 < largest < 1e140 else 1.0  # so that no square leaves the floats
    scaled = size / scale if scale != 1.0 else size
    mean = float(scaled.mean())
    from_mean = scaled - mean
    from_mean *= from_mean
    deviation = math.sqrt(float(from_mean.mean()))
    norm = scale * math.sqrt(size.size) * math.hypot(mean, deviation)
    if is_complex:
        return ArraySummary((size.size,), "", norm, None, None, None, None, nans, infinities)
    return ArraySummary((size.size,), "", norm, low, high, scale * mean, scale * deviation, nans, infinities)


def join_summaries(arrays: Iterable[Any]) -> ArraySummary:
    """The summary of the vector that arrays, or what stands for them, would be together."""
    found = [x if isinstance(x, ArraySummary) else describe_array(x) for x in arrays]
    kinds = list(dict.fromkeys(one.dtype for one in found))
    counted = [replace(one, shape=(one.size - one.nans - one.infinities,)) for one in found]
    return _gather((sum(one.size for one in found),), kinds[0] if len(kinds) == 1 else "of several types", counted)


def _gather(shape: tuple[int, ...], dtype: str, parts: list[ArraySummary]) -> ArraySummary:
    """Parts of an array together; the shape of each is how many finite numbers it has."""
    nans, infinities = sum(part.nans for part in parts), sum(part.infinities for part in parts)
    parts = [part for part in parts if part.norm is not None]
    if not parts:
        return ArraySummary(shape, dtype, None, None, None, None, None, nans, infinities)
    norm = math.hypot(*(part.norm or 0.0 for part in parts))
    if any(part.mean is None for part in parts):
        return ArraySummary(shape, dtype, norm, None, None, None, None, nans, infinities)
    total = sum(part.size for part in parts)
    mean = math.fsum((part.mean or 0.0) * (part.size / total) for part in parts)
    apart = (math.hypot(part.deviation or 0.0, (part.mean or 0.0) - mean) for part in parts)
    deviation = math.hypot(*(d * math.sqrt(part.size / total) for d, part in zip(apart, parts, strict=True)))
    low, high = min(part.low or 0.0 for part in parts), max(part.high or 0.0 for part in parts)
    return ArraySummary(shape, dtype, norm, low, high, mean, deviation, nans, infinities)


def summarize(graph: Graph) -> Graph:
    """The graph with a summary in place of each large array; how its nodes are read stays as the arrays have shown.

    The same graph if it has none.
    """
    fields = [[getattr(node, name) for node in graph.nodes] for name in ("data", "grad")]
    slopes = chain.from_iterable([node.local for node in graph.nodes])
    if _NUMBERS.issuperset(map(type, chain(*fields, slopes))):
        return graph  # as most large graphs are: no node is asked by itself
    if not any(_has_large(*_HELD(node)) for node in graph.nodes):
        return graph
    known: dict[int, ArraySummary] = {}
    nodes = tuple(_summarize_node(node, known) if _has_large(*_HELD(node)) else node for node in graph.nodes)
    edges = tuple(
        edge._replace(local=brief(edge.local, known)) if is_large(edge.local) else edge for edge in graph.edges
    )
    from .recognition import pass_on_readings

    found = graph.replace_parts(nodes, edges)
    pass_on_readings(graph, found)
    return found


def _has_large(data: Any, grad: Any, local: tuple[Any, ...]) -> bool:
    return is_large(data) or is_large(grad) or any(map(is_large, local))


def _summarize_node(node: Node, known: dict[int, ArraySummary]) -> Node:
    local = tuple(brief(x, known) for x in node.local)
    return node._replace(data=brief(node.data, known), grad=brief(node.grad, known), local=local)


def brief(x: Any, known: dict[int, ArraySummary] | None = None) -> Any:
    """A large array by its summary, which is made once for each array; everything else as it is."""
    if not is_large(x):
        return x
    known = {} if known is None else known
    if id(x) not in known:
        known[id(x)] = describe_array(x)
    return known[id(x)]
