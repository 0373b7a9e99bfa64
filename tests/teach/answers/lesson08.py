"""Answers to the exercises of lesson 8."""

import math


class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        self.data, self._prev, self._op, self.label = data, tuple(_prev), _op, label

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), "+")

    def __radd__(self, other):
        return Value(other) + self


def of(op, rule, keeps=True):
    return lambda x: type(x)(rule(x.data), (x,) if keeps else (), op)


def logistic(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (math.exp(x) + 1)


def leaky(x):
    return max(x, 0.01 * x)


exp, log, relu = of("exp", math.exp), of("log", math.log), of("relu", lambda x: max(0.0, x))


def right_sigmoid(x):
    return Value(logistic(x.data), _prev=(x,), _op="sigmoid")


def no_return(x):
    Value(logistic(x.data), _prev=(x,), _op="sigmoid")


class AsGiven(Value):
    """A class that keeps its operands as they are given, as that of the lessons does."""

    def __init__(self, data, _prev=(), _op="", label=""):
        super().__init__(data, (), _op, label)
        self._prev = _prev


def as_given(**given):
    """A function of nodes that is right, but for what is given."""

    def function(x):
        options = {"_prev": (x,), "_op": "sigmoid"} | {name: of_x(x) for name, of_x in given.items()}
        return AsGiven(logistic(x.data), **options)

    return function


def tuple_of_one_without_comma(x):
    return Value(logistic(x.data), _prev=(x), _op="sigmoid")


def long_softplus(x):
    one = Value(1)
    return log(one + exp(x))


def exchanged(x):
    return math.exp(x) / (math.exp(x) + 1) if x >= 0 else 1 / (1 + math.exp(-x))


def clipped(x):
    return logistic(max(-30.0, min(30.0, x)))


def ordered(node, order):
    """The nodes below a node of a small graph, and itself: operands first."""
    if node not in order:
        for operand in node._prev:
            ordered(operand, order)
        order.append(node)
    return order


RULES = {"*": lambda y, a, b: (b, a), "+": lambda y, a, b: (1, 1)}


class Node:
    """A learner's class: as much of it as the exercise needs."""

    rules = RULES

    def __init__(self, data, _prev=(), _op="", label=""):
        self.data, self._prev, self._op, self.label, self.grad = data, tuple(_prev), _op, label, None

    def __add__(self, other):
        return type(self)(self.data + other.data, (self, other), "+")

    def __mul__(self, other):
        return type(self)(self.data * other.data, (self, other), "*")

    def backward(self):
        order = ordered(self, [])
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            if node._prev:
                if node._op not in self.rules:
                    raise NotImplementedError(f"{node._op}: its local derivatives are not written yet")
                locals_ = self.rules[node._op](node.data, *(operand.data for operand in node._prev))
                for operand, local in zip(node._prev, locals_, strict=True):
                    operand.grad += node.grad * local


def tangent(forward=math.tan, rule=lambda y, x: (1 + y * y,), op="tan"):
    class Taught(Node):
        rules = RULES | {"tan": rule}

        def tan(self):
            return type(self)(forward(self.data), (self,), op)

    return Taught


class PlainTangent(Node):
    def tan(self):
        return math.tan(self.data)


ANSWERS = {
    "sigmoid": (
        [right_sigmoid, of("sigmoid", logistic), of("sigmoid", clipped), of("σ", lambda x: (1 + math.tanh(x / 2)) / 2)],
        [
            (
                of("sigmoid", exchanged),
                "and so for large numbers of the other sign: each form belongs on the other side of 0",
            ),
            (
                of("sigmoid", lambda x: math.exp(x) / (math.exp(x) + 1)),
                "above 0 the other form is safe, 1 / (1 + exp(-x))",
            ),
            (of("sigmoid", lambda x: logistic(abs(x))), "yours holds 0.8808"),
            (of("sigmoid", lambda x: 1 / (1 + math.exp(-x))), "below 0 the other form is safe, exp(x) / (exp(x) + 1)"),
            (of("sigmoid", lambda x: logistic(-x)), "that is the sigmoid of -x"),
            (of("sigmoid", math.tanh), "that is tanh"),
            (of("sigmoid", lambda x: logistic(x) - 0.5), "that is lower by one half"),
            (of("sigmoid", logistic, keeps=False), "does not remember its operands: _prev is empty"),
            (of("", logistic), "remembers no operation, should be 'sigmoid'"),
            (of("tanh", logistic), "remembers the operation 'tanh', should be 'sigmoid'"),
            (lambda x: logistic(x.data), "gives the number 0.8808, and should give a Value"),
            (lambda x: logistic(x), "is no number: it holds one"),
            (lambda x: [x], "gives a list at some address"),
            (lambda x: relu(right_sigmoid(x)), "remembers the operation 'relu', should be 'sigmoid'"),
            (no_return, "is a return missing?"),
            (tuple_of_one_without_comma, "object is not iterable"),
            (as_given(_prev=lambda x: x), "a tuple of one has a comma, as in (x,)"),
            (as_given(_op=lambda x: math.exp), "should remember its name: a text, in quotes"),
            (right_sigmoid(Value(2)), "expected the function sigmoid, got a Value"),
        ],
    ),
    "tangent": (
        [tangent(), tangent(rule=lambda y, x: [1 / math.cos(x) ** 2])],
        [
            (tangent(rule=lambda y, x: (1 + x * x,)), "should be 1.298, yours is 1.25"),
            (tangent(rule=lambda y, x: (1 - y * y,)), "should be 1.298, yours is 0.7016"),
            (tangent(rule=lambda y, x: (1.0,)), "the local derivative is left out"),
            (tangent(rule=lambda y, x: 1 + y * y), "is not iterable"),
            (tangent(forward=math.sin), "should hold 0.5463, yours holds 0.4794"),
            (tangent(rule=lambda y, x: (1.298,)), "should be 1.29844641, yours is 1.298"),
            (tangent(op="Tan"), "remembers the operation 'Tan', and the lessons look for 'tan'"),
            (tangent(op="tangent"), "remembers the operation 'tangent'"),
            (PlainTangent, "gives the number 0.5463"),
        ],
    ),
    "softplus": (
        [lambda x: log(1 + exp(x)), lambda x: log(exp(x) + 1), long_softplus],
        [
            (lambda x: 1 + log(exp(x)), "that is x + 1: the 1 is added to exp(x)"),
            (lambda x: log(1 + x), "the exponential is missing"),
            (lambda x: 1 + exp(x), "the logarithm is missing"),
            (lambda x: relu(x), "that is relu, with its corner"),
            (lambda x: log(exp(x)), "that is x, as log(exp(x)) is"),
            (of("max", lambda x: x if x > 0 else 0.5 * x), "should hold 1.313, yours holds 1"),
            (of("", lambda x: math.log(1 + math.exp(-x))), "that is softplus of -x"),
            (lambda x: Value(math.log(1 + math.exp(x.data))), "does not lead back to x: use functions of Values"),
            (lambda x: math.log(1 + math.exp(x.data)), "gives the number 1.313, and should give a Value"),
            (lambda x: log(1 + math.exp(x)), "raised TypeError"),
        ],
    ),
    "leaky relu": (
        [of("leaky_relu", leaky), of("leaky relu", lambda x: x if x > 0 else x / 100)],
        [
            (of("leaky_relu", lambda x: max(0.0, x)), "that is relu"),
            (of("leaky_relu", lambda x: x), "that is x itself"),
            (of("leaky_relu", abs), "that is the size of x"),
            (of("leaky_relu", lambda x: x if x > 0 else -0.01), "and not always the same number"),
            (of("leaky_relu", lambda x: min(max(x, 0.01 * x), 100)), "with x = 250"),
            (of("leaky_relu", lambda x: max(x, -0.01 * x)), "the sign is wrong below 0"),
            (of("leaky_relu", lambda x: 0.01 * x), "a hundredth is only for negative numbers"),
            (of("leaky_relu", lambda x: max(x, 0.1 * x)), "that is a tenth"),
            (of("leaky_relu", lambda x: x if x > 1 else 0.01 * x), "with x = 0.5: leaky_relu(x) should hold 0.5"),
            (of("relu", leaky), "remembers the operation 'relu', should be 'leaky_relu'"),
            (lambda x: x if x.data > 0 else of("leaky_relu", leaky)(x), "gives x itself"),
            (of("leaky_relu", leaky, keeps=False), "does not remember its operands"),
        ],
    ),
    "gradients with relu": (
        [{"a": 1, "b": 2}, {"b": 2.0, "a": -1 + 2}],
        [
            ({"a": 2, "b": 2}, "only the use by s counts"),
            ({"a": -1, "b": 2}, "what comes back through s is forgotten"),
            ({"a": 3, "b": 2}, "through r comes s, and that is -1"),
            ({"a": 1, "b": -1}, "s gets the other factor, r"),
            ({"a": 1, "b": -2}, "b: yours is -2: the sign is wrong"),
            ({"a": 1, "b": 1}, "b: yours is 1"),
        ],
    ),
}
