"""Groups by call: which call, statement and round of a loop made each node, noted while a block of code runs."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Callable
from functools import wraps
from types import FrameType, FunctionType
from typing import Any

from ..graph import Group
from ..graph.nesting import remember
from ..text import kind, shorten
from .statements import statements_of
from .weight_names import name_weights

LIBRARIES = tuple({sysconfig.get_path(name) + "/" for name in ("stdlib", "purelib", "platlib")})
OURS = __file__.rsplit("/", 2)[0].rsplit("\\", 2)[0]
FIRST_NUMBER = 1 << 20
"""Numbers of groups by call begin here, beyond those of groups that somebody marked."""
MOST = 400_000
"""After so many nodes no more are noted."""


class Span:
    """What one call, one run of a statement or one round of a loop made: all nodes from `start` to `end`."""

    __slots__ = ("end", "frames", "kind", "levels", "name", "parent", "run", "start", "statement", "symbol", "table")

    def __init__(self, what: str, name: str, symbol: str, start: int, parent: Span | None) -> None:
        self.kind, self.name, self.symbol, self.start, self.end, self.parent = what, name, symbol, start, start, parent
        self.frames: list[FrameType] = []
        self.table: Any = None
        self.statement = -2
        self.run: Span | None = None
        self.levels: list[list[Any]] = []


class Grouped:
    """The block ``with grouped():``. Nodes are noted in their order of creation: what one call made is a stretch of it.

    Stretches nest, and no way leads out of one and in again, as operands are there before their node.
    """

    def __init__(self, *classes: type) -> None:
        self.classes = classes
        self.nodes: list[Any] = []
        self.spans: list[Span] = []

    def __enter__(self) -> Grouped:
        base = sys._getframe(1)
        classes = self.classes or tuple(_classes_of(base))
        if not classes:
            raise TypeError("no class of nodes is to be seen here: name it, as in with grouped(Value):")
        self.nodes, self.spans, self._seen = [], [], set[int]()
        root = Span("call", "", "", 0, None)
        root.frames.append(base)
        self.spans.append(root)
        self._open, self._known = [root], {base: root}
        self._spaces: dict[int, Any] = {}
        self._look(base)
        self._classes = tuple(classes)
        self._saved: list[tuple[type, str, Any]] = []
        bases = list(dict.fromkeys(one for cls in classes for one in cls.__mro__[:-1]))
        methods = [(cls, name, f) for cls in bases for name, f in vars(cls).items() if isinstance(f, FunctionType)]
        self._engine = {f.__code__ for _, _, f in methods}
        for cls, name, f in methods:
            makes = name == "__init__" or (OURS in cls.__module__.replace(".", "/") or hasattr(cls, "_push"))
            if makes and (name == "__init__" or not name.startswith("__") or _is_operator(name)):
                self._saved.append((cls, name, f))
                setattr(cls, name, self._wrap(f, name == "__init__", tuple(classes)))
        return self

    def __exit__(self, *failure: Any) -> None:
        for cls, name, f in reversed(self._saved):
            setattr(cls, name, f)
        for span in self._open:
            span.end = len(self.nodes)
        for span in self.spans:
            span.frames, span.table, span.run, span.levels = [], None, None, []
        self._known, self._open = {}, []
        names = name_weights(self._spaces.values(), self._classes)
        self._spaces = {}
        remember(self.nodes, self._nest, names)

    def _look(self, frame: FrameType) -> None:
        """Keep the names that a frame sees, in which weights may have theirs."""
        for names in (frame.f_globals, frame.f_locals):
            self._spaces.setdefault(id(names), names)

    def _wrap(self, f: Callable, init: bool, classes: tuple[type, ...]) -> Callable:
        note, engine = self._note, self._engine

        def wrapped(node: Any, *given: Any, **named: Any) -> Any:
            found = f(node, *given, **named)
            made = node if init else found
            if isinstance(made, classes):
                frame = sys._getframe(1)
                while frame.f_code in engine or (frame.f_code is own and frame.f_back):
                    frame = frame.f_back  # type: ignore[assignment]
                note(made, frame)
            return found

        own = wrapped.__code__
        engine.add(own)
        return wraps(f)(wrapped)

    def _note(self, node: Any, frame: FrameType) -> None:
        if id(node) in self._seen or len(self.nodes) >= MOST:
            return
        call = self._known.get(frame) or self._enter(frame)
        if call.table is not None:
            statement = call.table[0][frame_at(call)]
            if statement != call.statement or self._open[-1] is not call.run or self._is_over(call):
                self._start_statement(call, statement)
        elif self._open[-1] is not call:
            self._close(call)
        self._seen.add(id(node))  # kept alive by the list: no other object gets its id
        self.nodes.append(node)

    def _close(self, upto: Span) -> bool:
        """End what is open above a span; not so if it goes on after what is around it has ended, as generators do."""
        if upto not in self._open:
            return False
        while self._open[-1] is not upto:
            done = self._open.pop()
            done.end = len(self.nodes)
            for frame in done.frames:
                self._known.pop(frame, None)
            done.frames, done.run = [], None
        return True

    def _start(self, what: str, name: str, symbol: str, parent: Span) -> Span:
        span = Span(what, name, symbol, len(self.nodes), parent)
        self.spans.append(span)
        self._open.append(span)
        return span

    def _start_statement(self, call: Span, place: int) -> None:
        same = call.statement == place and call.run in self._open and not self._is_over(call)
        if same and self._close(call.run):  # type: ignore[arg-type]
            return
        one = call.table[1][place] if place >= 0 else None
        loops = one.loops if one else ()
        around = self._find_round(call, loops, one.start if one else (0, 0)) if loops or call.levels else call
        if around is None or not self._close(around):
            return
        call.run = self._start("statement", one.target if one else "", one.expression if one else "…", around)
        call.statement = place

    def _is_over(self, call: Span) -> bool:
        """Whether the round of the loop at work is over, though the statement is the same: its variables are others."""
        if not call.levels:
            return False
        values = call.frames[0].f_locals
        return any(
            values.get(name) is not x
            for _, held, _, _, names in call.levels
            for name, x in zip(names, held, strict=True)
        )

    def _find_round(self, call: Span, loops: Any, at: tuple[int, int]) -> Span | None:
        """The round of the innermost loop at work; a new one if its variables have changed, or it begins anew."""
        levels, values = call.levels, call.frames[0].f_locals
        keep = 0
        for k, loop in enumerate(loops):
            now = tuple(values.get(name) for name in loop.names)
            if k >= len(levels) or levels[k][0] != loop.at:
                break
            same = all(a is b for a, b in zip(levels[k][1], now, strict=True))
            last = k == len(loops) - 1 == len(levels) - 1
            if not same or (last and at <= levels[k][3] and not loop.names):
                break
            keep = k + 1
        around = levels[keep - 1][2] if keep else call
        if not self._close(around):
            return None
        del levels[keep:]
        for loop in loops[keep:]:
            now = tuple(values.get(name) for name in loop.names)
            told = [f"{n} = {v!r}" for n, v in zip(loop.names, now, strict=True) if isinstance(v, (int, float, str))]
            word = f"for {', '.join(loop.names)}" if loop.names else "while"
            around = self._start("round", shorten(told[0]) if told else "", word, around)
            levels.append([loop.at, now, around, at, loop.names])
        for level in levels:
            level[3] = at
        return around

    def _enter(self, frame: FrameType) -> Span:
        """The call that a frame belongs to: of comprehensions, lambdas and libraries that of the function around."""
        chain, outer = [], frame
        while outer not in self._known and outer.f_back is not None:
            chain.append(outer)
            outer = outer.f_back
        call = self._known.get(outer, self.spans[0])
        for inner in reversed(chain):
            code = inner.f_code
            if (code.co_name[0] == "<" and code.co_name != "<module>") or code.co_filename.startswith(LIBRARIES):
                self._known[inner] = call
                call.frames.append(inner)
                continue
            if call.table is not None:
                statement = call.table[0][frame_at(call)]
                if statement != call.statement or self._open[-1] is not call.run or self._is_over(call):
                    self._start_statement(call, statement)
                around = call.run or call
            else:
                self._close(call)
                around = call
            name = getattr(code, "co_qualname", code.co_name).split("<locals>.")[-1].split(".")[-1]
            if around not in self._open:
                around = self._open[-1]
            call = self._start("call", "", name, around)
            call.table = statements_of(code)
            call.frames.append(inner)
            self._known[inner] = call
            if call.parent is self.spans[0] or len(self.spans) < 8:
                self._look(inner)
        return call

    def _nest(self) -> tuple[list[Group], list[int], list[int]]:
        """The groups, the place of the one around each, and for each node, in order of creation, the innermost."""
        inner: dict[Span | None, list[Span]] = {}
        for span in self.spans[1:]:
            inner.setdefault(span.parent, []).append(span)
        dropped = set()
        for span in self.spans[1:]:
            size, mine = span.end - span.start, inner.get(span, [])
            covered = sum(one.end - one.start for one in mine)
            call = span.parent if span.parent is not None and span.parent.kind == "call" else None
            alone = call is not None and call is not self.spans[0] and call.end - call.start == size
            if size < 2 or (span.kind == "statement" and ((mine and covered == size) or alone)):
                dropped.add(span)
                if len(mine) == 1 and not mine[0].name:
                    mine[0].name = span.name
        groups: list[Group] = []
        parents: list[int] = []
        place: dict[Span | None, int] = {None: -1, self.spans[0]: -1}
        innermost = [-1] * len(self.nodes)
        for span in self.spans[1:]:
            around = place[span.parent]
            if span in dropped:
                place[span] = around
                continue
            place[span] = len(groups)
            name = span.name if span.name.isidentifier() or span.kind == "round" else ""
            groups.append(Group("calls", name, shorten(span.symbol or span.kind), (), FIRST_NUMBER + len(groups)))
            parents.append(around)
            innermost[span.start : span.end] = [place[span]] * (span.end - span.start)
        return groups, parents, innermost


def grouped(*classes: type) -> Grouped:
    """Note which calls, statements and rounds of loops make the nodes of a block of code.

    It is used as in ``with grouped(): loss = f(…)``. Pictures of what the block computed fold by
    them: ``draw(loss, fold="calls")``, or by itself where the graph is large. `classes` are those of the nodes;
    left out, those with operators among the names where the block stands.
    The notes of the last block are kept, and its nodes with them.

    >>> from cgviz import Value, trace
    >>> from cgviz.pictures.layout.plan import overview
    >>> def norm(a, b):
    ...     return (a * a + b * b) ** 0.5
    >>> with grouped(Value):
    ...     y = norm(Value(3.0, "a"), Value(4.0, "b")) + 1
    >>> [(node.name, node.op) for node in overview(trace(y), "calls").nodes]
    [('a', ''), ('b', ''), ('1', ''), ('v3', 'norm'), ('v4', '+')]
    """
    for cls in classes:
        if not isinstance(cls, type):
            raise TypeError(f"grouped takes classes of nodes, as in grouped(Value), got {kind(cls)}")
    return Grouped(*classes)


def frame_at(call: Span) -> int:
    """The place of the instruction at which a call is."""
    return call.frames[0].f_lasti >> 1


def _is_operator(name: str) -> bool:
    return name not in ("__init__", "__new__", "__repr__", "__eq__", "__hash__", "__init_subclass__", "__reduce__")


def _classes_of(frame: FrameType) -> list[type]:
    """The classes with operators written in Python among the names that a frame sees."""
    seen = [*frame.f_globals.values(), *frame.f_locals.values()]
    return [one for one in dict.fromkeys(x for x in seen if isinstance(x, type)) if _has_operators(one)]


def _has_operators(cls: type) -> bool:
    return all(
        any(isinstance(vars(base).get(name), FunctionType) for base in cls.__mro__[:-1])
        for name in ("__init__", "__add__", "__mul__")
    )
