"""Lesson 5: gradients, by a backward pass of one's own."""

from __future__ import annotations

from typing import Any

from ..exercise_kinds.exercise import Judged
from ..exercise_kinds.functions import check_is_written, no_function
from ..exercise_kinds.influence import influence_fault
from ..exercise_kinds.ordering import collect_reachable, cycle_fault, order_fault
from ..questions.ask import Ask
from ..sandbox.running import attempt

LONG = 3000
LADDER = 40
"""So many rungs, each used twice by the next: a walk that goes along every path does not come to an end."""


class Node:
    """A node with nothing but its operands and a label: an order needs no numbers."""

    def __init__(self, label: str, *operands: Node) -> None:
        self.label, self._prev = label, operands

    def __repr__(self) -> str:
        return self.label


def chapter() -> Node:
    """L = (ab + c)d."""
    a, b, c, d = map(Node, "abcd")
    return Node("L", Node("f", Node("e", a, b), c), d)


def twice() -> Node:
    """A leaf is used at both ends, and another one twice by the same node."""
    a, x = Node("a"), Node("x")
    s = Node("s", Node("y", a, Node("w", x, x)))
    return Node("z", s, a)


def chain() -> Node:
    """A long chain that adds x again and again."""
    x = node = Node("x")
    for i in range(LONG):
        node = Node(f"y{i}", node, x)
    return node


def ladder() -> Node:
    """Each rung is used twice by the next."""
    node = Node("x")
    for i in range(LADDER):
        node = Node(f"y{i}", node, node)
    return node


def cycle() -> Node:
    """Two nodes need each other."""
    p = Node("p", Node("x"))
    q = Node("q", p)
    p._prev = (*p._prev, q)
    return Node("r", q)


GRAPHS = (
    ("a single leaf x", lambda: Node("x")),
    ("y = sin(x)", lambda: Node("y", Node("x"))),
    ("y = x + x", lambda: (lambda x: Node("y", x, x))(Node("x"))),
    ("L = (ab + c)d", chapter),
    ("z = s + a, where a is used at the beginning and at the end", twice),
    (f"a chain of {LONG:,} sums", chain),
    (f"a ladder of {LADDER} sums y + y", ladder),
)
CYCLE = "a graph in which p needs q and q needs p"


def _orders(thing: Any) -> str:
    """Try a function that orders the nodes of a graph."""
    if refused := no_function(thing):
        return refused
    for case, make in GRAPHS:
        root = make()
        nodes = collect_reachable([root], _operands)
        before = [(node, node._prev) for node in nodes]
        done = attempt(thing, root)
        check_is_written(thing, done)
        if any(node._prev is not operands for node, operands in before):
            return f"for {case}: your function has changed the _prev of a node; count in a dict of your own"
        said = f"your function {done.failure}" if done.failure else order_fault(done.value, nodes, _operands, root)
        if said:
            return f"for {case}: {said}"
    return cycle_fault(attempt(thing, cycle()), CYCLE)


def _operands(node: Node) -> tuple[Node, ...]:
    return node._prev


QUESTIONS = (
    Ask(
        key="5.1",
        text="y = x + x. What will the code above find for the gradient of x?",
        answer=1,
        typical={2: "that is what it should find, as y = 2x; but look at the = in the last line"},
        why="It should be 2, as y = 2x. But the second 1 replaces the first.",
    ),
    Ask(
        key="5.2",
        text="We call L.backward() three times. What is the gradient of a then?",
        answer=6,
        typical={
            18: "it would be, if nobody set the gradients to 0",
            12: "it would be 6 or 18: look at what comes first",
        },
        why="Each call begins by setting all gradients to 0.",
    ),
    Ask(
        key="5.3",
        text="y = x, and then 5,000 times y = y + x. What is the gradient of x?",
        answer=5001,
        typical={5000: "nearly: the first y is x itself", 1: "x is used again in each sum, and contributions add up"},
        tolerance=1e-6,
        why="y is 5,001 times x.",
    ),
)

EXERCISES = (
    Judged(
        name="topological order",
        by=_orders,
        wanted="your function",
        hints=(
            "waiting says how many operands each node waits for; ready are the nodes that wait for none. "
            "Begin an empty list, order.",
            "Step 3: while ready: node = ready.pop(), append it to order, and go through users[node]. "
            "Each of them waits for one fewer; if that makes 0, append it to ready.",
            "In the end, if order has fewer nodes than found, raise ValueError; else return order.",
        ),
        praise="each node after its operands, whatever the graph; and a cycle is found out.",
    ),
    Judged(
        name="influence",
        by=influence_fault,
        wanted="your function",
        hints=(
            "root.backward() first. The leaves are the nodes of topological_order(root) whose _prev is empty.",
            "A list sorts itself: leaves.sort(key=lambda node: abs(node.grad), reverse=True).",
        ),
        praise="now you know where to turn first.",
    ),
)
