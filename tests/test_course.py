"""What a learner may expect of every lesson: something to touch first, few words, a way back in, honest minutes."""

from __future__ import annotations

import ast
import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cgviz.live import javascript
from cgviz.pictures import plot_sides
from cgviz.teach.registry import questions_of
from lessons import build, study_time, table, where_it_leads

ROOT = Path(__file__).resolve().parent.parent
SOURCES = build.sources()
WORDS, VIEWS, MINUTES, WIDTH = 1500, 3, 45, 948
CALLS = {"explore", "descend", "tune", "watch_training", "compare", "matrix", "bars", "board"}
BACK = (
    "**Coming back, or restarted?** Run the folded cell below, then *Run → Run All Above Selected Cell* where you were."
)
HARD = r"\bhand(s|ed|ing)? (it|them) on\b|\bhands? on\b|\bheld against\b|\bcomes? on top\b|\bbring it home\b"
HARD += r"|\bstrangers\b|\btold its slip\b|\bof whichever\b"
"""Turns of phrase that readers of plain English have stumbled over."""

each = pytest.mark.parametrize("source", SOURCES, ids=[source.stem for source in SOURCES])
later = pytest.mark.parametrize("source", SOURCES[8:], ids=[source.stem for source in SOURCES[8:]])
"""Those that use what the learner has grown: they go on with it."""


def prose(source):
    """The words of a lesson as a reader has them: no code, no formulas, no targets of links."""
    cells = [cell.source for cell in build.written(source) if cell.cell_type == "markdown"]
    text = re.sub(r"^```.*?^```", "", "\n\n".join(cells), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]+`", "code", text)
    return re.sub(r"\$\$.*?\$\$|\$[^$]*\$|</?\w+>|\]\([^)]*\)", "", text, flags=re.DOTALL)


def code(source):
    return [cell for cell in build.written(source) if cell.cell_type == "code"]


def views(cell):
    """The calls in a cell that make a live view, as text; a magic is one as well."""
    plain = "\n".join(line for line in cell.source.splitlines() if not line.startswith("%"))
    magics = re.findall(r"^%explore .*", cell.source, re.MULTILINE)
    calls = [node for node in ast.walk(ast.parse(plain)) if isinstance(node, ast.Call)]
    return [ast.unparse(call) for call in calls if ast.unparse(call.func) in CALLS] + magics


@each
def test_a_lesson_has_few_words_and_they_are_plain(source):
    text = prose(source)
    words = [word for word in text.split() if re.search("[A-Za-z]", word)]
    assert len(words) <= WORDS, f"{len(words)} words of prose"
    assert not re.search(HARD, text)


@each
def test_a_lesson_can_be_done_in_the_time_of_a_school_lesson(source):
    assert table.facts(source).minutes == study_time.stated(source) <= MINUTES


@each
def test_a_lesson_opens_with_something_to_touch_and_has_more_of_it(source):
    cells = code(source)
    assert "so-far" in build.tags(cells[0]) and views(cells[1]), "the first cell after the folded one is a live view"
    found = [call for cell in cells for call in views(cell) if not call.startswith("compare")]
    assert len(found) >= VIEWS
    own = any("cls=" in call for call in found) or any(
        "draw(" in cell.source and call.startswith("tune") for cell in cells for call in views(cell)
    )
    assert own or source == SOURCES[0], "one of the views is to run the learner's own class"


@each
def test_a_view_is_not_cropped_in_a_cell(source):
    """Its picture is narrower than the cell, or it is opened at the size that fits."""
    cells = json.loads(build.notebook_of(source).read_text(encoding="utf-8"))["cells"]
    for cell in [cell for cell in cells if cell["cell_type"] == "code"]:
        text = "".join(cell["source"])
        if "explore" not in text or 'zoom="fit"' in text:
            continue
        html = "".join("".join(output.get("data", {}).get("text/html", "")) for output in cell["outputs"])
        for packed in re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", html):
            width = re.search(r'<svg[^>]*? width="([\d.]+)', base64.b64decode(packed).decode())
            assert float(width[1]) <= WIDTH, text


@each
def test_who_comes_back_runs_one_cell_with_all_imports(source):
    markdown, *cells = build.written(source)
    before = []
    for cell in [markdown, *cells]:
        if cell.cell_type == "code":
            break
        before.append(cell.source)
    assert "\n".join(before).count(BACK) == 1
    folded, *others = code(source)
    assert re.search(r"^from cgviz", folded.source, re.MULTILINE)
    late = [cell.source for cell in others if re.search(r"^from cgviz\S* import", cell.source, re.MULTILINE)]
    assert late == [], "imports stand in the folded cell"


@each
def test_a_lesson_asks_before_it_tells(source):
    """Each of its questions is asked once, and what waits for an answer stands below its question."""
    called = [
        (node.func.id, node.args[0].value)
        for cell in code(source)
        for node in ast.walk(ast.parse(re.sub(r"^%.*$", "", cell.source, flags=re.MULTILINE)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("question", "wait_for")
    ]
    asked = [key for name, key in called if name == "question"]
    declared = [one.key for one in questions_of(f"lesson{source.stem[:2]}")]
    assert declared and asked == declared
    for place, (name, key) in enumerate(called):
        assert name == "question" or ("question", key) in called[:place], f"nobody has asked {key} before"


@later
def test_an_exercise_that_was_left_out_breaks_nothing(source):
    """What an exercise asks for, and a later cell uses, is there without its answer: a folded net makes it."""
    cells = code(source)
    for place, cell in enumerate(cells):
        asked = re.findall(r'^@solve\("[\d.]+"\)\ndef (\w+)', cell.source, re.MULTILINE)
        for name in asked:
            later = [other for other in cells[place + 1 :] if not {"answer", "predict"} & set(build.tags(other))]
            net = next((k for k, other in enumerate(later) if is_net(other, name)), len(later))
            users = [k for k, other in enumerate(later) if re.search(rf"\b{name}\(", other.source)]
            assert not users or net <= users[0], f"{later[users[0]].source[:60]} uses {name}: write a net before it"


def is_net(cell, name):
    """Whether a cell makes a function where the learner has not written it."""
    return "ask" in build.tags(cell) and bool(
        re.search(rf"except NotImplementedError:\n\n    def {name}\(", cell.source)
    )


@later
def test_a_lesson_names_progress_and_has_it_at_hand(source):
    assert prose(source).count("shows what you have solved so far.") == 1
    assert re.search(r"^from cgviz.teach import .*\bprogress\b", code(source)[0].source, re.MULTILINE)


def test_each_tool_is_introduced_once_by_its_name_where_a_view_opens_with_it():
    tools = list(javascript.tools().values())
    introduced = {tool: [] for tool in tools}
    for source in SOURCES:
        text = prose(source)
        opened = " ".join(call.lower() for cell in code(source) for call in views(cell))
        for tool in tools:
            times = len(re.findall(rf"\*\*{tool}\*\*", text))
            introduced[tool] += [source.stem] * times
            assert not times or f"tool='{tool.lower()}'" in opened, f"{source.stem}: no view opens with {tool}"
    assert {tool: len(found) for tool, found in introduced.items()} == dict.fromkeys(tools, 1)


BEFORE_ARRAYS = [source for source in SOURCES if source.stem < "10"]
RUN = """
import json, os, sys


class Watch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {{"numpy", "matplotlib"}}:
            raise SystemExit(f"{stem} imports {{name}}")


from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
sys.meta_path.insert(0, Watch())
for code in json.loads({cells!r}):
    done = shell.run_cell(code)
    if not done.success:
        raise SystemExit(f"{stem}: {{done.error_in_exec or done.error_before_exec!r}}")
"""


@pytest.mark.parametrize("source", BEFORE_ARRAYS, ids=[source.stem for source in BEFORE_ARRAYS])
def test_a_lesson_before_arrays_needs_no_library_of_arrays_or_plots(source):
    """Neither by itself nor through what it uses."""
    cells = json.loads(build.notebook_of(source).read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert not any(re.search(r"\b(numpy|matplotlib)\b", text) for text in sources)
    program = RUN.format(stem=source.stem, cells=json.dumps(sources))
    env = os.environ | {"PYTHONPATH": str(ROOT), build.OFF: "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=build.LESSONS, env=env, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]


FIRST_HALF = [source for source in SOURCES if source.stem < "09"]
LINE = 97
"""So many signs of code fit into a cell beside the file browser, in a window 1280 px wide."""


@each
def test_a_line_of_code_fits_into_its_cell(source):
    cells = json.loads(build.notebook_of(source).read_text(encoding="utf-8"))["cells"]
    lines = [line.rstrip("\n") for cell in cells if cell["cell_type"] == "code" for line in cell["source"]]
    assert [line for line in lines if len(line) > LINE] == []
    folded = next(cell for cell in cells if cell["cell_type"] == "code")
    assert len(folded["source"][0]) <= 72, "the dots that open a folded cell stand behind its first line"


@pytest.mark.parametrize("source", FIRST_HALF[1:], ids=[source.stem for source in FIRST_HALF[1:]])
def test_a_lesson_says_where_progress_is_seen(source):
    assert "`progress()` shows what you have solved so far." in source.read_text(encoding="utf-8")
    assert "progress" in re.search(r"^from cgviz\.teach import (.*)$", code(source)[0].source, re.MULTILINE)[1].split(
        ", "
    )


@each
def test_no_result_below_a_question_stands_open_before_it_is_run(source):
    """Up to the next heading: one of them may tell the answer."""
    asked = False
    for cell in build.read(source).cells:
        if cell.cell_type == "markdown":
            asked = asked and not re.search("^#+ ", cell.source, re.MULTILINE)
        elif cell.source.startswith("question("):
            asked = True
        elif asked:
            assert cell.metadata.get("jupyter", {}).get("outputs_hidden"), cell.source


def test_the_course_shows_on_its_first_page_where_it_leads():
    name = where_it_leads.PAGE.relative_to(build.LESSONS).as_posix()
    first = build.written(SOURCES[0])[0].source
    assert f"]({name})" in first and f"]({name})" in table.PAGE.read_text(encoding="utf-8")
    text = where_it_leads.PAGE.read_text(encoding="utf-8")
    for step in where_it_leads.MOONS_AT:
        assert f"after {step} steps: " in text
    for step in where_it_leads.NAMES_AT:
        assert f"after {step} steps it invents" in text


def test_the_film_moves_by_itself_on_any_page():
    """No script, no network, no ground of its own; and it stands where somebody has asked for less motion."""
    moons = [
        where_it_leads.Moons(k, plot_sides(lambda x, y: x + y, *where_it_leads.PLANE, places=5), 0.5) for k in (0, 9)
    ]
    names = [where_it_leads.Names(k, ((k, 3.0), (k + 9, 2.0)), ("ann", "<b>")) for k in (0, 9)]
    fresh = where_it_leads.film(moons, names)
    for text in (fresh, where_it_leads.PAGE.read_text(encoding="utf-8")):
        root = ElementTree.fromstring(text)
        frames = len([group for group in root.iter() if re.fullmatch(r"p p\d+", group.get("class", ""))])
        assert frames == text.count("@keyframes p") == text.count("@keyframes l") > 1
        assert "prefers-reduced-motion:reduce" in text and f".p{frames - 1},.l{{visibility:visible}}" in text
        assert not re.search(r"<script|<image|href|url\(|https?://(?!www\.w3\.org/2000/svg\")", text)
        assert ":root" not in text and "#fff" not in text
    assert "Ann, &lt;b&gt;" in fresh


def test_pictures_of_the_lessons_have_no_white_ground():
    for path in sorted((build.LESSONS / "images").glob("*.svg")):
        assert not re.search(r"fill=[\"'](?:#fff\b|#ffffff|white)", path.read_text(encoding="utf-8")), path.name
