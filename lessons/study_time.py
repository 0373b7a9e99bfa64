"""How long a lesson takes: estimated from what a learner reads, runs, moves, answers and writes.

Nobody has held a watch. Six lessons were played as a beginner would play them, and said to take 48 to 55 minutes before
they were shortened: the figures below give five of them to two minutes, and 49 for the one of 55. What stands "for the
curious" is not counted.
"""

from __future__ import annotations

import re
from pathlib import Path

from lessons import build

WORDS = 80
"""Words of prose a minute: half of what one reads in one's own language, for there are formulas in between."""
LINE, CELL, VIEW = 5 / 60, 10 / 60, 45 / 60
"""Minutes for a line of code that is read, for a cell that is run and looked at, and for a view that is moved."""
QUESTION, EXERCISE = 1, 2.5
"""Minutes for a question, half as many for a result that is guessed first; and for an exercise, beyond its words."""
MOVED = re.compile(r"\b(explore|descend|tune|watch_training|compare)\(|^%explore\b", re.MULTILINE)
ASIDE = re.compile(r"^## For the curious", re.MULTILINE)


def estimate(source: Path) -> float:
    """Return the minutes that a lesson takes a beginner, exercises and questions included."""
    words = lines = others = 0.0
    for cell in build.written(source):
        tags = build.tags(cell)
        if cell.cell_type == "markdown":
            text, *aside = ASIDE.split(cell.source)
            words += len(re.findall(r"\S*\w\S*", re.sub(r"\]\([^)]*\)", "", text)))
            others += EXERCISE * len(re.findall(r"^### Exercise", text, re.MULTILINE))
            if aside:
                break
        elif "so-far" not in tags and "answer" not in tags:  # those are folded
            others += CELL
            if cell.source.startswith("question("):
                others += QUESTION
            elif not re.match(r"(hint|check|progress)\(", cell.source):
                others += VIEW * bool(MOVED.search(cell.source))
                others += QUESTION / 2 * ("predict" in tags or "ask" in tags)
                lines += len(re.findall(r"^\s*[^\s#]", cell.source, re.MULTILINE))
    return words / WORDS + lines * LINE + others


def stated(source: Path) -> int:
    """Return the minutes that a lesson states: "about" so many, for the estimate is rounded to fives."""
    return 5 * round(estimate(source) / 5)
