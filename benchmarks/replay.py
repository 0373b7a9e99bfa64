"""A graph recorded once and run again, against building it again: scalars, a training step, a surface."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from eager import Moons
from timing import Timing, readable, side_by_side

from cgviz.program import Program
from cgviz.value import Value


def rows() -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and what it should reach."""
    try:
        from micrograd.engine import Value as Peer
    except ImportError:
        yield "against micrograd", "micrograd is not installed", ""
        return
    program, numbers = Program(small, **INPUTS), iter(range(10**9))
    contestants = {
        "micrograd": lambda: small(*(Peer(x) for x in INPUTS.values())).backward(),
        "cgviz": lambda: program(a=next(numbers) * 1e-6),
    }
    yield f"{len(program().values)} nodes, forward and backward", *_ratio(side_by_side(contestants, 15, 2_000)), "≥ 25 ×"
    train = Training()
    yield "recording the moons graph", readable(side_by_side({"": lambda: Program(train.loss)}, 3)[""].median), "≤ 1 s"
    moons = {"micrograd": Moons(Peer).step, "cgviz": train.step}
    yield "moons, one training step of 100 samples", *_ratio(_unequal(moons)), "≥ 350 ×"
    yield from _surface(Peer)


INPUTS = {"a": 2.0, "b": -3.0, "c": 10.0, "d": -2.0}


def small(a: object, b: object, c: object, d: object) -> object:
    """An expression of 13 nodes, four of them leaves."""
    e = a * b
    f = e + c
    return (f * d + a * c + f) * e + d * d
