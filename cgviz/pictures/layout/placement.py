"""Where everything goes: the places of boxes and operations and the ways of the lines between them.

The layout depends on the structure of a graph and on nothing else: graphs of equal signature have the same
one, whatever their numbers, and it is worked out once. Columns run in the direction of reading, `u`; `v` runs
across. `rankdir` turns this to the right (``LR``), down (``TB``), to the left or up, as in Graphviz. What a layout
is, and how columns and heights become one, stands in ``routing.py``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from ...graph import CONSTANT, Graph
from ...ops.rows import commutes
from ...text import one_of, shorten
from .coordinates import spread
from .extent import sheet_of
from .layering import columns
from .plan import COPY, NODE, STUB, Plan, Unit, plan
from .routing import Drawing, Layout
from .sizes import LOCAL, Size, measure

RANKDIRS = ("LR", "TB", "RL", "BT")
_REMEMBERED = 64


def check_rankdir(rankdir: str) -> str:
    """Return `rankdir` if it is one of the four, else raise `ValueError` naming them.

    >>> check_rankdir("TB")
    'TB'
    """
    if rankdir not in RANKDIRS:
        raise ValueError(f"unknown rankdir: {shorten(str(rankdir))!r} ({one_of(map(repr, RANKDIRS))})")
    return rankdir


_cache: OrderedDict[tuple, Layout] = OrderedDict()


def layout(
    graph: Graph,
    rankdir: str = "LR",
    local: bool = False,
    digits: int | None = None,
    moving: bool = True,
    room: Mapping[int, float] | None = None,
) -> Layout:
    """Work out, or remember, the layout of a graph. With `local` there is room for the edges' local gradients.

    `room` is what nodes need beside their boxes, by index.

    With `digits` the boxes are as wide as any number of so many digits, or, if nothing is `moving`, as those there are.

    >>> from cgviz.graph import Graph, Node
    >>> found = layout(Graph((Node(0, "a", "", 2.0, None, "leaf", ()),), ()))
    >>> len(found.boxes), found.ops, found.routes
    (1, (None,), ())
    """
    check_rankdir(rankdir)
    if digits and not moving:
        return _lay_out(graph, rankdir, local, digits, moving, room)  # for these numbers alone
    key = (
        graph.signature,
        tuple(n.has_grad for n in graph.nodes),
        rankdir,
        local,
        digits,
        sheet_of(graph),
        tuple((room or {}).items()),
    )
    found = _cache.get(key)
    if found is None:
        found = _cache[key] = _lay_out(graph, rankdir, local, digits, True, room)
        if len(_cache) > _REMEMBERED:
            _cache.popitem(last=False)
    else:
        _cache.move_to_end(key)
    return found


def _lay_out(
    graph: Graph,
    rankdir: str,
    local: bool,
    digits: int | None = None,
    moving: bool = True,
    room: Mapping[int, float] | None = None,
) -> Layout:
    what = plan(graph, rankdir=rankdir)
    across = rankdir in ("TB", "BT")
    sizes = [measure(unit, graph, across, local, digits, moving) for unit in what.units]
    ordered = {i for i, u in enumerate(what.units) if u.kind == NODE and not commutes(graph.nodes[u.node].op)}
    quiet = frozenset(i for i, u in enumerate(what.units) if u.kind != NODE or graph.nodes[u.node].kind == CONSTANT)
    lead = 0.0 if not local else LOCAL[1] if across else LOCAL[0]
    beside = [(room or {}).get(unit.node, 0.0) if unit.kind == NODE else 0.0 for unit in what.units]
    return arrange(what, sizes, rankdir, ordered, quiet, lead, beside)


def arrange(
    what: Plan,
    sizes: list[Size],
    rankdir: str,
    ordered: set[int],
    quiet: frozenset[int] = frozenset(),
    lead: float = 0.0,
    beside: list[float] | None = None,
) -> Layout:
    """Find the places of units of these sizes, and the ways of the arcs between them.

    Units in `ordered` keep the order of their arcs, `quiet` ones may be moved aside for the others, and `lead` is the
    straight run of a line before it arrives; `beside` is free on either side of each unit.
    """
    across = rankdir in ("TB", "BT")
    pairs = [(arc.source, arc.target) for arc in what.arcs]
    count = len(sizes)
    found = columns(count, pairs, ordered, sweeps=12 if count < 400 else 6)
    size = [s.dv + 2 * free for s, free in zip(sizes, beside or [0.0] * count, strict=True)] + [4.0] * (
        len(found.rank) - count
    )
    gap = [_gap(u, across) for u in what.units] + [12.0] * (len(found.rank) - count)
    v = spread(found, count, size, gap, quiet, rounds=8 if count < 400 else 4)
    return Drawing(what, sizes, found, v, size, rankdir, ordered, lead).layout()


def _gap(unit: Unit, across: bool) -> float:
    if unit.kind in (COPY, STUB):
        return 10.0
    return 22.0 if across else 14.0
