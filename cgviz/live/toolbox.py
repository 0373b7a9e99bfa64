"""The widget that brings the page its JavaScript: one for all the views of a kernel."""

from __future__ import annotations

import ipywidgets
import traitlets

from . import javascript, modules

modules.read_ahead(javascript.STATIC.rglob("*.js"))


class Toolbox(ipywidgets.Widget):
    """Brings the view and its tools to the page: their JavaScript, once for all the views of a kernel.

    What only some views need, such as `descent`, is sent when the first of them is made.
    """

    view = traitlets.Unicode(help="the module of the view").tag(sync=True)
    descent = traitlets.Unicode(help="what the module of a descent has besides").tag(sync=True)
    tools = traitlets.Unicode(help="the tools and the other controls, for a view that is drawn").tag(sync=True)
    _shared: Toolbox | None = None

    @classmethod
    def get_shared(cls) -> Toolbox:
        """The one toolbox; a new one if somebody has closed it."""
        if cls._shared is None or not _alive(cls._shared):
            cls._shared = cls(view=javascript.module(), tools=javascript.part("tools"))
        return cls._shared


def _alive(widget: ipywidgets.Widget) -> bool:
    """Whether the page still has it; marimo closes the comms of a cell that is run again, and keeps the widgets."""
    return widget.comm is not None and not getattr(widget.comm, "_closed", False)
