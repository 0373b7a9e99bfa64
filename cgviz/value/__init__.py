"""The scalar of the lessons: `value.py` is the class, and the other modules are what it does besides computing."""

from .backward import CONSTANT, LEAF, MOVED, forget, push_all, set_numbers
from .copying import restore
from .creation import listen
from .leaves import join, stand_in, tell, watch
from .own_operation import Operands
from .refusals import real_number, refuse
from .subclasses import new
from .value import Value

__all__ = [
    "CONSTANT",
    "LEAF",
    "MOVED",
    "Operands",
    "Value",
    "forget",
    "join",
    "listen",
    "new",
    "push_all",
    "real_number",
    "refuse",
    "restore",
    "set_numbers",
    "stand_in",
    "tell",
    "watch",
]
