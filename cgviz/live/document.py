"""A live view as one page of its own: no notebook, no kernel, no network; its sliders answer all the same."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from ..text import shorten
from . import javascript
from .controls.fixed import Fixed
from .fidelity import FAITHFUL, Fidelity
from .page_numbers import numbers_of, pack, within_script, write_numbers
from .view import GraphView

POLICY = "default-src 'none'; script-src '{hash}' blob:; style-src 'unsafe-inline'; img-src data: blob:"
"""The page may run the one script that stands in it, told by its hash, and ask nobody for anything.

A host with a policy of its own has to let that hash in; where none is, the picture stands there, and does not move.
"""

LONGEST_TITLE = 400
"""Of a longer title the rest is left out; it stands in one line."""
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
{views}
<script type="text/plain" id="cg-tools">{tools}</script>
<script type="module">{script}</script>
</body>
</html>
"""


ONE = """\
<main class="cg-explorer"><h1>{title}</h1><div class="cg-here">{picture}</div></main>
<script type="application/json">{numbers}</script>"""

COLUMN = """\
<section class="cg-column cg-explorer">{head}<div class="cg-here">{picture}</div>
<script type="application/json">{numbers}</script></section>"""


class PagePart(NamedTuple):
    """A view for a page, the controls that move it, and whether what they moved in a notebook is the graph of it."""

    view: GraphView
    controls: Mapping[str, Fixed]
    found: Fidelity = FAITHFUL


def to_html(view: GraphView, controls: Mapping[str, Fixed], found: Fidelity = FAITHFUL, title: str = "") -> str:
    """The page as text. Raises `ValueError` for a graph that only the kernel can compute, if it has sliders.

    >>> from cgviz import explore
    >>> text = explore("a*b", a=2, b=3).to_html("Two numbers")
    >>> "<title>Two numbers</title>" in text, "https://" in text
    (True, False)
    """
    with view.without_own_folds():
        numbers = _numbers(PagePart(view, controls, found))
        return _page(
            [view],
            ONE.format(title=escape(shorten(title, LONGEST_TITLE)), picture=view.lit_svg, numbers=numbers),
            title,
        )


def write_page(parts: Sequence[PagePart], title: str, heads: Sequence[str], above: str = "") -> str:
    """A page of several views of one kind side by side, each with its head, and HTML `above` them.

    Raises `ValueError` as `to_html` does.
    """
    columns = []
    for part, head in zip(parts, heads, strict=True):
        with part.view.without_own_folds():
            numbers, picture = _numbers(part), part.view.lit_svg
        columns.append(COLUMN.format(head=f"<h2>{escape(head)}</h2>" * bool(head), picture=picture, numbers=numbers))
    head = escape(shorten(title, LONGEST_TITLE))
    found = f'<main><h1>{head}</h1><div class="cg-columns">\n{chr(10).join([above, *columns])}\n</div></main>'
    return _page([part.view for part in parts], found, title)


def _page(shown: Sequence[GraphView], views: str, title: str) -> str:
    script = f"\n{within_script(javascript.script(shown[0].script))}\n"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return PAGE.format(
        policy=POLICY.format(hash=f"sha256-{digest}"),
        title=escape(shorten(title, LONGEST_TITLE)),
        style=javascript.style(*shown[0].styles, "standalone"),
        views=views,
        tools=pack(javascript.part("tools")),
        script=script,
    )


def _numbers(part: PagePart) -> str:
    """What a view of the page begins with, as JSON. Raises `ValueError` where only the kernel could move it."""
    view, controls, found = part
    moved = any(control.row for control in controls.values())
    if moved and found.departure:
        raise ValueError(
            f"a page without a kernel would answer wrongly: {found.departure}; "
            "what is shown now can be saved as a picture: draw(root).save('graph.svg')"
        )
    if moved and view.records is not view.whole:
        raise ValueError(
            "a folded graph is unfolded by the kernel alone; without folds, fold=False, the page needs none"
        )
    if moved and (view.own or not view.alive):
        raise ValueError(
            "only a graph of cgviz's own Value, whose operations the page knows, can be moved without a kernel; "
            "this one can be saved as a picture: draw(root).save('graph.svg')"
        )
    return within_script(write_numbers(numbers_of(view, controls, found.caveat, moves=not found.departure)))
