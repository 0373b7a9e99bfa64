"""What each dependency costs, in megabytes on the disk and in seconds of its import, and which modules import it.

    .venv/bin/python benchmarks/dependencies.py            prints the table
    .venv/bin/python benchmarks/dependencies.py --write    writes it into docs/dependencies.md

Sizes are those of the installed files, without compiled Python; times are what `python -X importtime` says, the
shortest of seven starts.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "dependencies.md"
TABLE = re.compile(r"(?<=<!-- made by benchmarks/dependencies.py -->\n\n).*(?=\n<!-- end of the table -->)", re.DOTALL)
HEAD = "| package | MB, its own | MB, with what it brings | import, ms | imported by |\n|---|---|---|---|---|\n"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MODULES = {"ipython": "IPython", "pillow": "PIL"}
"""What a package is called in Python, where that is not its own name."""


def required() -> list[str]:
    """Return the names of the dependencies that everybody gets, in the order of pyproject.toml."""
    return [Requirement(line).name for line in PROJECT["dependencies"]]


def extra() -> list[str]:
    """Return those that the extra `lessons` adds on every system."""
    found = map(Requirement, PROJECT["optional-dependencies"]["lessons"])
    return [requirement.name for requirement in found if requirement.marker is None]


def brought(name: str) -> set[str]:
    """Return the distributions that come with this one on this machine, itself included."""
    found: set[str] = set()
    todo = [name]
    while todo:
        one = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if one not in found:
            found.add(one)
            needed = map(Requirement, metadata.requires(one) or ())
            todo += [need.name for need in needed if need.marker is None or need.marker.evaluate({"extra": ""})]
    return found


def megabytes(name: str) -> float:
    """Return the size of a distribution's files."""
    paths = (Path(file.locate()) for file in metadata.files(name) or () if file.suffix != ".pyc")
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def milliseconds(module: str) -> float:
    """Return how long its import takes in a Python that has just started."""
    return min(_import(module) for _ in range(7))


def _import(module: str) -> float:
    command = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    (line,) = re.findall(rf"^import time: +\d+ \| +(\d+) \| {module}$", said, re.MULTILINE)
    return int(line) / 1000


def importers(module: str) -> list[str]:
    """Return the parts of the package, its modules and folders, that import a module."""
    parts = set()
    for path in (ROOT / "cgviz").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            if any(name.partition(".")[0] == module for name in names):
                parts.add("cgviz." + path.relative_to(ROOT / "cgviz").parts[0].removesuffix(".py"))
    return sorted(parts)


def row(name: str) -> str:
    """Return the line of one dependency."""
    module = MODULES.get(name, name)
    whole = sum(map(megabytes, brought(name)))
    users = ", ".join(f"`{user}`" for user in importers(module))
    return f"| {name} | {megabytes(name):.1f} | {whole:.0f} | {milliseconds(module):.0f} | {users} |\n"


def table() -> str:
    """Return the table: what everybody gets, all of it together, and what the extra adds."""
    ours = set().union(*map(brought, required()))
    added = set().union(*map(brought, extra())) - ours
    every, more = (sum(map(megabytes, names)) for names in (ours, added))
    together = f"| all of these | | {every:.0f} | | |\n"
    return (
        HEAD
        + "".join(map(row, required()))
        + together
        + "".join(map(row, extra()))
        + f"| it adds | | {more:.0f} | | |\n"
    )


def main(arguments: list[str]) -> int:
    """Print or write."""
    made = table()
    if "--write" in arguments:
        PAGE.write_text(TABLE.sub(lambda _: made, PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    else:
        print(made, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
