"""Pictures of graphs, drawn from the plain records of `cgviz.graph` and from nothing else.

The package can be called, so that ``cgviz.draw`` is a function for those who draw and a package for those who
build on it: ``draw(L)`` is `cgviz.draw.picture.draw(L)`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_HOME = {"draw": "picture", "Picture": "picture", "draw_dot": "dot", "table": "tables", "to_svg": "svg"}
__all__ = ["Picture", "draw", "draw_dot", "table", "to_svg"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = found
    return found


class _Callable(ModuleType):
    def __call__(self, root: Any, format: str | None = None, rankdir: str = "LR", **options: Any) -> Any:
        """Draw the graph of `root`: see `cgviz.draw.picture.draw`."""
        from .picture import draw

        return draw(root, format, rankdir, **options)


sys.modules[__name__].__class__ = _Callable
