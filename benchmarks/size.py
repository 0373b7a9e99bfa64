"""What the package weighs: its import, an operation in memory, a long chain, a move of a slider."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator

from eager import START, chain
from row import Row, at_most
from timing import readable, side_by_side

from cgviz.value import Value

HEAVY = ("numpy", "IPython", "ipywidgets", "graphviz", "matplotlib")


def rows() -> Iterator[Row]:
    """Sizes, with their bounds."""
    yield at_most("`import cgviz`, in a Python that has just started", statistics.median(map(_import, range(15))), 0.01)
    code = f"import sys, cgviz; print(*(m for m in {HEAVY!r} if m in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    yield Row("heavy packages that `import cgviz` loads", "", ", ".join(loaded) or "none", "none", not loaded)
    yield at_most("memory of an operation, with its gradient", _bytes_per_operation(), 160, "bytes")
    start = time.perf_counter()
    chain(*map(Value, START), operations=1_000_000).backward()
    taken = readable(time.perf_counter() - start)
    yield Row(f"chain of 1,000,000 operations, recursion limit {sys.getrecursionlimit():,}", "", taken, "passes", True)
    yield at_most("slider move on L, new inputs to new numbers", _slider_move(), 0.001)


def _import(_: int) -> float:
    code = "import time; start = time.perf_counter(); import cgviz; print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)


def _bytes_per_operation(operations: int = 100_000) -> float:
    """What one operation more weighs: what a graph needs once is not among it, nor the floats that Python has ready."""
    _bytes(operations)
    return (_bytes(2 * operations) - _bytes(operations)) / operations


def _bytes(operations: int) -> int:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        x, w = Value(0.3), Value(0.9999)
        for _ in range(operations):
            x = x * w
        x.backward()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def _slider_move() -> float:
    """Forward, backward, and reading the graph into records, by the code that stands behind a slider."""
    from cgviz.run.expression import parse
    from cgviz.run.run import Run

    run = Run(parse("e = a*b; f = e + c; L = f*d"))
    run.update(a=2, b=-3, c=10, d=-2)
    numbers = iter(range(10**9))
    return side_by_side({"move": lambda: run.update(a=next(numbers) % 97)}, rounds=9)["move"].median
