"""A live view as one page of its own: no notebook, no kernel, no network; its sliders answer all the same."""

from __future__ import annotations

from html import escape

from . import javascript
from .controls.control import Control
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
<main class="cg-explorer"><h1>{title}</h1><div class="cg-here"></div></main>
<noscript>{picture}</noscript>
<script type="application/json" id="cg-numbers">{numbers}</script>
<script type="module">
{script}
</script>
</body>
</html>
"""


def to_html(view: GraphView, controls: dict[str, Control], title: str) -> str:
    """The page as text. Raises `ValueError` for a graph that only the kernel can compute, if it has sliders.

    >>> from cgviz import explore
    >>> text = explore("a*b", a=2, b=3).to_html("Two numbers")
    >>> "<title>Two numbers</title>" in text, "https://" in text
    (True, False)
    """
    if controls and view.records is not view.whole:
        raise ValueError("a folded graph is moved by the kernel alone; without folds, fold=False, the page can do it")
    if controls and not view.alive:
        raise ValueError(
            "only a graph of cgviz's own Value, whose operations the page knows, can be moved without a kernel; "
            "this one can be saved as a picture: draw(root).save('graph.svg')"
        )
    numbers = numbers_of(view, controls)
    numbers["widgets"][view.toolbox.removeprefix("IPY_MODEL_")] = {"tools": pack(javascript.part("tools"))}
    return PAGE.format(
        policy=POLICY,
        title=escape(title),
        style=javascript.style(*view.styles, "standalone.css"),
        picture=view.svg,
        numbers=within_script(write_numbers(numbers)),
        script=within_script(javascript.script(view.script)),
    )
