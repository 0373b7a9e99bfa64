"""A live view as one page of its own: no notebook, no kernel, no network; its sliders answer all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from . import javascript
from .controls.fixed import Fixed
from .page_numbers import numbers_of, pack, within_script, write_numbers
from .view import GraphView

POLICY = "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; img-src data: blob:"
"""The page may run what stands in it, and ask nobody for anything."""

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
<script type="module">
{script}
</script>
</body>
</html>
"""


ONE = """\
<main class="cg-explorer"><h1>{title}</h1><div class="cg-here"></div></main>
<noscript>{picture}</noscript>
<script type="application/json">{numbers}</script>"""

COLUMN = """\
<section class="cg-column cg-explorer">{head}<div class="cg-here"></div><noscript>{picture}</noscript>
<script type="application/json">{numbers}</script></section>"""


def to_html(view: GraphView, controls: Mapping[str, Fixed], title: str) -> str:
    """The page as text. Raises `ValueError` for a graph that only the kernel can compute, if it has sliders.

    >>> from cgviz import explore
    >>> text = explore("a*b", a=2, b=3).to_html("Two numbers")
    >>> "<title>Two numbers</title>" in text, "https://" in text
    (True, False)
    """
    found = ONE.format(title=escape(title), picture=view.svg, numbers=_numbers(view, controls))
    return _page([view], found, title)


def write_page(parts: Sequence[tuple[GraphView, Mapping[str, Fixed]]], title: str, heads: Sequence[str]) -> str:
    """A page of several views of one kind side by side, each with its head. Raises `ValueError` as `to_html` does."""
    columns = [
        COLUMN.format(head=f"<h2>{escape(head)}</h2>" * bool(head), picture=view.svg, numbers=_numbers(view, controls))
        for (view, controls), head in zip(parts, heads, strict=True)
    ]
    found = f'<main><h1>{escape(title)}</h1><div class="cg-columns">\n{chr(10).join(columns)}\n</div></main>'
    return _page([view for view, _ in parts], found, title)


def _page(shown: Sequence[GraphView], views: str, title: str) -> str:
    return PAGE.format(
        policy=POLICY,
        title=escape(title),
        style=javascript.style(*shown[0].styles, "standalone.css"),
        views=views,
        tools=pack(javascript.part("tools")),
        script=within_script(javascript.script(shown[0].script)),
    )


def _numbers(view: GraphView, controls: Mapping[str, Fixed]) -> str:
    """What a view of the page begins with, as JSON. Raises `ValueError` where only the kernel could move it."""
    moved = any(control.row for control in controls.values())
    if moved and view.records is not view.whole:
        raise ValueError(
            "a folded graph is unfolded by the kernel alone; without folds, fold=False, the page needs none"
        )
    if moved and (view.own or not view.alive):
        raise ValueError(
            "only a graph of cgviz's own Value, whose operations the page knows, can be moved without a kernel; "
            "this one can be saved as a picture: draw(root).save('graph.svg')"
        )
    return within_script(write_numbers(numbers_of(view, controls)))
