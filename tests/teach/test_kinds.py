"""The other kinds of exercises, and what all have in common: an answer whatever is given, and within a time limit."""

import contextlib
import subprocess
import sys
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cgviz import Value, log
from cgviz.teach import Function, Number, Numbers, Trial, Trials, check, hint
from cgviz.teach.exercise_kinds.exercise import Exercise, Judged
from cgviz.teach.sandbox import limits
from cgviz.teach.sandbox.likeness import show_apart
from cgviz.teach.sandbox.limits import TooLong, time_limit
from cgviz.teach.sandbox.running import attempt


def test_numbers_within_their_tolerance():
    third = Number(name="n", answer=1 / 3)
    assert third.check(0.333).ok and third.check(1 / 3).ok and third.check(Value(0.3333)).ok
    assert not third.check(0.33).ok
    assert Number(name="n", answer=0).check(1e-9).ok


@pytest.mark.parametrize(
    "given, part",
    [
        (-6, "yours is -6: its size is right, its sign is not"),
        (12, "yours is 12: a factor 2 is too many"),
        (2, "yours is 2: a factor 3 is missing"),
        (5, "yours is 5: that is the sum"),
        (7, "yours is 7: that is not it yet"),
        (float("nan"), "yours is NaN"),
        (float("inf"), "yours is ∞"),
        ("6", "expected a number, got a str"),
        (True, "expected a number, got a bool"),
        (1j, "expected a number, got a complex"),
        ([6], "expected a number, got a list"),
        (10**400, "expected a number, got an int"),
    ],
)
def test_wrong_numbers(given, part):
    said = Number(name="n", answer=6, typical={5: "that is the sum"}).check(given)
    assert said.how == "wrong" and part in said.text


def test_a_few_numbers():
    pair = Numbers(name="n", answer=(2, 3), typical={2: {6: "that is the product"}})
    assert pair.check((2, 3)).ok and pair.check([2.0, 3.0]).ok
    assert "number 2: yours is 6: that is the product" in pair.check((2, 6)).text
    assert "number 1: yours is -2: its size is right" in pair.check((-2, 3)).text
    assert "expected 2 numbers, got 3" in pair.check((1, 2, 3)).text
    assert "expected 2 numbers in a tuple, got a dict" in pair.check({1: 2, 2: 3}).text
    assert pair.check((None, ...)).text == "n: not written yet: number 1 and number 2 are still to be found"
    named = Numbers(name="n", answer={"a": 1, "b": 2})
    assert "there is no c here; asked for are a and b" in named.check({"a": 1, "b": 2, "c": 3}).text
    assert named.check({"a": 1}).how == "open"


def test_gradients_are_computed_and_a_wrong_one_is_told_its_slip():
    K = Numbers(name="n", of="s = a + b; K = s * a", at={"a": 2, "b": -3}, names=("s", "a", "b"))
    assert K.check({"s": 2, "a": 1, "b": 2}).ok
    assert "a: yours is 2: only the use by s counts" in K.check({"s": 2, "a": 2, "b": 2}).text
    assert "s: yours is -1: the derivative with respect to the other operand" in K.check({"s": -1, "a": 1, "b": 2}).text


def tries(**options):
    return Function(name="n", reference=lambda x, n=2: x**n, arguments=((3, 2), (0, 1), (-2, 3)), **options)


def test_a_function():
    assert tries().check(lambda x, n: x**n).ok
    assert tries().check(pow).ok
    slipped = tries(slips=((lambda x, n: x * n, "that is a product"),))
    assert slipped.check(lambda x, n: x * n).text == (
        "n: for x = 3 and n = 2 your function returns 6, should be 9: that is a product"
    )


@pytest.mark.parametrize(
    "thing, how, part",
    [
        (9, "wrong", "expected a function, got an int: give check its name alone"),
        (lambda x: x, "wrong", "your function takes (x), and should take (x, n)"),
        (lambda: 1, "wrong", "your function takes (nothing)"),
        (lambda x, n: 1 / 0, "wrong", "for x = 3 and n = 2 your function raised ZeroDivisionError"),
        (lambda x, n: print(x**n), "wrong", "returns None: is a return missing?"),
        (lambda x, n: ..., "open", "your function returns …"),
        (lambda x, n: str(x**n), "wrong", "returns '9', should be 9"),
        (lambda x, n: object(), "wrong", "returns an object at some address, should be 9"),
    ],
)
def test_what_is_wrong_with_a_function(thing, how, part):
    said = tries().check(thing)
    assert said.how == how and part in said.text


def test_a_function_that_should_raise_and_one_that_changes_its_arguments():
    def largest(numbers):
        if not numbers:
            raise ValueError("nothing to compare")
        return max(numbers)

    exercise = Function(name="n", reference=largest, arguments=([1, 3, 2], []))
    assert exercise.check(largest).ok

    def sorts(numbers):
        found = largest(numbers)
        numbers.sort()
        return found

    assert exercise.check(sorts).text == (
        "n: for numbers = [1, 3, 2]: your function has changed numbers to [1, 2, 3]; it should leave it as it is"
    )
    assert Function(name="n", reference=largest, arguments=([1, 3, 2],), changes=True).check(sorts).ok
    said = exercise.check(lambda numbers: max(numbers, default=0))
    assert "for numbers = [] your function raises nothing, should raise ValueError" in said.text
    said = exercise.check(lambda numbers: max(numbers) if numbers else {}["x"])
    assert "raised KeyError: 'x', should raise ValueError" in said.text


def test_arguments_made_anew_for_each_call():
    def root():
        a = Value(2.0, "a")
        return [(a * a,)]

    exercise = Function(name="n", reference=lambda node: len(node._prev), arguments=root)
    assert exercise.check(lambda node: len(node._prev)).ok
    assert "returns 1, should be 2" in exercise.check(lambda node: len(set(node._prev))).text


def test_trials_of_anything():
    exercise = Trials(
        name="n",
        of=object,
        trials=(Trial("it + 1", lambda x: x + 1, 3), Trial("it / 0", lambda x: x / 0, ArithmeticError)),
    )
    assert exercise.check(2).ok
    assert "it + 1 gives 4, should be 3" in exercise.check(3).text
    assert "it + 1 raised TypeError" in exercise.check("a").text


def test_a_judge_of_its_own():
    even = Judged(name="n", by=lambda thing: "" if thing % 2 == 0 else f"{thing} is odd")
    assert even.check(2).ok and even.check(3).text == "n: 3 is odd"
    assert "looking at it raised TypeError" in even.check(object()).text


@pytest.mark.parametrize("loop", [lambda x: endless(x), lambda x: stubborn(x)], ids=["plain", "swallowing"])
def test_a_loop_without_end_is_told(monkeypatch, loop):
    monkeypatch.setattr(limits, "SECONDS", 0.3)
    exercise = Function(name="n", reference=lambda x: x, arguments=(1,))
    assert exercise.check(loop).text == "n: your code still runs after 0.3 seconds; what stops its loop?"


def endless(x):
    while True:
        x += 1


def stubborn(x):
    while True:
        try:
            x += 1
        except Exception:
            pass


def test_an_exercise_may_have_more_time(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.1)

    def slow(_):
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            pass
        return ""

    assert Judged(name="n", by=slow, seconds=600).check(1).ok
    assert "still runs after 0.1 seconds" in Judged(name="n", by=slow).check(1).text


def test_code_that_swallows_every_exception_is_left_to_the_stop_button(monkeypatch):
    monkeypatch.setattr(limits, "TIMES", 2)
    swallowed = []

    def stubborn():
        end = time.monotonic() + 1
        while time.monotonic() < end:
            try:
                sum(range(1000))
            except TooLong:
                swallowed.append(1)

    with contextlib.suppress(TooLong), time_limit(0.1):
        stubborn()
    assert len(swallowed) <= 2


@pytest.mark.skipif(not limits.measure_memory(), reason="this system does not say how much memory a process takes")
def test_a_loop_that_fills_the_memory_is_ended_before_its_time(monkeypatch):
    monkeypatch.setattr(limits, "MEMORY", 50_000_000)
    monkeypatch.setattr(limits, "SECONDS", 600)

    def growing(things):
        for thing in things:
            things.append(thing)

    said = Judged(name="n", by=growing).check([1])
    assert said.text == "n: your code takes more and more memory; what stops its loop?"
    assert limits.measure_memory() > 0


def test_what_an_endless_loop_prints_is_not_kept():
    def talking():
        for _ in range(1000):
            print("x" * 100_000)

    tracemalloc.start()
    attempt(talking)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000


def test_an_object_that_ends_everything_ends_no_check():
    class Ends:
        @property
        def data(self):
            exit("enough")

    assert "looking at it raised SystemExit" in Judged(name="n", by=lambda thing: thing.data).check(Ends()).text


def test_a_time_limit_that_is_over_before_it_has_begun_leaves_nothing_behind():
    for _ in range(50):
        with contextlib.suppress(TooLong), time_limit(0):
            pass
    time.sleep(0.5)  # a watch that went on would send its exception here


def test_the_time_limit_leaves_nothing_behind():
    with time_limit(0.2):
        pass
    time.sleep(0.5)
    with pytest.raises(TooLong), time_limit(0.1):
        endless(1)
    sum(range(1000))


TRACED = """
import sys
from cgviz.teach.sandbox.likeness import show_apart
from cgviz.teach.sandbox.limits import TooLong, time_limit
try:
    with time_limit(0.1):
        while True:
            pass
except TooLong:
    pass
def trace(*event):
    return trace
def work():
    return sum(x for x in range(1000))
sys.settrace(trace)
print(work())
"""


def test_code_that_is_traced_after_a_limit_was_reached_comes_to_an_end():
    done = subprocess.run([sys.executable, "-c", TRACED], capture_output=True, text=True, timeout=60)
    assert done.stdout == "499500\n", done.stderr


def test_what_is_printed_or_warned_of_is_not_shown(capsys, recwarn):
    def noisy():
        import warnings

        print("hello")
        warnings.warn("careful", stacklevel=1)
        return 3

    assert attempt(noisy).value == 3
    assert capsys.readouterr().out == "" and not recwarn.list


def test_an_interruption_is_not_swallowed():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupted)


def test_names_that_no_exercise_has():
    assert check("product", 3).text == "there is no exercise 'product'; did you mean 'products'?"
    assert check([1], 3).text.endswith('comes first, as a text: check("products", Value); got a list')
    assert hint("zzz").text == "there is no exercise 'zzz'"


def test_an_exercise_without_hints(monkeypatch):
    monkeypatch.setattr("cgviz.teach.registry.every", lambda: iter([("lesson00", Exercise(name="bare"))]))
    assert hint("bare").text == "bare: there are no hints for this one"


def test_what_an_answer_looks_like():
    said = check("products")
    assert repr(said).startswith("… products: ") and not said
    page = check("products", "<b>")._repr_html_()
    assert page.startswith('<div class="cg-said mathjax_ignore"') and "✗ products: give check the class itself" in page
    assert "<b>" not in check("<b>")._repr_html_()


THINGS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=5,
)
NAMES = ["one node or two", "count the graph", "products", "edges", "numbers only"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), THINGS)
def test_check_never_raises(name, thing):
    assert check(name, thing).how in ("wrong", "open", "right")


def test_numbers_that_do_not_agree_are_shown_with_as_many_digits_as_tell_them_apart():
    for found, expected in ((1.0, 1.00002), (-333.3, -333.3333), (1e-9, 1.0000001e-9), (2.0, 3.0)):
        one, other = show_apart(found, expected)
        assert one != other and (float(one) < float(other)) == (found < expected)


@pytest.mark.parametrize("guard", [0.0, 1e-8, 1e-9, 1e-12])
def test_a_guard_against_the_logarithm_of_0_is_right(guard):
    def cost(p, y):
        return -log(p + guard) if y == 1 else -log(1 - p + guard)

    assert check("cross-entropy", cost).ok
    assert not check("cross-entropy", lambda p, y: cost(p, y) * 1.0001).ok
