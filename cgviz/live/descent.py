"""Gradient descent with sliders: the curve or the contours, the steps, and the graph at one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

import ipywidgets
import traitlets

from ..descent import DescentStep, verdict, walk
from ..draw import Picture
from ..draw.chart import Chart
from ..draw.picture import inline
from ..run import Run, check_inputs, prepare
from ..text import exact, kind, shorten
from ..value import Value
from . import page
from .explorer import _innermost, _sentence, check_class
from .html import to_html
from .inputs import Inputs, controls
from .landscape import Surface, landscape, ranges, steepest
from .slider import number as checked
from .slider import slider
from .stills import chart, report
from .view import GraphView, told_to_colab
from .wire import computable

MOST = 1000
"""So many steps at most: each is a row of the list."""


class DescentView(GraphView):
    """The graph at one of the steps, and above it the steps themselves: a `GraphView` moved by their sliders.

    The page walks by itself where it can compute the graph; else it waits for the kernel's steps, in `state`.
    """

    _esm = page.module(page.DESCENT)
    _css = "\n".join((page.STATIC / name).read_text(encoding="utf-8") for name in ("view.css", "descent.css"))
    files, styles = page.DESCENT, ("view.css", "descent.css")

    land = traitlets.Dict(help="the curve or the contours, and over which ranges").tag(sync=True)
    names = traitlets.List(help="the numbers that are moved, in order").tag(sync=True)
    called = traitlets.Unicode(help="what the function's value is called").tag(sync=True)
    count = traitlets.Int(help="how many steps there are at most").tag(sync=True)


class Descent(ipywidgets.VBox):
    """What `descend` returns: sliders for the start, the learning rate and the step, and the picture below them.

    `steps` lists the steps with the present start and rate, `verdict` says in one sentence what they come to;
    `inputs` are the numbers of the sliders, to read and to assign: ``descent.inputs["rate"] = 0.5``.
    """

    def __init__(self, run: Run, start: Mapping[str, Any], rate: float, count: int, rankdir: str = "LR") -> None:
        self._run, self._count = run, count
        given = {name: slider(name, argument) for name, argument in start.items()}
        numbers = {name: float(one.value) for name, one in given.items()}
        self._walk = walk(run, numbers, rate, count)
        self._called = run.graph.root.label or "f"
        self._surface = Surface(run)
        for name, one in given.items():  # one that was made here has told its range: the one that is shown follows it
            if one is not start[name]:
                one.close()
        near = ranges(self._surface, self._walk.steps)
        spans = {name: _span(start[name], given[name], near[name]) for name in run.names}
        arguments = {f"start {name}": _start(name, start[name], numbers[name], spans[name]) for name in run.names}
        self._controls = controls(
            {**arguments, "rate": self._rates(numbers, rate), "step": _steps(count)}, self._update, self._say
        )
        self._inputs = Inputs(self._controls, self._update)
        self.error: BaseException | None = None
        self.view = DescentView(
            rankdir=rankdir,
            sliders=[control.wire for control in self._controls.values()],
            land=landscape(self._surface, spans, self._walk.steps),
            names=list(run.names),
            called=self._called,
            count=count,
        )
        super().__init__([ipywidgets.VBox([control.row for control in self._controls.values()]), self.view])
        self.add_class("cg-explorer")
        self._update()

    @property
    def steps(self) -> list[DescentStep]:
        """The steps, the start first: records of `number`, `point`, `value` and `gradient`."""
        return list(self._walk.steps)

    @property
    def verdict(self) -> str:
        """What the steps come to, in one sentence."""
        return verdict(self._walk)

    @property
    def inputs(self) -> Inputs:
        """The numbers of the sliders: ``"start a"``, ``"rate"`` and ``"step"``."""
        return self._inputs

    @inputs.setter
    def inputs(self, numbers: Mapping[str, float]) -> None:
        self._inputs.update(check_inputs(tuple(self._inputs), {**self._inputs, **numbers}))

    @property
    def root(self) -> Any:
        """The root of the graph at the present step: an object of the learner's own class."""
        return self._run.root

    @property
    def present(self) -> DescentStep:
        """The step that the graph shows."""
        return self._walk.steps[max(0, min(int(self._inputs["step"]), len(self._walk.steps) - 1))]

    def _update(self) -> None:
        """Walk anew from the sliders' numbers, and show the outcome; if the start has no value, the last good one."""
        try:
            start = {name: self._inputs[f"start {name}"] for name in self._run.names}
            found = walk(self._run, start, self._inputs["rate"], self._count)
        except (Exception, KeyboardInterrupt) as error:  # whatever is raised is shown; the next move may be good
            self.error = error
            self.view.fail(_sentence(error), self._at())
            if isinstance(error, KeyboardInterrupt):  # a loop over several moves is to end
                raise
            return
        self._walk, self.error = found, None
        self._widen(start)
        self._run.update(**self.present.point)
        alive = self._run.cls is Value and computable(self._run.graph)
        alive = alive and Surface(self._run).follows(found.steps)  # the page walks by this one graph
        self.view.show(self._run.graph, "", self._at(), self._run.places, alive)

    def _widen(self, start: Mapping[str, float]) -> None:
        """Draw the curve or the contours anew, over a range that holds the start."""
        spans = self.view.land["ranges"]
        wider = {name: [min(low, start[name]), max(high, start[name])] for name, (low, high) in spans.items()}
        if wider != spans:
            self.view.land = landscape(self._surface, wider, self._walk.steps)

    def _at(self) -> dict[str, Any]:
        """The steps, and where the sliders stood: by this the page knows a late answer."""
        rows = [[*step.point.values(), step.value, *step.gradient.values()] for step in self._walk.steps]
        places = {name: control.slider.value for name, control in self._controls.items()}
        return {"inputs": dict(self._inputs), "places": places, "walk": {"rows": rows, "ended": self._walk.ended}}

    def _say(self, sentence: str) -> None:
        self.view.say(sentence or (_sentence(self.error) if self.error else ""))

    def _rates(self, start: Mapping[str, float], rate: float) -> ipywidgets.FloatLogSlider:
        """A slider of learning rates, from a hundredth of the one given to one that diverges."""

        def stays(other: float) -> bool:
            steps, ended = walk(self._run, start, other, min(self._count, 30))
            return not ended and steps[-1].value <= max(steps[0].value, steps[len(steps) // 2].value)

        here = math.log10(rate)
        reach = math.ceil(50 * math.log10(steepest(stays, rate) / rate)) / 50
        return ipywidgets.FloatLogSlider(
            rate, base=10, min=here - 2, max=here + reach, step=0.02, description="rate", **_plain()
        )

    def to_html(self, title: str = "Gradient descent") -> str:
        """Write the descent as one self-contained page, as `Explorer.to_html` does.

        Raises `ValueError` where only the kernel can compute the graph: with a class or an operation of your own.
        """
        return to_html(self.view, self._controls, title)

    def chart(self) -> Chart:
        """The curve or the contours with the steps, as a picture that stays what it is."""
        return chart(self.view.land, self._walk, self.present.number, self._called)

    def __repr__(self) -> str:
        return report(self._walk, self._called)

    def _display_(self) -> GraphView:
        """What marimo shows, which has no place for the notebook's sliders: the view, which brings its own."""
        return self.view

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> dict[str, Any]:
        """The widget, and for places that show no widgets a picture of its present state and the list of steps."""
        bundle = super()._repr_mimebundle_(include=include, exclude=exclude, **options) or {}
        drawn = self.chart()
        fallback = (
            f"<p>{escape(self.verdict)}</p>"
            + inline(drawn.svg, drawn.said)
            + Picture(self._run.graph, rankdir=self.view.rankdir).html
        )
        return told_to_colab(self.view, {**bundle, "text/plain": repr(self), "text/html": fallback})


def descend(
    f: Any,
    start: Any = None,
    rate: float = 0.1,
    steps: int = 20,
    *,
    cls: type | None = None,
    rankdir: str = "LR",
    **numbers: Any,
) -> Descent:
    """Descend a function of one or two numbers by its gradient, with sliders for the start, the rate and the step.

    `f` is an expression such as ``"a**2 - 10*a + 28"``, or a function of one or two nodes. `start` gives each number
    where to begin, as a dict, by name (``descend(f, x=0, y=1)``), or for a function of one number as a number alone;
    ``(min, max)`` or a slider says the range to show as well. `rate` is the learning rate, `steps` how many steps are
    taken; `cls` and `rankdir` are those of `explore`. Each step moves each number by minus the rate times its slope.

    Raises `ExpressionError` for a text that is no expression, `TypeError` or `ValueError` for a function of more than
    two numbers, a start that is missing or unknown, or a rate or number of steps that is not positive; and what the
    function raises at the start.

    >>> descent = descend("a**2 - 10*a + 28", a=6, rate=0.1)
    >>> [round(step.point["a"], 3) for step in descent.steps[:4]]
    [6.0, 5.8, 5.64, 5.512]
    >>> descent.inputs["rate"] = 1.1
    >>> descent.verdict
    'Diverging: each step is longer than the one before. A smaller rate comes down.'
    """
    try:
        return _descent(f, start, rate, steps, cls, rankdir, numbers)
    except (TypeError, ValueError, ArithmeticError) as error:
        error.__traceback__ = _innermost(error.__traceback__)  # a notebook prints every frame in full
        raise


def _descent(f: Any, start: Any, rate: Any, steps: Any, cls: Any, rankdir: str, numbers: dict[str, Any]) -> Descent:
    if cls is not None:
        check_class(cls)
    function, known, own = prepare(f, {**(start if isinstance(start, Mapping) else {}), **numbers})
    run = Run(function, cls or own or Value)
    if not 1 <= len(run.names) <= 2:
        these = ", ".join(map(shorten, run.names)) or "none"
        raise ValueError(f"descend shows functions of one or two numbers; this one has {len(run.names)}: {these}")
    if not isinstance(start, Mapping):
        if start is not None and len(run.names) > 1:
            first, second = run.names
            raise TypeError(
                f"start: expected a number for each name, as in {{'{first}': 0, '{second}': 1}}, got {kind(start)}"
            )
        start = {} if start is None else {run.names[0]: start}
    rate = checked("rate", rate)
    if not 0 < rate < math.inf:
        raise ValueError(f"rate: the learning rate must be a positive number, got {exact(rate)}")
    if not isinstance(steps, int) or isinstance(steps, bool) or not 1 <= steps <= MOST:
        raise ValueError(f"steps must be a whole number from 1 to {MOST}, got {steps!r}")
    return Descent(run, check_inputs(run.names, {**known, **start, **numbers}), rate, steps, rankdir)


def _plain() -> dict[str, Any]:
    """How every slider of a row looks."""
    return {"readout": False, "layout": ipywidgets.Layout(flex="1 1 10em", min_width="6em", width="auto")}


def _steps(count: int) -> ipywidgets.IntSlider:
    return ipywidgets.IntSlider(0, min=0, max=count, description="step", **_plain())


def _span(argument: Any, slider: Any, near: tuple[float, float]) -> tuple[float, float]:
    """The range that is shown: what was asked for, or where the steps are."""
    asked = isinstance(argument, (tuple, list, ipywidgets.Widget))
    ends = getattr(slider, "min", None), getattr(slider, "max", None)
    return (float(ends[0]), float(ends[1])) if asked and None not in ends else near


def _start(name: str, argument: Any, x: float, span: tuple[float, float]) -> ipywidgets.Widget:
    """The slider of a start, over the range that is shown; one that was given is taken as it is."""
    if isinstance(argument, ipywidgets.Widget):
        return argument
    low, high = span
    step = 10.0 ** math.floor(math.log10((high - low) / 20))
    return ipywidgets.FloatSlider(x, min=low, max=high, step=step, description=f"start {shorten(name)}", **_plain())
