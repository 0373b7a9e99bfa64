"""Every piece of Python in README.md and docs/ runs, page by page, and prints what the page says that it prints."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import re
import shlex
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

import cgviz
from cgviz.__main__ import NEEDS, dispatch
from cgviz.cli import main
from cgviz.ops.rows import FUNCTIONS
from cgviz.teach import hints
from docs.site.examples import BLOCK, class_of_two
from tests.project_copy import PLAINLY, after, copy_of_the_project, replace, run_python
from tests.test_rooms import FACADES

ROOT = Path(__file__).resolve().parent.parent
DOCS = [path for path in sorted((ROOT / "docs").glob("*.md")) if path.stem != "architecture"]
PAGES = [
    ROOT / "README.md",
    ROOT / "TEACHING.md",
    *(path for path in DOCS if path.stem != "site"),
]  # that has commands alone
EVERYWHERE = [
    path for folder in (".", "docs", "lessons", "benchmarks") for path in sorted((ROOT / folder).glob("*.md"))
]


@pytest.fixture
def shell(ipython, tmp_path, monkeypatch):
    """Somebody's notebook, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(hints, "_given", {})
    monkeypatch.delenv("CGVIZ_NO_PROGRESS", raising=False)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # the shell puts its own there
    class_of_two(tmp_path / "inbox")
    return ipython


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


def prints_what_it_says(shell, done):
    for code, text in done:
        printed = run(shell, code)
        if text:
            assert [line.rstrip() for line in printed.splitlines()] == text.splitlines(), code


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_runs(shell, path):
    done = blocks(path, "python")
    assert done
    prints_what_it_says(shell, done)


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


NEW_LESSON = (
    "cgviz/teach/exercises/lesson17.py",
    "tests/teach/answers/lesson17.py",
    "lessons/source/17-a-lens.md",
)
NEW_TOOL = (
    "cgviz/live/static/tools/rank.js",
    "tests/page/rank.test.mjs",
    "tests/browser/test_rank_tool.py",
)
NEW = {*NEW_LESSON, *NEW_TOOL}
"""The files that the page for contributors has somebody make."""

NEW_OPERATIONS = ("silu", "erf", "cbrt")
"""Those of the page for authors: made of rows; known to Python alone; known to Python, NumPy and JavaScript."""

OURS = re.compile(r"-m cgviz (\S+)")
FILES = re.compile(r"(?<![\w/])((?:lessons|binder|tests)/\S+|requirements\S*\.lock|pyproject\.toml)")


@pytest.mark.parametrize("path", EVERYWHERE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_page_names_only_commands_and_files_that_are_there(path):
    """What a newcomer would type, but not run here: it sets up an environment, asks the network or opens a browser."""
    text = path.read_text(encoding="utf-8")
    typed = [line for code, _ in blocks(path, "") for line in code.splitlines()]
    typed += [span for span in re.findall(r"`([^`\n]+)`", text) if "-m cgviz" in span or ".py" in span.split(" ")[0]]
    for line in typed:
        command, modules = OURS.search(line), re.findall(r"-m (cgviz\.[\w.]+)", line)
        assert command is None or command[1] in NEEDS, line
        assert all(importlib.util.find_spec(module) for module in modules), line
        named = [name for name in FILES.findall(line.partition("  #")[0]) if "NN" not in name and "*" not in name]
        assert [name for name in named if name not in NEW and not (ROOT / name).exists()] == [], line


TYPED = re.compile(r"^(?:[A-Z_]+=\S* )*(?:[\w.~/]*/)?(?:python3?|py|pip|uv|ruff|cgviz|source|export) .*$", re.MULTILINE)
UNIX = re.compile(r"^[A-Z_]+=|(?<!\S)[\w.~/]*/bin/|^(export|source) | && | +# ")
"""What only some systems have or understand: where programs lie, how a shell sets a variable, joins, remarks."""


LINUX = (ROOT / "docs" / "class.md",)
"""What these pages set up runs on Linux alone, and they say so."""


@pytest.mark.parametrize("path", LINUX)
def test_a_page_for_linux_says_so(path):
    assert "on Linux alone" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", [path for path in EVERYWHERE if path.stem not in ("CHANGELOG", "architecture") and path not in LINUX]
)
def test_a_command_is_one_for_all_systems_or_the_page_says_how_it_is_on_windows(path):
    text = path.read_text(encoding="utf-8")
    for line in TYPED.findall(text):
        assert not UNIX.search(line) or "(In PowerShell: `" in text.partition(line)[2][:25], line
    spans = re.findall(r"`([^`\n]+)`", text)
    programs = [span for span in spans if "/bin/" in span]
    ours = re.search(r"\bpython [\w./]+\.py\b|\bpython -m (?!pip install \"\.)", text)  # where .venv is not meant
    assert (not programs and not ours) or ".venv\\Scripts\\python" in spans, programs or ours
    assert set(programs) <= {".venv/bin/python"}
    assert "python3 " not in text or any(re.match("py( |$)", span) for span in spans)


def test_those_commands_take_the_options_that_the_pages_give_them(capsys):
    text = "\n".join(path.read_text(encoding="utf-8") for path in EVERYWHERE)
    for command, option in set(re.findall(r"-m cgviz (\w+) (--[a-z-]+)", text)) - FOR_OTHERS:
        with contextlib.suppress(SystemExit):
            dispatch([command, "--help"])
        assert option in capsys.readouterr().out, f"{command} {option}"


FOR_OTHERS = {("lessons", "--no-browser"), ("test", "--needs")}
"""Options that a command hands on: JupyterLab's, pytest's."""


def anchors(path):
    """What the headings of a page are called in links."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", EVERYWHERE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_links_lead_somewhere(path):
    text = re.sub(r"`[^`\n]+`", "", path.read_text(encoding="utf-8"))  # what stands in backticks is to be written
    for link, anchor in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", text):
        if "://" not in link:
            target = path.parent / link if link else path
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), anchor


def test_the_row_that_the_architecture_shows_is_the_row():
    (row, _), *_ = blocks(ROOT / "docs" / "architecture.md", "python")
    assert row in (ROOT / "cgviz" / "ops" / "rows.py").read_text(encoding="utf-8")


def test_the_graph_of_pytorch_in_the_docs_is_drawn_explained_and_stepped_through(shell, torch):
    ((code, _),) = blocks(ROOT / "docs" / "your-own-class.md", "py")
    model = torch.nn.Linear(1, 1)
    shell.user_ns |= {"torch": torch, "model": model, "x": torch.ones(2, 1), "y": torch.zeros(2, 1)}
    run(shell, f"from cgviz import draw, explain, steps\n{code.replace('draw(', 'drawn = draw(')}")
    assert {"weight", "bias"} <= set(str(shell.user_ns["drawn"]).split())


def test_the_cells_for_marimo_in_the_docs_run(shell):
    pytest.importorskip("marimo")
    ((code, _),) = blocks(ROOT / "docs" / "live-view.md", "py")
    run(shell, f"import marimo as mo\nfrom cgviz import explore\n{code}")
    assert shell.user_ns["explorer"].inputs["a"] == 2


def test_every_other_example_in_the_docs_is_one_that_runs():
    kinds = {path.stem: {language for language, _, _ in BLOCK.findall(path.read_text("utf-8"))} for path in EVERYWHERE}
    marked = {stem for stem, found in kinds.items() if "py" in found}
    assert marked == {"course-author", "live-view", "your-own-class", "CONTRIBUTING"}  # each has a test of its own here
    assert set().union(*kinds.values()) <= {"", "python", "py", "console", "text", "md", "js"}


def test_the_picture_in_the_readme_is_what_draw_gives():
    names = {}
    exec(next(code for code, _ in blocks(ROOT / "README.md", "python") if "draw(L)" in code), names)
    path = ROOT / "docs" / "images" / "L.svg"
    fresh = cgviz.draw(names["L"]).svg.strip()
    assert path.read_text(encoding="utf-8").strip() == fresh, f"draw(L) has changed: draw(L).save('{path}')"


def facades():
    """The modules whose names are for users, as the page on the architecture says."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"^\*\*What is for users\*\* .*?`__all__`: (.*?`)\. ", page, re.MULTILINE | re.DOTALL)
    return ["cgviz" + name.removeprefix("cgviz") for name in re.findall(r"`([\w.]+)`", sentence)]


PUBLIC = facades()


def for_users(module):
    """What somebody may import from a module."""
    return {*importlib.import_module(module).__all__, *(FUNCTIONS if module == "cgviz" else ())}


FENCE = re.compile(r"^```+(?:py|python|\{code-cell\}.*)\n(.*?)^```+$", re.MULTILINE | re.DOTALL)
IMPORT = re.compile(r"^\s*from (cgviz[\w.]*) import (\([^)]*\)|[^#\n]*)|^\s*import (cgviz[\w.]*)", re.MULTILINE)


@pytest.mark.parametrize(
    "path", [*PAGES, *sorted((ROOT / "lessons" / "source").glob("*.md"))], ids=lambda path: path.stem
)
def test_an_example_imports_only_what_is_for_users(path):
    code = "\n".join(FENCE.findall(path.read_text(encoding="utf-8")))
    for module, names, whole in IMPORT.findall(code):
        assert (module or whole) in PUBLIC, f"{module or whole} is inside a room: {', '.join(PUBLIC)} are for users"
        own = {name.split()[0] for name in names.strip("()").split(",") if name.strip()}
        inner = {name for name in own if f"{module}.{name}" not in PUBLIC}
        assert inner <= for_users(module or whole) | set(NEW_OPERATIONS), f"{module} has for users no {inner}"
    for name in re.findall(r"\bcgviz\.(\w+)", IMPORT.sub("", code)):
        assert name in for_users("cgviz") or f"cgviz.{name}" in PUBLIC, f"cgviz.{name}"


def test_the_modules_for_users_are_those_that_say_so():
    assert len(PUBLIC) > 8 and set(PUBLIC) | {"cgviz.graph", "cgviz.value"} == set(FACADES)


NAMING = [
    *(path for path in EVERYWHERE if path.stem != "CHANGELOG"),
    *(
        path
        for folder in (".ci", ".github")
        for path in sorted((ROOT / folder).rglob("*.*"))
        if "cache" not in str(path)
    ),
    *(
        path
        for end in ("py", "js", "css")
        for path in sorted((ROOT / "cgviz").rglob(f"*.{end}"))
        if "_lessons" not in path.parts
    ),
    *(path for end in ("mjs", "ts") for path in sorted((ROOT / "tests" / "page").glob(f"*.{end}"))),
    *(ROOT / name for name in (".ci/run", "eslint.config.mjs", "pyproject.toml")),
]
"""What tells people where to look: the pages, and the comments of the code."""
NAMED = re.compile(
    r"(?<![\w/.@:-])((?:cgviz|tests|lessons|docs|binder|static|benchmarks|\.ci|\.github)/[\w./-]*\w)(?![\w*{])"
)
DOTTED = re.compile(r"(?<![\w/.@-])cgviz\.[a-z_.]*[a-z_]")
MADE = {*NEW, "cgviz/_lessons", "cgviz.json", "cgviz.lock"}
"""What is there only in a wheel, in an environment or for a contributor."""


@pytest.mark.parametrize("path", NAMING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_or_module_that_is_named_is_there(path):
    text = path.read_text(encoding="utf-8")
    files = {name for name in NAMED.findall(text) if "NN" not in name and name not in MADE}
    assert [
        name for name in files if not any((place / name).exists() for place in (ROOT, ROOT / "cgviz" / "live"))
    ] == []
    python = re.sub(r"evaluate\(.*", "", text)  # within a page `cgviz` is the view
    assert [name for name in set(DOTTED.findall(python)) - MADE if not is_there(name)] == []


def is_there(name):
    """Whether a dotted name leads to a module, or to what one has."""
    found = cgviz
    for part in name.split(".")[1:]:
        if not hasattr(found, part):
            with contextlib.suppress(ImportError):
                importlib.import_module(f"{found.__name__}.{part}")
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def public():
    """Every public thing by name, the operations included."""
    modules = [importlib.import_module(name) for name in PUBLIC]
    found = {name: getattr(module, name) for module in modules for name in module.__all__ if name != "__version__"}
    return found | {name: getattr(cgviz, name) for name in FUNCTIONS}


def shown():
    """All code in the pages and the lessons, and what stands in backticks in their text."""
    texts = [path.read_text(encoding="utf-8") for path in [*PAGES, *(ROOT / "lessons" / "source").glob("*.md")]]
    fences = re.compile(r"^```+[^\n]*\n(.*?)^```+$", re.MULTILINE | re.DOTALL)
    code = "\n".join(block for text in texts for block in fences.findall(text))
    return code, "\n".join(span for text in texts for span in re.findall(r"`([^`\n]+)`", fences.sub("", text)))


def test_every_public_function_is_used_and_every_public_class_named_in_a_lesson_or_in_the_docs():
    code, spans = shown()
    assert len(public()) > 80
    for name, thing in public().items():
        where = f"{code}\n{spans}" if isinstance(thing, type) or name in FUNCTIONS else code
        assert re.search(rf"\b{name}\b", where), f"{name}: use it in docs/reference.md or in a lesson"


AUTHORS = ROOT / "docs" / "course-author.md"


ROWS = {"OPS", "FUNCTIONS"}


@pytest.mark.usefixtures("contributor")
def test_an_operation_is_one_row(tmp_path):
    """What the page for authors says is done in a copy, and no more: its examples run, all tests that see rows pass."""
    rows, formulas = ([code for code, _ in blocks(AUTHORS, "py") if begin in code] for begin in (" = row(", '": '))
    assert tuple(re.findall(r"^(\w+) = row\(", "".join(rows), re.MULTILINE)) == NEW_OPERATIONS
    copy_of_the_project(tmp_path)
    after(tmp_path / "cgviz" / "ops" / "rows.py", "sigmoid = row(", "".join(rows))
    after(tmp_path / "tests" / "formulas.py", '"sigmoid": ', "".join(formulas))
    reference = tmp_path / "docs" / "reference.md"
    text = reference.read_text(encoding="utf-8")
    listed = text.replace(
        "The functions `exp`,", f"The functions {', '.join(f'`{name}`' for name in NEW_OPERATIONS)}, `exp`,"
    )
    assert listed != text
    reference.write_text(listed, encoding="utf-8")
    python = partial(run_python, tmp_path)
    python("-m", "cgviz.live.javascript")
    python("-c", f"from tests import test_docs; test_docs.use_the_new_operations({str(AUTHORS)!r})")
    paths = sorted((tmp_path / "tests").rglob("test_*.py"))
    tests = [f"{path}::{name}" for path in paths for name in sees_rows(path.read_text(encoding="utf-8"))]
    assert len(tests) > 50
    said = python("-m", "pytest", *PLAINLY, *tests)
    assert re.search(r"\d+ passed", said)


def sees_rows(text):
    """The tests of a module that go over the rows: by name, by a list or a function of the module, or by a fixture."""
    used = {}  # of each name that is given at the top of the module, those that stand in what it is given
    for statement in ast.parse(text).body:
        nodes = list(ast.walk(statement))
        inside = {getattr(node, "id", getattr(node, "attr", getattr(node, "arg", None))) for node in nodes}
        given = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        for name in [statement.name] if hasattr(statement, "name") else given:
            used[name] = used.get(name, set()) | inside
    seeing, before = set(ROWS), set()
    while seeing != before:
        before, seeing = seeing, seeing | {name for name, inside in used.items() if inside & seeing}
    own = test_an_operation_is_one_row.__name__
    return [name for name in used if name.startswith("test_") and name in seeing and name != own]


@pytest.mark.usefixtures("contributor")
def test_a_lesson_is_a_text_its_exercises_and_their_answers(tmp_path):
    """What the page for contributors says is done in a copy, and no more: the lesson is built, what is named runs."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    told, _, rest = page[page.index("\n## A lesson\n") :].partition("````md\n")
    texts = [*re.findall(r"^```py\n(.*?)^```$", told, re.MULTILINE | re.DOTALL), rest.partition("````")[0]]
    assert tuple(re.findall(r"^\d\. .*?`([\w/.-]*17[\w-]*\.\w+)`", told, re.MULTILINE)) == NEW_LESSON
    copy_of_the_project(tmp_path)
    for path, text in zip(NEW_LESSON, texts, strict=True):
        (tmp_path / path).write_text(text, encoding="utf-8")
    *_, before, _ = sorted((tmp_path / "lessons" / "source").glob("*.md"))
    lead_on(before, "\n" + re.search(r"`(\[[^`]*\.ipynb\))`", told)[1] + "\n")
    replace(tmp_path / "README.md", "In 16 lessons", "In 17 lessons")
    set_up, build, tests = (shlex.split(line) for line in re.findall(r"^python3? .*$", told, re.MULTILINE))
    assert set_up[1:] == ["-m", "cgviz", "test", "--set-up-only"] and tests[1:4] == ["-m", "cgviz", "test"]
    assert "17-a-lens.ipynb: written" in run_python(tmp_path, *build[1:])
    lessons, *others = tests[4:]
    notebook = f"{lessons}/17-a-lens.ipynb"  # of the other lessons nothing has changed
    options = ("-k", "lens or lesson17 or focal or table_in or leads or has_a_source", "--nbval", "--nbval-current-env")
    sanitized = f"--nbval-sanitize-with={lessons}/sanitize.cfg"
    said = run_python(tmp_path, "-m", "pytest", *PLAINLY, *options, sanitized, notebook, *others)
    assert int(re.search(r"(\d+) passed", said)[1]) >= 15


def lead_on(source, link):
    """Put a link to the end of a lesson's text."""
    source.write_text(source.read_text(encoding="utf-8") + link, encoding="utf-8")


def use_the_new_operations(page):
    """Run the page's other blocks; called in the copy that has the rows."""
    shell = SimpleNamespace(transform_cell=str, user_ns={})
    uses = [(code, text) for code, text in blocks(Path(page), "py") if " = row(" not in code and '": ' not in code]
    assert len(uses) == 6
    prints_what_it_says(shell, uses)


def test_the_functions_in_the_reference_are_those_that_users_have():
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    sentence = re.search(r"The functions (.*?) are there", text, re.DOTALL)[1]
    assert sorted(re.findall(r"`(\w+)`", sentence)) == sorted(FUNCTIONS)


def test_the_spellings_in_the_docs_are_those_that_are_read():
    from cgviz import graph
    from cgviz.graph import spellings

    text = (ROOT / "docs" / "your-own-class.md").read_text(encoding="utf-8")
    rows = [re.findall(r"`(\w+)`", line) for line in text.splitlines() if line.startswith("| ")]
    tables = (graph.DATA, graph.OPERANDS, graph.OPERATION, graph.LABEL, graph.GRAD)
    assert [row for row in rows if row] == [list(table) for table in tables]
    page = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "what-is-read.md").read_text(encoding="utf-8")))
    more = (
        spellings.NUMBERS,
        spellings.OF_RECORDS,
        spellings.RECORDS,
        spellings.LOCAL,
        spellings.LOCALS,
        *spellings.SIDES,
    )
    assert {name for table in (*tables, *more) for name in table} <= page
