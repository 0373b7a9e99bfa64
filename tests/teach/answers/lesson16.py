"""Answers to the exercises of lesson 16."""

from cgviz import Value


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def norm(x):
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [scale * each for each in x]


def norm_by_division(x):
    total = 0
    for each in x:
        total = total + each * each
    root = (total / len(x) + 0.00001) ** 0.5
    return [each / root for each in x]


def by_sum_of_squares(x):
    return [each * (dot(x, x) + 1e-5) ** -0.5 for each in x]


def scale_as_a_number(x):
    scale = (sum(each.data**2 for each in x) / len(x) + 1e-5) ** -0.5
    return [scale * each for each in x]


def temper(probabilities, temperature):
    powers = [p ** (1 / temperature) for p in probabilities]
    return [power / sum(powers) for power in powers]


def temper_in_a_loop(probabilities, temperature):
    found, total = [], 0
    for p in probabilities:
        found.append(p ** (1 / temperature))
        total += found[-1]
    return tuple(x / total for x in found)


ANSWERS = {
    "RMS norm": (
        [norm, norm_by_division],
        [
            (by_sum_of_squares, "take their mean"),
            (lambda x: [each * (dot(x, x) / len(x) + 1e-5) ** 0.5 for each in x], "divide by it"),
            (scale_as_a_number, "is a part computed with .data?"),
            (lambda x: [Value(y.data) for y in norm(x)], "no gradient reaches number 1 of x"),
            (lambda x: [each / (dot(x, x) / len(x)) ** 0.5 for each in x], "the small number is missing"),
            (lambda x: norm(x)[0], "should be a list of 3 nodes"),
        ],
    ),
    "temperature": (
        [temper, temper_in_a_loop],
        [
            (lambda p, t: [x ** (1 / t) for x in p], "do not add up to 1 yet"),
            (lambda p, t: temper(p, 1 / t), "that is the power T"),
            (lambda p, t: [x / t for x in p], "that divides by T"),
            (lambda p, t: p, "write p ** (1 / T)"),
        ],
    ),
    "parameters of a GPT": (
        [4064, 4064.0],
        [(3632, "letters and scores"), (3936, "table of places"), (3040, "up and down"), (2016, "hidden layer")],
    ),
}
