"""A view takes with it all the widgets that it has made, when it is closed and when its cell is run again."""

import atexit
import gc
import sys
import warnings

import ipywidgets
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from cgviz import Value, compare, descend, explore
from cgviz.live import lifetime
from cgviz.live.toolbox import Toolbox
from cgviz.live.trainer import Trainer
from cgviz.live.view import GraphView
from cgviz.nn import MLP, moons

MINE = """
from cgviz import Value, compare, descend, explore
from cgviz.live.view import GraphView
"""
VIEWS = {
    "sliders": lambda: explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2),
    "choice": lambda: explore("a*b", a=[1, 2], b=ipywidgets.fixed(3)),
    "range": lambda: explore("a*b", a=(1, 5), b=(0, 1, 0.5)),
    "descent": lambda: descend("a**2", a=2),
    "contours": lambda: descend("x**2 + y**2", x=1, y=2),
    "compared": lambda: compare(explore("a*b", a=2, b=3), explore("a*b", a=2, b=4), titles=("one", "two")),
    "graph": lambda: GraphView(Value(2.0, "a") * 3),
    "training": lambda: Trainer(MLP(2, [2, 1], seed=1), *moons(10, seed=1), 3),
    "refused": lambda: explore("log(a)", a=-1),
}


def widgets():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return dict(ipywidgets.widgets.widget._instances)


@pytest.fixture(autouse=True)
def shared():
    """What all views share is there from the beginning."""
    Toolbox.get_shared()
    descend("a", a=1).close()


@pytest.mark.parametrize("kind", VIEWS)
def test_a_view_that_is_closed_leaves_no_widget(kind):
    before = widgets()
    view = VIEWS[kind]()
    view._repr_mimebundle_()  # shown, with its presence
    assert len(widgets()) > len(before)
    view.close()
    left = [type(widget).__name__ for name, widget in widgets().items() if name not in before]
    assert left == []
    view.close()  # twice is as once


def test_a_slider_that_was_given_stays_and_moves_nothing_any_more():
    slider = ipywidgets.FloatSlider(2.0, min=0, max=5)
    before = widgets()
    explorer = explore("a*b", a=slider, b=3)
    explorer.close()
    assert widgets().keys() == before.keys() and slider.comm is not None
    slider.value = 4.0
    assert explorer.inputs["a"] == 2.0
    again = explore("a*b", a=slider, b=3)
    slider.value = 5.0
    assert again.inputs["a"] == 5.0
    again.close()


class Notebook(InteractiveShell):
    """A shell that tells which cell runs, as a notebook's kernel does."""

    cell = ""

    def get_parent(self):
        return {"metadata": {"cellId": self.cell} if self.cell else {}}

    def run(self, cell, code):
        self.cell = cell
        result = self.run_cell(code, store_history=True)
        result.raise_error()
        if hasattr(result.result, "_repr_mimebundle_") and result.result._repr_mimebundle_:
            result.result._repr_mimebundle_()


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    config = Config()
    config.HistoryManager.enabled = False
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # a shell puts its own there
    shell = Notebook(config=config)
    atexit.unregister(shell.atexit_operations)
    monkeypatch.setattr(lifetime, "_shell", lambda: shell)
    monkeypatch.setattr(lifetime, "_made", {})
    monkeypatch.setattr(lifetime, "_old", {})
    monkeypatch.setattr(lifetime, "_heard", type(lifetime._heard)())
    shell.displayhook.flush = lambda: None
    shell.run("imports", MINE)
    return shell


RERUN = {
    "last": "explore('(a*b + c)*d', a=2, b=-3, c=10, d=-2)",
    "variable": "x = explore('a*b', a=2, b=3)\nx",
    "unnamed": "explore('a*b', a=2, b=3).to_html();",
    "descent": "descend('a**2', a=2)",
    "compared": "compare(explore('a*b', a=2, b=3), explore('a*b', a=2, b=4))",
    "graph": "GraphView(Value(2.0, 'a') * 3)",
}


@pytest.mark.parametrize("code", RERUN.values(), ids=RERUN)
def test_a_cell_that_is_run_again_has_the_widgets_of_one_run(notebook, code):
    notebook.run("cell", code)
    once = len(widgets())
    for _ in range(3):
        notebook.run("cell", code)
        assert len(widgets()) == once
    gc.collect()


def test_a_hundred_runs_of_a_cell_leave_what_one_leaves(notebook):
    code = "explore('a*b', a=2, b=3)"
    notebook.run("cell", code)
    once = len(widgets())
    for _ in range(100):
        notebook.run("cell", code)
    assert len(widgets()) == once


def test_what_a_variable_of_the_notebook_holds_stays(notebook):
    before = widgets()
    notebook.run("one", "kept = [explore('a*b', a=2, b=3)]; more = {}; x = explore('a*b', a=2, b=3)")
    notebook.run("two", "x.inputs['a'] = 3; both = compare(x, kept[0])")
    notebook.run("one", "more['view'] = explore('a*b', a=5, b=3).view")
    notebook.run("two", "x.inputs['a'] = 4; x")
    assert notebook.user_ns["x"].comm is not None and notebook.user_ns["kept"][0].comm is not None
    notebook.run("one", "kept = x = both = 1")
    notebook.run("two", "1")
    assert notebook.user_ns["more"]["view"].comm is not None
    notebook.run("one", "more.clear()")
    assert widgets().keys() == before.keys()


def test_a_cell_that_fails_takes_the_views_of_its_last_run_with_it(notebook):
    before = len(widgets())
    notebook.run("cell", "explore('a*b', a=2, b=3)")
    notebook.cell = "cell"
    notebook.run_cell("1/0")
    assert len(widgets()) == before


def test_where_no_cell_is_told_nothing_is_closed(notebook):
    notebook.run("", "x = explore('a*b', a=2, b=3)")
    first = notebook.user_ns["x"]
    notebook.run("", "x = explore('a*b', a=2, b=3)")
    assert first.comm is not None
    first.close()
