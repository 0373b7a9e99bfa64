"""Expressions made at random, each from its number: reused, constant, deep, wide, at the edges, in any order."""

import math
import random
from functools import partial
from typing import NamedTuple

from cgviz.ops.op import OPS

SHOWN = tuple(name for name, op in OPS.items() if not op.helper)
SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "power": "**"}
MICROGRAD = ("add", "sub", "mul", "div", "neg", "power", "relu")
CALM = ("sin", "cos", "tanh", "sigmoid", "arctan", "softplus", "leaky_relu", "relu", "abs")
"""Rows of one operand whose numbers stay small however often they are applied."""
EDGES = (
    *(0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 1e-170, -1e-170, 1e170, -1e170, 1e-320, 1e308, -1e308),
    *(1000.0, -1000.0, 20.0, -20.0, math.inf, -math.inf, math.nan, 1.5e154, 709.7, 710.0, 5e-324, 1e16, 36.7),
)
EXPONENTS = (2.0, 3.0, -1.0, 0.5, -2.0, 1.0, 0.0, 1.5, -0.5, 4.0)
CONSTANTS = (2.0, -1.0, 0.5, 3.0, -2.5, 10.0, 0.1, 1.0, 0.0)


class Plan(NamedTuple):
    """An expression: the numbers of its leaves, and lines (row, operands); the last line is the root.

    An operand is the place of a leaf or of a line, which are counted on behind the leaves, or a number.
    """

    number: int
    kind: str
    leaves: tuple[float, ...]
    lines: tuple[tuple[str, tuple], ...]

    @property
    def names(self):
        """The names of the leaves."""
        return tuple(f"x{i}" for i in range(len(self.leaves)))

    @property
    def text(self):
        """The expression as it is typed."""
        steps = []
        for i, (row, xs) in enumerate(self.lines, len(self.leaves)):
            written = [self._write(x) for x in xs]
            if row in SIGNS:
                code = f" {SIGNS[row]} ".join(written)
            else:
                code = f"-{written[0]}" if row == "neg" else f"{row}({', '.join(written)})"
            steps.append(f"v{i} = {code}")
        return "; ".join(steps)

    def _write(self, x):
        if isinstance(x, float):
            return f"({x!r})"
        return f"x{x}" if x < len(self.leaves) else f"v{x}"

    def rooted(self, n):
        """The expression of the first n lines."""
        used, keep = set(), []
        for i in reversed(range(n)):
            at = i + len(self.leaves)
            if i == n - 1 or at in used:
                keep.append(i)
                used.update(x for x in self.lines[i][1] if not isinstance(x, float))
        keep.reverse()
        leaves = [i for i in range(len(self.leaves)) if i in used]
        places = {i: k for k, i in enumerate(leaves)}
        places |= {i + len(self.leaves): k + len(leaves) for k, i in enumerate(keep)}
        lines = [
            (self.lines[i][0], tuple(x if isinstance(x, float) else places[x] for x in self.lines[i][1])) for i in keep
        ]
        return self._replace(leaves=tuple(self.leaves[i] for i in leaves), lines=tuple(lines))


def compute(row, xs):
    """The number of a row, NaN where it has none."""
    try:
        return float(OPS[row](*xs))
    except (ValueError, ArithmeticError):
        return math.nan


class Draft:
    """A plan that is being made: it knows its numbers, so that most lines have one."""

    def __init__(self, rng, leaves):
        self.rng, self.leaves, self.data, self.lines = rng, tuple(leaves), list(leaves), []

    def add(self, row, *xs):
        self.data.append(compute(row, [x if isinstance(x, float) else self.data[x] for x in xs]))
        self.lines.append((row, xs))
        return len(self.data) - 1

    def undo(self):
        self.data.pop()
        self.lines.pop()

    def draw(self, rows, operand, constant=0.2, careful=0.9, most=1e6):
        """One more line of any of these rows. Mostly one that has a number, and no large one."""
        for _ in range(20):
            row = self.rng.choice(rows)
            xs = [operand() for _ in range(OPS[row].arity)]
            if len(xs) == 2 and self.rng.random() < constant:
                k = self.rng.randrange(2)
                xs[k] = self.rng.choice(EXPONENTS if row == "power" and k else CONSTANTS)
            self.add(row, *xs)
            if self.rng.random() > careful or abs(self.data[-1]) < most:
                return
            self.undo()
        self.add("add", operand(), 1.0)


def make(number):
    """The plan of this number."""
    rng = random.Random(number)
    kind = rng.choices(list(KINDS), SHARES.values())[0]
    draft = KINDS[kind](rng)
    plan = Plan(number, kind, draft.leaves, tuple(draft.lines))
    return plan.rooted(len(plan.lines))


def some(rng, n):
    """Numbers of leaves: of any size from 0.01 to 10, and some that tie."""
    numbers = (rng.uniform(-3, 3), float(rng.randint(-3, 3)), rng.choice((-1, 1)) * 10 ** rng.uniform(-2, 1))
    return [float(rng.choice(numbers)) for _ in range(n)]


def reuse(rng):
    draft = Draft(rng, some(rng, rng.randint(1, 4)))
    for _ in range(rng.randint(2, 14)):
        draft.draw(SHOWN, lambda: rng.randrange(len(draft.data)))
    return draft


def tree(rng):
    draft = Draft(rng, some(rng, 6))
    free = list(range(6))
    while len(free) > 1:
        draft.draw(SHOWN, partial(rng.choice, free))
        used = {x for x in draft.lines[-1][1] if not isinstance(x, float)}
        free = [*(i for i in free if i not in used), len(draft.data) - 1]
    return draft


def constants(rng):
    draft = Draft(rng, some(rng, 2))
    for _ in range(rng.randint(2, 10)):
        draft.draw(SHOWN, lambda: rng.randrange(max(0, len(draft.data) - 3), len(draft.data)), constant=0.8)
    return draft


def powers(rng):
    draft = Draft(rng, some(rng, 2))
    for _ in range(rng.randint(1, 6)):
        draft.draw(("power", "power", "mul", "add", "sub", "sqrt"), lambda: rng.randrange(len(draft.data)), 0.5, 0.8)
    return draft


def edges(rng):
    draft = Draft(rng, [rng.choice(EDGES) for _ in range(rng.randint(1, 3))])
    for _ in range(rng.randint(1, 5)):
        draft.draw(SHOWN, lambda: rng.randrange(len(draft.data)), careful=0.6, most=math.inf)
    return draft


def deep(rng):
    draft = Draft(rng, some(rng, 3))
    last = 0
    for _ in range(rng.randint(30, 250)):
        if rng.random() < 0.5:
            last = draft.add(rng.choice(CALM), last)
        else:
            xs = [last, rng.choice((rng.randrange(3), rng.choice((0.5, -0.9, 0.25))))]
            rng.shuffle(xs)
            last = draft.add(rng.choice(("add", "sub", "mul", "maximum", "minimum")), *xs)
        if not abs(draft.data[-1]) < 1e6:
            draft.undo()
            last = len(draft.data) - 1
    return draft


def wide(rng):
    """A sum of many neurons: what an engine of arrays takes together."""
    n = rng.randint(2, 6)
    draft = Draft(rng, some(rng, n))
    total = 0
    for _ in range(rng.randint(20, 90)):
        row = [draft.add("mul", i, rng.choice((rng.randrange(n), rng.uniform(-1, 1)))) for i in range(n)]
        last = row[0]
        for x in row[1:]:
            last = draft.add(rng.choice(("add", "add", "sub")), last, x)
        total = draft.add("add", total, draft.add(rng.choice((*CALM, "exp")), draft.add("mul", last, 0.1)))
    return draft


def course(rng):
    """Rows that micrograd has too."""
    draft = Draft(rng, some(rng, 3))
    for _ in range(rng.randint(3, 12)):
        draft.draw(tuple(row for row in MICROGRAD if row != "power"), lambda: rng.randrange(len(draft.data)))
        if rng.random() < 0.2:
            draft.add("power", len(draft.data) - 1, rng.choice(EXPONENTS[:3]))
            if not abs(draft.data[-1]) < 1e6:
                draft.undo()
    return draft


KINDS = {f.__name__: f for f in (reuse, tree, constants, powers, edges, deep, wide, course)}
SHARES = dict.fromkeys(KINDS, 16) | {"deep": 2, "wide": 2}
"""How often each comes up: these two are ten times the work."""
