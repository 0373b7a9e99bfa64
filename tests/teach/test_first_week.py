"""What beginners type, and the one sentence that they hear: of their cells, and of what a check finds in them."""

import contextlib
import io

import pytest

from cgviz.teach import cell_watch, first_aid, judging
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
    (RIGHT.replace("self.data", "data"), "", "data belongs to the node: write self.data"),
    (RIGHT.replace("_op=", "op="), "", "its name begins with an underscore: _prev, _op"),
    (RIGHT.replace("_prev=", "prev="), "", "its name begins with an underscore: _prev, _op"),
    (RIGHT.replace('"*"', '"mul"'), "", "remembers the operation 'mul', and the lessons look for '*'"),
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
    ("g = Value(2)\nlabel(g)", "label belongs to the node: write g.label"),
    ("a = 3\na.grad", "a plain number stands where a node is expected: run the cell again that makes the node"),
    ("'a' + 2.5", "write str(…) around the number, or an f-string"),
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


def test_a_name_whose_cell_has_stopped_is_not_looked_for_above(notebook):
    shown, _ = notebook(NODE, "def safe(x):\n    return x +* 2", "safe(1)")
    assert shown == [
        "The last run of the cell with safe stopped with a SyntaxError in line 2: mend that, and run it again."
    ]
    shown, _ = notebook("def safe(x):\n    return x + 2", "safe(1)")
    assert shown == []


def test_our_answer_is_no_try_of_the_learners(notebook, monkeypatch):
    tries = []
    monkeypatch.setattr(judging, "note", lambda *tried: tries.append(tried))
    right = 'check("gradients of K", {"a": 1, "b": 2})'
    notebook(NODE, "# Answer (click on the dots to open)\n" + right)
    assert tries == []
    notebook(right)
    assert tries == [("lesson01", "gradients of K", True)]


WALK = """from cgviz import Value
x, y = Value(0, "x"), Value(0, "y")
{}
said = check("two inputs", {{"x": x, "y": y}})"""
LOOP = "for t in range({}):\n    g = (x - 1)**2 + (y + 2)**2\n    {}\n    {}\n    {}"
DOWN = "x.data -= 0.1 * x.grad", "y.data -= 0.1 * y.grad"
WALKS = [  # the loop of exercise 1.2, and a part of what is said
    (LOOP.format(50, "g.backward()", *DOWN), "✓"),
    (
        LOOP.format(50, "g.backward()", "x = x - 0.1 * x.grad", "y = y - 0.1 * y.grad"),
        "x.data = … moves the leaf itself",
    ),
    ("", "… two inputs: not written yet"),
    (LOOP.format(50, "g.backward", *DOWN), "✗ two inputs: x and y have not moved: without a call, g.backward()"),
    (LOOP.format(50, "pass", *DOWN), "✗ two inputs: x and y have not moved: without a call, g.backward()"),
    (LOOP.format(50, "g.backward()", "x.grad -= 0.1 * x.data", "pass"), "a step writes a new number into x.data"),
    (LOOP.format(50, "g.backward()", *(line.replace("-=", "+=") for line in DOWN)), "that is uphill"),
    (LOOP.format(5, "g.backward()", *DOWN), "that is where 5 steps end, and 50 are asked"),
    (LOOP.format(50, "g.backward()", DOWN[0], "pass"), "y has not moved: take a step with y.grad as well"),
    (
        "g = (x - 1)**2 + (y + 2)**2\n"
        + LOOP.format(50, "g.backward()", *DOWN).replace("    g = (x - 1)**2 + (y + 2)**2\n", ""),
        "the forward pass belongs into the loop, too",
    ),
    ("x.data, y.data = 1, -2", "let the loop find it"),
]


@pytest.mark.parametrize("loop, part", WALKS)
def test_a_walk_is_told_its_slip(notebook, loop, part):
    _, names = notebook(NODE, WALK.format(loop))
    assert part in repr(names["said"])


SAID = [  # a step on NODE, the exercise, and a part of what is said of it
    (
        'def __str__(self):\n        return f"Value({self.label}: {self.data})"',
        "shows its name",
        "a cell shows what __repr__ returns",
    ),
    ('def __repr__(self):\n        return "Value({self.label}: {self.data})"', "shows its name", "is the f before"),
    (
        'def __repr__(self):\n        return "Value(" + self.data + ")"',
        "shows its name",
        "write str(…) around the number",
    ),
    (
        "def __repr__(self):\n        return f'Value({label}: {data})'",
        "shows its name",
        "label belongs to the node: write self.label",
    ),
    (
        'def __init__(data, label=""):\n        self.data = data',
        "numbers only",
        "is self missing, its first parameter?",
    ),
    (
        "def __init__(self, data):\n        super().__init__(data)",
        "numbers only",
        "it is given more than it has parameters for",
    ),
    (
        'def __init__(self, data, label=""):\n        super().__init__(self, data, label, (), "")',
        "numbers only",
        "super() gives self by itself",
    ),
    ('def __init__(self, data, label=""):\n        data = data', "numbers only", "does __init__ store it"),
]


@pytest.mark.parametrize("method, exercise, part", SAID)
def test_a_step_of_the_class_is_told_its_slip(notebook, method, exercise, part):
    step = f'@grow\nclass Value(Value):\n    """A step."""\n    {method}'
    _, names = notebook(NODE, step, f'said = check("{exercise}", Value)')
    assert part in names["said"].text and "\n" not in names["said"].text


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


@pytest.mark.parametrize(
    "cell, said",
    [
        ("for t in range(3):\n    L = 1    # L.backward()\n    if t: raise KeyboardInterrupt", "may be half done"),
        (
            "class Training:\n    def steps(self, n):\n        raise KeyboardInterrupt\nTraining().steps(4)",
            "last complete step",
        ),
        ("raise KeyboardInterrupt", "It can be run again"),
    ],
)
def test_a_cell_that_is_stopped_says_what_is_left(notebook, cell, said):
    (heard,), _ = notebook(NODE, cell)
    assert heard.startswith("you stopped this cell") and said in heard
