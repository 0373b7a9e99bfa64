"""Small graphs of the operations of a class: what several mistakes explain in a large graph, few explain in all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import product
from typing import Any

from ..graph import Graph
from ..graph.recognition import likely
from ..ops.op import Op
from ..ops.rows import add, find, mul
from ..run.replay import apply_operation
from ..run.run import Run
from .links import Links, holds
from .outcomes import by_rules_at
from .second_point import links_of

MOST = 5
"""So many operations at most are tried."""

POINTS = ((0.7, 0.4), (-0.6, 1.7))
"""The numbers of the two leaves: some within the domain of every operation, some where a relu is closed."""

NEUTRAL = ((0.7, 0.0), (0.7, 1.0))
"""Where some results are equal to an operand, and are another node all the same."""

POWERS = ("**2", "**3")
"""A power says more with other exponents: with -1 a factor left out looks like a sign."""

HELPERS = (mul, add)
"""Partners of the others, if they are right alone: with two operations more shows than with one."""

Form = Callable[[Any, Any], Any]


def probe(run: Run) -> list[Links]:
    """Run the operations of a function alone and in pairs, and read the links of these small graphs.

    The list is empty where all their gradients are right: then the fault is not in the operations of the class, or
    does not show in them, and they say nothing.
    """
    assert run.graph is not None
    ops = _list_operations(run.graph)
    right = [op for op in HELPERS if _is_right(op, run.cls)]
    ops += [op for op in right if op not in ops]
    found = list(_run_forms(run.cls, _list_single(ops)))
    found += _run_forms(run.cls, [partial(_apply, op) for op in ops if op.arity == 2], NEUTRAL)
    found += _run_forms(run.cls, _list_pairs(ops, right or [op for op in ops if op.arity == 2]), POINTS[:1])
    return found if any(map(_is_wrong, found)) else []


def _is_right(op: Op, cls: Callable[[float], Any]) -> bool:
    found = list(_run_forms(cls, _list_single([op])))
    return bool(found) and not any(map(_is_wrong, found))


def _run_forms(
    cls: Callable[[float], Any], forms: Iterable[Form], points: Sequence[tuple[float, float]] = POINTS
) -> Iterator[Links]:
    for form, (x, y) in product(forms, points):
        try:
            run = Run(form, cls)
            run.update(x=x, y=y)
        except Exception:  # whatever a learner's class raises: it has no such operation, or no value here
            continue
        yield links_of(run.graph)()


def _list_operations(graph: Graph) -> list[Op]:
    """The operations of a graph, as its class has them."""
    rows = [row for node in graph.nodes if node.operands and (row := likely(graph, node)[0]) is not None]
    found = list(dict.fromkeys(rows))[:MOST]
    if any(row.symbol.startswith("**") and row.arity == 1 for row in found):
        found += [row for symbol in POWERS if (row := find(symbol, 1)) is not None and row not in found]
    return found


def _list_single(ops: Sequence[Op]) -> Iterator[Form]:
    for op in ops:
        yield partial(_apply, op)
        if op.arity == 2:
            yield partial(_apply_to_one, op)


def _list_pairs(ops: Sequence[Op], partners: Sequence[Op]) -> Iterator[Form]:
    """Two operations, with a leaf and a result that is used twice: what a pass does wrong shows there."""
    pairs = [pair for op in ops for partner in partners for pair in ((op, partner), (partner, op))]
    for outer, inner in dict.fromkeys(pairs):
        if outer.arity == 2:
            yield partial(_share_leaf, outer, inner)
            yield partial(_share_leaf_on_the_left, outer, inner)
            yield partial(_share_result, outer, inner)


def _apply(op: Op, x: Any, y: Any) -> Any:
    return apply_operation(op, [x, y][: op.arity])


def _apply_to_one(op: Op, x: Any, y: Any) -> Any:
    return _apply(op, x, x)


def _share_leaf(outer: Op, inner: Op, x: Any, y: Any) -> Any:
    return _apply(outer, _apply(inner, x, y), x)


def _share_leaf_on_the_left(outer: Op, inner: Op, x: Any, y: Any) -> Any:
    return _apply(outer, x, _apply(inner, y, x))


def _share_result(outer: Op, inner: Op, x: Any, y: Any) -> Any:
    v = _apply(inner, x, y)
    return _apply(outer, _apply(outer, v, x), v)


def _is_wrong(links: Links) -> bool:
    return not all(holds(links, i, by_rules_at(links, i)) for i in links.asked)
