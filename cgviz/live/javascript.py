"""The JavaScript of the live view: the operations, written from their rows, and the parts that travel to the page.

    python -m cgviz.live.javascript

writes ``static/ops.js`` anew after a row has changed, and ``static/names.js`` after a file imports other names; and the
stubs for type checkers, which follow from the rows too (`type_stubs.py`). A test fails while one is out of date.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from ..ops import rows
from ..ops.op import PRIMITIVES, Op, Source
from ..pictures.palette import variables
from .modules import Module, join, reach

STATIC = Path(__file__).parent / "static"
BASE = "view"
"""The file whose module is in the page first; what comes later is told its names."""
LATER = {"descent": "descent", "tools": "toolbox"}
"""The parts that come later, and the file of each: what it imports from files of the view it is given there."""
PARTS = (BASE, *LATER, "tiles")
"""What pages ask for by name: these, and the module of a picture of tiles, which needs no view."""
SHEETS = (BASE, "descent", "tiles")
"""The style sheets of views; the palette's colours come with the first."""

HEAD = (
    "// Every operation, written from the rows in cgviz/ops/rows.py by `python -m cgviz.live.javascript`. Do not edit."
)
NAMES_HEAD = "// What the later parts import from files of the view, by `python -m cgviz.live.javascript`. Do not edit."
MATH = {
    *("abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "cos", "cosh", "exp", "expm1"),
    *("floor", "hypot", "log", "log10", "log1p", "log2", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "trunc"),
}
"""The functions that JavaScript has, and Python or NumPy by the same name and in the same sense."""


class _Script(Source):
    """An operand whose divisions are calls: JavaScript's own sign would divide by zero without a word."""

    __slots__ = ()

    def _apply(self, op: Op, xs: tuple) -> Source:
        written = [x if isinstance(x, Source) else _Script(repr(float(x))) for x in xs]
        if op is rows.div:
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
    written = "\n".join(f"    {op.name}: {_row(op)}," for op in rows.OPS.values())
    needs = 'import { NO_NUMBER, TOO_LARGE, over, power, throwing } from "./functions.js";'
    text = f"(() => {{\n{functions}\n  return {{\n{written}\n  }};\n}})()"
    lines = (HEAD, "// @ts-nocheck: a comparison counts as 1 or 0 here", "", needs, "")
    return "\n".join((*lines, "/** @type {Record<string, Operation>} */", f"export const ROWS = {text};", ""))


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
def module(entry: str = BASE) -> str:
    """The module that begins with a file: the text of all that it needs, and its own default export.

    >>> module("loader").endswith("export default widget;")
    True
    """
    found = reach(STATIC / f"{entry}.js")
    return f"{join(found)}\nexport default {found[-1].default};"


@cache
def script(*entries: str) -> str:
    """The text of some files and of all that they need, for a page that brings it along."""
    return join(dict.fromkeys(module for entry in entries for module in reach(STATIC / f"{entry}.js")))


@cache
def style(*names: str) -> str:
    """The text of some style sheets of ``static``, without comments and line breaks, and the palette's colours with it.

    >>> "/*" in style("view"), style("view").count(chr(10))
    (False, 0)
    """
    return f":is(.cg-explorer,.cg-view,.cg-sliders,.cg-tile-view){{{variables()}}}{''.join(map(sheet, names))}"


def text_of(name: str) -> str:
    """A part of a view by its name: what comes later as a function, any other as a module by itself."""
    return part(name) if name in LATER else module(name)


def style_of(name: str) -> str:
    """A style sheet of a view by its name: the colours come with that of the view."""
    return style(name) if name == BASE else sheet(name)


@cache
def sheet(name: str) -> str:
    """The text of one style sheet, for a page that has the palette's colours."""
    text = re.sub(r"/\*.*?\*/", "", (STATIC / f"{name}.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", text).replace(" {", "{")


@cache
def part(name: str) -> str:
    """A part that comes after the view: the module of a function, from the view's names to what the part brings."""
    own, taken = _own(name)
    names = ", ".join(sorted({name for names in taken.values() for name in names} - {"View"}))
    homes = {name: path for path, some in taken.items() for name in some}
    return f"export default ({{{names}}}, View) => {{\n{join(own, homes)}\nreturn {own[-1].default};\n}};"


@cache
def tools() -> dict[str, str]:
    """The tools below a view, in the order of their buttons: what each is called, by the name of its file.

    >>> tools()["predict"], tools()["break"]
    ('Predict', 'Break it')
    """
    found = {}
    for module in reach(STATIC / f"{LATER['tools']}.js"):
        offered = re.search(r'^offer\(\{\s*name: "([^"]+)"', module.path.read_text(encoding="utf-8"), re.MULTILINE)
        if offered:
            found[module.path.stem] = offered[1]
    return found


def names() -> str:
    """The text of ``static/names.js``: what the later parts import from files that have come with the view."""
    homes: dict[Path, set[str]] = {}
    for name in LATER:
        for path, taken in _own(name)[1].items():
            homes.setdefault(path, set()).update(taken)
    homes.pop(STATIC / f"{BASE}.js", None)  # its class is handed over besides: who imports it cannot be imported by it
    lines = [f'import {{ {", ".join(sorted(homes[path]))} }} from "./{path.name}";' for path in sorted(homes)]
    every = ", ".join(sorted(name for taken in homes.values() for name in taken))
    return "\n".join((NAMES_HEAD, "", *lines, "", f"export const NAMES = {{ {every} }};", ""))


def _own(name: str) -> tuple[list[Module], dict[Path, set[str]]]:
    """The modules of a later part that the view has not brought, and what they import from those that it has."""
    there = {module.path for module in reach(STATIC / f"{BASE}.js")}
    own = [module for module in reach(STATIC / f"{LATER[name]}.js") if module.path not in there]
    taken: dict[Path, set[str]] = {}
    for wanted in (wanted for module in own for wanted in module.imports if wanted.path in there):
        taken.setdefault(wanted.path, set()).update(wanted.names)
    return own, taken


if __name__ == "__main__":
    from . import type_stubs

    type_stubs.write()
    (STATIC / "ops.js").write_text(operations(), encoding="utf-8")
    (STATIC / "names.js").write_text("export const NAMES = {};\n", encoding="utf-8")  # the old ones may be gone
    (STATIC / "names.js").write_text(names(), encoding="utf-8")
