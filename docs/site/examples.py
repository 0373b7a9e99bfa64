"""The examples of the pages: what one is, and what it finds where it is run; for the site and for the tests."""

from __future__ import annotations

import json
import re
from pathlib import Path

from cgviz.teach.records.tries import FORM, Record

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$(?:\n+^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
"""A block of code, and the block of text after it that says what it prints."""


def class_of_two(folder: Path) -> None:
    """Put into a folder what a teacher has got from two learners."""
    folder.mkdir()
    for name, tries, passed, first in (("Ada", 3, "10:21:09", "10:12:40"), ("Ben", 1, "", "10:14:02")):
        times = [f"2026-03-02T{time}" if time else "" for time in (passed, first, passed or first)]
        held = Record("lesson03", "products", tries, *times)._asdict()
        text = json.dumps({"form": FORM, "learner": name, "exercises": [held]})
        (folder / f"{name.lower()}.json").write_text(text, encoding="utf-8")
