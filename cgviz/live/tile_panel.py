"""Nodes as a heat map or as bars, alive: they follow sliders and training, and a click on one says where it is from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import ipywidgets

from ..graph import is_node
from ..graph.fields import value_of
from ..pictures.bar_chart import BarChart
from ..pictures.heat_map import HeatMap, check_shape
from ..pictures.tiles import TileError, TilePicture, check_largest
from ..run.run import check_inputs, leaf, name_of, names_of, prepare
from ..text import join_names, kind, one_of
from ..value import Value
from .cell_output import bundle
from .controls.inputs import Inputs, controls
from .drawing_board import Displayed
from .error_sentences import RAISED, briefly, sentence
from .explorer import check_class
from .origins import explain_tile, read_gradient
from .tile_view import TileView

SHOWN = {"value": value_of, "gradient": read_gradient}
"""What of a node a tile shows."""
OPTIONS = ("rows", "columns", "names", "show", "name", "largest", "root", "cls")
UNMOVED = "These numbers follow training and sliders, and a click explains one, when the cell is run in a notebook."


class TilePanel(Displayed, ipywidgets.VBox):
    """What `matrix` and `bars` return: sliders where there are any, and the picture.

    `show()` draws the same nodes anew, with the numbers that they have now; `show(nodes)` others in their place.
    `inputs` are the numbers of the sliders, to read and to assign; `numbers` those that are shown; `error` is what the
    last move raised. `view.chosen` is the number of the tile that was clicked, row by row from 0.
    """

    def __init__(
        self,
        subject: Any,
        draw: Callable[[list[list[float | None]]], TilePicture],
        *,
        rows: bool,
        show: str,
        root: Any,
        cls: Callable[[float], Any],
        inputs: Mapping[str, Any],
    ) -> None:
        self._draw, self._rows, self._root, self._cls = draw, rows, root, cls
        self._read, self._shown = SHOWN[show], show
        self._function = subject if inputs or _is_function(subject) else None
        self._given = None if self._function else subject
        self.nodes: list[list[Any]] = []
        self.numbers: list[list[float | None]] = []
        self.error: BaseException | None = None
        self._controls = controls(inputs, self._follow, self._say)
        self._inputs = Inputs(self._controls, self._follow)
        self.view = TileView()
        sliders = [control.row for control in self._controls.values() if control.row]
        above = [ipywidgets.VBox(sliders, _dom_classes=("cg-inputs",))] if sliders else []
        super().__init__([*above, self.view], _dom_classes=("cg-explorer",))
        self.view.observe(lambda change: self._explain(), "chosen")
        if self._function:
            self._follow()
        else:
            self.show()

    @property
    def inputs(self) -> Inputs:
        """The numbers of the sliders by name, as a dict to read and to assign."""
        return self._inputs

    @inputs.setter
    def inputs(self, numbers: Mapping[str, float]) -> None:
        self._inputs.update(check_inputs(tuple(self._inputs), {**self._inputs, **numbers}))

    def show(self, nodes: Any = None) -> None:
        """Draw the nodes with the numbers that they have now; or these nodes, from now on.

        Raises `TypeError` for what is neither a node nor a number, `ValueError` where the names do not fit.
        """
        if nodes is not None:
            self._given, self._function = nodes, None
        self._put(self._function(**self._leaves()) if self._function else self._given)

    def _put(self, given: Any) -> None:
        by = name_of(self._function) if self._function else ""
        nodes = [list(row) for row in _rows_of(given, self._rows, self._shown, by)]
        check_shape(nodes)
        numbers = [[self._number(x, i, j) for j, x in enumerate(row)] for i, row in enumerate(nodes)]
        picture = self._draw(numbers)
        self.nodes, self.numbers, self.view.picture = nodes, numbers, picture
        self.view.show(picture, len(nodes[0]), self._words())

    def _number(self, x: Any, i: int, j: int) -> float | None:
        found = self._read(x) if is_node(x) else x
        if found is None and is_node(x):
            return None
        try:
            return float(found)
        except (TypeError, ValueError):
            where = f"row {i + 1}, column {j + 1}" if self._rows else f"number {j + 1}"
            holds = f"holds {kind(found)}" if is_node(x) else f"is {kind(x)}"
            raise TypeError(f"{where} {holds}: expected a node with a number, or a number") from None

    def _leaves(self) -> dict[str, Any]:
        return {name: leaf(self._cls, name, number) for name, number in self._inputs.items()}

    def _follow(self) -> None:
        """Follow the sliders; where that raises, say what, beside the last good picture."""
        try:
            self.show()
        except RAISED as error:
            if isinstance(error, KeyboardInterrupt) or not self.nodes:  # of the call, and not of a move
                raise
            self.error = error
            self.view.fail(sentence(error))
        else:
            self.error = None

    def _say(self, said: str) -> None:
        self.view.say(said or (sentence(self.error) if self.error else ""))

    def _explain(self) -> None:
        self.view.words = self._words()

    def _words(self) -> str:
        """What there is to say of the tile that was chosen."""
        k, picture = self.view.chosen, self.view.picture
        cells = [x for row in self.nodes for x in row]
        if picture is None or not 0 <= k < len(cells):
            return ""
        named = picture.tiles[k].words
        more = explain_tile(cells[k], self._root, self._shown) if is_node(cells[k]) else ""
        return f"{named}{f'. {more}' if more else ''}"

    def __repr__(self) -> str:
        return repr(self.view)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> Any:
        """The output of a cell: this widget as long as it lives, else its present picture."""
        mime = super()._repr_mimebundle_(include=include, exclude=exclude, **options)
        return bundle(self, mime, self.view.picture.html if self.view.picture else "", UNMOVED)


def _is_function(subject: Any) -> bool:
    return callable(subject) and not is_node(subject)


def _rows_of(given: Any, rows: bool, shown: str, by: str) -> Iterable[Iterable[Any]]:
    """The rows of what was given: lists of nodes, or one node whose number is an array."""
    node = given if is_node(given) else None
    if node is not None:
        given = SHOWN[shown](given)
    depth = 2 if rows else 1
    sizes = getattr(given, "shape", None)
    what = "a list of lists of nodes" if rows else "a list of nodes"
    said = f"{by} returned" if by else "got"
    if given is None:
        raise TypeError(f"expected {what}, {said} None" + (": is a return missing?" if by else ""))
    if sizes is not None and len(sizes) != depth:
        raise TypeError(f"expected {what}, {said} an array of {len(sizes)} axes")
    if isinstance(given, (str, bytes, dict)) or not isinstance(given, Iterable):
        raise TypeError(f"expected {what}, {said} {kind(given if node is None else node)}")
    found = list(given)
    if not (found or rows):
        raise TileError(f"expected {what}, {said} an empty one")
    if not rows:
        return [found]
    for i, row in enumerate(found, 1):
        if isinstance(row, (str, bytes, dict)) or is_node(row) or not isinstance(row, Iterable):
            raise TypeError(f"expected {what}, but row {i} is {kind(row)}")
    return found


@briefly
def matrix(
    nodes: Any,
    rows: Iterable[Any] | None = None,
    columns: Iterable[Any] | None = None,
    *,
    show: str = "value",
    name: str = "",
    largest: float | None = None,
    root: Any = None,
    cls: Callable[[float], Any] | None = None,
    **inputs: Any,
) -> TilePanel:
    """Show a list of lists of nodes as a heat map: values, or with ``show="gradient"`` gradients.

    Nodes are of any class; plain numbers, and one node that holds a matrix, are taken too. `rows` and `columns` are
    names, ``columns="abc"`` for letters. `name` stands below the picture; `largest` is the number with the strongest
    tint. A click on a tile says how its number was computed; with `root`, the loss, also where its gradient is from.

    In place of the nodes may stand a function that returns them. Its `inputs` become sliders, as for `explore`, and are
    given to it as nodes of `cls`; the picture follows them. In a training loop, ``shown.show()`` draws the same nodes
    with the numbers that they have now, ``shown.show(nodes)`` other nodes; see `board`.

    Raises `TypeError` for what is neither a node nor a number, `ValueError` for rows of several lengths, for names that
    are not as many as the rows or columns, and for more than 64 of them.

    >>> from cgviz import Value
    >>> W = [[Value(0.5), Value(-1)], [Value(0.25), Value(2)]]
    >>> shown = matrix(W, rows="xy", columns="ab", name="W")
    >>> W[0][0].data = 3
    >>> shown.show()
    >>> shown
    W     a   b
    x     3  -1
    y  0.25   2
    >>> matrix(lambda t: [[t, 2 * t], [t * t, 0]], t=3)
       1  2
    1  3  6
    2  9  0
    """
    fixed = _fix_names(rows), _fix_names(columns)
    check_largest(largest)

    def draw(numbers: list[list[float | None]]) -> HeatMap:
        return HeatMap(numbers, *fixed, largest=largest, name=name)

    return _panel(nodes, draw, True, show, root, cls, inputs)


@briefly
def bars(
    nodes: Any,
    names: Iterable[Any] | None = None,
    *,
    show: str = "value",
    name: str = "",
    largest: float | None = None,
    root: Any = None,
    cls: Callable[[float], Any] | None = None,
    **inputs: Any,
) -> TilePanel:
    """Show a list of nodes as bars: probabilities, scores, or with ``show="gradient"`` gradients.

    `names` stand below the bars; ``largest=1`` is right for probabilities: then a bar keeps its length whatever the
    others do. All else is as for `matrix`.

    >>> bars([0.5, 0.25, 0.25], "abc", largest=1)
      a     b     c
    0.5  0.25  0.25
    """
    fixed = _fix_names(names)
    check_largest(largest)

    def draw(numbers: list[list[float | None]]) -> BarChart:
        return BarChart(numbers[0], fixed, largest=largest, name=name)

    return _panel(nodes, draw, False, show, root, cls, inputs)


def _fix_names(names: Iterable[Any] | None) -> Sequence[Any] | None:
    if names is not None and not isinstance(names, Iterable):
        raise TypeError(f"names are a list, or a text of letters, got {kind(names)}")
    return None if names is None else list(names)


def _panel(
    nodes: Any, draw: Callable, rows: bool, show: str, root: Any, cls: Any, inputs: Mapping[str, Any]
) -> TilePanel:
    if show not in SHOWN:
        raise ValueError(f"unknown kind of number: {show!r} ({one_of(map(repr, SHOWN))})")
    if root is not None and not is_node(root):
        raise TypeError(f"root: expected a node, got {kind(root)}")
    arguments: dict[str, Any] = {}
    if _is_function(nodes):
        nodes, known, _ = prepare(nodes, inputs)
        taken = [name for name in names_of(nodes) if name in OPTIONS]
        if taken:
            raise ValueError(f"an input cannot be called {join_names(taken)}, which is an option here: rename it")
        arguments = check_inputs(names_of(nodes), {**known, **inputs})
        if cls is not None:
            check_class(cls)
    elif inputs:
        raise TypeError(f"inputs are for a function of them; there is none for {join_names(inputs)}")
    return TilePanel(nodes, draw, rows=rows, show=show, root=root, cls=cls or Value, inputs=arguments)


__all__ = ["TileError", "TilePanel", "bars", "matrix"]
