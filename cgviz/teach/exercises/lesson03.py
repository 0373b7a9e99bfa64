"""Lesson 3: operations build a graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...graph import is_node, objects
from ...text import kind
from ...value import Value
from ..exercise_kinds.exercise import Judged, Open
from ..exercise_kinds.numbers import Numbers
from ..exercise_kinds.operations import Operations
from ..questions.ask import Ask
from ..sandbox.advice import NONE
from ..sandbox.likeness import show
from ..sandbox.running import attempt


def _graphs() -> list[tuple[str, Value]]:
    """Graphs for a function that reads `_prev`: one node, a chain, a node used twice, nodes shared further down."""
    a, b, c = Value(2.0, "a"), Value(-3.0, "b"), Value(10.0, "c")
    s = a + b
    t = a * a
    return [
        ("a", a),
        ("a*b + c", a * b + c),
        ("a*a", a * a),
        ("s = a + b, then s*a + s", s * a + s),
        ("t = a*a, then t*t + a", t * t + a),
        ("c*b + b*c + a", c * b + b * c + a),
    ]


def _trace_fault(trace: Any) -> str:
    """What is wrong with a learner's trace: its nodes, their order, its edges."""
    if not callable(trace):
        return f"expected the function trace, got {kind(trace)}"
    for text, root in _graphs():
        done = attempt(trace, root)
        if done.open:
            raise Open(done.failure)
        if done.failure:
            return f"trace of {text} {done.failure}"
        if isinstance(done.value, tuple) and any(part is ... for part in done.value):
            raise Open(f"trace of {text} returns …")
        said = _kind_fault(done.value)
        if not said:
            nodes, edges = done.value
            said = _nodes_fault(nodes, edges, root) or _edges_fault(edges, root)
        if said:
            return f"trace of {text}: {said}"
    return ""


def _kind_fault(found: Any) -> str:
    """Whether what was returned is two lists at all."""
    if found is None:
        return f"it returns {NONE}"
    if not isinstance(found, (tuple, list)) or len(found) != 2 or any(is_node(part) for part in found):
        return f"it returns {show(found)}, and should return two lists: nodes, edges"
    if any(isinstance(part, (set, dict)) for part in found):
        return "nodes and edges are lists: a set has no order, and keeps only one edge of a*a"
    strange = next((part for part in found if not isinstance(part, (tuple, list))), found)
    return "" if strange is found else f"nodes and edges are lists, and one of yours is {show(strange)}"


def _nodes_fault(nodes: Sequence, edges: Sequence, root: Value) -> str:
    right, place = objects(root), {id(node): i for i, node in enumerate(nodes)}
    if len(place) < len(nodes):
        return "a node stands in nodes more than once"
    if set(place) != {id(node) for node in right}:
        if {id(node) for node in edges} == {id(node) for node in right}:
            return "the nodes come first, then the edges"
        return f"there {_are(len(nodes), 'node')}, should be {len(right)}"
    early = next((n for n in right if any(place[id(x)] > place[id(n)] for x in n._prev)), None)
    return "" if early is None else f"the result of {early._op} stands before one of its operands in nodes"


def _are(count: int, thing: str) -> str:
    return f"is 1 {thing}" if count == 1 else f"are {count} {thing}s"


def _edges_fault(edges: Sequence, root: Value) -> str:
    wrong = [edge for edge in edges if not isinstance(edge, (tuple, list)) or len(edge) != 2]
    if wrong:
        return f"an edge is a pair (operand, node), got {show(wrong[0])}"
    strange = next((end for edge in edges for end in edge if not is_node(end)), None)
    if strange is not None:
        return f"an edge joins two nodes, the objects themselves; one of yours has {show(strange)} at an end"
    right = [(id(operand), id(node)) for node in objects(root) for operand in node._prev]
    own = [(id(one), id(other)) for one, other in edges]
    if len(own) != len(right):
        return f"there {_are(len(own), 'edge')}, should be {len(right)}: one for each operand of each node"
    if sorted(own) != sorted(right):
        backward = sorted((two, one) for one, two in own) == sorted(right)
        return "an edge leads from the operand to the node" if backward else "an edge joins nodes that are not joined"
    mine = [[one for one, other in own if other == id(node)] for node in objects(root)]
    ordered = mine == [[id(operand) for operand in node._prev] for node in objects(root)]
    return "" if ordered else "the edges to a node stand in another order than its operands"


ZERO = ("a * b", {"a": 5, "b": 0})

QUESTIONS = (
    Ask(
        key="3.1",
        text="Let x be a node, and y = x + x. How many operands does y remember?",
        answer=2,
        typical={1: "there is one node, but it is used twice"},
        why="Both of them are x: one node, used twice.",
    ),
    Ask(
        key="3.2",
        text="a.data = 5.0, and nothing else is run. What is the number in L after that?",
        answer=-8,
        typical={10: "that would be right if somebody computed L anew"},
        why="A node does not compute anew when its operands change.",
    ),
)

EXERCISES = (
    Operations(
        name="products",
        cases=(
            "a * b",
            "b * a",
            "a * a",
            ("a * b", {"a": 0, "b": 5}),
            ZERO,
            "(a + b) * a",
            "(a*b + c) * d",
            "a * a * a",
        ),
        hints=(
            "What does Python call for a * b? It is written like __add__.",
            "Two things change: the number that the new node holds, and the symbol that it remembers.",
            "return type(self)(…, _prev=(self, other), _op=…): what belongs in the two gaps?",
        ),
        praise="your class multiplies, and remembers what it multiplied.",
    ),
    Numbers(
        name="count the graph",
        answer={"nodes": 5, "edges": 6},
        typical={
            "nodes": {
                7: "a is one node, however often it is used",
                2: "the results of operations are nodes as well",
                3: "the leaves are nodes as well",
                6: "a is one node, however often it is used",
                10: "each node counts once, whether an arrow leads to it or leaves it",
            },
            "edges": {5: "count both operands of each operation", 3: "each operation has two operands"},
        },
        hints=(
            "Write it in small steps: e = a*b, f = e + a, L = f*a. Each name is a node.",
            "An edge leads from each operand to each result, so count the operands of the three operations.",
        ),
        praise="that is how the graph is counted: nodes once, edges for every use.",
        wanted="a dict with your two numbers",
    ),
    Judged(
        name="edges",
        by=_trace_fault,
        hints=(
            "The nodes are there already. Go through them once more, and through the operands of each.",
            "Two loops, one within the other: for node in nodes, for operand in node._prev.",
            "Begin with edges = [] before the loops, append a pair inside, and return both lists after them.",
        ),
        praise="nodes in order, edges with both ends: that is all that a drawing needs.",
        wanted="your function trace",
    ),
)
