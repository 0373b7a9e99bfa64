"""What `dot` draws, in our colours: asserted on its own text where the program is, and on a piece of it elsewhere."""

import re

import pytest

from cgviz import Value, draw, draw_dot
from cgviz.pictures.dot_fallback import Digraph
from cgviz.pictures.dot_theme import follow_theme
from cgviz.pictures.palette import BLUE, ORANGE, TINTS
from cgviz.pictures.slots import Slot

PIECE = """<?xml version="1.0"?>
<!-- drawn -->
<svg width="90pt" height="30pt"
 viewBox="0.00 0.00 90.00 30.00" xmlns="http://www.w3.org/2000/svg">
<g id="graph0" class="graph" transform="translate(4 26)">
<title>%3</title>
<polygon fill="white" stroke="transparent" points="-4,4 -4,-26 86,-26 86,4 -4,4"/>
<g id="node1" class="node">
<title>v0</title>
<polygon fill="none" stroke="black" points="0,-20 0,0 80,0 80,-20 0,-20"/>
<text x="12" y="-8">a</text>
<polyline fill="none" stroke="black" points="24,0 24,-20 "/>
<text x="60" y="-8">grad 6</text>
</g>
</g>
</svg>
"""


def graph():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    root = a * b
    root.label = "L"
    root.backward()
    return root


def test_the_field_of_a_gradient_is_tinted_with_its_bar_and_the_ink_is_that_of_the_page():
    drawn = follow_theme(PIECE, "A graph", {"0.grad": Slot("6", "cg-grad cg-pos cg-4", "")})
    tint, bar = re.findall(r"<rect [^>]*>", drawn)
    assert f'x="26.0" y="-18.0" width="52.0" height="16.0" rx="3" fill="{BLUE}" fill-opacity="{TINTS[3]}"' in tint
    assert f'width="41.6" height="3" fill="{BLUE}"' in bar
    assert drawn.startswith('<svg width="120" height="40"') and 'aria-label="A graph"' in drawn
    assert "black" not in drawn and "white" not in drawn and ' id="' not in drawn and "<!--" not in drawn


def test_without_a_sign_there_is_no_tint():
    for style in ("cg-grad", "cg-grad cg-none cg-word", "cg-grad cg-stale cg-word"):
        assert "<rect" not in follow_theme(PIECE, "A graph", {"0.grad": Slot("", style, "")})
    assert "<rect" not in follow_theme(PIECE, "A graph", {})


def test_what_is_no_picture_stays_what_it_is():
    assert follow_theme("nothing drawn", "Nothing") == "nothing drawn"


@pytest.mark.parametrize("rankdir", ["LR", "TB", "RL", "BT"])
def test_dot_tints_every_gradient_as_we_do(rankdir, dot):
    drawn = draw_dot(graph(), rankdir=rankdir).pipe("svg", encoding="utf-8")
    assert (drawn.count(f'fill="{BLUE}"'), drawn.count(f'fill="{ORANGE}"')) == (4, 2)  # L and b, a: each with its bar
    ours = draw(graph()).svg
    assert ours.count('class="cg-fill cg-grad cg-pos') == 2 and ours.count('class="cg-fill cg-grad cg-neg') == 1
    assert "currentColor" in drawn and 'fill="white"' not in drawn


def test_colours_that_a_learner_has_named_stay(dot):
    sketch = Digraph()
    sketch.node("y", color="red", fontcolor="blue", style="filled", fillcolor="white")
    html = sketch._repr_mimebundle_()["text/html"]
    import base64

    drawn = base64.b64decode(re.search(r'base64,([^"]+)"', html)[1]).decode()
    assert 'stroke="red"' in drawn and 'fill="blue"' in drawn and 'fill="white"' in drawn
    assert "<script>" in html  # so that it takes over the page's ink
