"""What each row computes, written for SymPy: the one table of the tests that a new operation has to be entered in."""

import itertools

import sympy

from cgviz.ops.op import OPS

a, b = sympy.symbols("a b", real=True)
STEP = ((sympy.S.One, a > 0), (sympy.S.Zero, True))


class floor(sympy.Function):
    """SymPy's floor, with the derivative that it lacks: for the formula of an operation that has steps."""

    @classmethod
    def eval(cls, x):
        return sympy.floor(x) if x.is_Number else None

    def fdiff(self, argindex=1):
        return sympy.S.Zero


FORMULAS = {
    "add": a + b,
    "sub": a - b,
    "mul": a * b,
    "div": a / b,
    "neg": -a,
    "power": a**b,
    "abs": sympy.Abs(a),
    "exp": sympy.exp(a),
    "log": sympy.log(a),
    "log1p": sympy.log(1 + a),
    "sqrt": sympy.sqrt(a),
    "sin": sympy.sin(a),
    "cos": sympy.cos(a),
    "tan": sympy.tan(a),
    "arctan": sympy.atan(a),
    "maximum": sympy.Piecewise((a, a >= b), (b, True)),
    "minimum": sympy.Piecewise((a, a <= b), (b, True)),
    "tanh": sympy.tanh(a),
    "sigmoid": 1 / (1 + sympy.exp(-a)),
    "relu": sympy.Piecewise((a, a > 0), (0, True)),
    "leaky_relu": sympy.Piecewise((a, a > 0), (a / 100, True)),
    "softplus": sympy.log(1 + sympy.exp(a)),
    "sign": sympy.Piecewise((1, a > 0), (-1, a < 0), (0, True)),
    "greater": sympy.Piecewise((1, a > b), (0, True)),
    "greater_equal": sympy.Piecewise((1, a >= b), (0, True)),
    "share": sympy.Piecewise((1, a > b), (sympy.Rational(1, 2), sympy.Eq(a, b)), (0, True)),
    "lower": a - 1,
    "log_or_zero": sympy.log(a),
    "unsaturated": 1 - a**2,
    "complement": 1 - a,
}
"""Functions of `a`, or of `a` and `b`, for all rows: those that users have, and those that only rules need."""

TWICE = {"unsaturated", "complement"}
"""Rows that are told one number twice, and take for its tail the one that has kept the digits."""

POINTS = (-2.5, -0.3, 0.4, 1.9, 7.0)


def exactly(formula, xs):
    """The formula's number, by SymPy; not real outside of its domain."""
    return complex(formula.subs(dict(zip((a, b), map(sympy.Float, xs), strict=False))).evalf(30))


def points(name):
    """Operands to try a row at: its samples, and others of our own choice within the domain, no ties, no edges."""
    arity, formula = OPS[name].arity, FORMULAS[name]
    if name in TWICE:
        return [*OPS[name].samples]
    wanted = [formula, *(sympy.diff(formula, x) for x in (a, b)[:arity])]
    chosen = [xs for xs in itertools.product(POINTS, repeat=arity) if len(set(xs)) == len(xs)]
    return [*(xs for xs in chosen if all(_is_real(exactly(f, xs)) for f in wanted)), *OPS[name].samples]


def _is_real(x):
    return x.imag == 0 and abs(x) < float("inf")
