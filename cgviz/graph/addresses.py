"""What in a text is another in every run: an address, an ``id``, a name drawn by chance.

A picture that shows it would differ from run to run, and says nothing.
"""

from __future__ import annotations

import re
from typing import Any

SHORTEST = 9
"""An address has as many letters and digits at least."""
OBJECT = re.compile(r"<(?:built-in |bound )?\w+ (\S+).* at 0x[0-9a-fA-F]+>| at 0x[0-9a-fA-F]+")
"""What Python writes of an object that has no text of its own; a function's name can be had of it."""
CHANCE = r"(?<![0-9a-f])[0-9a-f]{8}-?[0-9a-f]{4}-?[14][0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}(?![0-9a-f])"
"""A UUID of the kinds that are new each time, 1 and 4."""
BEHIND = re.compile(
    rf"(?<=[a-z]{{2}})[\s_@#:-]+(?:{CHANCE}|(?:0x)?(?=[a-f]*\d)[0-9a-f]{{{SHORTEST},}})$", re.IGNORECASE
)
"""Behind a name: ``add_140126633557200``, ``mul@7f2becd2f5d0``; and no constant, as in ``**0.333333333333``."""
PASSING = re.compile(rf"{CHANCE}|0x[0-9a-f]{{6,}}", re.IGNORECASE)


def without_address(text: str) -> str:
    """The text of an operation without what is another in every run.

    >>> texts = "mul@7f2becd2f5d0", "add_140126633557200", "**0.333333333333", "<function f at 0x7f2b>"
    >>> [without_address(text) for text in texts]
    ['mul', 'add', '**0.333333333333', 'f']
    """
    if len(text) < SHORTEST:
        return text
    if "0x" in text:
        text = OBJECT.sub(lambda found: found.group(1) or "", text)
    return BEHIND.sub("", text)


def is_passing(label: str, obj: Any) -> bool:
    """Whether a label is another in every run: it has the address of its object in it, or was drawn by chance.

    >>> x = object()
    >>> is_passing(f"node_{id(x)}", x), is_passing(f"{id(x):x}", x), is_passing(repr(x), x), is_passing("x1*w1 + b", x)
    (True, True, True, False)
    """
    if len(label) < SHORTEST:
        return False
    lower = label.lower()
    return str(id(obj)) in lower or f"{id(obj):x}" in lower or PASSING.search(label) is not None
