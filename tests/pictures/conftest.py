import random

import pytest

from cgviz.graph import CONSTANT, LEAF, OPERATION_NODE, Edge, Graph, Node


def build(*rows):
    """A graph from rows ``(label, op, data, grad, operands)``, a constant being written with the op ``"const"``."""
    nodes = []
    for i, (label, op, data, grad, operands) in enumerate(rows):
        kind = OPERATION_NODE if operands else CONSTANT if op == "const" else LEAF
        nodes.append(Node(i, label, "" if op == "const" else op, data, grad, kind, tuple(operands)))
    edges = tuple(Edge(s, n.index, p) for n in nodes for p, s in enumerate(n.operands))
    return Graph(tuple(nodes), edges)


def seed_graph(grads=(6.0, -4.0, -2.0, 4.0, -2.0, -2.0, 1.0)):
    """L = (a*b + c)*d at a=2, b=-3, c=10, d=-2."""
    return build(
        ("a", "", 2.0, grads[0], ()),
        ("b", "", -3.0, grads[1], ()),
        ("c", "", 10.0, grads[2], ()),
        ("d", "", -2.0, grads[3], ()),
        ("e", "*", -6.0, grads[4], (0, 1)),
        ("f", "+", 4.0, grads[5], (4, 2)),
        ("L", "*", -8.0, grads[6], (5, 3)),
    )


def chain_graph(steps):
    """x = x*w + b, so many times."""
    rows = [("x", "", 1.0, 1.0, ()), ("w", "", 1.01, 2.0, ()), ("b", "", -0.1, 3.0, ())]
    last = 0
    for _ in range(steps):
        product = rows[last][2] * 1.01
        rows += [("", "*", product, 1.0, (last, 1)), ("", "+", product - 0.1, 1.0, (len(rows), 2))]
        last = len(rows) - 1
    return build(*rows)


def random_graph(seed, count):
    """A graph of `count` nodes in which every node leads to the root."""
    rng = random.Random(seed)
    rows, loose = [], []
    for i in range(count):
        if i < 2 or rng.random() < 0.3:
            rows.append((rng.choice(["", "x", "weight", "Δ"]), rng.choice(["", "", "const"]), 1.0, None, ()))
        else:
            ways = rng.choice([1, 2, 2, 2, 3, 5])
            operands = [rng.randrange(max(0, i - 12) if rng.random() < 0.8 else 0, i) for _ in range(ways)]
            op = rng.choice(["", "sigmoid", "tanh"] if ways == 1 else ["+", "*", "-", "/"])
            rows.append((rng.choice(["", "h"]), op, 1.0, 0.5, operands))
        loose.append(i)
    used = {s for row in rows for s in row[4]}
    rows.append(("root", "+", 1.0, 1.0, [i for i in loose if i not in used]))
    return build(*rows)


class Graphs:
    """The graphs that several tests draw."""

    build = staticmethod(build)
    seed = staticmethod(seed_graph)
    chain = staticmethod(chain_graph)
    random = staticmethod(random_graph)

    @staticmethod
    def diamond(depth):
        """x + x, doubled `depth` times."""
        return build(("x", "", 1.0, 1.0, ()), *(("", "+", 2.0, 1.0, (i, i)) for i in range(depth)))

    @staticmethod
    def wide(count):
        """A sum of so many leaves."""
        return build(*[("", "", 1.0, 1.0, ())] * count, ("S", "+", 1.0, 1.0, range(count)))


@pytest.fixture(scope="session")
def graphs():
    return Graphs
