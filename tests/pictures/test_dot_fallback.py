"""A Digraph that a learner has written shows itself, with or without the program dot."""

import itertools
import re

import pytest

from cgviz.pictures import Digraph
from cgviz.pictures import dot_fallback as module
from cgviz.pictures.dot_fallback import describe_sketch, draw_sketch
from cgviz.pictures.dot_parser import read
from cgviz.pictures.drawn_shapes import Group, Path, Rect, Text


def scene(source):
    return draw_sketch(read(source))


def shapes(found, kind):
    return [
        shape
        for group in found.groups
        for shape in (group.shapes if isinstance(group, Group) else [group])
        if isinstance(shape, kind)
    ]


def boxes(found):
    """The outline of each node by its first text."""
    return {
        shape_of.shapes[1].text if len(shape_of.shapes) > 1 else "": shape_of.shapes[0]
        for shape_of in found.groups
        if isinstance(shape_of, Group) and shape_of.style == "cg-sketch"
    }


def middle(rect):
    return rect.x + rect.w / 2, rect.y + rect.h / 2


def ends(path):
    """Where a line begins, and where it arrives: before its arrowhead, if it has one."""
    steps = path.steps[:-3] if path.steps[-3][0] == "M" else path.steps
    return steps[0][1:], steps[-1][-2:]


def touches(point, rect, near=1.0):
    x, y = point
    return rect.x - near <= x <= rect.x + rect.w + near and rect.y - near <= y <= rect.y + rect.h + near


@pytest.mark.parametrize("rankdir, ahead", [("LR", (1, 0)), ("RL", (-1, 0)), ("TB", (0, 1)), ("BT", (0, -1))])
def test_arrows_lead_from_box_to_box_in_the_direction_of_reading(rankdir, ahead):
    found = scene(f"digraph {{ rankdir={rankdir}; a -> c; b -> c; c -> d; a -> d; c [shape=circle]; d [shape=box] }}")
    where = boxes(found)
    for tail, head in (("a", "c"), ("b", "c"), ("c", "d"), ("a", "d")):
        (x0, y0), (x1, y1) = middle(where[tail]), middle(where[head])
        assert (x1 - x0) * ahead[0] + (y1 - y0) * ahead[1] > 10
    lines = shapes(found, Path)
    assert len(lines) == 4
    for line, (tail, head) in zip(lines, [("a", "c"), ("b", "c"), ("c", "d"), ("a", "d")], strict=True):
        start, end = ends(line)
        assert touches(start, where[tail]) and touches(end, where[head])
    for rect in where.values():
        assert rect.x >= 0 and rect.y >= 0 and rect.x + rect.w <= found.width and rect.y + rect.h <= found.height


def test_no_two_boxes_overlap():
    found = scene(
        'digraph { rankdir=LR; node [shape=record label="{a long label | 1.234e-05}"]; a -> b; a -> c; b -> d; c -> d }'
    )
    rects = [group.shapes[0] for group in found.groups if isinstance(group, Group)]
    assert len(rects) == 4
    for i, one in enumerate(rects):
        for other in rects[:i]:
            apart = one.x >= other.x + other.w or other.x >= one.x + one.w
            assert apart or one.y >= other.y + other.h or other.y >= one.y + one.h


def test_a_record_lies_side_by_side_or_one_below_the_other_as_in_graphviz():
    texts = {}
    for rankdir, label in itertools.product(("LR", "TB"), ("{a | b}", "a | b")):
        found = scene(f'digraph {{ rankdir={rankdir}; v [shape=record label="{label}"] }}')
        texts[rankdir, label] = [(text.x, text.y) for text in shapes(found, Text)]
    for key, ((x0, y0), (x1, y1)) in texts.items():
        beside = key in (("LR", "{a | b}"), ("TB", "a | b"))
        assert (x1 > x0 and y1 == y0) if beside else (x1 == x0 and y1 > y0), key


def test_two_edges_between_the_same_nodes_are_two_lines():
    one, two = (line.steps for line in shapes(scene("digraph { x -> y; x -> y }"), Path))
    assert one != two


def test_operands_arrive_in_order_where_that_is_asked_for():
    for order in ("ab", "ba"):
        found = scene(f"digraph {{ rankdir=LR; a; b; minus [ordering=in]; {order[0]} -> minus; {order[1]} -> minus }}")
        heights = [ends(line)[1][1] for line in shapes(found, Path)]
        assert heights[0] < heights[1]


def test_a_cycle_and_a_loop_are_drawn_with_their_arrowheads_where_they_belong():
    found = scene("digraph { a -> b; b -> c; c -> a; c -> c }")
    where, lines = boxes(found), shapes(found, Path)
    assert len(lines) == 4
    tip = lines[2].steps[-2][1:]
    assert touches(tip, where["a"])
    assert all(touches(point, where["c"], 20) for point in [step[-2:] for step in lines[3].steps])


def test_a_bad_label_shows_the_name_as_graphviz_does():
    assert [text.text for text in shapes(scene('digraph { v7 [shape=record label="{b | 7"] }'), Text)] == ["v7"]


def test_nothing_at_all_is_drawn_as_nothing():
    assert scene("digraph { }").groups == ()
    assert describe_sketch(read("digraph { }")) == "Graph with 0 nodes and 0 edges"


@pytest.mark.parametrize("with_dot", [True, False])
def test_a_notebook_shows_it_with_or_without_the_program(monkeypatch, with_dot):
    svg = b'<svg width="10pt" height="10pt">drawn by dot</svg>'
    monkeypatch.setattr(module, "run_dot", lambda *given: svg if with_dot else None)
    dot = Digraph(graph_attr={"rankdir": "LR"})
    dot.node("v0", label="a < b & c", shape="box")
    dot.edge("v0", "v1")
    bundle = dot._repr_mimebundle_()
    assert bundle["text/plain"] == repr(dot) == "Graph with 2 nodes and 1 edge: v0 -> v1"
    assert re.search('<img alt="Graph with 2 nodes', bundle["text/html"])
    assert bundle == dot._repr_mimebundle_()


def test_the_texts_are_escaped_in_the_picture():
    from cgviz.pictures.svg import render

    svg = render(scene('digraph { v [shape=box label="<script> & co"] }'), {})
    assert "&lt;script&gt; &amp; co" in svg and "<script>" not in svg


def test_rectangles_are_rounded_by_style_alone():
    radius = {
        style: shapes(scene(f'digraph {{ v [shape=record style="{style}"] }}'), Rect)[0].r for style in ("", "rounded")
    }
    assert radius[""] < radius["rounded"]
