# Written from `_HOMES` by `python -m cgviz.live.javascript`. Do not edit.

from .descent_log import DescentLog as DescentLog
from .descent_view import Descent as Descent
from .descent_view import descend as descend
from .drawing_board import board as board
from .explorer import Explorer as Explorer
from .explorer import explore as explore
from .side_by_side import Comparison as Comparison
from .side_by_side import compare as compare
from .tile_panel import TilePanel as TilePanel
from .tile_panel import bars as bars
from .tile_panel import matrix as matrix
from .trainer import Trainer as Trainer
from .trainer import watch_training as watch_training
from .tuning import Tuning as Tuning
from .tuning import tune as tune
from .view import GraphView as GraphView

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
