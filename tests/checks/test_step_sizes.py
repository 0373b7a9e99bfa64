"""Where small steps are hard to take: at large and at tiny numbers, beside kinks and poles, where digits run out."""

import math

import pytest

from cgviz import gradcheck
from cgviz.checks.finite_differences import slope

FAST = [
    *[("sin(a)", {"a": 10.0**k * m}) for k in range(3, 9) for m in (1, 2, 3)],
    ("sin(1000*a)", {"a": 300}),
    ("tan(a)", {"a": 2e5}),
    ("1/(a-1000000.5)", {"a": 1e6}),
    ("sin(100*a)", {"a": 1000}),
    ("cos(a)*b", {"a": 4e5, "b": 1}),
    ("sin(a*a)", {"a": 600}),
    ("sin(exp(a))", {"a": 12.5}),
    ("sin(1/a)", {"a": 1e-5}),
    ("sin(1000000000*a)", {"a": 1}),
    ("sqrt(a)", {"a": 1e-300}),
    ("a**0.5*b", {"a": 1e-320, "b": 1}),
    ("relu(a)", {"a": 1e-12}),
    ("relu(a)", {"a": 1e-30}),
    ("abs(a)", {"a": -1e-13}),
    ("relu(a-1)", {"a": 1 + 1e-12}),
    ("cos(a)+10000000000", {"a": 0}),
    ("exp(a)-exp(a)", {"a": 20}),
    ("abs(a)*abs(b)", {"a": 0, "b": 0}),
]


@pytest.mark.parametrize(("text", "given"), FAST)
def test_what_changes_fast_is_smooth(text, given):
    report = gradcheck(text, **given)
    assert report.ok and str(report).startswith(f"{len(report.rows)} gradients checked by small steps: all agree")
    assert {row.state for row in report.rows} == {"agrees"} and not any(row.note for row in report.rows)


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        ("sin(a)", {"a": 1e15}, "the smallest step is too coarse here"),
        ("sin(a)", {"a": 1e16}, "the smallest step is too coarse here"),
        ("tan(a)", {"a": math.pi / 2}, "the smallest step is too coarse here"),
        ("1/a", {"a": 1e-155}, "the gradient is too large for a number"),
        ("1/a", {"a": 1e-170}, "the gradient is too large for a number"),
        ("relu(a-1)", {"a": 1 + 1e-15}, "a kink is nearer than the smallest step"),
    ],
)
def test_what_small_steps_cannot_tell_is_not_checked(text, given, said):
    report = gradcheck(text, **given)
    assert not report.ok and report.rows[0].state == "unchecked" and said in report.rows[0].note
    assert report.wrong == (f"nothing could be checked: {report.rows[0].note.removeprefix('not checked: ')}",)
    assert "jump" not in str(report) and "all agree" not in str(report) and "1 was not checked" in str(report)


@pytest.mark.parametrize(
    ("text", "given", "state", "head"),
    [
        ("a**b", {"a": 0, "b": 0}, {"b": "no slope"}, "3 gradients held against small steps: 2 agree, 1 has no slope"),
        ("a**b", {"a": -2, "b": 3}, {"b": "unchecked"}, "3 gradients held against small steps: 2 agree, 1 was not"),
        (
            "(a+b)-a",
            {"a": 1e16, "b": 1},
            {"b": "unchecked"},
            "4 gradients held against small steps: 3 agree, 1 was not",
        ),
        ("a+b", {"a": 1e20, "b": 1}, {"b": "unchecked"}, "3 gradients held against small steps: 2 agree, 1 was not"),
        ("relu(a)", {"a": 0}, {"a": "no slope"}, "2 gradients held against small steps: 1 agrees, 1 has no slope"),
        ("max(a,b)", {"a": 1e8, "b": 1e8}, {"a": "no slope"}, "3 gradients held against small steps: 1 agrees, 2 have"),
    ],
)
def test_the_first_line_counts_what_agrees_what_has_no_slope_and_what_was_not_checked(text, given, state, head):
    report = gradcheck(text, **given)
    assert report.ok and str(report).startswith(head)
    assert {row.name: row.state for row in report.rows if row.name in state} == state
    assert sum(row.state == "agrees" for row in report.rows) == int(head.partition(": ")[2].split()[0])


def test_a_wrong_gradient_is_found_at_large_numbers_too():
    from cgviz import Value, sin

    class Off(Value):
        def backward(self, accumulate=False):
            super().backward()
            self._prev[0].grad *= 1.01

    report = gradcheck(lambda a: sin(a), cls=Off, a=3e5)
    assert not report.ok and "2 gradients held against small steps: 1 agrees, 1 is wrong" in str(report)


@pytest.mark.parametrize("at", [0.0, 1.0, 7e5, -3e-4])
def test_kinks_jumps_and_slopes_are_told_apart_at_every_size(at):
    assert slope(lambda x: float(x > at), at).kind == "jump"
    assert slope(lambda x: float(x >= at), at).kind == "jump"
    assert slope(lambda x: float(x == at), at).kind == "jump"
    assert slope(lambda x: 3 * abs(x - at) + x, at).kind == "kink"
    assert slope(lambda x: (x - at) ** 2, at).kind == "smooth"
    assert slope(lambda x: 1 / (x - at) if x != at else 1e16, at).kind not in ("jump", "kink", "smooth")
    bent = slope(lambda x: math.exp(x - at) if x > at else 1 - (x - at), at)
    assert bent.kind == "kink" and bent.left == pytest.approx(-1, rel=1e-3) and bent.right == pytest.approx(1, rel=1e-3)


def plain(keep):
    """A class that keeps its numbers as `keep` makes them."""

    class Kept:
        def __init__(self, data, _prev=()):
            self.data, self.grad, self._prev, self._op = keep(data), 0.0, _prev, "*" if _prev else ""

        def __mul__(self, other):
            return Kept(self.data * other.data, (self, other))

        def backward(self):
            self.grad = 1.0
            for x, y in (self._prev, self._prev[::-1]):
                x.grad += y.data

    return Kept


@pytest.mark.filterwarnings("error")
def test_numbers_of_fewer_digits_are_checked_as_far_as_they_go():
    np = pytest.importorskip("numpy")
    for a, b in ((2.0, -3.0), (np.float32(2), np.float32(-3)), (1e3, 1e-3), (0, 0)):
        report = gradcheck(lambda a, b: a * b, cls=plain(np.float32), a=a, b=b)
        assert report.ok and "all agree" in str(report)
    assert str(gradcheck(lambda a, b: a * b, cls=plain(np.float32), a=3e38, b=1.0))  # a step leads to infinity


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        (int, "Kept makes whole numbers of its data: Kept(2.74568) holds 2"),
        (round, "Kept makes whole numbers of its data: Kept(2.74568) holds 3"),
        (lambda x: round(x, 1), "Kept does not keep the numbers that it is given: Kept(2.74568) holds 2.7"),
    ],
)
@pytest.mark.parametrize("b", [3, 2.6])
def test_a_class_that_does_not_keep_its_numbers_is_called_so(keep, said, b):
    report = gradcheck(lambda a, b: a * b, cls=plain(keep), a=2, b=b)
    assert not report.ok and not report.rows and len(report.wrong) == 1 and said in report.wrong[0]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("a*0.1*3 - a*0.3", {"a": 0.0}),
        ("(a + b) - (a + b) + a*1e-9", {"a": 3.0, "b": 4.0}),
        ("tanh(a*b)", {"a": 5.0, "b": 4.0}),
        ("relu(a)*b", {"a": -1.0, "b": 2.0}),
        ("1 - a*a*1e-3", {"a": 0.0}),
        ("a/b", {"a": 1e-30, "b": 1e-20}),
        ("sin(a)*1e-20", {"a": 1.0}),
    ],
)
def test_contributions_that_cancel_out_and_slopes_of_0_are_right_within_their_rounding(text, given):
    report = gradcheck(text, **given)
    assert report.ok and all(row.state == "agrees" for row in report.rows), str(report)
