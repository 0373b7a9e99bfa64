"""A function of named numbers, run again in full for every new number: forward, then backward, then read.

This is what stands behind a slider. Nothing is patched into an old graph: each run starts from new
leaves, so that no value and no gradient of an earlier run can survive in it.
"""

from __future__ import annotations

import inspect
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext, suppress
from typing import Any, cast

from ..graph import (
    OPERANDS,
    Graph,
    Names,
    NodeLike,
    explain_missing_operands,
    explain_unread,
    forget_gradients,
    is_from_torch,
    is_model,
    is_node,
    objects,
    operands_of,
    read_whole,
)
from ..graph.collector import uncollected
from ..graph.fields import check_node
from ..graph.method_watch import watched
from ..graph.node_labels import identities
from ..graph.operands import name_leaf
from ..graph.roots import say_several
from ..groups import recording
from ..ops.op import Op
from ..text import kind, list_first, shorten
from ..value import Value
from .expression import Expression, parse
from .replay import Replay

NAMED = 12
"""So many names at most stand in a sentence."""


class Run:
    """Computes `function` on leaves of class `cls`, and differentiates it.

    `function` takes a node for each of its `names` and returns the root. After `update`, `inputs`
    holds the numbers, `root` the learner's own object and `graph` its records. If a run fails, the
    exception is raised (`TooLargeError` of more than the `most` nodes, if that is given), and all three stay
    those of the last good run. With `grouped` it is noted which calls make each node (`cgviz.groups.grouped`).

    >>> run = Run(parse("(a*b + c)*d"))
    >>> run.update(a=2, b=-3, c=10, d=-2)
    >>> run.root, run.gradients["a"]
    (Value(L: -8.0), 6.0)
    >>> run.update(a=4)
    >>> run.root
    Value(L: 4.0)
    """

    def __init__(
        self, function: Callable, cls: Callable[[float], Any] = Value, most: int = 0, grouped: bool = False
    ) -> None:
        self.grouped = grouped
        self.function, self.cls, self.most = function, cls, most
        self.names = names_of(function)
        self.inputs: dict[str, float] = {}
        self.leaves: dict[str, Any] = {}
        self.root: NodeLike = None
        self.graph = cast(Graph, None)  # until the first `update`
        self._order: tuple[Any, list[Any]] = None, []  # the objects of the graph, in the order of its records
        self.makers: dict[int, str] = {}
        """By which method each object of the last `forward` was made, where its class does not say it."""

    def update(self, /, **changes: float) -> None:
        """Run with these numbers, and for leaves not named with those of the last good run.

        Raises `TypeError` for a missing or unknown leaf, or if the function returns no node, and
        whatever the function raises.
        """
        with uncollected() if isinstance(self.function, Replay) else nullcontext():
            self._update(check_inputs(self.names, self.inputs | changes))

    def _update(self, inputs: dict[str, float]) -> None:
        leaves, root = self.forward(inputs)
        if is_from_torch(type(root)):
            from ..graph.pytorch import differentiate

            differentiate(root, name_of(self.function))
        elif callable(getattr(root, "backward", None)):
            forget_gradients(root)
            root.backward()
        known = self.function.read(root) if isinstance(self.function, Replay) else None
        order: list[Any] = [] if known is None else known[1]
        names = {id(node): name for name, node in leaves.items()}
        graph = known[0] if known else read_whole(root, names, self.makers, seek=False, keep=order, most=self.most)
        self._order = root, order
        self.inputs, self.leaves, self.root, self.graph = inputs, leaves, root, graph

    def forward(self, inputs: Mapping[str, float]) -> tuple[dict[str, Any], Any]:
        """Compute the function on new leaves with these numbers, and nothing else: the leaves and the root.

        Raises `TypeError` if the function returns no node, and whatever it raises.
        """
        leaves = {name: leaf(self.cls, name, inputs[name]) for name in self.names}
        classes = {type(node) for node in leaves.values()} | ({self.cls} if isinstance(self.cls, type) else set())
        with watched(self.cls) as self.makers, recording.grouped(*classes) if self.grouped else nullcontext():
            root = self.function(**leaves)
        check_node(root, name_of(self.function))
        return leaves, root

    @property
    def places(self) -> dict[str, int]:
        """The index in `graph` of each leaf that the result depends on, by name."""
        root, order = self._order
        if root is not self.root or not order:
            order = objects(self.root)
        places = {known: i for i, obj in enumerate(order) for known in identities(obj)}
        return {name: places[id(node)] for name, node in self.leaves.items() if id(node) in places}

    @property
    def gradients(self) -> dict[str, Any]:
        """∂root/∂leaf by name; ``None`` for a leaf that the result does not depend on, or without a `backward`."""
        places = self.places
        found = {name: places.get(name) for name in self.leaves}
        return {name: None if i is None else self.graph.nodes[i].grad for name, i in found.items()}


def no_operands(root: NodeLike) -> str:
    """What to say of a class in whose results no operands are found; ``""`` if it has one of the attributes."""
    if operands_of(root).nodes:
        return ""
    return explain_unread(root) or (
        "" if any(hasattr(root, spelling) for spelling in OPERANDS) else explain_missing_operands(root)
    )


def prepare(
    subject: Any, given: Iterable[str] = (), names: Names = None, most: int = 0
) -> tuple[Callable, dict[str, float], type | None]:
    """What can be run of `subject`: a function of named nodes, the numbers it brings along, and its class.

    `subject` is an expression as text, a function (its parameters are the leaves, their defaults the
    numbers), an operation (its leaves are named as those `given`), or a finished root (its leaves are read
    from the graph, and named by `names`), of no more than the `most` nodes, if that is given.
    """
    if names is not None and not is_node(subject):
        raise TypeError(
            "names are for a graph that is there: the leaves of a function have the names of its parameters, "
            "and what it computes is labelled where it is computed"
        )
    if isinstance(subject, Op):
        return apply_to_names(subject, given), {}, None
    if isinstance(subject, str):
        return parse(subject), {}, None
    if is_node(subject):
        subject = Replay(subject, names, most)
    if isinstance(subject, Replay):
        return subject, subject.inputs, subject.cls
    if is_from_torch(type(subject)) and is_model(subject):
        raise TypeError(
            f"a {type(subject).__name__} is a model, which does not name what it takes: "
            f"give a function of what should move, such as lambda x: model(x).sum()"
        )
    if callable(subject):
        return subject, _defaults(subject), None
    raise TypeError(
        say_several(subject, "explore")
        or f"expected an expression such as '(a*b + c)*d', a function of nodes, or a computed node; got {kind(subject)}"
    )


def apply_to_names(op: Op, names: Iterable[str]) -> Expression:
    """The operation of leaves of these names. Raises `TypeError` for too few or too many.

    >>> from cgviz import tanh
    >>> apply_to_names(tanh, ["x"]).names
    ('x',)
    """
    names = tuple(names)
    if len(names) != op.arity:
        example = ", ".join(f"{letter}=2" for letter in "abc"[: op.arity])
        numbers = "a number" if op.arity == 1 else f"{op.arity} numbers"
        raise TypeError(f"{op.name} takes {numbers}, as in {example}; got {len(names) or 'none'}")
    return parse(f"{op.name}({', '.join(names)})")


def leaf(cls: Callable[[float], Any], name: str, number: float) -> Any:
    """A leaf of the learner's class: made from the number alone, and labelled if the class knows labels.

    `cls` is the class, or a function that makes a leaf of a number.
    """
    if isinstance(cls, type) and is_from_torch(cls):
        from ..graph.pytorch import leaf

        return leaf(number)
    try:
        node = cls(number)
    except RuntimeError:  # PyTorch makes no leaf of a whole number
        if not isinstance(number, int):
            raise
        node = cls(float(number))
    if is_from_torch(type(node)):
        from ..graph.pytorch import require_gradient

        return require_gradient(node)
    with suppress(Exception):  # frozen, a property alone, or one that raises
        if isinstance(getattr(node, "label", None), str):
            node.label = name
            return node
    name_leaf(node, name)
    return node


def names_of(function: Callable) -> tuple[str, ...]:
    """The names of the leaves that a function asks for. Raises `TypeError` for ``*args`` and the like."""
    if isinstance(function, (Expression, Replay)):
        return function.names
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # written in C, and silent about its parameters
        raise TypeError(f"{name_of(function)} does not say what its parameters are; wrap it: lambda a: …") from None
    if any(p.kind is p.POSITIONAL_ONLY for p in parameters):
        raise TypeError(f"{name_of(function)} takes its parameters by place alone; wrap it: lambda a: …")
    for p in parameters:
        if p.kind not in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY):
            raise TypeError(f"each leaf needs a name of its own; {name_of(function)} has the parameter '{p}'")
    return tuple(p.name for p in parameters)


def check_inputs(names: tuple[str, ...], inputs: Mapping[str, float]) -> dict[str, float]:
    """The numbers in the order of the names. Raises `TypeError`, naming what is missing or has no place."""
    # Python's parser reads µ, the micro sign, as the Greek letter: so does whoever names a leaf of an expression.
    known = frozenset(names)
    inputs = {name if name in known else unicodedata.normalize("NFKC", name): x for name, x in inputs.items()}
    missing = [name for name in names if name not in inputs]
    extra = [name for name in inputs if name not in known]
    if missing:
        raise TypeError(f"missing a number for {_and(missing)}, as in {shorten(missing[0])}=2")
    if extra:
        raise TypeError(f"there is no leaf {_and(extra)}; the leaves are {_and(names) or 'none'}")
    return {name: inputs[name] for name in names}


def _defaults(function: Callable) -> dict[str, float]:
    names_of(function)
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def name_of(function: Callable) -> str:
    """What a sentence calls a function, or a class."""
    return getattr(function, "__name__", None) or str(function)


def _and(names: Any) -> str:
    return list_first([f"'{shorten(name)}'" for name in names], NAMED)
