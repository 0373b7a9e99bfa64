"""A graph recorded once and run again with other numbers, over arrays too: a data set, a curve, a surface.

from cgviz import Value
from cgviz.program import Program

a, b = Value(2, "a"), Value(-3, "b")
program = Program(a * b + a)
program(a=4).grad["b"]
"""

from .program import Program
from .result import Result

__all__ = ["Program", "Result"]
