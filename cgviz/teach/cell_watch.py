"""Watches the cells of a notebook: what a cell that stopped has not made anew, and what a folded answer replaces."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from .feedback import Said

ANSWER = "# Answer"
SO_FAR = "# The class so far"
DEFINED = re.compile(r"^(?:class|(?:async\s+)?def)\s+([^\W\d]\w*)", re.MULTILINE)


class Stop(NamedTuple):
    """A cell that stopped before it had made a name anew: with which error, and in which line (0 if unknown)."""

    error: str
    line: int


class Verdict(NamedTuple):
    """What was checked last under a name, and whether it was right."""

    thing: Any
    right: bool


stopped: dict[str, Stop] = {}
"""By name, the last run of the cell that defines it, where that has stopped."""
verdicts: dict[str, Verdict] = {}
after: list[Callable[[str, Any], None]] = []
"""Called with the text of a cell and how it ended, once it has run."""
_shells: set[int] = set()
_now: list[str] = []
_before: dict[str, Any] = {}


def find_shell() -> Any:
    """The notebook's IPython; ``None`` where there is none."""
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


def watch_cells() -> None:
    """Begin to watch the cells of this notebook; called by whatever a lesson calls first."""
    shell = find_shell()
    if shell is None or id(shell) in _shells:
        return
    _shells.clear()
    _shells.add(id(shell))
    shell.events.register("pre_run_cell", _begin)
    shell.events.register("post_run_cell", _end)


def in_answer() -> bool:
    """Whether the cell that runs is a folded answer."""
    return bool(_now) and _now[-1].lstrip().startswith(ANSWER)


def explain_stop(name: str, so: str = "this is about the code before it") -> str:
    """What to say where the last run of the cell that defines a name has stopped; ``""`` if it has not."""
    if (stop := stopped.get(name)) is None:
        return ""
    where = f" in line {stop.line}" if stop.line else ""
    an = "an" if stop.error[:1] in "AEIOU" else "a"
    return f"The last run of the cell with {name} stopped with {an} {stop.error}{where}: {so}."


def read_cell() -> str:
    """The text of the cell that runs; ``""`` where none does."""
    return _now[-1] if _now else ""


def show(thing: Any) -> None:
    """Show something below the cell that runs."""
    from IPython.display import display

    display(thing)


def _begin(info: Any) -> None:
    cell = getattr(info, "raw_cell", "") or ""
    _now[:] = [cell]
    names = find_shell().user_ns if cell.lstrip().startswith(ANSWER) else {}
    _before.clear()
    _before.update({name: names[name] for name in DEFINED.findall(cell) if name in names})


def _end(result: Any) -> None:
    cell = getattr(getattr(result, "info", None), "raw_cell", "") or ""
    error = result.error_before_exec or result.error_in_exec
    for name, stop in _list_stopped(cell, error):
        if stop is None:
            stopped.pop(name, None)
        else:
            stopped[name] = stop
    if error is None and cell.lstrip().startswith(ANSWER):
        _give_back(find_shell().user_ns)
    _before.clear()
    _now.clear()
    for call in after:
        call(cell, result)


def _list_stopped(cell: str, error: BaseException | None) -> list[tuple[str, Stop | None]]:
    """Each name that a cell defines, and how its run has stopped before it, if it has."""
    found = [(match[1], cell.count("\n", 0, match.start()) + 1) for match in DEFINED.finditer(cell)]
    if error is None:
        return [(name, None) for name, _ in found]
    if isinstance(error, SyntaxError):
        return [(name, Stop(type(error).__name__, error.lineno or 0)) for name, _ in found]
    line = _find_line(error)
    return [(name, Stop(type(error).__name__, line) if at >= line - 1 else None) for name, at in found]


def _find_line(error: BaseException) -> int:
    """The line of the cell in which an error came up."""
    trace_back, line = error.__traceback__, 0
    while trace_back is not None:
        if trace_back.tb_frame.f_code.co_name == "<module>" or not line:
            line = trace_back.tb_lineno if trace_back.tb_frame.f_code.co_name == "<module>" else line
        trace_back = trace_back.tb_next
    return line


def _give_back(names: dict[str, Any]) -> None:
    """Put the learner's own functions back that were right; say of the others that they were replaced."""
    for name, thing in list(_before.items()):
        known = verdicts.get(name)
        if isinstance(thing, type) or known is None or known.thing is not thing or names.get(name) is thing:
            continue
        if known.right:
            names[name] = thing
        show(explain_answer(name, known.right))


def explain_answer(name: str, right: bool) -> Said:
    """What to say below a folded answer, where the learner has written something of her own."""
    if right:
        ours = f"To take ours, delete the line {ANSWER} … and run the cell again."
        return Said("right", f"Your own {name} was right, so it stays. ({ours})")
    return Said(
        "hint", f"From here on {name} is our answer. Yours is still in its cell: run that again to go on with it."
    )
