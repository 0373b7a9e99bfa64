"""Neural networks of Values: neurons, layers, a training loop, and two moons to tell apart.

from cgviz.nn import MLP, moons, train

xs, ys = moons(100, noise=0.1, seed=1)
net = MLP(2, [16, 16, 1], seed=1)
history = train(net, xs, ys, steps=100)
"""

from .network import MLP, Layer
from .neuron import Module, Neuron
from .parting import PartedError
from .recorded_network import scores
from .training import Training
from .training_loop import History, train
from .training_step import DivergedError, State, Step
from .two_moons import moons

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
