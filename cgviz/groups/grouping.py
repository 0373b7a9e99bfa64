"""Groups: what a function computed, drawn as one box: a neuron, a layer, a network, or a function of your own.

Whoever calls a function marks its result, and nothing else: its name and its inputs. What belongs to the group
is what lies between the inputs and the result. So no operation costs more, and an engine of any kind can take
part: a mark is an object with the attributes of `Mark`, in a tuple `_groups` on the result, the innermost first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from graphlib import CycleError
from typing import Any, NamedTuple

from ..graph import Graph, Group, Node, NodeLike, is_node, trace
from ..text import kind as kind_of
from .folding import Folding, fold_nest
from .membership import marked
from .sums import KIND as SUMS
from .sums import nest_sums
from .vectors import join_vectors


class Mark(NamedTuple):
    """What is written on each result of one call: the words of `cgviz.graph.Group`, and the inputs as objects."""

    kind: str
    name: str
    symbol: str
    inputs: tuple[Any, ...]


def group(result: Any, inputs: Iterable[Any] = (), kind: str = "group", name: str = "", symbol: str = "") -> Any:
    """Mark what a function returned, so that pictures can show the whole function as one box; return it.

    `result` is a node, or a list of nodes, which become one box that holds a vector. `inputs` are the function's
    arguments, or the only one. All else that the result was computed from belongs to the group; a leaf of it, such as
    a weight, is drawn only if something outside uses it too. `kind` is the word by which pictures fold it, `name` what
    the result is called, `symbol` what the box says that it does (`kind` if it is left out).

    Raises `TypeError` if the result is no node, or of a class that cannot be marked.

    >>> from cgviz import Value, table
    >>> from cgviz.graph import trace
    >>> a, b = Value(3.0, "a"), Value(4.0, "b")
    >>> norm = group((a * a + b * b) ** 0.5, [a, b], "norm", name="r")
    >>> print(table(fold(trace(norm), "norm")))
    node  operation   value          gradient
    a                     3  not computed yet
    b                     4  not computed yet
    r     norm(a, b)      5  not computed yet
    """
    if not isinstance(kind, str) or not kind:
        raise TypeError(f"the kind of a group is a word, such as 'layer', got {kind!r}")
    inputs = (inputs,) if is_node(inputs) else inputs
    mark = Mark(kind, name, symbol or kind, tuple(x for x in inputs if is_node(x)))
    for node in result if isinstance(result, (list, tuple)) else (result,):
        if not is_node(node):
            raise TypeError(f"a group marks the node that a function returned, got {kind_of(node)}")
        try:
            node._groups = (*getattr(node, "_groups", ()), mark)
        except AttributeError:
            raise TypeError(f"{type(node).__name__} has no room for the attribute _groups") from None
    return result


def kinds(graph: Graph) -> tuple[str, ...]:
    """The kinds of groups in a graph, those within others first.

    >>> from cgviz import Value
    >>> from cgviz.graph import trace
    >>> kinds(trace(group(Value(3.0, "a") * 2, kind="double")))
    ('double',)
    """
    depth: dict[str, int] = {}
    for node in trace(graph).nodes:
        for i, found in enumerate(node.groups):
            depth[found.kind] = max(depth.get(found.kind, 0), i)
    return tuple(sorted(depth, key=lambda name: depth[name]))


def fold(
    graph: Graph | NodeLike,
    which: str | bool | int | tuple[str, ...] = True,
    derivatives: bool = True,
    opened: Collection[int] = (),
) -> Graph:
    """A smaller graph, in which each group of the kind `which`, or of several kinds, is one node.

    With ``True`` each outermost group is one, with 0 each innermost, with 1 each that is around those, and so on.
    ``"sums"`` are groups that nobody has marked: each sum or product of three and more operands (`fold_sums`).
    Of a group whose number is among the `opened` the inside is shown: the groups within it, or its operations.

    A folded node has the group's name (its own label comes first), the result's number and gradient, and as
    operands the nodes outside of the group that it was computed from. Its local derivatives are total derivatives
    through the group, so that `explain` still holds (where nobody asks, ``derivatives=False`` saves time). A group
    of several results holds them as a vector; where one of them alone is used, a node such as ``[2]`` takes it out.

    `graph` is a traced one, or the root of one. Raises `ValueError`, naming the kinds that there are, if it has no
    group of that kind.

    >>> from cgviz import Value
    >>> from cgviz.graph import trace
    >>> x, w = Value(3.0, "x"), Value(2.0, "w")
    >>> y = group((w * x).tanh(), [x], "neuron", name="y")
    >>> [(node.name, node.op, node.folded) for node in fold(trace(y * 10), "neuron").nodes]
    [('x', '', 0), ('10', '', 0), ('y', 'neuron', 3), ('v3', '*', 0)]
    """
    graph = trace(graph)
    if not isinstance(which, (str, bool, int, tuple)):
        meant = "a kind of groups, such as 'layer', a tuple of kinds, or True or False"
        raise TypeError(f"what to fold is {meant}; got {kind_of(which)}")
    if which is False:
        return graph
    if which == SUMS:
        return fold_sums(graph, opened)
    names = (which,) if isinstance(which, str) else which
    if isinstance(names, tuple) and not set(names) & set(kinds(graph)):
        there = ", ".join(map(repr, kinds(graph)))
        asked = " or ".join(map(repr, names))
        raise ValueError(f"there are no groups of the kind {asked} to fold" + (f", only {there}" if there else ""))
    chosen = {node.index: found for node in graph.nodes if (found := _choose_group(node, names, opened))}
    while chosen:
        folding = Folding(graph, marked(graph, chosen), derivatives)
        try:
            return folding.graph()
        except CycleError as error:  # results of one call that depend on each other by a way outside of it
            knot = {key for how, key in error.args[1] if how == "box" and len(folding.results[key]) > 1}
            chosen = {i: found for i, found in chosen.items() if found.number not in knot}
    return graph


def fold_sums(graph: Graph, opened: Collection[int] = ()) -> Graph:
    """Each sum and product of three and more operands as one node, with a row: it has a derivative by each operand.

    Leaves that they take in a row are a vector. Of those whose numbers are `opened` the inside is shown.

    >>> from cgviz import Value
    >>> from cgviz.chain_rule.explanation import explain
    >>> a, b, c = (Value(x, name) for x, name in zip((1.0, 2.0, 3.0), "abc"))
    >>> print(explain(fold(trace((a + b + c) * a), "sums"), "b"))
    ∂v4/∂b = ∂v4/∂v3 · ∂v3/∂b = 1 · 1 = 1
    """
    nest = nest_sums(graph)
    return graph if nest is None else join_vectors(fold_nest(graph, nest, opened=opened))


def _choose_group(node: Node, which: bool | int | tuple[str, ...], opened: Collection[int]) -> Group | None:
    """The group that a node is a result of and that is folded: the outermost of the kind, or by its depth.

    In place of one that is opened it is the next within that.
    """
    if not node.operands or not node.groups:
        return None
    groups = node.groups
    if isinstance(which, tuple):
        groups = groups[: max((i + 1 for i, found in enumerate(groups) if found.kind in which), default=0)]
    elif which is not True:
        groups = groups[: which + 1]
    return next((found for found in reversed(groups) if found.number not in opened), None)
