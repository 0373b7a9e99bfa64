"""Operations that only place numbers anew: roll, repeat, tril, stack, where … one row for all of them.

Which number goes where is not written down for each: NumPy's function is run a second time, on the places 1, 2, 3 …
instead of the numbers, and gives for each number of the result the place that it came from, 0 where it put a zero.

    roll([a, b, c], 1) = [c, a, b]        roll([1, 2, 3], 1) = [3, 1, 2]

So a gradient goes back to these places: `put_back` adds it up there, and `gather` is the way back of that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..text import shape
from .array_op import Columns, row
from .array_rows import M, index_text


@dataclass(frozen=True)
class Gap:
    """Stands for operand number `place` among the arguments of a call."""

    place: int


def numpy_function(name: str) -> Any:
    """NumPy's function of this name, ``"roll"`` or ``"linalg.inv"``; None where this NumPy has none."""
    found: Any = np
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def fill_gaps(form: Any, xs: Sequence[Any]) -> Any:
    """The arguments with the operands in their gaps."""
    if isinstance(form, Gap):
        return xs[form.place]
    if isinstance(form, (list, tuple)):
        return type(form)(fill_gaps(part, xs) for part in form)
    return form


@row(
    (("roll", (Gap(0), 1), (("axis", 0),)), M),
    (("tril", (Gap(0),), ()), M),
    (("repeat", (Gap(0), (1, 0, 2)), (("axis", 0),)), M),
    (("stack", ([Gap(0), Gap(1)],), (("axis", -1),)), M, M),
    (("where", (np.eye(3, 4) > 0, Gap(0), Gap(1)), ()), M, ()),
    (("split", (Gap(0), 2), (("axis", 1),), 1), M),
    once=False,
)
def arrange(name: str, form: Any, options: tuple[tuple[str, Any], ...], part: int | None = None) -> Columns:
    """The numbers of the operands as NumPy's function `name` places them; `part` picks one of several results."""
    function = numpy_function(name)
    count = 1 + max(gap.place for gap in _gaps(form))

    def rule(*xs: Any) -> Any:
        y = function(*fill_gaps(form, xs), **dict(options))
        return y if part is None else y[part]

    def back(i: int) -> Callable:
        def vjp(g: Any, y: Any, *xs: Any) -> Any:
            shapes = [getattr(x, "shape", ()) for x in xs]
            ends = np.cumsum([math.prod(sizes) for sizes in shapes])
            starts = [0, *ends[:-1]]
            numbered = [np.arange(1, math.prod(s) + 1).reshape(s) + n for s, n in zip(shapes, starts, strict=True)]
            places = np.array(rule(*numbered)) - starts[i]
            ours = np.where((places > 0) & (places <= math.prod(shapes[i])), places, 0)
            return put_back(ours, shapes[i], name)(g)

        return vjp

    said = [_text(value) for value in form if not list(_gaps(value))]
    said += [f"{key}={_text(value)}" for key, value in options]
    text = f"{name}({', '.join([_text(value) for value in form] + said[len(said) - len(options) :])})"
    which = "" if part is None else f"[{part}]"
    symbol = f"{name}({', '.join(said)}){which}" if said or which else name
    columns = {"text": text + which, "tex": _tex(name, form, options, which)}
    return symbol, rule, tuple(map(back, range(count))), columns


@row(((np.array([[3, 1], [0, 3]]), (4,), "roll"), (2, 2)), once=False)
def put_back(places: np.ndarray, sizes: tuple[int, ...], name: str) -> Columns:
    """The numbers added up at the places that an operation took them from; what it had filled with zeros is dropped."""

    def rule(x: Any) -> Any:
        total = math.prod(sizes)
        return np.bincount(places.ravel(), np.ravel(x), total + 1)[1:].reshape(sizes)

    text = f"put_back({{0}}, {name})"
    return f"put back({name})", rule, (lambda g, y, x: gather(places, name)(g),), {"text": text}


@row(((np.array([[3, 1], [0, 3]]), "roll"), (4,)), once=False)
def gather(places: np.ndarray, name: str) -> Columns:
    """The numbers at places counted from 1, and 0 for the place 0."""

    def rule(x: Any) -> Any:
        return np.append(0.0, x)[places]

    back = (lambda g, y, x: put_back(places, x.shape, name)(g),)
    return f"gather({name})", rule, back, {"text": f"gather({{0}}, {name}, {shape(places.shape)})"}


def _gaps(form: Any) -> Iterator[Gap]:
    if isinstance(form, Gap):
        yield form
    elif isinstance(form, (list, tuple)):
        for part in form:
            yield from _gaps(part)


def _text(value: Any) -> str:
    """An argument as Python writes it, with a slot of a template for each operand."""
    if isinstance(value, Gap):
        return f"{{{value.place}}}"
    if isinstance(value, (list, tuple)) and list(_gaps(value)):
        return f"[{', '.join(map(_text, value))}]"
    return index_text(value) if hasattr(value, "shape") else repr(value).replace("{", "{{").replace("}", "}}")


def _tex(name: str, form: tuple, options: tuple, which: str) -> str:
    """The call in TeX: operands as formulas, all else as words."""

    def write(value: Any) -> str:
        if isinstance(value, Gap):
            return f"{{{value.place}}}"
        if isinstance(value, (list, tuple)) and list(_gaps(value)):
            return r"\left[" + ", ".join(map(write, value)) + r"\right]"
        return words(_text(value))

    def words(text: str) -> str:
        return r"\text{{" + text.replace("_", r"\_") + "}}"

    arguments = [write(value) for value in form] + [words(f"{key}={_text(value)}") for key, value in options]
    called = r"\operatorname{{" + name.replace("_", r"\ ") + "}}"
    return called + r"\left(" + ", ".join(arguments) + r"\right)" + (words(which) if which else "")
