"""Plots beside the graph: what a classifier decides where, and how its loss went down.

Each is a `matplotlib.figure.Figure` of its own, without pyplot's global state: a notebook shows it, once, as the
value of its cell. Classes differ by the shape of their marks, and by blue and orange.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..nn import Step, scores
from ..nn.sample_checks import labels, samples
from .palette import BACKWARD, BLUE, FORWARD, ORANGE

THEMES = {
    "light": {"ink": "#1b1f24", "page": "#ffffff", "1": "#1d5fd0", "-1": "#b45f06", "loss": FORWARD, "right": BACKWARD},
    "dark": {
        "ink": "#e6e8eb",
        "page": "#15181c",
        "1": "#7db0ff",
        "-1": "#ffb45c",
        "loss": "#35b98a",
        "right": "#c08af0",
    },
}
"""The text, the page, the marks of the two classes and the two curves: the palette's colours, darker or lighter."""
GRID = 160
"""The decision is computed at so many places along each axis."""
LEVELS = (0.0, 0.25, 0.5, 1.0)
TINTS = (0.10, 0.18, 0.27, 0.36)
"""From a score of so much on, the tint is so strong: with the hinge loss, 1 is the margin."""
PAD = 0.12


def boundary(
    net: Any,
    xs: Any,
    ys: Any,
    *,
    names: tuple[str, str] = ("x₁", "x₂"),
    title: str | None = None,
    theme: str = "light",
) -> Any:
    """Plot what a network of two inputs and one output decides everywhere around the samples.

    `xs` has the shape (N, 2), and `ys` holds the labels, -1 and 1 or 0 and 1. The line is where the score is 0; on its
    two sides the tint says which class wins, in four steps of the score. A ring is drawn around samples on the wrong
    side. `names` are those of the axes, `theme` is ``"light"`` or ``"dark"``; the title says how many are right.

    Returns a `matplotlib.figure.Figure`. Raises `ValueError` for samples that have not two features, for an unknown
    theme, and what `scores` raises; labels are checked as in training.

    >>> from cgviz.nn import MLP, moons
    >>> boundary(MLP(2, [4, 1], seed=0), *moons(20))
    <Figure size 720x480 with 1 Axes>
    """
    import numpy as np

    look, xs = _theme(theme), samples(xs)
    if xs.shape[1] != 2:
        raise ValueError(f"a boundary can be plotted for 2 features, the samples have {xs.shape[1]}")
    ys = labels(ys, len(xs), "hinge")
    low, high = xs.min(axis=0), xs.max(axis=0)
    pad = PAD * np.where(high > low, high - low, 1.0)
    across, up = (np.linspace(low[k] - pad[k], high[k] + pad[k], GRID) for k in (0, 1))
    places = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    right = (scores(net, xs) > 0) == (ys > 0)
    figure, axes = _figure(look, width=7.2)
    _field(axes, across, up, scores(net, places).reshape(GRID, GRID), look)
    _samples(axes, xs, ys, ~right, look)
    axes.plot([], [], color=look["ink"], linewidth=1.6, label="score 0")
    count = int(right.sum())
    axes.set_title(f"{count} of {len(xs)} samples on the right side" if title is None else title, loc="left")
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
    axes.legend(frameon=False, labelcolor=look["ink"], borderaxespad=0.0, loc="upper left", bbox_to_anchor=(1.02, 1.0))
    return figure


def losses(history: Iterable[Step], *, theme: str = "light") -> Any:
    """Plot how the loss went down, step by step, and the accuracy if the loss tells classes apart.

    `history` is what `train` returns, which ends where the last step has led, or several such lists joined, which ends
    as the last step began. The loss has a logarithmic axis if all of it is
    positive and it spans more than a factor of 20. Returns a `matplotlib.figure.Figure`.

    Raises `ValueError` for an empty history or an unknown theme, `TypeError` for what is no list of Steps.

    >>> from cgviz.nn import Step
    >>> losses([Step(1, 0.9, 0.5, 1.0), Step(2, 0.4, 0.8, 1.0)])
    <Figure size 640x480 with 2 Axes>
    """
    look = _theme(theme)
    state = getattr(history, "state", None)
    history = list(history)
    if not history:
        raise ValueError("there are no steps to plot: the history is empty")
    if not all(isinstance(step, Step) for step in history):
        raise TypeError("a history is a list of Steps, such as train returns")
    # A step has the numbers with which it began: one more point is where the last has led, if that is known.
    shown = [*history, state] if state else history
    steps, values = range(0 if state else 1, len(history) + 1), [step.loss for step in shown]
    with_accuracy = any(step.accuracy is not None for step in history)
    figure, axes, *below = _figure(look, rows=2 if with_accuracy else 1)
    axes.plot(steps, values, color=look["loss"], linewidth=1.8, **_dot(history))
    axes.set_ylabel("loss")
    if min(values) > 0 and max(values) > 20 * min(values):
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=min(0.0, min(values)))
    many = f"{steps[-1]} step{'s' if steps[-1] > 1 else ''}"
    when = f"after {many}" if state else f"as step {steps[-1]} began"
    axes.set_title(f"loss {values[-1]:.3g} {when}", loc="left")
    if with_accuracy:
        percent = [float("nan") if step.accuracy is None else 100 * step.accuracy for step in shown]
        below[0].plot(steps, percent, color=look["right"], linewidth=1.8, linestyle=(0, (5, 1.5)), **_dot(history))
        below[0].set_ylabel("right, %")
        below[0].set_ylim(min(40.0, *percent) - 2, 103)
    (below or [axes])[-1].set_xlabel("step")
    return figure


def _dot(history: Sequence[Step]) -> dict[str, Any]:
    """One step alone makes no line, so it is a dot."""
    return {"marker": "o", "markersize": 5} if len(history) == 1 else {}


def _field(axes: Any, across: Any, up: Any, field: Any, look: dict[str, str]) -> None:
    """The tints of the two sides, and the line between them."""
    import numpy as np

    largest = 1e300
    field = np.clip(np.nan_to_num(field, nan=0.0, posinf=largest, neginf=-largest), -largest, largest)
    for sign, colour in ((1, BLUE), (-1, ORANGE)):
        for level, tint in zip(LEVELS, np.diff([0.0, *TINTS]), strict=True):
            # Each step lies over the one before it.
            if (sign * field > level).any():
                axes.contourf(across, up, sign * field, levels=[level, np.inf], colors=[colour], alpha=tint)
    if field.min() < 0 < field.max():
        axes.contour(across, up, field, levels=[0.0], colors=[look["ink"]], linewidths=1.6)


def _samples(axes: Any, xs: Any, ys: Any, wrong: Any, look: dict[str, str]) -> None:
    for label, marker, size in ((1, "o", 34), (-1, "^", 38)):
        one = xs[ys == label]
        if len(one):
            options = {"marker": marker, "s": size, "linewidths": 0.9, "edgecolors": look["page"], "zorder": 3}
            axes.scatter(one[:, 0], one[:, 1], color=look[str(label)], label=f"class {label:+d}", **options)
    if wrong.any():
        options = {"s": 130, "facecolors": "none", "edgecolors": look["ink"], "linewidths": 1.3, "zorder": 4}
        axes.scatter(xs[wrong, 0], xs[wrong, 1], label="on the wrong side", **options)


def _theme(theme: str) -> dict[str, str]:
    if theme not in THEMES:
        raise ValueError(f"unknown theme: {theme!r} (must be one of {', '.join(map(repr, THEMES))})")
    return THEMES[theme]


def _figure(look: dict[str, str], rows: int = 1, width: float = 6.4) -> tuple[Any, ...]:
    """A figure and its axes, one below the other."""
    import matplotlib

    from .figure import Figure

    figure = Figure(figsize=(width, 4.8), dpi=100, layout="constrained", facecolor=look["page"])
    ratios = {"height_ratios": [2, 1]} if rows == 2 else {}
    with matplotlib.rc_context({"text.color": look["ink"], "axes.titlecolor": look["ink"]}):
        found = figure.subplots(rows, sharex=True, squeeze=False, **ratios)[:, 0]
    for axes in found:
        axes.set_facecolor(look["page"])
        axes.tick_params(colors=look["ink"], which="both")
        axes.xaxis.label.set_color(look["ink"])
        axes.yaxis.label.set_color(look["ink"])
        for side, spine in axes.spines.items():
            spine.set_visible(side in ("left", "bottom"))
            spine.set_color(look["ink"])
            spine.set_alpha(0.5)
    return figure, *found
