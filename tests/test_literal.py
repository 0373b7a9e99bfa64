"""What is text and no formula says so to MathJax, which JupyterLab runs over every output; labels are data."""

import re
import xml.etree.ElementTree as ET
from html import unescape

import pytest

from cgviz import Value, descend, draw, draw_dot, explain, explore, steps
from cgviz.live.controls.slider import slider
from cgviz.live.trainer import Trainer
from cgviz.nn import MLP, moons
from cgviz.ops.formula import Tex
from cgviz.pictures.digraph import run_dot
from cgviz.pictures.dot_fallback import Digraph
from cgviz.teach.feedback import Listed, Said
from cgviz.teach.questions.guess import Question
from cgviz.teach.questions.question_widget import Asking
from cgviz.text import LITERAL, shorten

SVG = "{http://www.w3.org/2000/svg}"
ROOT = re.compile(r'<(\w+)[^>]*class="([^"]*)"')

LABELS = [
    r"$\alpha$", r"\(x\)", r"\[x\]", "$$x$$", "`x`", "<b>x</b>", "&amp;", "w_1_2", "x^2", "{x}", "50%", "#x", "a~b",
    "👩\u200d🔬", "می\u200cخواهم", "क्\u200dष", "a\nb", "a" * 99,
]  # fmt: skip


def a_product(label="a"):
    made = Value(2.0, label) * Value(3.0, "b")
    made.backward()
    return made


def sketched():
    found = Digraph()
    found.node("v", label="$x$")
    return found


def outputs():
    net, data = MLP(2, [1], seed=1), moons(10, seed=1)
    question = Question("Is $x$ 1?", 1.0, (), "because", None, 0.1)
    return {
        "draw": draw(a_product()),
        "draw as svg": draw(a_product(), "svg"),
        "draw_dot": draw_dot(a_product()),
        "Digraph": sketched(),
        "explore": explore("a*b", a=2, b=3),
        "descend": descend("a**2", a=2),
        "Trainer": Trainer(net, *data, 2),
        "Said": Said("hint", r'return "\\"'),
        "Listed": Listed(("a",), [("$x$",)], "$y$"),
        "Asking": Asking(question),
    }


def html_of(thing):
    bundle = getattr(thing, "_repr_mimebundle_", None)
    if bundle is None:
        return thing._repr_html_()
    made = bundle()
    return (made[0] if isinstance(made, tuple) else made)["text/html"]


@pytest.mark.parametrize("name", outputs())
def test_an_output_in_html_is_text_at_its_root(name):
    html = html_of(outputs()[name]).lstrip()
    found = ROOT.match(html)
    assert found and LITERAL in found[2].split(), html[:120]
    assert html.endswith(f"</{found[1]}>"), "one root around all of it"


def test_what_a_widget_says_is_text_too():
    asking = Asking(Question("Is $x$ 1?", 1.0, (), "because", None, 0.1))
    asking.look.click()
    assert all(LITERAL in html for html in (asking.children[0].value, asking.answer.value))


@pytest.mark.parametrize("label", LABELS)
def test_a_label_arrives_as_it_was_typed(label):
    root, shown = a_product(label), shorten(label)
    svg = ET.fromstring(draw(root).svg)
    assert any(shown[:12].strip() in "".join(text.itertext()) for text in svg.iter(f"{SVG}text"))  # it may cut more
    assert any(shown in "".join(title.itertext()) for title in svg.iter(f"{SVG}title"))
    assert shown in draw(root).text
    assert shown in str(explain(root, 0))
    described = slider(label, 2.0)
    text = described.description
    if described.description_allow_html:
        assert LITERAL in text
        text = unescape(re.sub("<[^>]*>", "", text))
    assert text == shown


@pytest.mark.parametrize("label", LABELS)
def test_a_label_arrives_wherever_else_it_is_said(label):
    root, shown = a_product(label), shorten(label)
    assert re.search(rf"= ([('])?{re.escape(shown)}(?(1)[)']) · b", str(steps(root)))  # or in parentheses, or quotes
    assert f"graph of {shown} with" in unescape(draw(Value(1.0, label)).html)
    view = explore(root).view
    assert any(shown in "".join(title.itertext()) for title in ET.fromstring(view.svg).iter(f"{SVG}title"))
    assert shown in {node["name"] for node in view.graph["nodes"]}
    assert shown in unescape(explore(root).to_html()), "in the picture; the page's data may be escaped otherwise"


@pytest.mark.parametrize("label", LABELS)
def test_tex_of_a_label_is_text_that_closes(label):
    tex = Tex.name(label).text
    assert (tex.startswith(r"\text{") and tex.endswith("}")) or re.fullmatch(r"\w(_\{\d+\})?", tex)
    bare = re.sub(r"\\[#$%&_{}]", "", tex.removeprefix(r"\text"))
    assert bare.count("{") == bare.count("}") == 1 and not set("$#%&_~^\\") & set(bare)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.usefixtures("dot")
def test_dot_gets_a_label_as_it_was_typed(label):
    svg = run_dot(draw_dot(a_product(label)).source, "svg", "dot")
    assert shorten(label) in " ".join("".join(ET.fromstring(svg).itertext()).replace("\xa0", " ").split())


@pytest.mark.parametrize("label", ["👩\u200d🔬", "می\u200cخواهم", "क्\u200dष"])
def test_joiners_stay(label):
    assert shorten(label) == label


@pytest.mark.parametrize("text", [r"$\alpha$", r"\(x\)", "$<b>$"])
def test_the_description_of_a_slider_is_no_tex(text):
    assert slider(text, 1.0).description_allow_html and "<b>" not in slider(text, 1.0).description
