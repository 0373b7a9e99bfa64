"""The scalar of the lessons: a number that remembers how it was computed, so that gradients can flow back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from itertools import takewhile
from math import isfinite
from numbers import Real
from typing import Any

from . import eager
from .graph import objects
from .op import FAILURES, OPS, DomainError, Op
from .ops import FUNCTIONS
from .text import kind, number, shorten

new = object.__new__


class Value:
    """A number in a computational graph.

    `data` is the number and `label` the name that pictures show. Arithmetic and functions build the
    graph as they compute: `_prev` are the operands in order, `_op` the operation's symbol. After
    ``L.backward()``, the `grad` of every node below L is ∂L/∂node.

    Raises `TypeError` when `data` is not a real number.

    >>> a, b, c, d = Value(2.0, "a"), Value(-3.0, "b"), Value(10.0, "c"), Value(-2.0, "d")
    >>> L = (a * b + c) * d
    >>> L.label = "L"
    >>> L.backward()
    >>> L, a.grad, b.grad, c.grad, d.grad
    (Value(L: -8.0), 6.0, -4.0, -2.0, 4.0)
    """

    __slots__ = ("_a", "_b", "_data", "_mark", "_push", "_uses", "grad", "label")
    _has_init = False  # whether a subclass sets up more in `__init__`
    _zero = 0.0
    __array_ufunc__ = None  # NumPy steps aside, so that ``array * value`` is refused by us, in words

    def __init__(self, data: float, label: str = "", *rest: Any) -> None:
        if rest or not isinstance(label, str):
            raise TypeError(
                f"Value takes a number and a label, such as Value(3, 'a'); the operands of a computed value "
                f"are recorded by its operators, not passed in (got {2 + len(rest)} arguments, "
                f"the second {kind(label)})"
            )
        self._data = _checked(data)
        self.grad = 0.0
        self.label = label
        self._a = self._b = self._mark = None
        self._push = LEAF

    def __init_subclass__(cls, **options: Any) -> None:
        """Let a subclass that sets up more in `__init__` have that done for its results too."""
        super().__init_subclass__(**options)
        if _sets_up_more(cls):
            cls._has_init = True
            cls._results_made_by(_initialised)

    @classmethod
    def _results_made_by(cls, make: Callable) -> None:
        _install(cls, make, inherited_only=True)

    @property
    def data(self) -> float:
        """The number. Setting it does not recompute what was computed from it: that shows as stale."""
        return self._data

    @data.setter
    def data(self, data: float) -> None:
        self._data = _checked(data, self.label)
        self._mark = None

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The operands, in order; the same operand twice in ``a * a``."""
        if self._a is None:
            return ()
        return (self._a,) if self._b is None else (self._a, self._b)

    @property
    def _op(self) -> str:
        """The symbol of the operation, or ``""`` for a leaf."""
        return self._push.op.symbol if self._a is not None else ""

    @property
    def _constant(self) -> bool:
        """Whether an operator wrapped this number; no gradient is kept for it."""
        return self._push is CONSTANT

    def _fresh(self) -> bool:
        """Whether the number still is what its operands give."""
        try:
            again = self._push.op.number(*(operand._data for operand in self._prev))
        except FAILURES:
            return False
        return again == self._data or (again != again and self._data != self._data)

    def __repr__(self) -> str:
        label = f"{shorten(self.label)}: " if isinstance(self.label, str) and self.label else ""
        return f"{type(self).__name__}({label}{self._data!r})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    def __float__(self) -> float:
        return float(self._data)

    def __lt__(self, other: Any) -> bool:
        return self._data < getattr(other, "_data", other)

    def __le__(self, other: Any) -> bool:
        return self._data <= getattr(other, "_data", other)

    def __gt__(self, other: Any) -> bool:
        return self._data > getattr(other, "_data", other)

    def __ge__(self, other: Any) -> bool:
        return self._data >= getattr(other, "_data", other)

    def __pos__(self) -> Value:
        return self

    def backward(self, accumulate: bool = False) -> None:
        """Set the `grad` of every node of this graph to ∂self/∂node, by the chain rule in reverse order.

        Gradients are zeroed first, so calling twice gives the same numbers. With ``accumulate=True``
        the new gradients are added to those already there, for the sum of several outputs.

        Raises `CycleError` if a node is its own ancestor, and `DomainError` where a derivative does
        not exist; gradients then count as not computed.

        >>> w = Value(3.0, "w")
        >>> (2 * w).backward()
        >>> (5 * w).backward(accumulate=True)
        >>> w.grad
        7.0
        """
        before = [(node, node.grad) for node in objects(self)] if accumulate else ()
        found = _discover(self)
        if self._uses:  # below itself: it would be pushed before its uses
            _forget(found)
            objects(self)  # reads the graph again, and raises with the names on the cycle
        self.grad = 1.0
        try:
            pushed = _push_all(self)
        except DomainError:
            _forget(found)
            raise
        if pushed < len(found):
            _forget(found)
            objects(self)
        for node, grad in before:
            node.grad += grad

    def zero_grad(self) -> None:
        """Forget the gradients of this node and of every node below it."""
        _forget(objects(self))

    def _apply(self, op: Op, xs: tuple) -> Value:
        """Build the node of an operation called as a function: ``sin(value)``, ``maximum(0, value)``."""
        own = any(isinstance(x, Value) and type(x)._has_init for x in xs)
        build = _builders(op, _initialised if own else new)
        if op.arity == 1:
            return build[op.name](self)
        first, second = xs
        result = build[op.name](first, second) if isinstance(first, Value) else build["r" + op.name](second, first)
        if result is NotImplemented:
            stranger = second if isinstance(first, Value) else first
            if isinstance(stranger, Value):
                return stranger._apply(op, xs)
            raise TypeError(f"{op.name} takes Values and numbers, got {kind(stranger)}")
        return result

    def __reduce__(self) -> tuple:
        """Pickle and copy without recursion: the nodes below come first, in topological order."""
        listed = any(id(self) in nodes for nodes in _COPYING.lists)
        ancestors = None if listed else _Ancestors(self)
        push = self._push if self._a is None else (self._push.op, self._push.wanted)
        state = (self._data, self.grad, self.label, self._a, self._b, self._mark, push)
        return _restore, (ancestors, type(self), state), getattr(self, "__dict__", None)


def _forget(nodes: list[Value]) -> None:
    for node in nodes:
        node.grad, node._mark = node._zero, None


def LEAF(v: Value, ready: Callable) -> None:
    """Push nothing: a variable has no operands."""


def CONSTANT(v: Value, ready: Callable) -> None:
    """Push nothing: a number that an operator wrapped."""


def _checked(data: Any, label: str = "") -> float:
    """The number as a float, or a sentence that says what came instead."""
    if type(data) is float:
        return data
    where = f" of '{shorten(label)}'" if label and isinstance(label, str) else ""
    if isinstance(data, Real) and not getattr(data, "shape", ()):
        try:
            return float(data)
        except OverflowError:
            raise TypeError(f"the data{where} is too large for a float") from None
    if isinstance(data, Value):
        raise TypeError(f"the data{where} must be a number, got another Value: {data!r} (its number is .data)")
    hint = "; give each number a Value of its own" if getattr(data, "shape", isinstance(data, (list, tuple))) else ""
    shown = f" {shorten(repr(data))}" if isinstance(data, (str, complex)) else ""
    raise TypeError(f"the data{where} must be a real number, got {kind(data)}{shown}{hint}")


def _helpers(make: Callable) -> dict[str, Callable]:
    """What the generated operators call, for results and constants that are set up by `make`."""

    def constant(cls: type[Value], data: float) -> Value:
        data = data if data.__class__ is float else _checked(data)
        node = new(cls) if make is new else make(cls, data)
        node._data = data
        node.grad = 0.0
        node.label = ""
        node._a = node._b = node._mark = None
        node._push = CONSTANT
        return node

    def meet(self: Value, other: Any) -> tuple[type[Value] | None, Any]:
        """The class of the result, and the other operand as a node; ``None`` when it is none of ours."""
        cls = type(self)
        if isinstance(other, Value):
            if hasattr(other, "shape"):
                return None, other  # a Tensor: the operation is its own to do
            return (type(other) if issubclass(type(other), cls) else cls), other
        if isinstance(other, Real):
            return cls, constant(cls, other)
        if hasattr(other, "__array__"):
            shape = getattr(other, "shape", ())
            raise TypeError(f"{cls.__name__} computes with one number at a time, got an array of shape {shape}")
        return None, other

    return {"new": make, "constant": constant, "meet": meet, "check": _check, "refuse": _refuse}


def _check(op: Op, *operands: Value) -> None:
    """Refuse an infinity or NaN that an operation has made of finite numbers: it was too large for a float."""
    if all(isfinite(v._data) for v in operands):
        raise _refuse(op, OverflowError(), *operands)


def _refuse(op: Op, failure: Exception, *operands: Value, derivative: bool = False) -> DomainError:
    return op.error(failure, tuple(v._data for v in operands), tuple(map(_called, operands)), derivative)


def _called(v: Value) -> str:
    """What a sentence calls a node."""
    if v._constant:
        return number(v._data)
    return repr(shorten(v.label)) if v.label and isinstance(v.label, str) else ""


def _sets_up_more(cls: type[Value]) -> bool:
    """Whether a class that a learner has grown, or one that she mixed in, has an `__init__` of its own."""
    grown = takewhile(lambda base: not base.__module__.startswith(__package__ + "."), cls.__mro__)
    return any("__init__" in vars(base) for base in grown)


def _initialised(cls: type[Value], data: float = 0.0) -> Value:
    """A new node of a subclass that has its own `__init__`, which is called unless it asks for more than a number."""
    return cls(data) if _takes_a_number(cls) else new(cls)


@cache
def _takes_a_number(cls: type[Value]) -> bool:
    import inspect

    try:
        inspect.signature(cls.__init__).bind(None, 0.0)
    except TypeError:
        return False
    return True


def _discover(root: Value) -> list[Value]:
    """Every node below `root`: each marked for this walk, its gradient zeroed, its uses counted.

    The marks stand in the nodes, in place of a visited set: the walk is half of a backward pass.
    """
    walk = object()
    root._mark, root._uses = walk, 0
    found = [root]
    append = found.append
    for v in found:  # the list grows while it is read
        v.grad = 0.0
        a = v._a
        if a is None:
            continue
        if a._mark is walk:
            a._uses += 1
        else:
            a._mark, a._uses = walk, 1
            append(a)
        b = v._b
        if b is None:
            continue
        if b._mark is walk:
            b._uses += 1
        else:
            b._mark, b._uses = walk, 1
            append(b)
    return found


def _push_all(root: Value) -> int:
    """Push each gradient once all of a node's uses have contributed to it; return how many nodes pushed.

    Raises `DomainError` where a derivative does not exist.
    """
    ready = [root]
    append = ready.append
    v = root
    try:
        for v in ready:  # the list grows while it is read
            v._push(v, append)
    except FAILURES as failure:
        if hasattr(v, "shape"):  # a Tensor has said it in its own words
            raise
        raise _refuse(v._push.op, failure, *v._prev, derivative=True) from None
    return len(ready)


class _Copying(threading.local):
    """The lists of ancestors that are being copied just now, each as the ids of its nodes."""

    def __init__(self) -> None:
        self.lists: list[set[int]] = []


_COPYING = _Copying()


class _Ancestors:
    """Pickles as the list of all nodes below one, lowest first, so that none needs recursion to get at its operands."""

    def __init__(self, root: Value) -> None:
        self.root = root

    def __reduce__(self) -> tuple:
        return list, (), None, self._below()

    def _below(self) -> Any:
        nodes = objects(self.root)[:-1]
        mine = set(map(id, nodes))
        _COPYING.lists.append(mine)  # meanwhile these nodes are saved without a list of their own
        try:
            yield from nodes
        finally:
            _COPYING.lists = [other for other in _COPYING.lists if other is not mine]


def _restore(ancestors: Any, cls: type[Value], state: tuple) -> Value:
    node = new(cls)
    node._data, node.grad, node.label, node._a, node._b, node._mark, push = state
    node._push = eager.push(*push) if isinstance(push, tuple) else push
    return node


@cache
def _builders(op: Op, make: Callable = new) -> dict[str, Callable]:
    return eager.methods(op, _helpers(make))


def _install(cls: type, make: Callable = new, inherited_only: bool = False) -> None:
    """Give the class a method for each operation: ``__mul__``, ``__rmul__``, ``sin`` …"""
    for op in OPS.values():
        build = _builders(op, make)
        named = {op.name: build[op.name]} if op.name in FUNCTIONS else {}
        if op.dunder:
            named[f"__{op.dunder}__"] = build[op.name]
            if op.arity == 2:
                named[f"__r{op.dunder}__"] = build["r" + op.name]
        for name, method in named.items():
            if not inherited_only or getattr(cls, name) is getattr(Value, name):
                setattr(cls, name, method)


_install(Value)
