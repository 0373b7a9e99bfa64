"""The widget that brings the page its JavaScript and its style sheets: one for all the views of a kernel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import anywidget
import ipywidgets
import traitlets

from . import javascript, modules

modules.read_ahead(javascript.STATIC.rglob("*.js"))


class Toolbox(ipywidgets.Widget):
    """Brings the view and its tools to the page: JavaScript and style sheets, once for all the views of a kernel.

    What only some views need, such as `descent`, is sent when the first of them is made.
    """

    view = traitlets.Unicode(help="the module of the view").tag(sync=True)
    descent = traitlets.Unicode(help="what the module of a descent has besides").tag(sync=True)
    tools = traitlets.Unicode(help="the tools and the other controls, for a view that is drawn").tag(sync=True)
    tiles = traitlets.Unicode(help="the module of a picture of tiles").tag(sync=True)
    view_style = traitlets.Unicode(help="the colours, and how sliders and views look").tag(sync=True)
    descent_style = traitlets.Unicode(help="how a descent looks").tag(sync=True)
    tiles_style = traitlets.Unicode(help="how a picture of tiles looks").tag(sync=True)
    _shared: Toolbox | None = None

    @classmethod
    def get_shared(cls) -> Toolbox:
        """The one toolbox; a new one if somebody has closed it."""
        if cls._shared is None or not _alive(cls._shared):
            cls._shared = cls()
            cls._shared.hold(("view", "tools"), ("view",))
        return cls._shared

    def hold(self, parts: Iterable[str], styles: Iterable[str]) -> None:
        """Bring these to the page from now on."""
        with self.hold_sync():
            for name in parts:
                self.set_trait(name, javascript.text_of(name))
            for name in styles:
                self.set_trait(f"{name}_style", javascript.style_of(name))


class Supplied(anywidget.AnyWidget):
    """A widget whose `parts` and `styles` come from the toolbox; a page that cannot get them there is sent them."""

    _esm = javascript.module("loader")

    toolbox = traitlets.Unicode(help="the widget that brings the JavaScript").tag(sync=True)
    me = traitlets.Unicode(help="its own id, by which its script finds the model that the page has of it").tag(
        sync=True
    )
    parts = traitlets.List(["view"], help="what the view is made of, one upon the other: traits of that widget").tag(
        sync=True
    )
    styles = traitlets.List(["view"], help="the style sheets that it wears, likewise").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        box = Toolbox.get_shared()
        box.hold(*(traits.get(name, ["view"]) for name in ("parts", "styles")))  # before the page hears of the view
        named = uuid4().hex  # the page has to know it from the first: what is said later may be lost
        super().__init__(toolbox=f"IPY_MODEL_{box.model_id}", me=named, model_id=named, **traits)
        self.on_msg(self._send_modules)

    def _send_modules(self, view: Any, said: Any, buffers: Any) -> None:
        """Send modules, and the style sheets with them, to a page that could not get them from the toolbox."""
        parts = said.get("wanted") if isinstance(said, dict) else None
        if isinstance(parts, list) and parts and all(part in javascript.PARTS for part in parts):
            styles = [javascript.style_of(name) for name in self.styles if name in javascript.SHEETS]
            self.send({"parts": parts, "texts": list(map(javascript.text_of, parts)), "styles": styles})


def _alive(widget: ipywidgets.Widget) -> bool:
    """Whether the page still has it; marimo closes the comms of a cell that is run again, and keeps the widgets."""
    return widget.comm is not None and not getattr(widget.comm, "_closed", False)
