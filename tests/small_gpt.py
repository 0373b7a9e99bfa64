"""A GPT of one layer over the letters of a name, every number a node: written for any class of nodes with operators.

Its loss for a name of eight letters has some 69,000 nodes: what a lesson of plain Python draws at the end.
"""

import math
import random

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WIDTH, HEADS, LONGEST = 16, 4, 16


class Scalar:
    """A node as short as can be: operands and local derivatives, and no word of what made it."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad = data, 0
        self._children, self._local_grads = children, local_grads

    def __add__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Scalar(self.data**n, (self,), (n * self.data ** (n - 1),))

    def log(self):
        return Scalar(math.log(self.data), (self,), (1 / self.data,))

    def exp(self):
        y = math.exp(self.data)
        return Scalar(y, (self,), (y,))

    def relu(self):
        return Scalar(max(0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def backward(self):
        order, seen, stack = [], set(), [(self, iter(self._children))]
        while stack:
            node, below = stack[-1]
            child = next(below, None)
            if child is None:
                order.append(node)
                stack.pop()
            elif child not in seen:
                seen.add(child)
                stack.append((child, iter(child._children)))
        self.grad = 1
        for node in reversed(order):
            for child, slope in zip(node._children, node._local_grads, strict=True):
                child.grad += slope * node.grad


class GPT:
    """The weights, in matrices by name, and the way from letters to a loss."""

    def __init__(self, node=Scalar, seed=42):
        rng = random.Random(seed)
        tokens = len(LETTERS) + 1

        def matrix(rows, columns):
            return [[node(rng.gauss(0, 0.08)) for _ in range(columns)] for _ in range(rows)]

        self.weights = {"token": matrix(tokens, WIDTH), "place": matrix(LONGEST, WIDTH), "head": matrix(tokens, WIDTH)}
        for name in ("query", "key", "value", "out"):
            self.weights[name] = matrix(WIDTH, WIDTH)
        self.weights["wide"], self.weights["narrow"] = matrix(4 * WIDTH, WIDTH), matrix(WIDTH, 4 * WIDTH)

    @property
    def parameters(self):
        return [x for matrix in self.weights.values() for row in matrix for x in row]

    def loss(self, word):
        """The mean of -log p of each next letter."""
        tokens = [len(LETTERS), *map(LETTERS.index, word), len(LETTERS)]
        keys, values, losses = [], [], []
        for place in range(len(tokens) - 1):
            scores = self._read(tokens[place], place, keys, values)
            losses.append(-softmax(scores)[tokens[place + 1]].log())
        return (1 / len(losses)) * sum(losses)

    def _read(self, token, place, keys, values):
        w = self.weights
        x = normed([a + b for a, b in zip(w["token"][token], w["place"][place], strict=True)])
        before, x = x, normed(x)
        query = linear(x, w["query"])
        keys.append(linear(x, w["key"]))
        values.append(linear(x, w["value"]))
        found, size = [], WIDTH // HEADS
        for start in range(0, WIDTH, size):
            part = range(start, start + size)
            scores = [sum(query[j] * key[j] for j in part) / size**0.5 for key in keys]
            shares = softmax(scores)
            found += [sum(share * value[j] for share, value in zip(shares, values, strict=True)) for j in part]
        x = [a + b for a, b in zip(linear(found, w["out"]), before, strict=True)]
        wide = [h.relu() for h in linear(normed(x), w["wide"])]
        x = [a + b for a, b in zip(linear(wide, w["narrow"]), x, strict=True)]
        return linear(x, w["head"])


def linear(x, weights):
    return [sum(w * xi for w, xi in zip(row, x, strict=True)) for row in weights]


def softmax(scores):
    top = max(score.data for score in scores)
    powers = [(score - top).exp() for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def normed(x):
    mean = sum(xi * xi for xi in x) / len(x)
    scale = (mean + 1e-5) ** -0.5
    return [xi * scale for xi in x]
