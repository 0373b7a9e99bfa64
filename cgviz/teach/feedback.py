"""What a lesson's tools answer: a text that shows itself, in a notebook with a colour for how it went."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..text import literal

COLOURS = {"right": "#1a7f37", "wrong": "#9a3412", "open": "#57606a", "hint": "#1f5fa8"}
MARKS = {"right": "✓", "wrong": "✗", "open": "…", "hint": "→"}


class Said:
    """An answer to the learner: its `text`, and how it went (`"right"`, `"wrong"`, `"open"` or `"hint"`).

    >>> Said("right", "Every sum is right.")
    ✓ Every sum is right.
    """

    def __init__(self, how: str, text: str) -> None:
        self.how, self.text = how, text

    @property
    def ok(self) -> bool:
        """Whether what was checked is right."""
        return self.how == "right"

    @property
    def parts(self) -> tuple[str, str]:
        """What it is made of, for a copy of it."""
        return self.how, self.text

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        return f"{MARKS[self.how]} {self.text}"

    def _repr_html_(self) -> str:
        bar = f"border-left:4px solid {COLOURS[self.how]};padding:.3em .8em;white-space:pre-wrap"
        return literal(f"{MARKS[self.how]} {escape(self.text)}", "cg-said", f'style="{bar}"')


class Listed:
    """A small table that shows itself: `head` and `rows` are texts, `note` stands below.

    >>> Listed(("step", "adds"), [("lesson 2", "data"), ("lesson 3", "+ *")])
    step      adds
    lesson 2  data
    lesson 3  + *
    """

    def __init__(self, head: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> None:
        self.head, self.rows, self.note = tuple(head), [tuple(row) for row in rows], note

    def __repr__(self) -> str:
        lines = [self.head, *self.rows]
        wide = [max(len(line[k]) for line in lines) for k in range(len(self.head))]
        shown = ["  ".join(cell.ljust(w) for cell, w in zip(line, wide, strict=True)).rstrip() for line in lines]
        return "\n".join([*shown, *filter(None, [self.note])])

    def _repr_html_(self) -> str:
        def row(cells: Sequence[str], tag: str) -> str:
            style = ' style="text-align:left;vertical-align:top"'
            return "<tr>" + "".join(f"<{tag}{style}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        body = "".join(row(cells, "td") for cells in self.rows)
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        table = f"<table><thead>{row(self.head, 'th')}</thead><tbody>{body}</tbody></table>"
        return literal(table + note, "cg-said")
