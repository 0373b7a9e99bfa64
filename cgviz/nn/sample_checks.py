"""What people give to a network and its training, as numbers, or a sentence on what is wrong with it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np

from ..graph import is_node
from ..graph.fields import check_node
from ..text import exact, kind
from .loss_functions import CLASSES


def whole(n: Any, what: str, least: int = 1) -> int:
    """A count as an int, NumPy's whole numbers too.

    >>> whole(np.int64(3), "steps")
    3
    """
    if not isinstance(n, Integral) or isinstance(n, bool) or n < least:
        raise ValueError(f"{what} must be a whole number of at least {least}, got {n!r}")
    return int(n)


def positive(x: Any, what: str) -> float:
    """The number, or a sentence that it is not positive.

    >>> positive(2, "the rate")
    2.0
    """
    if not isinstance(x, Real) or isinstance(x, bool):
        raise TypeError(f"{what} must be a number, got {kind(x)}")
    try:
        x = float(x)
    except OverflowError:
        x = math.inf
    if not 0 < x < math.inf:
        raise ValueError(f"{what} must be a positive number, got {x:g}")
    return x


def at_least_0(x: Any, what: str) -> float:
    """The number, or a sentence that it is negative or none.

    >>> at_least_0(0, "the noise")
    0.0
    """
    given: Any = x
    if not isinstance(x, Real) or not 0 <= given < math.inf:
        raise ValueError(f"{what} must be a number of at least 0, got {x!r}")
    return float(x)


def generator(seed: Any) -> random.Random:
    """Where random numbers come from: the same ones for the same whole number, a `random.Random` as it is.

    >>> generator(np.int64(3)).random() == generator(3).random()
    True
    """
    if isinstance(seed, random.Random):
        return seed
    try:
        return random.Random(int(seed) if isinstance(seed, Integral) else seed)
    except TypeError:
        raise TypeError(f"the seed must be a whole number, a random.Random or None, got {kind(seed)}") from None


def samples(xs: Any) -> np.ndarray:
    """The samples as an array of shape (N, features), or a sentence on what is wrong with them.

    >>> samples([(1, 2), (3, 4)]).shape
    (2, 2)
    """
    found = _numbers(xs, "the samples must be rows of numbers", _misfit)
    if not found.size:
        raise ValueError(f"there are no samples: xs is empty (shape {found.shape})")
    if found.ndim != 2:
        raise ValueError(f"the samples need the shape (N, features), one row each, got {found.shape}")
    _finite(found, "sample", "feature {1} of sample {0}")
    return found


def labels(ys: Any, count: int, loss: Any) -> np.ndarray:
    """The labels as an array of shape (N,), -1 and 1 where two classes are told apart; or what is wrong with them.

    >>> labels([0, 1, 1], 3, "hinge")
    array([-1.,  1.,  1.])
    """
    found = _numbers(ys, "the labels must be numbers", lambda ys: "the labels must be numbers, one for each sample")
    if found.ndim < 2 and found.size != count and found.shape:
        were = f"{count} sample{'s' * (count != 1)}, but {found.size} label{'s' * (found.size != 1)}"
        raise ValueError(f"each sample needs one label: there {'is' if count == 1 else 'are'} {were}")
    if found.shape not in ((count,), (count, 1)):
        raise ValueError(f"each of the {count} samples needs one label, got labels of shape {found.shape}")
    found = found.reshape(-1)
    _finite(found, "label", "label {0}")
    return _two_classes(found, loss) if loss in CLASSES else found


def _two_classes(found: np.ndarray, loss: str) -> np.ndarray:
    values = set(found.tolist())
    if not (values <= {-1.0, 1.0} or values <= {0.0, 1.0}):
        other = next(i for i, y in enumerate(found) if y not in ((0.0, 1.0) if 0.0 in values else (-1.0, 1.0)))
        raise ValueError(
            f"for the {loss} loss labels are -1 and 1, or 0 and 1; label {other} is {exact(found[other])}"
            + (", and another is 0" if 0.0 in values and found[other] == -1 else "")
        )
    return np.where(found > 0, 1.0, -1.0)


def _numbers(given: Any, wanted: str, ragged: Callable[[Any], str]) -> np.ndarray:
    """Whatever holds numbers, as an array of floats; columns of several kinds arrive as an array of objects."""
    try:
        found = np.asarray(given)
    except ValueError:
        raise ValueError(ragged(given)) from None
    if found.dtype.kind not in "biufO":
        raise TypeError(f"{wanted}, got {_stranger(given, found, wanted)}")
    if found.dtype.kind == "O":
        other = next((x for x in found.flat if not isinstance(x, Real)), 0.0)
        if isinstance(other, (list, tuple, np.ndarray)):
            raise ValueError(ragged(given))
        if not isinstance(other, Real):
            raise TypeError(f"{wanted}, got {_stranger(given, found, wanted)}")
    try:
        return found.astype(float)
    except OverflowError:
        raise ValueError(f"{wanted}, and one is too large for a number") from None


def _stranger(given: Any, found: np.ndarray, wanted: str) -> str:
    """What is no number among these, and where: in an array all become text if one is."""
    if not isinstance(given, np.ndarray):
        found = np.array(given, dtype=object)
    for at, x in np.ndenumerate(found):
        if not isinstance(x, Real):
            row = "label {0}" if "labels" in wanted else "sample {0}"
            where = {1: row, 2: "feature {1} of sample {0}"}.get(len(at), "").format(*at)
            return kind(x) + (f" as {where}" if where else "")
    return kind(found.flat[0])


def _misfit(xs: Any) -> str:
    """Which sample has another number of features than the first."""
    sizes = [len(row) if isinstance(row, (list, tuple, np.ndarray)) and np.ndim(row) else None for row in list(xs)]
    other = next((i for i, size in enumerate(sizes) if size is None or size != sizes[0]), None)
    if other is None:
        return "the samples must be rows of numbers, and some hold rows in turn"
    if sizes[other] is None:
        return f"the samples must be rows of numbers, but sample {other} is {kind(xs[other])}"
    return f"the samples differ in their number of features: sample 0 has {sizes[0]}, sample {other} has {sizes[other]}"


def _finite(found: np.ndarray, what: str, where: str) -> None:
    bad = np.argwhere(~np.isfinite(found))
    if len(bad):
        at = tuple(bad[0])
        raise ValueError(f"{where.format(*at)} is {found[at]}; every {what} must be finite")


def find_parameters(loss_of: Any, given: Iterable[Any] | None) -> list[Any] | None:
    """The nodes that are given, or that the object whose method the loss is lists itself."""
    if given is None:
        owner = getattr(loss_of, "__self__", None)
        listed = getattr(owner, "parameters", None)
        given = listed() if callable(listed) else listed
        if not isinstance(given, (list, tuple)) or not all(map(is_node, given)):
            return None
    if not isinstance(given, Iterable):
        raise TypeError(f"parameters are a list of nodes, got {kind(given)}")
    found = list(given)
    for i, p in enumerate(found):
        if not is_node(p):
            check_node(p, f"parameter {i} of the list is no node: it")
    return list({id(p): p for p in found}.values())
