"""Open and close views, move their sliders, run a cell again, interrupt trainings: nothing may be left, or grow.

    .venv/bin/python .ci/endurance.py           a thousand times each
    .venv/bin/python .ci/endurance.py 100

It prints the widgets, the threads and the memory after a tenth of it and at the end, and fails where there are more.
"""

from __future__ import annotations

import argparse
import gc
import sys
import threading
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import ipywidgets

from cgviz import Value, compare, descend, explore
from cgviz.live import Explorer, GraphView
from cgviz.nn import MLP, moons, train
from cgviz.teach import grow

MOST = 200_000
"""Bytes that may be there more at the end: caches that fill."""


def count() -> tuple[int, int, int]:
    """The widgets, the threads, and the bytes that Python holds."""
    gc.collect()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        widgets = len(ipywidgets.widgets.widget._instances)
    return widgets, threading.active_count(), tracemalloc.get_traced_memory()[0]


def open_and_close() -> None:
    """Views of each kind."""
    explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2).close()
    GraphView(Value(2.0, "a") * 3).close()
    descend("a**2", a=2).close()
    compare(explore("a*b", a=2, b=3), explore("a*b", a=2, b=4)).close()


def slide(view: Explorer, turn: list[int]) -> None:
    """A hundred moves of a slider."""
    for k in range(100):
        view.inputs["a"] = (turn[0] + k) % 50 / 10
    turn[0] += 7


def interrupt() -> None:
    """A training that is stopped in its third step."""

    def stop(step: object) -> None:
        if step.number == 2:
            raise KeyboardInterrupt

    try:
        train(MLP(2, [3, 1], seed=1), *moons(10, seed=1), 10, callback=stop, progress=False)
    except KeyboardInterrupt:
        pass


def grow_again() -> None:
    """A cell that gives a class one more method, run again."""

    class Number:
        def __init__(self, data: float) -> None:
            self.data = data

    @grow
    class Number(Number):
        def double(self) -> float:
            return 2 * self.data

    assert Number(2.0).double() == 4.0


def endure(name: str, work: Callable[[], object], times: int) -> bool:
    """Do it so often; print what was there after a tenth and what at the end, and say whether nothing was left."""
    for _ in range(max(5, times // 10)):
        work()
    before = count()
    for _ in range(times):
        work()
    after = count()
    fine = after[0] <= before[0] and after[1] <= before[1] and after[2] - before[2] < MOST
    print(
        f"{name}, {times} times: widgets {before[0]} → {after[0]}, threads {before[1]} → {after[1]}, "
        f"memory {before[2] / 1e6:.2f} → {after[2] / 1e6:.2f} MB{'' if fine else '   LEFT BEHIND'}",
        flush=True,
    )
    return fine


def main() -> int:
    """Do all of it; return 1 where something was left."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("times", nargs="?", type=int, default=1000)
    times = parser.parse_args().times
    tracemalloc.start()
    view, turn = explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2), [0]
    works = {
        "four views opened and closed": open_and_close,
        "a hundred slider moves": lambda: slide(view, turn),
        "a training interrupted": interrupt,
        "a cell that grows a class": grow_again,
    }
    left = sum(not endure(name, work, times) for name, work in works.items())
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
