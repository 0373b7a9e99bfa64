"""What other engines call the operations that have a row here: signs, verbs, Python's methods, PyTorch's functions."""

from __future__ import annotations

import re

SAME = {
    "add": "+ plus sum addition iadd addto sumtwo",
    "sub": "- − – minus subtract subtraction difference",
    "mul": "* × · ∙ ⋅ ∗ ⊙ multiply multiplication mult times product hadamard prod emul",
    "div": "/ ÷ ∕ ⁄ divide division truediv truedivide quotient",
    "power": "** ^ pow exponentiate exponentiation floatpower raise",
    "neg": "- − negate negative negation unaryminus uminus usub minus",
    "exp": "exponential expo e^x e**x",
    "log": "ln loge logarithm naturallog",
    "sqrt": "√ squareroot",
    "abs": "|x| |·| absolute fabs absolutevalue",
    "sin": "sine",
    "cos": "cosine",
    "tan": "tangent",
    "arctan": "atan arctangent",
    "tanh": "hyperbolictangent",
    "sigmoid": "sigm logistic expit",
    "relu": "rectifier rectify rectifiedlinear",
    "leaky_relu": "lrelu",
    "maximum": "max",
    "minimum": "min",
    "sign": "signum",
    "**2": "square squared sqr ² x² pow2",
    "**3": "cube cubed ³ x³ pow3",
    "**-1": "reciprocal recip inv 1/x",
    "**-0.5": "rsqrt",
}
"""For each row its other names, without spaces and underscores."""

ALIASES = {(other, name) for name, others in SAME.items() for other in others.split()}

PARTS = (
    re.compile(r"^.*[.:](?=\w)"),  # operator.mul, Value.__mul__
    re.compile(r"(Backward|_backward|backward|_bwd|Bwd)_?\d*$"),  # PyTorch's MulBackward0
    re.compile(r"(?<=[a-z0-9])(Op|Operation|Operator|Function|Func|Fn|Node|Layer|Gate|Grad|Expr|Forward)$"),
    re.compile(r"_(op|fn|func|node|grad|forward|fwd)$"),
    re.compile(r"^(EWise|ElementWise|Elementwise|Tensor|Scalar)(?=[A-Z])"),
)
"""What a name has besides the operation's."""


def candidates(symbol: str) -> list[str]:
    """The names of rows that a name may stand for, the likeliest first.

    >>> candidates("×"), candidates("MulBackward0"), candidates("__rsub__"), candidates("operator.truediv")
    (['mul'], ['mul'], ['sub'], ['div'])
    """
    name = symbol.strip()
    if len(name) > 40:
        return []
    short = name
    for part in PARTS:
        short = part.sub("", short) or short
    found: list[str] = []
    for one in dict.fromkeys((name, short)):
        plain = re.sub(r"[\s_-]", "", one).lower() or one
        for spelled in (plain, plain[1:] if plain[:1] in ("r", "i") and len(plain) > 3 else ""):
            found += [row for row in SAME if spelled and (spelled == row.replace("_", "") or (spelled, row) in ALIASES)]
    return list(dict.fromkeys(found))
