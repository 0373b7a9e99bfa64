"""A network recorded for one sample and run over many."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import numpy as np

from ..graph import DATA
from ..op import DomainError
from ..program import Program
from ..text import kind
from ..value import Value
from .losses import CLASSES


def scores(net: Any, xs: Any) -> np.ndarray:
    """The network's output for each sample: an array of N numbers, for `xs` of shape (N, features).

    Raises `ValueError` for an empty batch, for samples that the network does not take or that are not finite, and
    for a network of several outputs.

    >>> from cgviz.nn import MLP
    >>> net = MLP(2, [3, 1], seed=0)
    >>> scores(net, [[0, 0], [1, -1]]).shape
    (2,)
    """
    xs = samples(xs)
    return Recorded(net, xs).scores(xs)


class Recorded:
    """A network's run on one sample, ready to be run over arrays of them.

    `parameters` are the network's, `numbers()` what they hold now; arrays over them have their order.
    """

    def __init__(self, net: Any, xs: np.ndarray) -> None:
        self.parameters = list(net.parameters())
        takes = getattr(net, "inputs", None)
        if isinstance(takes, int) and takes != xs.shape[1]:
            raise ValueError(f"the network takes {takes} features, the samples have {xs.shape[1]}")
        inputs = [getattr(net, "cls", Value)(float(x)) for x in xs[0]]
        score = net(inputs)
        if isinstance(score, (list, tuple)):
            raise ValueError(f"this needs a network with one output, not {len(score)}")
        self.program = Program(score)
        there = {id(obj) for obj in self.program.addresses.objects}
        self._features = [(i, x) for i, x in enumerate(inputs) if id(x) in there]
        if not self._features:
            raise ValueError("the network's output does not depend on its inputs")
        self._used = [i for i, p in enumerate(self.parameters) if id(p) in there]
        self._places = self.program.places([self.parameters[i] for i in self._used])
        self._fields = [next(name for name in DATA if hasattr(p, name)) for p in self.parameters]

    def numbers(self) -> np.ndarray:
        """The numbers that the parameters have now."""
        return np.array([float(getattr(p, name)) for p, name in zip(self.parameters, self._fields, strict=True)])

    def write(self, numbers: np.ndarray) -> None:
        """Give the parameters other numbers."""
        for p, name, x in zip(self.parameters, self._fields, numbers.tolist(), strict=True):
            setattr(p, name, x)

    def set(self, numbers: np.ndarray) -> None:
        """Let further runs compute with other numbers; the network's own stay."""
        self.program.leaves[self._places] = numbers[self._used]

    def scores(self, xs: np.ndarray) -> np.ndarray:
        """The score of each sample, shape (N,)."""
        return self.program.forward({x: xs[:, i] for i, x in self._features})

    def run(self, xs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The score of each sample, shape (N,), and its slope for each parameter, shape (parameters, N)."""
        run = self.program({x: xs[:, i] for i, x in self._features})
        slopes = np.zeros((len(self.parameters), len(xs)))
        slopes[self._used] = run.leaf_grads[self._places]
        return run.value, slopes

    def failure(self, xs: np.ndarray) -> str:
        """Where the first sample fails that has no finite score, in words; empty if all have one."""
        bad = np.flatnonzero(~np.isfinite(self.scores(xs)))
        if not len(bad):
            return ""
        try:
            self.program.forward({x: float(xs[bad[0], i]) for i, x in self._features})
        except (DomainError, ArithmeticError) as error:
            return f" (sample {bad[0]}: {error})"
        return f" (sample {bad[0]})"


def samples(xs: Any) -> np.ndarray:
    """The samples as an array of shape (N, features), or a sentence on what is wrong with them.

    >>> samples([(1, 2), (3, 4)]).shape
    (2, 2)
    """
    try:
        found = np.asarray(xs)
    except ValueError:
        raise ValueError("the samples differ in their number of features") from None
    if not found.size:
        raise ValueError(f"there are no samples: xs is empty (shape {found.shape})")
    if found.dtype.kind not in "biuf":
        raise TypeError(f"the samples must be rows of numbers, got {kind(xs)} of {found.dtype}")
    if found.ndim != 2:
        raise ValueError(f"the samples need the shape (N, features), one row each, got {found.shape}")
    found = found.astype(float)
    _finite(found, "sample", "feature {1} of sample {0}")
    return found


def labels(ys: Any, count: int, loss: Any) -> np.ndarray:
    """The labels as an array of shape (N,), -1 and 1 where two classes are told apart; or what is wrong with them.

    >>> labels([0, 1, 1], 3, "hinge")
    array([-1.,  1.,  1.])
    """
    found = np.asarray(ys)
    if found.dtype.kind not in "biuf":
        raise TypeError(f"the labels must be numbers, got {kind(ys)} of {found.dtype}")
    if found.shape not in ((count,), (count, 1)):
        raise ValueError(f"each of the {count} samples needs one label, got labels of shape {found.shape}")
    found = found.reshape(-1).astype(float)
    _finite(found, "label", "label {0}")
    if loss in CLASSES:
        values = set(found.tolist())
        if not (values <= {-1.0, 1.0} or values <= {0.0, 1.0}):
            other = next(i for i, y in enumerate(found) if y not in ((0.0, 1.0) if 0.0 in values else (-1.0, 1.0)))
            raise ValueError(
                f"for the {loss} loss labels are -1 and 1, or 0 and 1; label {other} is {found[other]:g}"
                + (", and another is 0" if 0.0 in values and found[other] == -1 else "")
            )
        found = np.where(found > 0, 1.0, -1.0)
    return found


def positive(x: Any, what: str) -> float:
    """The number, or a sentence that it is not positive.

    >>> positive(2, "the rate")
    2.0
    """
    if not isinstance(x, Real) or isinstance(x, bool):
        raise TypeError(f"{what} must be a number, got {kind(x)}")
    if not 0 < x < math.inf:
        raise ValueError(f"{what} must be a positive number, got {float(x):g}")
    return float(x)


def _finite(found: np.ndarray, what: str, where: str) -> None:
    bad = np.argwhere(~np.isfinite(found))
    if len(bad):
        at = tuple(bad[0])
        raise ValueError(f"{where.format(*at)} is {found[at]}; every {what} must be finite")
