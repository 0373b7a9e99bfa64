"""A live view as one page of its own: no notebook, no kernel, no network; its sliders answer all the same."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import anywidget
import ipywidgets

from . import javascript
from .controls.control import Control
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
    numbers["widgets"][view.toolbox.removeprefix("IPY_MODEL_")] = {"tools": javascript.part("tools")}
    return PAGE.format(
        policy=POLICY,
        title=escape(title),
        style=javascript.style(*view.styles, "standalone.css"),
        picture=view.svg,
        numbers=within_script(write_numbers(numbers)),
        script=within_script(javascript.script(view.script)),
    )


def numbers_of(view: GraphView, controls: dict[str, Control]) -> dict[str, Any]:
    """What a page without a kernel has to know of a view, and of the widgets that move it; the picture it has."""
    widgets = {control.slider.model_id: _slider(control.slider) for control in controls.values()}
    widgets |= {control.box.model_id: {"value": control.box.value} for control in controls.values()}
    traits = set(view.traits(sync=True)) - set(anywidget.AnyWidget.class_traits(sync=True)) - {"_esm", "_css", "svg"}
    return {"view": {name: getattr(view, name) for name in sorted(traits)}, "widgets": widgets}


def write_numbers(numbers: dict[str, Any]) -> str:
    """The numbers as JSON; it always begins in the same way."""
    return json.dumps(numbers, ensure_ascii=False, allow_nan=False)


def _slider(slider: ipywidgets.Widget) -> dict[str, Any]:
    names = ("value", "min", "max", "step", "base")
    numbers = {name: float(getattr(slider, name)) for name in names if getattr(slider, name, None) is not None}
    return numbers | ({"whole": True} if isinstance(slider.value, int) else {})


def within_script(text: str) -> str:
    """Nothing in a script may look like its end."""
    return text.replace("<", "\\u003c") if text.startswith("{") else text.replace("</script", "<\\/script")
