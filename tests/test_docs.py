"""Every piece of Python in README.md and docs/ runs, page by page, and prints what the page says that it prints."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

import cgviz
from cgviz.cli import main
from cgviz.teach import hints

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *(path for path in sorted((ROOT / "docs").glob("*.md")) if path.stem != "architecture")]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$(?:\n+^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Somebody's notebook, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setattr(hints, "_given", {})
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def blocks(path, language):
    found = BLOCK.findall(path.read_text(encoding="utf-8"))
    return [(code, text) for name, code, text in found if name == language]


def run(shell, code):
    """Run a cell; return what it prints, the representation of its last line included."""
    code = shell.transform_cell(code)
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(tree, "<page>", "exec"), shell.user_ns)
        if last:
            value = eval(compile(ast.Expression(last.value), "<page>", "eval"), shell.user_ns)
            if value is not None:
                print(repr(value) if not hasattr(value, "save") else value)
    return out.getvalue()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_runs(shell, path):
    done = blocks(path, "python")
    assert done
    for code, text in done:
        printed = run(shell, code)
        if text:
            assert [line.rstrip() for line in printed.splitlines()] == text.splitlines(), code


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_commands_of_a_page_run(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for code, text in blocks(path, "console"):
        for line in code.splitlines():
            assert line.startswith("python3 -m cgviz draw ")
            assert main(shlex.split(line)[3:]) == 0
            printed = capsys.readouterr().out
        if text:
            assert [line.rstrip() for line in printed.splitlines()] == text.splitlines(), code


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (path.parent / link).exists()]
    assert missing == []


def test_the_picture_in_the_readme_is_what_draw_gives():
    names = {}
    exec(next(code for code, _ in blocks(ROOT / "README.md", "python") if "draw(L)" in code), names)
    path = ROOT / "docs" / "images" / "L.svg"
    fresh = cgviz.draw(names["L"]).svg.strip()
    assert path.read_text(encoding="utf-8").strip() == fresh, f"draw(L) has changed: draw(L).save('{path}')"


def test_every_public_name_is_in_a_lesson_or_in_the_docs():
    texts = [path.read_text(encoding="utf-8") for path in [*PAGES, *(ROOT / "lessons" / "source").glob("*.md")]]
    code = "\n".join(block for text in texts for block in re.findall(r"^```[^\n]*\n(.*?)^```$", text, re.M | re.S))
    names = [name for name in cgviz.__all__ if name != "__version__"]
    assert [name for name in names if not re.search(rf"\b{name}\b", code)] == []


def test_the_spellings_in_the_docs_are_those_that_are_read():
    from cgviz import graph

    text = (ROOT / "docs" / "your-own-class.md").read_text(encoding="utf-8")
    rows = [re.findall(r"`(\w+)`", line) for line in text.splitlines() if line.startswith("| ")]
    tables = (graph.DATA, graph.OPERANDS, graph.OPERATION, graph.LABEL, graph.GRAD)
    assert [row for row in rows if row] == [list(table) for table in tables]
