"""A GPT of plain Python on nodes of any class, one name at a time: what the engines run, and the plainest of them.

The network is the usual small one: embeddings of letters and places, one block of attention and of two layers with
relu, each after a division by the root mean square and each added to its input, and a score for every letter. Nodes
need ``+ * - / **``, `exp`, `log` and `relu`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

LETTERS = "abcdefghijklmnopqrstuvwxyz"
END = len(LETTERS)
"""Stands before and after a name."""

Matrix = list[list[Any]]


class Plain:
    """A node as a short script writes it: its number, its gradient, its operands and the local derivatives."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data: float, children: tuple = (), local_grads: tuple = ()) -> None:
        self.data, self.grad, self._children, self._local_grads = data, 0.0, children, local_grads

    def __add__(self, other: Any) -> Plain:
        other = other if isinstance(other, Plain) else Plain(other)
        return Plain(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other: Any) -> Plain:
        other = other if isinstance(other, Plain) else Plain(other)
        return Plain(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n: float) -> Plain:
        return Plain(self.data**n, (self,), (n * self.data ** (n - 1),))

    def log(self) -> Plain:
        return Plain(math.log(self.data), (self,), (1 / self.data,))

    def exp(self) -> Plain:
        return Plain(math.exp(self.data), (self,), (math.exp(self.data),))

    def relu(self) -> Plain:
        return Plain(max(0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self) -> Plain:
        return self * -1

    def __radd__(self, other: Any) -> Plain:
        return self + other

    def __sub__(self, other: Any) -> Plain:
        return self + (-other)

    def __rsub__(self, other: Any) -> Plain:
        return other + (-self)

    def __rmul__(self, other: Any) -> Plain:
        return self * other

    def __truediv__(self, other: Any) -> Plain:
        return self * other**-1

    def __rtruediv__(self, other: Any) -> Plain:
        return other * self**-1

    def backward(self) -> None:
        order: list[Plain] = []
        seen = set()

        def visit(node: Plain) -> None:
            if node not in seen:
                seen.add(node)
                for child in node._children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1
        for node in reversed(order):
            for child, local in zip(node._children, node._local_grads, strict=True):
                child.grad += local * node.grad


class GPT:
    """The parameters, nodes made by `node`, and the loss of a name."""

    def __init__(
        self, node: Callable[[float], Any], width: int = 16, heads: int = 4, block: int = 16, seed: int = 42
    ) -> None:
        draw, symbols = random.Random(seed), len(LETTERS) + 1

        def matrix(rows: int, columns: int) -> Matrix:
            return [[node(draw.gauss(0, 0.08)) for _ in range(columns)] for _ in range(rows)]

        self.width, self.heads, self.block = width, heads, block
        self.parts: dict[str, Matrix] = {
            "letters": matrix(symbols, width),
            "places": matrix(block, width),
            "query": matrix(width, width),
            "key": matrix(width, width),
            "value": matrix(width, width),
            "out": matrix(width, width),
            "up": matrix(4 * width, width),
            "down": matrix(width, 4 * width),
            "score": matrix(symbols, width),
        }

    def parameters(self) -> list[Any]:
        """All of them, in a row."""
        return [x for part in self.parts.values() for row in part for x in row]

    def loss(self, name: str) -> Any:
        """The mean of -log p of each letter of the name, and of its end, after those before it."""
        symbols = [END, *map(LETTERS.index, name), END]
        steps = min(self.block, len(symbols) - 1)
        keys: Matrix = []
        values: Matrix = []
        losses = []
        for place in range(steps):
            probabilities = softmax(self.scores(symbols[place], place, keys, values))
            losses.append(-probabilities[symbols[place + 1]].log())
        return (1 / steps) * sum(losses)

    def scores(self, symbol: int, place: int, keys: Matrix, values: Matrix) -> list[Any]:
        """A score for each letter that may come next; `keys` and `values` remember what came before."""
        part, size = self.parts, self.width // self.heads
        x = normalize([a + b for a, b in zip(part["letters"][symbol], part["places"][place], strict=True)])
        before, x = x, normalize(x)
        query = linear(part["query"], x)
        keys.append(linear(part["key"], x))
        values.append(linear(part["value"], x))
        seen: list[Any] = []
        for start in range(0, self.width, size):
            here = slice(start, start + size)
            weights = softmax([dot(query[here], key[here]) / size**0.5 for key in keys])
            seen += [dot(weights, column) for column in zip(*(value[here] for value in values), strict=True)]
        x = [a + b for a, b in zip(linear(part["out"], seen), before, strict=True)]
        before, x = x, normalize(x)
        x = linear(part["down"], [each.relu() for each in linear(part["up"], x)])
        x = [a + b for a, b in zip(x, before, strict=True)]
        return linear(part["score"], x)


def dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    """The sum of the products."""
    return sum(x * y for x, y in zip(a, b, strict=True))


def linear(weights: Matrix, x: list[Any]) -> list[Any]:
    """A weighted sum for each row."""
    return [dot(row, x) for row in weights]


def softmax(scores: list[Any]) -> list[Any]:
    """Positive numbers with the sum 1."""
    largest = max(score.data for score in scores)
    powers = [(score - largest).exp() for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def normalize(x: list[Any]) -> list[Any]:
    """Divided by the root mean square."""
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [each * scale for each in x]


def by_hand(model: GPT, name: str) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Loss and gradient for all parameters in NumPy, forward and backward written by hand for this name's length.

    The function takes the parameters in a row, and gives the loss and its gradient.
    """
    width, heads, size = model.width, model.heads, model.width // model.heads
    symbols = np.array([END, *map(LETTERS.index, name), END])
    n = min(model.block, len(symbols) - 1)
    given, wanted, rows = symbols[:n], symbols[1 : n + 1], np.arange(n)
    shapes = {part: (len(matrix), len(matrix[0])) for part, matrix in model.parts.items()}
    cuts = np.cumsum([0, *(a * b for a, b in shapes.values())])
    hidden = np.triu(np.full((n, n), -np.inf), 1)

    def split(flat: np.ndarray) -> dict[str, np.ndarray]:
        pieces = zip(shapes.items(), cuts, cuts[1:], strict=False)
        return {part: flat[start:end].reshape(shape) for (part, shape), start, end in pieces}

    def norm(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        scale = ((x * x).sum(1, keepdims=True) / width + 1e-5) ** -0.5
        return x * scale, scale

    def norm_back(g: np.ndarray, x: np.ndarray, scale: np.ndarray) -> np.ndarray:
        return g * scale - x * (scale**3 / width * (g * x).sum(1, keepdims=True))

    def by_head(x: np.ndarray) -> np.ndarray:
        return x.reshape(n, heads, size).transpose(1, 0, 2)

    def joined(x: np.ndarray) -> np.ndarray:
        return x.transpose(1, 0, 2).reshape(n, width)

    def run(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w, found = split(flat), np.zeros(len(flat))
        d = split(found)
        x0 = w["letters"][given] + w["places"][:n]
        x1, s0 = norm(x0)
        x2, s1 = norm(x1)
        q, k, v = (by_head(x2 @ w[part].T) for part in ("query", "key", "value"))
        scores = q @ k.transpose(0, 2, 1) / size**0.5 + hidden
        powers = np.exp(scores - scores.max(2, keepdims=True))
        attention = powers / powers.sum(2, keepdims=True)
        seen = joined(attention @ v)
        x3 = seen @ w["out"].T + x1
        x4, s3 = norm(x3)
        up = x4 @ w["up"].T
        on = np.maximum(up, 0)
        x5 = on @ w["down"].T + x3
        logits = x5 @ w["score"].T
        chances = np.exp(logits - logits.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        loss = -np.log(chances[rows, wanted]).mean()

        g = chances / n
        g[rows, wanted] -= 1 / n
        d["score"][:] = g.T @ x5
        g5 = g @ w["score"]
        d["down"][:] = g5.T @ on
        g_up = (g5 @ w["down"]) * (up > 0)
        d["up"][:] = g_up.T @ x4
        g3 = g5 + norm_back(g_up @ w["up"], x3, s3)
        d["out"][:] = g3.T @ seen
        g_seen = by_head(g3 @ w["out"])
        g_v = attention.transpose(0, 2, 1) @ g_seen
        g_attention = g_seen @ v.transpose(0, 2, 1)
        g_scores = attention * (g_attention - (g_attention * attention).sum(2, keepdims=True)) / size**0.5
        g2 = np.zeros((n, width))
        for part, each in (
            ("query", g_scores @ k),
            ("key", g_scores.transpose(0, 2, 1) @ q),
            ("value", g_v),
        ):
            d[part][:] = joined(each).T @ x2
            g2 += joined(each) @ w[part]
        g0 = norm_back(g3 + norm_back(g2, x1, s1), x0, s0)
        d["places"][:n] = g0
        np.add.at(d["letters"], given, g0)
        return float(loss), found

    return run
