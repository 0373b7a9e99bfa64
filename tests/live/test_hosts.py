"""What the kernel does for hosts other than JupyterLab; what their pages do stands in tests/browser."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from cgviz import Value, descend, explore
from cgviz.live import GraphView, Trainer, javascript
from cgviz.live.toolbox import Toolbox
from cgviz.nn import MLP, moons

WIDGET = "application/vnd.jupyter.widget-view+json"
MADE = [
    lambda: explore("a*b", a=2, b=3),
    lambda: descend("x**2", x=3),
    lambda: Trainer(MLP(2, [2, 1], seed=1), *moons(10, seed=1)),
]


@pytest.mark.parametrize("make", MADE, ids=["explore", "descend", "watch_training"])
def test_colab_is_told_which_manager_shows_the_view(make, monkeypatch):
    assert isinstance(make()._repr_mimebundle_(), dict)
    colab = ModuleType("google.colab.output")
    colab.enable_custom_widget_manager = lambda: None
    colab._widgets = SimpleNamespace(_installed_url="manager.js")
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    monkeypatch.setitem(sys.modules, "google.colab.output", colab)
    bundle, metadata = make()._repr_mimebundle_()
    assert {WIDGET, "text/html", "text/plain"} <= set(bundle)
    assert metadata == {WIDGET: {"colab": {"custom_widget_manager": {"url": "manager.js"}}}}


@pytest.mark.parametrize("made", [MADE[0](), MADE[1]()], ids=["explore", "descend"])
def test_marimo_is_given_the_view(made):
    assert made._display_() is made.view


def test_a_view_sends_its_modules_to_a_page_that_asks_for_them(monkeypatch):
    view, sent = GraphView(Value(2.0, "a") * 3), []
    monkeypatch.setattr(view, "send", sent.append)
    for said in ({"wanted": ["view", "descent"]}, {"wanted": ["tools"]}):
        view._handle_custom_msg(said, [])
    for said in ({"wanted": ["secret"]}, {"wanted": [["view"]]}, {"wanted": "view"}, {"wanted": []}, {}, "view", None):
        view._handle_custom_msg(said, [])
    assert [one["parts"] for one in sent] == [["view", "descent"], ["tools"]]
    assert [one["texts"] for one in sent] == [
        [javascript.module(), javascript.part("descent")],
        [javascript.part("tools")],
    ]
    assert all(one["styles"] == [javascript.style("view")] for one in sent)


def test_a_toolbox_whose_comm_a_host_has_closed_is_made_anew(monkeypatch):
    explorer, first = explore("a*b", a=2, b=3), Toolbox.get_shared()
    assert Toolbox.get_shared() is first
    monkeypatch.setattr(first.comm, "_closed", True, raising=False)
    second = Toolbox.get_shared()
    assert second is not first and Toolbox.get_shared() is second
    assert (
        '<script type="text/plain" id="cg-tools">H4sI' in explorer.to_html()
    )  # a page of its own brings the tools that it asks for
