"""Lesson 1 in a real JupyterLab: as it comes, and run."""

from __future__ import annotations

import json

import pytest
from lab import ROOT

LESSON = ROOT / "lessons" / "01-slopes-and-graphs.ipynb"
START = {"a": ("2", "6"), "b": ("-3", "-4"), "c": ("10", "-2"), "d": ("-2", "4"),
         "e": ("-6", "-2"), "f": ("4", "-2"), "L": ("-8", "1")}  # fmt: skip
PICTURES = """() => [...document.querySelectorAll('.cg-picture > img, .cg-picture > svg, .cg-view .cg-frame > svg')]
    .filter(e => e.getBoundingClientRect().width > 100 && (e.tagName === 'svg' || e.naturalWidth > 100))
    .map(e => e.closest('.jp-Notebook-cell').dataset.windowedListIndex + e.tagName.toLowerCase())"""
MOVED = {"a": ("2.1", "6"), "b": ("-3", "-4.2"), "c": ("10", "-2"), "d": ("-2", "3.7"),
         "e": ("-6.3", "-2"), "f": ("3.7", "-2"), "L": ("-7.4", "1")}  # fmt: skip


def test_a_key_on_a_slider_of_the_lesson_moves_every_number_and_nothing_else(lab, page):
    notebook = lab.open(page, lab.copy(LESSON)).run_all()
    assert notebook.errors() == []
    view = notebook.view(2)
    assert view.numbers() == START
    before = view.boxes()
    view.slider(0).press("ArrowRight")
    view.becomes(**MOVED)
    assert view.boxes() == before
    view.reset(0).click()
    view.becomes(**START)
    valley = notebook.view(0)
    valley.slider(0).press("Home")
    valley.becomes(a=("0", "-10"), f=("28", "1"))
    assert view.numbers() == START
    assert notebook.errors() == []


@pytest.mark.parametrize("trusted", [False, True])
def test_before_it_is_run_the_lesson_shows_its_pictures_and_hides_what_is_to_be_predicted(lab, page, trusted):
    name = lab.copy(LESSON)
    if trusted:
        lab.trust(name)
    notebook = lab.open(page, name)
    assert notebook.errors() == []
    cells = [cell for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    drawn = [cell for cell in cells if "<img alt=" in str([output.get("data", {}) for output in cell["outputs"]])]
    folded = [cell for cell in drawn if cell["metadata"].get("jupyter", {}).get("outputs_hidden")]
    assert len(drawn) >= 6
    assert len(folded) >= 2
    shown = set()
    for _ in range(40):  # JupyterLab makes the cells that are on the screen
        page.wait_for_timeout(80)
        shown |= set(page.evaluate(PICTURES))
        if notebook.scroll(700):
            break
    assert len(shown) == len(drawn) - len(folded)
    assert {which.lstrip("0123456789") for which in shown} == {"svg" if trusted else "img"}
    assert notebook.errors() == []
