"""The site's first page, which lists the lessons, and the sentence for a browser in which they cannot run."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
HEAD = re.compile("<head>")
HERE = Path(__file__).parent
LIST = "<!-- the lessons -->"


def title(notebook: Path) -> str:
    """Return the heading of a lesson."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found = TITLE.search(text)
    return found[1].split("·")[-1].strip() if found else notebook.stem


def address(name: str) -> str:
    """Return where a lesson opens, from the site's root.

    >>> address("01-slopes-and-graphs.ipynb")
    'lab/index.html?path=01-slopes-and-graphs.ipynb'
    """
    return f"lab/index.html?path={name}"


def write(site: Path) -> None:
    """Put the list of the lessons in place of JupyterLite's first page, and the warning into every page."""
    rows = (
        f'<li><a href="{escape(address(path.name))}">{escape(title(path))}</a></li>'
        for path in sorted((site / "files").glob("*.ipynb"))
    )
    page = (HERE / "first_page.html").read_text(encoding="utf-8").replace(LIST, "\n".join(rows))
    (site / "index.html").write_text(page, encoding="utf-8")
    warning = (HERE / "warning.html").read_text(encoding="utf-8")
    for path in (site / "index.html", site / "lab" / "index.html"):
        text = path.read_text(encoding="utf-8")
        path.write_text(HEAD.sub(lambda head: head[0] + "\n" + warning, text, count=1), encoding="utf-8")
