"""The table of the lessons in ``README.md``: its rows are made from the sources, so that each fact stands in one place.

Of a source's own are the title, ``# 9 · Descent``; the time, in its first lines, "about 30 minutes"; and what a
learner can do afterwards, a line of the front matter: ``aims: "walk downhill, …"``. The badge is that of the
project's README, but opens the lesson; the address in the browser is made from that of the repository.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import jupytext

from cgviz.site.command import USUAL
from cgviz.site.front_page import address as lesson_address

LESSONS = Path(__file__).resolve().parent
PAGE = LESSONS / "README.md"
README = LESSONS.parent / "README.md"
TABLE = re.compile(r"(?<=<!-- made by build.py -->\n\n).*(?=\n<!-- end of the lessons -->)", re.DOTALL)
BADGE = re.compile(r"\[!\[[^\]]*\]\((?P<picture>[^)]+)\)\]\((?P<address>[^)]+urlpath=lab/tree/lessons/)[^)]*\.ipynb\)")
HEAD = "| lesson | minutes | afterwards you can | open it on Binder | in the browser |\n|---|---|---|---|---|\n"
PROJECT = LESSONS.parent / "pyproject.toml"


class FactError(Exception):
    """A source or a page in which something is missing that the table needs."""


class Facts(NamedTuple):
    """What the table says of one lesson; `number` and `title` as they stand in its heading."""

    number: str
    title: str
    minutes: int
    aims: str


def facts(source: Path) -> Facts:
    """Read the facts of a lesson from its source. Raises FactError, which says what to add there."""
    notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="md:myst")
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    intro = text.partition("\n## ")[0]
    heading = re.search(r"\A\s*# (\d+) · (.+)$", text, re.MULTILINE)
    minutes = re.search(r"\babout\s+(\d+)\s+minutes\b", intro)
    aims = notebook.metadata.get("aims")
    if heading is None or int(heading[1]) != int(source.stem[:2]):
        raise FactError(f"{source.name}: its first line should be a heading like `# {int(source.stem[:2])} · Title`")
    if minutes is None:
        raise FactError(f"{source.name}: say how long it takes, above its first part: `It takes about 30 minutes.`")
    if not isinstance(aims, str) or not aims.strip() or "|" in aims or "\n" in aims.strip():
        raise FactError(
            f"{source.name}: add to its front matter, in one line and without |, what a learner can do afterwards: "
            '`aims: "walk downhill with gradients, fit a line"`'
        )
    return Facts(heading[1], heading[2].strip(), int(minutes[1]), aims.strip())


def site() -> str:
    """Return the address of the lessons' site, where the code host publishes that of this repository.

    Raises FactError where the repository's address in ``pyproject.toml`` does not tell it.
    """
    address = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["urls"]["Repository"]
    found = re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+)", address)
    if found is None:
        raise FactError(f"pyproject.toml: from the repository's address {address} that of its pages cannot be told")
    return f"https://{found[1]}.github.io/{found[2]}/{USUAL.name}/"


def table(sources: list[Path]) -> str:
    """Return the table of these lessons, in order. Raises FactError with all that is missing, a line for each."""
    badge = BADGE.search(README.read_text(encoding="utf-8"))
    if badge is None:
        raise FactError("README.md: it has no Binder badge that opens a lesson")
    rows, missing, pages = [], [], site()
    for source in sources:
        name = f"{source.stem}.ipynb"
        try:
            found = facts(source)
        except FactError as error:
            missing.append(str(error))
            continue
        opener = f"[![Open lesson {found.number} on Binder]({badge['picture']})]({badge['address']}{name})"
        title = f"[{found.number} · {found.title}]({name})"
        here = f"[open lesson {found.number}]({pages}{lesson_address(name)})"
        rows.append(f"| {title} | {found.minutes} | {found.aims} | {opener} | {here} |\n")
    if missing:
        raise FactError("\n".join(missing))
    return HEAD + "".join(rows)


def page(sources: list[Path]) -> str:
    """Return the text of ``README.md`` with the table as it should be. Raises FactError if it has no place for one."""
    text = PAGE.read_text(encoding="utf-8")
    if not TABLE.search(text):
        raise FactError(f"{PAGE.name}: the remarks between which the table stands are gone")
    fresh = table(sources)
    return TABLE.sub(lambda _: fresh, text)
