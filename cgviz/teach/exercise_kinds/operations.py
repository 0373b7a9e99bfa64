"""Exercises about the operations of a learner's class: expressions are computed with it, and compared with ours."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...graph import OPERANDS, Graph, is_node, trace, value_of
from ...graph.attributes import first
from ...run.expression import parse
from ...run.run import leaf
from ...text import kind, number
from ...value import Value
from ..growth.stubs import is_stub
from ..sandbox.likeness import as_number, close, show, show_apart
from ..sandbox.running import attempt
from .alternative import alternative
from .backward_pass import gradient_fault
from .dunder import read_unanswered
from .exercise import Exercise, Open
from .functions import class_beside
from .graph_shape import Comparison, find_misplaced

NOT_YET = re.compile(r"unsupported operand type|has no method '|bad operand type|object is not callable")
USUAL = {"a": 2, "b": -3, "c": 10, "d": -2, "x": 3, "y": 0.5}
OTHERS = (
    {"a": -0.75, "b": 1.3, "c": -0.4, "d": 2.6, "x": -1.7, "y": 120.5},
    {"a": 350.25, "b": 0.0625, "c": 7, "d": 41},
)
"""More numbers for each case: broken, negative, large, small: no rounding and no absolute value passes."""


class Built:
    """One expression, computed with the learner's class and with ours."""

    def __init__(self, text: str, numbers: Mapping[str, float], cls: type) -> None:
        self.text, self.numbers, self.cls = text, numbers, cls
        expression = parse(text)
        self.leaves: dict[str, Any] = {}
        for name in expression.names:
            made = attempt(leaf, cls, name, numbers[name])
            if made.open:
                raise Open(made.failure)
            if made.failure:
                raise Wrong(f"{cls.__name__}({number(numbers[name])}) {made.failure}")
            self.leaves[name] = made.value
        self.names = {id(node): name for name, node in self.leaves.items()}
        self.right = expression(**{name: Value(numbers[name], name) for name in expression.names})
        self.done = attempt(expression, **self.leaves)
        self.root = self.done.value

    def graph(self) -> Graph:
        """The learner's graph, read now; its root is called L where it has no name."""
        return trace(self.root, {id(self.root): self.right.label, **self.names})

    @property
    def named(self) -> str:
        """What was computed, in words, and called L."""
        return self.case if "=" in self.text else self.case.removesuffix(self.text) + f"L = {self.text}"

    @property
    def case(self) -> str:
        """What was computed, in words."""
        given = ", ".join(f"{name} = {number(self.numbers[name])}" for name in self.leaves)
        return f"with {given}: {self.text}" if given else self.text

    def data_fault(self, every: Iterable[Built] = ()) -> str:
        """What is wrong with the number, ``""`` if nothing is; raises `Open` where the operation is not there yet.

        `every` are the cases that have been computed beside this one: what is said of a wrong number is true of all.
        """
        if self.done.failure:
            if self.done.open:
                raise Open(self.done.failure)
            asked = read_unanswered(self.done.error, self.cls)
            if asked and not asked.missing:
                return f"{self.case} {asked.failure}"
            if not_there(self.done.error):
                raise Open(f"{self.text} {asked.failure if asked else self.done.failure}")
            return f"{self.case} {self.done.failure}"
        if not is_node(self.root):
            return f"{self.case} gives {self._no_node()}"
        if not isinstance(self.root, self.cls) and not issubclass(self.cls, type(self.root)):
            return f"{self.case} gives {kind(self.root)}, not one of your class {self.cls.__name__}"
        for name, node in self.leaves.items():
            if node is self.root and self.right.label != name:
                return f"{self.case} gives {name} itself: an operation makes a new {self.cls.__name__}"
            if not _holds(node, self.numbers[name]):
                held = show(value_of(node))
                return f"{self.case} has changed {name}: it holds {held} now; an operation leaves its operands alone"
        if not _holds(self.root, self.right.data):
            mine = as_number(value_of(self.root))
            others = [(one.root, one.right) for one in every if is_node(one.root)]
            why = alternative((self.root, self.right), others) if mine is not None else ""
            yours, wanted = show_apart(value_of(self.root), float(self.right.data))
            return f"{self.case} should hold {wanted}, yours holds {yours}{why}"
        return ""

    def _no_node(self) -> str:
        if self.root is None:
            stubs = [name for base in self.cls.__mro__ for name, held in vars(base).items() if is_stub(held)]
            if stubs:
                raise Open(f"{self.cls.__name__}.{stubs[0]} has no body yet")
            return self.done.none
        if self.root is ...:
            raise Open(f"{self.text} gives …")
        what = f"the number {number(self.root)}" if as_number(self.root) is not None else show(self.root)
        return f"{what}, and should give a {self.cls.__name__}"


def not_there(error: BaseException | None) -> bool:
    """Whether an operation failed since nobody has written it: where we asked for it, and not in the learner's code.

    >>> not_there(attempt(lambda: [] - []).error)  # raised in the code of whoever wrote this line
    False
    """
    trace_back = getattr(error, "__traceback__", None)
    while trace_back is not None and trace_back.tb_next is not None:
        trace_back = trace_back.tb_next
    where = trace_back.tb_frame.f_globals.get("__name__", "") if trace_back is not None else ""
    ours = where.startswith("cgviz.") and not where.startswith("cgviz.teach.")
    return ours and NOT_YET.search(str(error)) is not None


class Wrong(Exception):
    """Raised where there is nothing left to compare; its text is what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Operations(Exercise):
    """Expressions that a learner's class has to compute as `cgviz.Value` does: number, then graph, then gradients.

    `cases` are texts, or pairs of a text and the numbers of its leaves (`numbers` otherwise). Choose reused operands,
    both orders, constants on either side, zero. `graph` says whether the graph must have the same shape, `ordered`
    whether the operands of sums and products must stand in their order; `gradients` whether the class's own `backward`
    is called, and `again` whether a second call must leave the gradients as they are. A case without numbers of its own
    is tried with other numbers as well, if `varied`.

    Where the exercise asks for a function of nodes, such as a learner's own ``sigmoid``, `function` is the name by
    which the cases call it: then `check` is given the function, and the class by `cls`.

    >>> sums = Operations(name="sums", cases=("a + b", "a + a", ("a + b", {"a": 0, "b": 0})))
    >>> sums.check(Value)
    ✓ sums: right!
    >>> class Wrong(Value):
    ...     def __add__(self, other): return Wrong(self.data * other.data)
    >>> sums.check(Wrong)
    ✗ sums: with a = 2, b = -3: a + b should hold -1, yours holds -6: that is a * b
    """

    cases: tuple[str | tuple[str, Mapping[str, float]], ...]
    numbers: Mapping[str, float] | None = None
    graph: bool = True
    ordered: bool = True
    gradients: bool = False
    again: bool = False
    function: str = ""
    varied: bool = True
    wanted: str = "your class"

    def judge_with(self, thing: Any, cls: type | None) -> str:
        """Judge a class, or a function with the class of its nodes."""
        if not self.function:
            return self.judge(thing)
        if not callable(thing) or isinstance(thing, type):
            return f"expected the function {self.function}, got {kind(thing)}"
        cls = cls or class_beside(thing)
        if not isinstance(cls, type):
            return f'give check your class as well: check("{self.name}", {self.function}, cls=Value)'
        if cls is Value:  # which has the function already, and is what we compare with
            cls = type("Value", (Value,), {})
        with _lend(cls, self.function, thing):
            return self.judge(cls)

    def judge(self, thing: Any) -> str:
        """Compute every case with the class; say what is wrong with the first that differs."""
        if not isinstance(thing, type):
            return f'give check the class itself, as in check("{self.name}", Value); got {kind(thing)}'
        try:
            built = [Built(*case, thing) for case in self._all_cases()]
            return self._first_fault(built)
        except Wrong as wrong:
            return str(wrong)

    def _all_cases(self) -> list[tuple[str, Mapping[str, float]]]:
        """The cases as they are given, then those without numbers of their own once more, with `OTHERS`."""
        free = [case for case in self.cases if isinstance(case, str)] if self.numbers is None and self.varied else []
        return [self._case(case) for case in (*self.cases, *((text, more) for more in OTHERS for text in free))]

    def _case(self, case: str | tuple[str, Mapping[str, float]]) -> tuple[str, Mapping[str, float]]:
        text, numbers = (case, {}) if isinstance(case, str) else case
        return text, {**USUAL, **(self.numbers or {}), **numbers}

    def _first_fault(self, built: list[Built]) -> str:
        stages = [lambda one: one.data_fault(built)]
        stages += [self._graph_fault] if self.graph else []
        stages += [lambda one: gradient_fault(one, self.again)] if self.gradients else []
        return next((said for stage in stages for one in built if (said := stage(one))), "")

    def _graph_fault(self, one: Built) -> str:
        if said := find_misplaced(one.root):
            return f"{one.case}: {said}"
        held = first(one.root, OPERANDS)
        if isinstance(held, Iterator):
            return f"{one.case}: the result keeps its operands in {kind(held)}, and should in a tuple"
        read = attempt(one.graph)
        if read.failure:
            return f"{one.case}: the graph cannot be read: {read.failure.partition(': ')[2]}"
        said = Comparison(one.root, read.value, trace(one.right), self.ordered, exact=True).fault()
        return f"{one.case}: {said}" if said else ""


@contextlib.contextmanager
def _lend(cls: type, name: str, function: Callable) -> Iterator[None]:
    """Let a class have a function as a method meanwhile: an expression calls the methods of its nodes."""
    before = vars(cls).get(name)
    setattr(cls, name, lambda self, *others: function(self, *others))
    try:
        yield
    finally:
        if before is None:
            delattr(cls, name)
        else:
            setattr(cls, name, before)


def _holds(node: Any, right: float) -> bool:
    found = as_number(value_of(node))
    return found is not None and close(found, float(right), 1e-9)
