"""The table of the lessons follows their sources; of their results, pictures in pixels alone may differ."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import nbformat
import pytest

from lessons import build, table
from lessons.results import LessonError, comparable

ROOT = Path(__file__).resolve().parent.parent
SOURCES = build.sources()
SOURCE = """\
---
aims: "walk: downhill, by `step`"
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# 9 · Descent

Forward, backward, step. It takes about
30 minutes.

## Part 1

This exercise takes about 5 minutes.
"""


@pytest.fixture
def source(tmp_path):
    def write(text=SOURCE):
        path = tmp_path / "09-descent.md"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_table_in_the_readme_is_what_the_sources_give():
    assert build.step_of_table(check=True) == "in step"


def test_every_lesson_has_a_row_with_a_badge_of_its_own():
    text = table.PAGE.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| [")]
    base = re.search(r"\((https://mybinder\.org/v2/\S+)01-slopes", (ROOT / "README.md").read_text(encoding="utf-8"))[1]
    assert len(rows) == len(SOURCES)
    for row, path in zip(rows, SOURCES, strict=True):
        assert f"]({path.stem}.ipynb)" in row
        assert f"({base}{path.stem}.ipynb)" in row
        assert f"({table.site()}lab/index.html?path={path.stem}.ipynb)" in row


def test_the_address_in_the_browser_is_that_of_the_repository(monkeypatch, tmp_path):
    monkeypatch.setattr(table, "PROJECT", tmp_path / "pyproject.toml")
    table.PROJECT.write_text('[project.urls]\nRepository = "https://github.com/ada/notes"\n', encoding="utf-8")
    assert table.site() == "https://ada.github.io/notes/lite/"
    table.PROJECT.write_text('[project.urls]\nRepository = "https://example.org/notes"\n', encoding="utf-8")
    with pytest.raises(
        table.FactError, match=r"pyproject.toml: from the repository's address https://example.org/notes"
    ):
        table.site()


def test_the_readme_says_how_many_lessons_there_are():
    assert f"\nIn {len(SOURCES)} lessons " in (ROOT / "README.md").read_text(encoding="utf-8")


def test_links_of_the_page_lead_somewhere():
    links = re.findall(r"\]\(([^)#]+)", table.PAGE.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (table.LESSONS / link).exists()] == []


def test_a_link_from_lesson_to_lesson_leads_there():
    names = {source.stem[:2]: f"{source.stem}.ipynb" for source in SOURCES}
    for source in SOURCES:
        links = re.findall(r"\]\(((\d\d)-[^)#]*\.ipynb)[)#]", source.read_text(encoding="utf-8"))
        wrong = [link for link, number in links if names.get(number, link) != link]
        assert wrong == [], f"{source.name}: no lesson has this name"


def test_the_facts_are_those_of_the_source(source):
    assert table.facts(source()) == ("9", "Descent", 30, "walk: downhill, by `step`")
    assert "| [9 · Descent](09-descent.ipynb) | 30 | walk: downhill, by `step` | [![" in table.table([source()])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('aims: "walk: downhill, by `step`"\n', "", "add to its front matter"),
        ("walk: downhill", "walk | downhill", "without |"),
        ("aims: ", "aims: [1, 2] # ", "in one line"),
        ("# 9 · Descent", "# Descent", "`# 9 · Title`"),
        ("# 9 · Descent", "# 8 · Descent", "`# 9 · Title`"),
        ("about\n30 minutes", "a while", "above its first part"),
    ],
)
def test_a_missing_fact_is_told_with_what_to_add(source, old, new, told):
    assert old in SOURCE
    with pytest.raises(table.FactError, match=re.escape(told)) as caught:
        table.table([source(SOURCE.replace(old, new, 1))])
    assert "09-descent.md: " in str(caught.value)


def test_a_table_out_of_step_is_told_and_then_written(tmp_path, monkeypatch, capsys):
    page = tmp_path / "README.md"
    page.write_text(re.sub(r"\| \d+ \|", "| 99 |", table.PAGE.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    monkeypatch.setattr(table, "PAGE", page)
    assert build.main(["--check", "README"]) == 1
    assert "build.py README` writes it anew" in capsys.readouterr().out
    assert build.main(["README"]) == 0
    assert "written" in capsys.readouterr().out
    assert build.main(["--check", "README"]) == 0
    page.write_text("# The lessons\n", encoding="utf-8")
    assert build.main(["README"]) == 1
    assert "the remarks between which the table stands are gone" in capsys.readouterr().out


# --- pictures in pixels ---


def png(grey):
    """A picture of one pixel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes([0, grey]))) + chunk(b"IEND", b"")


def picture(x):
    """A picture that says a number in full, under a name that is made from its content."""
    svg = f'<svg id="cg{zlib.crc32(x.encode()):08x}"><title>value of L: {x}</title></svg>'
    return f'<img src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


X = "0.24999999999999994"
DRAWN = f"""\
from IPython.display import display

display({{"image/png": {base64.b64encode(png(0)).decode()!r}, "text/plain": "a figure"}}, raw=True)
display({{"text/html": {picture(X)!r}}}, raw=True)
print(1 + 1)"""


def notebook(grey=0, said="2", plain="a figure", x=X):
    """What the build makes of the cell DRAWN: with another picture, line, text for the picture, or number in one."""
    data = {"text/plain": plain} | ({} if grey is None else {"image/png": base64.b64encode(png(grey)).decode()})
    outputs = [nbformat.v4.new_output("display_data", shown) for shown in (data, {"text/html": picture(x)})]
    outputs.append(nbformat.v4.new_output("stream", text=f"{said}\n"))
    cell = nbformat.v4.new_code_cell(DRAWN, id="0123abcd", execution_count=1, outputs=outputs)
    metadata = {"kernelspec": build.KERNEL, "language_info": {"name": "python"}}
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell], metadata=metadata)) + "\n"


def test_a_picture_in_pixels_stays_where_nothing_else_changes(tmp_path, monkeypatch):
    path = tmp_path / "09-descent.ipynb"
    monkeypatch.setattr(build, "notebook_of", lambda source: path)
    source = tmp_path / "09-descent.md"
    committed = notebook(grey=0)
    path.write_text(committed, encoding="utf-8")

    monkeypatch.setattr(build, "build", lambda source: notebook(grey=255))
    assert build.step(source, check=True) == build.step(source, check=False) == "in step"
    assert path.read_text(encoding="utf-8") == committed

    for other in (notebook(grey=255, said="3"), notebook(grey=255, plain="two figures"), notebook(grey=None)):
        path.write_text(committed, encoding="utf-8")
        monkeypatch.setattr(build, "build", lambda source, other=other: other)
        with pytest.raises(LessonError, match="not what its source gives"):
            build.step(source, check=True)
        assert build.step(source, check=False) == "written"
        assert path.read_text(encoding="utf-8") == other


@pytest.mark.usefixtures("contributor")
def test_the_comparison_of_results_leaves_out_pixels_and_last_digits_alone(tmp_path):
    shutil.copy(build.LESSONS / "conftest.py", tmp_path)
    cases = {"same": {}, "pixels": {"grey": 255}, "digit": {"x": "0.24999999999999983"}}
    wrong = {"line": {"said": "3"}, "text": {"plain": "b"}, "number": {"x": "0.2499999"}}
    book = nbformat.reads(notebook(), as_version=4)  # all in one: a kernel takes longer to start than its cells take
    book.cells = [
        nbformat.reads(notebook(**case), as_version=4).cells[0] for case in [*cases.values(), *wrong.values()]
    ]
    for number, cell in enumerate(book.cells):
        cell.id = f"{number:08}"
    nbformat.write(book, tmp_path / "cases.ipynb")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-q", "-rf"]
    command += ["-p", "no:cacheprovider", "-p", "no:xdist", "--override-ini", "addopts=", "--import-mode=importlib"]
    command += ["--nbval", "--nbval-current-env", str(tmp_path)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    failed = re.findall(r"^FAILED \S*cases\.ipynb::Cell (\d+)", done.stdout, re.MULTILINE)
    assert [list(cases | wrong)[int(number)] for number in failed] == list(wrong), done.stdout
    assert f"{len(wrong)} failed, {len(cases)} passed" in done.stdout


def test_a_picture_of_another_machine_is_the_same_and_one_of_other_numbers_is_not():
    committed = notebook(x="0.24999999999999983")
    assert committed != notebook(x="0.25000000000000006")
    assert comparable(committed) == comparable(notebook(x="0.25000000000000006"))
    assert comparable(committed) != comparable(notebook(x="0.2500001"))
    assert comparable(committed) != comparable(notebook(x="-0.24999999999999983"))
    assert comparable(notebook(x="0.25")) != comparable(notebook(x="0.26"))


@pytest.mark.parametrize("path", sorted(build.LESSONS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_a_lesson_shows_numbers_in_full_in_the_titles_of_pictures_alone(path):
    """What is printed has to be the same on every processor."""
    outputs = [output for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", [])]
    for output in outputs:
        for kind, text in {**output.get("data", {}), "printed": output.get("text", "")}.items():
            shown = re.sub(r"base64,[A-Za-z0-9+/=]+", "", text)
            assert kind == "image/png" or not re.search(r"\d\.\d{12,}", shown), (kind, shown)


def test_the_pictures_in_pixels_that_are_committed_are_pictures():
    for path in build.LESSONS.glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for data in [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]:
            if "image/png" in data:
                assert base64.b64decode("".join(data["image/png"])).startswith(b"\x89PNG\r\n\x1a\n")
                assert "".join(data["text/plain"])
