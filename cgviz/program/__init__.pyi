# Written from `_HOMES` by `python -m cgviz.live.javascript`. Do not edit.

from .program import Program as Program
from .result import Result as Result

__all__ = [
    "Program",
    "Result",
]
