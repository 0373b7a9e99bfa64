"""The lessons are what their sources give, and a wrong result in one of them cannot pass unnoticed."""

from __future__ import annotations

import ast
import base64
import copy
import gzip
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from cgviz import trace
from cgviz.run.expression import parse
from cgviz.run.run import leaf
from cgviz.teach import hints, lineage
from cgviz.teach.records.progress_file import OFF
from lessons import build
from lessons.results import BLANK, PASSING, PIXELS, comparable, refuse_traces, tidy

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "lessons"
FIRST = LESSONS / "01-slopes-and-graphs.ipynb"
SOURCES = build.sources()


def code_cells(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def printed(cells):
    """All text that a reader sees as results."""
    outputs = [output for cell in cells for output in cell["outputs"]]
    return "\n".join("".join(o.get("text") or o["data"]["text/plain"]) for o in outputs)


@pytest.mark.parametrize("source", SOURCES, ids=[source.stem for source in SOURCES])
def test_a_committed_lesson_is_what_its_source_gives(source):
    """Its cells, and its results as the build leaves them; that they are those of the cells is seen by nbval.

    It runs each lesson in the folder of the lessons, in the surroundings of the build (`lessons/conftest.py`).
    """
    text = build.notebook_of(source).read_text(encoding="utf-8")
    lesson, fresh = nbformat.reads(text, as_version=4), build.read(source)
    assert text == nbformat.writes(lesson) + "\n"
    refuse_traces(text)
    assert (lesson.nbformat, lesson.nbformat_minor) == (fresh.nbformat, fresh.nbformat_minor)
    for cell, wanted in zip(lesson.cells, fresh.cells, strict=True):
        if cell.cell_type == "code":
            wanted.outputs = copy.deepcopy(cell.outputs)
            for output in wanted.outputs:
                if wanted.metadata.get("jupyter", {}).get("outputs_hidden") and "text/html" in output.get("data", {}):
                    assert output.data["text/html"].startswith(BLANK)
                    output.data["text/html"] = output.data["text/html"].removeprefix(BLANK)
            tidy(wanted)
        assert cell == wanted


def test_the_first_lesson_is_built_as_it_is_committed():
    assert build.step(SOURCES[0], check=True) == "in step"


def test_every_lesson_leads_on_to_the_next_and_no_link_leads_nowhere():
    stems = [source.stem for source in SOURCES]
    for source, following in zip(SOURCES, [*stems[1:], None], strict=True):
        linked = re.findall(r"\]\((\d\d-[^)]*)\.ipynb\)", source.read_text(encoding="utf-8"))
        assert set(linked) <= set(stems), source.stem
        assert following is None or following in linked, source.stem


def test_every_notebook_has_a_source():
    assert sorted(LESSONS.glob("*.ipynb")) == [build.notebook_of(source) for source in SOURCES]


@pytest.mark.parametrize("path", sorted(LESSONS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_committed_lesson_shows_its_results_anywhere_and_tells_nothing_of_the_machine(path):
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert notebook["metadata"] == {"kernelspec": build.KERNEL, "language_info": {"name": "python"}}
    assert PASSING not in text
    assert "application/vnd.jupyter.widget-state+json" not in text
    assert "model_id" not in text
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch("[0-9a-f]{8}", name) for name in ids)
    for cell in code_cells(path):
        assert cell["execution_count"] == 1  # nbval compares nothing in a cell without one
        for output in cell["outputs"]:
            assert output["output_type"] in ("stream", "execute_result", "display_data")
            assert output.get("name", "stdout") == "stdout"
            assert PIXELS not in output.get("data", {}) or cell["metadata"]["alt"]  # said to whom does not see it
            html = "".join(output.get("data", {}).get("text/html", ""))
            said = re.findall('<img alt="([^"]*)"', html)
            assert all(len(words) > 9 for words in said), said
            assert (
                not html
                or said
                or '<div class="cg-said mathjax_ignore"' in html
                or '<p class="mathjax_ignore">' in html
            )
    assert not re.search(r"(src|href)=.?https?://", text)


@pytest.mark.parametrize("source", SOURCES, ids=[source.stem for source in SOURCES])
def test_who_hears_a_lesson_finds_the_way_in_it(source):
    """One title, no level of heading left out, a head above each column of a table but the first, words for images."""
    cells = [cell.source for cell in build.written(source) if cell.cell_type == "markdown"]
    text = re.sub(r"^```.*?^```", "", "\n\n".join(cells), flags=re.MULTILINE | re.DOTALL)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels.count(1) == 1 and levels[0] == 1
    left_out = [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]
    assert not left_out, f"levels of headings are left out (after ## comes ### at most): {left_out}"
    heads = re.findall(r"^\|(.*)\|\n\|[-| ]+\|$", text, re.MULTILINE)
    assert all(name.strip() for head in heads for name in head.split("|")[1:])
    assert all(words.strip() for words in re.findall(r"!\[([^\]]*)\]", text))


def test_the_build_and_the_tests_of_lessons_keep_no_progress():
    with build.surroundings():
        assert os.environ[OFF]


GROWING = [source for source in SOURCES if any(build.steps(one) for one in SOURCES if one.stem < source.stem)]
"""Those that open with a class that the lessons before them have written."""
PROBES = [
    *("a", "a + b", "a * b", "a + a", "a * a", "(a*b + c)*d", "a*(a + b)*a"),
    *("a + 1", "2 * a", "a - b", "3 - a", "-a", "a / b", "1 / a", "a**2", "exp(a)", "sin(a)", "tanh(a)", "relu(b)"),
    "sigmoid(a*x + b) + a",
]


@pytest.mark.parametrize("source", GROWING, ids=[source.stem for source in GROWING])
def test_the_class_so_far_is_the_class_at_the_end_of_the_lesson_before(source):
    step_by_step, folded = {"__name__": "lessons"}, {"__name__": "lesson"}
    exec("from cgviz.teach import grow", step_by_step)
    for earlier in SOURCES[: SOURCES.index(source)]:
        for code in build.steps(earlier):
            exec(code, step_by_step)
    cells = [cell for cell in code_cells(build.notebook_of(source)) if "so-far" in cell["metadata"].get("tags", [])]
    assert len(cells) == 1
    for _ in range(2):  # a second run changes nothing
        exec("".join(cells[0]["source"]), folded)
        classes = {name: made for name, made in step_by_step.items() if "_grown" in getattr(made, "__dict__", {})}
        assert "Value" in classes
        for name, cls in classes.items():
            assert repr(lineage(folded[name])) == repr(lineage(cls))
        assert behaviour(folded["Value"]) == behaviour(step_by_step["Value"])
    assert isinstance(behaviour(folded["Value"])["a"], list)


def behaviour(cls):
    """What a class makes of each probe: its nodes with their operands and gradients, or what it raises."""
    return {text: probe(cls, text) for text in PROBES}


def probe(cls, text):
    numbers = {"a": 2.0, "b": -3.0, "c": 10.0, "d": -2.0, "x": 0.5}
    expression = parse(text)
    try:
        root = expression(**{name: leaf(cls, name, numbers[name]) for name in expression.names})
        if hasattr(root, "backward"):
            root.backward()
        return [tuple(node) for node in trace(root).nodes]
    except (TypeError, AttributeError) as error:
        return str(error)


@pytest.mark.parametrize("source", SOURCES, ids=[source.stem for source in SOURCES])
def test_the_folded_answers_are_right(source, shell):
    """Whoever runs all cells has seen each answer run: then every check of what an answer defines says right."""
    cells = [(cell, shell.transform_cell("".join(cell["source"]))) for cell in code_cells(build.notebook_of(source))]
    for _, code in cells:
        done = shell.run_cell(code)
        assert done.success, done
    given = {name for cell, code in cells if "answer" in cell["metadata"].get("tags", []) for name in defined(code)}
    for call in [call for _, code in cells for call in checks(code)]:
        said = eval(ast.unparse(call), shell.user_ns)
        assert said.ok or (said.how == "open" and ast.unparse(call.args[1]) not in given), said


def checks(code):
    """The calls of check that stand by themselves in a cell."""
    values = [statement.value for statement in ast.parse(code).body if isinstance(statement, ast.Expr)]
    return [v for v in values if isinstance(v, ast.Call) and ast.unparse(v.func) == "check" and len(v.args) == 2]


def defined(code):
    """The names of the functions and classes that a cell defines."""
    return [made.name for made in ast.parse(code).body if isinstance(made, (ast.FunctionDef, ast.ClassDef))]


@pytest.fixture
def shell(ipython, monkeypatch):
    """A notebook in the folder of the lessons, which leaves no trace there."""
    monkeypatch.chdir(LESSONS)
    monkeypatch.setenv(OFF, "1")
    monkeypatch.setattr(hints, "_given", {})
    return ipython


@pytest.mark.parametrize("source", SOURCES[:9], ids=[source.stem for source in SOURCES[:9]])
def test_an_early_lesson_imports_nothing_heavy(source):
    names = r"\bimport (numpy|matplotlib)|\bfrom (numpy|matplotlib)"
    assert not [cell.source for cell in build.written(source) if re.search(names, cell.source)]


def test_the_first_lesson_has_every_figure_of_its_chapter():
    cells = code_cells(FIRST)
    results = printed(cells)
    lines = re.findall(r"^a = \d\.\d{6}, f\(a\) = \d\.\d{6}$", results, re.MULTILINE)
    assert len(lines) == 20
    assert lines[0] == "a = 5.800000, f(a) = 3.640000"
    assert lines[2] == "a = 5.512000, f(a) = 3.262144"
    assert lines[-1] == "a = 5.011529, f(a) = 3.000133"
    assert "Value(L: -8.0)" in results
    assert "(6.0, -4.0, -2.0, 4.0)" in results
    drawn = printed([next(cell for cell in cells if "".join(cell["source"]).endswith("L.backward()\ndraw(L)"))])
    rows = {row[0]: (row[-2], row[-1]) for row in map(str.split, drawn.splitlines()[1:])}
    assert rows == {
        "a": ("2", "6"), "b": ("-3", "-4"), "c": ("10", "-2"), "d": ("-2", "4"),
        "e": ("-6", "-2"), "f": ("4", "-2"), "L": ("-8", "1"),
    }  # fmt: skip


def test_a_changed_result_fails_and_nothing_else_does(tmp_path):
    """A printed number, a value, a formula and a picture are changed in a copy: those four cells fail, no others."""
    wrong = tmp_path / "wrong.ipynb"
    shutil.copy(LESSONS / "conftest.py", tmp_path)
    notebook = json.loads(FIRST.read_text(encoding="utf-8"))
    alter(notebook, "text", "a = 5.011529, f(a) = 3.000133", "a = 5.011529, f(a) = 3.000134")
    alter(notebook, "text/plain", "Value(L: -8.0)", "Value(L: -8.1)")
    alter(notebook, "text/latex", "= 6", "= 7")
    alter(notebook, "text/html", "base64,PHN2", "base64,PHN3")  # the first letters of <svg
    wrong.write_text(json.dumps(notebook), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-q", "-rf"]
    command += ["-p", "no:cacheprovider", "-p", "no:xdist", "--override-ini", "addopts=", "--import-mode=importlib"]
    command += ["--nbval", "--nbval-current-env", f"--nbval-sanitize-with={LESSONS / 'sanitize.cfg'}"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, str(tmp_path)], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert f"4 failed, {len(code_cells(FIRST)) - 4} passed" in done.stdout, done.stdout[-3000:]


def alter(notebook, key, old, new):
    """Change the first result of a kind that contains a text."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            place = output if key in output else output.get("data", {})
            text = "".join(place.get(key, ""))
            if old in text:
                place[key] = text.replace(old, new)
                return
    raise AssertionError(f"no {key} contains {old!r}")


def test_what_an_output_brings_is_compared_as_it_is_unpacked_and_its_code_is_no_result():
    text = FIRST.read_text(encoding="utf-8")
    call = re.search(r'Packed\(document\.currentScript,\\"\\",\\"(\w+)\\",\\"(H4sI[^"\\]+)\\",\\"(H4sI[^"\\]+)', text)
    key, code, numbers = call.groups()

    def packed(text, level):
        return base64.b64encode(gzip.compress(text.encode(), level, mtime=0)).decode()

    found = gzip.decompress(base64.b64decode(numbers)).decode()
    elsewhere = text.replace(numbers, packed(found, 1)).replace(code, packed("newer", 9)).replace(key, "01234567")
    assert elsewhere != text and comparable(elsewhere) == comparable(text)
    assert '"a": 6.0' in found
    other = text.replace(numbers, packed(found.replace('"a": 6.0', '"a": 6.5'), 9))
    assert comparable(other) != comparable(text)
    gone = text.replace(call[0], call[0].replace(code, ""))
    assert comparable(gone) != comparable(text)


def test_an_output_of_a_lesson_is_named_by_its_cell_whatever_it_was_called_in_its_kernel():
    output = nbformat.v4.new_output("display_data", {"text/html": '<div class="cg-output" data-cgviz="0f3a">x</div>'})
    cell = nbformat.v4.new_code_cell("explore()", id="abcd", outputs=[output, copy.deepcopy(output)])
    for _ in range(2):
        tidy(cell)
        assert [re.search('data-cgviz="(.*?)"', one.data["text/html"])[1] for one in cell.outputs] == [
            "abcd-1",
            "abcd-2",
        ]
