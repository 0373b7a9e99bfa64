"""What beginners type, and the one sentence that they hear: of their cells, and of what a check finds in them."""

import contextlib
import io

import pytest

from cgviz.teach import cell_watch, first_aid
from cgviz.teach.growth.class_growth import line
from tests.teach import typed_cells
from tests.teach.typed_cells import PRODUCT

NODE = "from cgviz.teach import check, grow, progress, solve\n" + typed_cells.NODE
RIGHT = 'return type(self)(self.data * other.data, _prev=(self, other), _op="*")'
CHECK = 'said = check("products", Value)'
LECTURE = """class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)
        self._op = _op
        self.label = label
    def __repr__(self):
        return f"Value(data={self.data})"
    def __add__(self, other):
        out = Value(self.data + other.data, (self, other), "+")
        def _backward():
            self.grad += 1.0 * out.grad
            other.grad += 1.0 * out.grad
        out._backward = _backward
        return out
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other), "*")
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out
"""


@pytest.fixture
def notebook(ipython, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name, empty in (("stopped", {}), ("_shells", set()), ("_before", {}), ("_now", [])):
        monkeypatch.setattr(cell_watch, name, empty)
    shown = []
    for module in (cell_watch, first_aid):
        monkeypatch.setattr(module, "show", shown.append)
    monkeypatch.setattr(first_aid, "_before", {})
    monkeypatch.setattr(ipython, "showtraceback", lambda *args, **options: None)
    monkeypatch.setattr(ipython, "showsyntaxerror", lambda *args, **options: None)

    def run(*cells):
        for cell in cells:
            shown.clear()
            with contextlib.redirect_stdout(io.StringIO()):
                ipython.run_cell(cell)
        return [one.text for one in shown], ipython.user_ns

    return run


CHECKED = [  # the body of __mul__, what stands before its cell, and a part of what is said
    ("return type(self)(float(self.data) ^ other.data)", "", "a power is written ** in Python"),
    (f"print({RIGHT.removeprefix('return ')})", "", "print shows a result, and gives nothing back"),
    ("return type(self)(sum([self.data * other.data]), _prev=(self, other), _op='*')", "sum = 0", "sum is an int here"),
    ("return list(self, other)", "list = [1, 2]", "list is a list here, so Python's own list is hidden"),
    ("return type(self)(max(self.data * other.data, -99), _op='*')", "max = 3.5", "max is a float here"),
    ("if isinstance(other, float): pass\n        " + RIGHT, "float = 2.0", "float is a float here, so Python's own"),
    ("return self.data * other.data", "", "gives the number -6, and should give a Value"),
    ("self.data *= other.data", "", "is a return missing?"),
    ("return Value(self * other)", "", "calls itself until Python stops it"),
    ("return data * other.data", "", "NameError: name 'data' is not defined"),
    ("return self.data * other", "", "a Value is no number: it holds one"),
    ("return type(self)(self.data() * other.data)", "", "'int' object is not callable"),
    ("return type(self)(self.value * other.value)", "", "has no attribute 'value'"),
    ("return type(self)(self.data * other.data, (self, other), '*')", "", "the result has its operands for a label"),
    ("return type(self)(self.data * other.data, _prev=self + other)", "", "_prev"),
    ("return self.data, other.data", "", "should give a Value"),
]


@pytest.mark.parametrize("body, before, part", CHECKED)
def test_a_check_says_what_is_behind_a_slip(notebook, body, before, part):
    notebook(NODE, before, PRODUCT.format(body))
    _, names = notebook(CHECK)
    assert not names["said"].ok and part in names["said"].text and names["said"].text.count("\n") == 0


CELLS = [  # a cell, and a part of the sentence below it
    ("Valeu(2)", "there is no Valeu; did you mean Value?"),
    ("trace(Value(2))", "trace comes with the imports"),
    ("draw(Value(2))", "draw comes with the imports: run the cell from cgviz import … again"),
    ("hint('products')", "hint comes with the imports: run the cell from cgviz.teach import … again"),
    ("model(3)", "no cell that ran has made model: run the cells above first"),
    ("sum = 3\nsum([1, 2])", "sum is an int here, so Python's own sum is hidden: run del sum"),
    ("list = [1]\nlist((1, 2))", "list is a list here"),
    ("str = 'a'\nisinstance('b', str)", "str is a str here"),
    (
        "def f(list):\n    return list((1,))\nf([2])",
        "list is a list here, so Python's own list is hidden: take another name",
    ),
    ("Value = Value(2)\nValue(3)", "Value is a Value here, and nothing that can be called: run the cell again"),
    ("check = check('products', None)\ncheck('products', None)", "check is a Said here"),
    ("class A:\n    def f(x): pass\nA().f(1)", "is self missing, its first parameter?"),
    ("class A:\n    def f(other): return self\nA().f()", "self is the first parameter of a method"),
    ("2.5 ^ 2", "a power is written ** in Python"),
    ("x = print(3)\nx + 1", "something in it is None: is a return missing?"),
    ("grad = None\n0.1 * grad", "None: a gradient before backward(), or what a function without return gives"),
    ("w = [1, 2]\nw.data", "a list stands where one of its parts is expected: go through it, with for"),
    ("[1.5] * 2.5", "a list stands where one of its parts is expected"),
    ("[1.0, 2.0] / 2", "a list stands where one of its parts is expected"),
    ("for x in Value(2): pass", "a single Value stands where a list of them is expected"),
    ("Value(2)[0]", "a single Value stands where a list of them is expected"),
    ("Value(2) > 3", "a Value is no number: it holds one"),
    ("import math\nmath.exp(Value(2))", "a function of math takes numbers alone"),
    ("from minitorch.engine import Value", "leave the line out, the class is your own here"),
    ("def g(n): return g(n)\ng(1)", "something calls itself for ever"),
    ("total = 0\ndef h():\n    total = total + 1\nh()", "total is set in this function as well"),
    (LECTURE, "this Value is a new class, without what yours had. To add to yours instead, write @grow"),
]


@pytest.mark.parametrize("cell, part", CELLS)
def test_below_a_cell_stands_one_sentence(notebook, cell, part):
    notebook(NODE, "1")
    shown, _ = notebook(cell)
    assert len(shown) == 1 and part in shown[0], shown


def test_a_list_that_was_not_called_is_not_blamed(notebook):
    """The names of a line are looked at only where they are called in it."""
    cell = "class A:\n    ys = [1]\n    def f(self, xs):\n        return self.ys(xs)\nA().f([2])"
    notebook(NODE, "1")
    assert notebook(cell)[0] == []
    assert "xs is a list here, and nothing that can be called" in notebook(cell.replace("self.ys(xs)", "xs(3)"))[0][0]


@pytest.mark.parametrize(
    "cell", ["1/0", "[][1]", "int('a')", "{}['a']", "raise ValueError('mine')", "1 +", "a = 2", "Value(2)"]
)
def test_where_python_says_it_well_there_is_none(notebook, cell):
    notebook(NODE, "1")
    assert notebook(cell)[0] == []


def test_cells_out_of_order_and_another_notebook(notebook):
    assert (
        "run the cells above first"
        in notebook("from cgviz.teach import grow, hint\nhint('products')", PRODUCT.format(RIGHT))[0][0]
    )


def test_three_runs_of_a_cell_change_nothing(notebook):
    _, names = notebook(NODE, *[PRODUCT.format(RIGHT)] * 3, *[CHECK] * 3)
    assert names["said"].ok and len(line(names["Value"])) == 2


def test_a_class_of_a_famous_lecture_is_judged_by_what_it_does(notebook):
    _, names = notebook("from cgviz.teach import check", LECTURE, CHECK)
    assert "keeps its operands in a set" in names["said"].text
    _, names = notebook(LECTURE.replace("set(_children)", "_children"), CHECK)
    assert names["said"].ok


def test_with_grow_its_first_line_is_mended(notebook):
    _, names = notebook(NODE, "@grow\n" + LECTURE, CHECK)
    assert "stopped with a TypeError" in names["said"].text
