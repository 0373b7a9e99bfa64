"""Sliders above whatever a function draws: charts, pictures and sentences that follow its numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any, NamedTuple

import ipywidgets

from ..pictures.picture import inline
from ..text import join_names, kind, literal, shorten
from .cell_output import bundle
from .controls.inputs import Inputs, controls
from .error_sentences import RAISED, briefly, sentence

UNMOVED = "Only a kernel can draw this anew: it moves when the cell is run in a notebook."
SIDE_BY_SIDE = 'style="display:flex;flex-wrap:wrap;align-items:center;gap:4px 16px"'


class Part(NamedTuple):
    """One of the things that are shown: its HTML in the page, its HTML for places without scripts, and in words."""

    html: str
    still: str
    said: str


class Tuning(ipywidgets.VBox):
    """What `tune` returns: a slider for each number, and below them what the function draws.

    `inputs` are the numbers, to read and to assign; `error` is what the last move raised.
    """

    def __init__(self, function: Callable[..., Any], numbers: Mapping[str, Any]) -> None:
        self._function = function
        self._parts: list[Part] = []
        self.error: BaseException | None = None
        self._drawn, self._words = ipywidgets.HTML(), ipywidgets.HTML()
        self._controls = controls(numbers, self._update, self._say)
        self._inputs = Inputs(self._controls, self._update)
        rows = [control.row for control in self._controls.values() if control.row]
        inputs = ipywidgets.VBox(rows, _dom_classes=("cg-inputs",))
        super().__init__([inputs, self._drawn, self._words], _dom_classes=("cg-explorer",))
        self._update()

    @property
    def inputs(self) -> Inputs:
        """The numbers of the sliders by name, as a dict to read and to assign."""
        return self._inputs

    @inputs.setter
    def inputs(self, numbers: Mapping[str, float]) -> None:
        self._inputs.update(numbers)

    def _update(self) -> None:
        """Draw with the present numbers; where that raises, say what, below what was drawn last."""
        try:
            parts = read_parts(self._function(**self._inputs))
        except RAISED as error:  # whatever is raised is shown; the next move may be good
            self.error = error
            self._say("")
            if isinstance(error, KeyboardInterrupt):  # a loop over several moves is to end
                raise
        else:
            self.error, self._parts = None, parts
            self._drawn.value = f"<div {SIDE_BY_SIDE}>{''.join(part.html for part in parts)}</div>"
            self._say("")

    def _say(self, said: str) -> None:
        said = said or (sentence(self.error) if self.error else "")
        self._words.value = literal(escape(said), "cg-said", 'role="alert"') if said else ""

    def still(self) -> str:
        """What is drawn at present, as HTML for places that show no widgets."""
        shown = "".join(part.still for part in self._parts)
        return shown + (literal(escape(sentence(self.error)), "cg-said") if self.error else "")

    def __repr__(self) -> str:
        numbers = ", ".join(f"{name} = {x:g}" for name, x in self._inputs.items())
        return "\n".join((numbers, *(part.said for part in self._parts)))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> Any:
        mime = super()._repr_mimebundle_(include=include, exclude=exclude, **options)
        return bundle(self, mime, self.still(), UNMOVED)


@briefly
def tune(function: Callable[..., Any], **numbers: Any) -> Tuning:
    """Show what a function draws, with a slider for each of its numbers; with each move it is drawn anew.

    `numbers` are given as for `explore`: ``w=0``, ``w=(-1, 3)``, ``w=(-1, 3, 0.5)``, ``w=[1, 10]`` or a widget. The
    function is called with them by name. It returns a chart (`cgviz.pictures`), a picture as from `draw`, a text, or a
    list of those, which stand side by side. An error of the function is shown as a sentence; the next move recovers.

    Raises `TypeError` or `ValueError` for numbers that are not those of the function, or that no slider can take.

    >>> from cgviz.pictures import Axis, plot_curves
    >>> bent = tune(lambda a: [plot_curves(lambda x: a * x * x, Axis(-2, 2, "x")), f"a is {a:g}"], a=1)
    >>> bent.inputs["a"] = 3
    >>> bent
    a = 3
    The curve of a function, for x from -2 to 2
    a is 3
    """
    if not callable(function):
        raise TypeError(f"tune shows what a function draws, as in tune(lambda a: …, a=1); got {kind(function)}")
    if not numbers:
        raise TypeError("tune makes a slider for each number: give the first ones by name, as in tune(f, a=1)")
    try:
        inspect.signature(function).bind(**numbers)
    except TypeError:
        asked = join_names(map(shorten, inspect.signature(function).parameters)) or "none"
        raise TypeError(f"the function takes {asked}; numbers are given for {join_names(numbers)}") from None
    return Tuning(function, numbers)


def read_parts(found: Any) -> list[Part]:
    """What a function has returned, as parts to be shown. Raises `TypeError` for what cannot be shown."""
    listed = found if isinstance(found, Iterable) and not isinstance(found, str) else [found]
    return [_read_part(thing) for thing in listed]


def _read_part(thing: Any) -> Part:
    if isinstance(thing, str):
        html = literal(escape(thing), tag="p")
        return Part(html, html, thing)
    svg = getattr(thing, "svg", None)
    if not isinstance(svg, str):
        raise TypeError(f"a chart, a picture or a text can be shown; the function returned {kind(thing)}")
    said = str(getattr(thing, "said", None) or thing)
    return Part(f"<div>{svg}</div>", inline(svg, said), said)
