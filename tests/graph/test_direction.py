"""Users under a name of operands: a graph stands the right way up, whatever is called its parents and its children."""

import pytest

from cgviz import table, trace
from cgviz.graph.direction import names_of_users


def class_with(operands, users, by):
    """A class that keeps operands under one name, and appends each result to its operands under another."""
    inside, after = {
        "its constructor": (f"for x in made_of: x.{users}.append(self)", ""),
        "a comprehension": (f"[x.{users}.append(self) for x in made_of]", ""),
        "each operation": ("pass", f"self.{users}.append(made); other.{users}.append(made)"),
        "pairs": ("pass", f"self.{users}.append((other.value, made)); other.{users}.append((self.value, made))"),
    }[by]
    text = (
        "class Node:\n"
        "    def __init__(self, value, made_of=(), op=''):\n"
        f"        self.value, self.op, self.{operands}, self.{users} = value, op, list(made_of), []\n"
        f"        {inside}\n"
        "    def __mul__(self, other):\n"
        "        made = Node(self.value * other.value, (self, other), '*')\n"
        f"        {after or 'pass'}\n"
        "        return made\n"
    )
    space: dict = {}
    exec(text, space)
    return space["Node"]


@pytest.mark.parametrize("by", ["its constructor", "a comprehension", "each operation", "pairs"])
@pytest.mark.parametrize("users", ["parents", "prev", "inputs", "_children", "children", "_prev", "deps"])
@pytest.mark.parametrize("operands", ["children", "inputs", "_children", "args"])
def test_users_are_no_operands_under_whatever_name(operands, users, by):
    if operands == users:
        return
    cls = class_with(operands, users, by)
    a, b = cls(2.0), cls(-3.0)
    y = a * b * a
    for root in (y, a):
        assert names_of_users(root) == {users}
    graph = trace(y, {"a": a, "b": b})
    assert [(node.name, node.operands) for node in graph.nodes] == [
        ("a", ()),
        ("b", ()),
        ("v2", (0, 1)),
        ("v3", (2, 0)),
    ]
    assert len(trace(a).nodes) == 1 and "stands as a leaf" not in table(a)


@pytest.mark.parametrize("users", ["parents", "prev", "inputs"])
def test_of_a_class_that_keeps_only_users_that_is_said(users):
    cls = class_with("hidden", users, "each operation")
    y = cls(2.0) * cls(-3.0)
    assert "stands as a leaf" in table(y) and "nodes are in its attribute 'hidden'" in table(y)
    del y.hidden
    assert f"nodes are in its attribute '{users}', and are those computed from it" in table(y)


class Linked:
    """Operands are appended to the result, by the operation or by a function that links any two."""

    def __init__(self, value, op=""):
        self.value, self.op, self.parents, self.inputs = value, op, [], []

    def __mul__(self, other):
        result = Linked(self.value * other.value, "*")
        result.parents.append(self)
        result.parents.append(other)
        return result

    def of(self, *operands):
        self.parents.extend(operands)
        return self


def test_operands_that_are_appended_to_a_result_are_operands():
    a, b = Linked(2.0), Linked(-3.0)
    assert names_of_users(a) == frozenset()
    assert trace(a * b).nodes[-1].operands == (0, 1)
    assert trace(Linked(-6.0, "*").of(a, b)).nodes[-1].operands == (0, 1)
