"""Sliders for the leaves of an expression, and its graph, whose values and gradients follow them."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any

import ipywidgets

from ..draw import Picture, table
from ..expression import ExpressionError
from ..graph import OPERANDS, Graph, is_node, trace
from ..op import DomainError
from ..run import Run, check_inputs, leaf, names_of, prepare
from ..text import kind, shorten
from ..value import Value
from .html import to_html
from .inputs import Inputs, controls
from .view import GraphView, told_to_colab
from .wire import computable


class Explorer(ipywidgets.VBox):
    """What `explore` returns: the sliders and the picture, one below the other.

    `inputs` are the numbers of the leaves, to read and to assign; `root` is the node that the last
    good run returned, `graph` its records; `view` is the picture, `error` what the last run raised.
    Several inputs assigned at once are one run.
    """

    def __init__(self, run: Run, arguments: Mapping[str, Any], rankdir: str = "LR", fold: Any = None) -> None:
        self._run = run
        made = controls(arguments, self._update, self._say)
        self._inputs = Inputs(made, self._update)
        self._controls = made
        self.view = GraphView(rankdir=rankdir, fold=fold, sliders=[control.wire for control in made.values()])
        self.error: BaseException | None = None
        sliders = ipywidgets.VBox([control.row for control in made.values()])
        super().__init__([sliders, self.view], _dom_classes=("cg-explorer",))
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
        except (Exception, KeyboardInterrupt) as error:  # whatever is raised is shown; the next move may be good
            self.error = error
            self.view.fail(_sentence(error), self._at())
            if isinstance(error, KeyboardInterrupt):  # a loop over several moves is to end
                raise
        else:
            self.error = None
            alive = self._run.cls is Value and computable(self._run.graph)
            self.view.show(self._run.graph, notice(self._run), self._at(), self._run.places, alive)

    def _at(self) -> dict[str, Any]:
        """The inputs of a run, and the places at which the sliders stood: by these the page knows a late answer."""
        places = {name: control.slider.value for name, control in self._controls.items()}
        return {"inputs": dict(self._inputs), "places": places}

    def _say(self, sentence: str) -> None:
        """Say what was typed in vain; after a number that was taken, again what the last run had to say."""
        self.view.say(sentence or (_sentence(self.error) if self.error else ""))

    def to_html(self, title: str = "A computational graph") -> str:
        """Write the explorer as one self-contained page, whose sliders answer without notebook, kernel or network.

        Put the text into a file and open it in any browser. Raises `ValueError` where only the kernel can
        compute the graph: with a class or an operation of your own.
        """
        return to_html(self.view, self._controls, title)

    def __repr__(self) -> str:
        return table(self.graph) if self.graph else f"<explorer: {self.view.message}>"

    def _display_(self) -> GraphView:
        """What marimo shows, which has no place for the notebook's sliders: the view, which brings its own."""
        return self.view

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> dict[str, Any]:
        """The widget, and for places that show no widgets a picture and a table of its present state."""
        bundle = super()._repr_mimebundle_(include=include, exclude=exclude, **options) or {}
        shown = self.view.records
        fallback = Picture(shown, rankdir=self.view.rankdir).html if shown else ""
        bundle = {**bundle, "text/plain": repr(self)} | ({"text/html": fallback} if fallback else {})
        return told_to_colab(self.view, bundle)


def explore(
    subject: Any,
    /,
    *,
    cls: type | None = None,
    rankdir: str = "LR",
    fold: str | bool | None = None,
    **inputs: Any,
) -> Explorer:
    """Explore an expression with sliders: every move computes all values and all gradients anew.

    `subject` is an expression such as ``"(a*b + c)*d"``, or several steps, ``"e = a*b; L = e + c"``,
    whose names become labels; or a function of nodes, called with a node of class `cls` (yours, or
    `Value`) for each parameter; or a finished root, whose leaves become the sliders.

    `inputs` gives each leaf, in the manner of `ipywidgets.interact`, a number, ``(min, max)``,
    ``(min, max, step)`` or a slider. `rankdir` is the direction in which the graph is drawn.
    `fold` shows groups as one box each, as `draw` does; a click on such a box unfolds it.

    Raises `ExpressionError` for a text that is no expression, `TypeError` or `ValueError` for a leaf
    that is missing, unknown or has no proper number, or a kind of group that there is not. What the function
    raises is shown in the view.

    >>> explorer = explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2)
    >>> explorer.inputs["a"] = 4
    >>> explorer.root, explorer.root.grad
    (Value(L: 4.0), 1.0)
    """
    try:
        return _explorer(subject, cls, rankdir, fold, inputs)
    except (TypeError, ValueError) as error:
        error.__traceback__ = _innermost(error.__traceback__)  # a notebook prints every frame in full
        raise


def _explorer(subject: Any, cls: Any, rankdir: str, fold: Any, inputs: Mapping[str, Any]) -> Explorer:
    function, known, own = prepare(subject, inputs)
    names = names_of(function)
    for name in ("cls", "rankdir", "fold"):
        if name in names:
            raise ValueError(f"a leaf cannot be called '{name}', which is an option of explore: rename it")
    if cls is not None:
        check_class(cls)
    arguments = check_inputs(names, known | inputs)
    return Explorer(Run(function, cls or own or Value), arguments, rankdir, fold)


def _innermost(place: TracebackType) -> TracebackType:
    """Where an error was raised, without the calls that led there."""
    while place.tb_next:
        place = place.tb_next
    return place


def check_class(cls: Any) -> None:
    """Raise `TypeError` unless this is a class whose instance, ``cls(1.0)``, reads as a node."""
    if not isinstance(cls, type):
        raise TypeError(f"cls: expected a class of nodes, such as Value, got {kind(cls)}")
    try:
        node = leaf(cls, "x", 1.0)
    except Exception as error:  # whatever a learner's class raises
        raise TypeError(
            f"cls: {cls.__name__}(1.0) has to make a node, but it raised {_kind_and_text(error)}"
        ) from error
    if not is_node(node):
        raise TypeError(f"cls: expected a class of nodes, such as Value, but {cls.__name__}(1.0) is no node of a graph")


def notice(run: Run) -> str:
    """What there is to say about the picture of a run that went well: that it shows none of the leaves.

    Then it stays the same picture whatever is moved, or shows numbers that come from nowhere.
    """
    names = ", ".join(map(shorten, run.names))
    if not names or {node.label for node in run.graph.leaves} & set(run.names) or _has_names_of_its_own(run):
        return ""
    sentence = f"the picture reaches none of the leaves {names}"
    if any(hasattr(run.root, spelling) for spelling in OPERANDS):
        return f"{sentence}: the result does not depend on them"
    return f"{sentence}: {type(run.root).__name__} does not record its operands (looked for {', '.join(OPERANDS)})"


def _has_names_of_its_own(run: Run) -> bool:
    """Whether the class gives its leaves other names than ours, so that they cannot be told by name."""
    return trace(leaf(run.cls, "x", 1.0)).root.label not in ("", "x")


def _sentence(error: BaseException) -> str:
    """Our own sentences stand for themselves; those of Python are led in by their kind, as in a traceback."""
    if isinstance(error, KeyboardInterrupt):
        return "the run with these numbers was interrupted"
    return str(error) if isinstance(error, (DomainError, ExpressionError)) else _kind_and_text(error)


def _kind_and_text(error: BaseException) -> str:
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return f"{type(error).__name__}: {text}".removesuffix(": ")
