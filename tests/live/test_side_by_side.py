"""Views side by side: each its own, on one page as well, and anything else is refused."""

import json
import re

import pytest

from cgviz import Value, compare, descend, explore
from cgviz.text import typeset


def pair():
    return compare(
        explore("a*b", a=2, b=3), explore("a*b", a=-2, b=3, tool="explain"), titles=("as it was", "turned & <more>")
    )


def test_each_view_has_its_own_sliders():
    both = pair()
    both.panels[0].inputs["a"] = 7
    assert [panel.root.data for panel in both.panels] == [21, -6]


def test_a_page_has_all_of_them_with_their_titles():
    text = pair().to_html("Two <settings>")
    views = [
        json.loads(one)["view"]
        for one in re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    ]
    assert [view["state"]["data"]["0"] for view in views] == [2, -2]
    assert [view["opening"] for view in views] == [{"first": 0}, {"tool": "Explain", "first": 0}]
    assert text.count('class="cg-here"><svg') == text.count('class="cg-here"') == 2
    assert "<h2>turned &amp; &lt;more&gt;</h2>" in text and "<title>Two &lt;settings&gt;</title>" in text


def test_what_shows_no_widgets_shows_their_pictures_and_tables():
    data, *_ = (pair()._repr_mimebundle_(), None)
    bundle = data[0] if isinstance(data, tuple) else data
    assert bundle["text/html"].count('class="cg-picture') == 2 and "turned &amp; &lt;more&gt;" in bundle["text/html"]
    assert bundle["text/plain"].startswith("as it was:\nnode")


@pytest.mark.parametrize(
    ("given", "options", "sentence"),
    [
        ((1, 2), {}, "compare shows what explore and descend return, side by side; got an int"),
        (("a*b", "a + b"), {}, "compare shows what explore and descend return, side by side; got a str"),
        (
            (explore("a", a=1),),
            {},
            "compare shows 2 to 4 views side by side, as in compare(explore(…), explore(…)); got 1",
        ),
        (
            (explore("a", a=1), explore("b", b=1)),
            {"titles": "ab"},
            "titles: expected a text for each of the 2 views, got 'ab'",
        ),
        (
            (explore("a", a=1), explore("b", b=1)),
            {"titles": ["a"]},
            "titles: expected a text for each of the 2 views, got ['a']",
        ),
    ],
)
def test_anything_else_is_refused_in_a_sentence(given, options, sentence):
    with pytest.raises((TypeError, ValueError)) as raised:
        compare(*given, **options)
    assert str(raised.value) == sentence


def test_a_view_is_not_held_against_itself():
    one = explore("a", a=1)
    with pytest.raises(ValueError, match="^compare was given the same view twice"):
        compare(one, one)


def test_a_page_of_explorers_beside_descents_is_refused():
    both = compare(explore("a*a", a=1), descend("a*a", a=1))
    with pytest.raises(ValueError, match="^a page shows explorers or descents, not both: write a page of each$"):
        both.to_html()


DIFFERENCES = [
    (
        ("a*b + c", {"a": 2, "b": 3, "c": 1}),
        ("a*b + c", {"a": 2, "b": 3, "c": 1}),
        "At first they show the same numbers.",
    ),
    (
        ("a*b + c", {"a": 2, "b": 3, "c": 1}),
        ("a*b + c", {"a": 2, "b": 3, "c": 1.5}),
        "At first c differs: 1 and 1.5. With it the value of L.",
    ),
    (
        ("a*b", {"a": 2, "b": 3}),
        ("a*b*c", {"a": 2, "b": 4, "c": 1}),
        "At first b differs: 3 and 4; not all of them have c. They are different graphs.",
    ),
    (("a*a", {"a": 2}), ("a + a", {"a": 2}), "They are different graphs."),
    (
        ("+".join("abcdefg"), dict.fromkeys("abcdefg", 1)),
        ("+".join("abcdefg"), dict.fromkeys("abcdefg", 2)),
        "At first a differs: 1 and 2; b differs: 1 and 2; c differs: 1 and 2; d differs: 1 and 2; e differs: 1 and 2; "
        "so do 2 more inputs. With them the values of v7, v8, v9, v10 and 2 more.",
    ),
]


@pytest.mark.parametrize(("one", "other", "said"), DIFFERENCES)
def test_in_what_they_differ_at_first_is_said_above_them_wherever_they_are_shown(one, other, said):
    both = compare(*(explore(text, **numbers) for text, numbers in (one, other)))
    assert both.difference == said
    assert typeset(said) in both.to_html() and typeset(said) in both.children[0].value


def test_the_pictures_begin_where_they_differ_unless_a_node_was_asked_for():
    long = "a" + "".join(f" + x{i}" for i in range(9))
    numbers = {f"x{i}": i for i in range(9)}
    both = compare(explore(long, a=1, **numbers), explore(long, **{**numbers, "x4": 0.5}, a=1))
    labels = [panel.graph.nodes[panel.view.opening["first"]].label for panel in both.panels]
    assert labels == ["x4", "x4"]
    there = compare(explore("a*b", a=1, b=2, at="b"), explore("a*b", a=3, b=2))
    assert [panel.view.opening for panel in there.panels] == [{"at": 1, "first": 0}, {"first": 0}]


def test_nothing_that_is_hidden_is_told():
    both = compare(explore("a*b", a=1, b=2, hide="values"), explore("a*b", a=3, b=2))
    assert both.difference == "" and all("first" not in panel.view.opening for panel in both.panels)


def test_labels_in_the_sentence_are_text():
    a = Value(1.0, "<b>&")
    both = compare(explore(a * 2), explore(Value(2.0, "<b>&") * 2))
    assert "<b>" not in both.children[0].value and "&lt;b&gt;&amp;" in both.to_html()
