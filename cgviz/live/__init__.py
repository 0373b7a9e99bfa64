"""Widgets: pictures that answer to sliders."""

from __future__ import annotations

from typing import Any

_HOMES = {
    "Comparison": "side_by_side",
    "Descent": "descent_view",
    "DescentLog": "descent_log",
    "Explorer": "explorer",
    "GraphView": "view",
    "compare": "side_by_side",
    "descend": "descent_view",
    "TilePanel": "tile_panel",
    "Trainer": "trainer",
    "Tuning": "tuning",
    "bars": "tile_panel",
    "board": "drawing_board",
    "explore": "explorer",
    "matrix": "tile_panel",
    "tune": "tuning",
    "watch_training": "trainer",
}
__all__ = [
    "Comparison",
    "Descent",
    "DescentLog",
    "Explorer",
    "GraphView",
    "TilePanel",
    "Trainer",
    "Tuning",
    "bars",
    "board",
    "compare",
    "descend",
    "explore",
    "matrix",
    "tune",
    "watch_training",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
