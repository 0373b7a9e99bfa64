"""What an operation on whole arrays is: a row as in `ops/op.py`, made by a function of parameters such as an axis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from ..ops.op import Op
from .rule_errors import name_operands

ARRAY_ROWS: dict[str, Row] = {}
"""Every row by name. A row's `samples` are the parameters and operands (shapes, or numbers) of its checks."""


@dataclass(frozen=True, eq=False, repr=False)
class ArrayOp(Op):
    """A row whose forward `rule` is a function of arrays; `made_by` are the name and the parameters of its row."""

    rule: Callable | None = None
    made_by: tuple = ()

    def __post_init__(self) -> None:
        """Its doc is that of the row."""

    def __call__(self, *xs: Any) -> Any:
        """Apply to arrays, Tensors or formulas."""
        for x in xs:
            if hasattr(x, "_apply") and hasattr(x, "shape"):
                return x._apply(self, xs)
        return super().__call__(*xs)

    @property
    def array(self) -> Any:
        """The rule."""
        return self.rule

    number = array

    def write(self, *xs: Any) -> Any:
        """Refuse: there is no such operation on single numbers."""
        raise TypeError(f"{self.name} takes Tensors, not Values: a Value is a single number")

    def _in_letters(self) -> str:
        return self.text.format(*name_operands([""] * self.arity))

    def __reduce__(self) -> tuple:
        return _make, self.made_by


@dataclass(frozen=True)
class Row:
    """A function from parameters to an `ArrayOp`, with the samples at which that is checked."""

    make: Callable[..., ArrayOp]
    samples: tuple

    def __call__(self, *parameters: Any) -> ArrayOp:
        """The row with these parameters."""
        return self.make(*parameters)


def _make(name: str, *parameters: Any) -> ArrayOp:
    return ARRAY_ROWS[name](*parameters)


Columns: TypeAlias = tuple[str, Callable, tuple[Callable, ...], dict[str, Any]]
"""What the function of a row gives: its symbol, its rule for arrays, its derivative rules, and columns of `Op`."""


def row(*samples: tuple, once: bool = True) -> Callable:
    """Enter a row in the table; `once` makes it once for equal parameters."""

    def enter(function: Callable) -> Row:
        def make(*parameters: Any) -> ArrayOp:
            symbol, rule, vjps, columns = function(*parameters)
            slots = ", ".join(f"{{{i}}}" for i in range(len(vjps)))
            name, *said = symbol.removesuffix(")").split("(", 1)
            columns.setdefault("text", f"{name}({', '.join([slots, *said])})")
            spaced = name.replace("_", " ")
            columns.setdefault(
                "tex", rf"\operatorname{{{{{spaced}}}}}\left({', '.join([slots, *map(_write_tex, said)])}\right)"
            )
            made_by = (function.__name__, *parameters)
            return ArrayOp(function.__name__, symbol, vjps, rule=rule, made_by=made_by, **columns)

        found = Row(lru_cache(1024)(make) if once else make, samples)
        ARRAY_ROWS[function.__name__] = found
        return found

    return enter


def _write_tex(said: str) -> str:
    return rf"\text{{{{{said}}}}}"


def with_axis(name: str, axis: Any = None, keepdims: bool = False) -> str:
    """The symbol of an operation over axes.

    >>> with_axis("sum", 0), with_axis("sum")
    ('sum(axis=0)', 'sum')
    """
    said = [f"axis={axis}"] * (axis is not None) + ["keepdims=True"] * keepdims
    return f"{name}({', '.join(said)})" if said else name
