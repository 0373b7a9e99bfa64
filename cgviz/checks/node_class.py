"""The class of the nodes: whether it can be checked at all, and a sentence where it cannot."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from ..graph import Graph, NodeLike, is_node, value_of
from ..graph.agreement import is_float, rounding
from ..run.run import Run, leaf
from ..text import apart, kind, number, shorten

CALL = re.compile(r"missing \d+ required|takes .+ arguments? but|unexpected keyword argument|multiple values for")
"""What Python says of a call with other arguments than the function takes."""

SHARE = 0.372841
"""A leaf is asked for a number with digits of its own."""


def check_class(cls: Any, numbers: Mapping[str, Any]) -> None:
    """Raise `TypeError` in a sentence where `cls` makes no nodes of these numbers, or none is named for arrays."""
    if cls is not None and not callable(cls):
        raise TypeError(f"cls is the class of the nodes, such as cls=Value; got {kind(cls)}")
    if cls is not None and numbers:
        x = next(iter(numbers.values()))
        call = f"{class_name(cls)}({number(x)})"
        try:
            node = leaf(cls, "x", x)
        except Exception as error:  # whatever a learner's class raises
            text = f"{type(error).__name__}: {error}".removesuffix(": ")
            raise TypeError(f"cls: {call} has to make a node, but it raised {text}") from error
        if not is_node(node):
            raise TypeError(f"cls: expected a class of nodes, such as Value, but {call} is no node of a graph")
    if cls is None:
        for name, x in numbers.items():
            shape: Any = getattr(x, "shape", ())
            if isinstance(x, (list, tuple)) or shape:
                raise TypeError(
                    f"'{shorten(name)}' is an array: name a class that holds arrays, as in gradcheck(f, cls=Tensor, …)"
                )


def class_name(cls: Any) -> str:
    """What a class, or a function that makes nodes, is called in a sentence."""
    return getattr(cls, "__name__", None) or str(cls)


def wrong_call(cls: Any, error: TypeError) -> str:
    """What to say where a call within a class does not fit what is called; ``""`` for any other `TypeError`."""
    if not CALL.search(str(error)):
        return ""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = "where gradcheck calls it"
    if frame is not None and not frame.tb_frame.f_globals.get("__name__", "").startswith("cgviz."):
        where = f"in '{frame.tb_frame.f_code.co_name}', line {frame.tb_lineno}"
    name = class_name(cls)
    return f"{name} could not be run: {error}, {where}; give the call what is asked, or the parameter a default value"


def unfaithful(run: Run) -> str:
    """What to say of a class whose leaves do not hold the numbers that they are given: then no small step is taken."""
    name = class_name(run.cls)
    for x in run.inputs.values():
        if not (is_float(x) and math.isfinite(x)):
            continue
        given = float(x) + SHARE * max(1.0, abs(float(x)))
        try:
            held = value_of(leaf(run.cls, "x", given))
        except (ArithmeticError, ValueError):  # outside the domain
            continue
        if not is_float(held) or math.isclose(float(held), given, rel_tol=max(1e-9, 8 * rounding(held)), abs_tol=0.0):
            continue
        whole = math.isfinite(float(held)) and float(held).is_integer() and abs(given) < 2**50
        what = "makes whole numbers of its data" if whole else "does not keep the numbers that it is given"
        one, two = f"{given:.6g}", f"{float(held):.6g}"
        one, two = apart(given, float(held)) if one == two else (one, two)
        return f"{name} {what}: {name}({one}) holds {two}, so no small step can be taken"
    return ""


def no_backward(root: NodeLike, graph: Graph) -> str:
    """What to say of a class that computes no gradients (yet)."""
    kind = type(root).__name__
    if not callable(getattr(root, "backward", None)):
        return f"{kind} has no method backward, so there is no gradient to check"
    if not any(node.has_grad for node in graph.nodes):
        method = callable(getattr(root, "grad", None))
        lacks = "have a method grad and no attribute" if method else "have no attribute grad"
        return f"the nodes of class {kind} {lacks}, so there is no gradient to check"
    if all(node.grad is None for node in graph.nodes):
        return f"the backward of {kind} has left every gradient at 0: it should begin with 1 at the output"
    return ""
