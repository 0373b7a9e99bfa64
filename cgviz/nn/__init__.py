"""Neural networks of Values: neurons, layers, a training loop, and two moons to tell apart.

from cgviz.nn import MLP, moons, train

xs, ys = moons(100, noise=0.1, seed=1)
net = MLP(2, [16, 16, 1], seed=1)
history = train(net, xs, ys, steps=100)

Or of a loss of one sample, written with any class of nodes:

training = Training(loss_of, data=names, optimizer=Adam(0.01))
history = train(loss_of, data=names, steps=1000, optimizer=Adam(0.01))
"""

from ..nodes import SGD, Adam, Momentum, constant_rate, cosine_rate, linear_rate, step_rate, warm_up
from .network import MLP, Layer
from .neuron import Module, Neuron
from .parting import PartedError
from .recorded_network import scores
from .sample_training import SampleTraining
from .training import Training
from .training_loop import History, train
from .training_step import DivergedError, State, Step
from .two_moons import moons

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "DivergedError",
    "History",
    "Layer",
    "Module",
    "Momentum",
    "Neuron",
    "PartedError",
    "SampleTraining",
    "State",
    "Step",
    "Training",
    "constant_rate",
    "cosine_rate",
    "linear_rate",
    "moons",
    "scores",
    "step_rate",
    "train",
    "warm_up",
]
