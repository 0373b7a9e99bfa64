"""What arrays and numbers do in Python, and Tensors do not: each is refused in a sentence that says what to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..value.refusals import operator_refusal

IN_PLACE = "a Tensor cannot be changed in place, its graph would no longer be true; "

INSTEAD = {
    "fill": IN_PLACE + "np.full_like(x, number) is a new array",
    "itemset": IN_PLACE + "change a copy: new = x.numpy(); new[0] = 5; x.data = new",
    "partition": IN_PLACE + "np.sort(x) is a new node",
    "put": IN_PLACE + "change a copy: new = x.numpy(); new[0] = 5; x.data = new",
    "resize": IN_PLACE + "np.resize(x, shape) is a new node",
    "setfield": IN_PLACE + "change a copy: new = x.numpy(); new[0] = 5; x.data = new",
    "setflags": IN_PLACE + "and its array is never written to",
    "sort": IN_PLACE + "np.sort(x) is a new node",
    "byteswap": "a Tensor is made of floats, whose bytes have no derivative",
    "view": "a Tensor is made of floats and of nothing else; x.reshape(sizes) is a node of another shape",
    "getfield": "a Tensor is made of floats and of nothing else",
    "flat": "a Tensor has no flat; x.ravel() is the node with its numbers in one row",
    "choose": "a Tensor holds floats, and cannot choose; np.select and np.where do it by conditions",
    "imag": "a Tensor has no imag: its numbers are real",
}
"""Attributes of NumPy's arrays, with what to say of them."""

TRUTHS = "{0} is for whole numbers and truth values, and a Tensor holds floats: compare first, (x > 0) {0} (y < 1)"
OPERATORS = {
    "and": TRUTHS.format("&"),
    "or": TRUTHS.format("|"),
    "xor": TRUTHS.format("^"),
    "lshift": "<< is for whole numbers, and a Tensor holds floats: write x * 2**n",
    "rshift": ">> is for whole numbers, and a Tensor holds floats: write x / 2**n",
}
"""Python's operators of two operands, with what to say of them: whichever of the two is a Tensor."""
FLAT = ("floordiv", "mod", "divmod")
"""Those of which the sentence says what to write for these operands."""


class Missing:
    """An attribute that is not there: asking for it raises `AttributeError`, with the sentence."""

    __slots__ = ("name", "sentence")

    def __init__(self, name: str, sentence: str) -> None:
        self.name, self.sentence = name, sentence

    def __get__(self, node: Any, cls: type | None = None) -> Any:
        raise AttributeError(self.sentence, name=self.name, obj=node)


class Refusals:
    """The operators and attributes that there are not."""

    __slots__ = ()

    def __invert__(self) -> Any:
        raise TypeError("~ is for truth values, and a Tensor holds floats: write ~(x > 0)")

    def __index__(self) -> int:
        raise TypeError("a Tensor holds floats, and is no index and no count: write int(x) for a single number")

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(
            IN_PLACE + "to give a leaf new numbers change a copy: new = x.numpy(); new[0] = 5; x.data = new"
        )

    def __delitem__(self, index: Any) -> None:
        raise TypeError(IN_PLACE + "np.delete(x, index, axis) is a new node")


def _make_refusal(sentence: str) -> Callable:
    def method(self: Any, other: Any) -> Any:
        raise TypeError(sentence)

    return method


def _flat(name: str, turned: bool) -> Callable:
    def method(self: Any, other: Any) -> Any:
        x, y = (other, self) if turned else (self, other)
        raise operator_refusal(name, x, y, "Tensor", "np.floor")

    return method


for _name in FLAT:
    setattr(Refusals, f"__{_name}__", _flat(_name, False))
    setattr(Refusals, f"__r{_name}__", _flat(_name, True))
for _name, _sentence in OPERATORS.items():
    for _dunder in (f"__{_name}__", f"__r{_name}__"):
        setattr(Refusals, _dunder, _make_refusal(_sentence))


def refuse_the_rest(cls: type) -> None:
    """Let a class say of each attribute of NumPy's arrays that it does not have what there is instead."""
    for name in dir(np.ndarray):
        if not name.startswith("_") and name not in dir(cls):
            own = f"a Tensor has no {name}; its numbers, without a gradient, have: x.data.{name}"
            setattr(cls, name, Missing(name, INSTEAD.get(name, own)))
