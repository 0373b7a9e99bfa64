"""Mistakes in the rule of one operation: what it passes to an operand instead of upstream · local."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .links import Link, derivative, local_of

Contribution = Callable[[Link, float], float | None]
"""What a mistaken rule passes along a link, given the gradient that arrives; ``None`` where it makes no difference."""


class Misrule(NamedTuple):
    """A mistake, in a sentence, and what it passes. Of two that fit, the one with the lower `rank` is likelier.

    `takes_sides` is where what an operand gets depends on whether it stands on the left.
    """

    text: str
    rank: int
    contribution: Contribution
    takes_sides: bool = False


def _scale_upstream(local: Callable[[Link], float | None]) -> Contribution:
    """The gradient that arrives, times a mistaken local derivative."""

    def contribution(link: Link, upstream: float) -> float | None:
        wrong = local(link)
        return None if wrong is None else upstream * wrong

    return contribution


def _other(link: Link) -> float | None:
    if len(link.xs) != 2 or link.op is None:
        return None
    return derivative(link.op, 1 - link.position, link.y, link.xs)


def _operand_for_output(link: Link) -> float | None:
    return None if link.op is None else derivative(link.op, link.position, link.xs[link.position], link.xs)


def _output_for_operand(link: Link) -> float | None:
    if link.op is None:
        return None
    xs = tuple(link.y if k == link.position else x for k, x in enumerate(link.xs))
    return derivative(link.op, link.position, link.y, xs)


def _exchange_operands(link: Link) -> float | None:
    """The rule with its operands in the wrong places: that of b / a for a / b."""
    if link.op is None or len(link.xs) != 2:
        return None
    return derivative(link.op, link.position, link.y, link.xs[::-1])


def _gather(side: int) -> Contribution:
    """All that belongs to both operands goes to one of them."""

    def contribution(link: Link, upstream: float) -> float | None:
        other = _other(link)
        if other is None:
            return None
        return upstream * (local_of(link) + other) if link.position == side else 0.0

    return contribution


def _number(link: Link) -> float | None:
    return link.xs[link.position] if link.op is not None else None


def _square_local(link: Link) -> float | None:
    return None if link.local is None else link.local**2


def _invert_local(link: Link) -> float | None:
    return 1 / link.local if link.local else None


def _only(symbol: str, position: int, rule: Callable[..., float]) -> Contribution:
    """A mistake that only one operation can have; `rule` is given its number and its operands."""

    def local(link: Link) -> float | None:
        if link.op is None or link.symbol != symbol or link.position != position:
            return None
        xs = link.xs
        if symbol == "**" and len(xs) == 1:
            xs = (*xs, float(link.op.symbol[2:]))
        try:
            return float(rule(link.y, *xs))
        except (ArithmeticError, ValueError, TypeError):  # also a complex number, of a root of a negative one
            return None

    return _scale_upstream(local)


GATHERED = "both contributions go to one of the operands, and none to the other"

MISRULES: dict[str, Misrule] = {
    "sign": Misrule("the sign is wrong", 2, lambda link, g: -g * local_of(link)),
    "other": Misrule("the derivative with respect to the other operand is used", 2, _scale_upstream(_other)),
    "upstream": Misrule("the gradient that arrives (upstream) is left out", 2, lambda link, g: link.local),
    "local": Misrule("the local derivative is left out", 2, lambda link, g: g),
    "sum": Misrule("upstream and local are added, and should be multiplied", 3, lambda link, g: g + local_of(link)),
    "nothing": Misrule("nothing has been passed back to it", 1, lambda link, g: 0.0),
    "operand": Misrule("the operand is used where the output belongs", 3, _scale_upstream(_operand_for_output)),
    "output": Misrule("the output is used where the operand belongs", 3, _scale_upstream(_output_for_operand)),
    "exchanged": Misrule("the operands are exchanged in the derivative", 3, _scale_upstream(_exchange_operands)),
    "square of the divisor": Misrule("the divisor is not squared", 3, _only("/", 1, lambda y, a, b: -a / b)),
    "sign and square": Misrule(
        "the minus and the square of the divisor are left out", 4, _only("/", 1, lambda y, a, b: a / b)
    ),
    "dividend": Misrule("the dividend is left out", 4, _only("/", 1, lambda y, a, b: -1 / b**2)),
    "dividend and sign": Misrule("the minus and the dividend are left out", 4, _only("/", 1, lambda y, a, b: 1 / b**2)),
    "inverse": Misrule("1 / divisor is the derivative by the dividend", 4, _only("/", 1, lambda y, a, b: 1 / b)),
    "exponent": Misrule("the exponent is not lowered by 1", 3, _only("**", 0, lambda y, x, n: n * x**n)),
    "exponent raised": Misrule(
        "the exponent is raised by 1, and should be lowered", 4, _only("**", 0, lambda y, x, n: n * x ** (n + 1))
    ),
    "factor": Misrule(
        "the factor in front, the exponent, is left out", 3, _only("**", 0, lambda y, x, n: x ** (n - 1))
    ),
    "power": Misrule("the power is left out: only the exponent is used", 4, _only("**", 0, lambda y, x, n: n)),
    "base": Misrule("the power itself is left out: exponent · base is used", 4, _only("**", 0, lambda y, x, n: n * x)),
    "logarithm": Misrule("the logarithm of the base is left out", 3, _only("**", 1, lambda y, x, n: y)),
    "power rule": Misrule(
        "the rule is that of the base, and not that of the exponent",
        4,
        _only("**", 1, lambda y, x, n: n * x ** (n - 1)),
    ),
    "square of tanh": Misrule("the output is not squared", 3, _only("tanh", 0, lambda y, x: 1 - y)),
    "one minus tanh": Misrule("1 - is left out", 4, _only("tanh", 0, lambda y, x: y * y)),
    "square of tan": Misrule("the output is not squared", 3, _only("tan", 0, lambda y, x: 1 + y)),
    "second factor": Misrule("the factor 1 - output is left out", 3, _only("σ", 0, lambda y, x: y)),
    "first factor": Misrule("the factor output is left out", 3, _only("σ", 0, lambda y, x: 1 - y)),
    "tanh for sigmoid": Misrule("1 - output² is the derivative of tanh", 4, _only("σ", 0, lambda y, x: 1 - y * y)),
    "sigmoid for tanh": Misrule(
        "output · (1 - output) is the derivative of the sigmoid", 4, _only("tanh", 0, lambda y, x: y * (1 - y))
    ),
    "exponential": Misrule("the rule is that of a power", 4, _only("exp", 0, lambda y, x: x * y / 2.718281828459045)),
    "relu": Misrule("the output is passed on where 1 or 0 belongs", 3, _only("relu", 0, lambda y, x: y)),
    "closed relu": Misrule(
        "the gradient passes where the output is 0, and not where it is positive",
        3,
        _only("relu", 0, lambda y, x: 0.0 if x > 0 else 1.0),
    ),
    "plus for minus": Misrule("1 + stands where 1 - belongs", 3, _only("tanh", 0, lambda y, x: 1 + y * y)),
    "root": Misrule("the root is left out", 4, _only("sqrt", 0, lambda y, x: 0.5)),
    "inverse sine": Misrule("sin and cos are taken for one another", 3, _only("sin", 0, lambda y, x: y)),
    "twin": Misrule(
        "of a node that is both operands one use is left out, and both count",
        0,
        lambda link, g: 0.0 if link.twin and link.position == 1 else None,
    ),
    "twin first": Misrule(
        "of a node that is both operands one use is left out, and both count",
        0,
        lambda link, g: 0.0 if link.twin and link.position == 0 else None,
    ),
    "left": Misrule(GATHERED, 2, _gather(0), True),
    "right": Misrule(GATHERED, 2, _gather(1), True),
    "own number": Misrule("the operand's own number is used as the local derivative", 3, _scale_upstream(_number)),
    "output's number": Misrule(
        "the output is used as the local derivative", 3, _scale_upstream(lambda link: link.y if link.op else None)
    ),
    "square of the local": Misrule("the local derivative is squared", 4, _scale_upstream(_square_local)),
    "inverse of the local": Misrule("1 / local is used for the local derivative", 4, _scale_upstream(_invert_local)),
    "square of upstream": Misrule(
        "the gradient that arrives (upstream) is squared", 4, lambda link, g: g * g * local_of(link)
    ),
    "double": Misrule("it is counted twice", 3, lambda link, g: 2 * g * local_of(link)),
    "half": Misrule("it is half of what it should be", 3, lambda link, g: 0.5 * g * local_of(link)),
    "triple": Misrule("it is counted three times", 4, lambda link, g: 3 * g * local_of(link)),
}
"""By name, the likeliest first."""
