"""Gradient descent with sliders: the curve or the contours, the steps, and the graph at one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import ipywidgets
import traitlets

from ..graph import is_node
from ..listing import Listing
from ..ops.labels import tight
from ..pictures.chart import Chart
from ..pictures.layout.plan import MOST
from ..pictures.picture import inline
from ..run.descent import DescentStep, Walk, verdict, walk
from ..run.leaks import Leaks
from ..run.run import Run, check_inputs, prepare
from ..text import join_names, kind, shorten
from ..value import Value
from .controls.inputs import first_number
from .descent_sliders import check_rate, check_steps, make_rate_slider, make_start_slider, make_step_slider, read_range
from .error_sentences import briefly
from .explorer import check_class
from .landscape import Surface, landscape, ranges, wider
from .opening import Opening
from .slider_panel import SliderPanel
from .speculation import Speculation, pace
from .static_output import chart, report
from .view import GraphView

TRIED = 30
"""So many steps at most show whether a rate diverges."""


class DescentView(GraphView):
    """The graph at one of the steps, and above it the steps themselves: a `GraphView` moved by their sliders.

    The page walks by itself where it can compute the graph; else it waits for the kernel's steps, in `state`.
    """

    script = "descent_page"

    land = traitlets.Dict(help="the curve or the contours, and over which ranges").tag(sync=True)
    names = traitlets.List(help="the numbers that are moved, in order").tag(sync=True)
    called = traitlets.Unicode(help="what the function's value is called").tag(sync=True)
    written = traitlets.List(help="what formulas call these numbers, and last the function's value").tag(sync=True)
    count = traitlets.Int(help="how many steps there are at most").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(parts=["view", "descent"], styles=["view", "descent"], **traits)


class Move(NamedTuple):
    """What the sliders lead to: the graph at the present step, all steps, and what is drawn behind them."""

    run: Run
    walk: Walk
    land: dict[str, Any]


class Descent(SliderPanel):
    """What `descend` returns: sliders for the start, the learning rate and the step, and the picture below them.

    `steps` lists the steps with the present start and rate, `verdict` says in one sentence what they come to;
    `inputs` are the numbers of the sliders, to read and to assign: ``descent.inputs["rate"] = 0.5``.
    """

    def __init__(
        self,
        run: Run,
        start: Mapping[str, Any],
        rate: float,
        count: int,
        rankdir: str = "LR",
        ready: Opening | None = None,
    ) -> None:
        self._count, self._leaks = count, Leaks()
        self._speculation = Speculation(sure=run.cls is Value)
        self._theirs = [given for given in start.values() if isinstance(given, ipywidgets.Widget)]
        numbers = _numbers(start)
        self._walk = walk(run, numbers, rate, count)
        self._called = run.graph.root.label or "f"
        self._surface = Surface(copy(run))
        near = ranges(self._surface, self._walk.steps)
        spans = {name: read_range(start[name]) or near[name] for name in run.names}

        def stays(other: float) -> bool:
            steps, ended = walk(copy(run), numbers, other, min(count, TRIED))
            return not ended and steps[-1].value <= max(steps[0].value, steps[len(steps) // 2].value)

        starts = {
            f"start {name}": make_start_slider(name, start[name], numbers[name], spans[name]) for name in run.names
        }
        super().__init__(
            run,
            {**starts, "rate": make_rate_slider(stays, rate), "step": make_step_slider(count)},
            DescentView,
            ready or Opening(),
            rankdir=rankdir,
            land=landscape(self._surface, spans, self._walk.steps),
            names=list(run.names),
            called=self._called,
            written=[*map(tight, run.names), tight(self._called)],
            count=count,
        )

    def _given(self) -> list[Any]:
        return getattr(self, "_theirs", [])

    @property
    def steps(self) -> Listing[DescentStep]:
        """The steps, the start first: records of `number`, `point`, `value` and `gradient`."""
        return Listing(self._walk.steps)

    @property
    def verdict(self) -> str:
        """What the steps come to, in one sentence."""
        return verdict(self._walk)

    @property
    def present(self) -> DescentStep:
        """The step that the graph shows."""
        return self._present(self._walk.steps)

    def _present(self, steps: list[DescentStep]) -> DescentStep:
        return steps[max(0, min(int(self._inputs["step"]), len(steps) - 1))]

    def _compute(self) -> Move:
        """Walk from the sliders' numbers, and run the graph at the present step."""
        run = copy(self._run)  # of a walk that fails half-way nothing is to stay
        start = {name: self._inputs[f"start {name}"] for name in run.names}
        judge = None if run.cls is Value else self._speculation.judge  # of a class of one's own at every step
        found = walk(run, start, self._inputs["rate"], self._count, judge)
        run.update(**self._present(found.steps).point)
        land = self.view.land
        spans = wider(self._surface, land["ranges"], found.steps)
        return Move(run, found, landscape(self._surface, spans, found.steps) if spans != land["ranges"] else land)

    def _show(self, found: Move) -> None:
        self._run, self._walk, self.view.land = found
        run = self._run
        leak, own = self._leaks.find(run), "" if run.cls is Value else shorten(type(run.root).__name__)
        why = self._speculation.judge(run.graph) or ("a part of what it computes is not in the graph" if leak else "")
        if not why and len(run.graph.nodes) > MOST:
            why = "its graph is too large to be walked in the page"
        if not why and not own and not Surface(run).follows(self._walk.steps):  # the page walks by this one graph
            why = "it does not always build the same graph"
        said = pace(why, own or "the kernel") if why or own else ""
        self.view.show(run.graph, leak, self._at(), run.places, not why, own, said)

    def _at(self) -> dict[str, Any]:
        """The steps as well, for a page that cannot take them itself."""
        rows = [[*step.point.values(), step.value, *step.gradient.values()] for step in self._walk.steps]
        return {**super()._at(), "walk": {"rows": rows, "ended": self._walk.ended}}

    def _reach(self) -> Mapping[str, Sequence[float]]:
        """Over the ranges that are shown, and where the steps have been."""
        return {
            name: sorted(
                {low + (high - low) * (k / 80) for k in range(81)} | {step.point[name] for step in self._walk.steps}
            )
            for name, (low, high) in self.view.land["ranges"].items()
        }

    def to_html(self, title: str = "Gradient descent") -> str:
        """Write the descent as one self-contained page, as `Explorer.to_html` does.

        Raises `ValueError` where only the kernel can compute the graph: with a class or an operation of your own, or a
        function that is not always the same graph.
        """
        return self._page(title)

    def film(self, path: str | Path, scale: float = 1.2) -> Path:
        """Film the steps, as `cgviz.film` films a graph: .gif, .webp, .png or .mp4; return the path of the file.

        Raises `ValueError` for another suffix or more than 300 steps, `OSError` if the file cannot be written.
        """
        from .descent_film import film_descent

        return film_descent(
            path, self._walk, self._surface, self.view.land["ranges"], self._inputs["rate"], self._called, scale
        )

    def chart(self) -> Chart:
        """The curve or the contours with the steps, as a picture that stays what it is."""
        return chart(self.view.land, self._walk, self.present.number, self._called)

    def __repr__(self) -> str:
        return report(self._walk, self._called)

    def still(self) -> str:
        """What the steps come to, the chart and the graph."""
        drawn = self.chart()
        graph = self.view.still.html if self.view.still else ""
        return f"<p>{escape(self.verdict)}</p>" + inline(drawn.svg, drawn.said) + graph


@briefly
def descend(
    f: Any,
    start: Any = None,
    rate: float = 0.1,
    steps: int = 20,
    *,
    cls: type | None = None,
    rankdir: str = "LR",
    tool: str | None = None,
    at: Any = None,
    zoom: float | str | None = None,
    lock: bool | str | Iterable[str] | None = None,
    note: Mapping[Any, str] | None = None,
    edges: str | None = None,
    **numbers: Any,
) -> Descent:
    """Descend a function of one or two numbers by its gradient, with sliders for the start, the rate and the step.

    `f` is an expression such as ``"a**2 - 10*a + 28"``, or a function of one or two nodes. `start` gives each number
    where to begin, as a dict, by name (``descend(f, x=0, y=1)``), or for a function of one number as a number alone;
    ``(min, max)`` or a slider says the range to show as well. `rate` is the learning rate, `steps` how many steps are
    taken; `cls` and `rankdir` are those of `explore`, and so are `tool`, `at`, `zoom`, `note`, `edges` and `lock`
    (of ``"start a"``, ``"rate"`` and ``"step"``). Each step moves each number by minus the rate times its slope.

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
    if cls is not None:
        check_class(cls)
    if isinstance(start, Mapping) and (twice := [name for name in start if name in numbers]):
        raise TypeError(f"{join_names(map(repr, twice))} is given twice, in start and by name")
    function, known, own = prepare(f, {**(start if isinstance(start, Mapping) else {}), **numbers})
    run = Run(function, cls or own or Value)
    if not 1 <= len(run.names) <= 2:
        these = ", ".join(map(shorten, run.names)) or "none"
        raise ValueError(f"descend shows functions of one or two numbers; this one has {len(run.names)}: {these}")
    if start is None or isinstance(start, Mapping):
        start = start or {}
    elif len(run.names) == 1:
        start = {run.names[0]: start}
    else:
        first, second = run.names
        raise TypeError(
            f"start: expected a number for each name, as in {{'{first}': 0, '{second}': 1}}, got {kind(start)}"
        )
    rate, steps = check_rate(rate), check_steps(steps)
    ready = Opening.read(tool, at, None, zoom, lock, note, f if is_node(f) else None, edges)
    return Descent(run, check_inputs(run.names, {**known, **start, **numbers}), rate, steps, rankdir, ready)


def _numbers(start: Mapping[str, Any]) -> dict[str, float]:
    """Where each start stands at first. Raises `TypeError` or `ValueError`, naming it, if nothing can be there."""
    return {name: first_number(name, argument) for name, argument in start.items()}
