"""Lessons as scripts, in jupytext's form with a mark for each cell: they run from end to end, wherever scripts do."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))


def run(text, folder):
    """What the script prints."""
    (folder / "script.py").write_text(text, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(ROOT), "CGVIZ_NO_PROGRESS": "1", "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem[:2])
def test_a_lesson_is_python_from_end_to_end(lesson):
    tree = ast.parse(jupytext.writes(jupytext.read(lesson), fmt="py:percent"))
    assert any(isinstance(node, ast.ImportFrom) and node.module.startswith("cgviz") for node in ast.walk(tree))


def test_a_lesson_runs_as_a_script_and_prints_what_its_cells_print(tmp_path):
    shutil.copytree(ROOT / "lessons" / "images", tmp_path / "images")
    notebook = jupytext.read(LESSONS[4])
    printed = run(jupytext.writes(notebook, fmt="py:percent"), tmp_path)
    cells = (cell for cell in notebook.cells if cell.cell_type == "code")
    texts = [out.text for cell in cells for out in cell.outputs if out.output_type == "stream"]
    assert texts
    assert all(text in printed for text in texts)


@pytest.mark.parametrize(
    "cell",
    [
        nbformat.v4.new_code_cell("%explore e = a*b; L = e + a  a=2 b=-3"),
        nbformat.v4.new_code_cell("%%explore a=2 b=-3\ne = a*b\nL = e + a", metadata={"tags": ["active-ipynb"]}),
        nbformat.v4.new_code_cell('from cgviz import explore\nexplore("e = a*b; L = e + a", a=2, b=-3)'),
    ],
    ids=["one line", "steps, for notebooks alone", "a call"],
)
def test_an_exploration_may_stand_in_a_script(tmp_path, cell):
    notebook = nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_code_cell("print('the end')")])
    text = jupytext.writes(notebook, fmt="py:percent")
    assert run(text, tmp_path) == "the end\n"
    assert jupytext.reads(text, fmt="py:percent").cells[0].source == cell.source
