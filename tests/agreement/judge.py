"""Who is right where two disagree: the same expression in numbers of 50 digits, and how much it makes of a rounding."""

import math
import random
from functools import cache

import mpmath
import sympy
from mpmath import mp

from cgviz import Value
from tests.formulas import FORMULAS

from .engines import eager

DIGITS, STEP = 50, mpmath.mpf(10) ** -18
WIDE, TINY = 1600, mpmath.mpf(10) ** -700
"""The same where the largest numbers of floats meet the smallest."""
LARGEST, SMALLEST = mpmath.mpf(2) ** 1024, mpmath.mpf(2) ** -1022
NEAR = 1e-9
"""Two numbers this near, relative to the larger one, are one."""


def same(x, y, tolerance=NEAR):
    """Whether two numbers are one."""
    if x == y or (x != x and y != y):
        return True
    return abs(x - y) <= tolerance * max(abs(x), abs(y))


def agree(first, second):
    """Whether two outcomes are one."""
    if first[0] != "done" or second[0] != "done":
        return first[0] == second[0]
    return all(map(same, first[1:], second[1:]))


def near(ours, theirs, scale):
    """Whether the number and the gradients of somebody who computes in another order are ours, but for last digits."""
    return agree(ours, theirs) or (
        ours[0] == theirs[0] == "done"
        and all(same(x, y) or abs(x - y) <= 1e-12 * scale for x, y in zip(ours[1:], theirs[1:], strict=True))
    )


class Outside(ArithmeticError):
    """An operation has no value."""


class TooLarge(Outside):
    """An operation has a value that no float holds."""


def _power(a, b):
    if (a == 0 and b < 0) or (a < 0 and b != mp.floor(b)):
        raise Outside
    if b == 0 or a == 0:
        return mp.mpf(b == 0)
    if abs(b) < 1000:
        return a**b
    return mp.exp(_bounded(b * mp.log(abs(a)))) * (-1 if a < 0 and mp.floor(b / 2) * 2 != b else 1)


def _bounded(x):
    """An exponent for which there is an exponential."""
    if x > 1000:
        raise TooLarge
    return x


def _asked(f, domain):
    def compute(x):
        if not domain(x):
            raise Outside
        return f(x)

    return compute


def _divide(a, b):
    if b == 0:
        raise Outside
    return a / b


EXACT = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": _divide,
    "neg": lambda x: -x,
    "power": _power,
    "abs": abs,
    "exp": lambda x: mp.exp(_bounded(x)),
    "log": _asked(mp.log, lambda x: x > 0),
    "sqrt": _asked(mp.sqrt, lambda x: x >= 0),
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "arctan": mp.atan,
    "maximum": max,
    "minimum": min,
    "tanh": mp.tanh,
    "sigmoid": lambda x: mp.exp(min(x, 0)) / (1 + mp.exp(-abs(x))),
    "relu": lambda x: max(x, mp.mpf(0)),
    "leaky_relu": lambda x: max(x, x / 100 if x else x),
    "softplus": lambda x: max(x, 0) + mp.log1p(mp.exp(-abs(x))),
}
"""The rows once more, of mpmath's functions."""
KINKS = {"abs": 0, "relu": 0, "leaky_relu": 0}


def exact_values(plan, leaves):
    """All numbers of a plan, as exactly as mpmath is set to. Raises `Outside`, and so of what no float holds."""
    known = list(leaves)
    try:
        for row, xs in plan.lines:
            y = EXACT[row](*(mp.mpf(x) if isinstance(x, float) else known[x] for x in xs))
            if abs(y) >= LARGEST:
                raise TooLarge
            known.append(y)
    except Outside as refusal:
        refusal.known = known
        raise
    return known


def on_a_kink(plan, known):
    """Whether an operand stands at a place, or within a rounding of it, where its row has no slope."""
    for row, xs in plan.lines:
        found = [mp.mpf(x) if isinstance(x, float) else known[x] for x in xs]
        if row in KINKS:
            found.append(mp.mpf(0))
        if (row in KINKS or row in ("maximum", "minimum")) and abs(found[0] - found[1]) <= 1e-12 * max(
            1e-3, *map(abs, found)
        ):
            return True
        if row in ("power", "sqrt") and found[0] == 0:
            return True
    return False


def verdict(plan, found, scale=1.0):
    """What exact numbers say of an outcome: "right", or the class of what can be said against it, at last "wrong".

    `scale` is the largest number or gradient on the way.
    """
    if not all(map(math.isfinite, plan.leaves)):
        return "an infinity came in"
    said = "wrong"
    if plan.kind != "edges":
        with mpmath.workdps(DIGITS):
            said = _judge(plan, found, lambda x: STEP * max(abs(x), mp.mpf("1e-3")), scale)
    if said == "wrong":
        with mpmath.workdps(WIDE):
            said = _judge(plan, found, lambda x: TINY, scale)
    return said


def _judge(plan, found, step, scale):
    leaves = [mp.mpf(x) for x in plan.leaves]
    try:
        known = exact_values(plan, leaves)
    except Outside as refusal:
        return "right" if found[0] == "forward" else _of_rounding(plan, found, known=refusal.known)
    if found[0] == "forward":
        return _of_rounding(plan, found, known=known)
    if on_a_kink(plan, known):
        return "at a kink"
    try:
        exact = [known[-1], *(_slope(plan, leaves, i, step(x)) for i, x in enumerate(leaves))]
    except Outside:
        return "at the edge of a domain"
    if found[0] == "done" and all(_close(x, y) for x, y in zip(found[1:], exact, strict=True)):
        return "right"
    if found[0] == "done" and _is_of_exponents(plan, found, exact, known):
        return "NaN, of the exponent of a negative base (rule 6)"
    if found[0] == "done" and all(abs(x - y) <= 1e-12 * scale for x, y in zip(found[1:], exact, strict=True)):
        return "what is left where much larger numbers cancel out"
    return _of_rounding(plan, found, exact, known)


def _is_of_exponents(plan, found, exact, known):
    """Whether all that is strange is NaN, and a negative base stands there with an exponent that is computed."""
    there = any(
        row == "power" and not isinstance(xs[1], float) and (xs[0] if isinstance(xs[0], float) else known[xs[0]]) < 0
        for row, xs in plan.lines
    )
    return there and all(x != x or _close(x, y) for x, y in zip(found[1:], exact, strict=True))


def _close(x, y, tolerance=1e-8):
    return math.isfinite(x) and abs(x - y) <= tolerance * abs(y) + 1e-12 * min(1, max(1e-300, abs(y)))


def _slope(plan, leaves, i, h):
    """The derivative by finite differences, in digits enough that they are no approximation."""
    ends = [exact_values(plan, [*leaves[:i], leaves[i] + d, *leaves[i + 1 :]])[-1] for d in (h, -h)]
    return (ends[0] - ends[1]) / (2 * h)


def _of_rounding(plan, found, exact=None, known=()):
    """Why a float has another number than the exact one, or another outcome, if there is a reason."""
    if any(0 < abs(x) < SMALLEST for x in known):
        return "a number on the way is too small for a float"
    if any(0 < abs(x) < SMALLEST for x in exact or ()):
        return "a gradient is too small for a float"
    if any(abs(x) > LARGEST / 2**20 for x in exact or ()):
        return "a gradient is too large for a float"
    if _is_rounding_enough(plan, found):
        return "ill-conditioned: a rounding on the way makes as much difference"
    rng = random.Random(plan.number)
    outcomes = [eager(_shaken(plan, rng), Value) for _ in range(12)]
    if len({outcome[0] for outcome in outcomes} | {found[0]}) > 1:
        return "a last digit decides whether there is a value"
    if exact is None and found[0] == "done" and None not in _rounded_roots(plan):
        return "a last digit decides whether there is a value"  # of what is exactly 0
    if exact is None or found[0] != "done":
        return "wrong"
    for k, (x, y) in enumerate(zip(found[1:], exact, strict=True), 1):
        seen = [outcome[k] for outcome in outcomes]
        if not (_close(x, y) or abs(x - y) <= 300 * max(abs(s - x) for s in seen)):
            return "wrong"
    return "ill-conditioned: last digits of the numbers make as much difference"


def _is_rounding_enough(plan, found):
    """Whether the number itself is another if each result is rounded as a float is, in one direction or the other."""
    roots = _rounded_roots(plan)
    if None in roots:
        return found[0] == "done"
    return max(roots) - min(roots) > 1e-4 * max(map(abs, roots))


def _rounded_roots(plan):
    """The exact number of a plan four times, each result a rounding off; ``None`` where there is none."""
    rng = random.Random(plan.number)
    roots = []
    for _ in range(4):
        known = [mp.mpf(x) for x in plan.leaves]
        try:
            for row, xs in plan.lines:
                y = EXACT[row](*(mp.mpf(x) if isinstance(x, float) else known[x] for x in xs))
                known.append(y * (1 + rng.choice((-1, 1)) * mp.mpf(2) ** -53))
            roots.append(known[-1])
        except Outside:
            roots.append(None)
    return roots


def _shaken(plan, rng):
    """The same plan, each number wrong in its last digit but one."""

    def shake(x):
        return x * (1 + rng.uniform(-2e-15, 2e-15))

    lines = [
        (row, tuple(shake(x) if isinstance(x, float) and (row != "power" or k == 0) else x for k, x in enumerate(xs)))
        for row, xs in plan.lines
    ]
    return plan._replace(leaves=tuple(map(shake, plan.leaves)), lines=tuple(lines))


def digits_matter(plan):
    """Whether the last digits of the numbers make a difference that two engines may have between them."""
    rng = random.Random(plan.number)
    outcomes = [eager(_shaken(plan, rng), Value) for _ in range(8)]
    first = outcomes[0]
    return any(
        outcome[0] != first[0]
        or (first[0] == "done" and not all(same(x, y, 1e-12) for x, y in zip(outcome, first, strict=False)))
        for outcome in outcomes[1:]
    )


@cache
def _formula(row):
    return FORMULAS[row]


def by_sympy(plan):
    """The number and the gradients by SymPy's derivatives of the formulas of `tests/formulas.py`; of a small plan.

    ``None`` where SymPy has no answer, as for comparisons with what it takes for NaN.
    """
    leaves = sympy.symbols(plan.names, real=True)
    a, b = sympy.symbols("a b", real=True)
    try:
        return _in_sympy(plan, leaves, a, b)
    except (TypeError, RecursionError, ValueError):
        return None


def _in_sympy(plan, leaves, a, b):
    known = list(leaves)
    for row, xs in plan.lines:
        xs = [sympy.Float(x, DIGITS) if isinstance(x, float) else known[x] for x in xs]
        known.append(FORMULAS[row].subs(dict(zip((a, b), xs, strict=False)), simultaneous=True))
    at = {leaf: sympy.Float(x, DIGITS) for leaf, x in zip(leaves, plan.leaves, strict=True)}
    written = [known[-1], *(sympy.diff(known[-1], leaf) for leaf in leaves)]
    return ("done", *(complex(y.evalf(DIGITS, subs=at)) for y in written))
