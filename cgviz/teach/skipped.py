"""What stands in the place of an exercise's result: whoever uses it hears which exercise was left out."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any, NoReturn, cast

from .cell_watch import watch_cells
from .growth.stubs import NotWritten, explain_skipped, is_blank, is_stub, make_stub


class Blank:
    """Stands for what an exercise asks for: before a function it is a decorator, and as a value it cannot be used."""

    _not_written = True

    def __init__(self, number: str) -> None:
        self._number = number

    def __call__(self, *given: Any, **options: Any) -> Any:
        """Watch over a function: while it is a stub, or something in it is still …, its call says so."""
        function = given[0] if len(given) == 1 and not options else None
        if not isinstance(function, FunctionType):
            self._refuse()
        if is_stub(function):
            return _make_waiting_stub(function, self._number)
        return _watch_function(function, self._number) if _has_dots(function.__code__) else function

    def __repr__(self) -> str:
        return explain_skipped(self._number)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):  # what Python and a notebook ask of everything
            raise AttributeError(name)
        self._refuse()

    def _refuse(self, *given: Any) -> NoReturn:
        raise NotWritten("it", self._number)

    __iter__ = __len__ = __getitem__ = __bool__ = __float__ = __neg__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __pow__ = __rpow__ = __matmul__ = __rmatmul__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse


def solve(number: str) -> Any:
    """Mark what the exercise `number` asks for: as a decorator of a function, or as a value that is still to be found.

    While it is not written, whatever uses it raises `NotWritten`, with a sentence that names the exercise. A function
    that is written stays as it is.

    >>> @solve("9.2")
    ... def step(parameters, rate):
    ...     ...
    >>> step([], 0.1)
    Traceback (most recent call last):
    cgviz.teach.growth.stubs.NotWritten: exercise 9.2 is not written yet: run the folded answer
    (or write step in its cell)
    """
    watch_cells()
    return Blank(number)


def _make_waiting_stub(function: FunctionType, number: str) -> FunctionType:
    """A stub that, once a cell has written the function of its name, calls that: a class may have kept the stub."""
    name, refuse = function.__name__, make_stub(_name_function(function), number)

    @functools.wraps(function)
    def stub(*args: Any, **options: Any) -> Any:
        now = function.__globals__.get(name)
        return refuse() if now is stub or not callable(now) or is_stub(now) else now(*args, **options)

    stub._not_written = True  # type: ignore[attr-defined]
    return cast(FunctionType, stub)


def _watch_function(function: Callable[..., Any], number: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def watched(*args: Any, **options: Any) -> Any:
        try:
            found = function(*args, **options)
        except (TypeError, AttributeError) as error:
            if is_blank(error):
                raise NotWritten(_name_function(function), number) from None
            raise
        if found is ... or (isinstance(found, (tuple, list)) and any(part is ... for part in found)):
            raise NotWritten(_name_function(function), number)
        return found

    return watched


def _name_function(function: Callable[..., Any]) -> str:
    name = getattr(function, "__name__", "")
    return name if name.isidentifier() else "it"


def _has_dots(code: CodeType) -> bool:
    """Whether … stands anywhere in a function, or in one within it."""
    return any(_is_dots(part) or (isinstance(part, CodeType) and _has_dots(part)) for part in code.co_consts)


def _is_dots(part: Any) -> bool:
    return part is ... or (isinstance(part, tuple) and any(map(_is_dots, part)))
