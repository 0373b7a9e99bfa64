"""Read any graph of computations into plain records: the only code that touches somebody's objects.

A node is any object with a number, and with its operands if it was computed. How it spells them
does not matter: the tables below list the spellings that are understood. A field that is missing
stays empty in the record, and the picture leaves that cell out, so a class of three lines draws.
"""

from .array_summary import ArraySummary, brief, summarize
from .discovery import in_order, objects
from .engine_rules import read_with_rules
from .fields import field_of_gradient, field_of_number, is_node, row_of, value_of
from .given_names import Names, identity, is_model, read_names
from .operands import operands_of
from .order import CycleError
from .protocols import NodeLike
from .reading import outlines, read_whole, trace
from .records import CONSTANT, LEAF, OPERATION_NODE, Edge, Graph, Group, Node
from .spellings import DATA, GRAD, LABEL, OPERANDS, OPERATION
from .tensors import is_from_torch
from .unread_operands import explain_missing_operands, explain_unread
from .writing import forget_gradients, write

__all__ = [
    "CONSTANT",
    "DATA",
    "GRAD",
    "LABEL",
    "LEAF",
    "OPERANDS",
    "OPERATION",
    "OPERATION_NODE",
    "ArraySummary",
    "CycleError",
    "Edge",
    "Graph",
    "Group",
    "Names",
    "Node",
    "NodeLike",
    "brief",
    "explain_missing_operands",
    "explain_unread",
    "field_of_gradient",
    "field_of_number",
    "forget_gradients",
    "identity",
    "in_order",
    "is_from_torch",
    "is_model",
    "is_node",
    "objects",
    "operands_of",
    "outlines",
    "read_names",
    "read_whole",
    "read_with_rules",
    "row_of",
    "summarize",
    "trace",
    "value_of",
    "write",
]
