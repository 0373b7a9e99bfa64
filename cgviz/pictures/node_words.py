"""How a node is put into words: its operation as an expression, its state as a sentence."""

from __future__ import annotations

from typing import Any

from ..graph import CONSTANT, LEAF, ArraySummary, Graph, Node
from ..graph.recognition import doubts, is_equation, operation
from ..ops.formula import in_signs, write_operation
from ..ops.labels import piece, quoted, tight
from ..ops.rows import commutes
from ..ops.sum_rows import SumOp
from ..text import array, exact, number, numbers, shape, shorten, typeset

NOT_YET, STALE = "not computed yet", "stale"
_LONGEST = 8
_LONGEST_NUMBER = 12


def phrase(node: Node, graph: Graph) -> str:
    """The operation that made a node, with its operands by name, as Python would write it.

    >>> from cgviz.graph import Graph, Node
    >>> a, b = Node(0, "a", "", 2.0, None, "leaf", ()), Node(1, "b", "", 3.0, None, "leaf", ())
    >>> phrase(Node(2, "e", "*", 6.0, None, "operation", (0, 1)), Graph((a, b), ()))
    'a * b'
    >>> phrase(Node(2, "s", "tanh", 1.0, None, "operation", (0,)), Graph((a, b), ()))
    'tanh(a)'

    What is not known to be an equation is not written as one.

    >>> phrase(Node(2, "e", "*", 7.0, None, "operation", (0, 1)), Graph((a, b), ()))
    "'*' of a, b"
    """
    if not node.operands:
        return ""
    op, operands = operation(graph, node)
    if isinstance(op, SumOp):
        pieces = [piece(read.name) for read in (graph.nodes[i] for i in operands)]
        return op.text.replace("·", "@" if any(op.sizes) else "*").format(*pieces)
    some = operands if len(operands) <= _LONGEST else operands[:4]
    read = [graph.nodes[i] for i in some]
    alone = in_signs(node.op, len(operands))
    written = beside_a_sign if alone else in_formula
    names = list(map(written, read))
    if node.op.startswith("**") and names[0].startswith("-"):  # of a constant
        names[0] = f"({names[0]})"
    if len(some) < len(operands):
        names += ["…", written(graph.nodes[operands[-1]])]
    if op is None and node.op and not node.ordered and len(operands) > 1 and not commutes(node.op):
        return f"{node.op!r} of {{{', '.join(names)}}}"  # which of them comes first is not known
    if alone and op is None and (node.data is not None or len(names) == 1) and not is_equation(graph, node):
        return f"{node.op!r} of {', '.join(names)}"  # "a - b" would be another number, "-a" the work of nothing else
    return write_operation(node.op, names)


def in_formula(node: Node) -> str:
    """What a formula calls a node: its label, in quotes where that would be read as a number, or a number of its own.

    >>> from cgviz.graph import Node
    >>> in_formula(Node(0, "2", "", 1.5, None, "leaf", ())), in_formula(Node(1, "", "", 1.5, None, "constant", ()))
    ("'2'", '1.5')
    """
    return quoted(node.name) if node.label else node.name


def beside_a_sign(node: Node) -> str:
    """The same beside a sign, where an expression is put in parentheses."""
    return tight(node.name) if node.label else node.name


def value_state(node: Node) -> str:
    """In what way a node has no value to show, `STALE` or `NOT_YET`; empty if it has one.

    >>> from cgviz.graph import Node
    >>> value_state(Node(0, "a", "", None, None, "leaf", ()))
    'not computed yet'
    """
    return STALE if node.stale == "value" else NOT_YET if node.data is None else ""


def grad_state(node: Node) -> str:
    """In what way a node has no gradient to show, `STALE` or `NOT_YET`; empty if it has one.

    >>> from cgviz.graph import Node
    >>> grad_state(Node(0, "a", "", 2.0, 6.0, "leaf", (), stale="gradient"))
    'stale'
    """
    return STALE if node.stale else NOT_YET if node.grad is None else ""


def value_words(node: Node) -> str:
    """A node's value as text, or in what way there is none.

    >>> from cgviz.graph import Node
    >>> value_words(Node(0, "a", "", 2.0, None, "leaf", ()))
    '2'
    """
    return value_state(node) or _write(node.data)


def grad_words(node: Node) -> str:
    """A node's gradient as text, or in what way there is none; empty if the node keeps no gradient.

    >>> from cgviz.graph import Node
    >>> grad_words(Node(0, "a", "", 2.0, None, "leaf", ()))
    'not computed yet'
    """
    if not shows_grad(node):
        return ""
    return grad_state(node) or _write(node.grad)


def _write(x: Any) -> str:
    return str(x) if isinstance(x, ArraySummary) else numbers(x)


def short(x: Any, digits: int | None = None) -> str:
    """What stands in a slot: a number with four digits, or as many as asked, an array by its shape.

    With `digits` it has no more letters than `letters` allows: a number that would have has fewer digits.

    >>> short(-1234.5678), short(-1234.5678, 2), short(-1.23e-100, 2)
    ('-1235', '-1.2e+03', '-1e-100')
    """
    if sizes := getattr(x, "shape", ()):
        return shape(sizes)
    if digits is None:
        return shorten(number(x), _LONGEST_NUMBER)
    texts = [number(x, n) for n in range(digits, 0, -1)]
    return shorten(next((text for text in texts if len(text) <= letters(digits)), texts[-1]), _LONGEST_NUMBER)


def letters(digits: int) -> int:
    """How many letters a number of so many digits may have: as many as -0.00012, or -1e-300."""
    return digits + 6


def check_digits(digits: int | None) -> int | None:
    """Return `digits` if a number can be written with so many, else raise `ValueError`.

    >>> check_digits(2)
    2
    """
    if digits is not None and (isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= 16):
        raise ValueError(
            f"digits is a whole number from 1 to 16, or None for four digits in wide boxes; got {digits!r}"
        )
    return digits


def full(x: Any) -> str:
    """The number in full, for a tooltip; of a large array what is known of it."""
    if isinstance(x, ArraySummary):
        return str(x)
    if getattr(x, "shape", ()):
        return array(x)
    try:
        return exact(x)
    except (TypeError, ValueError, OverflowError):
        return number(x)


def shows_grad(node: Node) -> bool:
    """Whether a node has a place for its gradient: constants have none, nor classes without gradients."""
    return node.kind != CONSTANT and node.has_grad


def head(node: Node, graph: Graph) -> str:
    """What a node is, apart from its numbers: how its caption begins.

    >>> from cgviz.graph import Graph, Node
    >>> a = Node(0, "a", "", 2.0, 6.0, "leaf", ())
    >>> head(a, Graph((a,), ()))
    'leaf a'
    """
    if node.kind == CONSTANT:
        return f"constant {in_formula(node)} =" if node.label else "constant"
    made = phrase(node, graph) + (f", {node.folded:,} nodes in one" if node.folded else "")
    return (
        f"leaf {node.name}"
        if node.kind == LEAF
        else f"{in_formula(node)} = {made}"
        if node.op
        else f"{node.name}, {made}"
    )


def caption(node: Node, graph: Graph) -> str:
    """A node in one sentence, as a screen reader says it.

    >>> from cgviz.graph import Graph, Node
    >>> a = Node(0, "a", "", 2.0, 6.0, "leaf", ())
    >>> caption(a, Graph((a,), ()))
    'leaf a: value 2, gradient 6'
    """
    if node.kind == CONSTANT:
        return f"{head(node, graph)} {typeset(value_words(node))}"
    value, grad = typeset(value_words(node)), typeset(grad_words(node))
    return f"{head(node, graph)}: value {value}" + (f", gradient {grad}" if grad else "")


def summary(graph: Graph) -> str:
    """The graph in one sentence.

    >>> from cgviz.graph import Graph, Node
    >>> summary(Graph((Node(0, "a", "", 2.0, None, "leaf", ()),), ()))
    'Computational graph of a with 1 node; a = 2'
    """
    root, count = graph.root, len(graph.nodes)
    text = f"Computational graph of {root.name} with {count:,} node{'s' if count > 1 else ''}"
    text += f"; {in_formula(root)} {'is' if root.stale or root.data is None else '='} {value_words(root)}"
    first, *more = doubts(graph) or [""]
    return text + f"; {first}" * bool(first) + f"; and {len(more)} more such operations" * bool(more)
