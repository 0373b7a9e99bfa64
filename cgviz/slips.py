"""Names the slip behind one wrong gradient that somebody gives: each likely slip is computed and compared.

Where all gradients of a class are known, `diagnosis.py` knows more.
"""

from __future__ import annotations

import math

from .chain import Use, uses
from .graph import Graph
from .misrules import MISRULES
from .recognition import operation

SIGN, OTHER, UPSTREAM, LOCAL, SUM, NOTHING = (
    MISRULES[name].text for name in ("sign", "other", "upstream", "local", "sum", "nothing")
)
ONLY = "only the use by"


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
        found += [(use.product, f"{ONLY} {name[use.user]} counts: contributions add up, += and not =") for use in mine]
    others = [_other_operand(graph, use) for use in mine]
    if any(other is not None for other in others):
        swapped = [
            use.product if other is None else use.upstream * other for use, other in zip(mine, others, strict=True)
        ]
        found.append((sum(swapped), OTHER))
    found += [
        (sum(use.local for use in mine), UPSTREAM),
        (sum(use.upstream for use in mine), LOCAL),
        (sum(use.upstream + use.local for use in mine), SUM),
        (0.0, NOTHING),
        (2 * total, "it is counted twice: were the gradients zeroed before?"),
        (3 * total, "it is counted three times: were the gradients zeroed before?"),
    ]
    for use in mine:
        if len(mine) > 1:
            found.append((total - 2 * use.product, f"{SIGN} in the use by {name[use.user]}"))
            found.append((total - use.product, f"the use by {name[use.user]} is left out"))
    return found


def _other_operand(graph: Graph, use: Use) -> float | None:
    user = graph.nodes[use.user]
    op, operands = operation(graph, user)
    if op is None or len(operands) != 2 or operands[0] == operands[1]:
        return None
    return op.local_derivative(1 - use.position, user.data, *(graph.nodes[i].data for i in operands))


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-12)
