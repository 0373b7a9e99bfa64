"""The sentences about wrong gradients: what each is and should be, and the mistake behind it where one is known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from ..graph import Graph
from ..run.elements import shape_of, sizes
from ..text import apart, kind, list_first, number, shorten
from ..text import shape as written
from .diagnosis import Diagnosis, join_reasons
from .links import Links
from .recorded_locals import sentence, wrong_locals
from .report import AGREES, TOO_LARGE, Row


class Witness(NamedTuple):
    """What else is known of the class: all its gradients, those at other numbers and in small graphs of its operations,
    and what changes with wrong leaves.

    Each is asked only where a gradient is wrong.
    """

    links: Callable[[], Links]
    elsewhere: Callable[[], Sequence[Links]]
    alone: Callable[[], Sequence[Links]]
    severed: Callable[[Collection[int]], Sequence[str]]


def sentences(graph: Graph, rows: Sequence[Row], witness: Witness | None = None) -> list[str]:
    """A sentence for each wrong gradient, from the output back: the first is the one to look at."""
    bad = {row.node: row for row in reversed(rows) if not row.ok}  # of an array, the first of its numbers
    if not bad:
        return []
    reason = _reasons(graph, rows, bad, witness)
    found: list[str] = []
    told: set[str] = set()
    for i in sorted(bad, reverse=True):
        row, name, grad = bad[i], shorten(bad[i].name), graph.nodes[i].grad
        given, should = _write_both(row)
        if row.analytic is None:
            is_what = "missing" if grad is None else _unlike(grad, sizes(graph.nodes[i]))
            is_what = "too large for a number" if row.note == TOO_LARGE else is_what
            found.append(f"grad of '{name}' is {is_what}, should be {should}")
            continue
        if row.seen.kind == "kink":
            should = f"between {number(row.seen.left)} and {number(row.seen.right)}"
        why = reason(i)
        again = why in told and len(why) > LONG
        told.add(why)
        why = "for the same reason" if again else why
        found.append(f"grad of '{name}' is {given}, should be {should}{': ' * bool(why)}{why}")
    return found


def _write_both(row: Row) -> tuple[str, str]:
    """What a gradient is and what it should be, in as many digits as tell the two apart."""
    if row.numeric is None:
        return number(row.analytic), "a number"
    return apart(row.analytic, row.numeric) if row.analytic is not None else ("", number(row.numeric))


MOST = 3
"""So many wrong local derivatives of one operand are told."""
LONG = 90
"""A longer reason is said once."""


def _unlike(grad: Any, shape: tuple[int, ...]) -> str:
    """What a gradient is that is no number, or an array of another shape than its node's."""
    if shape_of(grad):
        return f"an array ({written(shape_of(grad))})"
    return (
        "a single number for a whole array" if shape and hasattr(grad, "__float__") else f"{kind(grad)}, and no number"
    )


def _reasons(graph: Graph, rows: Sequence[Row], bad: Collection[int], witness: Witness | None) -> Callable[[int], str]:
    """What to say of each wrong node; of arrays nothing is said."""
    lost = _not_kept(graph, rows)
    if witness is None or any(map(sizes, graph.nodes)):
        return lambda i: ""
    diagnosis = Diagnosis(witness.links(), bad, [node.name for node in graph.nodes], witness.elsewhere, witness.alone)
    incomplete = _incomplete(witness.severed(bad)) if diagnosis.follows_the_graph else ""

    leaves = [row for row in rows if not graph.nodes[row.node].operands]
    begins = not any(row.state == AGREES and row.analytic for row in leaves)  # else they are right without it

    recorded = wrong_locals(graph)

    def reason(i: int) -> str:
        if lost:
            return join_reasons(why, lost) if (why := diagnosis.reason_at(i)) else lost
        mine = [one for one in recorded if one.source == i]
        if mine:
            slip = diagnosis.why(i)
            said = "; ".join(sentence(graph, one) for one in mine[:MOST])
            return said + f" ({slip})" * (slip != "" and not slip.startswith("it follows"))
        if i == graph.root.index and begins:
            return "a backward pass begins with 1 at the output"
        return diagnosis.why(i) or incomplete

    return reason


def _not_kept(graph: Graph, rows: Sequence[Row]) -> str:
    """What to say where the leaves have their gradients and inner nodes have lost them: they came through these."""
    bad = [row for row in rows if not row.ok]
    inner = all(graph.nodes[row.node].operands and not row.analytic for row in bad)
    leaves = [row for row in rows if not graph.nodes[row.node].operands]
    if inner and all(row.ok for row in leaves) and any(row.state == AGREES and row.analytic for row in leaves):
        return "the gradients of the leaves are right, and those of inner nodes are not kept"
    return ""


def _incomplete(severed: Sequence[str]) -> str:
    if not severed:
        return ""
    were = "was" if len(severed) == 1 else "were"
    return (
        f"it is right for the graph, but the graph is not complete: {list_first(list(severed))} {were} computed from "
        f"a plain number, as by math.exp(a.data), without operands"
    )
