"""How long a view lives: with it goes everything that it has made, and it goes when its cell is run again.

ipywidgets keeps every widget until it is closed, and a view is some thirty of them: controls, boxes, layouts, styles.
In a notebook a view belongs to the cell that made it. When that cell is run again its old output is gone, and so are
its views, but for those that a variable of the notebook still holds, or a list there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from weakref import WeakSet

import ipywidgets

HISTORY = ("In", "Out", "_", "__", "___", "_oh", "_ih", "_dh")
"""Variables of IPython's own, which hold what cells have shown."""

_made: dict[str, WeakSet[Lasting]] = {}
_heard: WeakSet[Any] = WeakSet()


class Lasting(ipywidgets.DOMWidget):
    """A view that takes with it what it has made, and belongs to the cell that made it."""

    def open(self) -> None:
        """Show it in the page from now on; the cell that does so is told."""
        super().open()
        _enter(self)

    def close(self) -> None:
        """Close it, and all the widgets that it has made; those that it was given stay."""
        parts = [*self._parts()]
        super().close()
        for part in parts:
            part.close()

    def _given(self) -> Iterable[Any]:
        """The widgets that it was given."""
        return ()

    def _parts(self) -> Iterator[ipywidgets.Widget]:
        yield from list_parts(self, self._given())


def list_parts(widget: Any, given: Iterable[Any] = ()) -> Iterator[ipywidgets.Widget]:
    """The widgets that a widget holds, at any depth, with their layouts and styles; not those that were `given`."""
    met = {id(widget), *map(id, given)}
    waiting = [widget]
    while waiting:
        holder = waiting.pop()
        held = [getattr(holder, "layout", None), getattr(holder, "style", None), *getattr(holder, "children", ())]
        for part in held:
            if isinstance(part, ipywidgets.Widget) and id(part) not in met:
                met.add(id(part))
                waiting.append(part)
                yield part


def is_kept(view: Any) -> bool:
    """Whether a variable of the notebook holds a view or a part of it, or a list or dict there does."""
    wanted = {id(view), *map(id, list_parts(view))}
    for name, held in list(_names().items()):
        if name in HISTORY or (name[:1] == "_" and name[1:].isdecimal()):
            continue
        inside = held.values() if isinstance(held, dict) else held if isinstance(held, (list, tuple, set)) else ()
        if id(held) in wanted or any(id(one) in wanted for one in list(inside)):
            return True
    return False


def _shell() -> Any:
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


def _names() -> dict[str, Any]:
    return getattr(_shell(), "user_ns", {})


def read_cell() -> str:
    """The id of the cell that is running, as notebooks tell it with the request to run it; ``""`` elsewhere."""
    with suppress(Exception):  # other hosts have other shells
        return str(_shell().get_parent()["metadata"]["cellId"])
    return ""


def _enter(view: Lasting) -> None:
    """Remember which cell has made a view, and see to it that they end together."""
    cell, shell = read_cell(), _shell()
    if not cell:
        return
    if shell not in _heard:
        _heard.add(shell)
        shell.events.register("pre_run_cell", lambda *info: begin())
        shell.events.register("post_run_cell", lambda *result: end())
        _old.clear()
    _made.setdefault(cell, WeakSet()).add(view)


_old: dict[str, list[Lasting]] = {}


def begin() -> None:
    """Put aside the views of the last run of the cell that begins to run."""
    if cell := read_cell():
        _old[cell] = [*_old.get(cell, ()), *_made.pop(cell, ())]


def end() -> None:
    """Close those that nothing in the notebook holds any more, now that the cell has run."""
    cell = read_cell()
    views = _old.pop(cell, ())
    kept = [view for view in views if is_kept(view)]
    stay = {id(view) for view in kept}.union(id(part) for view in kept for part in list_parts(view))
    for view in views:
        if id(view) in stay:
            _made.setdefault(cell, WeakSet()).add(view)
        else:
            view.close()
