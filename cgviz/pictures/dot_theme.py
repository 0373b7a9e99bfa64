"""What ``dot`` has drawn, in our colours: ink as the page has it, no white ground, and the tints of the gradients.

Colours that a description names itself stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .markup import quote_attribute
from .palette import BLUE, INK, ORANGE, SCOPE, TINTS, bar_share
from .slots import Slot

_GROUND = re.compile(r'<polygon fill="white" stroke="(?:transparent|none|white)" points="[^"]*"/>\n?')
_NODE = re.compile(r'<g id="node\d+" class="node">\n<title>v(\d+)</title>\n(.*?)</g>', re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_INSET = 2.0


def follow_theme(svg: str, said: str, numbers: Mapping[str, Slot] | None = None) -> str:
    """The SVG of ``dot`` for a page of any theme; with the `numbers` of a graph each gradient's field is tinted.

    A text that is no SVG of ``dot`` is returned as it is.

    >>> drawn = '<svg width="8pt" height="4pt" viewBox="0 0 8 4"><g class="graph"><path stroke="black"/></g></svg>'
    >>> 'stroke="currentColor"' in follow_theme(drawn, "A path")
    True
    """
    start = svg.find("<svg")
    if start < 0:
        return svg
    head, _, body = svg[start:].partition(">")
    body = _GROUND.sub("", re.sub(r"<!--.*?-->\n?", "", body, flags=re.DOTALL), count=1)
    if numbers:
        body = _NODE.sub(lambda found: _tint(found, numbers), body)
    body = re.sub(r'\b(fill|stroke)="black"', rf'\1="{INK}"', body)
    body = re.sub(r' id="(?:node|edge|graph|clust)\d+"', "", body)  # they would not be the only ones of a page
    body = body.replace('class="graph"', f'class="graph" fill="{INK}"', 1)  # texts have no colour of their own
    ground = f"<style>svg.{SCOPE}-dot:root{{background:#fff;color:#1b1f24}}</style>"

    head = re.sub(r'\b(width|height)="([\d.]+)pt"', lambda m: f'{m[1]}="{float(m[2]) * 4 / 3:.0f}"', head)
    head += f' class="{SCOPE}-dot" style="max-width:100%;height:auto" role="img" aria-label={quote_attribute(said)}'
    return f"{head}>{ground}{body}"


def _tint(found: re.Match[str], numbers: Mapping[str, Slot]) -> str:
    """A node with the field of its gradient tinted, and the bar below it; as it was where there is no sign."""
    slot = numbers.get(f"{found[1]}.grad")
    state = slot.style.split() if slot else []
    step = next((k for k in range(1, len(TINTS) + 1) if f"cg-{k}" in state), 0)
    field = _last_field(found[2])
    if not step or not field:
        return found[0]
    colour = BLUE if "cg-pos" in state else ORANGE
    x, y, w, h = field
    place = f'x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}"'
    bar = f'x="{x:.1f}" y="{y + h - 3:.1f}" width="{w * bar_share(step):.1f}" height="3"'
    shapes = f'<rect {place} rx="3" fill="{colour}" fill-opacity="{TINTS[step - 1]}"/>\n<rect {bar} fill="{colour}"/>\n'
    first = found[0].index("<text")
    return found[0][:first] + shapes + found[0][first:]


def _last_field(shapes: str) -> tuple[float, float, float, float] | None:
    """The last field of a record: what lies beyond its last dividing line."""
    outline = re.search(r'<(?:path|polygon) [^>]*\b(?:d|points)="([^"]*)"', shapes)
    lines = re.findall(r'<polyline [^>]*\bpoints="([^"]*)"', shapes)
    if not outline or not lines:
        return None
    points = [float(n) for n in _NUMBER.findall(outline[1])]
    left, right, top, low = min(points[::2]), max(points[::2]), min(points[1::2]), max(points[1::2])
    x0, _, x1, y1 = (float(n) for n in _NUMBER.findall(lines[-1])[:4])
    if x0 == x1:
        left = x0
    else:
        top = y1
    return left + _INSET, top + _INSET, right - left - 2 * _INSET, low - top - 2 * _INSET
