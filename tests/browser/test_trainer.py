"""Training that is watched in a notebook: it moves while it trains, stops when asked, and keeps its last state."""

from pathlib import Path

import nbformat

LESSON = Path(__file__).parents[2] / "lessons" / "11-a-network.ipynb"

TRAIN = """from cgviz import watch_training
from cgviz.nn import MLP, moons
xs, ys = moons(60, noise=0.1, seed=1)
net = MLP(2, [8, 1], seed=1)
history = watch_training(net, xs, ys, steps={steps})
print("done", len(history))"""
STATUS = "() => document.querySelector('.cg-explorer .widget-html-content')?.textContent ?? ''"


def begin(page):
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.wait_for_function(f"() => Number(({STATUS})().match(/step (\\d+)/)?.[1]) > 10", timeout=60_000)


def test_it_moves_while_it_trains_and_the_notebooks_stop_button_ends_it_without_an_error(lab, page):
    notebook = lab.open(page, lab.write(TRAIN.format(steps=100_000)))
    begin(page)
    first = page.evaluate(STATUS)
    page.wait_for_function(f"before => ({STATUS})() !== before", arg=first)
    assert page.get_by_role("button", name="training …").is_disabled()
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:interrupt-kernel'); }")
    page.wait_for_function(f"() => ({STATUS})().includes('Stopped: the network has the parameters of step')")
    page.wait_for_function("() => document.body.textContent.includes('done ')")
    assert notebook.errors() == []
    page.get_by_role("button", name="Train on").click()
    page.wait_for_function(f"() => /^step \\d+ of 1\\d{{5}}: /.test(({STATUS})()) && !({STATUS})().includes('Stopped')")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.wait_for_function(f"() => ({STATUS})().includes('Stopped')")
    assert notebook.errors() == []


def test_the_box_chooses_the_sample_and_its_layers_unfold(lab, page):
    notebook = lab.open(page, lab.write(TRAIN.format(steps=5))).run_all()
    view = notebook.view()
    before = view.numbers()["x₁"]
    box = page.locator(".cg-explorer input[type=number]")
    box.fill("7")
    box.press("Enter")
    end = 50
    while view.numbers()["x₁"] == before and end:
        page.wait_for_timeout(100)
        end -= 1
    assert view.numbers()["x₁"] != before
    view.place.get_by_role("button", name="a² = linear layer").click()
    view.place.get_by_role("button", name="fold a²", exact=True).wait_for()
    assert notebook.errors() == []


def test_the_network_that_a_learner_writes_in_lesson_11_is_watched(lab, page, tmp_path):
    cells = [
        cell.source
        for cell in nbformat.read(LESSON, 4).cells
        if cell.cell_type == "code" and ("@grow" in cell.source or "so-far" in cell.metadata.get("tags", []))
        if "solve(" not in cell.source
    ]
    run = """import random
from cgviz import watch_training
from cgviz.nn import moons
xs, ys = moons(60, noise=0.1, seed=1)
def mine(score, y): return -log(sigmoid(y * score))
random.seed(1)
watch_training(MLP(2, [4, 4, 1]), xs, ys, steps=40, rate=0.5, loss={loss})"""
    for loss in ("'logistic'", "mine"):
        notebook = lab.open(page, lab.write(*cells, run.format(loss=loss))).run_all()
        page.wait_for_function(f"() => ({STATUS})().startsWith('step 40 of 40: loss ')")
        assert notebook.errors() == [] and set(notebook.view().numbers()) >= {"x₁", "x₂", "L"}
        text = page.evaluate("() => document.querySelector('.jp-NotebookPanel').textContent")
        assert "[Step(" not in text and "History of 40 steps" in text
        lab.close(page)
