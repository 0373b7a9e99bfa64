"""Expressions typed as text: parsed by Python's own grammar, checked against the rows, never evaluated as code."""

from __future__ import annotations

import ast
import operator
import re
import tokenize
import warnings
from collections.abc import Callable
from math import isfinite
from typing import Any

from ..ops.domain import LETTERS
from ..ops.op import Op
from ..ops.rows import FUNCTIONS, OPS
from ..text import kind, shorten
from .long_chains import parse_in_pieces

OPERATORS: dict[type, tuple[str, Callable]] = {
    ast.Add: ("add", operator.add),
    ast.Sub: ("sub", operator.sub),
    ast.Mult: ("mul", operator.mul),
    ast.Div: ("div", operator.truediv),
    ast.Pow: ("power", operator.pow),
    ast.USub: ("neg", operator.neg),
    ast.UAdd: ("", operator.pos),  # written, but nothing is computed
}

ALIASES = {"max": "maximum", "min": "minimum", "ln": "log", "atan": "arctan"}
CALLABLE = FUNCTIONS | {short: OPS[name] for short, name in ALIASES.items()}

FORBIDDEN: dict[type, str] = {
    ast.Attribute: "attribute access",
    ast.Subscript: "indexing",
    ast.Compare: "a comparison",
    ast.BoolOp: "and/or",
    ast.Lambda: "lambda",
    ast.IfExp: "if/else",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.NamedExpr: ":=",
    ast.List: "a list",
    ast.Tuple: "a comma",
    ast.Dict: "a dictionary",
    ast.Set: "a set",
    ast.JoinedStr: "text",
    ast.Starred: "*",
    ast.Await: "await",
}

PRODUCT = "; a product is written a*b"


class ExpressionError(ValueError):
    """A text that is not an expression of numbers, names, operators and known functions."""


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
            label, value = _statement(statement, statement is body[-1])
            parts: list[ast.expr] = []
            _check(value, pieces, assigned, names, parts)
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


def _statement(statement: ast.stmt, last: bool) -> tuple[str, ast.expr]:
    if isinstance(statement, ast.Expr) and last:
        return "", statement.value
    if isinstance(statement, ast.Expr):
        raise ExpressionError("only the last step may stand without a name; write each as 'name = …'")
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return target.id, statement.value
    raise ExpressionError(f"a step is 'name = expression', found {ast.unparse(statement)[:40]!r}")


def _check(
    tree: ast.expr, pieces: dict[str, ast.expr], assigned: set[str], names: dict[str, None], parts: list[ast.expr]
) -> None:
    """Refuse everything but numbers, names, arithmetic and calls of known functions.

    Collects the names of the leaves, and the parts of the expression in the order of their computation. (Without
    recursion: a sum of thousands of terms is as deep.)
    """
    waiting: list[tuple[ast.expr, bool]] = [(tree, False)]
    while waiting:
        part, ready = waiting.pop()
        if ready:
            parts.append(part)
        elif isinstance(part, ast.Name) and part.id in pieces:
            waiting.append((pieces[part.id], False))
        else:
            operands = _check_part(part, assigned, names)
            if not (isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.UAdd)):
                waiting.append((part, True))
            waiting.extend((operand, False) for operand in reversed(operands))


def _check_part(tree: ast.expr, assigned: set[str], names: dict[str, None]) -> list[ast.expr]:
    """Refuse a part that is not allowed; give its operands."""
    if isinstance(tree, ast.Name):
        if tree.id in CALLABLE:
            raise ExpressionError(f"'{tree.id}' is a function: write {tree.id}(…)")
        if tree.id not in assigned:
            names[tree.id] = None
    elif isinstance(tree, ast.Constant):
        if isinstance(tree.value, bool) or not isinstance(tree.value, (int, float)):
            found = f"the text {shorten(repr(tree.value))}" if isinstance(tree.value, str) else ast.unparse(tree)[:40]
            raise ExpressionError(f"expected a number, found {found}{_place(tree)}")
        try:
            finite = isfinite(float(tree.value))
        except OverflowError:
            finite = False
        if not finite:  # Python reads 1e400 as an infinity
            raise ExpressionError(f"a number is too large for a float{_place(tree)}")
    elif isinstance(tree, ast.Call):
        _check_call(tree)
        return tree.args
    elif isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitXor):
        raise ExpressionError(f"a power is written ** here, not ^{_place(tree)}")
    elif isinstance(tree, (ast.BinOp, ast.UnaryOp)) and type(tree.op) in OPERATORS:
        return [tree.operand] if isinstance(tree, ast.UnaryOp) else [tree.left, tree.right]
    else:
        found = FORBIDDEN.get(type(tree)) or repr(ast.unparse(tree)[:40])
        raise ExpressionError(
            f"an expression is made of numbers, names, + - * / ** and functions such as sin(x); "
            f"found {found}{_place(tree)}"
        )
    return []


def _check_call(tree: ast.Call) -> None:
    if not isinstance(tree.func, ast.Name):
        found = "attribute access" if isinstance(tree.func, ast.Attribute) else "a call"
        raise ExpressionError(f"only functions such as sin(x) can be called, found {found}{_place(tree)}{PRODUCT}")
    op = CALLABLE.get(tree.func.id)
    if op is None:
        known = ", ".join(sorted(FUNCTIONS))
        raise ExpressionError(f"unknown function '{shorten(tree.func.id)}'{_place(tree)} (known are {known}{PRODUCT})")
    if tree.keywords or len(tree.args) != op.arity or any(isinstance(a, ast.Starred) for a in tree.args):
        example = f"{tree.func.id}({', '.join(LETTERS[op.arity])})"
        raise ExpressionError(f"{tree.func.id} is written {example}, found {ast.unparse(tree)[:40]!r}{_place(tree)}")


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


def _place(tree: Any) -> str:
    return f" at character {tree.col_offset + 1}" + (f" of line {tree.lineno}" if tree.lineno > 1 else "")


def _line(error: SyntaxError, text: str) -> str:
    line = (error.text or text).strip()
    product = error.msg == "invalid decimal literal" and re.search(r"[0-9][A-Za-z]", line)  # 2a, as on paper
    return f"{shorten(line, 60)!r} ({'a product is written a*b' if product else error.msg})"
