"""What a person sees of an error: the sentence, and of the traceback only what is not ours."""

import traceback

import pytest

from cgviz import Value, descend, explore
from cgviz.live import error_sentences, explorer


def frames(call):
    """The functions in the traceback of a call, the innermost last, and the error."""
    with pytest.raises(Exception) as raised:
        call()
    return [frame.name for frame in traceback.extract_tb(raised.value.__traceback__)][2:], raised.value


def mine(a):
    return deeper(a)


def deeper(a):
    return a.log()


class Refusing:
    def __init__(self, data):
        raise ValueError("no")


@pytest.mark.parametrize(
    ("call", "left"),
    [
        (lambda: explore("a +", a=1), []),
        (lambda: explore("a*b", a=2), []),
        (lambda: explore(3), []),
        (lambda: explore("a", a=(2, 1)), []),
        (lambda: explore(), []),
        (lambda: descend("a*b*c", a=1, b=1, c=1), []),
        (lambda: descend("log(a)", -1), []),
        (lambda: descend("exp(a)", 1000), []),
        (lambda: descend(mine, -1), ["mine", "deeper"]),
        (lambda: explore("a", a=1, cls=Refusing), []),
    ],
)
def test_no_frame_of_ours_stands_above_a_sentence(call, left):
    assert frames(call)[0] == left


def test_the_cause_of_an_error_is_shown_where_it_is_the_learners():
    _, error = frames(lambda: explore("a", a=1, cls=Refusing))
    assert [frame.name for frame in traceback.extract_tb(error.__cause__.__traceback__)] == ["__init__"]


def test_a_file_beside_the_package_is_not_ours():
    names = {}
    exec(
        compile("def theirs(a): return a.log()", error_sentences.PACKAGE.rstrip("/\\") + "_homework.py", "exec"), names
    )
    assert frames(lambda: descend(names["theirs"], -1))[0] == ["theirs"]


def test_where_something_of_ours_broke_its_place_is_told(monkeypatch):
    monkeypatch.setattr(explorer, "names_of", lambda function: None)
    assert frames(lambda: explore("a", a=1))[0] == ["explore"]


def test_a_function_keeps_its_name_its_words_and_its_parameters():
    import inspect

    assert explore.__name__ == "explore" and explore.__doc__.startswith("Explore an expression")
    assert list(inspect.signature(descend).parameters)[:4] == ["f", "start", "rate", "steps"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (KeyboardInterrupt(), "the run with these numbers was interrupted"),
        (ZeroDivisionError("float division by zero"), "ZeroDivisionError: float division by zero"),
        (KeyError("a"), "KeyError: a"),
        (RecursionError(), "RecursionError"),
        (
            SystemExit(1),
            "the run with these numbers called exit(), which ends a program: raise an error, or return a node",
        ),
        (ValueError("x" * 10_000), "ValueError: " + "x" * 487 + "…"),
    ],
)
def test_an_error_is_one_sentence(error, sentence):
    assert error_sentences.sentence(error) == sentence


def test_our_own_sentences_stand_for_themselves():
    with pytest.raises(ValueError) as raised:
        Value(-1.0, "a").log()
    assert error_sentences.sentence(raised.value) == "log(a) is defined for a > 0, but node 'a' is -1"
