"""JupyterLab runs MathJax over outputs; what is text in ours stays text."""

from __future__ import annotations

import ast

import pytest

WITNESS = "from IPython.display import HTML\nHTML('<p class=witness>$y$</p>')"
"""A cell whose output is TeX, run behind the others: once it is typeset, so would they be."""


@pytest.fixture
def page(window):
    return window[0]


def typeset(page):
    """Wait until MathJax, which is loaded late, has been over the outputs."""
    page.locator(".witness mjx-container").wait_for(state="attached")


def test_a_hint_keeps_its_backslashes_and_can_be_run(run, page):
    code = 'text.replace("\\\\", "\\\\\\\\")  # $x$ and \\(y\\)'
    run(f"from cgviz.teach.feedback import Said\nSaid('hint', {code!r})", WITNESS)
    typeset(page)
    text = page.locator(".jp-OutputArea-output .cg-said").inner_text()
    assert text == f"→ {code}"
    ast.parse(text.removeprefix("→ "))


@pytest.mark.parametrize("label", [r"$\alpha$", r"\(b\)"])
def test_a_label_is_no_tex_in_a_picture_in_the_view_and_beside_a_slider(run, page, label):
    run(
        f"from cgviz import Value, draw, explore\nlabel = {label!r}\ndraw(Value(2, label) * 3)",
        "explore(Value(2, label) * 3)",
        WITNESS,
    )
    page.locator(".cg-view .cg-frame > svg").first.wait_for()
    typeset(page)
    assert label in page.locator(".jp-OutputArea-output .cg-picture > svg").first.text_content()
    assert label in page.locator(".cg-view .cg-frame > svg").last.text_content()
    beside = [text.strip() for text in page.locator(".widget-label").all_inner_texts()]
    assert label in beside
    assert page.locator("mjx-container").count() == page.locator(".witness mjx-container").count() == 1
