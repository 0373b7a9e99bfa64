"""Whether a graph reaches the leaves of the function that made it: what it leaves out has no gradients."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from ..graph import OPERANDS, Graph, NodeLike, objects, operands_of, read_whole, value_of
from ..graph.node_labels import identities
from ..text import number, shorten
from .elements import single
from .run import Run, no_operands

SMALL = (1e-3, 1e-4)
"""Steps of a leaf, up and down: a result that changes with both sizes depends on it."""
LARGE = (0.1, 1.0, 10.0)
"""Where small steps change nothing, large ones tell whether the leaf is not used at all."""
NOISE = 1e-12
"""A change of this share of the result may be rounding."""


SHARED = (
    "nothing could be checked: a second run has changed the graph of the first; nodes share one list of operands, as "
    "where it is the default of a parameter (_prev=[]): give each node its own"
)


class Reach(NamedTuple):
    """What was found: `lost` is the sentence about leaves that the graph denies, `notes` is about those without effect.

    `random` is the sentence about a function that gives another result each time, and `idle` are the leaves (indices)
    that the function makes itself, as of a number, and that no gradient was passed to: nobody asks for those.
    """

    lost: str
    notes: tuple[str, ...]
    random: str
    idle: frozenset[int]


def reach(run: Run) -> Reach:
    """Look at a run for leaves that its graph does not hold, by small steps of each.

    >>> class Forgetful:
    ...     def __init__(self, data, made_of=()): self.data, self.grad, self.made_of = data, 0.0, made_of
    ...     def __mul__(self, other): return Forgetful(self.data * other.data, (self, other))
    ...     def backward(self): self.grad = 1.0
    >>> run = Run(lambda a, b: a * b, Forgetful)
    >>> run.update(a=2, b=3)
    >>> reach(run).lost.partition(":")[0]
    "'a' and 'b' are not in the graph, though small steps of them change the result"
    """
    again = run.forward(run.inputs)[1]
    if len(objects(run.root)) != len(run.graph.nodes):
        return Reach("", (), SHARED, frozenset())
    random = _random(run.root, again)
    places = run.places
    lost, notes = [], []
    for name in () if random else run.names:
        if name not in places:
            note = _note(run, name)
            notes += [note] * bool(note)
            lost += [name] * (not note)
    return Reach(_explain_loss(run.root, lost), tuple(notes), random, _idle(run, again, places.values()))


def _random(root: NodeLike, again: Any) -> str:
    one, two = (single(value_of(node), "the result") for node in (root, again))
    if math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-300) or (math.isnan(one) and math.isnan(two)):
        return ""
    return (
        f"nothing could be checked: run twice with the same numbers, the function gives {number(one)} and "
        f"{number(two)}; leave out what is random, or what it keeps from one run to the next"
    )


def _note(run: Run, name: str) -> str:
    """What to say of a leaf that the graph does not hold, if that is no mistake; ``""`` if the result depends on it."""
    move = moving(run, name)
    here = move(0.0)
    for side in (1, -1):
        small = [_change(move, side * h, here) for h in SMALL]
        if all(small):
            jump = small[1] > 0.5 * small[0] and math.isclose(*small, rel_tol=0.1)
            return f"'{name}' is not in the graph: the result jumps here" if jump else ""
    if any(_change(move, side * h, here) for h in LARGE for side in (1, -1)):
        return f"'{name}' is not in the graph: here no small step of it changes the result"
    return f"'{name}' is not used: the result does not depend on it"


def _change(move: Callable[[float], float], step: float, here: float) -> float:
    """How much a step changes the result; 0 for rounding, and where there is no result to compare."""
    try:
        change = abs(move(step) - here)
    except (ArithmeticError, ValueError):  # outside the domain
        return 0.0
    return change if change > NOISE * abs(here) else 0.0


def moving(run: Run, name: str) -> Callable[[float], float]:
    """The result of a run as a function of a step of one leaf, in the size of its number; of an array, of all of it."""
    x = run.inputs[name]
    if isinstance(x, (list, tuple)):
        import numpy as np

        x = np.asarray(x, dtype=float)
    scale = 1.0 if getattr(x, "shape", ()) else max(1.0, abs(float(x)))
    return lambda step: single(value_of(run.forward({**run.inputs, name: x + scale * step})[1]), "the result")


def _explain_loss(root: NodeLike, names: Sequence[str]) -> str:
    if not names:
        return ""
    are, them = ("is", "it") if len(names) == 1 else ("are", "them")
    *first, last = (f"'{shorten(name)}'" for name in names)
    who = f"{', '.join(first)} and {last}" if first else last
    why = no_operands(root) or (
        f"an operation has not kept {them} among its operands, or has computed with the plain number alone; every "
        f"operation has to keep its operands, as in result.{operands_of(root).place or OPERANDS[0]} = (a, b)"
    )
    return f"{who} {are} not in the graph, though small steps of {them} change the result: {why}"


def _idle(run: Run, again: Any, leaves: Collection[int]) -> frozenset[int]:
    """Leaves without a label, made anew in each run and not given to it, that hold no gradient."""
    kept = {known for obj in objects(again) for known in identities(obj)}
    return frozenset(
        i
        for i, (node, obj) in enumerate(zip(run.graph.nodes, objects(run.root), strict=True))
        if not (node.operands or node.label or i in leaves)
        and kept.isdisjoint(identities(obj))
        and _no_gradient(node.grad)
    )


def _no_gradient(grad: Any) -> bool:
    return grad is None or (not getattr(grad, "shape", ()) and hasattr(grad, "__float__") and float(grad) == 0.0)


def find_severed(run: Run, graph: Graph, names: Sequence[str]) -> list[str]:
    """The nodes that the graph has for leaves, but that change with one of the leaves `names`."""
    mine = set(run.places.values())
    found: dict[int, str] = {}
    for name in names:
        moved = _move_leaf(run, name)
        if moved and [node.operands for node in moved.nodes] == [node.operands for node in graph.nodes]:
            for was, node in zip(graph.nodes, moved.nodes, strict=True):
                if not was.operands and was.index not in mine and was.data != node.data:
                    found[was.index] = was.name
    return list(found.values())


def _move_leaf(run: Run, name: str) -> Graph | None:
    """The graph after a small step of a leaf, up or down; ``None`` if both lead out of the domain."""
    x = run.inputs[name]
    for side in (1, -1):
        try:
            return read_whole(run.forward({**run.inputs, name: x + side * SMALL[0] * max(1.0, abs(x))})[1])
        except (ArithmeticError, ValueError):  # outside the domain
            continue
    return None
