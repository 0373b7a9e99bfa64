"""The pictures of a training as it goes on: how the loss went down, what is decided where, and one sample's graph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from ..graph import Graph, trace
from ..groups.grouping import group
from ..nn import State, Step, Training
from ..nn.loss_functions import LOSSES
from ..nn.neuron import name_activation, subscript
from ..pictures.chart import Axis, Chart
from ..pictures.function_charts import tint_sides
from ..run.run import leaf
from ..text import number

GRID = 61
"""The decision is computed at so many places along each side."""
LEVELS = (0.0, 0.25, 0.5, 1.0)
"""From a score of so much on the tint is stronger; with the hinge loss, 1 is the margin."""
MOST = 300
"""A curve has so many points at most: the steps between them are left out."""
PAD = 0.12
LEGEND = "● class 1 &nbsp; ▲ class -1 &nbsp; ○ on the wrong side &nbsp; ◎ the sample below"


def loss_chart(history: Sequence[Step], steps: int, now: State | None = None) -> Chart:
    """The losses so far, on an axis for all the steps there will be; logarithmic if they span a factor of 20.

    A `Step` has the loss with which it began, so that of step 1 is drawn at 0; `now` is where the last one led to.

    >>> from cgviz.nn import State
    >>> loss_chart([Step(1, 0.9, 0.5, 1.0), Step(2, 0.4, 0.8, 1.0)], 10, State(2, 0.3, 0.9)).said
    'The loss after 2 of 10 steps: from 0.9 to 0.3'
    """
    last = max(steps, len(history), 1)
    if not history:
        return Chart(Axis(0, last, "step"), Axis(0, 1, "loss"), "The loss: no step is done yet")
    places = [(step.number - 1, step.loss) for step in history]
    if now is not None and math.isfinite(now.loss):
        places.append((now.number, now.loss))
    losses = [loss for _, loss in places]
    low, high = min(losses), max(losses)
    log = low > 0 and high > 20 * low
    pad = 0.06 * (high - min(0.0, low)) or 1.0
    if log:
        height = Axis(low / 1.2, 1.2 * high, "loss", log=True)
    else:
        height = Axis(low - pad if low < 0 else 0.0, high + pad, "loss")
    said = f"The loss after {places[-1][0]} of {last} steps: from {number(losses[0])} to {number(losses[-1])}"
    chart = Chart(Axis(0, 1.02 * last, "step"), height, said)
    every = math.ceil(len(places) / MOST)
    points = [*places[::every], places[-1]]
    chart.line(points, "curve")
    chart.dots(points[-1:], "plus", 4.5)
    return chart


def boundary_chart(training: Training, sample: int | None = None) -> Chart:
    """Where the network decides for which class, and the samples: rings are around those on the wrong side.

    The classes differ by colour and shape: blue discs are 1, orange triangles -1. A large ring is the `sample`.
    Raises `ValueError` unless the samples have 2 features.

    >>> from cgviz.nn import MLP, moons
    >>> boundary_chart(Training(MLP(2, [1], seed=0), *moons(10))).said
    'The decision of the network: 8 of 10 samples on the right side'
    """
    xs, ys = training.xs, training.ys
    if xs.shape[1] != 2:
        raise ValueError(f"a boundary can be drawn for 2 features, the samples have {xs.shape[1]}")
    low, high = xs.min(axis=0), xs.max(axis=0)
    pad = PAD * np.where(high > low, high - low, 1.0)
    spans = [(float(low[k] - pad[k]), float(high[k] + pad[k])) for k in (0, 1)]
    grid = np.stack(np.meshgrid(*(np.linspace(*span, GRID) for span in spans)), axis=-1).reshape(-1, 2)
    with np.errstate(all="ignore"):
        field = np.clip(training.scores(grid).reshape(GRID, GRID), -1e6, 1e6)
        right = (training.scores(xs) > 0) == (ys > 0)
    said = f"The decision of the network: {int(right.sum())} of {len(xs)} samples on the right side"
    chart = Chart(Axis(*spans[0], "x₁"), Axis(*spans[1], "x₂"), said)
    tint_sides(chart, field.tolist(), LEVELS)
    chart.dots(xs[ys > 0].tolist(), "plus")
    chart.triangles(xs[ys <= 0].tolist(), "minus")
    chart.dots(xs[~right].tolist(), "ring", 7)
    if sample is not None:
        chart.dots([xs[sample].tolist()], "ring", 10)
        chart.dots([xs[sample].tolist()], "ring", 12)
    return chart


def sample_graph(net: Any, training: Training, sample: int) -> Graph:
    """The graph of one sample's loss with the network's present parameters, forward and backward.

    Raises what the network or the loss raises for it.

    >>> from cgviz.nn import MLP, moons
    >>> net = MLP(2, [1], seed=0)
    >>> sample_graph(net, Training(net, *moons(10)), 3).root.name
    'L'
    """
    cls = training.node_class
    inputs = [leaf(cls, f"x{subscript(i)}", x) for i, x in enumerate(training.xs[sample].tolist(), start=1)]
    y = leaf(cls, "y", float(training.ys[sample]))
    score = net(inputs)
    loss: Any = training.loss
    root = LOSSES.get(loss, loss)(score, y)
    with suppress(TypeError):  # a class without room for it is drawn operation by operation
        group(root, [score, y], "loss", "L", f"{name_activation(training.loss)} loss")
    if callable(getattr(root, "backward", None)):
        root.backward()
    return trace(root, {id(root): "L"})
