"""Answers to the exercises of lesson 10."""

import math
import random

from cgviz import Value


def chosen(p, y):
    return -p.log() if y == 1 else -(1 - p).log()


def in_one_line(p, y):
    return -(y * p.log() + (1 - y) * (1 - p).log())


def one_half_negative(p, y):
    return -y * p.log() + (1 - y) * (1 - p).log()


def without_return(p, y):
    -(y * p.log() + (1 - y) * (1 - p).log())


def cost(parameters, x, y):
    w1, w2, b = parameters
    return chosen((w1 * x[0] + w2 * x[1] + b).sigmoid(), y)


def step(parameters, rate):
    for parameter in parameters:
        parameter.data -= rate * parameter.grad


def shuffled(samples, rng):
    order = list(samples)
    rng.shuffle(order)
    return order


def epoch(samples, parameters, rate, rng, order=shuffled):
    for x, y in order(samples, rng):
        cost(parameters, x, y).backward()
        step(parameters, rate)


def by_sample(samples, parameters, rate, rng):
    for x, y in rng.sample(samples, len(samples)):
        cost(parameters, x, y).backward()
        step(parameters, rate)


def going(order=shuffled, factor=1):
    return lambda samples, parameters, rate, rng: epoch(samples, parameters, factor * rate, rng, order)


def in_place(samples, parameters, rate, rng):
    rng.shuffle(samples)
    epoch(samples, parameters, rate, rng, lambda samples, rng: samples)


def all_together(samples, parameters, rate, rng):
    sum(cost(parameters, x, y) for x, y in samples).backward()
    step(parameters, rate)


def step_behind_the_loop(samples, parameters, rate, rng):
    for x, y in shuffled(samples, rng):
        cost(parameters, x, y).backward()
    step(parameters, rate)


def without_step(samples, parameters, rate, rng):
    for x, y in shuffled(samples, rng):
        cost(parameters, x, y).backward()


def without_backward(samples, parameters, rate, rng):
    for x, y in shuffled(samples, rng):
        cost(parameters, x, y)
        step(parameters, rate)


def zeroing(samples, parameters, rate, rng):
    for x, y in shuffled(samples, rng):
        cost(parameters, x, y).backward()
        step(parameters, rate)
        for parameter in parameters:
            parameter.grad = 0.0


def by_chance(samples, parameters, rate, rng):
    epoch(samples, parameters, rate, rng, lambda samples, rng: random.sample(samples, len(samples)))


ANSWERS = {
    "cross-entropy": (
        [chosen, in_one_line, lambda p, y: -(p if y else 1 - p).log()],
        [
            (lambda p, y: -chosen(p, y), "should be 0.2231, yours is -0.2231: that is its negative"),
            (lambda p, y: chosen(p, 1 - y), "that is the price of the other label"),
            (one_half_negative, "yours is -1.609: the minus stands before both halves"),
            (lambda p, y: -y * p.log(), "the half for y = 0 is missing"),
            (lambda p, y: -p.log(), "where y is 0, the truth was given 1 - p"),
            (lambda p, y: -p.log() - (1 - p).log(), "each has its factor"),
            (lambda p, y: (p - y) ** 2, "that is the squared error"),
            (lambda p, y: -math.log2(p.data if y else 1 - p.data), "base 2"),
            (lambda p, y: chosen(p, y).data, "compute with p, not with p.data"),
            (lambda p, y: Value(chosen(p, y).data), "use log(p), not math.log(p.data)"),
            (without_return, "is a return missing?"),
            (0.5, "expected a function, got a float"),
        ],
    ),
    "gradients of one sample": (
        [{"w1": -2, "w2": 1, "b": -0.5}, {"b": 0.5 - 1, "w1": (0.5 - 1) * 4, "w2": (0.5 - 1) * -2}],
        [
            ({"w1": -2, "w2": 1, "b": -0.25}, "that is with the squared error"),
            ({"w1": -8, "w2": 4, "b": -2}, "without the slope of the sigmoid"),
            ({"w1": 1, "w2": -0.5, "b": 0.25}, "without the slope of the loss"),
            ({"w1": 2, "w2": -1, "b": 0.5}, "its sign is not"),
            ({"w1": -0.5, "w2": -0.5, "b": -0.5}, "the weight gets it times x1"),
            ({"w1": -0.25, "w2": -0.5, "b": -0.5}, "not times itself"),
            ({"w1": -1, "w2": 0.5, "b": -0.25}, "with the squared error"),
            ({"w1": -2, "w2": -0.5, "b": -0.5}, "and x2 is -2"),
            ({"w1": -2, "w2": 1, "b": 0}, "its slope is 1"),
        ],
    ),
    "one epoch": (
        [epoch, by_sample, zeroing, going(lambda samples, rng: sorted(samples, key=lambda _: rng.random()))],
        [
            (all_together, "that is one step for all samples together"),
            (going(lambda samples, rng: samples), "in the same order each time"),
            (going(lambda samples, rng: rng.choices(samples, k=3)), "a sample has come twice"),
            (step_behind_the_loop, "only one sample has been used"),
            (going(lambda samples, rng: shuffled(samples, rng)[1:]), "a sample has been left out"),
            (going(lambda samples, rng: 2 * shuffled(samples, rng)), "an epoch is one pass"),
            (going(factor=-1), "that goes uphill"),
            (going(factor=2), "has not been used"),
            (in_place, "has changed the list of samples"),
            (going(lambda samples, rng: rng.shuffle(list(samples))), "change a list in place, and return None"),
            (by_chance, "use rng.shuffle, not random.shuffle"),
            (without_step, "no parameter has moved"),
            (without_backward, "no parameter has moved, and none has a gradient"),
            ([], "expected a function, got a list"),
        ],
    ),
}
