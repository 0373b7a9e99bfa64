"""Names the slip behind one wrong gradient that somebody gives: each likely slip is computed and compared.

Where all gradients of a class are known, `diagnosis.py` knows more.
"""

from __future__ import annotations

import math

from ..chain_rule.flow import Use, uses
from ..graph import Graph
from ..graph.recognition import likely
from .links import Link
from .wrong_passes import PASSES
from .wrong_rules import MISRULES

SIGN = MISRULES["sign"].text
ONLY = "only the use by"
AGAIN = ": were the gradients zeroed before?"
WHOLE = ("other", "upstream", "local", "sum", "nothing", "double", "triple")
"""The mistaken rules that are tried in all uses at once, besides the sign; the likeliest first."""


def slip(graph: Graph, index: int, given: float) -> str:
    """Say what may have gone wrong when ∂root/∂node of node `index` is taken to be `given`; ``""`` if unknown.

    Raises `TypeError` where an operation is unknown, `DomainError` where a derivative does not exist.

    >>> from cgviz import Value, trace
    >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
    >>> L = a * b + a
    >>> slip(trace(L), 0, 1.0)
    'only the use by v3 counts: contributions add up, += and not ='
    >>> slip(trace(L), 0, 3.0)
    'the derivative with respect to the other operand is used'
    """
    mine = [use for use in uses(graph) if use.source == index]
    total = sum(use.product for use in mine)
    fitting = [said for wrong, said in _slips(graph, mine, total) if _same(given, wrong) and not _same(total, wrong)]
    only = [said for said in fitting if said.startswith(ONLY)]
    if fitting[:1] == [SIGN] and only:  # both are likely, and the number alone does not tell
        return f"either {SIGN}, or {only[0]}"
    return fitting[0] if fitting else ""


def _slips(graph: Graph, mine: list[Use], total: float) -> list[tuple[float, str]]:
    """Each likely slip, with the number that it gives."""
    name = [node.name for node in graph.nodes]
    found: list[tuple[float, str]] = [(-total, SIGN)]
    if len(mine) > 1:
        found += [(use.product, f"{ONLY} {name[use.user]} counts: {PASSES['replace'].remedy}") for use in mine]
    pairs = [(_link(graph, use), use) for use in mine]
    for rule in WHOLE:
        passed = [MISRULES[rule].contribution(link, use.upstream) for link, use in pairs]
        if any(x is not None for x in passed):
            wrong = sum(use.product if x is None else x for x, use in zip(passed, mine, strict=True))
            found.append((wrong, MISRULES[rule].text + AGAIN * (rule in ("double", "triple"))))
    for use in mine:
        if len(mine) > 1:
            found.append((total - 2 * use.product, f"{SIGN} in the use by {name[use.user]}"))
            found.append((total - use.product, f"the use by {name[use.user]} is left out"))
    return found


def _link(graph: Graph, use: Use) -> Link:
    """A use as the mistaken rules ask for it."""
    user = graph.nodes[use.user]
    op, operands = likely(graph, user)
    xs = tuple(graph.nodes[i].data for i in operands)
    return Link(use.source, use.user, use.position, use.local, op, user.op, user.data, xs)


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-12)
