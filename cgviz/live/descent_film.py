"""The film of a descent: the function as a curve or as contours, and the steps one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.colors import to_rgb

from ..pictures.film_formats import check_film_format, check_place, encode, write_film
from ..pictures.paint import settings
from ..pictures.palette import BACKWARD, FORWARD
from ..run.descent import DescentStep, Walk, verdict
from ..text import number, typeset
from .landscape import GRID, POINTS, Surface

MOST = 300
"""Films of more steps than this are refused."""
WAY, MOVES, RESTS, ENDS = 4, 60, 500, 4000
"""So many frames show a step on its way; and how long frames are seen (ms): moving, after a step, and the last."""
SIZE = (7.5, 5.0)
INK = "#1b1f24"


def film_descent(
    path: str | Path,
    found: Walk,
    surface: Surface,
    spans: Mapping[str, Sequence[float]],
    rate: float,
    called: str,
    scale: float,
) -> Path:
    """Write the steps of a descent as a film, in the form that the suffix of `path` names; return the path.

    Raises `ValueError` for an unknown form or more than 300 steps, `OSError` if the file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower().lstrip(".")
    check_film_format(suffix)
    check_place(path)
    if len(found.steps) - 1 > MOST:
        raise ValueError(f"a film shows at most {MOST} steps of a descent, this one has {len(found.steps) - 1:,}")
    frames, durations = [], []
    for frame, duration in _frames(found, surface, spans, rate, called, scale):
        frames.append(frame)
        durations.append(duration)
    write_film(path, encode(frames, durations, suffix))
    return path


def _frames(
    found: Walk, surface: Surface, spans: Mapping[str, Sequence[float]], rate: float, called: str, scale: float
) -> Iterator[tuple[Any, int]]:
    """Each frame as an array of bytes, and how long it is seen."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(settings()):
        figure = Figure(figsize=SIZE, dpi=96 * scale, facecolor="white")
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes((0.1, 0.3, 0.87, 0.66))
        curve = _ground(axes, surface, spans, called)
        canvas.draw()
        ground = canvas.copy_from_bbox(figure.bbox)
        places = [_place(step, spans) for step in found.steps]
        for k, _ in enumerate(found.steps):
            sentence = typeset(_sentence(found, k, rate, called))
            for n in range(1, WAY + 1) if k else [WAY]:
                here = places[k]
                if n < WAY:
                    here = tuple(a + (b - a) * n / WAY for a, b in zip(places[k - 1], here, strict=True))
                    here = (here[0], float(np.interp(here[0], *curve))) if curve else here
                canvas.restore_region(ground)
                for artist in (
                    axes.plot(*zip(*places[:k], here, strict=True), "o-", color=BACKWARD, ms=4, lw=1.2, alpha=0.7)[0],
                    axes.plot(*here, "o", color=BACKWARD, ms=10)[0],
                    figure.text(0.02, 0.02, sentence, fontsize=11, linespacing=1.6, va="bottom"),
                ):
                    figure.draw_artist(artist)
                    artist.remove()
                rest = ENDS if k == len(places) - 1 else RESTS
                yield np.asarray(canvas.buffer_rgba())[..., :3].copy(), MOVES if n < WAY else rest


def _ground(axes: Any, surface: Surface, spans: Mapping[str, Sequence[float]], called: str) -> Any:
    """What stays behind the steps: the curve, which is returned as its places and heights, or the contours."""
    names, curve = list(spans), None
    if len(names) == 1:
        curve = np.linspace(*spans[names[0]], POINTS), surface.over(spans, POINTS)[0]
        axes.plot(*curve, color=FORWARD, lw=2)
        axes.set_ylabel(called)
    else:
        field = np.ma.masked_invalid(np.array(surface.over(spans, GRID)))
        across, up = (np.linspace(*spans[name], n) for name, n in zip(names, field.shape[::-1], strict=True))
        if field.count() and field.min() < field.max():
            levels = np.unique(np.quantile(field.compressed(), np.linspace(0, 1, 12)))
            tints = [(*to_rgb(INK), 0.04 + 0.03 * k) for k in range(len(levels))]
            axes.contourf(across, up, field, levels=levels, colors=tints)
            axes.contour(across, up, field, levels=levels, colors=INK, linewidths=0.5, alpha=0.5)
        axes.set_ylabel(names[1])
        axes.set_ylim(*spans[names[1]])
    axes.set_xlabel(names[0])
    axes.set_xlim(*spans[names[0]])
    axes.autoscale(False)
    return curve


def _place(step: DescentStep, spans: Mapping[str, Sequence[float]]) -> tuple[float, ...]:
    x = tuple(step.point[name] for name in spans)
    return (*x, step.value) if len(x) == 1 else x


def _sentence(found: Walk, k: int, rate: float, called: str) -> str:
    """What the step was, as ``x = 3 - 0.1 · 6 = 2.4``; and at the end what all of them came to."""
    step, last = found.steps[k], k == len(found.steps) - 1
    if k:
        lines = [_move(name, found.steps[k - 1], rate, x) for name, x in step.point.items()]
    else:
        lines = [_equation(name, x) for name, x in step.point.items()]
    lines[0] = f"step {k}:  {lines[0]}" if k else f"start:  {lines[0]}"
    lines.append(_equation(called, step.value) + (f".  {verdict(found)}" if last else ""))
    return "\n".join(lines)


def _move(name: str, before: DescentStep, rate: float, x: float) -> str:
    """One number's step, with "≈" where the digits that are shown do not give the result."""
    texts = [number(n) for n in (before.point[name], rate, before.gradient[name], x)]
    old, by, slope, new = map(Decimal, texts)
    factor = f"({texts[2]})" if slope < 0 else texts[2]
    return f"{name} = {texts[0]} - {texts[1]} · {factor} {'=' if old - by * slope == new else '≈'} {texts[3]}"


def _equation(name: str, x: float) -> str:
    return f"{name} {'=' if float(number(x)) == x else '≈'} {number(x)}"
