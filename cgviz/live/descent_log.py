"""The steps of a descent that somebody wrote as a loop of her own: a table of them, a chart, and what they come to."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from ..graph import is_node
from ..pictures.chart import Axis, Chart
from ..pictures.picture import inline
from ..run.descent import DescentStep, Walk, verdict
from ..text import kind, literal, number, shorten
from .static_output import report

FAR = 1e12
"""A loss that has grown by so much runs away; a little later no number is large enough for it."""
COLUMNS = 3
"""So many parameters at most stand in the table."""
LEAST = 1e-300


class DescentLog:
    """Notes the steps of a loop of one's own, and says what they come to, as `descend` does.

    Call `add(loss, *parameters)` in each round, after the backward pass and before the step. It refuses, in one
    sentence, what cannot be right: a loss that was not computed again, a backward pass that was left out, steps that
    run away. At the end of a cell the log shows itself: a chart of the loss, the steps, and a verdict.

    >>> from cgviz import Value
    >>> a, log = Value(0, "a"), DescentLog()
    >>> for t in range(3):
    ...     L = a**2 - 10 * a + 28
    ...     L.backward()
    ...     log.add(L, a)
    ...     a.data -= 0.1 * a.grad
    >>> log
    step  a    L      ∂L/∂a
    0     0    28     -10
    1     1    19     -8
    2     1.8  13.24  -6.4
    Crawling: after 2 steps the gradient is still 64 % of what it was. A larger rate gets further.
    """

    def __init__(self) -> None:
        self._steps: list[DescentStep] = []
        self._root: Any = None

    def add(self, loss: Any, *parameters: Any) -> None:
        """Note where the parameters stand, their gradients, and the loss.

        Raises `TypeError` for what is no node, `ValueError` with a sentence for a step that cannot be right.
        """
        for thing in (loss, *parameters):
            if not is_node(thing):
                raise TypeError(f"add takes the loss and the parameters, which are nodes; got {kind(thing)}")
        step = f"step {len(self._steps)}"
        names = _name_all(parameters)
        point = {name: float(p.data) for name, p in zip(names, parameters, strict=True)}
        if loss is self._root and self._steps and point != self._steps[-1].point:
            raise ValueError(f"{step}: the loss is that of the step before. Compute it anew in each round: forward")
        missing = [name for name, p in zip(names, parameters, strict=True) if getattr(p, "grad", None) is None]
        if missing or not getattr(loss, "grad", None):
            what = f"{missing[0]} has no gradient" if missing else "this loss has not been taken back"
            raise ValueError(f"{step}: {what}. Call backward() on the loss before the step")
        value = float(loss.data)
        if not math.isfinite(value):
            raise ValueError(f"{step} leads too far: the loss is {number(value)}. A smaller rate may help")
        first = self._steps[0].value if self._steps else value
        if abs(value) > FAR * max(abs(first), 1.0):
            grown = f"the loss has grown from {number(first)} to {number(value)}"
            raise ValueError(f"{step}: {grown}. Diverging: a smaller rate comes down")
        gradient = {name: float(p.grad) for name, p in zip(names, parameters, strict=True)}
        self._root = loss
        self._steps.append(DescentStep(len(self._steps), point, value, gradient))

    @property
    def verdict(self) -> str:
        """What the steps come to, in one sentence."""
        return verdict(Walk(self._steps, "")) if self._steps else "No step is noted yet."

    def chart(self) -> Chart:
        """The loss, step by step; on a logarithmic axis where it falls by more than a factor of 20."""
        values = [step.value for step in self._steps]
        low, high = min(values), max(values)
        if low > LEAST and high > 20 * low:
            up = Axis(low / 1.2, high * 1.2, "loss", log=True)
        else:
            pad = 0.06 * (high - min(low, 0.0)) or 1.0
            up = Axis(min(low - pad, 0.0), high + pad, "loss")
        said = f"The loss over {len(values) - 1} steps: from {number(values[0])} to {number(values[-1])}"
        chart = Chart(Axis(0, max(len(values) - 1, 1), "step"), up, said)
        chart.line(list(enumerate(values)), "curve")
        return chart

    def __repr__(self) -> str:
        if not self._steps:
            return self.verdict
        if len(self._steps[0].point) > COLUMNS:
            first, last = self._steps[0].value, self._steps[-1].value
            return f"loss {number(first)} at first, {number(last)} at step {len(self._steps) - 1}\n{self.verdict}"
        called = getattr(self._root, "label", "") or "L"
        return report(Walk(self._steps, ""), called)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        text = repr(self)
        if not self._steps:
            return {"text/plain": text}
        drawn = self.chart()
        table, _, said = text.rpartition("\n")  # in a table lines are broken anywhere, in a sentence between words
        shown = literal(escape(table), tag="pre") + literal(escape(said), tag="p")
        return {"text/plain": text, "text/html": inline(drawn.svg, drawn.said) + shown}


def _name_all(parameters: tuple[Any, ...]) -> list[str]:
    """What to call each parameter: its label, else its place; of two with one label each is called by its place."""
    labels = [getattr(p, "label", "") for p in parameters]
    return [shorten(name) if name and labels.count(name) == 1 else f"p{k}" for k, name in enumerate(labels, 1)]
