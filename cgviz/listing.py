"""A list of records that shows itself in a few lines, however long it is: a notebook prints what a cell ends with."""

from __future__ import annotations

from typing import Any, Generic, SupportsIndex, TypeVar

T = TypeVar("T")
FIRST, LAST = 3, 2
"""So many records are shown from the start and from the end of a long list."""


class Listing(list, Generic[T]):
    """A list in every respect, but in what it prints: one record a line, and of many the first and the last.

    >>> Listing(range(200))
    [0,
     1,
     2,
     … 195 more,
     198,
     199]
    >>> Listing([1, 2]) + [3] == [1, 2, 3]
    True
    """

    def __repr__(self) -> str:
        left = len(self) - FIRST - LAST
        if left <= 1:
            lines = [repr(x) for x in self]
        else:
            lines = [repr(self[i]) for i in range(FIRST)]
            lines += [f"… {left} more", *(repr(self[i]) for i in range(-LAST, 0))]
        return "[" + ",\n ".join(lines) + "]"

    def __getitem__(self, place: SupportsIndex | slice) -> Any:
        found = super().__getitem__(place)
        return Listing(found) if isinstance(place, slice) else found

    def __add__(self, other: list) -> Listing:
        found = super().__add__(other)
        return found if found is NotImplemented else Listing(found)

    def copy(self) -> Listing:
        return Listing(self)
