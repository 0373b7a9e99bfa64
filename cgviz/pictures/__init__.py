"""Pictures of graphs, drawn from the plain records of `cgviz.graph` and from nothing else."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Axis": "chart",
    "BarChart": "bar_chart",
    "Chart": "chart",
    "Digraph": "dot_fallback",
    "HeatMap": "heat_map",
    "Picture": "picture",
    "boundary": "plot",
    "draw": "picture",
    "draw_dot": "digraph",
    "film": "film_of_graph",
    "inline": "picture",
    "losses": "plot",
    "picture_broadcast": "array_pictures",
    "picture_product": "array_pictures",
    "plot_curves": "function_charts",
    "plot_levels": "function_charts",
    "plot_sides": "function_charts",
    "table": "tables",
    "to_svg": "svg",
}
__all__ = [
    "Axis",
    "BarChart",
    "Chart",
    "Digraph",
    "HeatMap",
    "Picture",
    "boundary",
    "draw",
    "draw_dot",
    "film",
    "inline",
    "losses",
    "picture_broadcast",
    "picture_product",
    "plot_curves",
    "plot_levels",
    "plot_sides",
    "table",
    "to_svg",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = found
    return found
