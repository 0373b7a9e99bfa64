"""Classes that grow cell by cell: cells run again, stubs, older instances."""

import copy
import pickle
import sys
import textwrap

import pytest

from cgviz import draw, trace
from cgviz.teach import grow, lineage
from cgviz.teach.growth.class_growth import line
from cgviz.teach.growth.stubs import NotWritten, is_stub

NODE = '''
@grow
class Value:
    """Lesson 2: a node."""

    def __init__(self, data, label=""):
        self.data, self.label = data, label

    def __repr__(self):
        return f"Value({self.data})"
'''
SUMS = '''
@grow
class Value(Value):
    """Lesson 3: operations build a graph."""

    def __init__(self, data, label="", _prev=(), _op=""):
        super().__init__(data, label)
        self._prev, self._op = _prev, _op

    def __add__(self, other):
        return type(self)(self.data + other.data, _prev=(self, other), _op="+")
'''
REFLECTED = '''
@grow
class Value(Value):
    """Lesson 5: numbers on both sides."""

    def wrap(self, other):
        return other if hasattr(other, "data") else type(self)(other)

    def __add__(self, other):
        return super().__add__(self.wrap(other))

    def __radd__(self, other):
        return self.wrap(other) + self
'''
BACKWARD = '''
@grow
class Value(Value):
    """Lesson 8: gradients."""

    def __init__(self, data, label="", _prev=(), _op=""):
        super().__init__(data, label, _prev, _op)
        self.grad = 0.0

    def backward(self):
        self.grad = 1.0
'''


class Notebook(dict):
    """A namespace in which cells run."""

    def __init__(self):
        super().__init__(grow=grow, __name__="notebook")

    def run(self, *cells):
        for cell in cells:
            exec(textwrap.dedent(cell), self)
        return self


@pytest.fixture
def cells():
    return Notebook()


def test_each_cell_is_one_step_however_often_it_runs(cells):
    cells.run(NODE, SUMS, REFLECTED)
    three = line(cells["Value"])
    assert [vars(cls)["_grown"].short for cls in three] == ["lesson 2", "lesson 3", "lesson 5"]
    for cell in (NODE, SUMS, SUMS, REFLECTED, NODE):
        cells.run(cell)
        assert line(cells["Value"]) == three and cells["Value"] is three[-1]
    assert len(cells["Value"].__mro__) == 4
    a = cells["Value"](2)
    assert repr(1 + a + 2) == "Value(5)"


def test_running_everything_again_gives_the_same_class(cells):
    first = cells.run(NODE, SUMS, REFLECTED)["Value"]
    assert cells.run(NODE, SUMS, REFLECTED)["Value"] is first


def test_a_mended_step_reaches_older_instances(cells):
    cells.run(NODE, SUMS)
    a = cells["Value"](2)
    cells.run(SUMS.replace("self.data + other.data", "100 + self.data + other.data"))
    assert repr(a + a) == "Value(104)"
    assert len(line(cells["Value"])) == 2


def test_super_without_arguments_works_in_what_was_mended(cells):
    cells.run(NODE, SUMS, REFLECTED, SUMS, REFLECTED)
    a = cells["Value"](2, label="a")
    assert a.label == "a" and repr(3 + a) == "Value(5)"
    code = cells["Value"].__mro__[1].__init__
    assert code.__closure__[code.__code__.co_freevars.index("__class__")].cell_contents is cells["Value"].__mro__[1]


def test_super_behind_properties_static_methods_and_decorators(cells):
    cells.run(
        """
        import functools
        def noisy(f):
            def inner(*args): return f(*args)
            return inner
        @grow
        class Value:
            "One."
            @property
            def p(self): return 1
            @classmethod
            def c(cls): return 1
            def d(self): return 1
            @functools.cached_property
            def q(self): return 1
        """
    )
    second = """
        @grow
        class Value(Value):
            "Two."
            @property
            def p(self): return super().p + 1
            @classmethod
            def c(cls): return super().c() + 1
            @noisy
            def d(self): return super().d() + 1
            @functools.cached_property
            def q(self): return super().q + 1
        """
    cells.run(second, second, second)
    a = cells["Value"]()
    assert (a.p, a.c(), a.d(), a.q) == (2, 2, 2, 2)


def test_what_a_cell_no_longer_defines_is_gone(cells):
    cells.run(NODE, SUMS)
    cells.run(SUMS.replace("__add__", "__sub__"))
    assert not hasattr(cells["Value"], "__add__") and hasattr(cells["Value"], "__sub__")


def test_another_title_is_another_step_and_a_new_first_cell_begins_anew(cells):
    cells.run(NODE, SUMS, SUMS.replace("Lesson 3", "Lesson 4"))
    assert len(line(cells["Value"])) == 3
    cells.run(NODE.replace("a node", "another node"))
    assert len(line(cells["Value"])) == 1


def test_without_a_docstring_the_names_are_the_step(cells):
    cell = """
        @grow
        class Value(Value):
            def __neg__(self): return type(self)(-self.data)
        """
    cells.run(NODE, cell, cell)
    assert len(line(cells["Value"])) == 2
    cells.run(cell.replace("__neg__", "__pos__"))
    assert len(line(cells["Value"])) == 3


STUBS = ["pass", "...", '"""The sum."""', "raise NotImplementedError", 'raise NotImplementedError("to do")']


@pytest.mark.parametrize("body", STUBS)
def test_a_stub_leaves_a_working_method_and_else_says_so(cells, body):
    stub = f'''
@grow
class Value(Value):
    """Exercise: sums and products."""
    def __add__(self, other):
        {body}
    def __mul__(self, other):
        {body}
'''
    cells.run(NODE, SUMS, stub)
    a = cells["Value"](2)
    assert repr(a + a) == "Value(4)"
    with pytest.raises(NotWritten, match=r"^Value\.__mul__ is not written yet: "):
        a * a
    done = stub.replace(body, "return type(self)(self.data * other.data)")
    cells.run(done)
    assert repr(a * a) == "Value(4)"
    cells.run(stub)  # the cell as it stood in the lesson: her work stays
    assert repr(a * a) == "Value(4)" and len(line(cells["Value"])) == 3


def test_what_is_a_stub_and_what_is_not():
    def documented(x):
        """Return the double."""

    def returns(x):
        return

    def raises_other(x):
        raise ValueError

    def raises_later(x):
        if x:
            raise NotImplementedError

    def written(x):
        """Return the double."""
        return 2 * x

    def only_a_call(x):
        written(x)

    def generates(x):
        yield

    assert is_stub(documented)
    others = (returns, raises_other, raises_later, written, only_a_call, generates, lambda x: None, 3, len)
    assert not any(map(is_stub, others))


def test_an_instance_made_before_an_operator_says_so(cells):
    cells.run(NODE)
    old = cells["Value"](2)
    cells.run(SUMS)
    new = cells["Value"](3)
    with pytest.raises(TypeError, match=r"^this Value was made before lesson 3 added \+; run the cell that makes it"):
        old + new
    with pytest.raises(TypeError, match="before lesson 3 added"):
        old + 1
    assert repr(new + old) == "Value(5)"  # what Python can do, it does
    cells.run(REFLECTED)
    with pytest.raises(TypeError, match=r"before lesson 5 added \+ with the number on its left"):
        1 + new
    newest = cells["Value"](4)
    assert repr(new + newest) == "Value(7)" and repr(newest + new) == "Value(7)"
    with pytest.raises(TypeError, match=r"before lesson 3 added \+"):
        old + newest


def test_a_mark_never_goes_before_a_real_operator(cells):
    cells.run(NODE, SUMS)
    x = cells["Value"](1)
    cells.run('@grow\nclass Value(Value):\n    "Lesson 4: drawn."\n    def shown(self): return 1')
    y = cells["Value"](2)
    cells.run(REFLECTED)
    assert repr(x + y) == "Value(3)" and repr(y + x) == "Value(3)"


def test_another_kind_of_object_that_knows_the_operation_is_asked(cells):
    class Other:
        def __radd__(self, left):
            return "mine"

    cells.run(NODE)
    old = cells["Value"](2)
    cells.run(SUMS)
    assert old + Other() == "mine"


def test_attributes_of_a_later_step(cells):
    cells.run(NODE, SUMS)
    old = cells["Value"](2)
    cells.run(BACKWARD)
    assert not hasattr(old, "grad") and not hasattr(old, "backward") and not hasattr(old, "nothing")
    with pytest.raises(AttributeError, match=r"^this Value was made before lesson 8 added grad; run the cell"):
        old.grad
    with pytest.raises(AttributeError, match="before lesson 8 added backward"):
        old.backward()
    with pytest.raises(AttributeError, match="^'Value' object has no attribute 'nothing'"):
        old.nothing
    new = cells["Value"](2)
    assert new.grad == 0.0 and not hasattr(new, "nothing")


def test_a_learners_own_getattr_is_left_alone(cells):
    cells.run(
        """
        @grow
        class Value:
            "One."
            def __getattr__(self, name): raise AttributeError("mine")
        """
    )
    old = cells["Value"]()
    cells.run('@grow\nclass Value(Value):\n    "Two."\n    def backward(self): return 1')
    with pytest.raises(AttributeError, match="^mine$"):
        old.backward
    assert cells["Value"]().backward() == 1


def test_marks_are_ignored_by_the_graph_reader_and_by_lineage(cells):
    cells.run(NODE, SUMS)
    old = cells["Value"](2, label="old")
    cells.run(REFLECTED, BACKWARD)
    assert [node.name for node in trace(old).nodes] == ["old"]
    assert "old" in draw(old).text
    assert repr(lineage(cells["Value"])) == textwrap.dedent(
        """\
        step                                 adds                               replaces
        Lesson 2: a node.                    __init__, __repr__, .data, .label
        Lesson 3: operations build a graph.  __add__, ._prev, ._op              __init__ (lesson 2)
        Lesson 5: numbers on both sides.     wrap, __radd__                     __add__ (lesson 3)
        Lesson 8: gradients.                 backward, .grad                    __init__ (lesson 3)"""
    )
    assert "__add__ (lesson 3)" in lineage(cells["Value"])._repr_html_()


def test_copies_and_pickles_of_grown_instances(cells, monkeypatch):
    cells.run(NODE, SUMS)
    old = cells["Value"](2)
    cells.run(REFLECTED)
    assert copy.deepcopy(old).data == copy.copy(old).data == 2
    new = cells["Value"](3)
    assert copy.deepcopy(new + 1).data == 4
    module = type(sys)("notebook")
    vars(module).update(cells)
    monkeypatch.setitem(sys.modules, "notebook", module)
    assert pickle.loads(pickle.dumps(new)).data == 3


def test_slots_and_functions_are_refused(cells):
    with pytest.raises(TypeError, match="Value has __slots__, so its instances cannot be mended"):
        cells.run('@grow\nclass Value:\n    __slots__ = ("data",)')
    for foreign in ("int", "float", "__import__('re').Pattern"):
        with pytest.raises(TypeError, match="@grow stands before a class that you write"):
            cells.run(f"grow({foreign})")
    with pytest.raises(TypeError, match="@grow stands before a class"):
        grow(len)


def test_a_class_grown_from_one_of_another_name_has_a_line_of_its_own(cells):
    tensor = '@grow\nclass Tensor(Value):\n    "Lesson 12: arrays."\n    shape = ()'
    more = '@grow\nclass Tensor(Tensor):\n    "Lesson 12: sums."\n    def sum(self): return 1'
    cells.run(NODE, SUMS, tensor, more, tensor, more)
    assert len(line(cells["Tensor"])) == 2 and len(line(cells["Value"])) == 2
    assert cells["Tensor"](1).sum() == 1


def test_a_class_of_ours_can_be_grown(cells):
    cells.run(
        "from cgviz import Value", '@grow\nclass Value(Value):\n    "More."\n    def twice(self): return self + self'
    )
    assert cells["Value"](2).twice().data == 4
    assert len(line(cells["Value"])) == 1


def test_lineage_of_other_things(cells):
    assert "has not been grown" in repr(lineage(int))
    with pytest.raises(TypeError, match="lineage shows the steps of a class"):
        lineage(3)


def test_an_instance_of_a_class_that_was_grown_from_an_older_step_is_told_what_to_run():
    @grow
    class Value:
        """Lesson 2: a node."""

        def __init__(self, data):
            self.data = data

    class Special(Value):
        pass

    @grow
    class Value(Value):
        """Lesson 3: sums."""

        def __add__(self, other):
            return self

    with pytest.raises(TypeError, match="the class Special was made before lesson 3 added [+] to Value"):
        Special(2) + Special(3)


def test_super_of_the_step_that_brings_an_operator_is_told_so():
    @grow
    class Value:
        """Lesson 2: a node."""

    @grow
    class Value(Value):
        """Lesson 5: numbers."""

        def __rmul__(self, other):
            return super().__rmul__(other)

    with pytest.raises(AttributeError, match="super.. has no __rmul__ here: lesson 5 was the first to bring it"):
        2 * Value()


def test_lineage_names_what_a_cell_without_grow_has_brought():
    @grow
    class Value:
        """Lesson 2: a node."""

    class Value(Value):
        def __mul__(self, other):
            return self

    assert lineage(Value).note == "not shown, since their cell does not say @grow: __mul__"
