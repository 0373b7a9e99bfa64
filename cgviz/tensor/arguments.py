"""The arguments of NumPy's functions: in NumPy's order, axes as whole numbers, what is no operand refused."""

from __future__ import annotations

import functools
import inspect
import operator
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..text import shorten
from ..value import Value
from .arrangement import numpy_function
from .array_data import check_array

NODES: dict[Callable, Callable] = {}
"""NumPy's functions that become nodes of the graph, and what is done instead of them."""
NAMES: dict[str, str] = {}
"""Their names, with what the module that does it is about; also names that only other versions of NumPy have."""
METHODS: dict[str, Callable] = {}
"""Those that NumPy's arrays have as methods too, by name."""


NO_VALUE = getattr(np, "_NoValue", inspect.Parameter.empty)
"""What NumPy's signatures have as default where a function is to see that nothing was given."""
UNSAID = {
    "where": True,
    "keepdims": False,
    "out": None,
    "dtype": None,
    "casting": "same_kind",
    "order": "K",
    "subok": True,
    "reflect_type": "even",
    "stat_length": None,
    "end_values": 0,
    "stable": False,
    ("sum", "initial"): 0,
    ("nansum", "initial"): 0,
    ("prod", "initial"): 1,
    ("nanprod", "initial"): 1,
    ("einsum", "casting"): "safe",
}
"""Defaults that its signatures do not tell, also of one function alone: given, they are as if they were not."""


def is_default(function: str, name: str, value: Any) -> bool:
    """Whether an argument of NumPy's function has the value that it has where it is not given.

    >>> is_default("sum", "where", True), is_default("take", "mode", "raise"), is_default("sum", "initial", 1)
    (True, True, False)
    """
    known = [_defaults(function).get(name, NO_VALUE), *(UNSAID.get(key, NO_VALUE) for key in ((function, name), name))]
    return any(_is(value, default) for default in known if default is not NO_VALUE)


@functools.lru_cache(1024)
def _defaults(function: str) -> dict[str, Any]:
    try:
        parameters = inspect.signature(numpy_function(function)).parameters.values()
    except (TypeError, ValueError):  # not in this NumPy, or written in C without a signature
        return {}
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def _is(value: Any, default: Any) -> bool:
    if value is default:
        return True
    plain_ones = (bool, int, float, str, tuple, np.generic)
    return isinstance(value, plain_ones) and isinstance(default, plain_ones) and bool(np.all(value == default))


def enter(names: str, takes: str, methods: str = "") -> Callable:
    """Enter a function as what NumPy's functions `names` do with Tensors.

    `takes` are NumPy's arguments in NumPy's order, ``*`` before those that may be Tensors. What the function itself
    has no parameter for is refused by name. `methods` are names under which arrays have it as a method.
    """
    order = takes.replace("*", "").split()
    operands = frozenset(word[1:] for word in takes.split() if word[0] == "*")

    def decorate(function: Callable) -> Callable:
        parameters = inspect.signature(function).parameters
        first = names.split()[0]
        quick = frozenset({"axis", "keepdims"} & set(parameters))

        @functools.wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            if len(args) == 1:  # the usual call, x.sum() or np.sum(x, axis=0): a row's own checks see to the rest
                for name in options:
                    if name not in quick or options[name] is NO_VALUE:
                        break
                else:
                    result = function(args[0], **options)
                    if _is_unusual(options.get("axis"), args[0]):
                        _ask(first, args, options)
                    return result
            if len(args) > len(order):
                raise TypeError(f"np.{first} takes {len(order)} arguments ({', '.join(order)}), got {len(args)}")
            for name, value in zip(order, args, strict=False):
                if name in options:
                    raise TypeError(f"np.{first} got {name} twice")
                options[name] = value
            for name, value in tuple(options.items()):
                if value is NO_VALUE:
                    del options[name]
                elif name not in parameters:
                    if not is_default(first, name, value):
                        raise TypeError(
                            f"np.{first} of a Tensor takes no {name}: it takes {', '.join(parameters)}"
                            + (" (a Tensor's array is never written to)" if name == "out" else "")
                        )
                    del options[name]
                elif name not in operands and isinstance(value, Value):
                    raise TypeError(
                        f"{name} of np.{first} is no operand: it takes plain numbers, not a node of a graph"
                    )
            result = function(**options)
            if _is_unusual(options.get("axis"), options.get(order[0])):
                _ask(first, (), options)
            return result

        for name in names.split():
            enter_as(name, call)
        METHODS.update(dict.fromkeys(methods.split(), call))
        return call

    return decorate


def _is_unusual(axis: Any, x: Any) -> bool:
    """Whether an axis is neither a plain whole number nor left out, or is one of a number, which has none."""
    return axis is not None and (type(axis) is not int or not getattr(x, "shape", True))


def _ask(name: str, args: tuple, options: dict[str, Any]) -> None:
    """Refuse what NumPy itself refuses of arrays of these shapes: functions differ in the axes that they take.

    Only a call that has gone well is asked about, for a refusal of our own says more.
    """
    function = numpy_function(name)
    if function is None:
        return
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            function(*map(_ones, args), **{key: _ones(value) for key, value in options.items()})
    except (TypeError, ValueError, IndexError) as error:
        kind = next(kind for kind in (TypeError, IndexError, ValueError) if isinstance(error, kind))
        axis = shorten(repr(options.get("axis")))
        raise kind(f"axis={axis} is refused, as NumPy refuses it of arrays: {error}") from None


def _ones(x: Any) -> Any:
    """Arrays of ones in place of operands, also of those in lists."""
    if isinstance(x, (list, tuple)):
        return type(x)(map(_ones, x))
    return np.ones(x.shape) if isinstance(x, Value) and hasattr(x, "shape") else 1.0 if isinstance(x, Value) else x


def enter_as(name: str, function: Callable) -> None:
    """Enter a function that takes NumPy's arguments as they come."""
    NAMES[name] = function.__module__.rpartition(".")[2].replace("_", " ")
    found = numpy_function(name)
    if found is not None:
        NODES[found] = function


def axis_of(axis: Any) -> Any:
    """An axis, or several, as whole numbers. Raises `TypeError` for anything else."""
    if axis is None:
        return None
    axes = whole(axis if isinstance(axis, (tuple, list)) else (axis,), "an axis")
    return axes[0] if len(axes) == 1 else axes


def one_axis(axis: Any, what: str = "an axis") -> int:
    """A single axis. Raises `TypeError` for anything else."""
    if isinstance(axis, (tuple, list)):
        raise TypeError(f"{what} is one whole number here, got {shorten(repr(axis))}")
    return whole((axis,), what)[0]


def place(axis: Any, ndim: int) -> int:
    """An axis counted from the first. Raises `IndexError` if there is no such axis.

    >>> place(-1, 3)
    2
    """
    axis = one_axis(axis)
    if not -ndim <= axis < ndim:
        raise IndexError(f"axis {axis} is out of bounds for an array of dimension {ndim}")
    return axis % ndim


def places(axes: Any, ndim: int) -> tuple[int, ...]:
    """Several axes counted from the first. Raises `ValueError` for one that is named twice."""
    found = tuple(place(axis, ndim) for axis in (axes if isinstance(axes, (tuple, list)) else (axes,)))
    if len(set(found)) < len(found):
        raise ValueError(f"an axis is named twice in {axes}")
    return found


def whole(numbers: Any, what: str = "a size or an axis") -> tuple[int, ...]:
    """The whole numbers that were given one by one or as one tuple."""
    if len(numbers) == 1 and isinstance(numbers[0], (tuple, list)):
        numbers = numbers[0]
    try:
        return tuple(map(operator.index, numbers))
    except TypeError:
        found = numbers[0] if len(numbers) == 1 else numbers
        raise TypeError(f"{what} is a whole number, got {shorten(repr(found))}") from None


def index_of(index: Any) -> Any:
    """An index that nobody can change any more."""
    if isinstance(index, tuple):
        return tuple(map(index_of, index))
    if isinstance(index, Value):
        raise TypeError("an index is made of whole numbers, not of Tensors or Values; write x[i.numpy().astype(int)]")
    if isinstance(index, (list, np.ndarray)):
        return np.array(index, dtype=int if isinstance(index, list) and not index else None)
    return index


def operand(x: Any) -> Any:
    """A node as it is, anything else as an array of numbers."""
    return x if isinstance(x, Value) and hasattr(x, "shape") else np.asarray(check_array(x))


def numbers_of(x: Any) -> Any:
    """The numbers alone, of a Tensor, a formula that carries them, or an array."""
    return getattr(x, "_data", getattr(x, "array", x))


def plain(x: Any) -> Any:
    """The same arguments with the numbers of nodes instead of the nodes, also within lists, tuples and dicts."""
    if isinstance(x, Value):
        return x._data
    if type(x) in (list, tuple):
        return type(x)(map(plain, x))
    if type(x) is dict:
        return {key: plain(value) for key, value in x.items()}
    return x
