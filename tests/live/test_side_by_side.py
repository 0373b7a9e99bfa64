"""Views side by side: each its own, on one page as well, and anything else is refused."""

import json
import re

import pytest

from cgviz import compare, descend, explore


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
    assert [view["opening"] for view in views] == [{}, {"tool": "Explain"}]
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
