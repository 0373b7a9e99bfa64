"""Sliders above a picture that follows them: what `explore` and `descend` return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets

from ..graph.discovery import TooLargeError
from ..run.run import Run, check_inputs
from .cell_output import bundle
from .controls.inputs import Inputs, controls
from .controls.loose import Loose
from .document import PagePart, to_html
from .error_sentences import RAISED, sentence
from .fidelity import FAITHFUL, Fidelity, judge
from .lifetime import Lasting
from .opening import Opening
from .view import GraphView

UNMOVED = "Only a kernel can compute this graph: its numbers move when the cell is run in a notebook."
WRITING, SHOWING = 5.0, 0.5
"""Seconds for which a function is tried before a page of it is written, and before its cell is shown."""


class SliderPanel(Lasting, ipywidgets.VBox):
    """A row of controls for each number, and below them the `view`, which shows what they lead to.

    `inputs` are the numbers, to read and to assign, and several assigned at once are one move; `error` is what the last
    move raised. A kind of panel says how a move is computed, how its outcome is shown, and what stays of it without
    widgets.
    """

    view: GraphView

    def __init__(
        self, run: Run, arguments: Mapping[str, Any], view: type[GraphView], ready: Opening, **traits: Any
    ) -> None:
        self._run = run
        self.error: BaseException | None = None
        self._arguments = [argument for argument in arguments.values() if isinstance(argument, ipywidgets.Widget)]
        locked = ready.check_inputs(tuple(arguments))
        self._controls = controls(arguments, self._update, self._say)
        for name in locked:
            self._controls[name].lock()
        self._inputs = Inputs(self._controls, self._update)
        rows = [control for control in self._controls.values() if control.row]
        for i, control in enumerate(rows):
            control.row.add_class(f"cg-input-{i}")  # by which the page knows whose row it is
        wires = [control.wire | {"row": i} for i, control in enumerate(rows)]
        sliders = [wire for wire in wires if "choices" not in wire]
        choices = [wire for wire in wires if wire not in sliders]
        self._loose = {
            name: control
            for name, control in self._controls.items()
            if isinstance(control, Loose) and not control.locked
        }
        loose = {name: control.start for name, control in self._loose.items()}
        self.view = view(sliders=sliders, choices=choices, loose=loose, ready=ready, **traits)
        self.view.on_msg(self._take)
        inputs = ipywidgets.VBox([control.row for control in rows], _dom_classes=("cg-inputs",))
        super().__init__([inputs, self.view], _dom_classes=("cg-explorer",))
        self._update()

    def _given(self) -> list[Any]:
        return getattr(self, "_arguments", [])

    def close(self) -> None:
        """Close it with its sliders and its picture; a slider of yours stays, and moves it no more."""
        if self.comm is not None:
            for control in getattr(self, "_controls", {}).values():  # there are none where it could not be made
                control.release()
        super().close()

    @property
    def inputs(self) -> Inputs:
        """The numbers of the sliders by name, as a dict to read and to assign."""
        return self._inputs

    @inputs.setter
    def inputs(self, numbers: Mapping[str, float]) -> None:
        self._inputs.update(check_inputs(tuple(self._inputs), {**self._inputs, **numbers}))

    @property
    def root(self) -> Any:
        """The root of the graph that the last good move led to: an object of the learner's own class."""
        return self._run.root

    def _compute(self) -> Any:
        """Compute where the sliders lead to, and change nothing of what is shown."""
        raise NotImplementedError

    def _show(self, found: Any) -> None:
        """Show what was computed."""
        raise NotImplementedError

    def still(self) -> str:
        """The present state as HTML, for places that show no widgets."""
        raise NotImplementedError

    def _update(self) -> None:
        """Follow the sliders; where that raises, say what, beside the picture of the last good move."""
        try:
            found = self._compute()
        except TooLargeError as error:
            if self._run.graph is None:
                raise  # there is nothing to show, and nothing to move
            self.error = error
            self.view.fail(sentence(error), self._at())
        except RAISED as error:  # whatever is raised is shown; the next move may be good
            self.error = error
            self.view.fail(sentence(error), self._at())
            if isinstance(error, KeyboardInterrupt):  # a loop over several moves is to end
                raise
        else:
            self.error = None
            self._show(found)

    def _at(self) -> dict[str, Any]:
        """The inputs of a run, and the places at which the sliders stood: by these the page knows a late answer."""
        places = {name: control.slider.value for name, control in self._controls.items() if control.slider}
        places |= {name: control.value for name, control in self._loose.items()}
        return {"inputs": dict(self._inputs), "places": places}

    def _take(self, view: Any, said: Any, buffers: Any) -> None:
        """Take numbers of leaves without widgets, which were moved in the picture."""
        moved = said.get("moved") if isinstance(said, dict) else None
        for name, given in moved.items() if isinstance(moved, dict) else ():
            if name in self._loose:
                self._loose[name].take(given)

    def _say(self, said: str) -> None:
        """Say what was typed in vain; after a number that was taken, again what the last run had to say."""
        self.view.say(said or (sentence(self.error) if self.error else ""))

    def _reach(self) -> Mapping[str, Sequence[float]]:
        """The numbers to which the page can bring each leaf of the function, as far as they are to be tried."""
        return {name: control.reach() for name, control in self._controls.items()}

    def _judge(self, seconds: float) -> Fidelity:
        """Whether the function is the graph that is shown, for a page that has nothing else."""
        return judge(self._run, self._reach(), seconds) if self.view.whole and not self.view.own else FAITHFUL

    @property
    def page_part(self) -> PagePart:
        """What a page of its own needs: the view, its controls, and whether the function is the graph that it has."""
        return PagePart(self.view, self._controls, self._judge(WRITING))

    def _page(self, title: str) -> str:
        return to_html(*self.page_part, title=title)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> Any:
        """The output of a cell: this widget as long as it lives, else what stays of its present state."""
        mime = super()._repr_mimebundle_(include=include, exclude=exclude, **options)
        found = self._judge(SHOWING) if self.view.alive else FAITHFUL
        return bundle(self, mime, self.still(), UNMOVED, self.view, self._controls, found)

    def _display_(self) -> GraphView:
        """What marimo shows, which has no place for the notebook's sliders: the view, which brings its own."""
        return self.view
