"""Answers to the exercises of lesson 11."""

import numpy as np

from cgviz import Value


def tanh(x):
    return x.tanh()


class Neuron:
    def __init__(self, inputs, activation=tanh, name="a"):
        self.w = [Value(0.1, f"{name}.w{i}") for i in range(inputs)]
        self.b = Value(0, f"{name}.b")
        self.activation = activation

    def __call__(self, xs):
        s = sum((w * x for w, x in zip(self.w, xs, strict=True)), self.b)
        return self.activation(s) if self.activation else s

    def parameters(self):
        return [*self.w, self.b]


class Layer:
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        self.neurons = [Neuron(inputs, activation, f"{name}.{j}") for j in range(1, outputs + 1)]

    def __call__(self, xs):
        return [neuron(xs) for neuron in self.neurons]

    def parameters(self):
        return [p for neuron in self.neurons for p in neuron.parameters()]


class WithLoops(Layer):
    def __call__(self, xs):
        outputs = []
        for neuron in self.neurons:
            outputs.append(neuron(xs))
        return tuple(outputs)

    def parameters(self):
        found = []
        for neuron in self.neurons:
            found += neuron.parameters()
        return found


class SameNeuron(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        self.neurons = [Neuron(inputs, activation, name)] * outputs


class MixedUp(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        super().__init__(outputs, inputs, activation, name)


class Nested(Layer):
    def parameters(self):
        return [neuron.parameters() for neuron in self.neurons]


class Twice(Layer):
    def parameters(self):
        return 2 * super().parameters()


class OneTooFew(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        super().__init__(inputs, outputs - 1, activation, name)


class CountsFromZero(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        self.neurons = [Neuron(inputs, activation, f"{name}.{j}") for j in range(outputs)]


class BareNumbers(Layer):
    def __call__(self, xs):
        return [neuron(xs).data for neuron in self.neurons]


class OneSize(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        super().__init__(2, 3, activation, name)


class WithoutBiases(Layer):
    def parameters(self):
        return [w for neuron in self.neurons for w in neuron.w]


class FirstAlone(Layer):
    def parameters(self):
        for neuron in self.neurons:
            return neuron.parameters()


class NoReturn(Layer):
    def __call__(self, xs):
        [neuron(xs) for neuron in self.neurons]


class NothingWithout(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        super().__init__(inputs, outputs, activation, name)
        self.activation = activation

    def __call__(self, xs):
        if self.activation:
            return super().__call__(xs)


class NoNeuronsWithout(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        super().__init__(inputs, outputs if activation else 0, activation, name)


class Summed(Layer):
    def __call__(self, xs):
        return sum(neuron(xs) for neuron in self.neurons)


class OneEach(Layer):
    def __call__(self, xs):
        return [neuron([x]) for neuron, x in zip(self.neurons, xs, strict=False)]


class Backwards(Layer):
    def __call__(self, xs):
        return [neuron(xs) for neuron in reversed(self.neurons)]


class WithoutActivation(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        super().__init__(inputs, outputs, None, name)


class AlwaysTanh(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        super().__init__(inputs, outputs, tanh, name)


class BiasesLast(Layer):
    def parameters(self):
        return [w for neuron in self.neurons for w in neuron.w] + [neuron.b for neuron in self.neurons]


def share(net, xs, ys):
    right = 0
    for x, y in zip(xs, ys, strict=True):
        if net(x).data * y > 0:
            right += 1
    return right / len(xs)


def by_sign(net, xs, ys):
    scores = [net(x).data for x in xs]
    same = [(score > 0) - (score < 0) == y for score, y in zip(scores, ys, strict=True)]
    return same.count(True) / len(same)


def not_against(net, xs, ys):
    return sum(net(x).data * y >= 0 for x, y in zip(xs, ys, strict=True)) / len(xs)


def counted(net, xs, ys):
    return len(xs) * share(net, xs, ys)


def percent(net, xs, ys):
    return 100 * share(net, xs, ys)


def errors(net, xs, ys):
    return 1 - share(net, xs, ys)


def equal(net, xs, ys):
    return sum(net(x).data == y for x, y in zip(xs, ys, strict=True)) / len(xs)


def margin(net, xs, ys):
    return sum(net(x).data * y >= 1 for x, y in zip(xs, ys, strict=True)) / len(xs)


def positive(net, xs, ys):
    return sum(net(x).data > 0 for x in xs) / len(xs)


def no_return(net, xs, ys):
    share(net, xs, ys)


class SingleOutput(Layer):
    def __call__(self, xs):
        outputs = super().__call__(xs)
        return outputs[0] if len(outputs) == 1 else outputs


class UnderAnotherName(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        super().__init__(inputs, outputs, activation, name)
        self.units = self.__dict__.pop("neurons")

    def __call__(self, xs):
        return [neuron(xs) for neuron in self.units]

    def parameters(self):
        return [p for neuron in self.units for p in neuron.parameters()]


class AlwaysA(Layer):
    def __init__(self, inputs, outputs, activation=tanh, name="a"):
        super().__init__(inputs, outputs, activation, "a")


class NodesAlone(Layer):
    def __call__(self, xs):
        return [neuron([Value(x.data) for x in xs]) for neuron in self.neurons]


def of_products(net, xs, ys):
    return sum((net(x) * y).data > 0 for x, y in zip(xs, ys, strict=True)) / len(xs)


ANSWERS = {
    "a layer": (
        [Layer, WithLoops],
        [
            (SingleOutput, "should be a list of one node"),
            (UnderAnotherName, "should stand in the list self.neurons"),
            (AlwaysA, "should be called 'b7.1'"),
            (NodesAlone, "of plain numbers raised AttributeError"),
            (SameNeuron, "the same neuron 3 times"),
            (MixedUp, "inputs and outputs are mixed up"),
            (Nested, "one flat list"),
            (WithoutBiases, "the biases are missing"),
            (FirstAlone, "that is one neuron"),
            (NoReturn, "layer([x1, x2]) returns None: is a return missing?"),
            (NothingWithout, "with the activation None, layer([x1, x2]) returns None, should return a list of 3 nodes"),
            (NoNeuronsWithout, "with the activation None, Layer(2, 3) has 0 parameters, should have 9"),
            (Summed, "should return a list of 3 nodes"),
            (OneEach, "layer([x1, x2]) raised"),
            (Backwards, "not in the order of parameters()"),
            (WithoutActivation, "the outputs are bare sums"),
            (AlwaysTanh, "Layer(2, 3, None) should give bare sums"),
            (BiasesLast, "neuron after neuron"),
            (Twice, "lists 18 nodes, and some of them more than once"),
            (OneTooFew, "two weights and a bias for each of 3 neurons: there are 2 neurons"),
            (CountsFromZero, "neuron 1 should be called 'a.1', and one of its parameters is called 'a.0.w0'"),
            (BareNumbers, "lists numbers, such as"),
            (OneSize, "Layer(3, 2) has 9 parameters, should have 8"),
            (Layer(2, 3), "give check your class itself"),
        ],
    ),
    "share": (
        [share, by_sign, of_products],
        [
            (lambda net, xs, ys: sum(float(net(x)) * y > 0 for x, y in zip(xs, ys, strict=True)) / len(xs), "in data"),
            (lambda net, xs, ys: share(net, xs, ys) or 1.0, "returns 1, should be 0"),
            (not_against, "returns 0.75, should be 0.5: a score of 0 has no sign"),
            (counted, "that is how many are right"),
            (percent, "that is in percent"),
            (errors, "those that are wrong"),
            (equal, "only their signs count"),
            (margin, "it need not reach 1"),
            (positive, "compare each with its label"),
            (
                lambda net, xs, ys: sum((net(x).data > 0.5) == (y == 1) for x, y in zip(xs, ys, strict=True)) / len(xs),
                "the border is a score of 0 here, not 0.5",
            ),
            (
                lambda net, xs, ys: sum((net(x).data > 0) == y for x, y in zip(xs, ys, strict=True)) / len(xs),
                "score > 0 is True or False",
            ),
            (lambda net, xs, ys: sum(net(x) * y > 0 for x, y in zip(xs, ys, strict=True)) / len(xs), "not supported"),
            (lambda net, xs, ys: Value(share(net, xs, ys)), "returns a Value, should be what it holds, 0.6667"),
            (lambda net, xs, ys: round(share(net, xs, ys)), "returns 1, should be 0.6667"),
            (no_return, "is a return missing?"),
            (lambda net, xs: 1.0, "should take (net, xs, ys)"),
        ],
    ),
    "how many parameters": (
        [337, 337.0],
        [
            (304, "those are the weights alone"),
            (33, "how many neurons there are"),
            (105, "here the layers have 16 neurons"),
            (336, "the last neuron has a bias"),
            (35, "asked are weights and biases"),
            (65, "there are two hidden layers"),
            (320, "16 weights and a bias"),
            (337.2, "that is not it yet"),
        ],
    ),
    "xor by hand": (
        [[1, 1, 0, 1, 1, -1, 1, -2, 0], np.array([2, 2, 0, 1, 1, -1, 0.5, -2, 0]), (1, -1, 0, -1, 1, 0, 1, 1, 0)],
        [
            ([1, 1, 0, 1, 1, 0, 1, -2, 0], "for x1 = 1, x2 = 0 your network gives -1, should give 1"),
            ([1, 1, 0, 1, 1, -1, 1, -1, 0], "for x1 = 1, x2 = 1 your network gives 1, should give 0"),
            ([1, 1, 0, 1, 1, -1, 1, -2, 1], "for x1 = 0, x2 = 0 your network gives 1"),
            ([[1, 1, 0], [1, 1, -1], [1, -2, 0]], "one of yours is [1, 1, 0]"),
            ([1, 1, 0, 1, 1, -1], "expected nine numbers, got 6"),
            ([1, 1, 0, 1, 1, "-1", 1, -2, 0], "one of yours is '-1'"),
            (9, "expected a list of nine numbers"),
        ],
    ),
}
