"""The numbers on the edges of a picture: held against small steps of each operation by itself."""

from __future__ import annotations

import math

import pytest

from cgviz import Tensor, Value, draw, relu, trace
from cgviz.chain_rule.local_derivatives import add_local_derivatives
from cgviz.ops.rows import OPS


def _edges(root):
    graph = add_local_derivatives(trace(root))
    return {(graph.nodes[e.source].name, graph.nodes[e.target].name, e.position): e.local for e in graph.edges}


def test_every_row_has_its_slope_on_the_edge():
    seen = 0
    for op in OPS.values():
        numbers = [0.6, 0.7][: op.arity]
        step = 1e-6
        try:
            op.number(*numbers)
            root = op(*(Value(x, name) for x, name in zip(numbers, "ab", strict=False)))
        except (TypeError, ValueError):
            continue
        if not isinstance(root, Value):
            continue
        graph = add_local_derivatives(trace(root))
        for edge in graph.edges:
            if edge.target != graph.root.index:
                continue
            up, down = list(numbers), list(numbers)
            up[edge.position] += step
            down[edge.position] -= step
            slope = (op.number(*up) - op.number(*down)) / (2 * step)
            assert edge.local == pytest.approx(slope, rel=1e-5, abs=1e-7), op
            seen += 1
    assert seen > 20


def test_constants_and_places_without_a_slope_have_none():
    x = Value(3.0, "x")
    assert _edges(x * 2)[("x", "v2", 0)] == 2.0
    assert None in _edges(x * 2).values()
    assert _edges(Value(0.0, "z") ** 0.5) == {("z", "v2", 0): None, ("0.5", "v2", 1): None}


def test_a_learners_class_has_them_too():
    class Node:
        def __init__(self, data, prev=(), op=""):
            self.data, self.grad, self._prev, self._op = data, 0.0, set(prev), op

        def __mul__(self, other):
            return Node(self.data * other.data, (self, other), "*")

        def __sub__(self, other):
            return Node(self.data - other.data, (self, other), "-")

    a, b = Node(5.0), Node(3.0)
    locals_ = {a.data: None, b.data: None}
    graph = add_local_derivatives(trace(a - b))
    for edge in graph.edges:
        locals_[graph.nodes[edge.source].data] = edge.local
    assert locals_ == {5.0: 1.0, 3.0: -1.0}


def test_arrays_have_no_single_number():
    graph = add_local_derivatives(trace(Tensor([1.0, 2.0]).sum()))
    assert all(edge.local is None for edge in graph.edges)


def test_the_picture_writes_them_and_a_stale_node_has_none():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    root = relu(a * b)
    svg = draw(root, local=True).svg
    assert 'data-slot="0-2-0.local" class="cg-slot cg-local">−3<' in svg
    assert ".local" not in draw(root).svg
    a.data = math.pi
    assert 'data-slot="0-2-0.local"' not in draw(root, local=True).svg
