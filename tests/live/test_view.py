import json
import math
import xml.etree.ElementTree as ET

import pytest

from cgviz import Value, descend, explore, trace
from cgviz.live import GraphView, javascript, matrix
from cgviz.live.toolbox import Toolbox
from cgviz.pictures.slots import slots
from cgviz.run.expression import parse


def seed(**numbers):
    numbers = {"a": 2, "b": -3, "c": 10, "d": -2} | numbers
    L = parse("(a*b + c)*d")(**{name: Value(x, name) for name, x in numbers.items()})
    L.backward()
    return L


def text(view, slot):
    """What stands in a slot, in the picture that a page without scripts shows."""
    return slots(view.records)[slot].text


def test_a_view_sends_the_structure_and_the_numbers():
    view = GraphView(seed())
    assert [node["row"] for node in view.graph["nodes"]] == ["", "", "", "", "mul", "add", "mul"]
    assert view.state["data"] == {"0": 2, "1": -3, "2": 10, "3": -2, "4": -6, "5": 4, "6": -8}
    assert view.state["grad"] == {"0": 6, "1": -4, "2": -2, "3": 4, "4": -2, "5": -2, "6": 1}
    assert view.message == ""


def test_the_picture_is_well_formed_and_has_every_slot():
    view = GraphView(seed())
    places = {element.get("data-slot") for element in ET.fromstring(view.svg).iter()} - {None}
    assert places == set(slots(view.records))


def test_new_numbers_change_the_state_and_not_the_picture():
    view = GraphView(seed())
    svg, changes = view.svg, []
    view.observe(lambda change: changes.append(change.name))
    view.show(seed(a=4))
    assert view.svg == svg and "svg" not in changes
    assert "state" in changes and "graph" not in changes
    assert (view.state["data"]["6"], view.state["grad"]["1"]) == (4, -8)


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


def test_what_goes_to_the_page_is_what_json_can_hold():
    view = GraphView(Value(math.inf, "a") * 0.5 + Value(math.nan, "b"))
    for part in (view.graph, view.state):
        assert json.loads(json.dumps(part, allow_nan=False)).keys() == part.keys()


def test_a_failure_keeps_the_picture_and_adds_a_sentence():
    view = GraphView(seed())
    before = view.svg, view.state, view.records
    view.fail("log(x) is defined for x > 0")
    assert (view.svg, view.state, view.records) == before
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
    assert view.records == trace(seed()) and text(view, "6.data") == "−8"


def test_two_views_have_no_id_in_common():
    def ids(view):
        return {element.get("id") for element in ET.fromstring(view.svg).iter()} - {None}

    first, second = ids(GraphView(seed())), ids(GraphView(seed()))
    assert first and not first & second


def test_a_view_may_start_empty():
    view = GraphView()
    assert (view.svg, view.state, view.records) == ("", {}, None)
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
    scripts = view._esm, Toolbox.get_shared().view
    for script in scripts:
        assert "export default" in script and "http" not in script.replace("http://www.w3.org", "")
    assert view.toolbox == f"IPY_MODEL_{Toolbox.get_shared().model_id}" and len(view._esm) < 3000


def test_no_view_carries_what_all_of_them_wear_or_run():
    views = [explore("a*b", a=1, b=2).view, descend("a**2", a=1).view, matrix([[Value(1.0)]]).view]
    box = Toolbox.get_shared()
    shared = [text for name, text in box.get_state().items() if not name.startswith("_") and len(text) > 200]
    for view in views:
        own = view.get_state()
        assert not own.keys() & {"_css"} and not [name for name, x in own.items() if x in shared]
        assert view.toolbox == f"IPY_MODEL_{box.model_id}"
        for name in view.styles:
            sheet = getattr(box, f"{name}_style")
            assert sheet.endswith(javascript.sheet(name)) and sheet.startswith(":is(.cg-explorer") == (name == "view")
        assert all(getattr(box, name) for name in view.parts)
