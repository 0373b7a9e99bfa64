import pytest

from cgviz.pictures.node_words import caption, grad_words, phrase, summary, value_words


@pytest.mark.parametrize(
    ("op", "operands", "said"),
    [
        ("*", (0, 1), "a * b"),
        ("+", (0, 0), "a + a"),
        ("**", (0, 1), "a ** b"),
        ("**2", (0,), "a**2"),
        ("neg", (0,), "-a"),
        ("tanh", (0,), "tanh(a)"),
        ("max", (0, 1), "max(a, b)"),
        ("", (0, 1), "of a, b"),
        ("+", (0,) * 20, "a + a + a + a + … + a"),
    ],
)
def test_operations_are_written_as_python_writes_them(graphs, op, operands, said):
    graph = graphs.build(("a", "", 1.0, None, ()), ("b", "", 1.0, None, ()), ("y", op, None, None, operands))
    assert phrase(graph.root, graph) == said


SIGNS = ("+", "-", "*", "/", "**", "×", "÷", "−", "^", "@", "<", "·", "**3", "**inf", "neg", "-")


@pytest.mark.parametrize("op", SIGNS)
@pytest.mark.parametrize("operands", [(0, 1), (1, 0), (0,), (0, 0), (0, 1, 0)])
def test_what_is_not_believed_is_not_written_as_an_equation(graphs, op, operands):
    graph = graphs.build(("a", "", 7.0, None, ()), ("b", "", 3.0, None, ()), ("y", op, 1234.5, None, operands))
    names = ", ".join("ab"[i] for i in operands)
    said = {f"{op!r} of {names}"} | ({f"{op}({names})"} if op.isalpha() else set())
    assert phrase(graph.root, graph) in said
    assert caption(graph.root, graph).startswith(f"y = {phrase(graph.root, graph)}: value ")


@pytest.mark.parametrize(("op", "y"), [("+", 10.0), ("-", 4.0), ("*", 21.0), ("**", 343.0), ("/", 7 / 3)])
def test_what_gives_the_number_is_written_as_an_equation(graphs, op, y):
    graph = graphs.build(("a", "", 7.0, None, ()), ("b", "", 3.0, None, ()), ("y", op, y, None, (0, 1)))
    assert phrase(graph.root, graph) == f"a {op} b"


def test_a_caption_says_everything(graphs):
    graph = graphs.seed()
    assert caption(graph.nodes[4], graph) == "e = a * b: value −6, gradient −2"
    assert caption(graphs.seed((None,) * 7).nodes[0], graph) == "leaf a: value 2, gradient not computed yet"
    assert summary(graph) == "Computational graph of L with 7 nodes; L = -8"


def test_a_constant_has_no_gradient(graphs):
    graph = graphs.build(("", "const", 2.0, None, ()))
    assert caption(graph.root, graph) == "constant 2"
    assert grad_words(graph.root) == ""


def test_a_class_without_gradients_is_not_told_that_one_is_missing(graphs):
    node = graphs.seed().nodes[4]._replace(has_grad=False, grad=None)
    assert caption(node, graphs.seed()) == "e = a * b: value −6"


def test_stale_is_said_instead_of_the_number(graphs):
    node = graphs.seed().nodes[4]._replace(stale="value")
    assert (value_words(node), grad_words(node)) == ("stale", "stale")
    node = node._replace(stale="gradient")
    assert (value_words(node), grad_words(node)) == ("-6", "stale")
