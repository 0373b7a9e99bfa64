"""What everything looks like: one list of styles, from which the SVG's style sheet and the painted PNG both follow.

A shape carries one or more style names; where several speak of the same property, the later in the list wins.
`INK` stands for the colour of the surrounding text, so that a picture is dark on a light page and light on a
dark one. Gradients are tinted: blue for positive, orange for negative (told apart in every common form of colour
blindness), in three steps of their size relative to the largest in the picture. The tints are translucent and
the numbers are ink, so the contrast stays above 4.5 in light and dark, and the sign and the size are read from
the number itself.
"""

from __future__ import annotations

import zlib
from typing import Any

INK = "currentColor"
BLUE, ORANGE = "#3b82f6", "#f08c1a"
SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans','DejaVu Sans',sans-serif"
STEPS = (0.5, 0.1, 0.0)
"""A gradient of at least half the largest has strength 3, of at least a tenth strength 2, else 1."""

STATES = {"cg-pos", "cg-neg", "cg-1", "cg-2", "cg-3", "cg-none", "cg-stale"}
"""The states of a slot: they tint its background and leave its text alone."""

STYLES: dict[str, dict[str, Any]] = {
    # the frames of nodes
    "cg-box": {"fill": INK, "fill-opacity": 0.02, "stroke": INK, "stroke-width": 1, "stroke-opacity": 0.7},
    "cg-box-leaf": {"stroke-width": 1.8, "stroke-opacity": 0.9},
    "cg-box-root": {"stroke-width": 2.4, "stroke-opacity": 1},
    "cg-box-constant": {"fill-opacity": 0, "stroke-opacity": 0.3},
    "cg-box-copy": {"fill-opacity": 0, "stroke-opacity": 0.6, "stroke-dasharray": "3 3"},
    "cg-box-stub": {"fill-opacity": 0, "stroke-opacity": 0.6, "stroke-dasharray": "1 4", "stroke-linecap": "round"},
    "cg-tab": {"fill": INK, "fill-opacity": 0},
    "cg-tab-leaf": {"fill-opacity": 0.1},
    "cg-rule": {"fill": "none", "stroke": INK, "stroke-width": 1, "stroke-opacity": 0.25},
    "cg-op": {"fill": INK, "fill-opacity": 0.06, "stroke": INK, "stroke-width": 1, "stroke-opacity": 0.7},
    # lines
    "cg-edge": {
        "fill": "none",
        "stroke": INK,
        "stroke-width": 1.3,
        "stroke-opacity": 0.6,
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    },
    "cg-stem": {"fill": "none", "stroke": INK, "stroke-width": 1.3, "stroke-opacity": 0.6},
    # the background of a number
    "cg-fill": {"fill": "none", "stroke": "none"},
    "cg-pos": {"fill": BLUE},
    "cg-neg": {"fill": ORANGE},
    "cg-1": {"fill-opacity": 0.13},
    "cg-2": {"fill-opacity": 0.26},
    "cg-3": {"fill-opacity": 0.42},
    "cg-none": {"stroke": INK, "stroke-width": 1, "stroke-opacity": 0.45, "stroke-dasharray": "4 3"},
    "cg-stale": {
        "fill": INK,
        "fill-opacity": 0.07,
        "stroke": INK,
        "stroke-width": 1.5,
        "stroke-opacity": 0.4,
        "stroke-dasharray": "0.5 3.5",
        "stroke-linecap": "round",
    },
    # text
    "cg-text": {"fill": INK, "font-size": 12},
    "cg-name": {"font-size": 15, "font-weight": 600},
    "cg-number-name": {"font-size": 11.5, "font-weight": 400, "fill-opacity": 0.78},
    "cg-symbol": {"font-size": 14, "font-weight": 500},
    "cg-point": {"font-size": 26, "font-weight": 700},
    "cg-caption": {"font-size": 11, "fill-opacity": 0.85},
    "cg-note": {"font-size": 13, "fill-opacity": 0.8},
    "cg-slot": {"fill": INK, "font-size": 13},
    "cg-data": {"font-size": 15, "font-weight": 600},
    "cg-quiet": {"font-size": 13, "font-weight": 400, "fill-opacity": 0.75},
    "cg-local": {"font-size": 11, "fill-opacity": 0.8},
    "cg-word": {"font-size": 12, "font-weight": 400, "font-style": "italic", "fill-opacity": 0.75},
}

FORWARD, BACKWARD = "#0b8457", "#8b35c9"
"""The two passes, in colours that no gradient's sign has: green for values that flow on, violet for gradients."""

MOTION: dict[str, dict[str, Any]] = {
    "cg-forward": {"fill": "none", "stroke": FORWARD, "stroke-width": 3},
    "cg-backward": {"fill": "none", "stroke": BACKWARD, "stroke-width": 3},
    "cg-dot-forward": {"fill": FORWARD, "stroke": "none"},
    "cg-dot-backward": {"fill": BACKWARD, "stroke": "none"},
    "cg-paper": {"fill": "#ffffff", "fill-opacity": 0.9, "stroke": "none"},
    "cg-moving-forward": {"font-size": 13, "font-weight": 600, "fill": FORWARD},
    "cg-moving-backward": {"font-size": 13, "font-weight": 600, "fill": BACKWARD},
    "cg-pass-forward": {"font-size": 15, "font-weight": 600, "fill": FORWARD},
    "cg-pass-backward": {"font-size": 15, "font-weight": 600, "fill": BACKWARD},
    "cg-sentence": {"font-size": 15},
}
"""What moves in a film, or is lit in one of its stills; pictures without motion do without these styles."""


STRENGTHS: dict[str, dict[str, Any]] = {
    "cg-line-0": {"stroke-width": 1, "stroke-opacity": 0.25},
    **{f"cg-line-{k}": {"stroke-width": round(0.8 + 0.87 * k, 1), "stroke-opacity": 0.9} for k in range(1, 7)},
    "cg-plus": {"stroke": BLUE},
    "cg-minus": {"stroke": ORANGE},
}
"""Edges by size and sign, in pictures that are asked for them."""


def style(names: str) -> dict[str, Any]:
    """The properties of a shape with these style names, as the style sheet would give them.

    >>> style("cg-fill cg-neg cg-3")["fill-opacity"]
    0.42
    """
    wanted = set(names.split())
    found: dict[str, Any] = {}
    for name, properties in (*STYLES.items(), *MOTION.items(), *STRENGTHS.items()):
        if name in wanted:
            found.update(properties)
    return found


def _rules(styles: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    rows = []
    for name, properties in styles.items():
        body = ";".join(f"{k}:{v}{'px' if k == 'font-size' else ''}" for k, v in properties.items())
        rows.append((f"rect.{name}" if name in STATES else f".{name}", body))
    return rows


SCOPE = f"cg-{zlib.crc32(repr((STYLES, SANS)).encode()) & 0xFFFFFF:06x}"
"""The class of a picture in this version's style: pictures of another version in the same page keep their own."""


def style_sheet(moving: bool = False, weighed: bool = False) -> str:
    """The style sheet of a picture, every rule of it limited to pictures of class `SCOPE`.

    Standing alone (a file, an ``<img>``) a picture gets a white ground, because there it cannot know the page. With
    `moving` the styles of a film's stills are in it too, with `weighed` those of edges by size and sign.
    """
    lines = [
        f".{SCOPE}{{font-family:{SANS};font-variant-numeric:tabular-nums;color:inherit}}",
        f"svg.{SCOPE}:root{{background:#fff;color:#1b1f24}}",
    ]
    styles = STYLES | (MOTION if moving else {}) | (STRENGTHS if weighed else {})
    lines += [f".{SCOPE} {selector}{{{body}}}" for selector, body in _rules(styles)]
    lines.append(f".{SCOPE} .cg-node:focus-visible{{outline:2px solid {BLUE};outline-offset:3px;border-radius:6px}}")
    return "\n".join(lines)
