"""What a function computed, as one box: `group` marks it, `fold` makes the smaller graph."""

from ..graph.module_calls import modules
from .grouping import fold, group, kinds
from .recording import grouped

__all__ = ["fold", "group", "grouped", "kinds", "modules"]
