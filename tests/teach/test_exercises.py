"""Every exercise: right answers pass, typical wrong ones do not, and each of these hears something of its own.

The answers to a lesson's exercises stand in ``answers/lessonNN.py``: for each name the right ones, and the wrong ones,
each with a part of what is said of it.
"""

import re
import runpy
from pathlib import Path

import pytest

from cgviz.teach import check, hint
from cgviz.teach.exercise_kinds.exercise import Exercise
from cgviz.teach.registry import every, lessons, of_lesson

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parent.parent / "lessons" / "source"
EVERY = list(every())
TABLE = {lesson: runpy.run_path(str(HERE / "answers" / f"{lesson}.py"))["ANSWERS"] for lesson in lessons()}
ALL = {name: answers for table in TABLE.values() for name, answers in table.items()}

named = pytest.mark.parametrize("lesson, exercise", EVERY, ids=[one.name for _, one in EVERY])


@pytest.mark.parametrize("lesson", lessons())
def test_the_table_holds_each_exercise_and_no_other(lesson):
    assert list(TABLE[lesson]) == [one.name for one in of_lesson(lesson)]


def test_every_name_is_there_once():
    names = [one.name for _, one in EVERY]
    assert len(set(names)) == len(names)


@named
def test_right_answers_pass(lesson, exercise):
    right, _ = ALL[exercise.name]
    assert len(right) >= 2  # in two styles
    for answer in right:
        said = check(exercise.name, answer)
        assert said.ok and said.text == f"{exercise.name}: {exercise.praise}", said


@named
def test_wrong_answers_fail_each_with_a_sentence_of_its_own(lesson, exercise):
    _, wrong = ALL[exercise.name]
    assert len(wrong) >= 4
    said = [check(exercise.name, answer) for answer, _ in wrong]
    for (_, part), one in zip(wrong, said, strict=True):
        assert one.how == "wrong" and part and part in one.text, one
    assert len({one.text for one in said}) == len(said)


@named
def test_what_is_not_written_is_not_wrong(lesson, exercise):
    def stub(*args):
        """Your turn."""

    for nothing in (None, ..., stub):
        said = check(exercise.name, nothing)
        assert said.how == "open" and "not written yet" in said.text, said
    assert check(exercise.name).how == "open"


@named
def test_whatever_is_given_there_is_an_answer(lesson, exercise):
    class Hostile:
        def __getattribute__(self, name):
            raise RuntimeError("leave me alone")

    class Empty:
        pass

    class Refusing:
        def __init__(self, *args, **options):
            raise SystemExit

    for thing in (
        Hostile(),
        Empty,
        Empty(),
        Refusing,
        10**400,
        float("nan"),
        "text",
        b"",
        {},
        [],
        object(),
        print,
        int,
    ):
        said = check(exercise.name, thing)
        assert not said.ok and len(said.text) < 600, said


@named
def test_its_hints_and_its_place_in_the_lesson(lesson, exercise):
    assert isinstance(exercise, Exercise) and 2 <= len(exercise.hints) <= 4
    assert exercise.praise != Exercise.praise and len(exercise.praise) < 160
    (source,) = SOURCES.glob(f"{lesson.removeprefix('lesson')}-*.md")
    text = source.read_text(encoding="utf-8")
    assert f'check("{exercise.name}", ' in text and f'hint("{exercise.name}")' in text
    given = [hint(exercise.name).text for _ in range(len(exercise.hints) + 2)]
    assert all(one in said for one, said in zip(exercise.hints, given, strict=False))
    assert given[-1] == given[-2] and given[-1].endswith("(That was the last hint.)")


@named
def test_running_down_the_page_shows_no_hint(lesson, exercise):
    html = hint(exercise.name)._repr_html_()
    assert html.count("<details><summary>") == len(exercise.hints) and " open" not in html
    depth = 0
    for part in re.findall(r"<details>|</details>|<p>", html):
        depth += {"<details>": 1, "</details>": -1, "<p>": 0}[part]
        assert depth or part == "</details>"
    assert hint(exercise.name)._repr_html_().count("<details open>") == 1
