import math

import pytest

from cgviz.pictures.drawn_shapes import Group, Rect, Text
from cgviz.pictures.layout.sizes import text_width
from cgviz.pictures.palette import style
from cgviz.pictures.scene import scene
from cgviz.pictures.slots import captions, slots


def test_slots_hold_text_style_and_the_full_number(graphs):
    found = slots(graphs.seed())
    assert found["0.data"] == ("2", "cg-data", "value of a: 2")
    assert found["0.grad"] == ("6", "cg-grad cg-pos cg-4", "gradient of a: 6")
    assert found["4.grad"] == ("−2", "cg-grad cg-neg cg-4", "gradient of e: −2")
    assert found["1.grad"].style == "cg-grad cg-neg cg-4"
    assert list(found) == [f"{i}.{part}" for i in range(7) for part in ("data", "grad")]


def test_not_yet_stale_and_zero_are_told_apart(graphs):
    assert slots(graphs.seed((None,) * 7))["0.grad"][:2] == ("not yet", "cg-grad cg-none cg-word")
    assert slots(graphs.seed((0.0,) * 7))["0.grad"][:2] == ("0", "cg-grad")
    graph = graphs.seed()
    old = graph._replace(nodes=tuple(n._replace(stale="value" if n.operands else "gradient") for n in graph.nodes))
    assert slots(old)["0.grad"][:2] == ("stale", "cg-grad cg-stale cg-word")
    assert slots(old)["0.data"][:2] == ("2", "cg-data")
    assert slots(old)["6.data"][:2] == ("stale", "cg-stale cg-word")
    assert "-8" not in str(slots(old)["6.data"])


def test_constants_and_classes_without_gradients_have_no_gradient_slot(graphs):
    graph = graphs.build(("a", "", 1.0, 1.0, ()), ("", "const", 2.0, None, ()), ("y", "+", 3.0, 1.0, (0, 1)))
    assert "1.grad" not in slots(graph)
    bare = graph._replace(nodes=tuple(n._replace(has_grad=False, grad=None) for n in graph.nodes))
    assert set(slots(bare)) == {"0.data", "1.data", "2.data"}
    assert "grad" not in [
        s.text for g in scene(bare).groups if isinstance(g, Group) for s in g.shapes if isinstance(s, Text)
    ]


@pytest.mark.parametrize(
    ("grad", "text", "styles"),
    [
        (math.nan, "NaN", "cg-grad"),
        (math.inf, "∞", "cg-grad cg-pos cg-5"),
        (-math.inf, "−∞", "cg-grad cg-neg cg-5"),
        (1e-9, "1e−09", "cg-grad cg-pos cg-1"),
        (-0.0, "0", "cg-grad"),
        (0.4, "0.4", "cg-grad cg-pos cg-2"),
        (-0.5, "−0.5", "cg-grad cg-neg cg-3"),
    ],
)
def test_strength_follows_from_the_number_alone(graphs, grad, text, styles):
    for other in (1.0, 1e6, math.inf, None):  # whatever the largest gradient is
        graph = graphs.build(("a", "", 1.0, grad, ()), ("y", "tanh", 1.0, other, (0,)))
        assert slots(graph)["0.grad"][:2] == (text, styles)


def test_a_whole_number_beyond_the_floats_has_a_sign_too(graphs):
    graph = graphs.build(("a", "", 1.0, -(10**400), ()), ("y", "tanh", 1.0, 1.0, (0,)))
    assert slots(graph)["0.grad"].style == "cg-grad cg-neg cg-5"


def test_arrays_are_written_by_their_shape(graphs):
    numpy = pytest.importorskip("numpy")
    graph = graphs.build(("X", "", numpy.zeros((100, 200)), numpy.ones((100, 200)), ()))
    assert slots(graph)["0.data"][0] == "100×200"
    assert slots(graph)["0.grad"][:2] == ("100×200", "cg-grad")


@pytest.mark.parametrize("x", [-1.2345e-300, -1.2345e-5, 123456.0, -0.00012345, math.nan, -math.inf])
def test_every_number_fits_its_slot(graphs, x):
    graph = graphs.build(("a", "", x, x, ()), ("", "const", x, None, ()), ("y", "+", x, x, (0, 1)))
    numbers = slots(graph)
    for group in scene(graph).groups:
        shapes = group.shapes if isinstance(group, Group) else ()
        fills = {s.fill: s for s in shapes if isinstance(s, Rect) and s.fill}
        captions_at = [s.x + text_width(s.text, 11) for s in shapes if isinstance(s, Text) and s.text == "grad"]
        for text in shapes:
            if isinstance(text, Text) and text.slot:
                look = style(f"cg-slot {numbers[text.slot].style}")
                wide = text_width(numbers[text.slot].text, look["font-size"], look.get("font-weight", 400) > 500)
                left = captions_at[0] if text.slot.endswith("grad") else fills[text.slot].x
                assert text.x - wide >= left


def test_numbers_move_nothing(graphs):
    assert scene(graphs.seed()).groups[-1].shapes == scene(graphs.seed((1e-300,) * 7)).groups[-1].shapes


def test_captions(graphs):
    assert captions(graphs.seed())["6"] == "L = f * d: value −8, gradient 1"


def test_a_part_of_a_large_graph_says_so(graphs):
    found = scene(graphs.chain(2000))
    said = found.groups[0].shapes[0].text
    assert said == "A part of a graph of 4,003 nodes: the 60 nearest to v4002; 3,943 more are not drawn."
    assert found.width > text_width(said, 13)
    assert any(g.style == "cg-stub" and g.aria == "… 3,943 more nodes" for g in found.groups)
    assert len(slots(graphs.chain(2000))) == 120


def test_local_gradients_are_written_where_asked_for(graphs):
    graph = graphs.seed()
    graph = graph._replace(edges=tuple(e._replace(local=-3.0) for e in graph.edges))
    assert slots(graph)["0-4-0.local"] == ("−3", "cg-local", "∂e/∂a here: −3")
    drawn = {
        s.slot for g in scene(graph, local=True).groups if isinstance(g, Group) for s in g.shapes if isinstance(s, Text)
    }
    assert "0-4-0.local" in drawn
