"""Training that can be watched: the loss, what the network decides where, and the graph of one sample."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from html import escape
from typing import Any

import ipywidgets

from ..nn import History, Step, Training
from ..nn.sample_checks import whole
from ..nn.training_loop import describe_step
from ..pictures.chart import Chart
from ..pictures.picture import inline
from .cell_output import bundle
from .error_sentences import briefly, sentence
from .lifetime import Lasting
from .opening import Opening, UnknownNodeError
from .training_view import LEGEND, boundary_chart, loss_chart, sample_graph
from .view import GraphView

GAP, SHARE = 0.1, 4
"""A picture comes at most every `GAP` seconds, and takes at most one part in `SHARE` + 1 of the time."""
UNTRAINED = "Only a kernel can train this network: it goes on when the cell is run in a notebook."


class Trainer(Lasting, ipywidgets.VBox):
    """A training and its pictures. The arguments are those of `watch_training`; nothing is trained yet.

    `run(steps)` trains; the button does the same, in the background, and can stop it. `history` are the steps done,
    `sample` is the number of the sample whose graph is shown, to read and to assign.
    """

    def __init__(
        self,
        net: Any,
        xs: Any,
        ys: Any,
        steps: int = 100,
        *,
        sample: int = 0,
        tool: str | None = None,
        at: str | None = None,
        zoom: float | str | None = None,
        note: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        ready = Opening.read(tool, at, None, zoom, None, note)
        self.net, self.training = net, Training(net, xs, ys, **options)
        self.history: list[Step] = []
        self._goal, self._stopped, self._running = whole(steps, "steps"), False, False
        self._box = ipywidgets.BoundedIntText(
            whole_sample(sample, len(self.training.xs)), min=0, max=len(self.training.xs) - 1, layout={"width": "5.5em"}
        )
        self._box.tooltip = "the number of the sample whose graph is shown"
        self._button = ipywidgets.Button(layout={"width": "auto", "min_width": "9em"})
        self._bar = ipywidgets.IntProgress(0, min=0, max=self._goal, layout={"width": "12em", "max_width": "100%"})
        self._bar.tooltip = "steps done"
        self._words, self._loss, self._where = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self.view = GraphView(fold=("layer", "loss"), ready=ready)
        super().__init__(self._rows(), _dom_classes=("cg-explorer",))
        self._box.observe(lambda change: self.show(), "value")
        self._button.on_click(lambda button: self._toggle())
        self._say("")
        self.show()

    def _rows(self) -> list[ipywidgets.Widget]:
        """The button and what is said beside it, the charts, the number of the sample, and its graph."""
        row = ipywidgets.Layout(flex_flow="row wrap", align_items="center", grid_gap="4px 12px")
        plane = self.training.xs.shape[1] == 2
        charts = [self._loss, ipywidgets.VBox([self._where, ipywidgets.HTML(LEGEND)])] if plane else [self._loss]
        return [
            ipywidgets.HBox([self._button, self._bar, self._words], layout=row),
            ipywidgets.HBox(charts, layout=row),
            ipywidgets.HBox([ipywidgets.Label("graph of sample"), self._box]),
            self.view,
        ]

    def close(self) -> None:
        """Close it with all that it shows, and end a training in the background."""
        self.stop()
        super().close()

    @property
    def sample(self) -> int:
        """The number of the sample whose graph is shown, counted from 0."""
        return self._box.value

    @sample.setter
    def sample(self, number: int) -> None:
        self._box.value = whole_sample(number, len(self.training.xs))

    @property
    def running(self) -> bool:
        """Whether it trains at this moment."""
        return self._running

    def run(self, steps: int | None = None, callback: Callable[[Step], Any] | None = None) -> History:
        """Train so many more steps, as many as at first if none are given, and return the history of all.

        `callback` is called with each `Step`. The stop button of the notebook (Ctrl-C) ends the training early and
        is no error: the network has the parameters of the last complete step, and the picture says so.
        Raises what `Training.step` and the callback raise; then, too, the network is whole. Raises `RuntimeError`
        while the button trains.
        """
        if self.running:
            raise RuntimeError("this network is being trained: press Stop first")
        steps = self._goal if steps is None else whole(steps, "steps")
        self._stopped, self._button.disabled = False, True  # a press would be heard only afterwards
        with self._report_training(steps):
            try:
                for step in self._steps():
                    if callback is not None:
                        callback(step)
            except KeyboardInterrupt:
                self._stopped = True
        return History(self.history, self.training.state, self.training.notes)

    def stop(self) -> None:
        """End the training after the present step: one that the button has begun, or from within a `callback`."""
        self._stopped = True

    def show(self) -> None:
        """Draw everything anew."""
        self._loss.value = self._losses().svg
        if self.training.xs.shape[1] == 2:
            self._where.value = boundary_chart(self.training, self.sample).svg
        try:
            with (
                self.training.lend_parameters()
            ):  # the graph too is of this moment, whatever else has moved the network since
                self.view.show(sample_graph(self.net, self.training, self.sample))
        except UnknownNodeError:  # of the call, and not of the numbers
            raise
        except Exception as error:  # a number too large for one sample's graph is no reason to stop
            self.view.fail(f"the graph of sample {self.sample} cannot be computed: {sentence(error)}")

    def _losses(self) -> Chart:
        return loss_chart(self.history, self._bar.max, self.training.state if self.history else None)

    def _toggle(self) -> None:
        if self.running:
            self.stop()
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # without the loop of a notebook there is no background
            with suppress(Exception):  # the picture says what happened; an error of a press is a dump in some log
                self.run()
        else:
            self._running, self._stopped = True, False
            self._say("")
            self._task = loop.create_task(self._go())  # kept, or it might be collected

    async def _go(self) -> None:
        """Train in the background: between the steps the notebook can answer, and the button stop it."""
        try:
            with self._report_training(self._goal):
                rest = time.perf_counter()
                for _ in self._steps():
                    if time.perf_counter() - rest > GAP / 4:
                        await asyncio.sleep(0.001)
                        rest = time.perf_counter()
        except Exception:  # the picture says what happened; nobody waits for the task
            pass

    def _steps(self) -> Iterator[Step]:
        """Step up to the goal or until it is stopped, which may be before the first, with a picture now and then."""
        due = time.perf_counter() + GAP
        while len(self.history) < self._bar.max and not self._stopped:
            step = self.training.step()
            self.history.append(step)
            yield step
            now = time.perf_counter()
            if now >= due:
                self._count()
                self.show()
                done = time.perf_counter()
                due = done + max(GAP, SHARE * (done - now))
        if self.history:
            self.training.check()

    @contextmanager
    def _report_training(self, steps: int) -> Iterator[None]:
        """Around a training: what it says before and after, whatever ends it."""
        goal = len(self.history) + steps
        self._bar.max = goal
        self._running, self._bar.bar_style = True, ""
        self._count()
        ended = ""
        try:
            yield
        except BaseException as error:
            ended = str(error) or type(error).__name__
            raise
        finally:
            self.training.write()
            self._follow()
            self._running = self._button.disabled = False
            early = self._stopped and len(self.history) < goal
            if early:
                ended = f"stopped: the network has the parameters of step {self.training.done}"
            self._bar.bar_style = "danger" if ended and not early else "warning" if early else "success"
            self._count(ended)
            self.show()

    def _follow(self) -> None:
        """Let the history be that of the parameters: without a step taken back, with one that was cut short."""
        del self.history[self.training.done :]
        if self.training.done > len(self.history) and self.training.last is not None:
            self.history.append(self.training.last)

    def _count(self, ended: str = "") -> None:
        self._bar.value = len(self.history)
        self._say(ended)

    def _say(self, ended: str) -> None:
        waiting = "Train on" if self.history else "Train"
        self._button.description = "training …" if self._button.disabled else "Stop" if self.running else waiting
        heard = "" if self.running else ' role="status"'  # ten times a second is too much for those who listen
        self._words.value = f"<span{heard}>{escape(self.words(ended))}</span>"

    def words(self, ended: str = "") -> str:
        """How far the training is, in one line."""
        count = f"step {len(self.history)} of {self._bar.max}"
        state = f": {describe_step(self.training.state)}" if self.history else ""
        return (
            count + state + "".join(f". {text[0].upper()}{text[1:]}" for text in (ended, *self.training.notes) if text)
        )

    def __repr__(self) -> str:
        return f"Trainer({self.words()})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> Any:
        """The output of a cell: this widget as long as it lives, else pictures of its present state."""
        mime = super()._repr_mimebundle_(include=include, exclude=exclude, **options)
        charts = [self._losses()]
        if self.training.xs.shape[1] == 2:
            charts.append(boundary_chart(self.training, self.sample))
        drawn = "".join(inline(chart.svg, chart.said) for chart in charts)
        drawn += self.view.still.html if self.view.still else ""
        return bundle(self, mime, f"<p>{escape(self.words())}</p>{drawn}", UNTRAINED, self.view)


@briefly
def watch_training(
    net: Any,
    xs: Any,
    ys: Any,
    steps: int = 100,
    *,
    sample: int = 0,
    callback: Callable[[Step], Any] | None = None,
    **options: Any,
) -> History:
    """Train a network as `cgviz.nn.train` does, and show in the notebook how it goes: live, as long as it lasts.

    The arguments are those of `train`: `rate`, `loss` and `decay` as well. The picture shows the loss, what the
    network decides where (for 2 features), and the graph of one `sample`, its layers folded; the box beside it
    chooses another. Its graph opens ready as `explore` does,
    with `tool`, `at`, `zoom` and `note`. The stop button of the notebook ends the training early: the network has the
    parameters of the last complete step. Afterwards the button trains on in the background, and can stop it.

    Returns the steps. Raises what `train` raises.

    >>> from cgviz.nn import MLP, moons
    >>> history = watch_training(MLP(2, [8, 1], seed=1), *moons(100, noise=0.1, seed=1), steps=60)
    Trainer(step 0 of 60)
    >>> history.state.accuracy > 0.9
    True
    """
    from IPython.display import display

    trainer = Trainer(net, xs, ys, steps, sample=sample, **options)
    shown = display(trainer, display_id=True)
    try:
        return trainer.run(callback=callback)
    finally:
        if shown is not None:
            shown.update(trainer)  # what the notebook keeps is the last state


def whole_sample(sample: Any, count: int) -> int:
    """The number of a sample. Raises `ValueError` if there is none of that number."""
    if not isinstance(sample, int) or isinstance(sample, bool) or not 0 <= sample < count:
        raise ValueError(f"sample must be a whole number from 0 to {count - 1}, got {sample!r}")
    return sample
