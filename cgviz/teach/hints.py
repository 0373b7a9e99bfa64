"""What a lesson calls for help with an exercise: one hint after the other."""

from __future__ import annotations

from .feedback import Said
from .registry import explain_unknown, find

_given: dict[str, int] = {}


def hint(name: str) -> Said:
    """Give the next hint for the exercise `name`: each call goes a step further, up to the last.

    >>> hint("no such exercise").ok
    False
    """
    found = find(name)
    if found is None:
        return Said("wrong", explain_unknown(name))
    hints = found[1].hints
    if not hints:
        return Said("hint", f"{name}: there are no hints for this one")
    nth = min(_given.get(name, 0), len(hints) - 1)
    _given[name] = nth + 1
    last = "" if nth + 1 < len(hints) else " (That was the last hint.)"
    return Said("hint", f"{name}, hint {nth + 1} of {len(hints)}: {hints[nth]}{last}")
