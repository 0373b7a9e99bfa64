"""Python's garbage collector, held back while many records are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Make objects without a search for garbage among them: nothing is made here that nobody holds.

    A graph of 70,000 nodes makes 300,000 tuples, for which the collector would go through all objects of the process
    several times. It is as it was afterwards, also when somebody has switched it off.

    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
