"""Neural networks of Values: neurons, layers, a training loop, and two moons to tell apart.

from cgviz.nn import MLP, moons, train

xs, ys = moons(100, noise=0.1, seed=1)
net = MLP(2, [16, 16, 1], seed=1)
history = train(net, xs, ys, steps=100)
"""

from .agreement import PartedError
from .data import moons
from .network import MLP, Layer
from .neuron import Module, Neuron
from .scores import scores
from .step import DivergedError, State, Step
from .train import History, train
from .training import Training

__all__ = [
    "MLP",
    "DivergedError",
    "History",
    "Layer",
    "Module",
    "Neuron",
    "PartedError",
    "State",
    "Step",
    "Training",
    "moons",
    "scores",
    "train",
]
