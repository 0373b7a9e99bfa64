"""Derivatives of derivatives: a derivative rule that runs on nodes gives a graph, which can be differentiated again."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from numbers import Integral
from typing import Any

from ..graph import CONSTANT, Graph, NodeLike, objects, trace
from ..graph.agreement import is_float
from ..graph.recognition import operation
from ..ops.domain import LETTERS, DomainError
from ..ops.op import Op, Operand
from ..ops.rows import neg
from ..ops.simplification import simpler
from ..text import number
from ..value import Value, join, refuse, stand_in, watch
from .leaks import KEPT, check_plain, check_whole, suspicion
from .run import names_of, prepare


def derivative(f: Any, n: int = 1, wrt: int | str = 0) -> Callable:
    """Return the `n`-th derivative of `f` as a function.

    `f` is an operation such as `tanh`, a function of nodes, an expression as text, or a computed node.
    Called with numbers the derivative returns the number, exact to rounding; called with a `Value` it returns
    the node of a graph that can be drawn, differentiated by `backward`, and used in further expressions;
    called with a list or an array of numbers, the array. `wrt` picks the argument, by its place or name.

    The arguments are variables of their own, also where one node is given twice or is used by `f` from outside;
    a result that depends on nodes from outside is a node, so that derivatives can stand within derivatives.

    Raises `TypeError` or `ValueError` for an `n` or an argument that there is not; calling it raises
    `DomainError` where `f` has no derivative, and `TypeError` where `f` returns no node (nor a constant), or small
    steps show another slope than the graph has: this is asked where `f` takes a number out of the graph by `float`, as
    `math.sin` does, where no path leads from the argument to the result, and where the result has leaves of an earlier
    call. What `.data` takes out beside such a path counts as a plain number that is meant.

    >>> from cgviz import tanh
    >>> derivative(tanh, 2)(0.0)
    0.0
    >>> derivative("a**2 - 10*a + 28")(6), derivative(lambda a: a**2 - 10 * a + 28, 2)(6)
    (2.0, 2.0)
    >>> derivative(lambda a, b: a * b**2, wrt="b")(Value(3.0, "a"), Value(2.0, "b"))
    Value(12.0)
    >>> x = Value(3.0, "x")
    >>> derivative(lambda a, b: a * b * b)(x, x), derivative(lambda y: x * y * y)(x)  # b², 2·x·y
    (Value(9.0), Value(18.0))
    """
    if isinstance(n, bool) or not isinstance(n, Integral):
        raise TypeError(f"the order of a derivative is a whole number, got {n!r}")
    if n < 0:
        raise ValueError(f"the order of a derivative is 0 or more, got {n}")
    function, names, defaults = _function(f)
    place = _place(wrt, names)
    earlier: deque[Value] = deque(maxlen=KEPT)

    def differentiated(*args: Any, **named: Any) -> Any:
        given = _bind(names, args, named, defaults)
        x = given[place]
        if not isinstance(x, Value) and (hasattr(x, "__array__") or isinstance(x, (list, tuple))):
            return _over(x, lambda x: differentiated(*given[:place], x, *given[place + 1 :]))
        leaves = _leaves(given, names)
        with watch() as asked:
            root = function(leaves)
        if not isinstance(root, Value):
            check_plain(root, function, leaves, place)
        elif n and (said := suspicion(root, leaves[place], earlier, bool(asked))):
            known = float(_differentiate(root, leaves[place], 1, names[place]))
            check_whole(known, lambda: _leaves(given, names), function, place, names[place], said)
        earlier.extend(leaves)
        result = _differentiate(root, leaves[place], n, names[place]) if n else root
        if any(isinstance(v, Value) for v in given):
            return _join_result(root, result, leaves, given)
        if isinstance(result, Value) and _captures(result, leaves, lambda: function(_leaves(given, names))):
            return result
        return float(result) + 0.0  # -0.0 is 0.0 to a reader

    parameters = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    differentiated.__signature__ = Signature(parameters)
    differentiated.__name__ = f"{getattr(f, '__name__', None) or getattr(f, 'name', 'f')}{_primes(n)}"
    differentiated.__doc__ = f"The derivative of order {n} with respect to {names[place]}."
    return differentiated


def _function(f: Any) -> tuple[Callable, tuple[str, ...], dict[str, float]]:
    """What computes the root from a list of leaves, their names, and the numbers that come along."""
    if isinstance(f, Op):
        return (lambda leaves: f(*leaves)), tuple(LETTERS[f.arity]), {}
    function, defaults, _ = prepare(f)
    names = names_of(function)
    if not names:
        raise TypeError("the function has no argument to differentiate by")
    return (lambda leaves: function(**dict(zip(names, leaves, strict=True)))), names, dict(defaults)


def _leaves(given: list[Any], names: tuple[str, ...]) -> list[Value]:
    """Fresh leaves, one for each argument, even where one node is given twice."""
    return [stand_in(v) if isinstance(v, Value) else Value(v, name) for v, name in zip(given, names, strict=True)]


def _join_result(root: NodeLike, result: Any, leaves: list[Value], given: list[Any]) -> Value:
    """The result as a node of the graph that the arguments belong to."""
    stands_for = {id(leaf): v for leaf, v in zip(leaves, given, strict=True) if isinstance(v, Value)}
    for computed in (root, result):
        if isinstance(computed, Value):
            join(objects(computed), stands_for)
    return stands_for.get(id(result), result) if isinstance(result, Value) else Value(result)


def _captures(result: Value, leaves: list[Value], again: Callable[[], Any]) -> bool:
    """Whether a result depends on a node from outside the function: one that a second run meets again."""
    graph, nodes, own = trace(result), objects(result), set(map(id, leaves))
    strange = {id(nodes[leaf.index]) for leaf in graph.leaves if leaf.kind != CONSTANT} - own
    return bool(strange) and not strange.isdisjoint(map(id, objects(again())))


def _differentiate(root: NodeLike, leaf: Value, n: int, name: str) -> Any:
    """The derivative of order `n`, as a Value, or as a number where it does not depend on any."""
    lean = _Lean()
    try:
        for _ in range(n):
            root = lean.differentiate(root, leaf) if isinstance(root, Value) else 0.0
            if getattr(root, "shape", ()) != getattr(leaf, "shape", ()) and isinstance(root, Value):
                raise TypeError("derivative is for functions of single numbers, and this one mixes them with arrays")
    except DomainError as error:
        raise type(error)(f"the derivative has no value at {name} = {number(leaf.data)}: {error}") from None
    return root


def _place(wrt: int | str, names: tuple[str, ...]) -> int:
    if isinstance(wrt, str) and wrt in names:
        return names.index(wrt)
    if isinstance(wrt, int) and not isinstance(wrt, bool) and 0 <= wrt < len(names):
        return wrt
    kind = ValueError if isinstance(wrt, (str, int)) else TypeError
    raise kind(f"there is no argument {wrt!r} to differentiate by; the arguments are {', '.join(names)}")


def _bind(names: tuple[str, ...], args: tuple, named: dict[str, Any], defaults: dict[str, float]) -> list[Any]:
    given = {**defaults, **named, **dict(zip(names, args, strict=False))}
    free = names[len(args) :]  # a name that came by its place as well would count for nothing
    if len(args) > len(names) or any(name not in free for name in named) or len(given) < len(names):
        came = ", ".join([*map(str, args), *(f"{name}={x}" for name, x in named.items())])
        raise TypeError(f"expected one number or Value for each of {', '.join(names)}; got ({came})")
    return [given[name] for name in names]


def _over(xs: Any, function: Callable) -> Any:
    import numpy as np

    try:
        xs = np.asarray(xs)
    except ValueError:  # ragged
        xs = np.array(None)
    if xs.dtype.kind not in "biuf":
        raise TypeError("the argument must be a number, a Value, or a rectangular array of numbers")
    return np.array([function(float(x)) for x in xs.ravel()]).reshape(xs.shape)


def _primes(n: int) -> str:
    return "′" * n if n <= 3 else f"^({n})"


class _Lean:
    """Builds graphs without what is trivial: numbers are computed, ``1 · x`` is x, the same operation is done once."""

    def __init__(self) -> None:
        self.done: dict[tuple, Any] = {}
        self.negated: dict[int, Value] = {}

    def apply(self, op: Op, xs: tuple) -> Any:
        """The result of an operation, as a number or as a Value."""
        values = tuple(None if isinstance(x, Value) else float(x) for x in xs)
        if None not in values:
            return op(*values)
        found = simpler(op, tuple(_Operand(self, x) for x in xs), values)
        if found is not None:
            return _bare(found)
        if op is neg and id(xs[0]) in self.negated:
            return self.negated[id(xs[0])]
        key = (op, *(id(x) if isinstance(x, Value) else value for x, value in zip(xs, values, strict=True)))
        if key not in self.done:
            self.done[key] = result = op(*xs)
            if op is neg:
                self.negated[id(result)] = xs[0]
        return self.done[key]

    def differentiate(self, root: Value, leaf: Value) -> Any:
        """∂root/∂leaf as a Value, or as a number where it does not depend on any."""
        graph, nodes = trace(root), objects(root)
        leads = _follow_leaf(graph, [node is leaf for node in nodes])
        data = [_Operand(self, node.data if graph.nodes[i].kind == CONSTANT else node) for i, node in enumerate(nodes)]
        totals: list[Any] = [0.0] * len(nodes)
        totals[-1] = 1.0
        found = 0.0
        for node in reversed(graph.nodes):
            g = totals[node.index]
            if nodes[node.index] is leaf:
                found = g
            if not leads[node.index] or (not isinstance(g, _Operand) and g == 0.0):
                continue
            op, operands = operation(graph, node)
            if operands and op is None:
                raise TypeError(f"derivative is for functions of single numbers, and has no rule for {node.op!r}")
            for position, source in enumerate(operands):
                if op is not None and leads[source]:
                    _check_slope(op, position, nodes[node.index], [nodes[i] for i in operands])
                    xs = (data[i] for i in operands)
                    totals[source] = totals[source] + op.vjps[position](g, data[node.index], *xs)
        return _bare(found)


class _Operand(Operand):
    """A number or a Value, on which a derivative rule runs."""

    __slots__ = ("lean", "x")

    def __init__(self, lean: _Lean, x: Any) -> None:
        self.lean, self.x = lean, x

    def _apply(self, op: Op, xs: tuple) -> Any:
        return _Operand(self.lean, self.lean.apply(op, tuple(map(_bare, xs))))


def _check_slope(op: Op, position: int, node: Value, operands: Sequence[Value]) -> None:
    """Refuse a slope that does not exist, and that a backward pass leaves at NaN: of (-2)^b in b."""
    xs = [x.data for x in operands]
    if not all(map(is_float, xs)) or not all(map(math.isfinite, xs)):
        return
    try:
        exists = not math.isnan(op.local_derivative(position, node.data, *xs))
    except DomainError:  # the rule says it itself, where it is asked
        return
    if not exists:
        raise refuse(op, ValueError(), *operands, derivative=True)


def _bare(x: Any) -> Any:
    return x.x if isinstance(x, _Operand) else x


def _follow_leaf(graph: Graph, leads: list[bool]) -> list[bool]:
    """Which nodes the leaf leads to, itself among them."""
    for node in graph.nodes:
        leads[node.index] = leads[node.index] or any(leads[i] for i in node.operands)
    return leads
