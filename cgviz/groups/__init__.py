"""What a function computed, as one box: `group` marks it, `fold` makes the smaller graph."""

from .grouping import fold, group, kinds

__all__ = ["fold", "group", "kinds"]
