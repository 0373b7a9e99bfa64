"""What leaves the graph of a function unseen: plain numbers that `float` and `math` make of nodes, and compute with."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from numbers import Real
from typing import Any

from ..graph import CONSTANT, Graph, NodeLike, objects, trace
from ..graph.agreement import is_float
from ..graph.fields import LEFT, check_node
from ..graph.node_labels import describe
from ..text import number, shorten
from ..value import Value
from .expression import Expression
from .reach import NOISE, SMALL
from .run import Replay, Run

KEPT = 100
"""So many leaves of earlier calls are known again."""
KEEPS = "has the function kept a result of an earlier call?"
PLAIN = "functions of math, float() and .data make plain numbers of nodes"


def check_plain(result: Any, function: Callable, leaves: list[Any], place: int) -> None:
    """Raise `TypeError` for a result that is neither a node nor a constant: no derivative can be had of it."""
    if not isinstance(result, Real):
        check_node(result, "the function")
        raise TypeError(f"derivative needs a node of the class Value, and the function returned {describe(result)}")
    unknown = Value(math.nan, leaves[place].label)  # NaN comes out of whatever was computed from it
    try:
        constant = not math.isnan(function([*leaves[:place], unknown, *leaves[place + 1 :]]))
    except (TypeError, ValueError, ArithmeticError):
        constant = False
    if not constant:
        check_node(result, "the function", plain=Real)


def suspicion(root: NodeLike, leaf: Any, earlier: Iterable[Any], asked: bool) -> str:
    """Why the graph of a result may not hold all of its function, in the words of a hint; ``""`` where nothing says so.

    `asked` is whether it made a plain number of a node by `float`; `earlier` are leaves of calls before this one.
    Raises `TypeError` for a result that has those in place of its own leaf.
    """
    there = set(map(id, objects(root)))
    absent, kept = id(leaf) not in there, any(id(one) in there for one in earlier)
    if absent and kept:
        raise TypeError(f"the result does not contain the leaf {leaf.label} that it was given: {KEEPS}")
    if absent and hasattr(leaf, "shape") and leaf.shape:
        return ""
    return (
        KEEPS
        if kept
        else f"{LEFT}, or .data where a plain number is meant"
        if asked
        else f"{PLAIN}; or {KEEPS}"
        if absent
        else ""
    )


def check_whole(known: float, fresh: Callable, function: Callable, place: int, name: str, hint: str) -> None:
    """Raise `TypeError` where steps of an argument show another slope than the `known` one of the graph.

    `function` takes the leaves that `fresh` makes; the one at `place` is moved. This is to be asked where there is a
    `suspicion`, which is the `hint` behind the sentence.
    """
    size = max(1.0, abs(float(fresh()[place].data)))

    def move(step: float) -> float:
        leaves = fresh()
        leaves[place].data = leaves[place].data + step
        return float(function(leaves).data)

    seen = find_other_slope(move, known, size)
    if seen is not None:
        raise TypeError(
            f"the derivative would be wrong, for a part of the function is not in the graph: small steps of {name} "
            f"show a slope of {number(seen)}, and the graph has {number(known)} ({hint})"
        )


def find_other_slope(move: Callable[[float], float], known: float, scale: float = 1.0) -> float | None:
    """The slope that small steps show, if the graph has another; ``None`` also where the steps do not agree about it.

    They do not at a kink or a jump, at the edge of a domain, and where the function bends strongly.

    >>> round(find_other_slope(lambda step: (3 + step) ** 2, known=3.0), 6)
    6.0
    >>> find_other_slope(lambda step: abs(step), known=0.0)
    """
    try:
        here = move(0.0)
        slopes = [(move(step) - here) / step for h in SMALL for step in (h * scale, -h * scale)]
    except (ArithmeticError, ValueError, TypeError, AttributeError):  # outside the domain, or no graph there
        return None
    low, high = min(slopes), max(slopes)
    steepest = max(abs(low), abs(high), abs(known))
    if not high - low <= 0.01 * steepest or min(abs(known - low), abs(known - high)) <= 0.05 * steepest:
        return None
    return sum(slopes[2:]) / 2


class Leaks:
    """What moves with the leaves of a function and is not in its graph.

    Only a graph that has numbers besides those leaves, other than those that the function's code has, is tried: once
    for a structure, by a few further runs.
    """

    def __init__(self) -> None:
        self._known: dict[tuple, Mapping[int, list[str]]] = {}

    def find(self, run: Run) -> str:
        """The sentence about a run that went well; ``""`` where nothing was found, or the function is but its graph.

        >>> run = Run(lambda a: math.sin(a) * a)
        >>> run.update(a=1.0)
        >>> Leaks().find(run).partition(":")[0]
        '0.8415 was computed from the plain number of a, so the graph is not complete, and gradients leave that out'
        """
        if isinstance(run.function, (Expression, Replay)):
            return ""
        for name in set(run.names) - set(run.places):
            if any(node.label == name and not node.operands for node in run.graph.nodes):
                return f"the result does not contain the leaf {shorten(name)} that it was given: {KEEPS}"
        if run.graph.signature not in self._known and _made(run):
            self._known[run.graph.signature] = _leaving(run)
        found = self._known.get(run.graph.signature)
        if not found:
            return ""
        names = [run.graph.nodes[i].name for i in found]
        some = ", ".join(map(shorten, names[:FEW])) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")
        whose = ", ".join(dict.fromkeys(shorten(name) for source in found.values() for name in source))
        were = "was" if len(names) == 1 else "were"
        said = f"{some} {were} computed from the plain number of {whose}"
        return f"{said}, so the graph is not complete, and gradients leave that out: {PLAIN}"


FEW = 3
"""So many numbers are named."""


def _leaving(run: Run) -> dict[int, list[str]]:
    """The nodes without operands that change with leaves of the function, and with which: by small steps of each.

    A number that another branch has chosen jumps, and one that is random changes by itself: neither is meant.
    """
    if len(run.graph.nodes) * len(run.names) > LARGEST:
        return {}
    still = _numbers(run, {})
    found: dict[int, list[str]] = {}
    own = set(run.places.values())
    for name in run.names if still is not None and not _changed(run, still, NOISE) else ():
        for i in set(_moved(run, name)) - own:
            found.setdefault(i, []).append(name)
    return {i: found[i] for i in sorted(found)}


def _made(run: Run) -> bool:
    """Whether a graph has leaves that were not given to the function, other than constants that its code has too."""
    own, literal = set(run.places.values()), set(_literals(getattr(run.function, "__code__", None)))
    others = [node for node in run.graph.nodes if not node.operands and node.index not in own]
    return any(x.kind != CONSTANT or not is_float(x.data) or float(x.data) not in literal for x in others)


def _literals(code: Any) -> Iterator[float]:
    """The numbers that stand in a function's code, and in that of functions within it, and their negatives."""
    for one in getattr(code, "co_consts", ()):
        if is_float(one):
            yield from (float(one), -float(one))
        yield from _literals(one)


LARGEST = 5000
"""Nodes times leaves of a graph that is tried: it is run twice for each leaf."""


def _moved(run: Run, name: str) -> list[int]:
    """The leaves that change with a step of an input, and less with a smaller one."""
    x = run.inputs[name]
    for side in (1, -1):
        here = [_numbers(run, {name: x + side * h * max(1.0, abs(x))}) for h in SMALL] if is_float(x) else [None]
        if None not in here:
            large, small = (_changed(run, numbers or {}, 0.0) for numbers in here)
            return [i for i in small if large.get(i, 0.0) > 3 * small[i] > 0]
    return []


def _numbers(run: Run, moved: Mapping[str, float]) -> dict[int, float] | None:
    """The numbers of the nodes without operands after such a step; ``None`` for another graph, and where it fails."""
    try:
        graph: Graph = trace(run.forward({**run.inputs, **moved})[1])
    except Exception:  # whatever a learner's class raises outside its domain
        return None
    if [node.operands for node in graph.nodes] != [node.operands for node in run.graph.nodes]:
        return None
    return {node.index: float(node.data) for node in graph.nodes if not node.operands and is_float(node.data)}


def _changed(run: Run, numbers: Mapping[int, float], least: float) -> dict[int, float]:
    """By how much each of these differs from the run's own, where that is more than the share `least` of it."""
    nodes = run.graph.nodes
    changes = {i: abs(x - float(nodes[i].data)) for i, x in numbers.items() if is_float(nodes[i].data)}
    return {i: change for i, change in changes.items() if change > least * abs(numbers[i])}
