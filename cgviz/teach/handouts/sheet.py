"""The cheat sheet, one page to print: operations with their derivatives, from the rows, and what the lessons say."""

from __future__ import annotations

import re
from html import escape

from ...ops.formula import Formula, write_operation
from ...ops.op import Op
from ...ops.rows import OPS
from ..growth.outdated import SYMBOLS
from .handout import Handout
from .lesson_texts import read_lessons

FILE = "cheat-sheet.html"
STYLE = """
body { max-width: none; columns: 3 20rem; column-gap: 1.2rem; font-size: .8rem; line-height: 1.3; margin: 1rem }
h1 { font-size: 1.1rem; margin: 0 0 .3rem } h2 { font-size: .85rem; margin: .5rem 0 .1rem; break-after: avoid }
ul { margin: 0; padding-left: 1rem } li { break-inside: avoid } td, th { padding: 0 .6rem 0 0 }
@media print { @page { size: A4 landscape; margin: 8mm }
body { columns: 4; column-gap: 4mm; margin: 0; font-size: 6.1pt; line-height: 1.18 }
h1 { font-size: 9pt } h2 { font-size: 7pt; margin: 1mm 0 0 } }
"""


def cheat_sheet() -> Handout:
    """Make one page with all operations and their local derivatives, the methods that Python calls, and the lessons.

    >>> "1 - y²" in cheat_sheet().to_html()
    True
    """
    lessons = ""
    for text in read_lessons():
        points = "".join(f"<li>{_mark_up(point)}</li>" for point in text.points)
        lessons += f"<h2>{text.number} · {escape(text.title)}</h2>" + f"<ul>{points}</ul>" * bool(points)
    body = f"<h1>Computational graphs: the cheat sheet</h1>{_write_rows()}{_write_methods()}{lessons}"
    return Handout("Cheat sheet", body, FILE, STYLE)


def _write_rows() -> str:
    """A line for each operation that users have: what it is called, and its derivative by each operand."""
    rows = "".join(_write_row(op) for op in OPS.values() if not op.helper)
    head = "<tr><th>y</th><th>local derivatives</th></tr>"
    rule = "∂L/∂x = ∂L/∂y · ∂y/∂x; what comes back along several edges is added."
    return f"<h2>Operations</h2><p>{rule}</p><table>{head}{rows}</table>"


def _write_row(op: Op) -> str:
    names = ("x",) if op.arity == 1 else ("a", "b")
    try:
        operands = [Formula(name) for name in names]
        slopes = [str(vjp(Formula.one(), Formula("y"), *operands)) for vjp in op.vjps]
    except (TypeError, ValueError, AttributeError):
        return ""
    parts = [f"∂y/∂{name} = {slope}" if len(names) > 1 else slope for name, slope in zip(names, slopes, strict=True)]
    written = write_operation(op.symbol, list(names))
    return f"<tr><td><code>{escape(written)}</code></td><td>{escape('; '.join(parts))}</td></tr>"


def _write_methods() -> str:
    """Which method Python calls for which sign."""
    signs = [("+", "add"), ("-", "sub"), ("*", "mul"), ("/", "truediv"), ("**", "pow"), ("@", "matmul")]
    lines = "".join(
        f"<li><code>a {sign} b</code>: <code>a.__{bare}__(b)</code>, then <code>b.__r{bare}__(a)</code></li>"
        for sign, bare in signs
        if SYMBOLS[bare] == sign
    )
    return f"<h2>What Python calls</h2><ul>{lines}<li><code>-a</code>: <code>a.__neg__()</code></li></ul>"


def _mark_up(point: str) -> str:
    """A point of a summary: bold, code and formulas as they stand, links by their text."""
    text = escape(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", point), quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"(?<!\*)\*([^*\s][^*]*)\*(?!\*)", r"<i>\1</i>", text)
    return re.sub(r"\$([^$]+)\$", lambda found: f"<i>{_plain(found[1])}</i>", text)


TEX = {
    r"\cdot": "·",
    r"\partial": "∂",
    r"\eta": "η",
    r"\sigma": "σ",
    r"\tfrac": "",
    r"\frac": "",
    r"\,": " ",
    r"\;": " ",
}


def _plain(tex: str) -> str:
    """A short formula of a summary without its commands."""
    for command, sign in TEX.items():
        tex = tex.replace(command, sign)
    return re.sub(r"\\(?:text|mathrm|texttt|operatorname)?\s*", "", tex).replace("{", "").replace("}", "")
