"""The scalar of the lessons: a number that remembers how it was computed, so that gradients can flow back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, overload

from ..graph import objects
from ..ops.domain import FAILURES
from ..ops.op import Op
from ..ops.rows import find
from ..text import kind, shorten
from .arithmetic import build_methods, give_methods
from .backward import CONSTANT, LEAF, MOVED, discover, forget, forget_below, push_all
from .copying import COPYING, Ancestors, restore
from .deep_chains import unlink
from .leaves import tell
from .micrograd_names import Attributes
from .own_operation import OwnOperation, check_operands, departure, pull
from .refusals import Refused, check_number
from .subclasses import initialize, leaf, new, read_extras, sets_up_more
from .ufuncs import array_ufunc

if TYPE_CHECKING:
    from .row_methods import (
        RowMethods,
    )  # the operators and methods, for type checkers: `live/type_stubs.py` writes them
else:
    RowMethods = object


class Value(Refused, Attributes, RowMethods):
    """A number in a computational graph.

    `data` is the number and `label` the name that pictures show. Arithmetic and functions build the
    graph as they compute: `_prev` are the operands in order, `_op` the operation's symbol. After
    ``L.backward()``, the `grad` of every node below L is ∂L/∂node.

    A result of an operation of your own is given its operands and the operation's name, in micrograd's order,
    ``Value(8.0, (x,), "cube")``, and then its `_backward`. Other attributes are yours.

    Raises `TypeError` when `data` is not a real number, or operands are no Values.

    >>> a, b, c, d = Value(2.0, "a"), Value(-3.0, "b"), Value(10.0, "c"), Value(-2.0, "d")
    >>> L = (a * b + c) * d
    >>> L.label = "L"
    >>> L.backward()
    >>> L, a.grad, b.grad, c.grad, d.grad
    (Value(L: -8.0), 6.0, -4.0, -2.0, 4.0)
    """

    # No operation pays for labels, groups (`cgviz.groups`) and what users hang on a node: these stand in the dict.
    __slots__ = ("__dict__", "_a", "_b", "_data", "_mark", "_push", "grad")
    _a: Value | None
    _b: Value | None
    _data: Any  # a float; a Tensor's is an array
    _mark: Any
    _push: Any  # a function; one that `row_code.py` writes has the row as `op`, its `symbol`, and `wanted`
    grad: float
    label: str = ""
    _has_init = False  # whether a subclass sets up more in `__init__`
    _zero = 0.0
    __array_ufunc__ = array_ufunc

    @overload
    def __init__(self, data: float, label: str, /) -> None: ...
    @overload
    def __init__(self, data: float, _children: Iterable[Any] = (), _op: str = "", label: str = "") -> None: ...
    def __init__(self, data: float, _children: Any = (), _op: str = "", label: str = "") -> None:
        self._data = data if data.__class__ is float else check_number(data)
        self.grad = 0.0
        self._a = self._b = self._mark = None
        self._push = LEAF
        if _children.__class__ is str and _children and not (_op or label):  # Value(3, "a")
            self.label = _children
        elif _children.__class__ is not tuple or _children or _op or label:
            self._set_up(_children, _op, label)

    def _set_up(self, operands: Any, symbol: str, label: str) -> None:
        """The rest of the making: a label, and what there is of an operation of one's own."""
        if isinstance(operands, str) and not (symbol or label):  # a kind of str
            operands, label = (), operands
        if isinstance(operands, str) or not isinstance(label, str) or not isinstance(symbol, str):
            given = "{}, {} and {}".format(*map(kind, (operands, symbol, label)))
            raise TypeError(
                f"Value takes a number and a label, such as Value(3, 'a'), or what an operation of your own has "
                f"computed, such as Value(6, (a, b), 'op', 'label'); got after the number {given}"
            )
        if label:
            self.label = label
        if found := check_operands(operands):
            self._become(operands=found, symbol=symbol)

    def __init_subclass__(cls, **options: Any) -> None:
        """Let a subclass that sets up more in `__init__` have that done for its results too."""
        super().__init_subclass__(**options)
        if sets_up_more(cls):
            cls._has_init = True
            cls._results_made_by(initialize)

    @classmethod
    def _results_made_by(cls, make: Callable) -> None:
        give_methods(cls, Value, make)
        if cls.__new__ is object.__new__:  # an `__init__` in micrograd's manner does not call ours
            type.__setattr__(cls, "__new__", leaf)  # an assignment would tell editors that every class has it

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
        if self._push.__class__ is OwnOperation and self._push.row is None:
            return self._push.holds(self)
        op, a, b = self._push.op or self._push.row.op, self._a, self._b
        assert a is not None  # a leaf is not asked
        try:
            again = op.number(a._data) if b is None else op.number(a._data, b._data)
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

        Raises `TypeError` if `accumulate` is no bool, `CycleError` if a node is its own ancestor, `DomainError`
        where a derivative does not exist, and what a `_backward` of your own raises; gradients then count as not
        computed.

        >>> w = Value(3.0, "w")
        >>> (2 * w).backward()
        >>> (5 * w).backward(accumulate=True)
        >>> w.grad
        7.0
        """
        if not isinstance(accumulate, bool):
            raise TypeError(f"accumulate is True or False, got {kind(accumulate)}; a backward pass begins with 1")
        before = [(node, node.grad) for node in objects(self)] if accumulate else ()
        order = discover(self)
        self.grad = 1.0
        try:
            push_all(order)
        except Exception:
            forget_below(self)
            raise
        for node, grad in before:
            node.grad += grad

    def zero_grad(self) -> None:
        """Forget the gradients of this node and of every node below it."""
        forget(objects(self))

    @property
    def _pull(self) -> Callable[[Any], list[Any]] | None:
        """What a gradient sends to the operands, of a node whose operation is somebody's own."""
        return partial(pull, self) if self._push.__class__ is OwnOperation else None

    def _departs(self, op: Op, operands: list[Any]) -> str:
        """Why this row may not stand for what has computed the node, ``""`` if it may."""
        return departure(self, op, operands) if self._push.__class__ is OwnOperation else ""

    def _apply(self, op: Op, xs: tuple) -> Value:
        """Build the node of an operation called as a function: ``sin(value)``, ``maximum(0, value)``."""
        own = any(isinstance(x, Value) and type(x)._has_init for x in xs)
        build = build_methods(Value, op, initialize if own else new)
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
        push = self._push
        if push.__class__ is OwnOperation:
            push = push.get_state(self)
        elif self._a is not None:
            push = push.op, push.wanted
        state = (self._data, self.grad, self.label, self._a, self._b, self._mark, getattr(self, "_groups", ()), push)
        return restore, (ancestors, type(self), state), read_extras(self)


give_methods(Value, Value)

for _ in range(40):
    new(Value)
new(Value).label = ""
"""CPython 3.11 and 3.12 give each node room for attributes that others have, at first for many, later for one: a label.

So an operation has 8 bytes more for them, and no more when somebody hangs attributes of her own on some nodes.
"""


if sys.platform == "emscripten":  # in a page of the browser
    Value.__del__ = unlink  # type: ignore[attr-defined]
