"""Whether a function is always the graph that one run of it has left: a page without a kernel has nothing else.

A graph is what a function did with some numbers. Where the function decides by a number (``if a.data > 0``), makes
plain numbers of nodes (``math.sin(a.data)``), or asks for chance, the time, or what earlier runs have left, it does
something else with others, and the page would go on with the old graph without a word. So the function is run at many
places to which the page can be brought, and each run is compared with the graph: structure, constants, refusals.

What was read of the nodes meanwhile is watched too: a function that has read no number of a node cannot decide by one.
Where it has, and no place was found at which it departs from its graph, the page says how many places were tried.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from itertools import chain, count
from typing import Any, NamedTuple

from ..graph import read_whole, value_of
from ..ops.domain import FAILURES
from ..run.expression import Expression
from ..run.replay import Replay
from ..run.run import Run
from ..text import brief, number, shorten
from ..value import Value
from .error_sentences import kind_and_text
from .quiet_run import TooLong, apart, time_limit
from .unsteady_sources import unsteady_sources

FEW, JOINT = 12, 96
"""So many places are tried of a function that has read no number of a node, and so many of several leaves at once."""
LONGEST = 1.0
"""Seconds that a run may take: a loop whose end a number decides may have none."""
READINGS = {
    **dict.fromkeys(("__lt__", "__le__", "__gt__", "__ge__"), "comparisons"),
    **dict.fromkeys(("__float__", "__int__", "__trunc__", "__round__"), "float() and the like"),
    **dict.fromkeys(("__repr__", "__format__"), "text"),
}
"""By which methods a number is read, and what a sentence calls that."""
UNTOLD = "its nodes in a way of its own"


class Fidelity(NamedTuple):
    """What was found, each ``""`` if there is nothing: where the function is not the graph, and what is not known."""

    departure: str = ""
    caveat: str = ""


FAITHFUL = Fidelity()


def judge(run: Run, choices: Mapping[str, Sequence[float]], seconds: float = 3.0) -> Fidelity:
    """Hold a function against the graph of its last run, at places made of the `choices` of each leaf.

    >>> run = Run(lambda a: a * a if a.data > 0 else -a)
    >>> run.update(a=2.0)
    >>> judge(run, {"a": [-3.0, 2.0]}).departure
    'with a = -3 the function gives 3, and the graph of its run with a = 2 gives 9'
    >>> run = Run(lambda a: a * a)
    >>> run.update(a=2.0)
    >>> judge(run, {"a": [-3.0, 2.0]})
    Fidelity(departure='', caveat='')
    """
    if isinstance(run.function, (Expression, Replay)) or not run.graph.by_rows:  # which is computed by no page
        return FAITHFUL
    with apart():
        return _Trial(run, time.monotonic() + seconds).judge(choices)


class _Trial:
    """The further runs of one function, each compared with the graph of the one that is shown."""

    def __init__(self, run: Run, end: float) -> None:
        self.shown, self.run, self.end = run, copy(run), end
        self.form = _form(run, run.inputs)
        self.tried = 0

    def judge(self, choices: Mapping[str, Sequence[float]]) -> Fidelity:
        here, names = self.shown.inputs, list(self.shown.inputs)
        read, sources = self._reads(), unsteady_sources(self.shown.function)
        places = list(_places(here, {name: choices.get(name, ()) for name in names}))
        coarse = _spread(places, FEW)  # first, for the time may be short
        for place in chain((here, here), coarse, places if read or sources else (), (here, here)):
            if self.tried > 2 and time.monotonic() > self.end:
                break
            if said := self._compare(place):
                return Fidelity(said)
        if not (read or sources):
            return FAITHFUL
        why = " and ".join(filter(None, (f"reads {read}" * bool(read), f"uses {sources}" * bool(sources))))
        return Fidelity(
            "", f"without a kernel this is the graph of one run; the function {why}, and was this graph all the "
            f"{self.tried} times that it was tried"
        )  # fmt: skip

    def _reads(self) -> str:
        """What a run reads of its nodes besides computing with them; ``""`` where it only computes."""
        seen: set[str] = set()
        found: set[str] = set()
        watched = copy(self.shown)
        watched.cls = _watching(seen)

        def function(**leaves: Any) -> Any:
            seen.clear()  # our own reading of its nodes does not count
            try:
                return self.shown.function(**leaves)
            finally:
                found.update(seen)

        watched.function = function
        try:
            with time_limit(LONGEST):
                leaves, root = watched.forward(self.shown.inputs)
            _adopt(watched, leaves, root)
            same = _form(watched, self.shown.inputs) == self.form
        except (Exception, TooLong):  # it asks which class it is given
            same = False
        return f"numbers of its nodes ({', '.join(sorted(found))})" if found else "" if same else UNTOLD

    def _compare(self, place: Mapping[str, float]) -> str:
        """How a run at this place departs from the graph; ``""`` where it does not."""
        self.tried += 1
        held, given = f"the graph of its run with {_write(self.shown.inputs)}", f"with {_write(place)} the function"
        try:
            with time_limit(LONGEST):
                leaves, root = self.run.forward(place)
        except TooLong:
            return f"{given} does not come to an end within {LONGEST:g} s"
        except Exception as error:  # whatever a learner's function raises
            ours = self._replay(place)
            return "" if ours is None else f"{given} raises {kind_and_text(error)}, and {held} gives {number(ours)}"
        _adopt(self.run, leaves, root)
        if _form(self.run, place) == self.form:
            return ""
        theirs, ours = float(value_of(root)), self._replay(place)
        if dict(place) == self.shown.inputs and not _same(theirs, ours):
            return f"run again with the same numbers the function gives {number(theirs)}, and not {number(ours)}"
        if ours is None:
            return f"{given} gives {number(theirs)}, and {held} has no value"
        if _same(theirs, ours):
            return f"{given} makes another graph than with {_write(self.shown.inputs)}"
        return f"{given} gives {number(theirs)}, and {held} gives {number(ours)}"

    def _replay(self, place: Mapping[str, float]) -> float | None:
        """What the graph that is shown gives at a place; ``None`` where it has no value."""
        given = {i: place[name] for name, i in self.shown.places.items()}
        numbers: list[float] = []
        for node in self.shown.graph.nodes:
            xs = [numbers[i] for i in node.operands]
            try:
                y = node.row.number(*xs) if xs else given.get(node.index, float(node.data))
            except FAILURES:
                return None
            if xs and not math.isfinite(y) and all(map(math.isfinite, xs)):
                return None
            numbers.append(float(y))
        return numbers[-1]


def _adopt(run: Run, leaves: dict[str, Any], root: Any) -> None:
    """Let a run hold what it has computed, without a backward pass."""
    run.leaves, run.root = leaves, root
    run.graph = read_whole(root, {id(node): name for name, node in leaves.items()}, run.makers, seek=False)


def _form(run: Run, inputs: Mapping[str, float]) -> tuple:
    """What a run has left apart from the numbers that follow from its inputs: equal forms are one function of them."""
    places, free = run.places, {i: float(inputs[name]) for name, i in run.places.items()}
    kept = [
        repr(node.data)
        for node in run.graph.nodes
        if not node.operands and not _same(free.get(node.index, math.nan), node.data)
    ]
    rows = [getattr(node.row, "name", node.row) for node in run.graph.nodes]
    return run.graph.signature, rows, kept, places


def _same(x: float, y: float | None) -> bool:
    return x == y or (x != x and y != y)


def _write(place: Mapping[str, float]) -> str:
    return ", ".join(f"{shorten(name)} = {brief(x)}" for name, x in place.items())


def _watching(seen: set[str]) -> type[Value]:
    """A class of nodes that notes which of their numbers a function reads, besides computing with them."""

    def note(name: str, what: str) -> Callable:
        def method(self: Value, *args: Any) -> Any:
            seen.add(what)
            return getattr(super(Watched, self), name)(*args)

        return method

    class Watched(Value):
        @property
        def data(self) -> float:
            """The number."""
            seen.add(".data")
            return self._data

        @data.setter
        def data(self, data: float) -> None:
            Value.data.__set__(self, data)  # type: ignore[attr-defined]

    for name, what in READINGS.items():
        setattr(Watched, name, note(name, what))
    return Watched


def _places(here: Mapping[str, float], choices: Mapping[str, Sequence[float]]) -> Iterator[dict[str, float]]:
    """Places with one leaf moved, with several moved, and with leaves that are equal."""
    for name, numbers in choices.items():
        yield from ({**here, name: x} for x in numbers)
    moved = {name: sorted(numbers) for name, numbers in choices.items() if len(numbers) > 1}
    if len(moved) < 2:
        return
    for k in range(1, JOINT + 1):
        shares = (math.modf(k * math.sqrt(prime))[0] for prime in _primes())
        yield {
            **here,
            **{name: xs[int(share * len(xs))] for (name, xs), share in zip(moved.items(), shares, strict=False)},
        }
    for x in _spread(sorted(set.union(*(set(xs) for xs in moved.values()))), FEW):
        yield {**here, **{name: min(xs, key=lambda other: abs(other - x)) for name, xs in moved.items()}}


def _primes() -> Iterator[int]:
    """The prime numbers: of their roots the multiples' fractions lie evenly, and independently of one another."""
    found: list[int] = []
    for n in count(2):
        if all(n % prime for prime in found):
            found.append(n)
            yield n


def _spread(things: list[Any], most: int) -> list[Any]:
    """So many of them at most, from the first to the last."""
    last = len(things) - 1
    return things if last < most else [things[round(k * last / (most - 1))] for k in range(most)]
