"""The steps of a loop of one's own: the verdict of a descent, and what was forgotten in the loop."""

import pytest

from cgviz import Value, descend
from cgviz.live import DescentLog


def walk(rate, steps, start=0.0, forget=()):
    """A loop as a learner writes it, without what is forgotten."""
    a, log = Value(start, "a"), DescentLog()
    L = None
    for _ in range(steps + 1):
        if L is None or "forward" not in forget:
            L = a**2 - 10 * a + 28
        if "backward" not in forget:
            L.backward()
        log.add(L, a)
        a.data -= rate * a.grad
    return log


@pytest.mark.parametrize("rate", [0.001, 0.1, 0.5, 0.9, 1.0, 1.05])
def test_the_verdict_is_that_of_descend(rate):
    log, descent = walk(rate, 20), descend("a**2 - 10*a + 28", a=0, rate=rate, steps=20)
    assert log.verdict == descent.verdict
    assert repr(log).splitlines()[1:-1] == repr(descent).splitlines()[1:-1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"forget": ("backward",)},
            "step 0: this loss has not been taken back. Call backward() on the loss before the step",
        ),
        (
            {"forget": ("forward",)},
            "step 1: the loss is that of the step before. Compute it anew in each round: forward",
        ),
        ({"rate": 30.0}, r"step \d+: the loss has grown from 28 to \S+. Diverging: a smaller rate comes down"),
    ],
)
def test_what_cannot_be_right_is_one_sentence(options, said):
    with pytest.raises(ValueError, match=f"^{said.replace('()', '[(][)]')}$"):
        walk(**{"rate": 0.1, "steps": 40, **options})


def test_a_class_without_a_gradient_yet_is_told_what_to_do():
    class Mine:
        def __init__(self, data, _prev=(), _op=""):
            self.data, self._prev, self._op, self.grad = data, _prev, _op, None

    p = Mine(2.0)
    with pytest.raises(ValueError, match=r"^step 0: p1 has no gradient\. Call backward\(\) on the loss"):
        DescentLog().add(Mine(4.0, (p, p), "*"), p)


@pytest.mark.parametrize("thing", [3, None, "a", [Value(1)]])
def test_what_is_no_node_is_refused(thing):
    with pytest.raises(TypeError, match="^add takes the loss and the parameters, which are nodes; got "):
        DescentLog().add(Value(1) * 2, thing)


def test_parameters_that_share_a_label_are_told_apart_and_many_are_not_listed():
    w, v, log = Value(1, "w"), Value(2, "w"), DescentLog()
    L = w * v
    L.backward()
    log.add(L, w, v)
    assert repr(log).splitlines()[0].split()[:3] == ["step", "p1", "p2"]
    many, log = [Value(i, f"w{i}") for i in range(1, 9)], DescentLog()
    L = sum(p * p for p in many)
    L.backward()
    log.add(L, *many)
    assert repr(log).startswith("loss 204 at first, 204 at step 0\n")


def test_a_log_shows_itself_with_a_chart():
    shown = walk(0.1, 20)._repr_mimebundle_()
    assert '<img alt="The loss over 20 steps: from 28 to 3.003"' in shown["text/html"]
    assert "Descending: " in shown["text/html"] and DescentLog()._repr_mimebundle_() == {
        "text/plain": "No step is noted yet."
    }
