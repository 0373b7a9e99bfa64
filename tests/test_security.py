"""What SECURITY.md promises, held by what Python itself reports of a process: what is compiled, opened, connected."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cgviz
from cgviz import ExpressionError, Value, draw, explore
from cgviz.start import lessons
from tests.promises import HELD

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(cgviz.__file__).parent
SCRIPTS = sorted((PACKAGE / "live" / "static").rglob("*.js"))
MARK = "MARKOFASTRANGER"

# Everything that the package makes of a graph, of somebody's class with hostile names, and of formulas.
USES = f"""
import json, os, sys
heard = []
def hear(event, arguments):
    if event == "compile":
        source = arguments[0]
        source = source.decode(errors="replace") if isinstance(source, (bytes, bytearray)) else source
        heard.append((event, source if isinstance(source, str) else ""))
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        heard.append((event, str(arguments[0])))
    elif event.startswith(("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "urllib", "pickle")):
        heard.append((event, repr(arguments)))
    elif event.startswith(("os.remove", "os.rename", "os.mkdir", "os.system", "subprocess", "shutil")):
        heard.append((event, repr(arguments)))

import numpy, ipywidgets, anywidget, IPython, contourpy  # their own start is not ours
import cgviz
sys.addaudithook(hear)

from cgviz import Tensor, Value, derivative, descend, draw, explain, explore, gradcheck, steps, table
from cgviz.run.expression import parse
from cgviz.nn import MLP, train
from cgviz.program import Program

hostile = "{MARK}') or __import__('os').abort() # \\n import os"

class Node:
    def __init__(self, data, _prev=(), _op=""):
        self.data, self._prev, self._op, self.label, self.grad = data, _prev, _op, hostile, 0.0

a, b = Value(2, hostile), Value(-3, hostile)
L = (a * b + 1).tanh()
L.label = hostile
L.backward()
theirs = Node(-6, (Node(2), Node(-3)), "*")
odd = Node(1, (theirs,), hostile)
for root in (L, theirs, odd):
    draw(root).svg, str(table(root))
    try:
        str(steps(root))
    except TypeError:
        assert root is odd  # whose operation nobody knows
str(explain(L))
explore("tanh(a*b + c)", a=2, b=-3, c=1).to_html(hostile)
explore(lambda a, b: Node(a.data * b.data, (a, b), "*"), cls=Node, a=2, b=-3)
parse("a*b")(a=a, b=b)
gradcheck("a*b + exp(a)", a=2, b=-3)
derivative("a*a*a", 2)(2.0)
descend("a**2 - 10*a + 28", a=6, rate=0.1)
Tensor([[1.0, 2.0]]).exp().sum().backward()
Program(lambda **given: given[hostile] * 2 + 1, **{{hostile: 3.0}})(**{{hostile: 4.0}})
open(os.devnull, "w").close()  # so that the test sees that such a thing is heard
print("\\n" + json.dumps(heard))
"""


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """What Python reported of a process that used everything, as pairs (event, what)."""
    folder = tmp_path_factory.mktemp("used")
    env = os.environ | {"PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", USES], env=env, cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    return [tuple(pair) for pair in json.loads(done.stdout.splitlines()[-1])]


def test_no_text_of_a_user_is_compiled(heard):
    compiled = [what for event, what in heard if event == "compile"]
    assert any("lambda" in source or "def " in source for source in compiled)  # the hook hears what the rows give
    assert [source for source in compiled if MARK in source or "__import__" in source] == []


def test_nothing_is_sent_fetched_unpickled_started_or_written(heard):
    assert [pair for pair in heard if pair[0] != "compile"] == [("open", os.devnull)]


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').getcwd()",
        "a.__class__",
        "[a][0]",
        "(lambda: a)()",
        "a if a else a",
        "f'{a}'",
        "open('x')",
        "a:=2",
    ],
)
def test_a_formula_is_read_by_a_parser_that_knows_numbers_names_and_operations(text):
    with pytest.raises(ExpressionError):
        explore(text, a=1)


def test_only_these_modules_compile_python_and_none_unpickles():
    calls = re.compile(r"(?<![.\w])(eval|exec|compile)\(|\b(import|from) (pickle|marshal|shelve|dill|joblib)\b")
    found = {
        path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if calls.search(path.read_text("utf-8"))
    }
    assert {Path(name).stem for name in found} == {"row_code", "op", "generated_code", "array_code", "tape", "carried"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_page_asks_nobody_and_runs_no_text(path):
    asks = r"\b(fetch|eval|Function|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|document\.write)\("
    assert re.findall(asks, path.read_text(encoding="utf-8")) == []


def test_a_label_is_shown_and_does_not_run():
    label = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    L = Value(2, label) * 3
    L.backward()
    for text in (draw(L).svg, draw(L)._repr_mimebundle_()["text/html"], explore("a*b", a=1, b=2).to_html(label)):
        assert "<script>alert(1)" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in draw(L).svg


def test_the_server_of_the_lessons_is_opened_to_nobody_else():
    given = " ".join(lessons.QUIET)
    assert not re.search(r"\bip=|token|password|allow_origin|disable_check_xsrf|allow_remote", given)
    source = Path(lessons.__file__).read_text(encoding="utf-8")
    assert not re.search(
        r"ServerApp\.(ip|allow_remote_access|allow_origin|disable_check_xsrf)|\.token=|password", source
    )


def test_the_page_names_what_holds_it():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "`tests/test_security.py`" in text


def test_only_the_set_up_starts_pip():
    starts = re.compile(
        r'"-m", ?"pip"|ensurepip|import (urllib|http|socket|requests)\b|from (urllib|http|socket|requests)'
    )
    found = {
        path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if starts.search(path.read_text("utf-8"))
    }
    assert found and all(name.startswith(("start/", "site/")) for name in found)


def test_each_package_of_the_locks_has_its_hashes():
    for lock in (path.name for path in sorted(ROOT.glob("requirements*.lock"))):
        lines = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        packages = [line for line in lines if line.strip() and not line.startswith(("#", "-"))]
        assert len(packages) > 50
        assert [line for line in packages if not re.search(r"==\S+.* --hash=sha256:[0-9a-f]{64}\b", line)] == []
    assert '"--require-hashes"' in (PACKAGE / "start" / "install.py").read_text(encoding="utf-8")


def test_the_server_asks_for_no_news():
    given = " ".join(lessons.QUIET)
    assert "news_url=None" in given and "NeverCheckForUpdate" in given and "extension_manager=readonly" in given


def sentences():
    """The sentences of the table of promises."""
    rows = re.findall(r"^\| (?!what|---)[^|]+ \| ([^|]+) \|$", (ROOT / "SECURITY.md").read_text("utf-8"), re.MULTILINE)
    return [sentence for row in rows for sentence in re.split(r"(?<=[a-z)`])\. (?=[A-Z`]|cgviz|pip )", row)]


def test_each_sentence_of_the_promises_has_a_test():
    said, held = sentences(), list(HELD)
    assert (
        len(rows := said) > 20
        and [begin for begin, row in zip(held, rows, strict=True) if not row.startswith(begin)] == []
    )
    for tests in HELD.values():
        for test in tests:
            path, _, name = test.partition("::")
            names = {
                node.name for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))) if hasattr(node, "name")
            }
            assert name in names, f"{test}, which is to hold a promise, is not there"
    assert sum(not tests for tests in HELD.values()) == 2  # advice, and what others do
