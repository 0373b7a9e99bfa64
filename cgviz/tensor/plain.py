"""NumPy's functions without a derivative: they only look, so on Tensors they answer for the numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .arguments import numpy_function, plain

QUESTIONS = """
    all any allclose isclose array_equal array_equiv isin iscomplex isreal iscomplexobj isrealobj isneginf isposinf
    shape ndim size result_type can_cast min_scalar_type common_type shares_memory may_share_memory
"""
PLACES = """
    argmax argmin nanargmax nanargmin argsort argpartition argwhere flatnonzero nonzero lexsort searchsorted digitize
    count_nonzero tril_indices_from triu_indices_from diag_indices_from linalg.matrix_rank
"""
STEPS = "round around fix"
WRITTEN = "array2string array_repr array_str save savetxt savez savez_compressed"
SHAPED = "ones_like zeros_like empty_like"

KINDS = {
    "answers about the numbers": QUESTIONS,
    "places and counts": PLACES,
    "steps, flat between their jumps": STEPS,
    "text and files": WRITTEN,
    "new arrays of the same shape": SHAPED,
}
"""All of them, by what they give."""
NAMES = tuple(name for names in KINDS.values() for name in names.split())
PLAIN: frozenset[Callable] = frozenset(filter(None, map(numpy_function, NAMES)))
METHODS = ("all", "any", "argmax", "argmin", "argsort", "argpartition", "nonzero", "round", "searchsorted")
"""Those that NumPy's arrays have as methods."""


def answer(function: Callable, args: tuple, options: dict[str, Any]) -> Any:
    """What the function gives for the numbers."""
    try:
        return function(*plain(args), **plain(options))
    except ValueError as failure:
        if "read-only" not in str(failure):
            raise
        raise TypeError(f"np.{function.__name__} cannot write into a Tensor: its array is never written to") from None


def method(name: str) -> Callable:
    """The method of a Tensor that answers for its numbers."""

    def call(self: Any, *args: Any, **options: Any) -> Any:
        return getattr(self._data, name)(*plain(args), **plain(options))

    call.__doc__ = f"What np.{name} gives for the numbers: plain, for it has no derivative."
    return call
