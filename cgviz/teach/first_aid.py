"""One sentence below a cell that failed, where it is known what is behind it: for somebody who has begun this week."""

from __future__ import annotations

import builtins
import difflib
import importlib
import re
from typing import Any

from .cell_watch import DEFINED, after, explain_stop, find_shell, show, watch_cells
from .feedback import Said
from .sandbox.advice import advice
from .sandbox.self_slips import explain_self
from .sandbox.shadowed import explain_shadow

CLASS = re.compile(r"^class\s+([^\W\d]\w*)", re.MULTILINE)
LECTURES = ("micrograd", "tinygrad", "engine", "minitorch")
ABOVE = "run the cells above first: Run, then Run All Above Selected Cell"


def explain_error(error: BaseException, names: dict[str, Any], cell: str = "") -> str:
    """What is behind an error of a cell with this text; ``""`` where Python says it well enough, or we do not know.

    >>> explain_error(NameError("name 'Value' is not defined", name="Value"), {})
    'no cell that ran has made Value: run the cells above first: Run, then Run All Above Selected Cell'
    """
    if isinstance(error, KeyboardInterrupt):
        return explain_interrupt(cell)
    if isinstance(error, UnboundLocalError):
        found = re.search(r"variable '(\w+)'", str(error))
        return f"{found[1]} is set in this function as well, so Python looks for it there alone" if found else ""
    if isinstance(error, NameError) and error.name:
        return explain_self(error) or _explain_name(error.name, names, cell)
    if isinstance(error, ModuleNotFoundError):
        lecture = (error.name or "").partition(".")[0] in LECTURES
        return "the lessons need no such package: leave the line out, the class is your own here" * lecture
    if isinstance(error, RecursionError):
        return (
            "something calls itself for ever: does a method use, on itself, the very operator that it is written for?"
        )
    if _is_ours(error):
        return ""
    return explain_shadow(error) or explain_self(error) or advice(str(error))


def explain_interrupt(cell: str) -> str:
    """What is left of a cell with this text that the stop button has ended.

    >>> explain_interrupt("for step in training.steps(400): ...")
    'you stopped this cell: what it did until then stays, and the parameters are those of the last complete step'
    """
    stopped = "you stopped this cell: what it did until then stays"
    if ".backward(" in cell:  # a loop of her own: some parameters may have moved, and others not yet
        return f"{stopped}, but the last step of its loop may be half done: run the cell again from its top"
    if ".steps(" in cell:
        return f"{stopped}, and the parameters are those of the last complete step"
    return f"{stopped}. It can be run again"


def _explain_name(name: str, names: dict[str, Any], cell: str) -> str:
    for module in ("cgviz", "cgviz.teach"):
        if name in importlib.import_module(module).__all__:
            if name in ("Value", "Tensor"):  # in a lesson, the learner's own
                break
            return f"{name} comes with the imports: run the cell from {module} import … again"
    if name not in DEFINED.findall(cell) and (said := explain_stop(name, "mend that, and run it again")):
        return said
    if name == "self":
        return advice("name 'self' is not defined")
    for known in (names, vars(builtins)):
        if near := difflib.get_close_matches(name, [one for one in known if one[:1] != "_"], 1, 0.8):
            return f"there is no {name}; did you mean {near[0]}?"
    return f"no cell that ran has made {name}: {ABOVE}"


def explain_replaced(cell: str, before: dict[str, Any], names: dict[str, Any]) -> str:
    """What to say of a cell that has put a new class in the place of one that was grown; ``""`` if it has not."""
    for name in CLASS.findall(cell):
        old, new = before.get(name), names.get(name)
        if not isinstance(old, type) or not isinstance(new, type) or "_grown" not in vars(old):
            continue
        if "_grown" not in vars(new) and not issubclass(new, old):
            grow = f"@grow, and below it class {name}({name}):"
            return f"this {name} is a new class, without what yours had. To add to yours instead, write {grow}"
    return ""


def _is_ours(error: BaseException) -> bool:
    """Whether the package has raised it, with a sentence of its own."""
    trace_back = error.__traceback__
    while trace_back is not None and trace_back.tb_next is not None:
        trace_back = trace_back.tb_next
    return trace_back is not None and str(trace_back.tb_frame.f_globals.get("__name__", "")).startswith("cgviz.")


_before: dict[str, Any] = {}


def help_after(cell: str, result: Any) -> None:
    """Show the sentence, if there is one, below the cell that has just run."""
    shell = find_shell()
    names = shell.user_ns if shell is not None else {}
    error = result.error_in_exec
    said = explain_error(error, names, cell) if error is not None else explain_replaced(cell, _before, names)
    if said:
        show(Said("hint", said))
    _before.clear()
    _before.update({name: held for name, held in names.items() if isinstance(held, type) and "_grown" in vars(held)})


after.append(help_after)
watch_cells()  # whoever imports the tools of a lesson is in one
