"""What a function computed, as one box: `group` marks it, `fold` makes the smaller graph."""

from ..graph.module_calls import module_groups
from .grouping import fold, group, kinds
from .recording import grouped

__all__ = ["fold", "group", "grouped", "kinds", "module_groups"]
