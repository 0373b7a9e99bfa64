"""Sliders for the leaves of an expression, and its graph, whose values and gradients follow them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import ipywidgets

from ..graph import Graph, is_node, trace
from ..pictures import table
from ..run.leaks import Leaks
from ..run.replay import Replay
from ..run.run import Run, check_inputs, leaf, names_of, no_operands, prepare
from ..text import kind, shorten
from ..value import Value
from .controls.fixed import fix
from .controls.inputs import first_number
from .controls.loose import typed
from .error_sentences import briefly, kind_and_text
from .opening import OPTIONS, Opening
from .slider_panel import SliderPanel
from .speculation import Speculation, pace
from .view import GraphView

MOST_SLIDERS = 100
"""Of more leaves only some have sliders; the numbers of the others are typed, or dragged, in the picture."""
LARGEST = 300_000
"""A graph of more nodes is refused: it would take a minute to read, and gigabytes."""


class Explorer(SliderPanel):
    """What `explore` returns: the sliders and the picture, one below the other.

    `inputs` are the numbers of the leaves, to read and to assign; `root` is the node that the last
    good run returned, `graph` its records; `view` is the picture, `error` what the last run raised.
    Several inputs assigned at once are one run.
    """

    def __init__(
        self,
        run: Run,
        arguments: Mapping[str, Any],
        rankdir: str = "LR",
        fold: Any = None,
        digits: int | None = None,
        ready: Opening | None = None,
    ) -> None:
        self._leaks, self._leak = Leaks(), ""
        self._speculation = Speculation(sure=run.cls is Value)
        super().__init__(run, arguments, GraphView, ready or Opening(), rankdir=rankdir, fold=fold, digits=digits)

    @property
    def graph(self) -> Graph:
        """The records of the last good run, ``None`` before the first."""
        return self._run.graph

    def _compute(self) -> None:
        """Run forward and backward in full with the numbers of the sliders."""
        self._run.update(**self._inputs)

    def _show(self, found: None) -> None:
        self._leak = self._leaks.find(self._run)
        graph, own = self._run.graph, "" if self._run.cls is Value else shorten(type(self._run.root).__name__)
        leaking = "a part of what it computes is not in the graph" if self._leak else ""
        why = self._speculation.judge(graph) or leaking
        said = pace(why, own or "the kernel") if self._run.names and (why or own) else ""
        self.view.show(
            graph,
            notice(self._run, self._leak) or self._leak or self._unmoved(),
            self._at(),
            self._run.places,
            not why,
            own,
            said,
        )

    def _unmoved(self) -> str:
        """That leaves have no sliders because there are too many of them."""
        still = len(self._loose)
        if len(self._controls) <= MOST_SLIDERS or not still:
            return ""
        more = f", or name those to have one, as in explore(…, {next(iter(self._loose))}=(-1, 1))"
        return (
            f"{still:,} of {len(self._controls):,} leaves have no sliders, which would be too many: move their numbers "
            f"where the picture shows them{more if len(self._controls) - still < MOST_SLIDERS else ''}"
        )

    def still(self) -> str:
        """A picture, and a table for those who do not see it."""
        return self.view.still.html if self.view.still else ""

    def to_html(self, title: str = "A computational graph") -> str:
        """Write the explorer as one self-contained page, whose sliders answer without notebook, kernel or network.

        Put the text into a file and open it in any browser. Raises `ValueError` where only the kernel can
        compute the graph: with a class or an operation of your own, or a function that is not always the same graph. It
        is run at many places to find that out; where it reads plain numbers of its nodes, the page says so.
        """
        return self._page(title)

    def __repr__(self) -> str:
        return (
            table(self.view.mask(self.graph)) + f"\n({self._leak})" * bool(self._leak)
            if self.graph
            else f"<explorer: {self.view.message}>"
        )


@briefly
def explore(
    subject: Any,
    /,
    *,
    cls: Callable[[float], Any] | None = None,
    rankdir: str = "LR",
    fold: str | bool | None = None,
    digits: int | None = None,
    names: Any = None,
    tool: str | None = None,
    at: Any = None,
    hide: str | None = None,
    zoom: float | str | None = None,
    lock: bool | str | Iterable[str] | None = None,
    note: Mapping[Any, str] | None = None,
    edges: str | None = None,
    **inputs: Any,
) -> Explorer:
    """Explore an expression with sliders: every move computes all values and all gradients anew.

    `subject` is an expression such as ``"(a*b + c)*d"``, or several steps, ``"e = a*b; L = e + c"``,
    whose names become labels; or a function of nodes, called with a node of class `cls` (yours, or
    `Value`; or made of a number by a function `cls`) for each parameter; or a finished root, whose leaves become the
    sliders.

    `inputs` gives each leaf, in the manner of `ipywidgets.interact`, a number, ``(min, max)``,
    ``(min, max, step)``, a list of numbers to choose from (or a dict of them by name), ``ipywidgets.fixed(2)`` for a
    number without a slider, or a slider. `rankdir` is the direction in which the graph is drawn.
    `fold` shows groups as one box each, as `draw` does; a click on such a box unfolds it. With ``"calls"`` these are
    the calls, statements and rounds of loops that make each node, which are noted while the function runs; with
    ``"sums"`` sums and products of many operands.
    `digits` makes the picture compact: numbers have so many digits, and boxes are as wide as such numbers need.
    `names` gives the nodes of a finished root their labels, as for `draw`.

    The view opens ready for a question: with a `tool`, named as on its button (``"predict"``), and `at` a node, its
    label or the node itself. `hide` keeps ``"gradients"`` or ``"values"`` out of sight, or with `at` one
    ``"gradient"`` or ``"value"``, until its box is clicked, or with the tool Predict answered. `zoom` is a size, 1 that
    of the text around, or ``"fit"``; `lock` names the inputs that stay where they are, ``True`` all; `note` is written
    beside nodes, as by `draw`. `edges` says what is on the edges: ``"weight"`` or ``"gradient"``, size and sign as by
    `draw`, or the local derivatives, ``"numbers"`` or ``"formulas"``.

    Raises `ExpressionError` for a text that is no expression, `TypeError` or `ValueError` for a leaf
    that is missing, unknown or has no proper number, a graph that is too large, or a
    kind of group, tool, node or input that there is not. What the function raises is shown in the view.

    >>> explorer = explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2)
    >>> explorer.inputs["a"] = 4
    >>> explorer.root, explorer.root.grad
    (Value(L: 4.0), 1.0)
    """
    function, known, own = prepare(subject, inputs, names, LARGEST)
    leaves = names_of(function)
    for name in ("cls", "rankdir", "fold", "digits", "names", *OPTIONS):
        if name in leaves:
            raise ValueError(f"a leaf cannot be called '{name}', which is an option of explore: rename it")
    if cls is not None:
        check_class(cls)
    arguments = choose_sliders(function, check_inputs(leaves, {**known, **inputs}), inputs)
    ready = Opening.read(tool, at, hide, zoom, lock, note, subject if is_node(subject) else None, edges)
    by_call = fold == "calls" and not isinstance(function, Replay)
    run = Run(function, cls or own or Value, LARGEST, by_call)
    return Explorer(run, arguments, rankdir, fold, digits, ready)


def choose_sliders(function: Callable, arguments: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What each leaf is given; of more than `MOST_SLIDERS` of them, which help nobody, most without a slider.

    First come those that were `given` a range or choices, as many as there may be; then all that were given a number,
    and then all that a finished graph has labels for, if they are not too many. A widget of yours stays.
    """
    if len(arguments) <= MOST_SLIDERS:
        return dict(arguments)
    held = {name for name, argument in arguments.items() if isinstance(argument, ipywidgets.Widget | fix)}
    asked = [name for name in arguments if name not in held and isinstance(arguments[name], Collection)]
    ranges = set(asked)
    shown = held | set(asked[: max(0, MOST_SLIDERS - len(held))])
    numbers = [name for name in arguments if name in given and name not in held and name not in ranges]
    labelled = function.labelled if isinstance(function, Replay) else ()
    for more in (numbers, [name for name in labelled if name not in given]):
        if len(shown) + len(more) <= MOST_SLIDERS:
            shown |= set(more)
    return {
        name: argument if name in shown else typed(first_number(name, argument)) for name, argument in arguments.items()
    }


def check_class(cls: Any) -> None:
    """Raise `TypeError` unless this is a class or a function that makes a node of a number, ``cls(1.0)``."""
    called = getattr(cls, "__name__", None) or str(cls)
    if not callable(cls):
        raise TypeError(f"cls: expected a class of nodes, such as Value, got {kind(cls)}")
    try:
        node = leaf(cls, "x", 1.0)
    except Exception as error:  # whatever a learner's class raises
        raise TypeError(f"cls: {called}(1.0) has to make a node, but it raised {kind_and_text(error)}") from error
    if not is_node(node):
        raise TypeError(f"cls: expected a class of nodes, such as Value, but {called}(1.0) is no node of a graph")


def notice(run: Run, leak: str = "") -> str:
    """What there is to say about the picture of a run that went well: that it shows none of the leaves.

    Then it stays the same picture whatever is moved, or shows numbers that come from nowhere.
    """
    names = ", ".join(map(shorten, run.names))
    if not names or {node.label for node in run.graph.leaves} & set(run.names) or _has_names_of_its_own(run):
        return ""
    sentence = f"the picture reaches none of the leaves {names}"
    return f"{sentence}: {no_operands(run.root) or leak or 'no path leads from them to the result'}"


def _has_names_of_its_own(run: Run) -> bool:
    """Whether the class gives its leaves other names than ours, so that they cannot be told by name."""
    return trace(leaf(run.cls, "x", 1.0)).root.label not in ("", "x")
