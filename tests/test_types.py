"""What type checkers are told is what there is: stubs follow from the rows, and mypy accepts what the pages show."""

import ast
import json
import os
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
        self.given = set()
        self.inside = self.count = 0

    def visit_ClassDef(self, node):
        node.bases = [self.visit(base) for base in node.bases]
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        self.count += 1
        self.names[node.name] = new = f"{node.name}{OWN}{self.count}"
        self.inside += 1
        node.name, node.body = new, [self.visit(each) for each in node.body]
        self.inside -= 1
        return node

    def visit_Assign(self, node):
        """A field that is None at first gets a value later."""
        self.generic_visit(node)
        (target, *others) = node.targets
        field = isinstance(target, ast.Attribute) or (self.inside and isinstance(target, ast.Name))
        if field and not others and ast.unparse(node.value) == "None":
            return ast.AnnAssign(target, ast.Constant("Any"), node.value, simple=isinstance(target, ast.Name))
        return node

    def visit_ImportFrom(self, node):
        for alias in node.names:
            if alias.name in self.names or alias.name in self.given:  # something else had this name before
                self.count += 1
                alias.asname = self.names[alias.name] = f"{alias.name}_{self.count}"
        return node

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self.given.add(node.id)
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
    env = os.environ | {"MYPYPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode in (0, 1) and not done.stderr, done.stderr or done.stdout
    return [line for line in done.stdout.splitlines() if ": error: " in line]


LEFT_TO_PYTHON = ("[assignment]", "[no-redef]", "[var-annotated]", "[name-defined]", "[method-assign]")
LEFT_TO_PYTHON += ("Cannot call function of unknown type  [operator]",)  # it stands in a table of functions
LEFT_TO_PYTHON += ("Cannot infer type of lambda  [misc]",)  # nor can it of those that are put into one
LEFT_TO_PYTHON += ('Item "None" of "State | None" has no attribute "accuracy"  [union-attr]',)  # a step has been done
"""A notebook gives a name another kind of thing in the next cell, and annotates nothing."""
NUMBERS = 'to "explore" has incompatible type "**dict[str, float]"'
"""Numbers for leaves, which mypy takes for options too."""


SEEN = """
from typing import assert_type
import cgviz
from cgviz import Tensor, Value
x, X = Value(2, "x"), Tensor([1, 2], "X")
for y in (x + 1, 1 - x, x * x, x / 2, x**2, 2**x, -x, abs(x)):
    assert_type(y, Value)
for Y in (X + 1, 1 - X, X * [1, 2], [1, 2] - X, X @ X, X.sum(), x * X, X * x, X.reshape(2, 1), X[0]):
    assert_type(Y, Tensor)
assert_type(x.grad, float)
x.backward(accumulate=True)
"""
SLIPS = """
from cgviz import Tensor, Value, draw, exp, explore, maximum, no_such_name
x = Value(2, "x")
x.no_such_method()
x + "text"
Value()
exp("text")
maximum(x)
draw()
explore()
Tensor([1]).sum(axes=1)
"""


def uses(op):
    """A use of each thing that a row gives, with what comes out."""
    more = ", 1.0" * (op.arity - 1)
    yield f"assert_type(cgviz.{op.name}(x{more}), Value)"
    yield f"assert_type(cgviz.{op.name}(X{more}), Tensor)"
    yield f"assert_type(cgviz.{op.name}(2.0{more}), float)"
    yield f"assert_type(x.{op.name}({more[2:]}), Value)"
    yield f"assert_type(X.{op.name}({more[2:]}), Tensor)"


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What mypy says of all of them, asked once: by the module."""
    sources = {
        "seen": SEEN + "\n".join(use for op in FUNCTIONS.values() for use in uses(op)),
        "every": "\n".join(f"from cgviz import {name}" for name in dir(cgviz) if name != "__version__"),
        "slips": SLIPS,
    }
    for path in [*PAGES, *LESSONS]:
        tree = ast.parse("\n".join(map(plain, cells(path))))
        written = ast.unparse(Renamed().visit(tree))
        sources["page_" + re.sub(r"\W", "_", path.stem)] = f"from typing import Any\n{written}\n"
    assert len(sources) > 20
    assert sum(source.count("cgviz") for source in sources.values()) > 100
    return checked(tmp_path_factory.mktemp("examples"), sources)


def test_mypy_accepts_every_example_of_the_pages_and_lessons(said):
    wrong = [line for line in said if line.startswith("page_") and OWN not in line]
    wrong = [line for line in wrong if not line.endswith(LEFT_TO_PYTHON) and NUMBERS not in line]
    assert not wrong, "\n".join(wrong)


def test_it_sees_what_the_rows_give_and_what_comes_out(said):
    wrong = [line for line in said if line.startswith(("seen", "every"))]
    assert not wrong, "\n".join(wrong)


def test_it_sees_what_there_is_not(said):
    lines = SLIPS.splitlines()
    told = {int(line.split(":")[1]) for line in said if line.startswith("slips")}
    assert [lines[number - 1] for number in sorted(told)] == [line for line in lines if line and line[:3] != "x ="]
