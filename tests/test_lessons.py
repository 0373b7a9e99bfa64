"""The lessons are what their sources give, and a wrong result in one of them cannot pass unnoticed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lessons import build

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
    assert build.step(source, check=True) == "in step"


def test_every_notebook_has_a_source():
    assert sorted(LESSONS.glob("*.ipynb")) == [build.notebook_of(source) for source in SOURCES]


@pytest.mark.parametrize("path", sorted(LESSONS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_committed_lesson_shows_its_results_anywhere_and_tells_nothing_of_the_machine(path):
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert notebook["metadata"] == {"kernelspec": build.KERNEL, "language_info": {"name": "python"}}
    assert build.PASSING not in text
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
            html = "".join(output.get("data", {}).get("text/html", ""))
            assert not html or '<img alt="Computational graph of' in html
    assert not re.search(r"(src|href)=.?https?://", text)


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
    drawn = printed([next(cell for cell in cells if cell["source"][0].startswith("L.backward()"))])
    rows = {row[0]: (row[-2], row[-1]) for row in map(str.split, drawn.splitlines()[1:])}
    assert rows == {
        "a": ("2", "6"), "b": ("-3", "-4"), "c": ("10", "-2"), "d": ("-2", "4"),
        "e": ("-6", "-2"), "f": ("4", "-2"), "L": ("-8", "1"),
    }  # fmt: skip


def test_a_changed_result_fails_and_nothing_else_does(tmp_path):
    """A printed number, a value, a formula and a picture are changed in a copy: those four cells fail, no others."""
    right, wrong = tmp_path / "right.ipynb", tmp_path / "wrong.ipynb"
    shutil.copy(LESSONS / "conftest.py", tmp_path)
    shutil.copy(FIRST, right)
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
    failed = re.findall(r"^FAILED \S*?(right|wrong)\.ipynb::", done.stdout, re.MULTILINE)
    assert failed == ["wrong"] * 4, done.stdout[-3000:]
    count = len(code_cells(FIRST))
    assert f"4 failed, {2 * count - 4} passed" in done.stdout


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
