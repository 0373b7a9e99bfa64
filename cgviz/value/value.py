"""The scalar of the lessons: a number that remembers how it was computed, so that gradients can flow back."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, Any

from ..graph import objects
from ..ops.domain import FAILURES, DomainError
from ..ops.op import OPS, Op
from ..ops.rows import FUNCTIONS, find
from ..text import kind, shorten
from . import row_code
from .backward import CONSTANT, LEAF, MOVED, discover, forget, push_all
from .copying import COPYING, Ancestors, restore
from .leaves import tell
from .refusals import Refused, check, check_number, refuse
from .subclasses import initialize, new, read_extras, sets_up_more
from .ufuncs import array_ufunc

if TYPE_CHECKING:
    from .row_methods import (
        RowMethods,
    )  # the operators and methods, for type checkers: `live/type_stubs.py` writes them
else:
    RowMethods = object


class Value(Refused, RowMethods):
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

    # `_groups` is left unset (no operation pays for it) but for the result of a call that can be folded: `cgviz.groups`
    __slots__ = ("_a", "_b", "_data", "_groups", "_mark", "_push", "_uses", "grad", "label")
    _a: Value | None
    _b: Value | None
    _data: Any  # a float; a Tensor's is an array
    _mark: Any
    _push: Any  # a function; one that `row_code.py` writes has the row as `op`, and `wanted`
    _uses: int
    grad: float
    _has_init = False  # whether a subclass sets up more in `__init__`
    _zero = 0.0
    __array_ufunc__ = array_ufunc

    def __init__(self, data: float, label: str = "", *rest: Any) -> None:
        if rest or not isinstance(label, str):
            raise TypeError(
                f"Value takes a number and a label, such as Value(3, 'a'); the operands of a computed value "
                f"are recorded by its operators, not passed in (got {2 + len(rest)} arguments, "
                f"the second {kind(label)})"
            )
        self._data = check_number(data)
        self.grad = 0.0
        self.label = label
        self._a = self._b = self._mark = None
        self._push = LEAF

    def __init_subclass__(cls, **options: Any) -> None:
        """Let a subclass that sets up more in `__init__` have that done for its results too."""
        super().__init_subclass__(**options)
        if sets_up_more(cls):
            cls._has_init = True
            cls._results_made_by(initialize)

    @classmethod
    def _results_made_by(cls, make: Callable) -> None:
        _install(cls, make, inherited_only=True)

    @property
    def data(self) -> float:
        """The number. Setting it does not recompute what was computed from it: that shows as stale."""
        return self._data

    @data.setter
    def data(self, data: float) -> None:
        self._data = check_number(data, self.label)
        if self._mark is not None:
            self._mark = MOVED

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
    def _row(self) -> Op | None:
        """The row that computed this number, if it is the one that its symbol stands for; ``None`` for a leaf."""
        op = self._push.op if self._a is not None else None
        return op if op is not None and find(op.symbol, op.arity) is op else None

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
        tell(self)
        return float(self._data)

    def __int__(self) -> int:
        tell(self)
        return int(self._data)

    __trunc__ = __int__

    def __round__(self, digits: int | None = None) -> float:
        """The number rounded, as `round` does: plain, for that is flat."""
        return round(self._data, digits)

    def conjugate(self) -> Value:
        """Itself, for it is real: NumPy's `std` and `var` of an array of Values ask for it."""
        return self

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

        Raises `TypeError` if `accumulate` is no bool, `CycleError` if a node is its own ancestor, and `DomainError`
        where a derivative does not exist; gradients then count as not computed.

        >>> w = Value(3.0, "w")
        >>> (2 * w).backward()
        >>> (5 * w).backward(accumulate=True)
        >>> w.grad
        7.0
        """
        if not isinstance(accumulate, bool):
            raise TypeError(f"accumulate is True or False, got {kind(accumulate)}; a backward pass begins with 1")
        before = [(node, node.grad) for node in objects(self)] if accumulate else ()
        found = discover(self)
        if self._uses:  # below itself: it would be pushed before its uses
            forget(found)
            objects(self)  # reads the graph again, and raises with the names on the cycle
        self.grad = 1.0
        try:
            pushed = push_all(self)
        except DomainError:
            forget(found)
            raise
        if pushed < len(found):
            forget(found)
            objects(self)
        for node, grad in before:
            node.grad += grad

    def zero_grad(self) -> None:
        """Forget the gradients of this node and of every node below it."""
        forget(objects(self))

    def _apply(self, op: Op, xs: tuple) -> Value:
        """Build the node of an operation called as a function: ``sin(value)``, ``maximum(0, value)``."""
        own = any(isinstance(x, Value) and type(x)._has_init for x in xs)
        build = _builders(op, initialize if own else new)
        if op.arity == 1:
            return build[op.name](self)
        first, second = xs
        result = build[op.name](first, second) if isinstance(first, Value) else build["r" + op.name](second, first)
        if result is NotImplemented:
            stranger = second if isinstance(first, Value) else first
            if isinstance(stranger, Value):
                return stranger._apply(op, xs)
            raise TypeError(f"{op.name} takes Values and numbers, got {kind(stranger, 'Value')}")
        return result

    def __reduce__(self) -> tuple:
        """Pickle and copy without recursion: the nodes below come first, in topological order."""
        listed = any(id(self) in nodes for nodes in COPYING.lists)
        ancestors = None if listed else Ancestors(self)
        push = self._push if self._a is None else (self._push.op, self._push.wanted)
        state = (self._data, self.grad, self.label, self._a, self._b, self._mark, getattr(self, "_groups", ()), push)
        return restore, (ancestors, type(self), state), read_extras(self)


def _helpers(make: Callable) -> dict[str, Callable]:
    """What the generated operators call, for results and constants that are set up by `make`."""

    def constant(cls: type[Value], data: Any) -> Value:
        data = data if data.__class__ is float else check_number(data)
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
            if shape == ():
                return cls, constant(cls, other)
            raise TypeError(f"{cls.__name__} computes with one number at a time, got an array of shape {shape}")
        return None, other

    return {"new": make, "constant": constant, "meet": meet, "check": check, "refuse": refuse}


@cache
def _builders(op: Op, make: Callable = new) -> dict[str, Callable]:
    return row_code.methods(op, _helpers(make))


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
