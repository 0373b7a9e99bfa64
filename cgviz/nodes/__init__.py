"""Networks in the other manner: build nodes first, feed them with arrays, run them forward and backward later.

    from cgviz.nodes import SGD, MSE, Graph, Input, Linear

    X, y, W, b = Input("X"), Input("y"), Input("W"), Input("b")
    cost = MSE(y, Linear(X, W, b))
    graph = Graph({X: [[1], [2], [3]], y: [3, 5, 7], W: [[0]], b: [0]})
    graph.compute_gradients()
    SGD(0.1).update([W, b])

`node.py` says what a node is, and how to write one of your own.
"""

from .elementwise import Add, Elementwise, Mul, ReLU, Sigmoid, Tanh
from .learning_rates import constant_rate, cosine_rate, linear_rate, step_rate, warm_up
from .linear import Dot, Linear
from .loss_nodes import MSE, CrossEntropy
from .node import Input, Node
from .node_graph import Graph
from .sgd import SGD, Adam, Momentum
from .sort import topological_sort

__all__ = [
    "MSE",
    "SGD",
    "Adam",
    "Add",
    "CrossEntropy",
    "Dot",
    "Elementwise",
    "Graph",
    "Input",
    "Linear",
    "Momentum",
    "Mul",
    "Node",
    "ReLU",
    "Sigmoid",
    "Tanh",
    "constant_rate",
    "cosine_rate",
    "linear_rate",
    "step_rate",
    "topological_sort",
    "warm_up",
]
