"""A network recorded for one sample and run over many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import Any

import numpy as np

from ..graph import field_of_number, is_from_torch, is_node
from ..graph.fields import check_node
from ..ops.domain import DomainError
from ..program import Program
from ..run.run import leaf
from ..text import kind
from ..value import Value
from .hidden_dependence import MOST, SAMPLES, changed_by, changing
from .network import MLP, Layer
from .neuron import Neuron
from .parameter_numbers import ParameterNumbers
from .parting import ONCE, agree, few
from .sample_checks import samples


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
        self.parameters = _parameters(net)
        self.net, self._width = net, xs.shape[1]
        if isinstance(takes := getattr(net, "inputs", None), int):
            self._fit(takes)
        self.cls = node_class(net, self.parameters)
        """The class of the nodes that the network is given."""
        inputs, score = self._call_network(xs[0])
        self.program = Program(score)
        there = {id(obj) for obj in self.program.addresses.objects}
        self._features = [(i, x) for i, x in enumerate(inputs) if id(x) in there]
        if not self._features:
            raise ValueError(self._explain_unseen(xs))
        self._weights(there)
        self._used = [i for i, p in enumerate(self.parameters) if id(p) in there]
        self._places = self.program.places([self.parameters[i] for i in self._used])
        self._numbers = ParameterNumbers(self.parameters)
        self._some = xs[np.linspace(0, len(xs) - 1, min(len(xs), SAMPLES)).astype(int)].tolist()
        self.check(xs, few(len(xs)))

    def _call_network(self, sample: np.ndarray) -> tuple[list[Any], Any]:
        """Nodes for a sample's features, and the network's score of them."""
        inputs = [self.cls(float(x)) for x in sample]
        score = self.net(inputs)
        if isinstance(score, (list, tuple)):
            if len(score) != 1:
                raise ValueError(f"this needs a network with one output, not {len(score)}")
            score = score[0]
        check_node(score, "the network")
        return inputs, score

    def _fit(self, inputs: int) -> None:
        if inputs != self._width:
            features = f"{self._width} feature{'s' * (self._width != 1)}"
            raise ValueError(
                f"sample 0 has {features}, but the network takes {inputs} input{'s' * (inputs != 1)}, one for each"
            )

    def _weights(self, there: set[int]) -> None:
        """Refuse samples of another length than the first weights, where a zip of both has silently left out some.

        A network may ignore features or make new ones, so this is said only where it is seen: just the first of
        the features, or just the first of the weights, are in the graph.
        """
        first = self.net
        for parts in ("layers", "neurons"):
            listed = getattr(first, parts, None)
            first = listed[0] if isinstance(listed, (list, tuple)) and listed else first
        weights = next((getattr(first, name) for name in ("w", "weights") if hasattr(first, name)), None)
        if not isinstance(weights, (list, tuple)) or not all(map(is_node, weights)):
            return
        both = min(len(weights), self._width)
        used = [i for i, _ in self._features], [i for i, w in enumerate(weights) if id(w) in there]
        if used == ([*range(both)],) * 2:
            self._fit(len(weights))

    def _explain_unseen(self, xs: np.ndarray) -> str:
        """What to say of a score that was computed without its inputs."""
        scores = {number_of(self._call_network(xs[i])[1]) for i in few(len(xs))}
        if len(scores) > 1:
            return (
                "the network's output differs from sample to sample, but for sample 0 none of its inputs is in the "
                f"graph: an if, or plain numbers (.data), hide them; {ONCE}"
            )
        return "the network's output does not depend on its inputs"

    def check(self, xs: np.ndarray, places: Sequence[int]) -> None:
        """See on some samples that the recording computes what the network does: no ``if`` may tell them apart."""
        with np.errstate(all="ignore"):
            recorded = self.scores(xs[places])
        for i, score in zip(places, recorded.tolist(), strict=True):
            with suppress(DomainError, ArithmeticError):  # it is said where the sample is run
                agree(partial(self._compute_score, xs[i]), score, i, "network")

    def _compute_score(self, x: Any) -> float:
        return number_of(self._call_network(x)[1])

    @property
    def safe(self) -> bool:
        """Whether the network is one of ours throughout, in which no ``if`` can come up later."""
        kinds = (Neuron, Layer, MLP)
        parts = self.net.layers if type(self.net) is MLP else [self.net]
        return all(type(part) in kinds and part.cls is Value and isinstance(part.activation, str) for part in parts)

    @property
    def idle(self) -> tuple[list[int], list[int]]:
        """Which features, and which parameters, the score does not depend on."""
        features = {i for i, _ in self._features}
        return (
            [i for i in range(self._width) if i not in features],
            [i for i in range(len(self.parameters)) if i not in self._used],
        )

    @cached_property
    def hidden(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """Which of the idle features and parameters change the score all the same, and of which that is not known."""
        features, parameters = self.idle
        moved = {i: changing(self._compute_score, self._some, i) for i in features[:MOST]}
        hidden = [i for i in features if moved.get(i)], [i for i in features if moved.get(i) is None]
        named = [(i, self.parameters[i], self._numbers.fields[i]) for i in parameters[:MOST]]
        moved = {i: changed_by(self._compute_score, self._some, p, field) for i, p, field in named}
        return *hidden, [i for i in parameters if moved.get(i)], [i for i in parameters if moved.get(i) is None]

    @property
    def trains(self) -> bool:
        """Whether the score depends on any of the parameters."""
        return bool(self._used)

    def numbers(self) -> np.ndarray:
        """The numbers that the parameters have now."""
        return self._numbers.read()

    def write(self, numbers: np.ndarray) -> None:
        """Give the parameters other numbers."""
        self._numbers.write(numbers)

    def set(self, numbers: np.ndarray) -> None:
        """Let further runs compute with other numbers; the network's own stay."""
        self.program.leaves[self._places] = numbers[self._used]

    def scores(self, xs: np.ndarray) -> np.ndarray:
        """The score of each sample, shape (N,)."""
        if xs.shape[1] != self._width:
            raise ValueError(f"the network was recorded for {self._width} features, these samples have {xs.shape[1]}")
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


def node_class(net: Any, parameters: Sequence[Any]) -> Callable[[float], Any]:
    """The class of a network's nodes: its `cls`, or else that of its parameters where that makes nodes of numbers."""
    if callable(cls := getattr(net, "cls", None)):
        return cls
    cls = type(parameters[0]) if parameters else Value
    if is_from_torch(cls):
        return Value
    try:
        return cls if is_node(leaf(cls, "", 0.0)) else Value
    except Exception:  # one that wants more than a number
        return Value


def number_of(node: Any) -> float:
    """The number that a node holds."""
    return float(getattr(node, field_of_number(node)))


def _parameters(net: Any) -> list[Any]:
    """The nodes that training changes, or a sentence on a network that has none to tell."""
    method = getattr(net, "parameters", None)
    if isinstance(net, type) or not callable(method):
        what = f"the class {net.__name__}: make a network of it first" if isinstance(net, type) else kind(net)
        raise TypeError(f"a network has a method parameters() that lists its nodes; got {what}")
    found = method()
    if found is None:
        check_node(found, "parameters()")
    found = list(found)
    for i, p in enumerate(found):
        if not is_node(p):
            raise TypeError(f"parameters() lists nodes of a graph, but parameter {i} is {kind(p)}")
    return list({id(p): p for p in found}.values())  # a node that is listed twice is one parameter
