"""A sum of thousands of terms cut into pieces: Python's own parser goes down one step for each term, and has an end."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterator

LONGEST = 200
"""So many terms of a sum, or factors of a product, stay in one piece."""
Piece = tuple[str, int, int]
"""Where a beginning of a chain stands: the name that it gets, its first character, and the one behind it."""


def parse_in_pieces(text: str, parse: Callable[[str], ast.Module]) -> tuple[ast.Module, dict[str, ast.expr]]:
    """The tree of a text in which names stand for the beginnings of its long chains, and the trees of these.

    What stands behind a beginning keeps its place, so that an error is told where it is. Raises as `parse` does.

    >>> tree, pieces = parse_in_pieces("+".join("a" * 500), ast.parse)
    >>> [len(ast.unparse(piece)) < 1000 for piece in (tree, *pieces.values())]
    [True, True, True]
    """
    rest, pieces = list(text), {}
    for name, start, end in sorted(_beginnings(text), key=lambda piece: piece[2]):
        written = "".join(rest[start:end])
        lead = len(written) - len(written.lstrip())
        tree = parse("(" + written.lstrip() + ")")  # in parentheses, for it may go over several lines
        statement = tree.body[0]
        assert isinstance(statement, ast.Expr)
        for node in ast.walk(statement):
            if getattr(node, "lineno", 0) == 1:
                node.col_offset += start + lead - 1  # type: ignore[attr-defined]
        pieces[name] = statement.value
        rest[start:end] = [*name, *("\n" if ch == "\n" else " " for ch in rest[start + len(name) : end])]
    return parse("".join(rest)), pieces


def _beginnings(text: str) -> Iterator[Piece]:
    """Each stretch from the first term of a chain to its 200th, its 400th, …"""
    lines = [0]
    for line in text.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    brackets: list[list[_Chain]] = [[_Chain(), _Chain()]]
    behind_operand, found = False, 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        at = lines[token.start[0] - 1] + token.start[1]
        sums, products = brackets[-1]
        if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER) or token.string in (";", "=", ","):
            brackets[-1] = [_Chain(), _Chain()]
            behind_operand = False
            continue
        if token.type in (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT):
            continue
        if token.string == ")":
            brackets = brackets[:-1] or [[_Chain(), _Chain()]]
            behind_operand = True
            continue
        for chain in (sums, products):
            chain.begin(at)
        chains = {"+": (sums,), "-": (sums,), "*": (products,), "/": (products,)}.get(token.string, ())
        for chain in chains if behind_operand else ():
            if chain.count():
                name = f"_piece_{found}_"
                if name not in text and len(name) < at - chain.start:
                    yield name, chain.start, at
                found += 1
        if behind_operand and token.string in ("+", "-"):
            brackets[-1][1] = _Chain()
        if token.string == "(":
            brackets.append([_Chain(), _Chain()])
        behind_operand = token.type in (tokenize.NAME, tokenize.NUMBER)


class _Chain:
    """Operands joined by operators that bind alike: where the first of them begins, and how many there are."""

    def __init__(self) -> None:
        self.start, self._operators = -1, 0

    def begin(self, at: int) -> None:
        """Begin here, if it has not begun."""
        if self.start < 0:
            self.start = at

    def count(self) -> bool:
        """Count one more operator, and tell whether the chain is to be cut before it."""
        self._operators += 1
        return self._operators % LONGEST == 0
