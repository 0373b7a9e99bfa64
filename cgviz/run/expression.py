"""Expressions typed as text: parsed by Python's own parser, checked against the rows, never evaluated as code."""

from __future__ import annotations

import ast
import re
import tokenize
import warnings
from typing import Any

from ..ops.op import Op
from ..ops.rows import OPS
from ..text import kind, shorten
from .grammar import CALLABLE, OPERATORS, ExpressionError, check_parts, read_statement
from .long_chains import parse_in_pieces


class Expression:
    """A parsed expression, callable with a node (of any class) for each of its names.

    Python's own operators are applied, so a learner's class computes with its own ``__add__``;
    functions are the class's own methods where it has them, and otherwise the library's.

    `names` are the leaves in order of appearance. Names that are assigned become labels.

    >>> from cgviz import Value
    >>> f = parse("e = a*b; L = e + 1")
    >>> f.names
    ('a', 'b')
    >>> f(a=Value(2.0, "a"), b=Value(-3.0, "b"))
    Value(L: -5.0)
    """

    def __init__(self, text: str, names: tuple[str, ...], steps: list[tuple[str, list[ast.expr]]]) -> None:
        self.text, self.names, self._steps = text, names, steps

    def __repr__(self) -> str:
        return f"<expression {shorten(self.text, 60)}>"

    def __call__(self, /, **leaves: Any) -> Any:
        """Compute the graph; the result is its root. Raises whatever the class raises."""
        known = dict(leaves)
        for label, parts in self._steps:
            known[label] = result = _compute(parts, known)
            if label and getattr(result, "label", None) == "":
                result.label = label
        return result


def _compute(parts: list[ast.expr], known: dict[str, Any]) -> Any:
    """Compute an expression whose parts stand in the order of their computation, operands first."""
    stack: list[Any] = []
    for part in parts:
        if isinstance(part, ast.Name):
            stack.append(known[part.id])
        elif isinstance(part, ast.Constant):
            stack.append(part.value)
        else:
            count = 1 if isinstance(part, ast.UnaryOp) else len(part.args) if isinstance(part, ast.Call) else 2
            operands = stack[-count:]
            stack[-count:] = [_apply(part, operands)]
    return stack.pop()


def _apply(part: ast.expr, operands: list[Any]) -> Any:
    if isinstance(part, ast.Call):
        return call(CALLABLE[part.func.id], operands)  # type: ignore[attr-defined]  # a name, as `parse` has seen
    name, apply = OPERATORS[type(part.op)]  # type: ignore[attr-defined]
    if all(isinstance(x, (int, float)) for x in operands):
        return OPS[name](*map(float, operands))
    return apply(*operands)


def parse(text: str, output: str = "L") -> Expression:
    """Parse ``"(a*b + c)*d"``, or several steps: ``"e = a*b; f = e + c; L = f*d"`` (or one a line).

    The last step is the result; if it has no name it is called `output`, unless a leaf is called so.

    Raises `ExpressionError`, saying what was found, where, and what is allowed.
    """
    if not isinstance(text, str):
        raise ExpressionError(f"an expression is a text such as '(a*b + c)*d', got {kind(text)}")
    try:
        tree, pieces = _parse_whole(text.strip())
        body = tree.body
    except SyntaxError as error:
        place = f" at character {error.offset}" if error.offset else ""
        raise ExpressionError(f"cannot read the expression{place}: {_line(error, text)}") from None
    except (RecursionError, MemoryError):
        raise ExpressionError("the expression is nested too deeply") from None
    except ValueError:  # null characters
        raise ExpressionError("the expression holds characters that are not text") from None
    if not body:
        raise ExpressionError("the expression is empty; an example is '(a*b + c)*d'")
    names: dict[str, None] = {}
    assigned: set[str] = set()
    steps: list[tuple[str, list[ast.expr]]] = []
    try:
        for statement in body:
            label, value = read_statement(statement, statement is body[-1])
            parts: list[ast.expr] = []
            check_parts(value, pieces, assigned, names, parts)
            if label in CALLABLE:
                raise ExpressionError(f"'{label}' is a function, so nothing can be assigned to it")
            if label in names or label in assigned:
                raise ExpressionError(
                    f"'{shorten(label)}' is assigned after it was used; each name stands for one node"
                )
            steps.append((label, parts))
            assigned.add(label)
    except RecursionError:
        raise ExpressionError("the expression is nested too deeply") from None
    if not names:
        raise ExpressionError("the expression has no names, so there is nothing to vary; an example is 'a*2 + 1'")
    label, parts = steps[-1]
    if not label and len(parts) > 1:
        steps[-1] = ("" if output in names or output in assigned else output), parts
    return Expression(text, tuple(names), steps)


def _parse_whole(text: str) -> tuple[ast.Module, dict[str, ast.expr]]:
    """The tree of a text, and by name the beginnings of sums and products that are too long for Python's parser."""
    try:
        return _parse(text), {}
    except (RecursionError, MemoryError):
        try:
            return parse_in_pieces(text, _parse)
        except tokenize.TokenError:  # a bracket that is not closed
            raise RecursionError from None


def _parse(text: str) -> ast.Module:
    """Python's own tree, its columns counted in characters and not, as Python does, in bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python thinks of "1if a else b": the sentence below is ours
        tree = ast.parse(text)
    if not text.isascii():
        columns = [_columns(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
        node: Any
        for node in ast.walk(tree):
            if hasattr(node, "col_offset"):
                node.col_offset = columns[node.lineno - 1][node.col_offset]
    return tree


def _columns(line: str) -> list[int]:
    """For each byte of a line, and for its end, the place of its character."""
    return [i for i, ch in enumerate(line) for _ in ch.encode()] + [len(line)]


def call(op: Op, xs: list[Any]) -> Any:
    """The class's own method, ``x.tanh()``, where it has one, else the library's row."""
    first = xs[0]
    if isinstance(first, (int, float)):
        return op(*xs)
    method = getattr(first, op.name, None) or (abs if op.name == "abs" and hasattr(first, "__abs__") else None)
    if method is None and not hasattr(first, "_apply"):
        raise TypeError(f"{type(first).__name__} has no method '{op.name}', which the expression uses")
    if method is None:
        return op(*xs)
    return method(first) if method is abs else method(*xs[1:])


def _line(error: SyntaxError, text: str) -> str:
    line = (error.text or text).strip()
    product = error.msg == "invalid decimal literal" and re.search(r"[0-9][A-Za-z]", line)  # 2a, as on paper
    return f"{shorten(line, 60)!r} ({'a product is written a*b' if product else error.msg})"
