"""The output of a cell that shows a widget: alive wherever the notebook goes, and a picture where nothing else can be.

It is HTML alone, for a notebook forgets its widgets, and what stands for them is then an error. The HTML is the still
picture and a script (``static/output.js``), which shows the widget itself where its kernel runs (a `Presence` says so),
else the page's own view where the page can compute the graph, else a sentence (``static/place.js``).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any
from weakref import WeakKeyDictionary

import anywidget
import ipywidgets
import traitlets

from ..text import literal
from . import javascript
from .controls.fixed import Fixed
from .fidelity import FAITHFUL, Fidelity
from .page_numbers import numbers_of, pack, within_script, write_numbers

SEEN = "The tools of this picture come when the cell is run in a notebook."


class Presence(anywidget.AnyWidget):
    """Tells the page that the widget `shown` lives, as long as it does. It shows nothing itself."""

    _esm = javascript.module("presence")
    shown = traitlets.Unicode(help="the id of the widget that outputs show").tag(sync=True)


_presences: WeakKeyDictionary[ipywidgets.DOMWidget, Presence] = WeakKeyDictionary()


def announce(widget: ipywidgets.DOMWidget) -> None:
    """Let the page know that a widget lives, until it is closed."""
    if widget.comm is None or ((there := _presences.get(widget)) is not None and there.comm is not None):
        return
    presence = _presences[widget] = Presence(shown=widget.model_id, layout=widget.layout)
    widget.observe(lambda change: presence.close() if change.new is None else None, "comm")


def needs_widget() -> bool:
    """Whether the host shows widgets apart from HTML, which it puts into a frame of its own: Colab and VS Code."""
    if "google.colab" in sys.modules:
        return True
    interactive = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return "__vsc_ipynb_file__" in getattr(interactive, "user_ns", ())


def bundle_for_colab(view: Any, bundle: dict[str, Any]) -> Any:
    """What a widget around a view is shown as: in Colab together with the manager that it loads for such widgets."""
    _, metadata = anywidget.AnyWidget._repr_mimebundle_(view) or ({}, {})
    return (bundle, metadata) if metadata else bundle


def bundle(
    widget: ipywidgets.DOMWidget,
    mime: Mapping[str, Any] | None,
    still: str,
    sentence: str,
    view: Any = None,
    controls: Mapping[str, Fixed] | None = None,
    found: Fidelity = FAITHFUL,
) -> Any:
    """What a widget is shown as: `mime` is how ipywidgets would do it, `still` its present state as HTML, `sentence`
    what is said where only a kernel can do more. With `controls` the page moves the `view` if it can, and if what
    was `found` of the function allows it.
    """
    text = repr(widget)
    still = still or literal(escape(text), tag="pre")
    if needs_widget():
        shown = {**(mime or {}), "text/plain": text, "text/html": literal(still)}
        return bundle_for_colab(view, shown) if view is not None else shown
    announce(widget)
    entry, call, arguments = "output", "wake", [sentence]
    if view is not None and controls is not None and ((view.alive and not view.own) or not controls):
        if found.departure:
            controls, arguments = None, [f"{sentence} Without one it would be wrong: {found.departure}."]
    else:
        controls = None
    if controls is not None:
        entry, call = "packed_output", "wakePacked"
        arguments = [
            "",
            *_code(view.script.replace("_page", "_output"), tuple(view.styles)),
            _numbers(view, controls, found.caveat),
        ]
    call = f"{call}(document.currentScript,{','.join(map(json.dumps, arguments))})"
    script = within_script(f"(()=>{{{javascript.script(entry)}\n{call}}})()")
    box = f'data-cgviz="{widget.model_id or ""}"'
    return {"text/plain": text, "text/html": literal(f"{still}<script>{script}</script>", "cg-output", box)}


@lru_cache(maxsize=8)
def _code(script: str, styles: tuple[str, ...]) -> tuple[str, str]:
    """What a page needs to show such views by itself, packed, and a name for it."""
    parts = {"script": javascript.module(script), "style": javascript.style(*styles), "tools": javascript.part("tools")}
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:8], pack(text)


def _numbers(view: Any, controls: Mapping[str, Fixed], caveat: str) -> str:
    """The numbers of a view, packed; they are the same whenever the cell is run."""
    text = write_numbers(numbers_of(view, controls, caveat))
    widgets = [view.toolbox.removeprefix("IPY_MODEL_")]
    for control in controls.values():
        widgets += control.states
    for number, name in enumerate(widgets):
        text = text.replace(name, str(number))
    return pack(text)
