"""Sliders for the leaves of an expression, and its graph, whose values and gradients follow them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets

from ..draw import Picture, table
from ..expression import ExpressionError
from ..graph import Graph
from ..op import DomainError
from ..run import Run, check_inputs, names_of, prepare
from ..value import Value
from .inputs import Inputs, controls
from .view import GraphView


class Explorer(ipywidgets.VBox):
    """What `explore` returns: the sliders and the picture, one below the other.

    `inputs` are the numbers of the leaves, to read and to assign; `root` is the node that the last
    good run returned, `graph` its records; `view` is the picture, `error` what the last run raised.
    """

    def __init__(self, run: Run, arguments: Mapping[str, Any], rankdir: str = "LR") -> None:
        self._run = run
        self._controls = controls(dict(arguments), lambda name, number: self._update())
        self._inputs = Inputs(self._controls)
        self.view = GraphView(rankdir=rankdir)
        self.error: Exception | None = None
        sliders = ipywidgets.VBox([control.row for control in self._controls.values()])
        super().__init__([sliders, self.view])
        self.add_class("cg-explorer")
        self._update()

    @property
    def inputs(self) -> Inputs:
        """The numbers of the leaves, as a dict to read and to assign."""
        return self._inputs

    @inputs.setter
    def inputs(self, numbers: Mapping[str, float]) -> None:
        self._inputs.update(check_inputs(tuple(self._inputs), {**self._inputs, **numbers}))

    @property
    def root(self) -> Any:
        """The root of the last good run: an object of the learner's own class."""
        return self._run.root

    @property
    def graph(self) -> Graph | None:
        """The records of the last good run."""
        return self._run.graph

    def _update(self) -> None:
        """Run forward and backward in full with the numbers of the sliders, and show the outcome."""
        try:
            self._run.update(**self._inputs)
        except Exception as error:  # whatever a learner's function raises is shown, and the next move may be good
            self.error = error
            self.view.fail(_sentence(error))
        else:
            self.error = None
            self.view.show(self._run.graph)

    def __repr__(self) -> str:
        return table(self.graph) if self.graph else f"<explorer: {self.view.message}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> dict[str, Any]:
        """The widget, and for places that show no widgets a picture and a table of its present state."""
        bundle = super()._repr_mimebundle_(include=include, exclude=exclude, **options) or {}
        fallback = Picture(self.graph, rankdir=self.view.rankdir).html if self.graph else ""
        return {**bundle, "text/plain": repr(self)} | ({"text/html": fallback} if fallback else {})


def explore(subject: Any, /, *, cls: type | None = None, rankdir: str = "LR", **inputs: Any) -> Explorer:
    """Explore an expression with sliders: every move computes all values and all gradients anew.

    `subject` is an expression such as ``"(a*b + c)*d"``, or several steps, ``"e = a*b; L = e + c"``,
    whose names become labels; or a function of nodes, called with a node of class `cls` (yours, or
    `Value`) for each parameter; or a finished root, whose leaves become the sliders.

    `inputs` gives each leaf, in the manner of `ipywidgets.interact`, a number, ``(min, max)``,
    ``(min, max, step)`` or a slider. `rankdir` is the direction in which the graph is drawn.

    Raises `ExpressionError` for a text that is no expression, `TypeError` or `ValueError` for a leaf
    that is missing, unknown or has no proper number. What the function raises is shown in the view.

    >>> explorer = explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2)
    >>> explorer.inputs["a"] = 4
    >>> explorer.root, explorer.root.grad
    (Value(L: 4.0), 1.0)
    """
    function, known, own = prepare(subject)
    arguments = check_inputs(names_of(function), known | inputs)
    return Explorer(Run(function, cls or own or Value), arguments, rankdir)


def _sentence(error: Exception) -> str:
    """Our own sentences stand for themselves; those of Python are led in by their kind, as in a traceback."""
    ours = isinstance(error, (DomainError, ExpressionError))
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return text if ours else f"{type(error).__name__}: {text}".removesuffix(": ")
