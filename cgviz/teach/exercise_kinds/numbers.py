"""Exercises whose answer is a number, or a few of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...checks.slips import slip
from ...graph import trace
from ...run.expression import parse
from ...text import join_names, kind, number
from ...value import Value
from ..sandbox.likeness import as_number, close, items, number_slip
from .exercise import Exercise, Open


@dataclass(frozen=True, kw_only=True)
class Number(Exercise):
    """A number: right within `tolerance`, relatively or near 0 absolutely.

    `typical` gives likely wrong answers, each with its sentence.

    >>> valley = Number(name="lowest", answer=5, typical={3: "that is f at the minimum; asked is a"})
    >>> valley.check(3)
    ✗ lowest: yours is 3: that is f at the minimum; asked is a
    >>> valley.check(5.0)
    ✓ lowest: right!
    """

    answer: float
    typical: Mapping[float, str] = field(default_factory=dict)
    tolerance: float = 1e-3
    wanted: str = "a number"

    def judge(self, thing: Any) -> str:
        """Compare with the answer."""
        found = as_number(thing)
        if found is None:
            return f"expected a number, got {kind(thing)}"
        if close(found, float(self.answer), self.tolerance):
            return ""
        why = number_slip(found, float(self.answer), self.typical)
        return f"yours is {number(found)}: {why or 'that is not it yet'}"


@dataclass(frozen=True, kw_only=True)
class Numbers(Exercise):
    """A few numbers: a dict by name, or a tuple in order. Each is right within `tolerance`.

    `typical` gives, by name or place, likely wrong answers with their sentences. Where the numbers are the gradients
    of an expression, `of` is the expression and `at` the numbers of its leaves: then the answer is computed (for the
    leaves, or the nodes that `names` lists), and a wrong one is told its slip; `typical` goes first.

    >>> K = Numbers(name="gradients of K", of="s = a + b; K = s * a", at={"a": 2, "b": -3})
    >>> K.check({"a": 2, "b": 2})
    ✗ gradients of K: a: yours is 2: only the use by s counts: contributions add up, += and not =
    >>> K.check({"a": 1, "b": 2})
    ✓ gradients of K: right!
    """

    answer: Mapping[str, float] | tuple[float, ...] = ()
    typical: Mapping[Any, Mapping[float, str]] = field(default_factory=dict)
    tolerance: float = 1e-3
    of: str = ""
    at: Mapping[str, float] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    wanted: str = "your numbers"

    def judge(self, thing: Any) -> str:
        """Compare number by number; the first wrong one is told."""
        expected = self._list_expected()
        found = self._read_numbers(thing, expected)
        if isinstance(found, str):
            return found
        for key, given in found.items():
            x = as_number(given)
            what = _name_key(key)
            if x is None:
                return f"{what}: expected a number, got {kind(given)}"
            if not close(x, float(expected[key]), self.tolerance):
                why = number_slip(x, expected[key], self.typical.get(key)) if not self.of else self._slip(key, x)
                return f"{what}: yours is {number(x)}: {why or 'that is not it yet'}"
        return ""

    def _list_expected(self) -> dict[Any, float]:
        if self.of:
            return {name: node.grad for name, node in self._nodes().items()}
        return dict(self.answer) if isinstance(self.answer, Mapping) else dict(enumerate(self.answer, start=1))

    def _read_numbers(self, thing: Any, expected: Mapping[Any, float]) -> dict[Any, Any] | str:
        by_name = isinstance(next(iter(expected)), str)
        if by_name and not isinstance(thing, Mapping):
            return f"expected a dict with {join_names(map(repr, expected))}, got {kind(thing)}"
        in_order = None if by_name else items(thing)
        if not by_name and in_order is None:
            return f"expected {len(expected)} numbers in a tuple, got {kind(thing)}"
        given = dict(thing) if in_order is None else dict(enumerate(in_order, start=1))
        if not by_name and len(given) != len(expected):
            return f"expected {len(expected)} numbers, got {len(given)}"
        absent = [_name_key(key) for key in expected if key not in given or given[key] is None or given[key] is ...]
        extra = [str(key) for key in given if key not in expected]
        if extra:
            return f"there is no {join_names(extra)} here; asked for are {join_names(expected)}"
        if absent:
            raise Open(f"{join_names(absent)} {'is' if len(absent) == 1 else 'are'} still to be found")
        return {key: given[key] for key in expected}

    def _slip(self, name: str, given: float) -> str:
        graph = self._graph()
        index = next(node.index for node in graph.nodes if node.name == name)
        typical = self.typical.get(name, {})
        known = next((said for wrong, said in typical.items() if close(given, wrong)), "")
        return known or slip(graph, index, given) or number_slip(given, graph.nodes[index].grad)

    def _graph(self) -> Any:
        root = parse(self.of)(**{name: Value(x, name) for name, x in self.at.items()})
        root.backward()
        return trace(root)

    def _nodes(self) -> dict[str, Any]:
        graph = self._graph()
        by_name = {node.name: node for node in graph.nodes}
        return {name: by_name[name] for name in self.names or [node.name for node in graph.leaves]}


def _name_key(key: Any) -> str:
    return f"number {key}" if isinstance(key, int) else key
