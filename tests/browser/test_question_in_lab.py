"""A question of a lesson in a real JupyterLab: guessed by mouse and by keyboard, and what is said of each guess."""

from __future__ import annotations

import re

import pytest

QUESTIONS = (
    "from cgviz import Value, draw\nfrom cgviz.teach import predict\n"
    'a, b = Value(2.0, "a"), Value(-3.0, "b")\nL = a * b + a\nL.label = "L"',
    'predict("What is ∂L/∂a?", -2, why="Two paths: -3 and 1.", of=(L, a))',
    'predict("Which sign has <b>?", "plus", choices=("minus", "plus"), why="It is a.")',
    "L.backward()\ndraw(L)",
)


class Asked:
    """One of the questions on the page."""

    def __init__(self, page, text):
        self.page = page
        self.place = page.locator(".jp-OutputArea-output").filter(has_text=text)
        self.box = self.place.get_by_role("textbox", name="your guess")

    def press(self, name):
        self.place.get_by_role("button", name=name, exact=True).click()

    def hears(self, text):
        """Wait until this is said, in a place that is read out at once."""
        self.place.get_by_role("alert").get_by_text(text, exact=True).wait_for()


@pytest.fixture
def asked(run):
    notebook = run(*QUESTIONS)
    return Asked(notebook.page, "What is ∂L/∂a?"), Asked(notebook.page, "Which sign")


def test_a_number_is_guessed_with_the_mouse(asked):
    number, _ = asked
    assert number.place.get_by_role("alert").count() == 0
    number.press("that is my guess")
    number.hears("… make a guess first")
    number.box.fill("many")
    number.press("that is my guess")
    number.hears("… write a number, such as 2 or -0.5")
    number.box.fill("7")
    number.press("that is my guess")
    number.hears("✗ not 7: guess again, or look")
    number.box.fill("-2")
    number.press("that is my guess")
    number.hears("✓ -2, yes. Two paths: -3 and 1.")


def test_the_enter_key_is_a_guess_and_a_slip_is_told(asked):
    number, _ = asked
    number.box.fill("-3")
    number.box.press("Enter")
    number.place.get_by_role("alert").get_by_text(re.compile("^✗ not -3: .*only the use by")).wait_for()
    number.box.fill("2")
    number.box.press("Enter")
    number.place.get_by_role("alert").get_by_text(re.compile("^✗ not 2: .*sign")).wait_for()
    number.box.fill("-2.0")
    number.box.press("Enter")
    number.hears("✓ -2, yes. Two paths: -3 and 1.")
    assert number.box.evaluate("box => box === document.activeElement")


def test_the_answer_comes_when_it_is_asked_for_and_not_before(asked):
    number, choice = asked
    for question, answer in ((number, "→ it is -2. Two paths: -3 and 1."), (choice, "→ it is plus. It is a.")):
        assert answer[5:] not in question.place.inner_text()
        question.press("show me")
        question.hears(answer)


def test_a_choice_is_made_with_the_keyboard_alone(asked):
    number, choice = asked
    page = choice.page
    number.place.get_by_role("button", name="show me").focus()
    for key in ("Tab", "Space", "Tab", "Tab", "Enter"):  # each choice is a stop of its own
        page.keyboard.press(key)
    choice.hears("✗ not that one: guess again, or look")
    assert choice.place.get_by_role("radio", name="minus", exact=True).is_checked()
    for key in ("Shift+Tab", "Space", "Tab", "Space"):
        page.keyboard.press(key)
    choice.hears("✓ yes. It is a.")
    assert "Which sign has <b>?" in choice.place.inner_text()


def test_the_result_that_follows_a_question_shows(asked):
    number, _ = asked
    number.box.fill("-2")
    number.box.press("Enter")
    number.hears("✓ -2, yes. Two paths: -3 and 1.")
    picture = number.page.locator(".jp-OutputArea-output .cg-picture > svg")
    picture.wait_for()
    assert picture.evaluate("svg => svg.getBoundingClientRect().width") > 100
    assert picture.locator('[data-slot$=".grad"]').all_text_contents().count("−2") == 1


HELD = (
    "from cgviz.teach import Ask, predict, wait_for\nfrom cgviz.teach.questions.question_widget import Asking",
    'predict("What is 2 + 3?", 5, key="held.1")',
    'wait_for("held.1")\nprint("printed five")\nmade = 5\nL.backward()\ndraw(L)',
    'predict("What is 2 + 4?", 6, key="held.2")',
    'wait_for("held.2")\nprint("printed six")\nmade + 1',
    'asked = Ask(key="held.3", text="Which box gets 2?", of="L = a*b", at={"a": 2, "b": -3}, click=True, answer="b")\n'
    "Asking(asked.make())",
)


def test_a_result_waits_for_the_answer_and_can_be_skipped(run):
    notebook = run(QUESTIONS[0], *HELD)
    page = notebook.page
    five, six = (page.locator(".jp-OutputArea pre", has_text=f"printed {name}") for name in ("five", "six"))
    waits = page.get_by_text("The result of this cell waits for your answer to question held.")
    waits.first.wait_for()
    assert waits.count() == 2
    assert not five.is_visible() and not six.is_visible()
    first, second = Asked(page, "What is 2 + 3?"), Asked(page, "What is 2 + 4?")
    first.box.fill("4")
    first.box.press("Enter")
    first.hears("✗ not 4: guess again, or look")
    assert not five.is_visible()
    first.box.fill("2 + 3")
    first.box.press("Enter")
    five.wait_for()
    page.locator(".jp-OutputArea-output .cg-picture > svg").first.wait_for()
    assert not six.is_visible()
    second.press("show me")
    six.wait_for()
    assert waits.count() == 0


def test_a_box_is_clicked_and_chosen_with_the_keys(run):
    notebook = run(QUESTIONS[0], HELD[0], HELD[-1])
    asked = Asked(notebook.page, "Which box gets 2?")
    asked.place.locator('.cg-boxes [data-node="0"]').click()
    asked.hears("✗ not a: guess again, or look")
    box = asked.place.get_by_role("button", name="b", exact=True)
    box.focus()
    box.press("Enter")
    asked.hears("✓ b, yes.")
