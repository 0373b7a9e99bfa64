"""What is said when something cannot be done: each example of docs/messages.md is tried, and says enough."""

import re

import pytest

from tests.messages import PAGE, examples, listen, met, page

EXAMPLES = [line for _, line in examples()]
PRIVATE = re.compile(r"(?<![\w.])_[a-z]\w*|\._[a-z]\w*")
"""An attribute or a function that is nobody's business."""


@pytest.fixture(scope="module")
def answers():
    return met()


@pytest.mark.parametrize("line", EXAMPLES)
def test_it_is_refused_in_a_sentence(line, answers):
    error, sentence = answers[0][line]
    assert error, f"nothing was said: {sentence}"
    assert not PRIVATE.search(sentence) and " at 0x" not in sentence
    assert 15 <= len(sentence) <= 420 and len(sentence.split()) >= 4
    assert "\n" not in sentence and not sentence.startswith(error)


def test_a_warning_and_a_success_are_told_apart():
    assert listen("1 + 1")[0] == "" and listen("__import__('warnings').warn('beware of it')")[0] == "UserWarning"


def test_the_page_is_up_to_date(answers):
    assert PAGE.read_text(encoding="utf-8") == page(answers[0]), "run python -m tests.messages"


def test_a_good_part_of_the_places_that_refuse_is_met(answers):
    _, met_here, all_places = answers
    assert met_here >= 275 and met_here / all_places > 0.42
