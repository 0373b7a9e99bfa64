"""What the lessons say of themselves: titles and summaries, read from the notebooks in this folder, or from ours."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import NamedTuple

from ..records.small_file import Damaged, read_small

NOTEBOOK = "[0-9][0-9]-*.ipynb"
TITLE = re.compile(r"^# (?:\d+ · )?(.+)$", re.MULTILINE)


class LessonText(NamedTuple):
    """A lesson: its `number`, its `title` and the points of its summary, as Markdown."""

    number: int
    title: str
    points: tuple[str, ...]

    @property
    def module(self) -> str:
        """What its exercises are kept under: ``lesson03``."""
        return f"lesson{self.number:02}"


def read_lessons() -> list[LessonText]:
    """All lessons, in order; those of this folder, if it has any, else those that came with the package."""
    here = sorted(Path().glob(NOTEBOOK))
    if len(here) < 2:
        # By its name, for the set-up stands beside the rooms, and none of them imports it.
        folder = importlib.import_module("cgviz.start.folder").originals()
        here = sorted(folder.glob(NOTEBOOK)) if folder else []
    found = [text for path in here if (text := _read(path))]
    return found


def _read(path: Path) -> LessonText | None:
    try:
        cells = json.loads(read_small(path))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (OSError, Damaged, ValueError, KeyError, TypeError):
        return None
    title = next((found[1] for text in texts if (found := TITLE.search(text))), "")
    if not title or ".new" in path.name:
        return None
    summary = next((text.partition("## Summary\n")[2] for text in texts if "## Summary\n" in text), "")
    points = re.findall(r"^- (.+(?:\n  .+)*)", summary, re.MULTILINE)
    return LessonText(int(path.name[:2]), title, tuple(" ".join(point.split()) for point in points))
