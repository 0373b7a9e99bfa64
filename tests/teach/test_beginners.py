"""What a beginner hears: of a step that lost its parent, of what she has skipped, of the slips of the first week."""

import contextlib
import io
import math
import os
import re
import textwrap
from types import FunctionType

import pytest

from cgviz import Value
from cgviz.nn import SampleTraining, Training
from cgviz.teach import check, grow, solve
from cgviz.teach.growth.class_growth import line
from cgviz.teach.growth.misnamed import find_misnamed
from cgviz.teach.growth.stubs import NotWritten
from cgviz.teach.records.progress_file import OFF
from cgviz.teach.registry import lessons, of_lesson
from cgviz.teach.sandbox.advice import advice, plain
from cgviz.teach.sandbox.running import attempt
from lessons import build

NODE = '''
@grow
class Value:
    """Lesson 2: a node."""
    def __init__(self, data, label="", _prev=(), _op=""):
        self.data, self.label, self._prev, self._op = data, label, _prev, _op
'''
SUMS = '''
@grow
class Value(Value):
    """Lesson 3: sums."""
    def __add__(self, other):
        return type(self)(self.data + other.data, _prev=(self, other), _op="+")
'''
ARRAYS = '''
@grow
class Tensor(Value):
    """Lesson 12: arrays."""
    shape = ()
'''
FURTHER = '''
@grow
class Tensor(Tensor):
    """Lesson 12: sums."""
    def sum(self):
        return 1
'''


def run(*cells):
    names = {"grow": grow, "solve": solve, "__name__": "notebook"}
    for cell in cells:
        exec(textwrap.dedent(cell), names)
    return names


@pytest.mark.parametrize("before, cell", [((NODE,), SUMS), ((NODE, SUMS), SUMS), ((NODE, ARRAYS), FURTHER)])
@pytest.mark.parametrize("parent", ["", "()", "(object)", "(Value)"])
def test_a_step_without_its_parent_is_refused_loses_nothing_and_can_be_mended(before, cell, parent):
    names = run(*before)
    name = re.search(r"class (\w+)", cell)[1]
    if parent == f"({name})":
        pytest.skip("that is right")
    was, steps = names[name], len(line(names[name]))
    with pytest.raises(TypeError, match=rf"^class {name}\({name}\): is the first line of a further step"):
        exec(re.sub(r"\(\w+\):", f"{parent}:", cell, count=1), names)
    assert names[name] is was and len(line(was)) == steps
    exec(cell, names)
    assert len(line(names[name])) == steps + (cell not in before) and issubclass(names[name], was)


def test_a_first_cell_may_change_and_run_again():
    names = run(NODE, SUMS, NODE)
    assert len(line(names["Value"])) == 2
    exec(NODE.replace("a node", "another node"), names)
    assert len(line(names["Value"])) == 1


SKIPPED = re.compile(r"^exercise 9\.2 is not written yet: run the folded answer")


@pytest.mark.parametrize(
    "body", ["...", "pass", '"""To do."""', "return ...", "return 1, ...", "x = ...\n    return x + 1"]
)
def test_what_was_skipped_is_named_where_it_is_used(body):
    step = run(f'@solve("9.2")\ndef step(a, b=2):\n    {body}')["step"]
    with pytest.raises(NotWritten, match=SKIPPED):
        step(1)
    assert check("one step", step).how == "open"


@pytest.mark.parametrize(
    "use",
    [list, len, bool, float, lambda x: x[0], lambda x: x + 1, lambda x: 2 * x, lambda x: x.data, lambda x: x(1, 2)],
)
def test_a_value_that_was_skipped_is_named_however_it_is_used(use):
    with pytest.raises(NotWritten, match=SKIPPED):
        use(solve("9.2"))
    assert check("too large", solve("9.1")).how == "open" and repr(solve("9.2")).startswith("exercise 9.2")


def test_a_function_that_is_written_stays_as_it_is():
    def right(x):
        return 2 * x

    assert solve("9.2")(right) is right
    assert type(solve("9.2")(lambda x: x)) is FunctionType


def test_a_class_that_keeps_a_stub_finds_what_was_written_since():
    names = run(NODE, '@solve("7.1")\ndef sigmoid(x):\n    ...', "class Special(Value):\n    sigmoid = sigmoid")
    node = names["Special"](2)
    with pytest.raises(NotWritten, match=r"^exercise 7\.1"):
        node.sigmoid()
    exec("def sigmoid(x):\n    return 3", names)
    assert node.sigmoid() == 3


def test_a_stub_of_a_step_names_its_exercise():
    names = run(NODE, '@grow\nclass Value(Value):\n    "Exercise 3.1: products."\n    def __mul__(self, other): pass')
    with pytest.raises(NotWritten, match=r"^exercise 3\.1 is not written yet: run the folded answer"):
        names["Value"](2) * names["Value"](3)
    assert check("products", names["Value"]).text == "products: not written yet: Value.__mul__ has no body yet"


def exercises(source):
    """The numbers of a lesson's exercises that are checked, each with the cell of its folded answer."""
    number, found = "", {}
    for place, cell in enumerate(build.written(source)):
        if cell.cell_type == "markdown":
            number = (re.findall(r"^### Exercise (\d+\.\d+)", cell.source, re.MULTILINE) or [number])[-1]
        elif "answer" in build.tags(cell) and number:
            found.setdefault(number, place)
    return found


SKIPS = [(source, *one) for source in build.sources() for one in exercises(source).items()]
AFTER = (NameError, AttributeError, ZeroDivisionError)
"""What cells further down raise, where an earlier one has stopped and made nothing."""


@pytest.fixture
def short(monkeypatch):
    """Trainings of ten steps: what is missing shows in them as in four hundred."""
    for trainer in (Training, SampleTraining):
        steps = trainer.steps
        monkeypatch.setattr(trainer, "steps", lambda self, count, steps=steps: steps(self, min(count, 10)))


@pytest.mark.parametrize("source, number, place", SKIPS, ids=[number for _, number, _ in SKIPS])
def test_a_lesson_without_one_answer_says_which_it_is(source, number, place, ipython, short, monkeypatch):
    monkeypatch.setenv(OFF, "1")
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.chdir(build.LESSONS)
    monkeypatch.setattr(ipython, "showtraceback", lambda *args, **options: None)
    errors = []
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for at, cell in enumerate(build.written(source)):
            if cell.cell_type == "code" and at != place:
                code = build.so_far(source, cell.source) if "so-far" in build.tags(cell) else cell.source
                done = ipython.run_cell(code)
                errors += [error for error in [done.error_before_exec or done.error_in_exec] if error]
    assert not any("ellipsis" in str(error) for error in errors)
    told = [isinstance(error, NotWritten) and str(error).startswith(f"exercise {number} is") for error in errors]
    assert not errors or told[0], errors[0]
    assert all(one or isinstance(error, AFTER) for one, error in zip(told, errors, strict=True)), errors
    assert os.environ[OFF]


@pytest.mark.parametrize("lesson", lessons())
def test_the_number_that_a_stub_tells_is_that_of_its_heading(lesson):
    (source,) = [one for one in build.sources() if one.stem.startswith(lesson.removeprefix("lesson"))]
    number = ""
    for cell in build.written(source):
        if cell.cell_type == "markdown":
            number = (re.findall(r"^### Exercise (\d+\.\d+)", cell.source, re.MULTILINE) or [number])[-1]
        elif number:
            assert set(re.findall(r'solve\("([\d.]+)"\)|"""Exercise (\d+\.\d+):', cell.source)) <= {
                (number, ""),
                ("", number),
            }
    assert of_lesson(lesson)


class Node:
    def __init__(self, data, label="", _prev=(), _op=""):
        self.data, self.label, self._prev, self._op = data, label, _prev, _op


def written(name, body, arguments="self, other"):
    """A class with one method, as a learner has written it."""
    names = {"Node": Node}
    exec(f"class Value(Node):\n    def {name}({arguments}):\n        {body}", names)
    return names["Value"]


PRODUCT = 'return type(self)(self.data * other.data, _prev=(self, other), _op="*")'


@pytest.mark.parametrize("name", ["__mult__", "__mul_", "_mul_", "_mul__", "__mul", "__multiply__", "__times__"])
def test_a_name_that_python_never_calls(name):
    said = check("products", written(name, PRODUCT)).text
    assert said == f"products: your class has a method {name}, which Python never calls: for * it calls __mul__"


@pytest.mark.parametrize("name", ["_repr_", "__repr", "__rep__", "_repr__", "__reper__"])
def test_a_repr_that_python_never_calls(name):
    body = 'return f"Value({self.label}: {self.data})" if self.label else f"Value({self.data})"'
    said = check("shows its name", written(name, body, "self")).text
    assert said.endswith(f"has a method {name}, which Python never calls: it calls __repr__")


@pytest.mark.parametrize(
    "name",
    [
        *("_backward", "_constant", "combine", "wrap", "__array_ufunc__"),
        *("__imul__", "__eq__", "__int__", "__iter__", "__round__", "__rdivmod__"),
    ],
)
def test_names_of_a_learners_own_are_left_alone(name):
    assert find_misnamed(written(name, "return self")) == "" and find_misnamed(Value) == "" and find_misnamed(int) == ""


@pytest.mark.parametrize(
    "body, arguments, part",
    [
        ("return other", "other", "is self missing, its first parameter?"),
        (f"print({PRODUCT.removeprefix('return ')})", "self, other", "print shows a result, and gives nothing back"),
        (
            "return type(self)(self.data if other >= 0 else 0)",
            "self, other",
            "is no number: it holds one, as a node does in data",
        ),
        ("return type(self)(self.data * other)", "self, other", "is no number: it holds one, as a node does in data"),
        ("return type(self)(float(self.data) ^ other.data)", "self, other", "a power is written ** in Python"),
    ],
)
def test_the_slips_of_the_first_week(body, arguments, part):
    assert part in check("products", written("__mul__", body, arguments)).text


def test_a_power_with_the_other_sign():
    assert "a power is written ** in Python" in check("power", lambda x, y: x ^ y).text
    assert "give nothing back" in check("power", lambda x, y: print(x**y)).text.replace("gives", "give")


def test_errors_of_python_and_numpy_in_words():
    np = pytest.importorskip("numpy")
    said = attempt(lambda: np.ones((2, 3)) @ np.ones((2, 3))).failure
    assert "gufunc" not in said and "rows of length 3 on its left, columns of length 2 on its right" in said
    assert "list.sort() change a list in place" in attempt(lambda: list([2, 1].sort())).failure
    assert plain("as it is") == "as it is" and advice("as it is") == ""
    assert attempt(lambda: math.exp(None)).failure.endswith("something in it is None: is a return missing?")
    assert attempt(lambda: math.exp(Node(1))).failure.endswith("a function of math takes numbers alone")
    assert attempt(lambda: math.exp("1")).failure.endswith("must be real number, not str")
    assert attempt(lambda: float([1])).failure.endswith("real number, not 'list'")
    assert attempt(lambda: {}.keys(1)).failure.endswith("takes no arguments (1 given)")
    assert attempt(lambda: type("Value", (), {})(1)).failure.endswith("with parentheses?")
    assert attempt(lambda: len(...)).open and not attempt(lambda: len(3)).open
