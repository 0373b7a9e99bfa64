"""Lesson 12: nodes that hold arrays, and their gradients."""

from __future__ import annotations

from typing import Any

from ..exercise_kinds.exercise import Judged, Open
from ..exercise_kinds.functions import check_is_written, no_function
from ..exercise_kinds.numbers import Numbers
from ..questions.ask import Ask
from ..sandbox.likeness import show
from ..sandbox.running import attempt

SHAPES = (
    *(((2, 3), shape) for shape in ((2, 3), (3,), (1, 3), (2, 1), ())),
    *(((2, 3, 2), (3, 1)), ((2, 3), (1, 1)), ((2, 3), (1,)), ((3, 3), (3,)), ((3, 3), (3, 1)), ((1, 3), (1, 3))),
    *(((4, 2, 3), shape) for shape in ((3,), (2, 3), (1, 3), (2, 1), (1, 2, 3), (4, 1, 1), (1, 1, 1), ())),
    *(((3,), (3,)), ((3,), (1,)), ((3,), ()), ((), ())),
)
"""The shape of the gradient that arrives, and that of the operand, the easiest first."""


def back_to_shape(function: Any) -> str:
    """What is wrong with a function that adds a gradient up over the axes along which an operand was repeated."""
    import numpy as np

    if said := no_function(function):
        return said
    for arrived, shape in SHAPES:
        size = int(np.prod(arrived))
        g = np.arange(1.0, 1 + size).reshape(arrived) * np.where(np.arange(size) % 4 == 3, -0.5, 1).reshape(arrived)
        case = f"for an operand of shape {shape} and a gradient g of shape {arrived}"
        given = g.copy()
        done = attempt(function, given, shape)
        check_is_written(function, done)
        if done.failure:
            return f"{case} your function {done.failure}"
        if done.value is None:
            return f"{case} your function returns {done.none}"
        if said := _unlike(done.value, _added_up(g, shape), _repeats(g, shape)):
            return f"{case} {said}"
        if not np.array_equal(given, g):
            return f"{case} your function has changed g; it should leave it as it is"
    return ""


def _added_up(g: Any, shape: tuple[int, ...]) -> Any:
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)


def _repeats(g: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    right = _added_up(g, shape)
    return {
        "these are the means of what comes back; it has to be added up": right * right.size / g.size,
        "these numbers are one of the copies; those of the others have to be added": g[(0,) * (g.ndim - len(shape))],
        "that is the sum of the whole gradient, in each place": right * 0 + g.sum(),
    }


def slopes_of_product(function: Any) -> str:
    """What is wrong with a function (g, x, w) that returns the gradients of both operands of x @ w."""
    import numpy as np

    if said := no_function(function):
        return said
    for n, k, m in ((2, 3, 1), (2, 3, 4), (1, 2, 2), (2, 2, 2), (1, 1, 1), (3, 1, 2), (5, 4, 3)):
        x, w = np.arange(n * k, dtype=float).reshape(n, k) - 1, np.arange(1.0, k * m + 1).reshape(k, m)
        x, w = (x, w) if (n, k, m) != (5, 4, 3) else (np.sin(x), -0.25 * w)
        g = np.arange(n * m, 0.0, -1).reshape(n, m)
        case = f"for x of shape {x.shape} and w of shape {w.shape}, so g of shape {g.shape},"
        given = g.copy(), x.copy(), w.copy()
        done = attempt(function, *given)
        check_is_written(function, done)
        if done.failure:
            return f"{case} your function {done.failure}"
        if done.value is None:
            return f"{case} your function returns {done.none}"
        if not isinstance(done.value, (tuple, list)) or len(done.value) != 2:
            return f"{case} your function returns {show(done.value)}, should be two arrays: that of x, then that of w"
        if done.value[0] is ... or done.value[1] is ...:
            raise Open("one of the two is still …")
        alone = {"that is the other operand alone: g is left out": w.T.sum(axis=0) + 0 * x}
        for name, found, right, slips in (("x", done.value[0], g @ w.T, alone), ("w", done.value[1], x.T @ g, {})):
            if said := _unlike(found, right, slips, f"the gradient of {name}"):
                turned = not _unlike(done.value[0], x.T @ g, {}) and not _unlike(done.value[1], g @ w.T, {})
                return f"{case} {said}{': that of x comes first, then that of w' * turned}"
        for name, now, was in zip("gxw", given, (g, x, w), strict=True):
            if not np.array_equal(now, was):
                return f"{case} your function has changed {name}; it should leave it as it is"
    return ""


def _unlike(found: Any, right: Any, slips: dict[str, Any], what: str = "your result") -> str:
    """How an array differs from the right one: first its shape, then its numbers."""
    import numpy as np

    try:
        array = np.asarray(found, dtype=float)
    except (TypeError, ValueError):
        return f"{what} is {show(found)}, should be an array"
    if array.shape != right.shape:
        return f"{what} has the shape {array.shape}, should have {right.shape}"
    if np.allclose(array, right):
        return ""
    same = (said for said, wrong in slips.items() if np.shape(wrong) == array.shape and np.allclose(array, wrong))
    why = next((f": {said}" for said in same), "")
    return f"{what} has the right shape, but is {array.tolist()}, should be {right.tolist()}{why}"


EXERCISES = (
    Judged(
        name="slopes of a matrix product",
        by=slopes_of_product,
        hints=(
            "Begin with the shapes: let x be n × k and w be k × m. Then g is n × m, and for x you need n × k.",
            "g is n × m and w turned on its side, w.T, is m × k. Which product of the two is n × k?",
            "For x it is g @ w.T. For w you need k × m: it is made of x.T, which is k × n, and of g.",
        ),
        praise="one line each, and all layers of all networks go back through them.",
    ),
    Judged(
        name="unbroadcast",
        by=back_to_shape,
        hints=(
            "An operand was repeated along an axis, so what comes back along that axis is added up. g.sum(axis=0) does "
            "so along the first axis.",
            "There are two cases. g has more axes than shape: add up along axis 0. And a size in shape "
            "is 1, where g has more: add up along that axis, and keep it with keepdims=True.",
            "First a loop: while g.ndim > len(shape). Then another: for axis, size in enumerate(shape), and in it "
            "if size == 1. In each stands one sum over one axis, and g becomes that sum.",
        ),
        praise="whatever was repeated on the way forward is added up on the way back.",
    ),
    Numbers(
        name="slopes of the scores",
        answer=(0.5, -0.75, 0.25),
        typical={
            1: {0.25: "the probabilities are 1/2, 1/4, 1/4: which of the scores is the largest?"},
            2: {0.25: "that is p: for the right class, 1 is taken away", 0.75: "it is p − 1, and not 1 − p"},
            3: {-0.75: "the right class is the middle one", -0.25: "this class is wrong, so it is p itself"},
        },
        hints=(
            "First the softmax: exp of each score, divided by the sum of the three. What is exp(log 2)?",
            "The three numbers are 2, 1, 1, and their sum is 4. So p = (1/2, 1/4, 1/4).",
            "The gradient is p, with 1 taken away at the right class, the one in the middle.",
        ),
        praise="what the model says, minus what is true: this is all that goes back.",
    ),
)

QUESTIONS = (
    Ask(
        key="12.1",
        text="X has 100 rows and 10 columns, W has 10 rows and 4 columns. How many numbers has X @ W?",
        answer=400,
        why="(100 × 10) with (10 × 4) gives (100 × 4).",
    ),
    Ask(
        key="12.2",
        text="Now ten numbers about each of 442 people, ten weights and b. How many nodes has the graph of this loss?",
        answer=12,
        why="people, w, @, b, +, target, -, the exponent 2, the power, sum, the factor 1/442 and "
        "the last product. The number of people does not matter.",
    ),
)
