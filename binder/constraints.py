"""Write binder/constraints.txt: the lock's versions of what cgviz needs, without Jupyter's own packages.

Binder's image brings its own JupyterLab, and everything that belongs to it has to stay as it is there.
Run in the project's environment, after the lock has changed:  python binder/constraints.py
"""

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement

HERE = Path(__file__).resolve().parent
JUPYTER = ("jupyterlab", "ipykernel", "ipywidgets")
HEAD = "# Written by binder/constraints.py from requirements.lock.\n"


def canonical(name: str) -> str:
    """Return a distribution's name as the lock spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names: list[str]) -> set[str]:
    """Return the distributions that `names` bring along on this machine, themselves included."""
    seen: set[str] = set()
    todo = [canonical(name) for name in names]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for line in requires(name) or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                todo.append(canonical(needed.name))
    return seen


def text() -> str:
    """Return what the file has to say."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = closure([Requirement(line).name for line in project["dependencies"]]) - closure(list(JUPYTER))
    lock = (HERE.parent / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)(==.*?) \\$", lock, re.MULTILINE)
    return HEAD + "".join(f"{name}{pin}\n" for name, pin in pins if name in ours)


if __name__ == "__main__":
    (HERE / "constraints.txt").write_text(text(), newline="\n")
