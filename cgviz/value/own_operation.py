"""An operation of somebody's own: a node that was given its number, its operands and its `_backward` from outside.

So code that was written for micrograd makes its nodes, and whoever needs an operation that there is not:

    y = Value(x.data**3, (x,), "cube")

    def _backward():
        x.grad += 3 * x.data**2 * y.grad

    y._backward = _backward

All of it stands in the node's push, so a node that the rows have made pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

from ..chain_rule.contributions import Doubtful
from ..graph import in_order
from ..graph.agreement import is_float, near
from ..graph.node_labels import describe
from ..ops.op import Op
from ..text import kind, number
from .backward import BY_HAND, CONSTANT, LEAF, push_one

SETS = (set, frozenset)


class Operands(tuple):
    """The operands of a node, in order; compared and joined with a set they are one, for micrograd keeps them in a set.

    >>> from cgviz import Value
    >>> a, b = Value(2), Value(3)
    >>> (a * b)._prev == {a, b}, (a * b)._prev | {a} == {b, a}
    (True, True)
    """

    __slots__ = ()
    __hash__ = tuple.__hash__

    def __eq__(self, other: object) -> bool:
        return set(self) == other if isinstance(other, SETS) else tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other


def _as_set(name: str) -> Callable:
    return lambda self, other: getattr(set(self), name)(set(other) if isinstance(other, tuple) else other)


for _name in ("and", "or", "sub", "xor", "rand", "ror", "rsub", "rxor"):
    setattr(Operands, f"__{_name}__", _as_set(f"__{_name}__"))


class Several:
    """Stands where a node keeps its first operand, and leads to all of them, where they are not one or two in order.

    The walk of a backward pass goes through it as through a node; nobody else sees it.
    """

    __slots__ = ("_a", "_b", "_mark", "_push", "grad", "operands")
    _zero = 0.0

    def __init__(self, operands: tuple | frozenset) -> None:
        first, *rest = operands or (None,)
        self.operands, self.grad, self._mark, self._push = operands, 0.0, None, LEAF
        self._a, self._b = first, Several(tuple(rest)) if rest else None

    def __reduce__(self) -> tuple:
        return Several, (self.operands,)


class OwnOperation:
    """The push of such a node: `symbol` is what the operation is called, `function` the `_backward` that was set.

    Without one nothing flows back, as in micrograd, unless `row` is the push of the row that has computed the node.
    `given` are the operands' numbers at the time.
    """

    __slots__ = ("function", "given", "row", "symbol")
    op = None
    wanted = ()

    def __init__(self, symbol: str, function: Callable | None, row: Any, given: tuple) -> None:
        self.symbol, self.function, self.row, self.given = symbol, function, row, given

    def __call__(self, v: Any) -> None:
        if self.function is None:
            if self.row is not None:
                self.row(v)
            return
        try:
            self.function()
        except Exception as error:
            if not getattr(error, "__notes__", ()):  # one function may have called another
                error.add_note(f"(in the _backward of {self.describe_node(v)})")
            raise

    def describe_node(self, v: Any) -> str:
        """What a sentence calls the node."""
        return f"{describe(v)}{f' (computed by {self.symbol!r})' if self.symbol else ''}"

    def holds(self, v: Any) -> bool:
        """Whether the operands still have the numbers of which the node was computed."""
        return all(x == y or (x != x and y != y) for x, y in zip(self.given, _numbers(v), strict=True))

    def get_state(self, v: Any) -> tuple:
        """What a copy needs of it. Raises `TypeError` for a `_backward`: that of the copy would reach the originals."""
        if self.function is not None:
            raise TypeError(
                f"{describe(v)} has a _backward of its own, which belongs to the very nodes that it was written for: "
                f"a copy would send its gradients to those; copy the leaves, and compute it again"
            )
        return self.symbol, None if self.row is None else (self.row.op, self.row.wanted), self.given


def become(v: Any, **changes: Any) -> None:
    """Let a node be of an operation of one's own: with other `operands`, another `symbol`, or another `function`."""
    push = v._push
    if isinstance(push, OwnOperation):
        symbol, function, row = push.symbol, push.function, push.row
    else:
        symbol, function, row = ("", None, None) if v._a is None else (push.symbol, None, push)
    if "operands" in changes:
        place(v, changes["operands"])
        row = None
    if "function" in changes:
        function, row = changes["function"], None
    symbol = changes.get("symbol", symbol)
    if v._a is None:
        if function is None and not symbol:  # a leaf, of which nothing was to be said
            v._push = CONSTANT if push is CONSTANT else LEAF
            return
        v._a = Several(())
    v._push = OwnOperation(symbol, function, row, _numbers(v))


def place(v: Any, operands: tuple | frozenset) -> None:
    """Put the operands where the walks find them."""
    plainly = len(operands) in (1, 2) and isinstance(operands, tuple)
    v._a, v._b = (*operands, None)[:2] if plainly else (Several(operands) if operands else None, None)


def check_operands(listed: Any) -> tuple | frozenset:
    """What was given as operands, in a tuple, or in a set if it came in one. Raises `TypeError` for what is no node."""
    if not isinstance(listed, (tuple, list, *SETS)):
        if hasattr(listed, "_push") or not isinstance(listed, Iterable) or isinstance(listed, (dict, str)):
            raise TypeError(f"the operands of a node are Values in a tuple, such as (a, b); got {kind(listed)}")
        listed = tuple(listed)
    for x in listed:
        if not hasattr(x, "_push"):
            raise TypeError(f"the operands of a node are Values, got {kind(x)} among them: write Value(2) for a number")
    return frozenset(listed) if isinstance(listed, SETS) and len(listed) > 1 else Operands(listed)


def check_function(function: Any) -> Callable | None:
    """What was given as `_backward`; ``None`` for a function that can reach no node, as ``lambda: None`` is."""
    if function is not None and not callable(function):
        raise TypeError(f"_backward is a function without parameters, such as lambda: None; got {kind(function)}")
    if not isinstance(function, FunctionType):
        return function
    code, given = function.__code__, (function.__defaults__, function.__kwdefaults__)
    return function if code.co_names or code.co_freevars or any(given) else None


def push_by_hand(v: Any, push: Any) -> None:
    """Add to the gradients of a node's operands what its own gradient sends them: what calling `_backward` does."""
    for node in (v, *v._prev):
        if node._mark is None:
            node._mark = BY_HAND
    push_one(v, push)


def probe_push(v: Any, g: Any) -> dict[int, float]:
    """What a gradient `g` of a node sends to each of its operands, by ``id``: its push is run, and all put back.

    Raises `Doubtful` where the push fails, or sends what is no number.
    """
    nodes = {id(node): node for node in (*v._prev, v)}
    before = [(node, node.grad) for node in nodes.values()]
    try:
        for node in nodes.values():
            node.grad = 0.0
        v.grad = g
        v._push(v)
        found = {key: node.grad for key, node in nodes.items() if node is not v}
    except Exception as error:
        raise Doubtful(f"the _backward of {v._push.describe_node(v)} raised {type(error).__name__}: {error}") from error
    finally:
        for node, grad in before:
            node.grad = grad
    if wrong := next((x for x in found.values() if not is_float(x)), None):
        raise Doubtful(f"the _backward of {v._push.describe_node(v)} sends {kind(wrong)} and no number")
    return {key: float(x) for key, x in found.items()}


def pull(v: Any, g: Any) -> list[float]:
    """The same for the operands in order, as `Marked._pull` asks. Raises `Doubtful` where that is not to be known."""
    if v._push.function is None and v._push.row is None:
        raise Doubtful(
            f"{v._push.describe_node(v)} has no _backward that sends anything, so no derivative of it is known"
        )
    operands = in_their_order(v)
    if len(set(map(id, operands))) < len(operands):
        raise Doubtful(
            f"an operand of {v._push.describe_node(v)} is there twice, and its _backward sends one sum for both"
        )
    found = probe_push(v, g)
    return [found[id(x)] for x in operands]


def in_their_order(v: Any) -> list[Any]:
    """A node's operands as the records of its graph have them, those of a set in the order that is given to them."""
    if isinstance(v._prev, tuple):
        return list(v._prev)
    ordered = in_order(v)
    return [ordered.objects[i] for i in ordered.operands[-1]]


def departure(v: Any, op: Op, operands: list[Any]) -> str:
    """Why a row may not stand for what has computed a node, though it gives its number; ``""`` if it may.

    The gradients that the node's `_backward` sends have to be those of the row's derivatives.
    """
    called = v._push.describe_node(v)
    if v._push.function is None:
        return f"{called} has no _backward that sends anything" if v._push.row is None else ""
    try:
        found = probe_push(v, 1.0)
        xs = [float(x._data) for x in operands]
        slopes = dict.fromkeys(found, 0.0)
        for position, x in enumerate(operands):
            slopes[id(x)] += op.local_derivative(position, float(v._data), *xs)
    except (Doubtful, ValueError) as failure:
        return str(failure)
    for x in operands:
        if not near(slopes[id(x)], found[id(x)]):
            return (
                f"the _backward of {called} sends {number(found[id(x)])} to {describe(x)} where the derivative of "
                f"{op.name} is {number(slopes[id(x)])}"
            )
    return ""


def _numbers(v: Any) -> tuple:
    return tuple(x._data for x in v._prev)
