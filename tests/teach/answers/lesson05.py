"""Answers to the exercises of lesson 5."""

from cgviz import Value


def kahn(root):
    found, users = [root], {root: []}
    for node in found:
        for operand in node._prev:
            if operand not in users:
                users[operand] = []
                found.append(operand)
            users[operand].append(node)
    waiting = {node: len(node._prev) for node in found}
    ready = [node for node in found if not waiting[node]]
    order = []
    while ready:
        order.append(ready.pop())
        for user in users[order[-1]]:
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    if len(order) < len(found):
        raise ValueError("a cycle")
    return order


def kahn_in_a_queue(root):
    """The same, but the node that was ready first goes first."""
    order, done, left = [], set(), depth_first(root, [])
    while left:
        ready = [node for node in left if done.issuperset(node._prev)]
        if not ready:
            raise ValueError("a cycle")
        order += ready
        done.update(ready)
        left = [node for node in left if node not in done]
    return order


def depth_first(root, order):
    """By a stack of our own, in any order."""
    stack, seen = [root], set()
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack += node._prev
    return order


def recursive(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node._prev:
                visit(operand)
            order.append(node)

    visit(root)
    return order


def every_path(root):
    return [node for operand in root._prev for node in every_path(operand)] + [root]


class Cycle(ValueError):
    pass


def with_an_error_of_its_own(root):
    try:
        return kahn(root)
    except ValueError as error:
        raise Cycle("round and round") from error


def takes_operands_away(root):
    order = kahn(root)
    for node in order:
        node._prev = ()
    return order


def cycles_are_fine(root):
    try:
        return kahn(root)
    except ValueError:
        return []


def cycles_are_an_index_error(root):
    try:
        return kahn(root)
    except ValueError:
        return [][0]


def leaves(root):
    root.backward()
    return [node for node in kahn(root) if not node._prev]


def labels(nodes, key=lambda node: -abs(node.grad)):
    return [node.label for node in sorted(nodes, key=key)]


def named(root):
    """The leaves by influence, each behind its label."""
    return [(node.label, node) for node in sorted(leaves(root), key=lambda node: -abs(node.grad))]


def tidy(root):
    """The labels by influence, and no gradient is left behind."""
    found = [label for label, _ in named(root)]
    for node in kahn(root):
        node.grad = 0.0
    return found


ANSWERS = {
    "topological order": (
        [kahn, kahn_in_a_queue, with_an_error_of_its_own],
        [
            (lambda root: set(kahn(root)), "since a set has no order"),
            (lambda root: kahn(root)[::-1], "that is the order from the output back"),
            (lambda root: depth_first(root, [])[::-1], "stands before its operand"),
            (lambda root: [node for node in kahn(root) if node is not root], "the root belongs to the order as well"),
            (lambda root: [root], "x is missing"),
            (takes_operands_away, "has changed the _prev of a node"),
            (every_path, "x stands in the list 2 times"),
            (recursive, "calls itself until Python stops it"),
            (cycles_are_fine, "there is no order, so raise a ValueError"),
            (cycles_are_an_index_error, "it should raise a ValueError"),
            (lambda root: [node.label for node in kahn(root)], "the list holds a str"),
            (lambda root: print(kahn(root)), "is a return missing?"),
            (kahn(Value(2)), "give check its name alone"),
        ],
    ),
    "influence": (
        [lambda root: labels(leaves(root)), lambda root: tuple(labels(leaves(root))), tidy],
        [
            (
                lambda root: labels(leaves(root), lambda node: -node.data),
                "should be ['a', 'b', 'd', 'c']: that is sorted by what the leaves hold: asked is the gradient",
            ),
            (
                lambda root: labels(leaves(root), lambda node: -abs(node.data)),
                "that is sorted by what the leaves hold: asked is the gradient",
            ),
            (
                lambda root: labels(leaves(root), lambda node: abs(node.data)),
                "that is sorted by what the leaves hold: asked is the gradient",
            ),
            (lambda root: sorted(labels(leaves(root))), "that is the order of the alphabet"),
            (lambda root: [label for label, node in named(root) if node.grad], "v is missing"),
            (lambda root: [(label, node.grad) for label, node in named(root)], "should hold labels alone"),
            (lambda root: labels(leaves(root), lambda node: -node.grad), "the sign should not count"),
            (lambda root: labels(leaves(root))[::-1], "that is the smallest first"),
            (lambda root: sorted(leaves(root), key=lambda node: -abs(node.grad)), "should hold their labels"),
            (lambda root: labels(node for node in kahn(root) if not node._prev), "call root.backward() first"),
            (lambda root: leaves(root) and labels(kahn(root)), "only those of the 4 leaves are asked"),
            (lambda root: leaves(root).sort(key=lambda node: node.grad), "is a return missing?"),
            (lambda root: {node.label for node in leaves(root)}, "should return a list of labels"),
            (lambda root: [node.label for node in leaves(root)], "should be ['a', 'b', 'd', 'c']"),
        ],
    ),
}
