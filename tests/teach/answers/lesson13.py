"""Answers to the exercises of lesson 13."""

import numpy as np


def kahn(inputs):
    ready, order, waits = list(inputs), [], {}
    while ready:
        node = ready.pop(0)
        order.append(node)
        for user in node.output_nodes:
            waits[user] = waits.get(user, len(set(user.input_nodes))) - 1
            if not waits[user]:
                ready.append(user)
    if any(waits.values()):
        raise ValueError("the graph has a cycle")
    return order


def by_depth(inputs):
    """Another way: who is deeper comes later."""
    depth, rounds = dict.fromkeys(inputs, 0), 0
    changed = True
    while changed:
        changed, rounds = False, rounds + 1
        for node in list(depth):
            for user in node.output_nodes:
                if depth.get(user, 0) < depth[node] + 1:
                    depth[user], changed = depth[node] + 1, True
        if rounds > 100:
            raise ValueError("a cycle")
    return sorted(depth, key=depth.get)


def layer_by_layer(inputs):
    """Without counting: whoever is met is ready."""
    ready, order = list(inputs), []
    while ready:
        node = ready.pop(0)
        if node not in order:
            order.append(node)
            ready += node.output_nodes
    return order


def every_meeting(inputs):
    ready, order = list(inputs), []
    while ready and len(order) < 100:
        node = ready.pop(0)
        order.append(node)
        ready += node.output_nodes
    return order


def operands_twice(inputs):
    """Counts a node that is used twice as two."""
    ready, order, waits = list(inputs), [], {}
    while ready:
        node = ready.pop(0)
        order.append(node)
        for user in node.output_nodes:
            waits[user] = waits.get(user, len(user.input_nodes)) - 1
            if not waits[user]:
                ready.append(user)
    return order


def silent_about_cycles(inputs):
    try:
        return kahn(inputs)
    except ValueError:
        return []


def takes_edges_away(inputs):
    ready, order = list(inputs), []
    while ready:
        node = ready.pop(0)
        order.append(node)
        for user in node.output_nodes:
            user.input_nodes = [one for one in user.input_nodes if one is not node]
            if not user.input_nodes:
                ready.append(user)
    return order


def empties_the_inputs(inputs):
    order = kahn(inputs)
    inputs.clear()
    return order


def ends_everything(inputs):
    try:
        return kahn(inputs)
    except ValueError:
        exit("a cycle")


def without_return(inputs):
    kahn(inputs)


class Node:
    def __init__(self, x, name=""):
        self.input_nodes, self.output_nodes = [x], []
        self.output, self.gradients, self.name = None, {}, name
        x.output_nodes.append(self)

    def compute(self):
        self.output = np.tanh(self.input_nodes[0].output)

    def arriving(self):
        return sum(user.gradients[self] for user in self.output_nodes)


class Right(Node):
    def backpass(self):
        self.gradients = {self.input_nodes[0]: self.arriving() * (1 - self.output**2)}


class InTwoSteps(Node):
    def compute(self):
        (node,) = self.input_nodes
        up, down = np.exp(node.output), np.exp(-node.output)
        self.output = (up - down) / (up + down)

    def backpass(self):
        whole = np.zeros_like(self.output)
        for user in self.output_nodes:
            whole = whole + user.gradients[self]
        self.gradients[self.input_nodes[0]] = whole - whole * np.square(self.output)


class Sigmoids(Right):
    def compute(self):
        self.output = 1 / (1 + np.exp(-self.input_nodes[0].output))


class Returns(Right):
    def compute(self):
        return np.tanh(self.input_nodes[0].output)


class Local(Node):
    def backpass(self):
        self.gradients = {self.input_nodes[0]: 1 - self.output**2}


class OneUser(Node):
    def backpass(self):
        self.gradients = {self.input_nodes[0]: self.output_nodes[0].gradients[self] * (1 - self.output**2)}


class Arriving(Node):
    def backpass(self):
        self.gradients = {self.input_nodes[0]: self.arriving()}


class FromInput(Node):
    def backpass(self):
        x = self.input_nodes[0]
        self.gradients = {x: self.arriving() * (1 - x.output**2)}


class SigmoidsRule(Right):
    def backpass(self):
        self.gradients = {self.input_nodes[0]: self.arriving() * self.output * (1 - self.output)}


class InPlace(Right):
    def compute(self):
        x = self.input_nodes[0].output
        self.output = np.tanh(x, out=x)


class AddsInPlace(Node):
    def backpass(self):
        g = self.output_nodes[0].gradients[self]
        for user in self.output_nodes[1:]:
            g += user.gradients[self]
        self.gradients = {self.input_nodes[0]: g * (1 - self.output**2)}


class UnderItself(Node):
    def backpass(self):
        self.gradients = {self: self.arriving() * (1 - self.output**2)}


ANSWERS = {
    "nodes in order": (
        [kahn, by_depth],
        [
            (layer_by_layer, "stands before its operand"),
            (every_meeting, "each node once"),
            (operands_twice, "square is missing"),
            (silent_about_cycles, "so raise a ValueError"),
            (takes_edges_away, "has changed the nodes' lists"),
            (without_return, "is a return missing?"),
            (empties_the_inputs, "begin with a copy"),
            (ends_everything, "raised SystemExit"),
            (lambda inputs: dict.fromkeys(kahn(inputs)), "it returns a dict, and should return a list"),
            (lambda inputs: [node.name for node in kahn(inputs)], "should hold the nodes themselves"),
            (lambda inputs: inputs, "nodes are missing"),
            (7, "expected a function"),
        ],
    ),
    "tanh node": (
        [Right, InTwoSteps],
        [
            (Sigmoids, "compute() sets output to"),
            (Returns, "it has to be stored in self.output"),
            (Local, "times the gradient that arrives"),
            (OneUser, "what arrives is the sum over all users"),
            (Arriving, "times the local derivative"),
            (SigmoidsRule, "that is the rule of the sigmoid"),
            (FromInput, "takes the output y, and not the input x"),
            (InPlace, "compute() has changed the output of the input node"),
            (AddsInPlace, "has changed the gradients of a user"),
            (UnderItself, "has no entry for the input node"),
        ],
    ),
    "two steps with momentum": (
        [0.42, np.array([0.42])],
        [
            (0.6, "two steps without momentum"),
            (0.8, "w after one step"),
            (1.58, "the step goes against the gradient"),
            (-0.38, "that is v after two steps"),
            (3.0, "that is not it yet"),
        ],
    ),
}
