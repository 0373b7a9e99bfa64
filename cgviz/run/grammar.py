"""What may stand in an expression: numbers, names, operators and known functions; all else is refused in a sentence."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from math import isfinite
from typing import Any

from ..ops.domain import LETTERS
from ..ops.rows import FUNCTIONS, OPS
from ..text import shorten

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


def read_statement(statement: ast.stmt, last: bool) -> tuple[str, ast.expr]:
    """The name that a step assigns, if any, and its expression. Raises `ExpressionError` for any other statement."""
    if isinstance(statement, ast.Expr) and last:
        return "", statement.value
    if isinstance(statement, ast.Expr):
        raise ExpressionError("only the last step may stand without a name; write each as 'name = …'")
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return target.id, statement.value
    raise ExpressionError(f"a step is 'name = expression', found {ast.unparse(statement)[:40]!r}")


def check_parts(
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


def _place(tree: Any) -> str:
    return f" at character {tree.col_offset + 1}" + (f" of line {tree.lineno}" if tree.lineno > 1 else "")
