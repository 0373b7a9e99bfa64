"""Backward passes with a mistake in them, run on a graph's records: the gradients that come out instead.

The live view's *Break it* shows three of them (`replace`, `twice` and `reached`).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from ..graph.order import post_order
from .links import Link, Links, local_of

MOST = 20_000
"""So many links are followed: a pass that takes every path takes for ever on a large graph."""

Order = list[int]
Gradients = list[float]


class Pass(NamedTuple):
    """A backward pass with a mistake: `title` says what it does, `remedy` what to do; `run` gives the gradients."""

    title: str
    remedy: str
    run: Callable[[Links, bool], Gradients | None]


# --- orders ---


def _sort_depth_first(links: Links, left: bool) -> Order:
    """Each node after its operands, depth first, those to the `left` or to the right first."""
    return post_order(len(links.below) - 1, lambda i: _operands(links, i, left))


def _operands(links: Links, i: int, left: bool) -> list[int]:
    below = [link.source for link in links.below[i]]
    return below if left else below[::-1]


def _visit_depth_first(links: Links, left: bool) -> Iterator[int]:
    """Each node once, as it is reached from the root, depth first."""
    seen: set[int] = set()
    stack = [len(links.below) - 1]
    while stack:
        i = stack.pop()
        if i not in seen:
            seen.add(i)
            yield i
            stack.extend(_operands(links, i, not left))


def _by_level(links: Links, left: bool) -> Iterator[int]:
    """Each node once, as it is reached from the root, breadth first."""
    root = len(links.below) - 1
    seen, queue = {root}, deque([root])
    while queue:
        i = queue.popleft()
        yield i
        new = [k for k in dict.fromkeys(_operands(links, i, left)) if k not in seen]
        seen.update(new)
        queue.extend(new)


# --- passes ---


def _start(links: Links) -> Gradients:
    grads = [0.0] * len(links.below)
    root = links.grads[-1]
    grads[-1] = 1.0 if root is None else root
    return grads


def _push(links: Links, grads: Gradients, i: int) -> None:
    for link in links.below[i]:
        grads[link.source] += grads[i] * local_of(link)


def _in_order(order: Callable[[Links, bool], Iterable[int]]) -> Callable[[Links, bool], Gradients]:
    def run(links: Links, left: bool) -> Gradients:
        grads = _start(links)
        for i in order(links, left):
            _push(links, grads, i)
        return grads

    return run


def _each_time(links: Links, left: bool, once: bool = False) -> Gradients | None:
    """A node adds to all its operands, then has each of them do the same.

    With `once`, an operand that is used twice does so once, as where operands are in a set. Without, it is also what
    comes of a post-order that does not remember where it was: a node stands there for each use.
    """
    grads, stack, count = _start(links), [len(links.below) - 1], 0
    while stack:
        i = stack.pop()
        count += len(links.below[i])
        if count > MOST:
            return None
        _push(links, grads, i)
        below = _operands(links, i, not left)
        stack.extend(dict.fromkeys(below) if once else below)
    return grads


def _one_by_one(links: Links, left: bool) -> Gradients | None:
    """A node adds to one operand and has it do the same, then goes on to the next."""
    grads, count = _start(links), 0
    stack = [iter(links.below[-1] if left else links.below[-1][::-1])]
    while stack:
        link = next(stack[-1], None)
        if link is None:
            stack.pop()
            continue
        count += 1
        if count > MOST:
            return None
        grads[link.source] += grads[link.user] * local_of(link)
        mine = links.below[link.source]
        stack.append(iter(mine if left else mine[::-1]))
    return grads


def _twice(links: Links, left: bool) -> Gradients:
    grads = _start(links)
    for _ in range(2):
        for i in range(len(links.below) - 1, -1, -1):
            _push(links, grads, i)
    return grads


def write_contributions(
    links: Links, left: bool, *, write: Callable[[Link, float, float], float], passed: Callable[[Link], float]
) -> Gradients:
    """What is left of the contributions, each as it is `passed`, where some are not added to what is there.

    `write` is given the link, what is there and what is passed, and gives what is there then.
    """
    found = [0.0] * len(links.below)
    for i in reversed(_sort_depth_first(links, left)):
        for link in links.below[i]:
            found[link.source] = write(link, found[link.source], passed(link))
    return found


def _replace(links: Links, left: bool) -> Gradients:
    grads = _start(links)
    for i in reversed(_sort_depth_first(links, left)):
        for link in links.below[i]:
            grads[link.source] = grads[i] * local_of(link)
    return grads


def _equal(links: Links, left: bool, key: Callable[[Links], list], early: bool) -> Gradients:
    """A right pass, but a node is passed over if one with the same key has been there.

    `early` is where a node is noted as it is reached, and not once it stands in the order.
    """
    keys = key(links)
    order: Order = []
    noted: set = set()
    stack = [(len(links.below) - 1, False)]
    while stack:
        i, done = stack.pop()
        if done:
            if early or keys[i] not in noted:
                order.append(i)
            noted.add(keys[i])
        elif keys[i] not in noted:
            if early:
                noted.add(keys[i])
            stack.append((i, True))
            stack.extend((k, False) for k in _operands(links, i, not left))
    grads = _start(links)
    for i in reversed(order):
        _push(links, grads, i)
    return grads


def _by_number(links: Links) -> list:
    return list(links.data)


def _by_formula(links: Links) -> list[int]:
    """A number for each node, the same for nodes that hold the same and are computed from the same."""
    known: dict[tuple, int] = {}
    found: list[int] = []
    for data, below in zip(links.data, links.below, strict=True):
        mine = (data, below[0].symbol if below else "", *(found[link.source] for link in below))
        found.append(known.setdefault(mine, len(known)))
    return found


def clip_gradients(links: Links, limit: float, inside: bool) -> Gradients:
    """A right pass whose gradients are cut to ±`limit`, at the end or (`inside`) before each is passed on."""
    grads = _start(links)
    for i in range(len(links.below) - 1, -1, -1):
        if inside:
            grads[i] = _clip(grads[i], limit)
        _push(links, grads, i)
    return [_clip(grad, limit) for grad in grads]


def _clip(grad: float, limit: float) -> float:
    return grad if math.isnan(grad) else max(-limit, min(limit, grad))  # what is not known is not cut either


EACH_TIME = "a node passes its gradient on more than once, whenever it has received some, and not once it has all"
EARLY = "a node passes its gradient on as soon as it is reached"
EQUAL = "equal nodes are taken for one"
APART = "compare with `is`, or remember each node by its id"
SORTED = "sort the nodes topologically, each once, and let each pass its gradient on once, from the output back"

PASSES: dict[str, Pass] = {
    "replace": Pass(
        "each contribution to a gradient replaces the one before", "contributions add up, += and not =", _replace
    ),
    "each time": Pass(EACH_TIME, SORTED, _each_time),
    "each operand": Pass(EACH_TIME, SORTED, partial(_each_time, once=True)),
    "one by one": Pass(EACH_TIME, SORTED, _one_by_one),
    "reached": Pass(EARLY, SORTED, _in_order(_visit_depth_first)),
    "by level": Pass(EARLY, SORTED, _in_order(_by_level)),
    "equal": Pass(EQUAL, APART, partial(_equal, key=_by_number, early=False)),
    "equal early": Pass(EQUAL, APART, partial(_equal, key=_by_number, early=True)),
    "same": Pass(EQUAL, APART, partial(_equal, key=_by_formula, early=False)),
    "same early": Pass(EQUAL, APART, partial(_equal, key=_by_formula, early=True)),
    "twice": Pass(
        "the backward pass runs twice, and the gradients are not set to zero in between",
        "set every gradient to 0 first",
        _twice,
    ),
    "forwards": Pass(
        "the gradients come no farther than the operands of the output",
        "go through all nodes from the output back: reversed(order)",
        _in_order(_sort_depth_first),
    ),
}
"""By name; those that a beginner is most likely to write come first."""
