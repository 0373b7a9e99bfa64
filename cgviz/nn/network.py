"""Layers of neurons, and networks of layers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from ..groups.grouping import Mark
from ..value import Value
from .neuron import SUPER, Module, Neuron, check_activation, name_activation, nodes_of, subscript
from .sample_checks import generator, whole


class Layer(Module):
    """Neurons that all have the same inputs; the result of a call is the list of their outputs.

    The arguments are those of `Neuron`, with the number of `outputs`; `place` is the layer's, of its labels.

    >>> layer = Layer(2, 3, "relu", seed=0)
    >>> layer, [p.label for p in layer.parameters()][:4]
    (Layer(2 → 3 relu), ['w₁,₁', 'w₁,₂', 'b₁', 'w₂,₁'])
    >>> len(layer([1.0, 2.0]))
    3
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        activation: str | Callable[[Any], Any] = "relu",
        *,
        seed: int | random.Random | None = None,
        cls: Callable[[float], Any] = Value,
        place: str = "",
    ) -> None:
        outputs, rng = whole(outputs, "the number of outputs"), generator(seed)
        self.cls, self.activation, self.name = cls, activation, f"a{place}"
        self.neurons = [
            Neuron(inputs, activation, seed=rng, cls=cls, place=(place, subscript(j))) for j in range(1, outputs + 1)
        ]

    def __call__(self, xs: Sequence[Any]) -> list[Any]:
        """The outputs of all neurons. Raises what a neuron's call raises."""
        return self._outputs(nodes_of(xs, len(self.neurons[0].w), self.cls, "layer"))

    def _outputs(self, xs: tuple[Any, ...], around: tuple[Mark, ...] = ()) -> list[Any]:
        marks = (Mark("layer", self.name, f"{name_activation(self.activation)} layer", xs), *around)
        return [neuron._output(xs, marks) for neuron in self.neurons]

    def parameters(self) -> list[Any]:
        return [p for neuron in self.neurons for p in neuron.parameters()]

    def __repr__(self) -> str:
        return f"Layer({len(self.neurons[0].w)} → {len(self.neurons)} {name_activation(self.activation)})"


class MLP(Module):
    """A multilayer perceptron: layers, each fed with the outputs of the one before.

    `outputs` lists the number of neurons of each layer. All layers have the `activation` but the last, which is
    linear or has the activation `last`. Labels say layer, neuron and input: ``w²₁,₃`` is the weight in layer 2 of
    neuron 1 for input 3 (the notation of Nielsen's "Neural Networks and Deep Learning"). For the rest see `Neuron`.

    A call returns a node, or a list of nodes if the last layer has several neurons. Numbers among the inputs become
    nodes, called ``x₁``, ``x₂``, ….

    Raises `ValueError` for an unknown activation, or without layers.

    >>> net = MLP(2, [16, 16, 1], activation="relu", seed=1)
    >>> net
    MLP(2 → 16 relu → 16 relu → 1 linear, 337 parameters)
    >>> [p.label for p in net.parameters()][-3:]
    ['w³₁,₁₅', 'w³₁,₁₆', 'b³₁']
    >>> score = net([0.5, -1.0])
    >>> score.backward()
    >>> from cgviz import draw
    >>> print(draw(score, fold="layer"))
    node  operation               value   gradient
    x₁                              0.5     0.4779
    x₂                               -1    -0.1991
    a¹    relu layer(x₁, x₂)  16-vector  16-vector
    a²    relu layer(a¹)      16-vector  16-vector
    a³    linear layer(a²)        0.438          1
    """

    def __init__(
        self,
        inputs: int,
        outputs: Sequence[int],
        activation: str | Callable[[Any], Any] = "relu",
        *,
        last: str | Callable[[Any], Any] = "linear",
        seed: int | random.Random | None = None,
        cls: Callable[[float], Any] = Value,
    ) -> None:
        listed = list(outputs) if isinstance(outputs, Iterable) and not isinstance(outputs, str) else []
        if not listed:
            raise ValueError(f"outputs lists the number of neurons of each layer, such as [16, 16, 1], got {outputs!r}")
        check_activation(activation)  # also where there is but the last layer, which has another
        rng = generator(seed)
        sizes = [inputs, *listed]
        self.cls = cls
        self.layers = [
            Layer(n, m, last if k == len(listed) else activation, seed=rng, cls=cls, place=str(k).translate(SUPER))
            for k, (n, m) in enumerate(pairwise(sizes), start=1)
        ]

    @property
    def inputs(self) -> int:
        """How many inputs the network has."""
        return len(self.layers[0].neurons[0].w)

    def __call__(self, xs: Sequence[Any]) -> Any:
        """The network's output, a node, or several as a list. Raises what a neuron's call raises."""
        xs = nodes_of(xs, self.inputs, self.cls, "network")
        network = Mark("network", "net", "network", xs)
        for layer in self.layers:
            xs = tuple(layer._outputs(xs, (network,) if layer is self.layers[-1] else ()))
        return xs[0] if len(xs) == 1 else list(xs)

    def parameters(self) -> list[Any]:
        return [p for layer in self.layers for p in layer.parameters()]

    def __repr__(self) -> str:
        shape = " → ".join(f"{len(layer.neurons)} {name_activation(layer.activation)}" for layer in self.layers)
        return f"MLP({self.inputs} → {shape}, {len(self.parameters())} parameters)"
