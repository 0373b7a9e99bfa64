"""Questions: the answer stays hidden until it is asked for, or found."""

import contextlib
import io
import sys

import pytest

from cgviz import Value
from cgviz.teach import Ask, predict, progress, question, wait_for
from cgviz.teach.questions.guess import Question
from cgviz.teach.questions.typed_number import read_number
from cgviz.teach.registry import lessons, questions_of


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
    assert "write a number" in guess(asked, "many")
    assert "write a number" in guess(asked, "nan")
    assert "5, yes. Count." in guess(asked, " 5,0 ")
    asked.look.click()
    assert "it is 5. Count." in said(asked)


@pytest.mark.parametrize(
    "text",
    [
        *("-0.5", "-0,5", "−0.5", "–0.5", "- 0.5", "-1/2", "-5e-1", "-.5", "-,5", "- 1/2", "−½", "-2/4", "0.5 - 1"),
        *(
            "minus a half",
            "minus one half",
            "negative half",
            "a = -0.5",
            "= -0.5",
            "≈ -0.50",
            "-50%",
            "-1*0.5",
            "-2^-1",
        ),
        *("(−1)·½", "1 ÷ −2", " -0.5 ", "-0.5.", "-0.5!"),
    ],
)
def test_a_number_may_be_typed_in_many_ways(text):
    assert "✓ -0.5, yes" in guess(predict("?", -0.5), text)


@pytest.mark.parametrize(
    "text",
    [
        "1/0",
        "1e400",
        "/",
        "2(3)",
        "0x1",
        "True",
        "1_0",
        "9**9**9",
        "(" * 40,
        "1" * 70,
        "a*1",
        "exp(0)",
        "len('a')",
        "1;1",
    ],
)
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


@pytest.mark.parametrize(
    "text, number", [("two", 2), ("twenty-one", 21), ("two hundred", 200), ("2*3", 6), ("1/3", 1 / 3)]
)
def test_words_and_small_calculations_are_numbers(text, number):
    assert read_number(text).number == pytest.approx(number)


def test_what_has_two_meanings_is_asked_about():
    assert read_number("1,234").said == "1,234 can be read in two ways: write 1234 or 1.234"
    assert read_number("0,125").number == 0.125 and read_number("1,25").number == 1.25


def test_a_rounded_number_is_right_from_two_digits_on():
    asked = predict("?", 1 / 3)
    assert "✓" in guess(asked, "0.33") and "✓" in guess(asked, "0,333")
    assert "✗" in guess(asked, "0.3") and "✗" in guess(asked, "0.34")


ASKS = (
    Ask(key="5.1", text="2 + 3?", answer=5, typical={6: "that is the product"}, why="Count."),
    Ask(key="5.2", text="∂K/∂a?", of="s = a + b; K = s * a", at={"a": 2, "b": -3}, gradient="a"),
    Ask(key="5.3", text="Which sign has ∂L/∂a?", of="L = a*b", at={"a": 2, "b": -3}, gradient="a", sign=True),
    Ask(key="5.4", text="Which?", choices=("2x", "x²"), answer="x²", typical={"2x": "that is a line"}),
    Ask(key="5.5", text="Which box gets 2?", of="L = a*b", at={"a": 2, "b": -3}, click=True, answer="b", backward=True),
    Ask(key="5.6", text="Which box is first?", of="L = a*b", at={"a": 2, "b": 3}, click=True, answer=("a", "b")),
)


@pytest.fixture
def lesson(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cgviz.teach.registry.questions_of", lambda lesson: ASKS if lesson == "lesson05" else ())
    for name in ("_opened", "asked_keys"):
        monkeypatch.setattr(f"cgviz.teach.questions.answered.{name}", set())
    monkeypatch.setattr("cgviz.teach.questions.answered._waiting", {})
    monkeypatch.setattr("cgviz.teach.questions.question_widget.asked_keys", set())
    monkeypatch.setattr("cgviz.teach.questions.held_results.asked_keys", set())
    return tmp_path


@pytest.mark.parametrize(
    "key, wrong, why, right",
    [
        ("5.1", "6", "that is the product", "5"),
        ("5.2", "2", "only the use by s counts", "1"),
        ("5.3", "positive", "guess again", "negative"),
        ("5.4", "2x", "that is a line", "x²"),
    ],
)
def test_a_question_of_the_package_is_asked_by_its_key(lesson, key, wrong, why, right):
    asked = question(key)
    assert f"✗ not {wrong}: " in guess(asked, wrong) or "✗ not that one: " in said(asked)
    assert why in said(asked)
    assert "✓" in guess(asked, right)
    assert [row[:3] for row in progress().rows] == [(f"question {key}", "2", "yes")]


def test_a_box_of_the_picture_is_the_answer(lesson):
    asked = question("5.5")
    assert asked.given.names == ["a", "b", "L"] and 'data-node="1"' in asked.given.svg
    for place, (name, part) in enumerate([("a", "✗ not a: guess again"), ("b", "✓ b, yes")], start=1):
        asked.given.chosen, asked.given.turn = name, place
        assert part in said(asked)
    both = question("5.6")
    both.look.click()
    assert "it is a or b." in said(both)
    assert "<svg" in both._repr_mimebundle_()["text/html"]


def test_a_question_that_there_is_not(lesson):
    assert question("5.11").text == "there is no question '5.11'; did you mean '5.1'?"
    assert not question(5.1).ok
    with pytest.raises(ValueError, match="no question 'x'"):
        wait_for("x")


@pytest.mark.parametrize(
    "options",
    [
        {"answer": 2, "choices": ("1",)},
        {"answer": "x"},
        {"answer": True},
        {"answer": "z", "click": True, "of": "a*a", "at": {"a": 1}},
    ],
)
def test_a_question_without_an_answer_is_refused(options):
    with pytest.raises(ValueError, match=r"question 9\.9: the answer"):
        Ask(key="9.9", text="?", **options).make()


HELD = 'from cgviz.teach import wait_for\nwait_for("5.1")\nprint("FIVE")\nmade = 5\nprint("more")\nmade * 7'


def run_held(shell, monkeypatch):
    shown = []
    monkeypatch.setattr(
        shell.display_pub, "publish", lambda data, metadata=None, **rest: shown.append((data, rest)), raising=False
    )
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        done = shell.run_cell(HELD)
    assert done.success and shell.user_ns["made"] == 5 and "FIVE" not in printed.getvalue()
    return shown, printed.getvalue()


@pytest.mark.parametrize("way", ["answered", "skipped"])
def test_a_cell_shows_its_result_once_the_question_is_answered_or_skipped(lesson, ipython, monkeypatch, way):
    asked = question("5.1")
    shown, printed = run_held(ipython, monkeypatch)
    assert len(shown) == 2 and "FIVE" not in str(shown[0][0]["text/plain"]) and "35" not in printed
    assert shown[0][0]["text/html"].startswith('<div class="cg-said mathjax_ignore"><details><summary>')
    guess(asked, "6")
    assert len(shown) == 2
    if way == "answered":
        guess(asked, "5")
    else:
        asked.look.click()
    updates = [(data["text/plain"], rest["update"]) for data, rest in shown[2:]]
    assert updates == [("FIVE\nmore\n", True), ("35", True)]
    assert [rest["transient"] for _, rest in shown[:2]] == [rest["transient"] for _, rest in shown[2:]]
    again, printed = run_held_again(ipython)
    assert again and "FIVE" in printed


def run_held_again(shell):
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        done = shell.run_cell(HELD)
    return done.success, printed.getvalue()


def test_an_answer_of_an_earlier_session_counts(lesson, ipython, monkeypatch):
    guess(question("5.1"), "5")
    progress("Ada")
    monkeypatch.setattr("cgviz.teach.questions.answered._opened", set())
    for name in ("_new", "_shown"):
        monkeypatch.setattr(sys.modules["cgviz.teach.records.progress_file"], name, {})
    assert "FIVE" in run_held_again(ipython)[1]


def test_an_error_in_a_held_cell_is_shown_and_the_notebook_is_as_it_was(lesson, ipython, monkeypatch):
    hook, publisher, stdout = sys.displayhook, ipython.display_pub, sys.stdout
    errors = []
    monkeypatch.setattr(ipython, "showtraceback", lambda *args, **options: errors.append(sys.exc_info()[0]))
    ipython.run_cell('from cgviz.teach import wait_for\nwait_for("5.1")\nprint(1)\n1/0')
    assert errors == [ZeroDivisionError]
    assert (sys.displayhook, ipython.display_pub, sys.stdout) == (hook, publisher, stdout)


def test_where_nobody_answers_nothing_is_held(lesson, ipython, monkeypatch):
    monkeypatch.setenv("CGVIZ_NO_PROGRESS", "1")
    assert "FIVE" in run_held_again(ipython)[1]


def test_what_a_lesson_says_of_a_wrong_guess_goes_before_what_is_said_of_any():
    """A lesson knows which words its reader has: nothing of += before lesson 5."""
    for lesson in lessons():
        for ask in questions_of(lesson):
            question = ask.make()
            for wrong, said in ask.typical.items():
                assert question.judge(str(wrong)).text.endswith(said), f"{ask.key}: {wrong}"
    said = [ask.make().judge(str(x)).text for ask in questions_of("lesson01") if ask.gradient for x in range(-20, 21)]
    assert not [one for one in said if "+=" in one or "zeroed" in one or "upstream" in one]


def test_whole_numbers_are_told_as_one_writes_them():
    many = Question("how many?", 1_000_000)
    assert many.look().text == "it is 1000000." and many.judge("12345").text.startswith("not 12345: ")
    assert many.judge("1000000").text == "1000000, yes."
