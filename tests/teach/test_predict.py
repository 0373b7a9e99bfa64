"""Questions: the answer stays hidden until it is asked for, or found."""

import pytest

from cgviz import Value
from cgviz.teach import predict


def said(asked):
    return asked.answer.value


def guess(asked, text):
    asked.given.value = text
    asked.tried.click()
    return said(asked)


def test_a_number():
    asked = predict("What is 2 + 3?", 5, why="Count.")
    assert said(asked) == ""
    asked.tried.click()
    assert "make a guess first" in said(asked)
    assert "not 6: guess again, or look" in guess(asked, "6") and "Count" not in said(asked)
    assert "its size is right, its sign is not" in guess(asked, "-5")
    assert "write a number" in guess(asked, "five")
    assert "write a number" in guess(asked, "nan")
    assert "5, yes. Count." in guess(asked, " 5,0 ")
    asked.look.click()
    assert "it is 5. Count." in said(asked)


@pytest.mark.parametrize("text", ["-0.5", "-0,5", "−0.5", "–0.5", "- 0.5", "-1/2", "-5e-1"])
def test_a_number_may_be_typed_in_many_ways(text):
    assert "✓ -0.5, yes" in guess(predict("?", -0.5), text)


@pytest.mark.parametrize("text", ["1/0", "1/2/3", "2**2", "1e400", "/"])
def test_what_is_no_number(text):
    assert "write a number" in guess(predict("?", 1), text)


def test_the_enter_key_will_do():
    asked = predict("What is 2 + 3?", 5)
    asked.given.value = "5"  # what the page sends when Enter is pressed
    assert "5, yes" in said(asked)


def test_choices():
    asked = predict("Which?", "x²", choices=("2x", "x²"))
    asked.tried.click()
    assert "make a guess first" in said(asked)
    assert "not that one" in guess(asked, "2x")
    assert "✓ yes." in guess(asked, "x²")
    asked.look.click()
    assert "it is x²." in said(asked)


def test_the_slip_behind_a_gradient():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    L = a * b + a
    asked = predict("∂L/∂a?", -2, of=(L, a))
    assert "only the use by" in guess(asked, "1")
    assert "✓ -2, yes." in guess(asked, "-2")
    outside = predict("?", 3, of=(L, Value(1.0)))
    assert "not 4: guess again" in guess(outside, "4")


def test_without_widgets_the_question_stands_with_its_answer_folded():
    asked = predict("Is <x> & y?", 5, why="A <b>reason</b>.")
    bundle = asked._repr_mimebundle_()
    assert bundle["text/plain"] == repr(asked) == "Predict: Is <x> & y?"
    html = bundle["text/html"]
    assert (
        html.startswith('<div class="cg-output mathjax_ignore"')
        and "Is &lt;x&gt; &amp; y?" in html
        and "<details>" in html
    )
    assert "<b>reason" not in html and html == asked._repr_mimebundle_()["text/html"]
    assert set(bundle) == {"text/plain", "text/html"}


@pytest.mark.parametrize(
    "options, part",
    [
        ({"answer": "z", "choices": ("x", "y")}, "the answer 'z' is not among the choices 'x', 'y'"),
        ({"answer": "z"}, "the answer 'z' is no number"),
        ({"answer": None}, "is no number"),
        ({"answer": float("nan")}, "is no number"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(options, part):
    with pytest.raises(ValueError, match=part):
        predict("?", **options)


def test_lessons_without_a_question_import_no_widgets():
    import subprocess
    import sys

    code = (
        "import sys; from cgviz.teach import check, grow, hint, lineage, predict, progress; check('products', int);"
        "print([m for m in ('numpy', 'matplotlib', 'ipywidgets') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
