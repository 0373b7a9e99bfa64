"""The class as lesson 7 leaves it computes as Python and cgviz do; the lessons show the figures of their chapters."""

import json
import math
import operator
import random
import re

import pytest

import cgviz
from cgviz.run.expression import parse
from lessons import build

LESSONS = {source.stem[:2]: source for source in build.sources()}
LEAVES = {"a": 2.5, "b": -3.0, "c": 10.0, "d": -0.5}
EXPRESSIONS = [
    "a - b", "b - a", "10 - a", "a - 10", "-a", "-(a - b)*c", "a / b", "1 / a", "a / 4", "a / b / c", "a**2", "2**a",
    "b**3", "b**-2", "a**b", "(a + b)**3", "a**2 - 10*a + 28", "(a*b + c)*d", "a - a", "a / a", "a**a", "-13 + a",
    "0*a", "a**0", "-a**2", "a - (b - (c - d))", "2*a*3 - 4/d",
]  # fmt: skip


@pytest.fixture(scope="module")
def lesson():
    """The names that lesson 7 ends with."""
    names = {"__name__": "lesson"}
    exec("from cgviz.teach import grow", names)
    for number in ("02", "03", "04", "05", "06", "07"):
        for code in build.steps(LESSONS[number]):
            exec(code, names)
    return names


def outputs(number):
    notebook = json.loads(build.notebook_of(LESSONS[number]).read_text(encoding="utf-8"))
    found = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            found.append("".join(output.get("text", "") or output["data"].get("text/plain", "")))
    return found


def records(root):
    return [(node.label, node.op, node.data, node.operands, node.kind) for node in cgviz.trace(root).nodes]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_the_class_finds_the_gradients_that_cgviz_finds(lesson, text):
    expression = parse(text)
    leaves = [
        {name: cls(x, name) for name, x in LEAVES.items() if name in expression.names}
        for cls in (lesson["Value"], cgviz.Value)
    ]
    for nodes in leaves:
        expression(**nodes).backward()
    own, ours = ({name: node.grad for name, node in nodes.items()} for nodes in leaves)
    assert own == pytest.approx(ours, nan_ok=True)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_the_class_builds_the_graph_that_cgviz_builds(lesson, text):
    expression = parse(text)
    own = expression(**{name: lesson["Value"](x, name) for name, x in LEAVES.items() if name in expression.names})
    ours = expression(**{name: cgviz.Value(x, name) for name, x in LEAVES.items() if name in expression.names})
    assert records(own) == records(ours)


def test_the_class_computes_what_python_computes(lesson):
    dice = random.Random(6)
    operators = [operator.add, operator.sub, operator.mul, operator.truediv]
    for _ in range(200):
        number = dice.uniform(-3, 3)
        node = lesson["Value"](number)
        for _ in range(dice.randint(1, 8)):
            do, x, kind = dice.choice(operators), dice.choice([-2, 0.5, 3, 1.25]), dice.randrange(4)
            other = lesson["Value"](x) if kind < 2 else x
            node = do(node, other) if kind % 2 else do(other, node) if number else do(node, other)
            number = do(number, x) if kind % 2 else do(x, number) if number else do(number, x)
        assert node.data == number


@pytest.mark.parametrize("x, y", [(0, -1), (0.0, -0.5), (-8, 0.5), (-0.1, -1.5)])
def test_what_has_no_value_is_refused_with_its_operands(lesson, x, y):
    with pytest.raises(ArithmeticError, match=rf"Value\(a: {float(x)}\) \*\* Value\({float(y)}\): \w+"):
        lesson["Value"](x, "a") ** y


@pytest.mark.parametrize("y", [0, 1, 2, 3, -1, -2, 0.5])
@pytest.mark.parametrize("x", [-2.0, 0.0, 0.25, 3.0])
def test_powers_are_those_of_the_standard_library_where_it_has_them(lesson, x, y):
    try:
        expected = math.pow(x, y)
    except ValueError:
        with pytest.raises(ArithmeticError):
            lesson["power"](x, y)
    else:
        assert lesson["power"](x, y) == expected


@pytest.mark.parametrize("stranger", ["ten", None, [1], {}, object(), 2j])
def test_what_is_no_number_is_refused_on_either_side(lesson, stranger):
    node = lesson["Value"](2.0)
    for do in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow):
        for pair in ((node, stranger), (stranger, node)):
            with pytest.raises(TypeError, match="unsupported operand|can only concatenate|can't multiply"):
                do(*pair)


def test_lesson_4_shows_the_gradients_of_the_chapter_in_its_last_drawing():
    table = next(text for text in outputs("04") if text.startswith("node  operation  value  gradient"))
    rows = {row[0]: (row[-2], row[-1]) for row in map(str.split, table.splitlines()[1:])}
    assert rows == {
        "a": ("2", "6"), "b": ("-3", "-4"), "c": ("10", "-2"), "d": ("-2", "4"),
        "e": ("-6", "-2"), "f": ("4", "-2"), "L": ("-8", "1"),
    }  # fmt: skip


def test_lesson_7_shows_the_four_expressions_of_the_chapter_and_its_valley():
    shown = "\n".join(outputs("07"))
    found = dict(re.findall(r"^(\S.*?) +Value\((-?[\d.]+)\)$", shown, re.MULTILINE))
    assert {text: float(x) for text, x in found.items()} == {
        "a + 10": 13, "-13 + a": -10, "a - b": -39, "(a + b)**3": 91125,
    }  # fmt: skip
    assert re.search(r"^L +v6 \+ 28 +4 +not computed yet$", shown, re.MULTILINE)
    assert re.search(r"^backward: +2\.0\nfinite difference: 2\.0001$", shown, re.MULTILINE)
