"""The explorer without a browser: moving a slider is setting its trait."""

import math
import random
import traceback

import ipywidgets
import micrograd.engine as micrograd
import mlfz.nn.scalar as mlfz
import pytest

import cgviz
from cgviz import DomainError, ExpressionError, Value, explore
from cgviz.live import Explorer
from cgviz.live.page_numbers import numbers_of
from cgviz.pictures.slots import slots

SEED = {"a": 2, "b": -3, "c": 10, "d": -2}
TABLE = """\
node  operation  value  gradient
a                    2         6
b                   -3        -4
c                   10        -2
d                   -2         4
v4    a * b         -6        -2
v5    v4 + c         4        -2
L     v5 * d        -8         1"""


def seed():
    return explore("(a*b + c)*d", **SEED)


def slider(explorer, name):
    found = [w for w in walk(explorer) if getattr(w, "description", "") == name]
    assert len(found) == 1
    return found[0]


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def shown(explorer):
    return {name: slot.text for name, slot in slots(explorer.view.records).items()}


# --- the three subjects ---


def test_an_expression_is_explored():
    explorer = seed()
    assert isinstance(explorer, Explorer)
    assert (dict(explorer.inputs), explorer.root.data) == (SEED, -8.0)
    assert repr(explorer) == TABLE
    assert (explorer.error, explorer.view.message) == (None, "")


def test_steps_of_an_expression_become_labels():
    explorer = explore("e = a*b; f = e + c; L = f*d", **SEED)
    assert [n.name for n in explorer.graph.nodes] == ["a", "b", "c", "d", "e", "f", "L"]


def test_a_function_is_explored_with_the_learners_class():
    class Mine(Value):
        pass

    def f(a, b=4):
        return a * b

    explorer = explore(f, cls=Mine, a=3)
    assert (type(explorer.root), explorer.root.data, dict(explorer.inputs)) == (Mine, 12.0, {"a": 3.0, "b": 4.0})


def test_a_finished_root_is_explored_and_left_alone():
    a, b = Value(2, "a"), Value(-3)
    L = (a * b + 10) * -2
    L.label = "L"
    explorer = explore(L)
    assert dict(explorer.inputs) == {"a": 2.0, "v1": -3.0}
    explorer.inputs["a"] = 5
    assert (explorer.root.data, L.data, a.data, a.grad) == (10.0, -8.0, 2.0, 0.0)
    assert explorer.root.label == "L"


def test_a_roots_leaves_can_be_given_ranges():
    explorer = explore(Value(2, "a") * Value(3, "b"), a=(0, 1))
    assert dict(explorer.inputs) == {"a": 0.5, "b": 3.0}


@pytest.mark.parametrize("cls", [micrograd.Value, mlfz.Scalar])
def test_other_libraries_are_explored(cls):
    explorer = explore("(a*b + c)*d", cls=cls, **SEED)
    explorer.inputs["a"] = 4
    assert type(explorer.root) is cls
    assert "4" in shown(explorer).values() and "−8" in shown(explorer).values()


def test_a_class_without_label_gradient_and_backward_is_explored():
    class Bare:
        def __init__(self, data, parents=()):
            self.data, self._prev = data, parents

        def __mul__(self, other):
            return Bare(self.data * other.data, (self, other))

    explorer = explore(lambda a, b: a * b, cls=Bare, a=2, b=3)
    assert (
        repr(explorer)
        == "node  operation  value\na                    2\nb                    3\nv2    a * b          6"
    )
    explorer.inputs["a"] = 5
    assert shown(explorer)["2.data"] == "15"


# --- moving ---


def test_moving_a_slider_changes_every_value_and_gradient():
    explorer = seed()
    svg = explorer.view.svg
    slider(explorer, "a").value = 4.0
    assert (explorer.inputs["a"], explorer.root.data) == (4.0, 4.0)
    assert shown(explorer)["6.data"] == "4" and shown(explorer)["1.grad"] == "−8" and shown(explorer)["3.grad"] == "−2"
    assert explorer.view.svg == svg


def test_typing_a_number_and_resetting_it_move_the_graph_too():
    explorer = seed()
    row = next(w for w in walk(explorer) if isinstance(w, ipywidgets.HBox))
    _slider, box, reset = row.children
    box.value = "100"
    assert explorer.root.data == 580.0
    reset.click()
    assert explorer.root.data == -8.0


def test_inputs_can_be_assigned_one_by_one_and_all_at_once():
    explorer = seed()
    explorer.inputs["d"] = 1
    assert explorer.root.data == 4.0
    explorer.inputs = {"a": 1, "b": 1}
    assert (dict(explorer.inputs), explorer.root.data) == ({"a": 1, "b": 1, "c": 10, "d": 1}, 11.0)
    assert slider(explorer, "b").value == 1.0


def test_inputs_with_an_unknown_leaf_among_them_move_nothing():
    explorer = seed()
    with pytest.raises(TypeError, match="^there is no leaf 'q'; the leaves are 'a', 'b', 'c', 'd'$"):
        explorer.inputs = {"a": 1, "q": 1}
    assert (dict(explorer.inputs), repr(explorer)) == (SEED, TABLE)


def test_gradients_do_not_pile_up_over_many_moves():
    explorer = seed()
    for i in range(100):
        explorer.inputs["a"] = i / 10
    explorer.inputs["a"] = 2
    assert repr(explorer) == TABLE


def test_a_move_to_the_same_number_runs_nothing():
    runs = []

    def f(a):
        runs.append(a.data)
        return a * 2

    explorer = explore(f, a=2)
    explorer.inputs["a"] = 2
    explorer.inputs["a"] = 3
    assert runs == [2.0, 3.0]


def test_a_slider_of_the_learners_own_moves_the_graph():
    own = ipywidgets.IntSlider(2, min=0, max=5)
    explorer = explore("a*10", a=own)
    own.value = 4
    assert explorer.root.data == 40.0


def test_two_explorers_may_share_a_slider():
    shared = ipywidgets.FloatSlider(2.0, min=0, max=5)
    first, second = explore("a*10", a=shared), explore("a + 1", a=shared)
    shared.value = 3.0
    assert (first.root.data, second.root.data) == (30.0, 4.0)


def test_a_function_may_build_another_graph_for_other_numbers():
    def f(a):
        return a * a if a > 0 else -a

    explorer = explore(f, a=2)
    svg = explorer.view.svg
    explorer.inputs["a"] = -3
    assert explorer.view.svg != svg and explorer.root.data == 3.0
    assert set(shown(explorer)) == {"0.data", "0.grad", "1.data", "1.grad"}


def counted(runs):
    def f(a, b):
        runs.append((a.data, b.data))
        return a * b

    return f


def test_several_inputs_at_once_are_one_run():
    runs = []
    explorer = explore(counted(runs), a=2, b=3)
    explorer.inputs = {"a": 5, "b": 7}
    explorer.inputs.update(a=1, b=1.25)
    explorer.inputs.update({"a": 1})
    assert runs == [(2, 3), (5, 7), (1, 1.25)]


@pytest.mark.parametrize(("numbers", "error"), [({"a": 9, "b": "x"}, TypeError), ({"a": 9, "b": math.nan}, ValueError)])
def test_several_inputs_of_which_one_is_no_number_move_nothing(numbers, error):
    runs = []
    explorer = explore(counted(runs), a=2, b=3)
    with pytest.raises(error, match="^b: "):
        explorer.inputs = numbers
    with pytest.raises(error, match="^b: "):
        explorer.inputs.update(numbers)
    with pytest.raises(KeyError, match="there is no leaf 'q'"):
        explorer.inputs.update(a=9, q=1)
    assert (dict(explorer.inputs), runs, slider(explorer, "a").max) == ({"a": 2, "b": 3}, [(2, 3)], 6)


def test_the_run_gets_clean_numbers_from_the_slider_and_exact_ones_from_the_box():
    runs = []
    explorer = explore(counted(runs), a=2, b=3)
    _slider, box, _reset = next(w for w in walk(explorer) if isinstance(w, ipywidgets.HBox)).children
    slider(explorer, "a").value = -2 + 41 * 0.1
    box.value = "0.1234567"
    slider(explorer, "a").value = 0.10000000000000009  # as the page confirms where the slider stands
    assert runs == [(2, 3), (2.1, 3), (0.1234567, 3)]
    assert (box.value, explorer.root.data) == ("0.1235", 0.1234567 * 3)


# --- failing and recovering ---


def test_a_refused_number_is_said_and_the_picture_stays_that_of_now():
    explorer = seed()
    _slider, box, reset = next(w for w in walk(explorer) if isinstance(w, ipywidgets.HBox)).children
    root = explorer.root
    box.value = "1/2"
    assert explorer.view.message == "a: '1/2' is not a number; write it as 0.5"
    assert (box.value, explorer.view.old, explorer.root is root, explorer.error) == ("2", False, True, None)
    reset.click()
    assert (explorer.view.message, explorer.root is root) == ("", True)
    box.value = "x"
    box.value = "3"
    assert (explorer.view.message, explorer.inputs["a"]) == ("", 3.0)


def test_after_a_refused_number_the_error_of_the_run_is_said_again():
    explorer = explore("log(a)", a=1)
    _slider, box, _reset = next(w for w in walk(explorer) if isinstance(w, ipywidgets.HBox)).children
    box.value = "-1"
    error = explorer.view.message
    assert explorer.view.old and "log" in error
    box.value = "x"
    assert (explorer.view.old, box.value) == (True, "-1") and "not a number" in explorer.view.message
    explorer.inputs["a"] = -1
    assert explorer.view.message == error


def test_an_error_is_shown_and_the_next_good_move_recovers():
    explorer = explore("log(a)*b", a=1, b=2)
    good = explorer.root
    explorer.inputs["a"] = -1
    assert isinstance(explorer.error, DomainError)
    assert explorer.view.message == "log(a) is defined for a > 0, but node 'a' is -1"
    assert explorer.root is good and shown(explorer)["0.data"] == "1"
    assert explorer.inputs["a"] == -1.0
    explorer.inputs["a"] = math.e
    assert (explorer.error, explorer.view.message) == (None, "")
    assert explorer.root.data == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda a: None, "TypeError: <lambda> returned None: is a return missing?"),
        (
            lambda a: a.data,
            "TypeError: <lambda> returned a float, not a node of a graph "
            "(functions of math and float() make plain numbers of nodes: use those of the class or of cgviz)",
        ),
        (lambda a: a.foo, "AttributeError: 'Value' object has no attribute 'foo'"),
        (lambda a: {}["k"], "KeyError: k"),
        (lambda a: a / 0, "a / 0 is defined for divisors other than 0, but the divisor is 0"),
        (lambda a: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda a: [][0], "IndexError: list index out of range"),
        (lambda a: a + "x", "TypeError: unsupported operand type(s) for +: 'Value' and 'str'"),
    ],
)
def test_whatever_a_function_raises_is_shown_in_the_view(function, message):
    explorer = explore(function, a=1)
    assert explorer.view.message == message
    assert repr(explorer) == f"<explorer: {message}>"
    assert (explorer.root, explorer.graph, explorer.view.svg) == (None, None, "")


def test_an_assertion_without_words_is_shown_by_its_name():
    def f(a):
        raise AssertionError

    assert explore(f, a=1).view.message == "AssertionError"


def test_an_explorer_that_starts_with_an_error_recovers():
    explorer = explore("1/a", a=0)
    assert explorer.view.message == "1 / a is defined for divisors other than 0, but node 'a' is 0"
    explorer.inputs["a"] = 0.5
    assert (explorer.view.message, explorer.root.data) == ("", 2.0)
    assert explorer.view.svg.startswith("<svg")


@pytest.mark.parametrize("number", [math.nan, math.inf, "x", None])
def test_an_input_that_is_no_finite_number_is_refused_and_nothing_moves(number):
    explorer = seed()
    with pytest.raises((TypeError, ValueError), match="^a: "):
        explorer.inputs["a"] = number
    assert (dict(explorer.inputs), repr(explorer)) == (SEED, TABLE)


# --- what is refused at the start ---


@pytest.mark.parametrize(
    ("subject", "options", "error", "sentence"),
    [
        ("a*b", {"a": 1}, TypeError, "missing a number for 'b', as in b=2"),
        ("a*b", {}, TypeError, "missing a number for 'a', 'b', as in a=2"),
        ("a*2", {"a": 1, "z": 2}, TypeError, "there is no leaf 'z'; the leaves are 'a'"),
        (lambda a: a * 2, {}, TypeError, "missing a number for 'a', as in a=2"),
        ("a*2", {"a": (3, 1)}, ValueError, "a: a slider's range needs min < max, got (3, 1)"),
        (
            "a*2",
            {"a": 1, "rankdir": "XX"},
            ValueError,
            "unknown rankdir: 'XX' (must be one of 'LR', 'TB', 'RL', 'BT')",
        ),
        ("a b", {}, ExpressionError, "cannot read the expression at character 3: 'a b' (invalid syntax)"),
        (
            None,
            {},
            TypeError,
            "expected an expression such as '(a*b + c)*d', a function of nodes, or a computed node; got None",
        ),
    ],
)
def test_a_bad_start_is_refused_in_a_sentence(subject, options, error, sentence):
    with pytest.raises(error) as caught:
        explore(subject, **options)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("cls", "sentence"),
    [
        (int, "cls: expected a class of nodes, such as Value, but int(1.0) is no node of a graph"),
        ("x", "cls: expected a class of nodes, such as Value, got a str"),
        (Value(2), "cls: expected a class of nodes, such as Value, got a Value"),
        (dict, "cls: dict(1.0) has to make a node, but it raised TypeError: 'float' object is not iterable"),
    ],
)
def test_a_class_that_makes_no_nodes_is_refused_in_a_sentence(cls, sentence):
    with pytest.raises(TypeError) as caught:
        explore("a*2", a=1, cls=cls)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("name", ["cls", "rankdir"])
def test_a_leaf_called_like_an_option_is_refused_in_a_sentence(name):
    for subject, numbers in ((f"{name}*2", {name: 3}), (Value(2, name) * 2, {})):
        with pytest.raises(ValueError) as caught:
            explore(subject, **numbers)
        assert str(caught.value) == f"a leaf cannot be called '{name}', which is an option of explore: rename it"


@pytest.mark.parametrize("a", [1e308, -1e308, 5e-324, 1.7976931348623157e308, (0, 1e306), (0, 5e-324)])
def test_extreme_numbers_have_finite_ranges_and_can_be_moved_and_reset(a):
    explorer = explore("a/2", a=a)
    row = next(w for w in walk(explorer) if isinstance(w, ipywidgets.HBox))
    moved, _box, reset = row.children
    start, ends = explorer.inputs["a"], (moved.min, moved.max)
    for number in (-1.5e308, 1.5e308, 1e-320, 7):
        explorer.inputs["a"] = number
        assert explorer.root.data == number / 2
        assert moved.step > 0 and math.isfinite(100 * (moved.max - moved.min)) and moved.min < moved.max
    reset.click()
    assert (explorer.inputs["a"], moved.min, moved.max) == (start, *ends)


# --- what the picture does not show ---


class Forgetful:
    def __init__(self, data):
        self.data = data


def test_a_picture_that_reaches_no_leaf_says_so_and_stays():
    explorer = explore(lambda a, b: Forgetful(a.data * b.data), cls=Forgetful, a=2, b=3)
    assert explorer.view.notice == (
        "the picture reaches none of the leaves a, b: Forgetful does not record its operands "
        "(looked for _prev, prevs, input_nodes, parents, _children, _parents and 58 more names): "
        "keep them, as in result._prev = (a, b)"
    )
    assert (explorer.view.message, explorer.view.old) == ("", False) and explorer.view.svg
    explorer.inputs["a"] = 5
    assert shown(explorer)["0.data"] == "15" and explorer.view.notice


def test_a_result_that_depends_on_no_leaf_is_said_to():
    explorer = explore(lambda a: a * 2 if a > 0 else Value(3), a=1)
    assert explorer.view.notice == ""
    explorer.inputs["a"] = -1
    assert explorer.view.notice == "the picture reaches none of the leaves a: no path leads from them to the result"
    explorer.inputs["a"] = 1
    assert explorer.view.notice == ""


def test_a_class_that_names_its_leaves_itself_gets_no_notice():
    class Named(Value):
        label = property(lambda self: f"n{self.data:g}", lambda self, label: None)

    assert explore("a*b", cls=Named, a=2, b=3).view.notice == ""


@pytest.mark.parametrize("name", ["self", "run", "view", "inputs", "name", "number"])
def test_leaves_may_be_called_like_our_own_parameters(name):
    explorer = explore(f"{name}*2", **{name: 3})
    explorer.inputs[name] = 4
    assert explorer.root.data == 8.0


# --- as a display ---


def test_where_widgets_cannot_be_shown_a_picture_and_a_table_stand_in():
    explorer = seed()
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == TABLE
    assert f'data-cgviz="{explorer.model_id}"' in bundle["text/html"]
    assert 'src="data:image/svg+xml;base64,' in bundle["text/html"]
    failed = explore("1/a", a=0)._repr_mimebundle_()
    assert failed["text/plain"].startswith("<explorer: 1 / a is defined for")
    assert ">&lt;explorer: 1 / a is defined for" in failed["text/html"] and "<img" not in failed["text/html"]


def test_the_stand_in_follows_the_sliders():
    explorer = seed()
    explorer.inputs["a"] = 4
    assert "L     v5 * d         4         1" in explorer._repr_mimebundle_()["text/plain"]


def test_every_leaf_has_a_slider_a_box_and_a_reset():
    explorer = seed()
    rows = [w for w in walk(explorer) if isinstance(w, ipywidgets.HBox)]
    assert [row.children[0].description for row in rows] == ["a", "b", "c", "d"]
    kinds = (ipywidgets.FloatSlider, ipywidgets.Text, ipywidgets.Button)
    assert all(tuple(map(type, row.children)) == kinds for row in rows)


def test_the_direction_of_the_picture_can_be_chosen():
    across, down = explore("a*2", a=1), explore("a*2", a=1, rankdir="TB")
    assert down.view.rankdir == "TB" and down.view.svg != across.view.svg


class Refusing:
    def __init__(self, number):
        raise RuntimeError("mine")


@pytest.mark.parametrize(
    ("subject", "inputs", "sentence"),
    [
        ("a*(b", {"a": 1}, "cannot read the expression"),
        ("a*b", {"a": "x", "b": 2}, "a: expected a number"),
        ("a*b", {"a": 1, "b": (3, 1)}, "b: a slider's range needs min < max"),
        ("a*b", {"a": 1}, "missing a number for 'b'"),
        ("a*b", {"a": 1, "b": 2, "rankdir": "XX"}, "unknown rankdir"),
        (3, {}, "expected an expression such as"),
        (int, {}, "int does not say what its parameters are; wrap it: lambda a: …"),
    ],
)
def test_what_is_refused_is_told_in_few_frames_and_without_another_error(subject, inputs, sentence):
    with pytest.raises((TypeError, ValueError), match=f"^{sentence}") as caught:
        explore(subject, **inputs)
    error = caught.value
    assert error.__cause__ is None and (error.__context__ is None or error.__suppress_context__)
    assert len(traceback.extract_tb(error.__traceback__)) <= 3  # the test, explore, and the place that refused
    assert traceback.format_exception(error)[-1].startswith(f"{type(error).__module__}.".removeprefix("builtins."))


def test_what_a_class_raises_for_a_number_is_told_with_the_refusal():
    with pytest.raises(TypeError, match="RuntimeError: mine") as caught:
        explore("a*2", a=1, cls=Refusing)
    assert str(caught.value.__cause__) == "mine"


LEAKS = [
    (lambda a: math.sin(a) * a, "0.8415 was computed from the plain number of a"),
    (lambda a: math.sin(a.data) * a, "0.8415 was computed from the plain number of a"),
    (lambda a: float(a) ** 2 * a + a, "1 was computed from the plain number of a"),
    (lambda a, b=0.5: (a + b.data**2) * math.exp(a), "0.25, 2.718 were computed from the plain number of b, a"),
    (lambda a: Value(math.exp(a.data)), "the picture reaches none of the leaves a: v0 was computed from the plain"),
    (lambda a: Value(a.data * 3, "w") * a, "w was computed from the plain number of a"),
]


@pytest.mark.parametrize(("f", "said"), LEAKS)
def test_a_function_that_is_not_all_in_its_graph_is_said_so(f, said):
    explorer = explore(f, a=1.0)
    assert explorer.view.notice.startswith(said) and "gradients leave that out" in explorer.view.notice
    assert not explorer.view.alive and said.rpartition("a: ")[2][:10] in repr(explorer)
    explorer.inputs["a"] = 1.5
    assert "plain number of" in explorer.view.notice


W = Value(3.0, "w")


@pytest.mark.parametrize(
    "f",
    [
        lambda a: a * a.tanh() + 0.5,
        lambda a: W * a + a**-2 - 3.25,
        lambda a: a * (2.0 if a.data > 1 else 3.0),  # a branch
        lambda a: a * round(a.data * 3),
        lambda a: a * random.random(),
        lambda a: -a - (7 - a) / sum(Value(x) for x in (1.0, 2.0)),
        "a*a + 0.1",
        W * Value(2.0, "a"),
    ],
)
def test_what_is_all_in_its_graph_is_not_said_to_leave_it(f):
    explorer = explore(f, **({} if cgviz.graph.is_node(f) else {"a": 1.0}))
    assert explorer.view.notice == "" and "plain number" not in repr(explorer)


def test_a_result_of_an_earlier_call_is_said_to_be_one():
    memo = {}
    explorer = explore(lambda a: memo.setdefault(a.data, a * a), a=1.0)
    assert explorer.view.notice == ""
    explorer.inputs["a"] = 2.0
    explorer.inputs["a"] = 1.0
    assert "does not contain the leaf a that it was given: has the function kept" in explorer.view.notice


def test_a_descent_of_a_function_that_is_not_all_in_its_graph_is_said_so():
    assert "plain number of a" in cgviz.descend(lambda a: a * math.sin(a) + a * a, a=1.0).view.notice


def test_a_run_that_is_interrupted_says_so_and_the_interrupt_goes_on():
    def f(x):
        if x > 1:
            raise KeyboardInterrupt
        return x * x

    explorer = explore(f, x=1)
    with pytest.raises(KeyboardInterrupt):
        explorer.inputs["x"] = 2
    assert (explorer.view.message, explorer.view.old) == ("the run with these numbers was interrupted", True)
    assert explorer.view.state["data"] == {"0": 1.0, "1": 1.0}
    explorer.inputs["x"] = 0.5
    assert (explorer.view.message, explorer.view.old, explorer.root.data) == ("", False, 0.25)


@pytest.mark.parametrize("show", [explore, cgviz.live.tune])
def test_a_move_that_would_end_the_program_is_said_and_the_picture_stays(show):
    def f(x):
        if x > 1:
            raise SystemExit
        return x * x if show is explore else f"{x:g}"

    moved = show(f, x=1)
    moved.inputs["x"] = 2
    assert isinstance(moved.error, SystemExit) and repr(moved)
    if show is explore:
        assert ("called exit()" in moved.view.message, moved.root.data) == (True, 1.0)
    moved.inputs["x"] = 1
    assert moved.error is None


LONG = "x" * 10_000


@pytest.mark.parametrize(
    "act",
    [
        lambda: explore(f"{LONG}*2", **{LONG: math.nan}),
        lambda: explore(f"{LONG}*2", **{LONG: (3, 1)}),
        lambda: explore(f"{LONG}*2", **{LONG: [None]}),
        lambda: explore(f"{LONG}*2", **{LONG: []}),
        lambda: explore(f"{LONG}*2"),
        lambda: explore("a*2", a=2).inputs[LONG],
        lambda: explore(f"{LONG}*2", **{LONG: 2}).inputs.update({LONG: "a"}),
        lambda: explore(" + ".join(MANY), **dict.fromkeys(MANY, 1)).inputs[LONG],
        lambda: explore(" + ".join(MANY), **dict.fromkeys(MANY, 1), other=1),
        lambda: explore(" + ".join(MANY)),
        lambda: explore("a*2", a=2, rankdir=LONG),
        lambda: explore("a*2", a=2, tool=LONG),
        lambda: cgviz.descend(f"{LONG}*2", start={LONG: math.nan}),
        lambda: cgviz.film(cgviz.Value(2.0, LONG) * 2, f"film.{LONG}"),
    ],
)
def test_no_refusal_is_longer_than_a_sentence(act):
    with pytest.raises((TypeError, ValueError, KeyError)) as refused:
        act()
    assert len(str(refused.value)) < 250


# --- more leaves than sliders ---

MANY = [f"x{i}" for i in range(120)]


@pytest.mark.parametrize("kind", ["expression", "function", "graph"])
def test_many_leaves_have_no_sliders_and_are_moved_in_the_picture(kind):
    numbers = dict.fromkeys(MANY, 1)
    if kind == "expression":
        explorer = explore(" + ".join(MANY), **numbers)
    elif kind == "function":
        space = {}
        exec(f"def total({', '.join(f'{name}=1' for name in MANY)}):\n    return {' + '.join(MANY)}", space)
        explorer = explore(space["total"])
    else:
        leaves = [Value(1.0, name) for name in MANY]
        explorer = explore(sum(leaves[1:], leaves[0]))
    assert explorer.view.sliders == [] and set(explorer.view.loose) == set(MANY)
    assert explorer.view.notice.startswith(
        "120 of 120 leaves have no sliders, which would be too many: move their numbers"
    )
    explorer.view._handle_custom_msg({"moved": {"x3": "2,5", "x4": 3, "nobody": 1}}, [])
    assert (explorer.inputs["x3"], explorer.inputs["x4"], explorer.root.data) == (2.5, 3.0, 123.5)
    explorer.view._handle_custom_msg({"moved": {"x3": "1/2"}}, [])
    assert explorer.view.message == "x3: '1/2' is not a number; write it as 0.5" and explorer.root.data == 123.5
    for said in ({"moved": "x3"}, {"moved": {"x3": None}}, "moved", None):
        explorer.view._handle_custom_msg(said, [])
    assert explorer.inputs["x3"] == 2.5 and explorer.view.state["places"]["x3"] == 2.5


def test_of_many_leaves_those_have_sliders_that_ask_for_one_and_locked_ones_stay():
    numbers = dict.fromkeys(MANY, 1) | {"x7": (-1, 1), "x9": [1, 2]}
    explorer = explore(" + ".join(MANY), lock="x3", **numbers)
    assert [wire["name"] for wire in (*explorer.view.sliders, *explorer.view.choices)] == ["x7", "x9"]
    assert set(MANY) - set(explorer.view.loose) == {"x3", "x7", "x9"}
    assert "name those to have one, as in explore(…, x0=(-1, 1))" in explorer.view.notice
    full = explore(" + ".join(MANY), **dict.fromkeys(MANY, (0, 1)))
    assert len(full.view.sliders) == 100 and "20 of 120 leaves have no sliders" in full.view.notice
    assert "name those" not in full.view.notice  # they were named


def test_an_output_without_a_kernel_has_no_inputs_in_a_picture_that_hides_what_would_move():
    numbers = dict.fromkeys(MANY, 1)
    folded, whole = (explore(" + ".join(MANY), fold=fold, **numbers).view for fold in (None, False))
    assert folded.loose and whole.loose
    assert numbers_of(folded, {})["view"]["loose"] == {}
    assert numbers_of(whole, {})["view"]["loose"] == whole.loose
    assert numbers_of(whole, {}, moves=False)["view"]["loose"] == {}
