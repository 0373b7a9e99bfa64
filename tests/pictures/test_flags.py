"""Notes on nodes: beside their box, in every form of a picture, over nothing else; refused where there is no box."""

import itertools
import re

import pytest

from cgviz import Value, draw, trace
from cgviz.pictures.drawn_shapes import Group, Rect
from cgviz.pictures.flags import ROWS, measure_flags
from cgviz.pictures.layout.plan import MOST
from cgviz.pictures.scene import scene


def product():
    a, b, c = Value(2.0, "a"), Value(-3.0, "b"), Value(10.0, "c")
    e = a * b
    e.label = "e"
    L = (e + c) * e + a
    L.label = "L"
    L.backward()
    return {"a": a, "b": b, "c": c, "e": e, "L": L}


LONG = "a note that is longer than its box is wide, and goes on over so many lines that its end is not drawn"
NOTES = {"a": "used twice", "b": LONG, "c": "x", "e": "used twice as well", "L": "the output of it all"}


def boxes(found):
    """What stands in a scene as (x, y, w, h), by what it is: nodes, operations, notes."""
    for group in found.groups:
        if isinstance(group, Group) and group.style.split()[0] in ("cg-node", "cg-operator", "cg-flag"):
            rect = next(shape for shape in group.shapes if isinstance(shape, Rect))
            yield group.style.split()[0], (rect.x, rect.y, rect.w, rect.h)


@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
def test_no_note_lies_over_a_box_or_another_note_or_leaves_the_picture(rankdir):
    graph = trace(product()["L"])
    named = {node.label: node.index for node in graph.nodes}
    found = scene(graph, rankdir, notes={named[name]: text for name, text in NOTES.items()})
    placed = list(boxes(found))
    assert [kind for kind, _ in placed].count("cg-flag") == len(NOTES)
    for (one, (x, y, w, h)), (other, (u, v, s, t)) in itertools.combinations(placed, 2):
        if "cg-flag" in (one, other):
            assert x + w <= u or u + s <= x or y + h <= v or v + t <= y, (one, other)
    assert all(x >= 0 and y >= 0 and x + w <= found.width and y + h <= found.height for _, (x, y, w, h) in placed)


def test_a_note_is_given_by_label_or_as_the_node_and_is_in_every_form():
    nodes = product()
    picture = draw(nodes["L"], note={"a": "used twice", nodes["e"]: "once more"})
    assert [
        re.findall(f'aria-label="note on {name}: {text}"', picture.svg)
        for name, text in (("a", "used twice"), ("e", "once more"))
    ] == [
        ['aria-label="note on a: used twice"'],
        ['aria-label="note on e: once more"'],
    ]
    assert picture.text.splitlines()[-2:] == ["note on a: used twice", "note on e: once more"]
    assert 'xlabel="used twice"' in picture.dot
    assert picture.png()[:4] == b"\x89PNG"
    assert "used twice" in picture.html or "base64" in picture.html


def test_a_picture_without_notes_is_what_it_was():
    assert draw(product()["L"]).svg == draw(product()["L"], note={}).svg
    assert "cg-flag" not in draw(product()["L"]).svg


def test_of_a_long_note_the_lines_fit_and_the_whole_is_the_tooltip():
    graph = trace(product()["L"])
    (flag,) = measure_flags({0: LONG}, graph, False).values()
    assert len(flag.lines) == ROWS and flag.lines[-1].endswith("…")
    assert f"<title>{LONG}</title>" in draw(product()["L"], note={"a": LONG}).svg
    (flag,) = measure_flags({0: "n" * 10_000}, graph, True).values()
    assert len(flag.lines) == ROWS and flag.width < 200


@pytest.mark.parametrize(
    ("note", "error", "sentence"),
    [
        ({"z": "x"}, ValueError, "note: the graph has no node 'z'; it has a, b, e, c, v4, v5, L"),
        ({Value(1.0): "x"}, ValueError, "note: the graph has no node Value(1.0); it has a, b, e, c, v4, v5, L"),
        ({"a": 3}, TypeError, 'a note is given by node or label, as in note={"a": "used twice"}; got an int for a'),
        ("a", TypeError, 'a note is given by node or label, as in note={"a": "used twice"}; got a str'),
    ],
)
def test_what_is_no_note_is_refused_in_a_sentence(note, error, sentence):
    with pytest.raises(error) as raised:
        draw(product()["L"], note=note)
    listed = re.sub(r"it has .*", "", sentence)
    assert str(raised.value).startswith(listed)


def test_a_note_on_a_node_that_is_not_drawn_is_refused():
    root = Value(1.0, "first")
    for _ in range(MOST + 1):
        root = -root
    with pytest.raises(ValueError, match="^note: 'first' is not drawn; only a part of the graph is$"):
        draw(root, fold=False, note={"first": "here it begins"})


def test_a_note_inside_of_a_folded_group_is_refused_and_one_outside_is_drawn():
    from cgviz.nn import MLP

    net = MLP(2, [2, 1], seed=1)
    x = [Value(1.0, "x"), Value(2.0, "y")]
    root = net(x)
    assert "note on x: an input" in draw(root, fold="layer", note={"x": "an input"}).svg
    inner = next(node.label for node in trace(root).nodes if node.label.startswith("w"))
    with pytest.raises(ValueError, match=f"^note: '{inner}' is not drawn; it may be folded away: fold=False draws it$"):
        draw(root, fold="layer", note={inner: "a weight"})
    assert f"note on {inner}: a weight" in draw(root, fold=False, note={inner: "a weight"}).svg
