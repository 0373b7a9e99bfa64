"""Arrays as grids of numbers: what one number of a matrix product is made of, and what broadcasting repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..text import number
from .markup import escape_text, quote_attribute
from .palette import BLUE, INK, ORANGE, SANS, SELECTED, strength, style

WIDE, HIGH, GAP, TOP, LETTER = 46, 24, 26, 26, 6.5
MOST = 8
"""So many rows and columns at most are drawn."""
LONGEST = 4
"""Of a longer sum the middle is left out."""
Table = list[list[float]]


class ArrayPicture:
    """Grids of numbers beside each other: `svg` is their text, `said` what those hear who do not see it."""

    def __init__(self, svg: str, said: str) -> None:
        self.svg, self.said = svg, said

    def __repr__(self) -> str:
        return self.said

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .picture import inline

        return {"text/plain": self.said, "text/html": inline(self.svg, self.said)}


def picture_product(x: Any, w: Any, row: int = 0, column: int = 0) -> ArrayPicture:
    """Draw a matrix product, and which row and column one of its numbers is made of.

    `x` and `w` are arrays, nested lists or nodes with one, of at most 8 rows and columns. Below stands the sum.

    Raises `ValueError` for what is no matrix, for shapes that do not fit, and for a row or column that there is not.

    >>> picture_product([[1, 2, 3], [4, 5, 6]], [[1], [0], [-1]], row=1)
    row 1 of x times column 0 of w: 4·1 + 5·0 + 6·(-1) = -2
    """
    a, b = _matrix(x, "x"), _matrix(w, "w")
    row, column = int(row), int(column)
    if len(a[0]) != len(b):
        raise ValueError(f"for x @ w, x has as many columns as w has rows; here they are {len(a[0])} and {len(b)}")
    if not 0 <= row < len(a) or not 0 <= column < len(b[0]):
        raise ValueError(f"x @ w has {len(a)} rows and {len(b[0])} columns, counted from 0; got {row} and {column}")
    out = [[sum(p * q for p, q in zip(line, col, strict=True)) for col in zip(*b, strict=True)] for line in a]
    terms = [f"{number(p)}·{_factor(line[column])}" for p, line in zip(a[row], b, strict=True)]
    if len(terms) > LONGEST:
        terms[2:-1] = ["…"]
    equation = f"{' + '.join(terms)} = {number(out[row][column])}"
    grids = [
        ("x", a, {(row, k) for k in range(len(b))}),
        ("w", b, {(k, column) for k in range(len(b))}),
        ("x @ w", out, {(row, column)}),
    ]
    said = f"row {row} of x times column {column} of w: {equation}"
    return ArrayPicture(_draw(grids, ("@", "="), equation, said), said)


def picture_broadcast(x: Any, b: Any, back: bool = False) -> ArrayPicture:
    """Draw x + b, where b is repeated to the shape of x; with `back`, how a gradient of ones comes back to b.

    Forward, the copies of b are drawn pale; backward, the numbers of each place of b are added up. `x` is a matrix of
    at most 8 rows and columns, `b` a row of its width, a column of its height, or one number.

    Raises `ValueError` for other shapes.

    >>> picture_broadcast([[1, 2, 3], [4, 5, 6]], [10, 20, 30])
    b is repeated 2 times
    >>> picture_broadcast([[1, 2, 3], [4, 5, 6]], [10, 20, 30], back=True)
    the gradient of b is added up over 2 rows: 2, 2, 2
    """
    a = _matrix(x, "x")
    small = _matrix(b, "b")
    rows, columns = len(a), len(a[0])
    if len(small) not in (1, rows) or len(small[0]) not in (1, columns):
        shape = f"{len(small)} × {len(small[0])}"
        raise ValueError(f"b has the shape {shape}, which does not repeat to that of x, {rows} × {columns}")
    tall, wide = len(small) == 1 and rows > 1, len(small[0]) == 1 and columns > 1
    spread = [[small[i % len(small)][j % len(small[0])] for j in range(columns)] for i in range(rows)]
    own = {(i, j) for i in range(len(small)) for j in range(len(small[0]))}
    if back:
        g = [[1.0] * columns for _ in range(rows)]
        total = [[float((rows if tall else 1) * (columns if wide else 1))] * len(small[0]) for _ in small]
        along = " and ".join([f"{rows} rows"] * tall + [f"{columns} columns"] * wide)
        added = f"is added up over {along}" if along else "is what arrives"
        said = f"the gradient of b {added}: {', '.join(number(n) for line in total for n in line)}"
        grids = [("arrives", g, set()), ("gradient of b", total, own)]
        return ArrayPicture(_draw(grids, ("→",), said, said), said)
    times = " · ".join([str(rows)] * tall + [str(columns)] * wide)
    said = f"b is repeated {times} times" if times else "b has the shape of x: nothing is repeated"
    sums = [[p + q for p, q in zip(*lines, strict=True)] for lines in zip(a, spread, strict=True)]
    grids = [("x", a, set()), ("b, repeated", spread, own), ("x + b", sums, set())]
    return ArrayPicture(_draw(grids, ("+", "="), said, said, pale=1), said)


def _matrix(x: Any, name: str) -> Table:
    """An array as rows of numbers; a vector is one row. Raises `ValueError` for any other shape."""
    x = getattr(x, "data", x) if not hasattr(x, "shape") or hasattr(x, "grad") else x
    listed = x.tolist() if hasattr(x, "tolist") else x
    listed = [[listed]] if not isinstance(listed, (list, tuple)) else listed
    rows = [row if isinstance(row, (list, tuple)) else None for row in listed]
    table = [list(listed)] if None in rows else [list(row) for row in rows if row is not None]
    try:
        found = [[float(cell) for cell in row] for row in table]
    except (TypeError, ValueError):
        raise ValueError(f"{name} is no matrix: it has to be rows of numbers") from None
    if not found or not found[0] or len({len(row) for row in found}) > 1:
        raise ValueError(f"{name} is no matrix: its rows have to be equally long, and not empty")
    if len(found) > MOST or len(found[0]) > MOST:
        raise ValueError(f"{name} has {len(found)} rows and {len(found[0])} columns; {MOST} of each can be drawn")
    return found


def _factor(x: float) -> str:
    return f"({number(x)})" if x < 0 else number(x)


def _draw(
    grids: Sequence[tuple[str, Table, set[tuple[int, int]]]],
    signs: Sequence[str],
    below: str,
    said: str,
    pale: int = -1,
) -> str:
    """Grids with signs between them and a line below; what is marked has a frame, all else of grid `pale` is faint."""
    tallest = max(len(table) for _, table, _ in grids) * HIGH
    parts, x = [], 8.0
    for k, (name, table, marked) in enumerate(grids):
        head = f"{name}  {len(table)} × {len(table[0])}"
        y, wide = TOP + (tallest - len(table) * HIGH) / 2, len(table[0]) * WIDE
        room = max(wide, LETTER * len(head))
        parts.append(_text(x + room / 2, y - 8, head, "font-size:12px"))
        parts += _cells(x + (room - wide) / 2, y, table, marked, faint=k == pale)
        x += room
        if k < len(signs):
            parts.append(_text(x + GAP / 2, TOP + tallest / 2 + 6, signs[k], "font-size:17px"))
            x += GAP
    width, height = max(x + 8, 16 + 7.4 * len(below)), TOP + tallest + 32
    parts.append(_text(8, TOP + tallest + 22, below, "font-size:14px", anchor="start"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cg-arrays" role="img" aria-label={quote_attribute(said)} '
        f'width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}" '
        f'style="max-width:100%;height:auto">\n<style>\n.cg-arrays{{font:13px {SANS};color:inherit}}\n'
        f"svg.cg-arrays:root{{background:#fff;color:#1b1f24}}\n.cg-arrays text{{fill:{INK}}}\n</style>\n"
        f"{''.join(parts)}\n</svg>"
    )


def _cells(x: float, y: float, table: Table, marked: set[tuple[int, int]], faint: bool) -> Iterator[str]:
    for i, row in enumerate(table):
        for j, value in enumerate(row):
            left, top, there = x + j * WIDE, y + i * HIGH, (i, j) in marked
            quiet = faint and not there
            tint = style(f"cg-{strength(value)}").get("fill-opacity", 0) * (0.35 if quiet else 1)
            box = f'x="{left:g}" y="{top:g}" width="{WIDE}" height="{HIGH}"'
            dashed = ";stroke-dasharray:3 3" * quiet
            colour = BLUE if value > 0 else ORANGE
            look = f"fill:{colour};fill-opacity:{tint:.2f};stroke:{INK};stroke-opacity:.35{dashed}"
            yield f'<rect {box} style="{look}"/>'
            opacity = "fill-opacity:.55" if quiet else "font-weight:600" if there else ""
            yield _text(left + WIDE / 2, top + HIGH / 2 + 5, number(value, 3), opacity)
    for i, j in sorted(marked) if not faint else ():
        box = f'x="{x + j * WIDE + 1.5:g}" y="{y + i * HIGH + 1.5:g}" width="{WIDE - 3}" height="{HIGH - 3}"'
        yield f'<rect {box} style="fill:none;stroke:{SELECTED};stroke-width:2"/>'


def _text(x: float, y: float, text: str, look: str = "", anchor: str = "middle") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" style="{look}">{escape_text(text)}</text>'
