"""The magics in a real IPython."""

import sys
import textwrap

import pytest
from IPython.core.error import UsageError
from IPython.utils.capture import capture_output

from cgviz import Value
from cgviz.live import Explorer
from cgviz.live.controls.slider import EXPECTED
from cgviz.pictures import Picture

MAIN = sys.modules["__main__"]


@pytest.mark.parametrize("time", [1, 2])
def test_a_shell_gives_back_the_main_module_that_it_replaces(time, request):
    assert sys.modules["__main__"] is MAIN  # the second time, after a shell
    request.getfixturevalue("ipython")
    assert sys.modules["__main__"] is not MAIN


@pytest.fixture
def shell(ipython):
    ipython.run_cell("%load_ext cgviz")
    ipython.run_cell("from cgviz import Value\na, b = Value(2), Value(-3)\nL = a*b")
    return ipython


def run(shell, code):
    """Run a cell; return its result, and what it printed."""
    with capture_output() as captured:
        done = shell.run_cell(code)
    error = done.error_before_exec or done.error_in_exec
    if error:
        raise error
    return done.result, captured.stdout


def refused(shell, code):
    with pytest.raises(UsageError) as caught:
        run(shell, code)
    return str(caught.value)


def names(picture):
    return [node.name for node in picture.graph.nodes]


# --- %graph ---


def test_graph_draws_a_variable_with_the_names_of_the_notebook(shell):
    picture, _ = run(shell, "%graph L")
    assert isinstance(picture, Picture)
    assert names(picture) == ["a", "b", "L"]
    assert str(picture) == (
        "node  operation  value          gradient\n"
        "a                    2  not computed yet\n"
        "b                   -3  not computed yet\n"
        "L     a * b         -6  not computed yet"
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("%graph a*b + 1", ["a", "b", "1", "v3", "v4"]),
        ("%graph (L)", ["a", "b", "L"]),
        ("%graph [L, a][0]", ["a", "b", "L"]),
        ("c = a\nx = %graph c*2\nx", ["a", "2", "v2"]),
        ("e = L*Value(4, 'mine')\n%graph e", ["a", "b", "mine", "L", "e"]),
        ("def f(v):\n    return v*v\n%graph f(a)", ["a", "v1"]),
        ("_hidden = Value(5)\n%graph _hidden*a", ["v0", "a", "v2"]),
    ],
)
def test_graph_draws_any_expression_of_the_notebook(shell, code, expected):
    assert names(run(shell, code)[0]) == expected


def test_a_group_is_folded(shell):
    run(shell, "from cgviz.groups.grouping import group\ndouble = group(L * 2 + 1, [L], 'double', 'd')")
    assert [node.name for node in run(shell, "%graph --fold double double")[0].graph.nodes][-2:] == ["L", "double"]
    assert "no groups of the kind 'layer'" in refused(shell, "%graph --fold layer double")


@pytest.mark.parametrize(
    ("line", "rankdir", "form"),
    [
        ("L", "LR", None),
        ("--rankdir TB L", "TB", None),
        ("--rankdir=BT L", "BT", None),
        ("L --rankdir RL", "RL", None),
        ("--format svg L", "LR", "svg"),
        ("--format html --rankdir TB L", "TB", "html"),
        ("--format txt L --rankdir TB", "TB", "txt"),
        ("a --b", "LR", None),  # a minus minus b
    ],
)
def test_options_stand_before_or_after_the_value(shell, line, rankdir, form):
    picture, _ = run(shell, f"%graph {line}")
    assert (picture.rankdir, picture.format) == (rankdir, form)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("%graph", "%graph needs a value to draw, as in: %graph L"),
        ("%graph --rankdir TB", "%graph needs a value to draw, as in: %graph L"),
        ("%graph nope", "%graph draws a value of the notebook: name 'nope' is not defined"),
        ("%graph --rankdir XX L", "unknown rankdir: 'XX' (must be one of 'LR', 'TB', 'RL', 'BT')"),
        (
            "%graph --format jpg L",
            "unknown format: 'jpg' (must be one of 'svg', 'png', 'pdf', 'html', 'txt', 'dot')",
        ),
        ("%graph --size 3 L", "unknown option --size (must be one of --rankdir, --format, --fold, --note, --edges)"),
        ("%graph --rankdir", "--rankdir needs a value, as in: --rankdir TB"),
        ("%graph L --format", "--format needs a value, as in: --format png"),
        (
            "%graph 3",
            "expected a node of a graph, an object with one of the attributes data, value, output; got an int",
        ),
        (
            "%graph [L]",
            "expected a node of a graph, an object with one of the attributes data, value, output; got a list",
        ),
    ],
)
def test_graph_refuses_in_a_sentence(shell, code, sentence):
    assert refused(shell, code) == sentence


def test_what_a_learners_code_raises_stays_the_learners_error(shell):
    with pytest.raises(AttributeError, match="no attribute 'foo'"):
        run(shell, "%graph L.foo")


@pytest.mark.parametrize(
    ("magic", "line"),
    [
        ("%graph?", "%graph --rankdir TB L       from top to bottom (LR, TB, RL, BT)"),
        ("%%graph?", "runs the cell and draws its last expression (or what its last line assigned)"),
        (
            "%%explore?",
            "reads the steps of an expression, one a line, the last of them the result: e = a*b, then L = e + 1",
        ),
        ("%explore?", "%explore (a*b + c)*d a=2 b=-3 c=10 d=-2"),
    ],
)
def test_the_magics_document_themselves(shell, magic, line):
    _, printed = run(shell, magic)
    assert "Docstring:" in printed and line in printed


# --- %%graph ---


def drawn(shell, cell, line=""):
    with capture_output():
        return shell.run_cell_magic("graph", line, cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("x = Value(3)\nx*x", ["x", "v1"]),
        ("y = a*2", ["a", "2", "y"]),
        ("y = z = a*2\n", ["a", "2", "y"]),
        ("a*b;", ["a", "b", "v2"]),
        ("for i in range(2):\n    a = a*2\na", ["v0", "2", "2", "v3", "a"]),
        ("L\n\n# a comment after it", ["a", "b", "L"]),
    ],
)
def test_a_cell_is_run_and_its_last_line_drawn(shell, cell, expected):
    assert names(drawn(shell, cell)) == expected


def test_a_cell_keeps_its_variables_and_nothing_of_ours(shell):
    before = set(shell.user_ns)
    drawn(shell, "x = Value(3)\ny = x*x\nprint('printed')\ny + 1")
    assert set(shell.user_ns) - before == {"x", "y"}
    assert shell.user_ns["y"].data == 9.0
    assert shell.ast_transformers == []


def test_a_cell_shows_the_picture_and_what_it_prints(shell):
    _, printed = run(shell, "%%graph --rankdir TB\nprint('printed')\na*b")
    assert printed.count("a * b") == 1
    assert "printed" in printed


def test_options_of_a_cell_stand_on_its_first_line(shell):
    assert drawn(shell, "L", "--rankdir TB --format svg").rankdir == "TB"
    with pytest.raises(
        UsageError, match="^%%graph takes only --rankdir, --format, --fold, --note, --edges on its first line, got 'L'$"
    ):
        drawn(shell, "L", "L")


@pytest.mark.parametrize(
    "cell", ["for i in range(2): pass", "# nothing", "def f(): pass", "import math", "a.grad += 1"]
)
def test_a_cell_that_does_not_end_with_an_expression_is_told_so(shell, cell):
    sentence = "^%%graph draws the last expression of the cell, but the cell does not end with one$"
    with pytest.raises(UsageError, match=sentence):
        drawn(shell, cell)


def test_an_error_in_the_cell_shows_its_own_traceback_and_draws_nothing(shell):
    with capture_output() as captured:
        result = shell.run_cell("%%graph\nq = a/0\nq")
    assert not result.success  # so that "Run All" stops here
    assert "a / 0 is defined for divisors other than 0, but the divisor is 0" in captured.stdout
    assert shell.ast_transformers == []
    assert names(drawn(shell, "L")) == ["a", "b", "L"]


def test_a_cell_whose_last_line_is_no_node_is_refused(shell):
    with pytest.raises(UsageError, match="expected one node of a graph, got a tuple of 2 nodes"):
        drawn(shell, "u, v = a*1, a*2")


# --- %explore ---


def explored(shell, line):
    found, _ = run(shell, f"%explore {line}")
    assert isinstance(found, Explorer)
    return found


@pytest.mark.parametrize(
    ("line", "inputs", "result"),
    [
        ("(a*b + c)*d a=2 b=-3 c=10 d=-2", {"a": 2, "b": -3, "c": 10, "d": -2}, -8.0),
        ("e = a*b; L = e + c  a=2 b=(-5, 5) c=(0, 10, 0.5)", {"a": 2, "b": 0, "c": 5}, 5.0),
        ("a*b", {"a": 2, "b": -3}, -6.0),
        ("a*b a=5", {"a": 5, "b": -3}, -15.0),
        ("a*2, a=3", {"a": 3}, 6.0),
        ("max(x, 3) x=-1e0", {"x": -1}, 3.0),
        ("L", {"a": 2, "b": -3}, -6.0),
        ("L a=5", {"a": 5, "b": -3}, -15.0),
        ("self*2 self=4", {"self": 4}, 8.0),
    ],
)
def test_explore_takes_an_expression_or_a_value_and_numbers_from_the_notebook(shell, line, inputs, result):
    explorer = explored(shell, line)
    assert (dict(explorer.inputs), explorer.root.data) == (inputs, result)


def test_explore_takes_a_function_of_the_notebook(shell):
    run(shell, "def f(a, k=10):\n    return a*k")
    assert dict(explored(shell, "f").inputs) == {"a": 2, "k": 10}
    assert dict(explored(shell, "f a=(0, 4) k=3").inputs) == {"a": 2, "k": 3}


@pytest.mark.parametrize(
    ("line", "inputs"),
    [
        ("a*n + k a=2 n=[1, 10] k=fixed(5)", {"a": 2, "n": 1, "k": 5}),
        ("a*n n={'ten': 10, 'one': 1} a=(0, 4)", {"a": 2, "n": 10}),
        ("k*2 k = fixed( -3 )", {"k": -3}),
    ],
)
def test_explore_takes_choices_and_fixed_numbers(shell, line, inputs):
    explorer = explored(shell, line)
    assert dict(explorer.inputs) == inputs
    assert len(explorer.children[0].children) == len(inputs) - ("fixed" in line)


def test_explore_names_unlabelled_leaves_by_the_notebook_and_leaves_the_values_alone(shell):
    explorer = explored(shell, "L")
    explorer.inputs["a"] = 7
    assert explorer.root.data == -21.0
    assert (shell.user_ns["a"].data, shell.user_ns["a"].label, shell.user_ns["L"].data) == (2.0, "", -6.0)


@pytest.mark.parametrize("line", ["--rankdir TB a*b", "a*b --rankdir TB", "a*b a=2 --rankdir=TB"])
def test_explore_takes_a_direction(shell, line):
    assert explored(shell, line).view.rankdir == "TB"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "%explore needs an expression, as in: %explore a*b + c a=2 b=-3 c=10"),
        ("a=2", "%explore needs an expression, as in: %explore a*b + c a=2 b=-3 c=10"),
        ("a*q", "missing a number for 'q', as in q=2"),
        ("a*2 z=3", "there is no leaf 'z'; the leaves are 'a'"),
        ("a*2 a=(3,1)", "a: a slider's range needs min < max, got (3, 1)"),
        (
            "a*2 a='x'",
            f"a: expected {EXPECTED}, got a str 'x'",
        ),
        ("a**", "cannot read the expression at character 4: 'a**' (invalid syntax)"),
        (
            "--format png a",
            "unknown option --format (must be one of --rankdir, --tool, --at, --hide, --zoom, --lock, --note, --edges)",
        ),
        ("a*2 --rankdir XX", "unknown rankdir: 'XX' (must be one of 'LR', 'TB', 'RL', 'BT')"),
        (
            "np.sin(a)",
            "only functions such as sin(x) can be called, found attribute access at character 1"
            "; a product is written a*b",
        ),
    ],
)
def test_explore_refuses_in_a_sentence(shell, line, sentence):
    assert refused(shell, f"%explore {line}") == sentence


def explored_cell(shell, cell, line=""):
    found, _ = run(shell, f"%%explore {line}\n{cell}")
    assert isinstance(found, Explorer)
    return found


@pytest.mark.parametrize(
    ("line", "cell", "inputs", "nodes", "at_zero"),
    [
        ("a=2 b=-3", "e = a*b\nL = e + 1", {"a": 2, "b": -3}, ["a", "b", "1", "e", "L"], 1),
        ("", "e = a*b\n\ny = e*c  # c: of the notebook", {"a": 2, "b": -3, "c": 10}, ["a", "b", "c", "e", "y"], 0),
        ("a=(0, 4), c=1", "e = (a +\n     c)\ne*2", {"a": 2, "c": 1}, ["a", "c", "2", "e", "L"], 2),
        ("a=5", "L", {"a": 5, "b": -3}, ["a", "b", "L"], 0),
    ],
)
def test_explore_reads_a_cell_of_steps_with_sliders_for_the_free_names(shell, line, cell, inputs, nodes, at_zero):
    shell.user_ns["c"] = 10
    before = {name: value for name, value in shell.user_ns.items() if not name.startswith("_")}
    explorer = explored_cell(shell, cell, line)
    assert dict(explorer.inputs) == inputs
    assert sorted(n.name for n in explorer.graph.nodes) == sorted(nodes)
    assert explorer.graph.root.name == nodes[-1]
    explorer.inputs["a"] = 0
    assert (explorer.error, explorer.root.data) == (None, at_zero)
    assert {name: value for name, value in shell.user_ns.items() if not name.startswith("_")} == before


def test_a_cell_of_explore_takes_a_direction(shell):
    assert explored_cell(shell, "L = a*b", "--rankdir TB a=1").view.rankdir == "TB"


@pytest.mark.parametrize(
    ("line", "cell", "sentence"),
    [
        ("a=2", "  \n", "%%explore needs the steps of an expression below its first line, as in: e = a*b"),
        ("a*b", "L = a", "%%explore takes only numbers and options such as --rankdir on its first line, got 'a*b'"),
        ("", "e = a*q\nL = e", "missing a number for 'q', as in q=2"),
        ("z=1", "L = a*b", "there is no leaf 'z'; the leaves are 'a', 'b'"),
    ],
)
def test_a_cell_of_explore_refuses_in_a_sentence(shell, line, cell, sentence):
    with pytest.raises(UsageError) as caught:
        shell.run_cell_magic("explore", line, cell)
    assert str(caught.value) == sentence


def test_a_statement_in_a_cell_of_explore_is_no_expression_and_is_not_run(shell):
    for cell in ("import os", "for i in range(2): a", "def f(a): return a", "print(a)"):
        with pytest.raises(UsageError, match="expression|called|unknown function"):
            shell.run_cell_magic("explore", "", cell)


def test_a_value_without_a_result_shows_its_error_in_the_view(shell):
    assert explored(shell, "log(x) x=-1").view.message == "log(x) is defined for x > 0, but node 'x' is -1"


# --- loading ---


def test_loading_adds_the_magics_and_unloading_takes_them_away(shell):
    magics = shell.magics_manager.magics
    for kind in ("line", "cell"):
        assert {"graph", "explore"} <= {*magics[kind]}
    run(shell, "%unload_ext cgviz")
    assert not {"graph", "explore"} & {*magics["line"], *magics["cell"]}
    with pytest.raises(UsageError, match="not found"):
        run(shell, "%graph L")
    run(shell, "%load_ext cgviz")
    assert names(run(shell, "%graph L")[0]) == ["a", "b", "L"]
    run(shell, "%reload_ext cgviz")
    assert names(run(shell, "%graph L")[0]) == ["a", "b", "L"]


def test_loading_twice_says_so_and_harms_nothing(shell):
    _, printed = run(shell, "%load_ext cgviz")
    assert "already loaded" in printed
    assert names(run(shell, "%graph L")[0]) == ["a", "b", "L"]


def test_unloading_leaves_the_magics_of_others_alone(shell):
    before = {kind: set(names) for kind, names in shell.magics_manager.magics.items()}
    run(shell, "%unload_ext cgviz")
    after = {kind: set(names) for kind, names in shell.magics_manager.magics.items()}
    assert before["line"] - after["line"] == {"graph", "explore"}
    assert before["cell"] - after["cell"] == {"graph", "explore"}


def test_values_of_the_notebook_keep_their_class(shell):
    assert type(shell.user_ns["L"]) is Value


# --- numbers on the line of %explore ---


@pytest.mark.parametrize("line", ["a*b a=2, b=3", "a*b a = 2 b = 3", "a*b a=n b=3"])
def test_numbers_may_be_written_loosely(shell, line):
    shell.user_ns["n"] = 2
    assert dict(explored(shell, line).inputs) == {"a": 2.0, "b": 3.0}


def test_a_number_that_is_none_is_named(shell):
    with pytest.raises(
        UsageError, match=r"^b: expected a number, a range such as \(0, 5\), a list of numbers or fixed\(…\), got 'x'$"
    ):
        explored(shell, "L = a*b a=2 b=x")


def test_graph_points_to_explore_where_numbers_are_given(shell):
    with pytest.raises(UsageError, match="For numbers and sliders: %explore L = a"):
        shell.run_line_magic("graph", "L = a*b a=2 b=3")


def test_the_parameters_of_a_model_have_its_names(shell):
    code = """
    class Model:
        def __init__(self): self.w = Value(2.0)
        def named_parameters(self): yield "layer.w", self.w
    model = Model()
    y = model.w * 3
    """
    run(shell, textwrap.dedent(code))
    picture, _ = run(shell, "%graph y")
    assert [node.name for node in picture.graph.nodes] == ["layer.w", "3", "y"]
    run(shell, "weight = model.w")
    picture, _ = run(shell, "%graph y")
    assert picture.graph.nodes[0].name == "weight"
