"""Answers to the exercises of lesson 15."""

from cgviz import Value, exp


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def softmax(scores):
    top = max(s.data for s in scores)
    powers = [exp(s - top) for s in scores]
    total = sum(powers)
    return [power / total for power in powers]


def softmax_in_a_loop(scores):
    top, total, powers = max(s.data for s in scores), 0, []
    for s in scores:
        powers.append((s - top).exp())
        total = total + powers[-1]
    return [p * total**-1 for p in powers]


def without_top(scores):
    total = sum(exp(s) for s in scores)
    return [exp(s) / total for s in scores]


def attend(query, keys, values):
    weights = softmax([dot(query, key) / len(query) ** 0.5 for key in keys])
    return [dot(weights, column) for column in zip(*values, strict=True)]


def attend_in_loops(query, keys, values):
    scores = []
    for key in keys:
        score = 0
        for q, k in zip(query, key, strict=True):
            score = score + q * k
        scores.append(score / len(query) ** 0.5)
    weights, out = softmax(scores), []
    for j in range(len(values[0])):
        total = Value(0)
        for w, value in zip(weights, values, strict=True):
            total = total + w * value[j]
        out.append(total)
    return out


def without_root(query, keys, values):
    weights = softmax([dot(query, key) for key in keys])
    return [dot(weights, column) for column in zip(*values, strict=True)]


def weights_alone(query, keys, values):
    return softmax([dot(query, key) / len(query) ** 0.5 for key in keys])


def scores_alone(query, keys, values):
    scores = [dot(query, key) / len(query) ** 0.5 for key in keys]
    return [dot(scores, column) for column in zip(*values, strict=True)]


def root_of_letters(query, keys, values):
    weights = softmax([dot(query, key) / len(keys) ** 0.5 for key in keys])
    return [dot(weights, column) for column in zip(*values, strict=True)]


def by_letter(query, keys, values):
    weights = weights_alone(query, keys, values)
    return [sum(w * x for w, x in zip(weights, value, strict=False)) for value in values]


def weights_as_numbers(query, keys, values):
    weights = [w.data for w in weights_alone(query, keys, values)]
    return [dot(weights, column) for column in zip(*values, strict=True)]


def printed(scores):
    print(softmax(scores))


ANSWERS = {
    "shares of a row": (
        [lambda row: [n / sum(row) for n in row], lambda row: tuple(n * (1 / sum(row)) for n in row)],
        [
            (lambda row: [n / len(row) for n in row], "divide by their sum"),
            (lambda row: [n / max(row) for n in row], "divides by the largest"),
            (lambda row: sum(row), "your function returns 4"),
            (lambda row: [100 * n / sum(row) for n in row], "those are percent"),
        ],
    ),
    "softmax": (
        [softmax, softmax_in_a_loop, without_top],
        [
            (lambda scores: [exp(s) for s in scores], "do not add up to 1"),
            (lambda scores: [exp(s) / len(scores) for s in scores], "divide by the sum of the powers"),
            (lambda scores: [Value(x.data) for x in softmax(scores)], "no gradient reaches number 1 of scores"),
            (lambda scores: [x.data for x in softmax(scores)], "is no node"),
            (lambda scores: [s / sum(scores) for s in scores], "exp comes first"),
            (lambda scores: [1 / (1 + exp(-s)) for s in scores], "the sigmoid of each by itself"),
            (lambda scores: exp(scores), "got a list"),
            (lambda scores: softmax(scores) / 1, "a list stands where one of its parts is expected"),
            (printed, "print shows a result"),
        ],
    ),
    "attention": (
        [attend, attend_in_loops],
        [
            (without_root, "len(query)**0.5 is missing"),
            (weights_alone, "those are the weights"),
            (scores_alone, "the softmax of the scores is missing"),
            (weights_as_numbers, "no gradient reaches number 1 of query"),
            (lambda query, keys, values: attend(query, values, keys), "have changed places"),
            (root_of_letters, "asked is the root of len(query)"),
            (by_letter, "see zip(*values)"),
        ],
    ),
    "weights that look forward": (
        [15, 15.0],
        [
            (21, "each letter also looks at itself"),
            (18, "half of 36"),
            (30, "only half look forward"),
            (5, "zeros of the first row"),
        ],
    ),
}
