"""Lesson 5: gradients, by a backward pass of one's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..exercise_kinds.exercise import Judged, Open
from ..exercise_kinds.functions import check_is_written, no_function
from ..exercise_kinds.influence import influence_fault
from ..exercise_kinds.numbers import Numbers
from ..exercise_kinds.operations import Operations
from ..exercise_kinds.ordering import collect_reachable, cycle_fault, order_fault
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


@dataclass(frozen=True, kw_only=True)
class Taught(Operations):
    """A function and its rule. A rule that is still …, or is not there, counts as not written."""

    rule: str

    def judge(self, thing: Any) -> str:
        """Compute and differentiate all cases."""
        missing = f"it computes; what is missing is the rule for the way back, RULES[{self.rule!r}]"
        try:
            said = super().judge(thing)
        except Open as left:
            raise Open(missing if "still …" in str(left) else str(left)) from None
        if "are not written yet" in said:
            wrong_name = re.search(r"NotImplementedError: (\w+):", said)
            if wrong_name and wrong_name[1] != self.rule:
                return f"the new node calls its operation {wrong_name[1]!r}, and RULES knows it as {self.rule!r}"
            raise Open(missing)
        return said


EXERCISES = (
    Judged(
        name="topological order",
        by=_orders,
        wanted="your function",
        hints=(
            "Step 1 is a dict: for each node of found, the number of its operands. Step 2 is a list of those with 0.",
            "Step 3: while ready: node = ready.pop(), append it to order, and go through users[node]. "
            "Each of them waits for one fewer; if that makes 0, append it to ready.",
            "In the end, if order has fewer nodes than found, raise ValueError; else return order.",
        ),
        praise="each node after its operands, whatever the graph; and a cycle is found out.",
    ),
    Numbers(
        name="gradients with relu",
        of="s = a + b; r = relu(a); K = s * r",
        at={"a": 2, "b": -3},
        typical={
            "a": {
                -1: "only the use by r counts: what comes back through s is forgotten. Add up both, += and not =",
                3: "relu lets the gradient through as it is: through r comes s, and that is -1",
                0: "both paths count: through s comes 2, and relu is open, as a is above 0",
            },
            "b": {-1: "K is a product: s gets the other factor, r", 0: "b is used in s, and s gets r"},
        },
        wanted="your two numbers",
        hints=(
            "Name the steps: s = a + b and r = relu(a), so that K = s · r. Go forward first: s is -1, and r is 2.",
            "K is a product: s gets r, and r gets s. Then s copies, and relu lets everything through where a > 0.",
            "Two arrows leave a: one brings back what s got, the other what r got. Add them.",
        ),
        praise="two paths, added up.",
    ),
    Taught(
        name="tangent",
        rule="tan",
        cases=("tan(a)", "tan(x)", "tan(a) * a", "tan(a * x) + x", ("tan(a)", {"a": 0})),
        numbers={"a": 0.5, "x": -1.2},
        gradients=True,
        again=True,
        hints=(
            "The way forward is written like the functions of lesson 8, with self for x.",
            'return type(self)(math.tan(self.data), _prev=(self,), _op="tan")',
            'The way back is a tuple of one number: RULES["tan"] = lambda y, x: (…,), with 1 + y**2 for the gap.',
        ),
        praise="a new operation, forward and backward, in two lines.",
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
