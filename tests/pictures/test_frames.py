"""What a film shows, frame by frame: the numbers, and what moves along which edge."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from cgviz import Value, steps, tanh, trace
from cgviz.chain_rule.local_derivatives import add_local_derivatives
from cgviz.pictures.drawn_shapes import Path, Rect, Text, edge_of
from cgviz.pictures.frames import LINE, WAY, Reel, at, still
from cgviz.pictures.paint import Canvas
from cgviz.pictures.scene import scene


def _reel(root, rankdir="LR"):
    graph = add_local_derivatives(trace(root))
    return Reel(graph, steps(root), scene(graph, rankdir, True))


def _root():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    L = a * b + tanh(a)
    L.label = "L"
    return L


@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
def test_values_come_first_and_then_gradients(rankdir):
    root = _root()
    reel = _reel(root, rankdir)
    stills = [frame for frame in reel.frames() if frame.still]
    assert len(stills) == len(reel.steps) + 1
    for k, frame in enumerate(stills):
        done = reel.steps[:k]
        computed = {step.node for step in done if step.kind == "forward"}
        for node in reel.graph.nodes:
            shown = frame.numbers[f"{node.index}.data"].text
            assert (shown == "not yet") == (bool(node.operands) and node.index not in computed)
        reached = {step.node for step in done if step.kind != "forward"}
        for node in reel.graph.nodes:
            if f"{node.index}.grad" in frame.numbers:
                assert (frame.numbers[f"{node.index}.grad"].text == "not yet") == (node.index not in reached)


def _read(text):
    return float(text.replace("−", "-"))


def test_the_last_frame_has_the_numbers_of_the_picture():
    root = _root()
    root.backward()
    reel = _reel(root)
    *_, last = reel.frames()
    for node in reel.graph.nodes:
        assert _read(last.numbers[f"{node.index}.grad"].text) == pytest.approx(node.grad, rel=1e-3)


def test_a_sum_that_is_not_complete_says_so():
    x = Value(3.0, "x")
    texts = [frame.numbers["0.grad"].text for frame in _reel(x * x).frames() if frame.still]
    assert texts == ["not yet", "not yet", "not yet", "3 + …", "6"]


def test_the_dot_carries_the_value_on_and_the_gradient_back():
    reel = _reel(_root())
    moving = [frame for frame in reel.frames() if not frame.still and frame.moving]
    forward = [frame for frame in moving if any("forward" in shape.style for shape in frame.moving)]
    backward = [frame for frame in moving if frame not in forward]
    assert forward and backward
    flat = [reel.steps.backward[1:], [backward[k : k + WAY] for k in range(0, len(backward), WAY)]]
    for step, way in zip(*flat, strict=True):
        dots = [next(s for s in frame.moving if isinstance(s, Rect) and s.style.startswith("cg-dot")) for frame in way]
        assert all(b.x < a.x for a, b in pairwise(dots)), "back is to the left"
        texts = [next(s.text for s in frame.moving if isinstance(s, Text)) for frame in way]
        assert _read(texts[0]) == pytest.approx(step.upstream, rel=1e-3)
        assert _read(texts[-1]) == pytest.approx(step.contribution, rel=1e-3)
        lit = [shape.text for shape in way[0].lit if isinstance(shape, Text) and shape.text.startswith("×")]
        assert len(lit) == 1 and _read(lit[0][2:]) == pytest.approx(step.local, rel=1e-3)


def test_nothing_leaves_the_picture():
    for root in (_root(), Value(3.0, "x") * Value(1e-300, "a very long name of a leaf"), sum([Value(1.0, "x")] * 5)):
        reel = _reel(root)
        for frame in reel.frames():
            for shape in (*frame.lit, *frame.moving):
                if isinstance(shape, Path):
                    continue
                assert 0 <= shape.x <= reel.scene.width and -LINE <= shape.y <= reel.scene.height


def test_a_point_on_a_curve_is_at_its_share_of_the_length():
    path = (("M", 0.0, 0.0), ("C", 10.0, 0.0, 20.0, 0.0, 30.0, 0.0), ("L", 60.0, 0.0))
    for share in (0.0, 0.25, 0.5, 0.9, 1.0):
        x, y = at(path, share)
        assert math.isclose(x, 60 * share, abs_tol=0.5) and y == 0


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_for_an_edge_that_is_lit_no_other_line_is_drawn_so_that_one_arrow_shows_one_direction(rankdir):
    reel = _reel(_root(), rankdir)
    for k, frame in enumerate(frame for frame in reel.frames() if frame.still):
        lit = set(reel._edges(reel.steps[k - 1])) if k else set()
        assert frame.gone == lit
        drawn = {edge_of(thing) for thing in still(reel.scene, frame).groups} - {""}
        assert drawn == set(reel.paths) - lit
        canvas_has_it = [shape for shape in frame.lit if isinstance(shape, Path)]
        assert len(canvas_has_it) == len(lit)


def test_a_painted_frame_leaves_out_the_edges_that_are_gone():
    reel = _reel(_root())
    canvas, numbers = Canvas(reel.scene, 1.0), reel._numbers(0)
    whole = canvas.pixels(numbers, (), ())
    key, steps = next(iter(reel.paths.items()))
    x, y = (round(c) for c in at(steps, 0.4))
    without = canvas.pixels(numbers, (), (), frozenset({key}))
    assert whole[y - 1 : y + 2, x].min() < 200 < without[y - 1 : y + 2, x].min()
    assert (canvas.pixels(numbers, (), ()) == whole).all()
