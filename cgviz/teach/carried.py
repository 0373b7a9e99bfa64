"""The learner's own steps, carried into later lessons: kept when they are right, used when she asks for them."""

from __future__ import annotations

import contextlib
import inspect
import linecache
import sys
from pathlib import Path
from types import FunctionType
from typing import Any

from .cell_watch import ANSWER, SO_FAR, Verdict, after, find_shell, show, verdicts
from .exercise_kinds.exercise import Exercise
from .feedback import Said
from .growth.class_growth import line, list_methods, own
from .records.own_steps import FILE, OwnStep, cut_step, keep_step, list_names, read_steps
from .records.progress_file import keeps
from .records.small_file import Damaged
from .registry import find

_steps: dict[str, str] = {}
"""By exercise, the title of the step that was right first: a class that has grown since passes the check as well."""


def note_verdict(exercise: str, lesson: str, thing: Any, right: bool) -> None:
    """Remember how a class or a function was judged; a right one of the learner's own is kept in her file."""
    if issubclass(type(thing), type):  # a thing may lie about its class, or raise when it is asked
        steps = [step for step in line(thing) if vars(step)["_grown"].number]
        title = _steps.get(exercise) or (vars(steps[-1])["_grown"].title if steps else "")
        step = next((one for one in steps if vars(one)["_grown"].title == title), None)
        if step is None:
            return
        verdicts[f"{step.__name__}: {title}"] = Verdict(list_methods(step), right)
        if right:
            _steps[exercise] = title
        functions = [held for held in vars(step).values() if isinstance(held, FunctionType)]
    elif type(thing) is FunctionType:
        verdicts[thing.__name__] = Verdict(thing, right)
        functions = [thing]
    else:
        return
    if right and keeps() and (source := _find_source(functions)):
        with contextlib.suppress(OSError, Damaged):
            keep_step(Path(FILE), OwnStep(lesson, exercise, thing.__name__, source))


def is_ours(exercise: str, thing: Any) -> bool:
    """Whether what is checked is our folded answer, and nothing of the learner's own."""
    if type(thing) is FunctionType:
        functions = [thing]
    elif issubclass(type(thing), type):
        steps = [step for step in line(thing) if vars(step)["_grown"].number]
        named = [step for step in steps if vars(step)["_grown"].title.partition(": ")[2].rstrip(".") == exercise]
        functions = [held for step in (named or steps)[-1:] for held in vars(step).values() if _is_written(held)]
    else:
        return False
    return bool(functions) and all(_read_cell(one).lstrip().startswith(ANSWER) for one in functions)


def _is_written(held: Any) -> bool:
    """Whether an attribute is a function that a cell has written; refusals of older instances are ours alone."""
    return isinstance(held, FunctionType) and bool(_read_cell(held))


def _read_cell(function: FunctionType) -> str:
    """The cell that has written a function; ``""`` where it is of no cell."""
    return "".join(linecache.getlines(_file(function))) if "ipython" in _name_file(function) else ""


def _file(function: FunctionType) -> str:
    return inspect.unwrap(function).__code__.co_filename


def _find_source(functions: list[FunctionType]) -> str:
    """The cell that has written some functions, if it is the learner's own."""
    for function in functions:
        cell = _read_cell(function)
        if cell and not cell.lstrip().startswith((ANSWER, SO_FAR)):
            return cut_step(cell)
    return ""


def _name_file(function: FunctionType) -> str:
    """The file of a function: a cell's has a name of IPython's, or stands in a folder of the kernel's."""
    return _file(function).replace("ipykernel", "ipython")


def use_mine() -> Said:
    """Use your own steps in the class so far, from ``my-class.py`` in this folder, in the place of ours.

    The file holds what you have written for exercises and what was right. It is Python and runs with your rights, so it
    is run by this call alone. A step that is no longer right, or fails, is left out and ours stays; a sentence says so.
    Call it below the cell of the class so far.

    >>> import os, tempfile
    >>> here = os.getcwd()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     os.chdir(folder)
    ...     try: print(use_mine())
    ...     finally: os.chdir(here)
    … there is no my-class.py in this folder: it comes with the first exercise that you have solved
    """
    return use_steps(sys._getframe(1).f_globals)


def use_steps(names: dict[str, Any]) -> Said:
    """Run the learner's own steps where `names` has ours; say what was used, and what was not and why."""
    try:
        steps = read_steps(Path(FILE))
    except (OSError, Damaged) as error:
        return Said("wrong", f"{FILE} cannot be read: {getattr(error, 'strerror', None) or error}")
    if not steps:
        return Said("open", f"there is no {FILE} in this folder: it comes with the first exercise that you have solved")
    used, left = [], []
    for step in steps:
        if not fits(step, names):
            continue
        said = _use(step, names)
        left.append(f"{step.exercise} ({said})") if said else used.append(step.exercise)
    text = f"yours now: {', '.join(used)}." if used else "none of your steps belongs to this class."
    text += f" Ours stays for: {'; '.join(left)}." if left else ""
    return Said("right" if used else "open", text)


def fits(step: OwnStep, names: dict[str, Any]) -> bool:
    """Whether a step belongs to what there is: a class that has this step, or a function of this name."""
    held = names.get(step.name)
    if isinstance(held, type):
        return any(vars(one)["_grown"].title and vars(one)["_grown"].title in step.source for one in line(held))
    return isinstance(held, FunctionType)


def _use(step: OwnStep, names: dict[str, Any]) -> str:
    """Run one step; if it is not right, put back what there was, and say why."""
    try:
        code, defined = compile(step.source, FILE, "exec"), list_names(step.source)
    except (SyntaxError, ValueError) as error:
        return f"it is no Python: {type(error).__name__}"
    before = {name: names[name] for name in defined if name in names}
    classes = [one for cls in before.values() if isinstance(cls, type) for one in line(cls)]
    kept = {one: (dict(vars(one)), own(one)) for one in classes}
    try:
        exec(code, names)
    except (Exception, SystemExit) as error:
        said = f"it raised {type(error).__name__}"
    else:
        found = find(step.exercise)
        said = _judge(found[1], names, step.name) if found else ""
    if said:
        for cls, (held, defined) in kept.items():
            for name in own(cls):
                delattr(cls, name)
            for name in [*defined, "_grown"]:
                setattr(cls, name, held[name])
        names.update(before)
    return said


def _judge(exercise: Exercise, names: dict[str, Any], name: str) -> str:
    """What is wrong with a step in this lesson; ``""`` if it is right, or cannot be judged by itself."""
    cls = names.get("Value")
    said = exercise.check(names[name], cls if isinstance(cls, type) else None)
    return "" if said.ok or said.how == "open" else said.text.partition(": ")[2]


def offer(cell: str, result: Any) -> None:
    """Below the class so far: offer the learner's own steps, if there are any."""
    shell = find_shell()
    if not cell.lstrip().startswith(SO_FAR) or result.error_in_exec or shell is None or not keeps():
        return
    try:
        steps = [step.exercise for step in read_steps(Path(FILE)) if fits(step, shell.user_ns)]
    except (OSError, Damaged, SyntaxError):
        return
    if steps:
        show(_make_offer(steps, shell.user_ns))


def _make_offer(steps: list[str], names: dict[str, Any]) -> Any:
    said = f"Of this class you have written yourself: {', '.join(steps)}. What you see is our version of it."
    said += f" To go on with yours, press the button or run use_mine(): it runs {FILE} of this folder."
    try:
        import ipywidgets
    except ImportError:
        return Said("hint", said)
    wide = ipywidgets.Layout(width="max-content")
    button, told = ipywidgets.Button(description="use my own steps", layout=wide), ipywidgets.HTML()
    told.value = Said("hint", said)._repr_html_()

    def press(_: Any) -> None:
        told.value = use_steps(names)._repr_html_()
        button.disabled = True

    button.on_click(press)
    return ipywidgets.VBox([told, button])


after.append(offer)
