"""Make the notebooks: each text in ``source/`` is run once and becomes a lesson with its results, ready to commit.

    python lessons/build.py             write the lessons whose source or results changed
    python lessons/build.py --check     write nothing; fail if a lesson is not what its source gives
    python lessons/build.py README      only the table of lessons in README.md, which is brought into step every time

The same source gives the same bytes on every machine. Pictures in pixels are the exception, and the last digits of
numbers in full: where nothing else has changed, what is committed stays. These tags of a cell mean something here:
``predict`` folds its result until the cell is run, ``ask`` its code, ``answer`` both. Below a question, up to the next
heading, all results are folded: one of them may tell the answer. A cell tagged ``grow`` holds a
step of the learner's class; one tagged ``so-far`` is filled with all steps of the lessons before, and folded. The
imports that stand in it stay at its top: whoever comes back runs this one cell.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

LESSONS = Path(__file__).resolve().parent
ROOT = LESSONS.parent
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from lessons import table
from lessons.results import LessonError, comparable, difference, refuse_traces, tidy

FOLDED = {
    "predict": {"outputs_hidden": True},
    "ask": {"source_hidden": True},
    "answer": {"outputs_hidden": True, "source_hidden": True},
    "so-far": {"source_hidden": True},
}
SO_FAR = """\
# The class so far. Run it. (To read it, click on the dots.)
from cgviz.teach import grow
"""
ASKS = re.compile(r"^question\(", re.MULTILINE)
HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
FIRST = "# What this lesson needs. Run it. (To read it, click on the dots.)"
OFF = "CGVIZ_NO_PROGRESS"  # here nobody learns: see cgviz/teach/records/progress_file.py
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
SECONDS = 60


def main(argv: list[str] | None = None) -> int:
    """Build or check the lessons named, or all of them; return 1 if one is not as it should be."""
    parser = argparse.ArgumentParser(description="Make the lessons' notebooks from their sources.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of a lesson's name, such as 01 (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing, say what is out of step")
    options = parser.parse_args(argv)
    wrong = 0
    for source in sources(*options.names):
        try:
            said = step(source, options.check)
        except LessonError as error:
            said, wrong = str(error), wrong + 1
        print(f"{notebook_of(source).name}: {said}")
    try:
        said = step_of_table(options.check)
    except (LessonError, table.FactError) as error:
        said, wrong = str(error), wrong + 1
    print(f"{table.PAGE.name}: {said}")
    return 1 if wrong else 0


def sources(*names: str) -> list[Path]:
    """Return the sources of the lessons whose names contain one of `names`, in order; all without names."""
    found = sorted((LESSONS / "source").glob("[0-9]*.md"))
    return [path for path in found if not names or any(name in path.stem for name in names)]


def notebook_of(source: Path) -> Path:
    """Return where the notebook of a source is."""
    return LESSONS / f"{source.stem}.ipynb"


def step(source: Path, check: bool) -> str:
    """Bring one lesson into step, or see whether it is; return a word on it. Raises LessonError if it is not."""
    path = notebook_of(source)
    fresh = build(source)
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    if comparable(fresh) == comparable(committed):
        return "in step"
    return write(path, committed, fresh, source.stem, check)


def step_of_table(check: bool) -> str:
    """Bring the table of all lessons into step, or see whether it is; raises LessonError or FactError if it is not."""
    committed = table.PAGE.read_text(encoding="utf-8")
    fresh = table.page(sources())
    return "in step" if fresh == committed else write(table.PAGE, committed, fresh, table.PAGE.stem, check)


def write(path: Path, committed: str, fresh: str, name: str, check: bool) -> str:
    """Write a file that is out of step, and say so; raises LessonError with the difference where it is only checked."""
    if check:
        command = f"python {LESSONS.name}/{Path(__file__).name} {name}"
        raise LessonError(f"not what its source gives (`{command}` writes it anew)\n{difference(committed, fresh)}")
    path.write_text(fresh, encoding="utf-8", newline="\n")
    return "written"


def build(source: Path) -> str:
    """Run a source and return its notebook as text. Raises LessonError for results that nobody should see."""
    notebook = read(source)
    run(notebook)
    for cell in notebook.cells:
        tidy(cell)
    text = nbformat.writes(notebook) + "\n"
    refuse_traces(text)
    return text


def read(source: Path) -> NotebookNode:
    """Read a source as a notebook without results, with ids made from the content of the cells."""
    seen: dict[str, int] = {}
    cells, asked = [], False
    for cell in written(source):
        if "so-far" in tags(cell):
            cell.source = so_far(source, cell.source)
        content = f"{cell.cell_type}\n{cell.source}"
        seen[content] = nth = seen.get(content, 0) + 1
        name = hashlib.sha256(f"{content}\n{nth}".encode()).hexdigest()[:8]
        metadata = dict(cell.metadata)
        folds = [FOLDED[tag] for tag in tags(cell) if tag in FOLDED]
        asked = is_asked(cell, asked)
        if asked and cell.cell_type == "code" and not ASKS.search(cell.source):
            folds.append(FOLDED["predict"])
        if folds:
            metadata["jupyter"] = {key: True for fold in folds for key in fold}
        kind = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        cells.append(kind(cell.source, id=name, metadata=metadata))
    return nbformat.v4.new_notebook(cells=cells)


def is_asked(cell: NotebookNode, before: bool) -> bool:
    """Tell whether what a cell shows may give the answer to a question away: from there to the next heading."""
    if cell.cell_type == "code":
        return before or bool(ASKS.search(cell.source))
    return before and not HEADING.search(cell.source)


def written(source: Path) -> list[NotebookNode]:
    """Read the cells of a source as they stand there."""
    return jupytext.reads(source.read_text(encoding="utf-8"), fmt="md:myst").cells


def tags(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def steps(source: Path) -> list[str]:
    """Return the code of a lesson's cells that grow the learner's class, without the remark that opens an answer."""
    cells = [cell.source for cell in written(source) if "grow" in tags(cell)]
    return [re.sub(r"\A# Answer.*\n", "", code).strip() for code in cells]


def so_far(source: Path, imports: str = "") -> str:
    """Return the lesson's imports, and the code of the class as the lessons before this one have left it."""
    code = [code for path in sources() if path.stem < source.stem for code in steps(path)]
    needed = [line for line in imports.splitlines() if line and not line.startswith("#")]
    return "\n\n".join(["\n".join([SO_FAR.strip() if code else FIRST, *needed]), *code])


def run(notebook: NotebookNode) -> None:
    """Run a notebook's cells in a kernel of this Python, in the folder of the lessons."""
    with tempfile.TemporaryDirectory(prefix="cgviz-", ignore_cleanup_errors=True) as home:
        private = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
        with surroundings(**{name: str(Path(home, name.lower())) for name in private}):
            NotebookClient(
                notebook,
                kernel_name=KERNEL["name"],
                timeout=SECONDS,
                allow_errors=True,
                record_timing=False,
                store_widget_state=False,
                coalesce_streams=True,
                extra_arguments=["--log-level=ERROR"],
                resources={"metadata": {"path": str(LESSONS)}},
            ).execute()
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})


@contextlib.contextmanager
def surroundings(**variables: str) -> Iterator[None]:
    """Let the kernels that are started meanwhile find the package of this checkout, and no program ``dot``.

    The pictures of ``dot`` differ between its versions; those of the built-in layout are the same everywhere.
    """
    before = dict(os.environ)
    python_path = [str(ROOT), *filter(None, [before.get("PYTHONPATH")])]
    path = [folder for folder in before.get("PATH", "").split(os.pathsep) if not shutil.which("dot", path=folder)]
    os.environ |= {"PYTHONPATH": os.pathsep.join(python_path), "PATH": os.pathsep.join(path)}
    os.environ |= {"JUPYTER_PREFER_ENV_PATH": "1", OFF: "1", **variables}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    sys.exit(main())
