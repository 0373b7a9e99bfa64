import re

import pytest

from cgviz import Value, draw
from cgviz.live import javascript
from cgviz.nn import MLP
from cgviz.pictures.palette import BACKWARD, BLUE, FORWARD, ORANGE


def test_edges_have_their_sign_and_their_share_of_the_largest():
    a, b = Value(3.0, "a"), Value(-4.0, "b")
    root = a * b + a * 0
    root.backward()
    drawn = draw(root, edges="weight")
    found = dict(re.findall(r'<path class="(cg-edge[^"]*)" data-edge="([^"]*)"', drawn.svg))
    assert {
        "cg-edge cg-minus cg-line-6",
        "cg-edge cg-plus cg-line-5",
        "cg-edge cg-plus cg-line-2",
        "cg-edge cg-line-0",
    } == set(found)
    assert ".cg-minus{stroke:" in drawn.svg and ".cg-minus" not in draw(root).svg


def test_a_network_of_folded_neurons_has_the_derivatives_through_them():
    model = MLP(2, [3, 1], seed=1)
    root = model([Value(1.0, "x"), Value(-2.0, "y")])
    without = draw(root, fold="neuron", edges="gradient").svg
    assert "cg-plus" not in re.sub(r"<style>.*?</style>", "", without, flags=re.DOTALL)  # there are no gradients yet
    root.backward()
    for which in ("weight", "gradient"):
        drawn = re.sub(r"<style>.*?</style>", "", draw(root, fold="neuron", edges=which).svg, flags=re.DOTALL)
        assert "cg-plus cg-line-" in drawn or "cg-minus cg-line-" in drawn
    assert draw(root, fold="neuron", edges="weight").png(1.0).startswith(b"\x89PNG")


def test_another_kind_of_edges_is_refused():
    with pytest.raises(ValueError, match=r"unknown kind of edges: 'size' \(must be one of 'weight', 'gradient'\)"):
        draw(Value(1.0, "a") * 2, edges="size")


def test_the_page_has_the_colours_of_the_palette():
    sheet = javascript.style("view")
    for name, colour in (("forward", FORWARD), ("backward", BACKWARD), ("plus", BLUE), ("minus", ORANGE)):
        assert f"--cg-{name}:{colour}" in sheet and f"var(--cg-{name})" in javascript.part("tools") + sheet
