"""What a function draws, shown while a loop goes on: each call of `show` draws it anew, in the same place."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, TypeVar

from ..text import kind
from .error_sentences import briefly
from .tuning import Tuning

_S = TypeVar("_S", bound="Shown")


class Shown(Protocol):
    """A widget that can be drawn anew."""

    _handle: Any

    def show(self) -> None:
        """Draw it anew."""


class Displayed:
    """A widget that a ``with`` shows at once, and that stays in the notebook as it is at the end of the block."""

    def __enter__(self: _S) -> _S:
        from IPython.display import display

        self._handle = display(self, display_id=True)
        return self

    def __exit__(
        self: Shown, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if kind is None or issubclass(kind, KeyboardInterrupt):
            self.show()
        if (handle := getattr(self, "_handle", None)) is not None:
            handle.update(self)  # what the notebook keeps is the last state


class Board(Displayed, Tuning):
    """What `board` returns: what the function draws, without sliders."""

    def __init__(self, function: Callable[[], Any]) -> None:
        super().__init__(function, {})
        if self.error is not None:  # of the call, and not of a later state
            raise self.error

    def show(self) -> None:
        """Draw it anew; where that raises, that is said below what was drawn last."""
        self._update()

    def __repr__(self) -> str:
        return "\n".join(part.said for part in self._parts)


@briefly
def board(function: Callable[[], Any]) -> Board:
    """Show what a function draws, again and again: at each call of `show`, in the same place.

    The function takes nothing, and returns what one for `tune` returns: charts, pictures, texts, or a list of those. In
    a ``with``, the board is shown at once, and the notebook keeps what it shows at the end. The same is true of what
    `matrix` and `bars` return.

    Raises `TypeError` for what is no function, and what the function raises at its first call.

    >>> from cgviz.pictures import BarChart
    >>> shares = [0.5, 0.5]
    >>> with board(lambda: [BarChart(shares, "ab", largest=1), f"a has {shares[0]:.0%}"]) as shown:
    ...     shares[:] = 0.75, 0.25
    ...     shown.show()
    Bar chart: 2 numbers, the largest: a 0.5, b 0.5
    a has 50%
    >>> shown
    Bar chart: 2 numbers, the largest: a 0.75, b 0.25
    a has 75%
    """
    if not callable(function):
        raise TypeError(f"board shows what a function draws, as in board(lambda: …); got {kind(function)}")
    return Board(function)
