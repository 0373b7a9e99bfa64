"""Pictures of graphs, drawn from the plain records of `cgviz.graph` and from nothing else."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "draw": "picture",
    "Picture": "picture",
    "draw_dot": "digraph",
    "table": "tables",
    "to_svg": "svg",
    "Digraph": "sketch",
}
__all__ = ["Digraph", "Picture", "draw", "draw_dot", "table", "to_svg"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = found
    return found
