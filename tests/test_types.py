"""What type checkers are told is what there is: the stubs follow from the rows, and mypy accepts what the pages show."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cgviz
from cgviz.live import type_stubs
from cgviz.ops.rows import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "TEACHING.md", *sorted((ROOT / "docs").glob("*.md"))]
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OWN = "_written_here_"
"""Stands in the name of each class that a page or a lesson writes itself: what it lacks is not ours to say."""


@pytest.mark.parametrize("path", type_stubs.files())
def test_a_stub_is_written_from_the_rows_as_they_are_now(path):
    written = (type_stubs.PACKAGE / path).read_text(encoding="utf-8")
    assert written == type_stubs.files()[path], "run `python -m cgviz.live.javascript`"


def test_every_stub_is_one_that_is_written():
    there = {path.relative_to(type_stubs.PACKAGE).as_posix() for path in type_stubs.PACKAGE.rglob("*.pyi")}
    assert there == set(type_stubs.files())


class Renamed(ast.NodeTransformer):
    """Gives the classes of a page names of their own, a new one each time that a class is written or grown.

    A lesson writes ``class Value(Value)`` again and again, and a type checker knows one class of a name.
    """

    def __init__(self):
        self.names = {}
        self.count = 0

    def visit_ClassDef(self, node):
        node.bases = [self.visit(base) for base in node.bases]
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        self.count += 1
        self.names[node.name] = new = f"{node.name}{OWN}{self.count}"
        node.name, node.body = new, [self.visit(each) for each in node.body]
        return node

    def visit_ImportFrom(self, node):
        for alias in node.names:
            if alias.name in self.names:  # a class of the page had this name before
                self.count += 1
                alias.asname = self.names[alias.name] = f"{alias.name}_{self.count}"
        return node

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node


def plain(cell):
    """The Python of a cell, without what only notebooks understand."""
    if cell.lstrip().startswith("%%"):
        return ""
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in cell.splitlines()]
    return "\n".join(re.sub(r"\?+$", "", line) for line in lines)


def cells(path):
    if path.suffix == ".md":
        return BLOCK.findall(path.read_text(encoding="utf-8"))
    told = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in told if cell["cell_type"] == "code"]


def checked(folder, sources):
    """What mypy says of modules that use the package, by their names."""
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    options = ["--check-untyped-defs", "--allow-redefinition", "--ignore-missing-imports", "--no-site-packages"]
    options += ["--follow-imports=silent", "--no-error-summary", "--hide-error-context", "--config-file="]
    command = [sys.executable, "-m", "mypy", *options, "--cache-dir", str(folder / "cache"), "."]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode in (0, 1) and not done.stderr, done.stderr or done.stdout
    return [line for line in done.stdout.splitlines() if ": error: " in line]


def environment():
    import os

    return os.environ | {"MYPYPATH": str(ROOT)}


LEFT_TO_PYTHON = ("[assignment]", "[no-redef]", "[var-annotated]", "[name-defined]")
"""A notebook gives a name another kind of thing in the next cell, and annotates nothing."""


def test_mypy_accepts_every_example_of_the_pages_and_lessons(tmp_path):
    sources = {}
    for path in [*PAGES, *LESSONS]:
        tree = ast.parse("\n".join(map(plain, cells(path))))
        sources["page_" + re.sub(r"\W", "_", path.stem)] = ast.unparse(Renamed().visit(tree))
    assert len(sources) > 20
    assert sum(source.count("cgviz") for source in sources.values()) > 100
    said = checked(tmp_path, sources)
    assert [line for line in said if OWN not in line and not line.endswith(LEFT_TO_PYTHON)] == []
