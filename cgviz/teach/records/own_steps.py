"""A learner's own steps: the source of each one that was right, in a small file of Python beside her progress."""

from __future__ import annotations

import ast
import os
import re
import secrets
from pathlib import Path
from typing import NamedTuple

from .small_file import read_small
from .tries import alone

FILE = "my-class.py"
HEAD = """\
# Your own steps: what you have written for the exercises, kept when it was right. Read it, change it, it is yours.
# A lesson runs it only when you ask for it, by use_mine(): it is Python, and runs with your rights, as a notebook does.
"""
MARK = re.compile(r"^# %% (lesson\d*) \| (.*) \| ([^\W\d]\w*)$", re.MULTILINE)

KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


class OwnStep(NamedTuple):
    """One step: the exercise that it is for, the `name` of the class or function that was checked, and its `source`."""

    lesson: str
    exercise: str
    name: str
    source: str


def read_steps(path: Path) -> list[OwnStep]:
    """The steps that a file holds, in its order; none where there is no file. Raises `Damaged` and `OSError`."""
    if not path.exists():
        return []
    parts = MARK.split(read_small(path))[1:]
    return [OwnStep(*parts[i : i + 3], parts[i + 3].strip("\n")) for i in range(0, len(parts), 4)]


def keep_step(path: Path, step: OwnStep) -> None:
    """Put a step into the file, in the place of an earlier one for the same exercise. Raises `Damaged`, `OSError`."""
    with alone(path):
        held = {(one.lesson, one.exercise): one for one in read_steps(path)}
        if held.get((step.lesson, step.exercise)) == step:
            return
        held[step.lesson, step.exercise] = step
        steps = sorted(held.values(), key=lambda one: one.lesson)  # those of one lesson stay in order
        text = HEAD + "".join(f"\n# %% {one.lesson} | {one.exercise} | {one.name}\n{one.source}\n" for one in steps)
        temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
        try:
            temporary.write_text(text, encoding="utf-8", newline="\n")
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def cut_step(cell: str) -> str:
    """What a cell defines, without what it calls and shows; ``""`` for a cell that is no Python.

    >>> cut_step("import math\\ndef f(x):\\n    return x  # mine\\ncheck('f', f)\\nprint(f(1))")
    'import math\\ndef f(x):\\n    return x  # mine'
    """
    try:
        body = ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError):
        return ""
    lines, kept = cell.splitlines(), []
    for part in body:
        if isinstance(part, KEPT) and not (isinstance(part, ast.Assign) and _calls(part.value)):
            first = min([part.lineno, *(one.lineno for one in getattr(part, "decorator_list", []))])
            kept.append("\n".join(lines[first - 1 : part.end_lineno]))
    return re.sub(r"^# %% ", "#  %% ", "\n".join(kept), flags=re.MULTILINE)


def _calls(part: ast.AST) -> bool:
    """Whether an expression calls something at once, as ``said = check(…)`` does."""
    below = [] if isinstance(part, ast.Lambda) else list(ast.iter_child_nodes(part))
    return isinstance(part, ast.Call) or any(map(_calls, below))


def list_names(source: str) -> list[str]:
    """The names that a step defines by ``def`` and ``class``."""
    return [part.name for part in ast.parse(source).body if isinstance(part, (ast.FunctionDef, ast.ClassDef))]
