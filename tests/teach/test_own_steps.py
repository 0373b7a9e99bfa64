"""What a learner has written herself: kept when it is right, never replaced in silence, and used when she asks."""

import contextlib
import io
import os
from pathlib import Path

import pytest

from cgviz.teach import carried, cell_watch
from cgviz.teach.records import progress_file
from cgviz.teach.records.own_steps import FILE, OwnStep, cut_step, keep_step, read_steps
from cgviz.teach.records.small_file import Damaged
from tests.teach.typed_cells import NODE, PRODUCT

SO_FAR = (
    """# The class so far: what the lessons before this one have written.
from cgviz.teach import check, grow, solve, use_mine

"""
    + NODE
)
STUB = PRODUCT.format("...")
MINE = STUB.replace("...", 'mine = self.data * other.data\n        return Value(mine, _prev=(self, other), _op="*")')
WRONG = STUB.replace("...", 'return Value(self.data + other.data, _prev=(self, other), _op="*")')
BODY = 'return type(self)(self.data * other.data, _prev=(self, other), _op="*")'
ANSWER = "# Answer (click on the dots to open)\n" + STUB.replace("...", BODY)
CHECK = 'said = check("products", Value)'
TRACE = """@solve("3.3")
def trace(root):
    nodes = []
    def visit(node):
        if node not in nodes:
            for operand in node._prev:
                visit(operand)
            nodes.append(node)
    visit(root)
    edges = [(operand, node) for node in nodes for operand in node._prev]
    return nodes, edges
"""
TRACE_ANSWER = "# Answer (click on the dots to open)\n" + TRACE.removeprefix('@solve("3.3")\n')


class Lesson:
    """A notebook: runs cells, keeps what is shown below each."""

    def __init__(self, shell, monkeypatch):
        self.shell, self.shown, self.errors = shell, [], []
        monkeypatch.setattr(cell_watch, "show", self.shown.append)
        monkeypatch.setattr(carried, "show", self.shown.append)
        monkeypatch.setattr("cgviz.teach.growth.class_growth.show", self.shown.append)
        monkeypatch.setattr(shell, "showtraceback", lambda *args, **options: None)
        monkeypatch.setattr(shell, "showsyntaxerror", lambda *args, **options: None)

    def run(self, *cells):
        self.shown.clear()
        for cell in cells:
            with contextlib.redirect_stdout(io.StringIO()):
                self.shell.run_cell(cell)
        return [str(one) for one in self.shown]

    def __getitem__(self, name):
        return self.shell.user_ns[name]


@pytest.fixture
def lesson(ipython, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".cgviz-lessons.json").write_text("{}")  # her copy of the lessons
    for name, empty in (("stopped", {}), ("verdicts", {}), ("_shells", set()), ("_before", {}), ("_now", [])):
        monkeypatch.setattr(cell_watch, name, empty)
    monkeypatch.setattr(carried, "verdicts", cell_watch.verdicts)
    monkeypatch.setattr("cgviz.teach.growth.class_growth.verdicts", cell_watch.verdicts)
    monkeypatch.setattr(carried, "_steps", {})
    return Lesson(ipython, monkeypatch)


def mine(cls):
    return "mine" in cls.__mul__.__code__.co_varnames


def test_a_right_class_of_her_own_is_not_replaced_by_a_folded_answer(lesson):
    assert lesson.run(SO_FAR, STUB, CHECK, MINE, CHECK) == [] and lesson["said"].ok
    told = lesson.run(ANSWER)
    assert mine(lesson["Value"]) and told[0].startswith("✓ Your own Value, exercise 3.1 was right, so it stays.")
    lesson.run(ANSWER.partition("\n")[2])
    assert not mine(lesson["Value"])


def test_a_wrong_one_is_replaced_and_she_is_told(lesson):
    lesson.run(SO_FAR, WRONG, CHECK)
    told = lesson.run(ANSWER, CHECK)
    assert lesson["said"].ok and told[0].startswith("→ From here on Value, exercise 3.1 is our answer.")
    lesson.run(WRONG, CHECK)
    assert not lesson["said"].ok


def test_a_stub_gives_way_in_silence(lesson):
    assert lesson.run(SO_FAR, STUB, CHECK, ANSWER, CHECK) == [] and lesson["said"].ok


def test_what_was_right_and_has_been_changed_since_is_judged_anew(lesson):
    lesson.run(SO_FAR, MINE, CHECK, WRONG)
    lesson.run(ANSWER, CHECK)
    assert lesson["said"].ok


def test_a_right_function_of_her_own_stays(lesson):
    lesson.run(SO_FAR, TRACE.replace("edges", "arrows"), 'said = check("edges", trace)')
    assert lesson["said"].ok
    told = lesson.run(TRACE_ANSWER)
    assert "arrows" in lesson["trace"].__code__.co_varnames and told[0].startswith("✓ Your own trace was right")
    lesson.run(TRACE.replace("(operand, node) for", "(node, operand) for"), 'said = check("edges", trace)')
    assert not lesson["said"].ok
    assert lesson.run(TRACE_ANSWER)[0].startswith("→ From here on trace is our answer.")


@pytest.mark.parametrize(
    "broken, part",
    [
        (
            MINE.replace("other):", "other)"),
            "with Value stopped with a SyntaxError in line 4: this is about the code before it.",
        ),
        (MINE.replace("        mine", "      mine  = 1\n        mine"), "stopped with an IndentationError in line 6"),
        ("1/0\n" + MINE, "stopped with a ZeroDivisionError in line 1"),
        (MINE.replace("class Value(Value):", "class Value:"), "stopped with a TypeError in line 1"),
    ],
)
def test_a_check_says_that_it_judges_the_code_before_an_error(lesson, broken, part):
    lesson.run(SO_FAR, STUB, broken, CHECK)
    assert lesson["said"].how == "open" and part in lesson["said"].text
    lesson.run(MINE, CHECK)
    assert lesson["said"].ok and "stopped" not in lesson["said"].text
    lesson.run(MINE + "\n1/0", CHECK)
    assert "stopped" not in lesson["said"].text


def test_her_steps_are_kept_and_offered_in_the_next_lesson(lesson):
    lesson.run(SO_FAR, MINE + CHECK, TRACE.replace("edges", "arrows") + '\nsaid = check("edges", trace)\nprint(1)')
    text = Path(FILE).read_text(encoding="utf-8")
    assert [one[:3] for one in read_steps(Path(FILE))] == [
        ("lesson03", "products", "Value"),
        ("lesson03", "edges", "trace"),
    ]
    assert "said = check" not in text.partition("trace(root)")[2] and "print(1)" not in text
    ours = SO_FAR + "\n" + ANSWER.partition("\n")[2] + "\n" + TRACE_ANSWER.partition("\n")[2]
    lesson.shell.user_ns.pop("Value")
    told = lesson.run(ours)
    assert len(told) == 1 and not mine(lesson["Value"])
    lesson.run("said = use_mine()")
    assert lesson["said"].text == "yours now: products, edges." and mine(lesson["Value"])
    assert (
        "arrows" in lesson["trace"].__wrapped__.__code__.co_varnames
        if hasattr(lesson["trace"], "__wrapped__")
        else True
    )


def test_nothing_of_the_file_runs_unless_she_asks(lesson, capsys):
    Path(FILE).write_text("raise SystemExit\n# %% lesson03 | products | Value\nopen('harm', 'w')\n" + MINE)
    lesson.run(SO_FAR + "\n" + ANSWER.partition("\n")[2], CHECK)
    assert not Path("harm").exists() and not mine(lesson["Value"])


@pytest.mark.parametrize(
    "source, part",
    [
        (WRONG, "products (with a = 2, b = -3: a * b should hold -6"),
        (MINE + "\n1/0", "products (it raised ZeroDivisionError)"),
        (MINE + "\nexit()", "products (it raised "),
        (MINE.replace("other):", "other)"), "products (it is no Python: SyntaxError)"),
    ],
)
def test_a_step_that_is_not_right_any_more_is_left_out_and_ours_stays(lesson, source, part):
    keep_step(Path(FILE), OwnStep("lesson03", "products", "Value", source))
    lesson.run(SO_FAR + "\n" + ANSWER.partition("\n")[2], "said = use_mine()")
    assert "Ours stays for: " + part in lesson["said"].text
    lesson.run(CHECK)
    assert lesson["said"].ok and not mine(lesson["Value"])


def test_a_file_that_cannot_be_read_is_named(lesson):
    os.mkfifo(FILE)
    assert lesson.run(SO_FAR, MINE, CHECK, "said = use_mine()") == []
    assert lesson["said"].text == "my-class.py cannot be read: it is no file, but a pipe or a device"


def test_elsewhere_than_in_her_folder_nothing_is_written(lesson):
    Path(".cgviz-lessons.json").unlink()
    lesson.run(SO_FAR, MINE, CHECK)
    assert lesson["said"].ok and list(Path.cwd().glob("my-*")) == []


def test_a_line_of_hers_that_looks_like_a_mark_is_no_mark(tmp_path):
    path = tmp_path / FILE
    keep_step(path, OwnStep("lesson03", "edges", "f", cut_step("def f():\n# %% lesson04 | x | y\n    return 1")))
    assert [one.exercise for one in read_steps(path)] == ["edges"]
    path.write_bytes(b"\xff")
    with pytest.raises(Damaged):
        read_steps(path)


@pytest.mark.parametrize(
    ("lead", "own", "ours", "ask", "exercise"),
    [
        ((SO_FAR,), MINE, ANSWER, CHECK, ("lesson03", "products")),
        ((SO_FAR, ANSWER), TRACE, TRACE_ANSWER, 'said = check("edges", trace)', ("lesson03", "edges")),
    ],
)
def test_our_answer_counts_as_seen_and_her_own_as_solved(lesson, monkeypatch, lead, own, ours, ask, exercise):
    monkeypatch.setattr(progress_file, "_new", {})
    monkeypatch.setattr(progress_file, "_shown", {})
    lesson.run(*lead, ours, ask)
    assert lesson["said"].ok and "counts as seen and not as solved" in str(lesson["said"])
    assert not progress_file.passed(*exercise)
    lesson.run(own, ask)
    assert lesson["said"].ok and "seen" not in str(lesson["said"]) and progress_file.passed(*exercise)
    lesson.run(ours, ask)
    assert "seen" not in str(lesson["said"]) and progress_file.passed(*exercise), "what was solved stays solved"
