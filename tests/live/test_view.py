import xml.etree.ElementTree as ET

import pytest

from cgviz import Value, trace
from cgviz.expression import parse
from cgviz.live import GraphView


def seed(**numbers):
    numbers = {"a": 2, "b": -3, "c": 10, "d": -2} | numbers
    L = parse("(a*b + c)*d")(**{name: Value(x, name) for name, x in numbers.items()})
    L.backward()
    return L


def text(view, slot):
    return view.slots[slot][0]


def test_a_view_shows_values_and_gradients_in_its_slots():
    view = GraphView(seed())
    assert {name: slot[0] for name, slot in view.slots.items()} == {
        "0.data": "2",
        "1.data": "-3",
        "2.data": "10",
        "3.data": "-2",
        "4.data": "-6",
        "5.data": "4",
        "0.grad": "6",
        "1.grad": "-4",
        "2.grad": "-2",
        "3.grad": "4",
        "4.grad": "-2",
        "5.grad": "-2",
        "6.data": "-8",
        "6.grad": "1",
    }
    assert view.captions["6"] == view.said == "L = v5 * d: value -8, gradient 1"
    assert view.message == ""


def test_the_picture_is_well_formed_and_has_every_slot():
    view = GraphView(seed())
    places = {element.get("data-slot") for element in ET.fromstring(view.svg).iter()} - {None}
    assert places == set(view.slots)


def test_new_numbers_change_the_slots_and_not_the_picture():
    view = GraphView(seed())
    svg, changes = view.svg, []
    view.observe(lambda change: changes.append(change.name))
    view.show(seed(a=4))
    assert view.svg == svg and "svg" not in changes
    assert {"slots", "captions", "said"} <= set(changes)
    assert (text(view, "6.data"), text(view, "1.grad"), view.said) == ("4", "-8", "L = v5 * d: value 4, gradient 1")


@pytest.mark.parametrize(
    "other",
    [
        lambda: seed() * 2,
        lambda: parse("(a*b + c)*e")(**{n: Value(1, n) for n in "abce"}),
        lambda: parse("(a*b - c)*d")(**{n: Value(1, n) for n in "abcd"}),
        lambda: parse("(b*a + c)*d")(**{n: Value(1, n) for n in "abcd"}),
    ],
    ids=["larger", "renamed", "other operation", "other order"],
)
def test_another_structure_draws_another_picture(other):
    view = GraphView(seed())
    svg = view.svg
    view.show(other())
    assert view.svg != svg


def test_numbers_go_to_the_page_as_plain_lists():
    view = GraphView(seed())
    assert all(type(slot) is list and [type(part) for part in slot] == [str] * 3 for slot in view.slots.values())


def test_a_failure_keeps_the_picture_and_adds_a_sentence():
    view = GraphView(seed())
    before = view.svg, view.slots, view.graph
    view.fail("log(x) is defined for x > 0")
    assert (view.svg, view.slots, view.graph) == before
    assert (view.message, view.old) == ("log(x) is defined for x > 0", True)
    view.show(seed(a=3))
    assert (view.message, view.old) == ("", False)


def test_something_can_be_said_about_a_picture_that_stays_that_of_now():
    view = GraphView(seed())
    view.say("a: 'x' is not a number")
    assert (view.message, view.old) == ("a: 'x' is not a number", False)
    view.show(seed(), "the picture reaches no leaf")
    assert (view.message, view.notice) == ("", "the picture reaches no leaf")


def test_what_is_no_graph_is_refused_and_the_last_one_stays():
    view = GraphView(seed())
    with pytest.raises(TypeError, match="expected a node of a graph"):
        view.show("x")
    assert view.graph == trace(seed()) and text(view, "6.data") == "-8"


def test_two_views_have_no_id_in_common():
    def ids(view):
        return {element.get("id") for element in ET.fromstring(view.svg).iter()} - {None}

    first, second = ids(GraphView(seed())), ids(GraphView(seed()))
    assert first and not first & second


def test_a_view_may_start_empty():
    view = GraphView()
    assert (view.svg, view.slots, view.graph) == ("", {}, None)
    view.show(Value(2, "a"))
    assert text(view, "0.data") == "2"


def test_gradients_that_are_missing_or_stale_are_no_numbers():
    a = Value(2, "a")
    L = a * 3
    view = GraphView(L)
    assert (text(view, "0.grad"), text(view, "2.grad")) == ("not yet", "not yet")
    L.backward()
    a.data = 5
    view.show(L)
    assert (text(view, "0.data"), text(view, "2.data"), text(view, "2.grad")) == ("5", "stale", "stale")


def test_an_unknown_direction_is_refused_with_those_that_are_known():
    with pytest.raises(ValueError, match=r"^unknown rankdir: 'XX' \(must be one of 'LR', 'TB', 'RL', 'BT'\)$"):
        GraphView(rankdir="XX")


def test_the_page_gets_our_own_script_and_style():
    view = GraphView()
    assert "export default" in view._esm and ".cg-view" in view._css
    assert "http" not in view._esm.replace("http://www.w3.org", "")
