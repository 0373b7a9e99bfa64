"""Which statement of a function is at work: its target, its expression and the loops around it, from the source."""

from __future__ import annotations

import ast
import linecache
from functools import lru_cache
from types import CodeType
from typing import NamedTuple


class Loop(NamedTuple):
    """A loop around a statement: where it begins, and the names of its variables (none of ``while``)."""

    at: tuple[int, int]
    names: tuple[str, ...]


class Statement(NamedTuple):
    """A simple statement: where it begins and ends, what it assigns to, of what expression, within which loops."""

    start: tuple[int, int]
    end: tuple[int, int]
    target: str
    expression: str
    loops: tuple[Loop, ...]


@lru_cache
def statements_of(code: CodeType) -> tuple[tuple[int, ...], tuple[Statement, ...]]:
    """For each instruction of a function the place of its statement, or -1; and the statements of its file."""
    found = _read("".join(linecache.getlines(code.co_filename)))
    places = []
    for line, last, column, end in code.co_positions():
        best = -1
        if line is not None and column is not None and last is not None and end is not None:
            for k, one in enumerate(found):
                inside = one.start <= (line, column) and (last, end) <= one.end
                if inside and (best < 0 or found[best].start < one.start):
                    best = k
        places.append(best)
    return tuple(places), found


@lru_cache
def _read(source: str) -> tuple[Statement, ...]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ()
    found: list[Statement] = []

    def visit(node: ast.AST, loops: tuple[Loop, ...]) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            loops = ()
        for child in ast.iter_child_nodes(node):
            inner = loops
            if isinstance(node, (ast.For, ast.While)) and child in node.body:
                target = node.target if isinstance(node, ast.For) else None
                names = tuple(n.id for n in ast.walk(target) if isinstance(n, ast.Name)) if target else ()
                inner = (*loops, Loop((node.lineno, node.col_offset), names))
            if isinstance(child, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)) and child.value:
                found.append(_describe(child, child.value, inner))
            visit(child, inner)

    visit(tree, ())
    return tuple(found)


def _describe(node: ast.stmt, value: ast.expr, loops: tuple[Loop, ...]) -> Statement:
    target = ""
    if isinstance(node, ast.Assign):
        target = ", ".join(ast.unparse(one) for one in node.targets)
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        target = ast.unparse(node.target)
    elif isinstance(node, ast.Expr) and (got := _appended(value)):
        target, value = got
    inner = value.elt if isinstance(value, (ast.ListComp, ast.GeneratorExp)) else value
    end = node.end_lineno or node.lineno, node.end_col_offset or 0
    return Statement((node.lineno, node.col_offset), end, target.strip("()"), ast.unparse(inner), loops)


def _appended(value: ast.expr) -> tuple[str, ast.expr] | None:
    """What a list is called, and what it gets, where the expression is ``xs.append(e)``."""
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.args):
        return None
    return (ast.unparse(value.func.value), value.args[0]) if value.func.attr in ("append", "extend") else None
