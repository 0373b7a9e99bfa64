"""What the package weighs: its import, an operation in memory, a long chain, a move of a slider."""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator

from eager import chain
from timing import readable, side_by_side

from cgviz.value import Value

HEAVY = ("numpy", "IPython", "ipywidgets", "graphviz", "matplotlib")


def rows() -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and what it should reach."""
    times = side_by_side({name: lambda name=name: _import(name) for name in ("math", "cgviz")}, rounds=15)
    extra = times["cgviz"].median - times["math"].median
    yield "`import cgviz` beyond `import math`", f"{extra * 1e3:.1f} ms", "≤ 10 ms"
    code = f"import sys, cgviz; print(*(m for m in {HEAVY!r} if m in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    yield "heavy packages that `import cgviz` loads", ", ".join(loaded) or "none", "none"
    yield "memory of an operation, with its gradient", f"{_bytes_per_operation():.0f} bytes", "≤ 160"
    start = time.perf_counter()
    chain(Value, 1_000_000)
    taken = time.perf_counter() - start
    yield f"chain of 1,000,000 operations, recursion limit {sys.getrecursionlimit():,}", readable(taken), "passes"
    yield "slider move on L, new inputs to new numbers", readable(_slider_move()), "< 1 ms"


def _import(name: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {name}"], check=True)


def _bytes_per_operation(operations: int = 100_000) -> float:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        x, w = Value(0.3), Value(0.9999)
        for _ in range(operations):
            x = x * w
        x.backward()
        return (tracemalloc.get_traced_memory()[0] - before) / operations
    finally:
        tracemalloc.stop()


def _slider_move() -> float:
    """Forward, backward, and reading the graph into records, by the code that stands behind a slider."""
    from cgviz.expression import parse
    from cgviz.run import Run

    run = Run(parse("e = a*b; f = e + c; L = f*d"))
    run.update(a=2, b=-3, c=10, d=-2)
    numbers = iter(range(10**9))
    return side_by_side({"move": lambda: run.update(a=next(numbers) % 97)}, rounds=9, steps=500)["move"].median
