"""Where the loss of a sample fails: which sample it was, and the first node that has no finite number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..ops.domain import FAILURES
from ..text import shorten
from .recorded_network import number_of


@contextmanager
def name_sample(i: int, sample: Any) -> Iterator[None]:
    """Note on what a function raises which sample it was given: the error itself may speak of a letter, or a place."""
    try:
        yield
    except Exception as error:
        error.add_note(f"This was sample {i}, {shorten(repr(sample), 40)}.")
        raise


def explain_failure(reading: Any, i: int) -> str:
    """Which node of sample i is the first that is not finite, in words; empty if all are."""
    shown = shorten(repr(reading.data[i]), 40)
    try:
        log = reading.logger.log(reading.data[i], reading.parts(i).nodes)
    except FAILURES as error:
        return f" (sample {i}, {shown}: {error})"
    for k, node in enumerate(log.made):
        if not math.isfinite(number_of(node)):
            label = getattr(node, "label", "")
            name = f"'{shorten(label)}'" if label and isinstance(label, str) else f"number {k} of {len(log.made):,}"
            symbol = getattr(node, "_op", "")
            by = f", computed by {symbol!r}" if symbol and isinstance(symbol, str) else ""
            return f" (sample {i}, {shown}: its first node that is not is {name}{by}: {number_of(node)})"
    if not math.isfinite(log.value):
        return f" (sample {i}, {shown})"
    return ""
