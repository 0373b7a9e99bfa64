"""The JavaScript of the live view: the operations, written from their rows, and the files joined into one module.

    python -m cgviz.live.page

writes ``static/ops.js`` anew after a row has changed; a test fails while it is out of date.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from .. import ops
from ..op import PRIMITIVES, Op, Source

STATIC = Path(__file__).parent / "static"
VIEW = (
    "number",
    "functions",
    "ops",
    "graph",
    "slots",
    "places",
    "picture",
    "inputs",
    "rows",
    "folds",
    "shared",
    "keep",
    "view",
)
"""What the module of a view is made of, in this order: each file uses only what stands in files before it."""
ADDED = ("plot", "walk", "descent")
"""What the module of a descent has besides: it is a view that is more."""
DESCENT = (*VIEW, *ADDED)
LOADER = ("shared", "loader")
"""What each view is sent itself."""
TOOLS = ("step", "explain", "predict", "break", "check", "compare", "slice", "save")
"""What a person can do with the picture, in the order of the buttons: the files in ``static/tools``."""

HEAD = "// Every operation, written from the rows in cgviz/ops.py by `python -m cgviz.live.page`. Do not edit."
MATH = {
    *("abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "cos", "cosh", "exp", "expm1"),
    *("floor", "hypot", "log", "log10", "log1p", "log2", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "trunc"),
}
"""The functions that JavaScript has, and Python or NumPy by the same name and in the same sense."""
COMMENT = re.compile(r"(^|\s)//( .*|$)")
"""A comment: no text in these files has two slashes between spaces."""


class _Script(Source):
    """An operand whose divisions are calls: JavaScript's own sign would divide by zero without a word."""

    __slots__ = ()

    def _apply(self, op: Op, xs: tuple) -> Source:
        written = [x if isinstance(x, Source) else _Script(repr(float(x))) for x in xs]
        if op is ops.div:
            return _Script("over({}, {})".format(*(x.code for x in written)))
        return _Script(op.write(*written).code)


def operations() -> str:
    """The text of ``static/ops.js``: for each row its rule, its derivative rules, how it is written and how it binds.

    Its functions stand in a block of their own, so that no other name of the page can be in their way. Raises
    `TypeError` for a row whose function JavaScript does not have.

    >>> 'mul: { f: (a, b) => (a * b), d: [(g, y, a, b) => (g * b), (g, y, a, b) => (g * a)]' in operations()
    True
    """
    functions = "\n".join(f"  const {op.name} = {_function(op)};" for op in PRIMITIVES.values() if op.script != op.name)
    rows = "\n".join(f"    {op.name}: {_row(op)}," for op in ops.OPS.values())
    return f"{HEAD}\n\nconst ROWS = (() => {{\n{functions}\n  return {{\n{rows}\n  }};\n}})();\n"


def _function(op: Op) -> str:
    """The function that a row calls: as the row says, or that of JavaScript's `Math`, which throws as Python raises."""
    if op.script:
        return op.script
    if op.name not in MATH:
        raise TypeError(f"the row {op.name!r} needs script=…, its function in JavaScript: Math has no {op.name}")
    return f"throwing(Math.{op.name}, {'NO_NUMBER' if op.domain else 'TOO_LARGE'})"


def _row(op: Op) -> str:
    letters = ("x",) if op.arity == 1 else ("a", "b")
    g, y, *xs = map(_Script, ("g", "y", *letters))
    given = ", ".join(letters)
    rules = ", ".join(f"(g, y, {given}) => {_number(vjp(g, y, *xs))}" for vjp in op.vjps)
    parts = [f"f: ({given}) => {xs[0]._apply(op, tuple(xs)).code}", f"d: [{rules}]"]
    parts += [f"text: {json.dumps(op.text, ensure_ascii=False)}", f"binds: {op.binds}"]
    return "{ " + ", ".join(parts) + " }"


def _number(rule: Source | float) -> str:
    return rule.code if isinstance(rule, Source) else repr(float(rule))


@cache
def module(files: tuple[str, ...] = VIEW) -> str:
    """The module of a widget as one text: no file imports another, so joining them is all there is to do.

    What only readers of the source need, comments and indentation, is left out.
    """
    return "\n".join(_lines(STATIC / f"{name}.js") for name in files)


@cache
def toolbox(tools: tuple[str, ...] = TOOLS) -> str:
    """The module of the tools, loaded after the first picture: what they share, then each in a block of its own."""
    blocks = (f"{{\n{_lines(STATIC / 'tools' / f'{name}.js')}\n}}" for name in tools)
    shared = (_lines(STATIC / f"{name}.js") for name in ("tools", "plot"))
    return "\n".join((*shared, *blocks, "return TOOLS;\n}"))


def _lines(path: Path) -> str:
    lines = (COMMENT.sub("", line).strip() for line in path.read_text(encoding="utf-8").splitlines())
    return "\n".join(filter(None, lines))


if __name__ == "__main__":
    (STATIC / "ops.js").write_text(operations(), encoding="utf-8")
