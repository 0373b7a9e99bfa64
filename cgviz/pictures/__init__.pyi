# Written from `_HOMES` by `python -m cgviz.live.javascript`. Do not edit.

from .array_pictures import picture_broadcast as picture_broadcast
from .array_pictures import picture_product as picture_product
from .bar_chart import BarChart as BarChart
from .chart import Axis as Axis
from .chart import Chart as Chart
from .digraph import draw_dot as draw_dot
from .dot_fallback import Digraph as Digraph
from .film_of_graph import film as film
from .function_charts import plot_curves as plot_curves
from .function_charts import plot_levels as plot_levels
from .function_charts import plot_sides as plot_sides
from .heat_map import HeatMap as HeatMap
from .picture import Picture as Picture
from .picture import draw as draw
from .picture import inline as inline
from .plot import boundary as boundary
from .plot import losses as losses
from .svg import to_svg as to_svg
from .tables import table as table

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
