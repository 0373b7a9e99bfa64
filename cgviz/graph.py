"""Read any graph of computations into plain records: the only code that touches somebody's objects.

A node is any object with a number, and with its operands if it was computed. How it spells them
does not matter: the tables below list the spellings that are understood. A field that is missing
stays empty in the record, and the picture leaves that cell out, so a class of three lines draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from .text import kind, number, shorten

DATA = ("data", "value", "output")
GRAD = ("grad", "backwards_grad", "gradients")
OPERANDS = ("_prev", "prevs", "input_nodes", "parents")
OPERATION = ("_op", "op")
LABEL = ("label", "name")

LEAF, CONSTANT, OPERATION_NODE = "leaf", "constant", "operation"


class CycleError(ValueError):
    """A graph in which a node is, by some way round, an operand of itself."""


class Node(NamedTuple):
    """One node of a graph, as plain data.

    `index` is its place in topological order. `kind` is ``"leaf"`` (a variable), ``"constant"``
    or ``"operation"``. `data` is its number and `grad` its gradient, each ``None`` when missing or
    not computed yet. `operands` are the indices of its operands, in order; `local` holds the local
    gradients that the edges carry, where the engine stores them. `stale` is ``"value"`` when an
    operand has changed since the node was computed (its gradient is stale too), ``"gradient"`` when
    only the gradient is out of date, else ``""``. `has_grad` says whether the class keeps gradients
    at all: a `grad` of ``None`` is then "not computed yet", else the cell is left out.
    """

    index: int
    label: str
    op: str
    data: Any
    grad: Any
    kind: str
    operands: tuple[int, ...]
    local: tuple[Any, ...] = ()
    stale: str = ""
    has_grad: bool = True

    @property
    def name(self) -> str:
        """What to call the node in a sentence: its label, a constant's number, or ``v5`` by its place."""
        if self.label and (label := shorten(self.label)):
            return label
        return number(self.data) if self.kind == CONSTANT else f"v{self.index}"


class Edge(NamedTuple):
    """`source` is operand number `position` of `target` (both indices); `local` is ∂target/∂source if stored."""

    source: int
    target: int
    position: int
    local: Any = None


class Graph(NamedTuple):
    """What `trace` returns: the nodes in topological order, the last one the root, and the edges."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def root(self) -> Node:
        """The node that was traced, which everything else leads to."""
        return self.nodes[-1]

    @property
    def leaves(self) -> tuple[Node, ...]:
        """The variables, in the order in which the expression names them."""
        return tuple(node for node in self.nodes if node.kind == LEAF)

    @property
    def signature(self) -> tuple:
        """The structure without the values: equal signatures are drawn with the same layout."""
        return tuple((n.label, n.kind, n.op, n.operands, n.has_grad) for n in self.nodes)

    def uses(self) -> list[list[Edge]]:
        """For each node the edges by which others use it, in topological order of the users."""
        found: list[list[Edge]] = [[] for _ in self.nodes]
        for edge in self.edges:
            found[edge.source].append(edge)
        return found


def trace(root: Any, names: Mapping[int, str] | None = None) -> Graph:
    """Read the graph below `root` and return ``(nodes, edges)`` as plain immutable records.

    The order is topological (Kahn's algorithm, first the leaves as the expression names them), the
    same for the same expression in every process. The walk is iterative, so depth has no limit.

    `root` is an object of any class that the tables above can read, or a `Graph` (returned as it is).
    `names` gives labels, by ``id(object)``, to objects that have none of their own.

    Raises `TypeError` if `root` is not a node, `CycleError`, naming the nodes, if the graph has a cycle.

    >>> from cgviz import Value
    >>> a = Value(3.0, "a")
    >>> nodes, edges = trace(a * a + 1)
    >>> [(n.name, n.op, n.data) for n in nodes]
    [('a', '', 3.0), ('1', '', 1.0), ('v2', '*', 9.0), ('v3', '+', 10.0)]
    >>> [(e.source, e.target, e.position) for e in edges]
    [(0, 2, 0), (0, 2, 1), (2, 3, 0), (1, 3, 1)]
    """
    if isinstance(root, Graph):
        return root
    names = names or {}
    order, rows, local = in_order(root, names)
    root = order[-1]
    grads = _Gradients(root, order)
    stale = _stale_values(order, rows)
    any_stale = any(stale)
    nodes = tuple(
        Node(
            i,
            _label(obj, names),
            _operation(obj, bool(rows[i])),
            value_of(obj),
            grads.of(obj),
            _kind(obj, rows[i]),
            rows[i],
            local[i],
            "value" if stale[i] else "gradient" if grads.stale(obj, any_stale) else "",
            _first(obj, GRAD, _MISSING) is not _MISSING,
        )
        for i, obj in enumerate(order)
    )
    edges = tuple(
        Edge(source, node.index, position, node.local[position] if node.local else None)
        for node in nodes
        for position, source in enumerate(node.operands)
    )
    return Graph(nodes, edges)


def objects(root: Any) -> list[Any]:
    """The very objects that `trace(root)` describes, in the same order: ``objects(L)[node.index]``."""
    return in_order(root)[0]


def in_order(root: Any, names: Mapping[int, str] | None = None) -> tuple[list[Any], list[tuple[int, ...]], list[tuple]]:
    """The objects below `root` in topological order; for each, the places of its operands, and its local gradients."""
    found, operands, local = _discover(root)
    place = {id(obj): i for i, obj in enumerate(found)}
    below = [[place[id(operand)] for operand in listed] for listed in operands]
    order = _kahn(below)
    if len(order) < len(found):
        raise CycleError(_cycle_sentence(found, below, set(range(len(found))) - set(order), names or {}))
    rank = [0] * len(order)
    for new, old in enumerate(order):
        rank[old] = new
    rows = [tuple([rank[i] for i in below[old]]) for old in order]
    return [found[old] for old in order], rows, [local[old] for old in order]


def outline(obj: Any, operands: tuple[int, ...]) -> tuple[str, str, Any, str]:
    """What it takes to compute an object again: its label, its operation, its number and its kind."""
    return _label(obj, {}), _operation(obj, bool(operands)), value_of(obj), _kind(obj, operands)


def write(order: list[Any], data: Iterable[float], grads: Iterable[float]) -> None:
    """Put new numbers and gradients into a whole graph's objects, which then count as computed in one pass.

    Raises `TypeError` if the class keeps its number where it cannot be set.
    """
    fields = {type(obj): (_settable(obj, DATA), _settable(obj, GRAD)) for obj in order}
    mark = object()
    for obj, value, grad in zip(order, data, grads, strict=True):
        data_field, grad_field = fields[type(obj)]
        setattr(obj, data_field, value)
        if grad_field and not getattr(obj, "_constant", False):
            setattr(obj, grad_field, grad)
        if hasattr(obj, "_mark"):
            obj._mark = mark


def _settable(obj: Any, spellings: tuple[str, ...]) -> str:
    """Which of the attributes holds the object's number; ``""`` if it has none of them."""
    name = next((name for name in spellings if getattr(obj, name, _MISSING) is not _MISSING), "")
    if callable(getattr(obj, name, None)):
        raise TypeError(f"the {name} of {_describe(obj)} is computed by a method and cannot be set")
    return name


def identity(obj: Any) -> int:
    """The number by which `names` knows an object: its id; for a tensor of PyTorch's that of what made it."""
    if not is_from_torch(type(obj)):
        return id(obj)
    from .graph_torch import identity

    return identity(obj)


def pulls(root: Any) -> list[Callable | None]:
    """For each node the engine's own backward rule, where it can be asked: for arrays no row may be known.

    A rule takes the gradient that arrives and returns the contribution to each operand, in order.
    """
    return [] if isinstance(root, Graph) else [_pull(obj) for obj in objects(root)]


def _pull(obj: Any) -> Callable | None:
    if hasattr(obj, "_pull"):
        return obj._pull
    edges = _first(obj, OPERANDS) or ()
    if not edges or not all(callable(getattr(edge, "backward_fn", None)) for edge in edges):
        return None

    def pull(g: Any) -> list[Any]:  # mlfz's Tensor: a rule on each edge, which reads the gradient from its node
        g = g + 0 * value_of(obj)
        arrived = SimpleNamespace(backwards_grad=g, shape=g.shape, value=value_of(obj))
        return [edge.backward_fn(arrived, edge.local_grad, edge.prev) for edge in edges]

    return pull


def is_node(obj: Any) -> bool:
    """Whether `obj` can be read as a node: it has a number, and is neither a class nor a plain number or array."""
    if is_from_torch(type(obj)):
        return True
    if isinstance(obj, (type, int, float, complex, str, bytes)):
        return False
    if hasattr(obj, "__array__") and _first(obj, OPERANDS) is None:
        return False
    return any(hasattr(obj, name) for name in DATA)


def _first(obj: Any, spellings: tuple[str, ...], default: Any = None) -> Any:
    """The first of the attributes that the object has (asked one by one: a property may fail to compute)."""
    for name in spellings:
        value = getattr(obj, name, _MISSING)
        if value is not _MISSING:
            return value
    return default


_MISSING = object()


@cache
def is_from_torch(cls: type) -> bool:
    """Whether this is a class of PyTorch's, or grown from one. (Asked by name: PyTorch is not imported for it.)"""
    return any(getattr(base, "__module__", "").partition(".")[0] == "torch" for base in getattr(cls, "__mro__", ()))


def _discover(root: Any) -> tuple[list[Any], list[list[Any]], list[tuple]]:
    """Every object below `root`, in the order of a depth-first reading from left to right, with its operands."""
    if not is_node(root):
        raise TypeError(
            f"expected a node of a graph, an object with one of the attributes {', '.join(DATA)}; got {kind(root)}"
        )
    if is_from_torch(type(root)):  # its graph hangs on other objects, read by a module of its own
        from .graph_torch import adapt

        root = adapt(root)
    found: list[Any] = []
    operands: list[list[Any]] = []
    local: list[tuple] = []
    seen: set[int] = set()
    stack = [root]
    while stack:
        obj = stack.pop()
        if id(obj) in seen:
            continue
        seen.add(id(obj))
        below, carried = _operands(obj)
        found.append(obj)
        operands.append(below)
        local.append(carried)
        stack.extend(reversed(below))
    return found, operands, local


def _operands(obj: Any) -> tuple[list[Any], tuple]:
    """The operands of a node, and the local gradients if its edges carry them, as mlfz's do."""
    listed = _first(obj, OPERANDS) or ()
    if isinstance(listed, (set, frozenset)):
        # A set forgets the order of the operands; sorted by what they are, at least each run agrees.
        alike = len({_likeness(operand, 0) for operand in listed}) < len(listed)
        listed = sorted(listed, key=lambda operand: _likeness(operand, 5 if alike else 0))
    elif not isinstance(listed, (tuple, list)):
        if is_node(listed):  # a single operand, not put into a tuple
            listed = (listed,)
        elif not isinstance(listed, Iterable):
            raise TypeError(f"the operands of {_describe(obj)} are not in a tuple or list but {kind(listed)}")
    below, carried = [], []
    for edge in listed:
        operand = getattr(edge, "prev", edge)
        if operand is not edge:
            carried.append(getattr(edge, "local_grad", None))
        if not is_node(operand):
            raise TypeError(f"an operand of {_describe(obj)} is not a node but {kind(operand)}")
        below.append(operand)
    return below, tuple(carried)


def _likeness(obj: Any, depth: int) -> tuple:
    """What tells nodes apart that have no order: label, number, operation, and the same of their operands."""
    below = _first(obj, OPERANDS) or () if depth else ()
    alike = (
        sorted(_likeness(getattr(o, "prev", o), depth - 1) for o in below)
        if isinstance(below, (set, frozenset))
        else ()
    )
    return str(_first(obj, LABEL) or ""), repr(_first(obj, DATA)), str(_first(obj, OPERATION) or ""), tuple(alike)


def _kahn(operands: list[list[int]]) -> list[int]:
    """Topological order by Kahn's algorithm: take a node once all its operands have been taken."""
    waiting = [len(below) for below in operands]
    users: list[list[int]] = [[] for _ in operands]
    for node, below in enumerate(operands):
        for operand in below:
            users[operand].append(node)
    ready = [node for node, count in enumerate(waiting) if not count]
    for node in ready:  # the list grows while it is read
        for user in users[node]:
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    return ready


def _cycle_sentence(found: list[Any], operands: list[list[int]], left: set[int], names: Mapping[int, str]) -> str:
    """Follow operands among the nodes that never became ready until one comes round again."""
    path, place = [], {}
    node = min(left)
    while node not in place:
        place[node] = len(path)
        path.append(node)
        node = next(below for below in operands[node] if below in left)
    ring = [found[i] for i in (*path[place[node] :], node)]
    shown = [_describe(o, names) for o in (ring if len(ring) <= 8 else [*ring[:4], *ring[-3:]])]
    if len(ring) > 8:
        shown.insert(4, "…")
    return "the graph has a cycle, so it has no topological order: " + " ← ".join(shown)


def _label(obj: Any, names: Mapping[int, str]) -> str:
    label = _first(obj, LABEL)
    if isinstance(label, str) and label:
        return label
    return next((names[i] for i in getattr(obj, "_known_as", (id(obj),)) if i in names), "")


def _operation(obj: Any, computed: bool) -> str:
    """The symbol of the operation that made the node; engines with a class per operation name it by the class."""
    op = _first(obj, OPERATION)
    if op is None:
        return type(obj).__name__ if computed and hasattr(obj, "input_nodes") else ""
    if isinstance(op, str):
        return op
    return str(getattr(op, "symbol", None) or getattr(op, "__name__", None) or op)


def value_of(obj: Any) -> Any:
    """The number of a node, or its array, under whichever name its class keeps it."""
    data = _first(obj, DATA)
    return _kept(data() if callable(data) else data)


def _kept(x: Any) -> Any:
    """A number as it is; of a NumPy array that can still change, a copy, so that the record stays what it was."""
    flags = getattr(x, "flags", None)
    return x.copy() if getattr(flags, "writeable", False) else x


def _kind(obj: Any, operands: tuple[int, ...]) -> str:
    if operands:
        return OPERATION_NODE
    return CONSTANT if getattr(obj, "_constant", False) else LEAF


def _stale_values(order: list[Any], rows: list[tuple[int, ...]]) -> list[bool]:
    """Which nodes no longer agree with their operands, asked of those that can tell (`_fresh`)."""
    stale: list[bool] = []
    for obj, operands in zip(order, rows, strict=True):
        fresh = getattr(obj, "_fresh", None)
        stale.append(any(stale[i] for i in operands) or bool(operands and fresh and not fresh()))
    return stale


class _Gradients:
    """Reads gradients, and tells "not computed yet" and "of an earlier run" from a number.

    An engine of ours marks each backward pass (`_mark`). Elsewhere the root tells: a backward pass
    leaves 1 there, so a graph whose gradients are all 0 has not had one.
    """

    def __init__(self, root: Any, order: list[Any]) -> None:
        self.mark = getattr(root, "_mark", _MISSING)
        # A leaf that was given a new number has lost its mark: the gradients around it are out of date.
        self.changed = self.mark is not _MISSING and self.mark is not None and any(_unmarked(obj) for obj in order)
        self.none_yet = self.mark is _MISSING and all(_is_zero(self._raw(obj)) for obj in order)

    def of(self, obj: Any) -> Any:
        if self.none_yet or getattr(obj, "_constant", False):
            return None
        if self.mark is not _MISSING and getattr(obj, "_mark", None) is None:
            return None
        return _kept(self._raw(obj))

    def stale(self, obj: Any, any_value_stale: bool) -> bool:
        if getattr(obj, "_constant", False):
            return False
        if self.mark is _MISSING:
            return any_value_stale
        if getattr(obj, "_mark", None) is None:
            return self.mark is not None  # it was given a new number after the backward pass
        return any_value_stale or self.changed or obj._mark is not self.mark

    @staticmethod
    def _raw(obj: Any) -> Any:
        grad = _first(obj, GRAD)
        if isinstance(grad, dict):  # seed 001: a node keeps the gradients of its operands
            if obj in grad:  # an input keeps all of its gradient under its own key
                return grad[obj]
            users = getattr(obj, "output_nodes", ())
            parts = [user.gradients[obj] for user in users if obj in getattr(user, "gradients", {})]
            return sum(parts[1:], parts[0]) if parts else None
        return None if callable(grad) else grad


def _unmarked(obj: Any) -> bool:
    return getattr(obj, "_mark", None) is None and not getattr(obj, "_constant", False)


def _is_zero(grad: Any) -> bool:
    try:
        return grad is None or bool(grad == 0)
    except ValueError:  # an array
        return not grad.any()


def _describe(obj: Any, names: Mapping[int, str] | None = None) -> str:
    label = _label(obj, names or {})
    return f"'{shorten(label)}'" if label else f"{type(obj).__name__}({number(value_of(obj))})"


def forget_gradients(root: Any) -> None:
    """Set every gradient of a graph to 0, for engines whose `backward` adds to what is there.

    A node that a function took from outside outlives its runs; without this its gradient would grow with each of them.
    Engines that mark their backward passes see to it themselves.
    """
    for obj in () if hasattr(root, "_mark") else objects(root):
        for name in GRAD:
            if isinstance(vars(obj).get(name) if hasattr(obj, "__dict__") else None, (int, float)):
                setattr(obj, name, 0.0)
