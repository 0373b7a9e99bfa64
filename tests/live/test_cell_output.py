"""What the output of a cell is made of: a picture that stays, what the page needs, and no trace of a run."""

import base64
import gzip
import json
import re
import sys
from types import ModuleType, SimpleNamespace

import ipywidgets
import pytest

from cgviz import Value, descend, explore
from cgviz.live import GraphView, Trainer, cell_output, javascript
from cgviz.nn import MLP, moons
from cgviz.teach import predict

WIDGET = "application/vnd.jupyter.widget-view+json"
CALL = r"wake(?:Packed)?\(document\.currentScript,(.*)\)\}\)\(\)$"
NASTY = "</script><img src=x onerror=alert(1)>"


class Mine:
    def __init__(self, data, _prev=(), _op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, _prev, _op

    def __mul__(self, other):
        return Mine(self.data * other.data, (self, other), "*")

    def backward(self):
        self.grad = 1.0


MOVED = {
    "explore": lambda: explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2),
    "descend": lambda: descend("x**2", x=3),
}
WAITING = {
    "a class": lambda: explore(lambda a, b: a * b, cls=Mine, a=2, b=-3),
    "a class's descent": lambda: descend(lambda a: a * a, cls=Mine, a=2),
    "a fold": lambda: explore(lambda x: MLP(1, [2, 1], seed=1)([x])[0], x=2, fold="layer"),
    "no graph": lambda: explore("1/a", a=0),
    "a training": lambda: Trainer(MLP(2, [2, 1], seed=1), *moons(10, seed=1)),
    "a question": lambda: predict("Is 2 + 2 = 5?", 4),
}
ALL = MOVED | WAITING | {"a view": lambda: GraphView(Value(2.0, "a") * 3)}


def html(thing):
    bundle = thing._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    return bundle["text/html"]


def arguments(text):
    """What the script of an output is told: the sentence, and the name, the code and the numbers of the page's view."""
    return json.loads(f"[{re.search(CALL, script(text))[1]}]")


def script(text):
    return re.findall(r"<script>(.*?)</script>", text, re.DOTALL)[-1]


def unpacked(text):
    return json.loads(gzip.decompress(base64.b64decode(text)))


@pytest.mark.parametrize("made", ALL.values(), ids=ALL)
def test_an_output_is_text_and_html_alone_and_the_same_again_but_for_its_name(made):
    first, second = made(), made()
    assert html(first).replace(first.model_id, second.model_id) == html(second)
    assert html(first).count(first.model_id) == 1
    assert html(first) == html(first)


@pytest.mark.parametrize("made", MOVED.values(), ids=MOVED)
def test_what_the_page_can_compute_it_gets_with_the_numbers_of_that_moment(made):
    thing = made()
    name = next(iter(thing.inputs))
    thing.inputs[name] = 2.5
    _, key, code, numbers = arguments(html(thing))
    assert unpacked(code)["tools"] == javascript.part("tools") and re.fullmatch("[0-9a-f]{8}", key)
    found = unpacked(numbers)
    assert found["view"]["state"]["inputs"][name] == 2.5
    assert {one["slider"].removeprefix("IPY_MODEL_") for one in found["view"]["sliders"]} < set(found["widgets"])
    assert "svg" not in found["view"]  # that is in the picture
    assert arguments(html(made()))[1:3] == [key, code]


@pytest.mark.parametrize("made", WAITING.values(), ids=WAITING)
def test_what_only_a_kernel_can_do_is_said(made):
    (sentence,) = arguments(html(made()))
    assert sentence.endswith(".") and "run" in sentence.lower()


def test_a_view_without_sliders_keeps_its_tools():
    assert unpacked(arguments(html(GraphView(Value(2.0, "a") * 3)))[3])["widgets"] == {}
    assert len(arguments(html(explore("a*b", a=2, b=3).view))) == 1  # its sliders stand elsewhere


@pytest.mark.parametrize("made", ALL.values(), ids=ALL)
def test_an_output_is_light(made):
    text = html(made())
    code = arguments(text)[2] if len(arguments(text)) > 1 else ""
    pictures = sum(map(len, re.findall(r"base64,[^\"]*", text)))
    assert len(code) < 98_000 and len(text) - len(code) - pictures < 10_000


def test_nothing_of_a_learners_text_is_markup():
    x = Value(2, NASTY)
    y = x * x
    y.label = NASTY
    made = (explore(y), descend(lambda a: a * a * 3, a=2), predict(NASTY, 4, why=NASTY), explore(lambda a: 1 / a, a=0))
    for text in map(html, made):
        assert "onerror" not in re.sub(r'alt="[^"]*"', "", text).replace("&lt;img src=x onerror", "")
        pieces = re.split(r"</?script>", text)
        assert len(pieces) % 2 == 1 and text.count("<script>") == text.count("</script>")
        assert not any("<" in re.sub(r"<[^>]*>", "", piece) for piece in pieces[::2])


def test_a_widget_is_announced_once_and_until_it_is_closed():
    explorer = explore("a*b", a=2, b=3)
    assert explorer not in cell_output._presences  # one that was never shown, or within others
    html(explorer), html(explorer)
    presence = cell_output._presences[explorer]
    assert (presence.shown, presence.comm is None) == (explorer.model_id, False)
    before = len(ipywidgets.widget_serialization["to_json"](list(explorer.children), None))
    assert before == len(explorer.children)
    explorer.close()
    assert presence.comm is None


def test_within_other_widgets_an_explorer_is_the_widget_that_it_was():
    explorer = explore("a*b", a=2, b=3)
    box = ipywidgets.HBox([explorer, ipywidgets.VBox(explorer.children)])
    assert box._repr_mimebundle_()[WIDGET]["model_id"] == box.model_id


@pytest.mark.parametrize("host", ["Colab", "VS Code"])
@pytest.mark.parametrize("made", ALL.values(), ids=ALL)
def test_where_html_is_put_into_a_frame_the_widget_is_shown_as_such(made, host, monkeypatch):
    if host == "Colab":
        monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    else:
        python = SimpleNamespace(user_ns={"__vsc_ipynb_file__": "n.ipynb"})
        monkeypatch.setattr("IPython.get_ipython", lambda: python)
    thing = made()
    bundle = thing._repr_mimebundle_()
    assert bundle[WIDGET]["model_id"] == thing.model_id
    assert "wake" not in bundle["text/html"] and thing not in cell_output._presences
