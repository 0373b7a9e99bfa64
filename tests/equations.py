"""Reads what steps and explanations print, and computes with the numbers that stand there: none of it may be false."""

import math
import re

from cgviz.text import number

READ = {name: getattr(math, name) for name in ("exp", "log", "tanh", "sqrt", "sin", "log1p")}
READ |= {"relu": lambda x: max(x, 0.0), "max": max, "min": min, "abs": abs}


def evaluate(text):
    """A printed formula of numbers as ordinary arithmetic; ``None`` if it is something else."""
    if not text.strip("-")[:1].isdigit() and not any(name in text for name in "|("):
        return None  # most sides of most lines are names
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text.replace("·", "*").replace("^", "**").replace("²", "**2"))
    if not re.fullmatch(r"[-+*/%()., 0-9a-z]*", text) or set(re.findall(r"[a-df-z]\w*", text)) - set(READ):
        return None
    # a sign is part of a number here: (-2)**3
    text = re.sub(r"(?<![\w)] )(?<![\w)])-(\d[\d.]*(?:e[-+]?\d+)?)(?=\*\*)", r"(-\1)", text)
    try:
        return float(eval(text, {"__builtins__": {}}, READ))
    except (SyntaxError, NameError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None


def false_equations(line):
    """The statements of a line that are not true as they are printed: computed with the numbers that stand there."""
    line = line.partition(", so far ")[0]
    for part in line.split(", in all "):
        body, about, result = part.rpartition(" ≈ ")
        sides = body.split(" = ") if about else part.split(" = ")
        sides, result = (sides, result) if about else (sides[:-1], sides[-1])
        y = evaluate(result)
        values = [x for side in sides if (x := evaluate(side.rpartition(": ")[2])) is not None]
        if y is None or not values:
            continue
        last = values[-1]
        if not (number(last) == number(y) or (about and math.isclose(last, y, rel_tol=3e-3, abs_tol=1e-12))):
            yield part
        if not about and any(not math.isclose(x, last, rel_tol=2e-3, abs_tol=1e-12) for x in values):
            yield part
