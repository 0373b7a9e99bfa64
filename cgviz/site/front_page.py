"""The site's first page, which lists the lessons, and the sentence for a browser in which they cannot run."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
HEAD = re.compile("<head>")
WARNING = """<script>
addEventListener("DOMContentLoaded", () => {
  const missing =
    typeof WebAssembly !== "object"
      ? "This browser has no WebAssembly, in which the lessons' Python runs: open this page in a newer one, or in one that allows it."
      : !isSecureContext || !("serviceWorker" in navigator)
        ? "This page needs an address that begins with https (or localhost): without it the lessons' Python cannot read their files."
        : "";
  if (!missing) return;
  const sentence = document.createElement("p");
  sentence.setAttribute("role", "alert");
  sentence.textContent = missing;
  sentence.style.cssText = "position:fixed;inset:0 0 auto;z-index:99999;margin:0;padding:1em;background:#fff3cd;color:#332701;font:16px sans-serif";
  document.body.prepend(sentence);
});
</script>
"""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cgviz: the lessons</title>
<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{{}}</script>
<style>
:root {{ color-scheme: light dark }}
body {{ max-width: 42em; margin: 2em auto; padding: 0 1em; font: 17px/1.5 system-ui, sans-serif }}
li {{ margin: .3em 0 }}
</style>
</head>
<body>
<h1>The lessons</h1>
<p>Each lesson opens in your browser, and its Python runs there: nothing to install, and nothing that you write leaves this
machine. The first start takes about ten seconds. What you change is kept in this browser alone, so download what you
want to keep (File, Download).</p>
<ol>
{lessons}
</ol>
<p>When a new version of the lessons comes, one that you have changed stays as you left it. To get the new one, rename
yours in the list of files at the left (press F2) and load the page again.</p>
</body>
</html>
"""


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
    (site / "index.html").write_text(PAGE.format(lessons="\n".join(rows)), encoding="utf-8")
    for page in (site / "index.html", site / "lab" / "index.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(HEAD.sub(lambda head: head[0] + "\n" + WARNING, text, count=1), encoding="utf-8")
