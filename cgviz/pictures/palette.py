"""What everything looks like: one list of styles, from which the SVG's style sheet and the painted PNG both follow.

A shape carries one or more style names; where several speak of the same property, the later in the list wins.
`INK` stands for the colour of the surrounding text, so that a picture is dark on a light page and light on a
dark one.

Blue and orange are signs and nothing else: positive and negative, told apart in every common form of colour
blindness. How strong the tint is, and how long the bar below the number, says the size, on one scale for all
pictures: a number that stays keeps its colour whatever moves beside it. The tints are translucent and the numbers
are ink, so the contrast stays above 4.5 in light and dark. What is chosen, what is wrong, and the two passes with
their curves (values, and slopes) have colours of their own; what belongs to which slider has muted ones. The page's
style sheets take theirs from `variables`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

INK = "currentColor"
BLUE, ORANGE = "#3b82f6", "#e07000"
"""The signs: positive, negative."""
FORWARD, BACKWARD = "#0b8457", "#8b35c9"
"""The two passes, in colours that no sign has: green for values, also those of a curve, violet for gradients, also
those of a tangent."""
SELECTED, WRONG = "#d6177f", "#c9252d"
"""What is chosen, or lit; what is wrong, or was refused."""
HUES = "#0e94a8", "#8a8a00", "#9a6440", "#b56a9a", "#6b7a90"
"""Which slider moves which leaf: muted, for they mean nothing else. With more leaves than hues they begin again."""
SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans','DejaVu Sans',sans-serif"
SCALE = (10.0, 2.0, 0.5, 0.05, 0.0)
"""From so much on a number has strength 5, 4, 3 (about 1: as much as the output changes), 2, or 1."""
TINTS = (0.16, 0.26, 0.36, 0.47, 0.58)
"""How opaque the tint of each strength is, from 1 to 5."""

STATES = {"cg-pos", "cg-neg", *(f"cg-{k}" for k in range(1, len(TINTS) + 1)), "cg-none", "cg-stale", "cg-nan"}
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
    "cg-outline": {
        "fill": INK,
        "fill-opacity": 0.025,
        "stroke": INK,
        "stroke-width": 1.2,
        "stroke-opacity": 0.5,
        "stroke-dasharray": "6 4",
    },
    "cg-shade": {"fill": INK, "fill-opacity": 0.06, "stroke": INK, "stroke-width": 1, "stroke-opacity": 0.25},
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
    "cg-bar": {"fill": "none"},
    "cg-pos": {"fill": BLUE},
    "cg-neg": {"fill": ORANGE},
    **{f"cg-{k}": {"fill-opacity": tint} for k, tint in enumerate(TINTS, 1)},
    # the cells of an array
    "cg-frame-of-cells": {"fill": "none", "stroke": INK, "stroke-width": 0.6, "stroke-opacity": 0.5},
    "cg-nan": {"fill": INK, "fill-opacity": 0.5},
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
    "cg-point": {"fill": INK},
    "cg-caption": {"font-size": 11, "fill-opacity": 0.9},
    "cg-cell-text": {"font-size": 11},
    "cg-note": {"font-size": 13, "fill-opacity": 0.8},
    "cg-slot": {"fill": INK, "font-size": 13},
    "cg-data": {"font-size": 15, "font-weight": 600},
    "cg-quiet": {"font-size": 13, "font-weight": 400, "fill-opacity": 0.75},
    "cg-local": {"font-size": 11, "fill-opacity": 0.8},
    "cg-word": {"font-size": 12, "font-weight": 400, "font-style": "italic", "fill-opacity": 0.75},
}

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

FLAGS: dict[str, dict[str, Any]] = {
    "cg-flag-box": {"fill": INK, "fill-opacity": 0.09, "stroke": "none"},
    "cg-flag-arrow": {"fill": "none", "stroke": INK, "stroke-width": 1.3, "stroke-opacity": 0.75},
    "cg-flag-text": {"font-size": 12},
}
"""The notes beside boxes; pictures without notes do without these styles."""

LIT: dict[str, dict[str, Any]] = {
    "cg-lit-line": {"stroke": BACKWARD, "stroke-width": 3, "stroke-opacity": 1},
    "cg-lit-box": {"stroke": SELECTED, "stroke-width": 3, "stroke-opacity": 1},
}
"""The paths of a node that is explained; other pictures do without these styles."""

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
    0.36
    """
    wanted = set(names.split())
    found: dict[str, Any] = {}
    for name, properties in (*STYLES.items(), *MOTION.items(), *FLAGS.items(), *STRENGTHS.items(), *LIT.items()):
        if name in wanted:
            found.update(properties)
    return found


def strength(x: float) -> int:
    """How strongly a number is tinted, 1 to 5; a number without a sign, 0 or nan, not at all: 0.

    >>> [strength(x) for x in (0.0, -0.001, 0.2, 1.0, -6.0, float("inf"))]
    [0, 1, 2, 3, 4, 5]
    """
    size = abs(x)
    return next((len(SCALE) - i for i, least in enumerate(SCALE) if size >= least), 0) if size else 0


def sign_style(x: float) -> str:
    """The style names of a number's sign and strength, of which some have none.

    >>> sign_style(-6.0), sign_style(0.0)
    ('cg-neg cg-4', '')
    """
    step = strength(x)
    return f"{'cg-pos' if x > 0 else 'cg-neg'} cg-{step}" if step else ""


def bar_share(step: int) -> float:
    """How much of its length the bar below a number of this strength has.

    >>> bar_share(5), bar_share(1)
    (1.0, 0.2)
    """
    return step / len(TINTS)


def variables() -> str:
    """The colours as a page's style sheets take them.

    >>> variables()[:16]
    '--cg-plus:#3b82f'
    """
    named = {"plus": BLUE, "minus": ORANGE, "forward": FORWARD, "backward": BACKWARD, "accent": SELECTED, "warn": WRONG}
    named |= {f"hue-{k}": colour for k, colour in enumerate(HUES)}
    return ";".join(f"--cg-{name}:{colour}" for name, colour in named.items())


def _rules(styles: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    rows = []
    for name, properties in styles.items():
        body = ";".join(f"{k}:{v}{'px' if k == 'font-size' else ''}" for k, v in properties.items())
        rows.append((f":is(rect,path).{name}" if name in STATES else f".{name}", body))
    return rows


def _bars() -> list[tuple[str, str]]:
    """The bar below a number, which the background before it gives its colour and its length."""
    rows = [(".cg-bar", "transform-box:fill-box;transform-origin:0 0")]
    rows += [(f"rect.{name}+.cg-bar", f"fill:{colour}") for name, colour in (("cg-pos", BLUE), ("cg-neg", ORANGE))]
    shares = ((k, bar_share(k)) for k in range(1, len(TINTS)))
    return rows + [(f"rect.cg-{k}+.cg-bar", f"transform:scaleX({share:g})") for k, share in shares]


SCOPE = f"cg-{zlib.crc32(repr((STYLES, SANS, _bars(), SELECTED)).encode()) & 0xFFFFFF:06x}"
"""The class of a picture in this version's style: pictures of another version in the same page keep their own."""


def style_sheet(*more: Mapping[str, dict[str, Any]]) -> str:
    """The style sheet of a picture, every rule of it limited to pictures of class `SCOPE`.

    Standing alone (a file, an ``<img>``) a picture gets a white ground, because there it cannot know the page. `more`
    are styles that few pictures need: `MOTION` for a film's stills, `FLAGS` for notes, `STRENGTHS` for edges by size,
    `LIT` for paths.
    """
    lines = [
        f".{SCOPE}{{font-family:{SANS};font-variant-numeric:tabular-nums;color:inherit}}",
        f"svg.{SCOPE}:root{{background:#fff;color:#1b1f24}}",
    ]
    styles = dict(STYLES)
    for some in more:
        styles.update(some)
    lines += [f".{SCOPE} {selector}{{{body}}}" for selector, body in _rules(styles)]
    lines += [f".{SCOPE} {selector}{{{body}}}" for selector, body in _bars()]
    lines.append(f".{SCOPE} .cg-node:focus{{outline:none}}")
    lines.append(
        f".{SCOPE} .cg-node:focus-visible{{outline:2px solid {SELECTED};outline-offset:3px;border-radius:6px}}"
    )
    return "\n".join(lines)
