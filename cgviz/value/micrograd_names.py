"""What may be read and set of a node under the names that micrograd has for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from .own_operation import Operands, OwnOperation, Several, become, check_function, check_operands, push_by_hand


class Attributes:
    """A node's operands, its operation and its backward rule: whoever sets one has an operation of her own.

    >>> from cgviz import Value
    >>> a, b = Value(2, "a"), Value(3, "b")
    >>> y = a * b
    >>> y.grad = 1.0
    >>> y._backward()
    >>> y._op, a.grad, b.grad
    ('*', 3.0, 2.0)
    """

    __slots__ = ()
    _a: Any
    _b: Any
    _data: Any
    _push: Any

    @property
    def _prev(self) -> tuple[Any, ...]:
        """The operands, in order; the same operand twice in ``a * a``. What is set as a set has no order."""
        a, b = self._a, self._b
        if b is not None:
            return Operands((a, b))
        if a.__class__ is Several:
            return self._a.operands
        return Operands() if a is None else Operands((a,))

    @_prev.setter
    def _prev(self, operands: Any) -> None:
        found = check_operands(operands)
        if set(map(id, found)) != set(map(id, self._prev)):
            self._become(operands=found)

    @property
    def _children(self) -> tuple[Any, ...]:
        """The same as `_prev`."""
        return self._prev

    @_children.setter
    def _children(self, operands: Any) -> None:
        self._prev = operands

    @property
    def _op(self) -> str:
        """The symbol of the operation, or ``""`` for a leaf."""
        return self._push.symbol if self._a is not None else ""

    @_op.setter
    def _op(self, symbol: str) -> None:
        if not isinstance(symbol, str):
            raise TypeError(f"_op is the name of an operation, such as 'tanh'; got {symbol!r}")
        if symbol != self._op:
            self._become(symbol=symbol)

    @property
    def _backward(self) -> Callable[[], None]:
        """The function that adds to the operands' gradients what the node's own gradient sends them.

        ``backward()`` calls the one that was set, once all uses of the node have contributed to its `grad`.
        """
        push = self._push
        own = push.function if isinstance(push, OwnOperation) else None
        return own or partial(
            push_by_hand, self, push
        )  # whoever wraps it and sets it again has the rule that was there

    @_backward.setter
    def _backward(self, function: Callable[[], None] | None) -> None:
        self._become(function=check_function(function))

    def item(self) -> float:
        """The number, as `data`.

        >>> from cgviz import Value
        >>> Value(2).item()
        2.0
        """
        return self._data

    def _become(self, **changes: Any) -> None:
        become(self, **changes)
