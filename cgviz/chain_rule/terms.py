"""The chain rule written down: what nodes are called in a formula, and the factors of each of its terms."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..graph import CONSTANT, Graph
from ..graph.agreement import is_float, is_number, near
from ..graph.recognition import doubts, operation
from ..graph.records import explain_outdated
from ..ops import rows
from ..ops.domain import FAILURES
from ..ops.formula import Formula
from ..ops.labels import tight
from ..ops.op import Op, Operand
from ..text import apart, list_first, shorten
from .contributions import fit
from .equation import Precision, of_sum, precision
from .flow import Use


def notes(graph: Graph) -> list[str]:
    """What a reader should know of a graph before its numbers: stale values, operands that were lost."""
    said = [why] if (why := explain_outdated(graph)) else []
    for node in graph.nodes:
        op, operands = operation(graph, node)
        if op is not None and len(operands) > len(node.operands):
            a = tight(graph.nodes[operands[0]].name)
            said.append(
                f"{node.name} is {a} {op.symbol} {a}: its class keeps operands in a set, which forgets that one was "
                f"used twice, so the graph shows one edge; both uses count here"
            )
    alike: dict[str, list[str]] = {}
    for node in graph.nodes if any(node.alone for node in graph.nodes) else ():
        if node.label:
            alike.setdefault(shorten(node.label), []).append(node.name)
    for label, called in alike.items():
        if len(called) > 1:
            said.append(f"several nodes are labelled '{label}': they are told apart as {list_first(called)}")
    own = [node.name for node in graph.nodes if node.local and not node.folded and operation(graph, node)[0] is None]
    if own:
        said.append(
            f"the local derivatives of {list_first(own)} are those that the class has recorded: no row is known"
        )
    return said + [doubt for doubt in doubts(graph) if doubt not in said]


def differences(graph: Graph, totals: Mapping[int, Any]) -> list[str]:
    """Where the class of a graph has other gradients than the chain rule, in a sentence.

    Nothing is said of gradients that are out of date, or not of this root (where its own is not 1).
    """
    root = graph.root
    if graph.by_rows or not is_float(root.grad) or float(root.grad) != 1.0:
        return []
    found = []
    for i, total in totals.items():
        node = graph.nodes[i]
        if is_float(node.grad) and is_float(total) and not node.stale and not near(float(total), float(node.grad)):
            held, right = apart(float(node.grad), float(total))
            found.append(f"{node.name} has {held}, and {right} by the chain rule")
    return [f"other gradients in its class: {list_first(found, separator='; ')}"] if found else []


def names(graph: Graph, cls: type[Formula]) -> list[Formula]:
    """What each node is called in a formula: as in every picture and table, its label, its number or its place.

    >>> from cgviz import Value, trace
    >>> a = Value(2.0, "a")
    >>> [str(name) for name in names(trace((a + 1) * a), Formula)]
    ['a', '1', 'v2', 'v3']
    """
    return [
        cls.of(node.data) if node.kind == CONSTANT and is_number(node.data) else cls.name(node.name)
        for node in graph.nodes
    ]


class _Literal(Operand):
    """A number in a derivative rule that is taken as it is written: log(0) is no number."""

    __slots__ = ("x",)

    def __init__(self, x: float) -> None:
        self.x = x

    def _apply(self, op: Op, xs: tuple) -> _Literal:
        written: dict[Op, Callable[..., float]] = {
            rows.log_or_zero: lambda a, g: math.log(a),
            rows.lower: lambda x: x - 1.0,
        }
        function = written.get(op, op.number)
        return _Literal(function(*(x.x if isinstance(x, _Literal) else float(x) for x in xs)))


def is_convention(graph: Graph, use: Use) -> bool:
    """Whether the slope of a power counts as 0 where its formula, as it is written, has no value: of a^b at a = 0.

    >>> from cgviz import Value, trace
    >>> from cgviz.chain_rule.flow import uses
    >>> graph = trace(Value(0.0, "a") ** Value(2.0, "b"))
    >>> [is_convention(graph, use) for use in uses(graph)]
    [False, True]
    """
    node = graph.nodes[use.user]
    op, operands = operation(graph, node)
    if op is None or not op.symbol.startswith("**") or not is_float(use.local) or math.isnan(use.local):
        return False
    try:
        y, *xs = (_Literal(float(graph.nodes[i].data)) for i in (node.index, *operands))
        return not near(op.vjps[use.position](_Literal(1.0), y, *xs).x, float(use.local))
    except FAILURES:
        return True


DEAD = " for nothing arrives, and there is no slope"
"""What is said of a contribution where no derivative exists, and none is needed."""


def is_dead(use: Use) -> bool:
    """Whether no gradient arrives where there is no derivative: then 0 goes on (rule 5 of `ops/domain.py`).

    >>> from cgviz import Value, sqrt, trace
    >>> from cgviz.chain_rule.flow import uses
    >>> [is_dead(use) for use in uses(trace(0 * sqrt(Value(0.0, "a"))))]
    [False, False, True]
    """
    return is_float(use.local) and math.isnan(use.local) and is_float(use.upstream) and use.upstream == use.product == 0


def local_formula(graph: Graph, use: Use, called: list[Formula]) -> Formula:
    """∂user/∂source as its row writes it with the names `called`; for an operation without a row its number."""
    cls, user = type(called[0]), graph.nodes[use.user]
    op, operands = operation(graph, user)
    if op is not None and not is_convention(graph, use):
        return op.vjps[use.position](cls.one(), called[use.user], *(called[i] for i in operands))
    shape: Any = getattr(use.local, "shape", ())
    if use.local is None or shape:
        return cls(cls.partial(called[use.user], called[use.source]))
    return cls.of(float(use.local))


def factors(graph: Graph, use: Use, called: list[Formula]) -> str:
    """How a contribution comes about: ``-2 · b = -2 · -3 = 6``."""
    cls = type(called[0])
    if use.local is None:
        return cls.digits(use.product)
    if is_dead(use):
        return cls.digits(use.product) + cls.words(DEAD)
    shape = getattr(use.product, "shape", ())
    found = precision(lambda g, local: fit(g * local, shape), [use.upstream, use.local], use.product)
    upstream, local = (cls.digits(x, found.digits) for x in (use.upstream, use.local))
    formula = f"{local_formula(graph, use, called):2}"
    stages = [] if formula == cls.digits(use.local) else [cls.times(upstream, formula)]
    product = equation(cls, [*stages, cls.times(upstream, local)], cls.digits(use.product), found)
    return product + cls.words(" by convention") if is_convention(graph, use) else product


def write_sum(cls: type[Formula], xs: Sequence[Any], total: Any) -> str:
    """Numbers and their sum: ``1 - 3 = -2``."""
    found = of_sum(xs, total)
    first, *rest = (cls.digits(x, found.digits) for x in xs)
    return equation(cls, [first + "".join(map(write_term, rest))], cls.digits(total), found)


def equation(cls: type[Formula], stages: Sequence[str], result: str, found: Precision) -> str:
    """The stages of a calculation, and its result, which may only be about the same."""
    return " = ".join(stages) + f" {'=' if found.equal else cls.about} {result}"


def partials(use: Use, called: list[Formula]) -> str:
    """The two factors by name, ``∂L/∂e · ∂e/∂a``."""
    cls, user = type(called[0]), called[use.user]
    return cls.times(cls.partial(called[-1], user), cls.partial(user, called[use.source]))


def write_term(digits: str) -> str:
    """A number as a further term of a sum, `` - 3``."""
    return f" - {digits[1:]}" if digits.startswith("-") else f" + {digits}"
