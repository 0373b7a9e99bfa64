"""How classes spell what a node has: its number, its gradient, its operands, its operation and its label.

The tables list the spellings that are understood; of several the first counts. Every other module asks here.
"""

from __future__ import annotations

from .attributes import Spellings

DATA = Spellings("data", "value", "output")
NUMBERS = Spellings("v", "val", "_value", "_val", "_data", "array", "_array", "num", "number", "cached_data")
"""Other names of the number: believed where there is a number or an array in them, for much else is called so."""

GRAD = Spellings(
    *("grad", "backwards_grad", "gradients", "gradient", "_grad", "_gradient", "derivative", "_derivative"),
    *("adjoint", "_adjoint", "der", "deriv", "adj", "grad_value", "gradient_value", "bar"),
)
OPERANDS = Spellings("_prev", "prevs", "input_nodes", "parents", "_children")
LOCALS = Spellings(
    *("_local_grads", "local_grads", "_local_gradients", "local_gradients", "_local_derivatives", "local_derivatives"),
    *("_local_grad", "local_grad", "_local_gradient", "local_gradient", "_local_derivative", "local_derivative"),
    *("_grads_local", "grads_local", "_backward_grads", "backward_grads", "_locals", "_partials", "partials"),
    *("_derivatives", "_jacobians"),
)
"""Where a class records the local derivatives of an operation, one for each operand, or each beside its operand."""

OTHER_OPERANDS = Spellings(
    *("_parents", "_prevs", "prev_", "prev", "inputs", "_inputs", "operands", "_operands", "creators"),
    *("_creators", "depends_on", "_depends_on", "dependencies", "deps", "_deps", "args", "_args", "arguments", "src"),
    *("srcs", "_src", "sources", "_in", "in_", "ins", "in_nodes", "parent_nodes", "prev_nodes", "child_nodes"),
    *("previous", "predecessors", "preds", "incoming", "input_tensors", "input_variables", "input", "_input"),
    *LOCALS,
    "children",
)
"""Other names of the operands: believed where there are nodes in them, for much else is called so.

Under those of local derivatives, where there is one beside each.
"""

RECORDS = Spellings(
    *("creator", "_creator", "creator_node", "history", "_history", "_ctx", "ctx", "context", "recipe", "_recipe"),
    *("operation", "_operation", "grad_fn", "_grad_fn", "op", "_op", "func", "_func", "fn", "_fn"),
    *("function", "_function"),
    *("node", "_node", "origin", "producer", "owner", "src_op", "created_by", "backward_fn", "_backward_fn"),
)
"""Where a class keeps the object that made a node, which has the operands: ``creator.inputs``, ``_ctx.parents``."""

ALL_OPERANDS = Spellings(*OPERANDS, *OTHER_OPERANDS)
"""The plainest names of the operands and the others."""

ELSEWHERE = Spellings(*(name for name in OTHER_OPERANDS if name not in LOCALS.places), *RECORDS)
"""Where operands may be that are not under the plainest names, nor among local derivatives."""

OF_RECORDS = Spellings(*ALL_OPERANDS, "variables", "tensors")
"""The names of the operands on such an object."""

SIDES = (("left", "right"), ("lhs", "rhs"), ("a", "b"), ("x", "y"), ("operand",), ("arg",), ("x",), ("a",), ("child",))
"""Operands each with a name of its own: believed of an operation that is known and takes as many."""

OPERATION = Spellings(
    *("_op", "op", "operation", "_operation", "op_name", "_op_name", "opname", "operator", "op_type", "_op_type"),
    *("creation_op", "_creation_op", "op_symbol", "func_name", "fn_name"),
)
LABEL = Spellings("label", "name")
LOCAL = ("local_grad", "local_gradient", "local_derivative", "local", "derivative", "partial", "weight", "w", "d")
"""What an edge calls the local gradient that it carries."""
