"""Random graphs, computed by small classes with one mistake each: what `gradcheck` says of them is so.

Nothing here is computed by the package but what is tested: the class has its own rules, its mistakes are written out
once more, and the right gradients come from small steps.
"""

import math
import random

import pytest

from cgviz import gradcheck, trace
from cgviz.checks.diagnosis import Diagnosis
from cgviz.checks.links import links
from cgviz.checks.mistakes import WRITES, Replace, Rule, Walk
from cgviz.checks.synonyms import drop_synonyms
from cgviz.checks.wrong_passes import PASSES
from cgviz.checks.wrong_rules import MISRULES

FORWARD = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**2": lambda a: a**2,
    "**3": lambda a: a**3,
    "exp": math.exp,
    "tanh": math.tanh,
    "σ": lambda a: 1 / (1 + math.exp(-a)),
    "relu": lambda a: max(a, 0.0),
    "sin": math.sin,
}
LOCAL = {
    "+": lambda y, a, b: (1.0, 1.0),
    "-": lambda y, a, b: (1.0, -1.0),
    "*": lambda y, a, b: (b, a),
    "/": lambda y, a, b: (1 / b, -a / b**2),
    "**2": lambda y, a: (2 * a,),
    "**3": lambda y, a: (3 * a**2,),
    "exp": lambda y, a: (math.exp(a),),
    "tanh": lambda y, a: (1 - math.tanh(a) ** 2,),
    "σ": lambda y, a: (y * (1 - y),),
    "relu": lambda y, a: (1.0 if a > 0 else 0.0,),
    "sin": lambda y, a: (math.cos(a),),
}
MISTAKEN = {  # name: what is passed on, given the gradient that arrives, the right local, y, the operands, the place
    "sign": lambda g, d, y, xs, k, op: -g * d,
    "other": lambda g, d, y, xs, k, op: g * LOCAL[op](y, *xs)[1 - k] if len(xs) == 2 else g * d,
    "upstream": lambda g, d, y, xs, k, op: d,
    "local": lambda g, d, y, xs, k, op: g,
    "sum": lambda g, d, y, xs, k, op: g + d,
    "nothing": lambda g, d, y, xs, k, op: 0.0,
    "double": lambda g, d, y, xs, k, op: 2 * g * d,
    "half": lambda g, d, y, xs, k, op: g * d / 2,
    "triple": lambda g, d, y, xs, k, op: 3 * g * d,
    "twin": lambda g, d, y, xs, k, op: g * d,  # which operands are one node, `contributes` knows
    "twin first": lambda g, d, y, xs, k, op: g * d,
}
SPECIAL = {  # mistakes that one operation can have
    ("operand", "exp", 0): lambda y, x: x,
    ("operand", "tanh", 0): lambda y, x: 1 - x * x,
    ("operand", "σ", 0): lambda y, x: x * (1 - x),
    ("square of tanh", "tanh", 0): lambda y, x: 1 - y,
    ("sigmoid for tanh", "tanh", 0): lambda y, x: y * (1 - y),
    ("tanh for sigmoid", "σ", 0): lambda y, x: 1 - y * y,
    ("second factor", "σ", 0): lambda y, x: y,
    ("relu", "relu", 0): lambda y, x: y,
    ("output", "sin", 0): lambda y, x: math.cos(y),
    ("inverse sine", "sin", 0): lambda y, x: y,
    ("square of the divisor", "/", 1): lambda y, a, b: -a / b,
    ("dividend", "/", 1): lambda y, a, b: -1 / b**2,
    ("sign and square", "/", 1): lambda y, a, b: a / b,
    ("exponent", "**", 0): lambda y, x, n: n * x**n,
    ("factor", "**", 0): lambda y, x, n: x ** (n - 1),
}


def holds(rule, op, k):
    return rule.symbol in ("", "**" if op.startswith("**") else op) and rule.position in (None, k)


def contributes(mistake, op, k, g, y, xs, twin=False):
    d = LOCAL[op](y, *xs)[k]
    if twin and k == {"twin": 1, "twin first": 0}.get(getattr(mistake, "name", "")) and holds(mistake, op, k):
        return 0.0
    if not isinstance(mistake, Rule) or not holds(mistake, op, k):
        return g * d
    symbol = "**" if op.startswith("**") else op
    if mistake.name in MISTAKEN:
        return MISTAKEN[mistake.name](g, d, y, xs, k, op)
    n = (int(op[2:]),) if symbol == "**" else ()
    special = SPECIAL.get((mistake.name, symbol, k))
    return g * (special(y, *xs, *n) if special else d)


def engine(mistake, container):
    """A class whose backward pass has this mistake."""

    class V:
        def __init__(self, data, operands=(), op=""):
            self.data, self.grad, self._op, self._prev, self.xs = data, 0.0, op, container(operands), operands

        def push(self):
            numbers = [x.data for x in self.xs]
            for k, x in enumerate(self.xs):
                part = contributes(
                    mistake, self._op, k, self.grad, self.data, numbers, len(set(self.xs)) < len(self.xs)
                )
                how = mistake.how if isinstance(mistake, Replace) and holds(mistake.rule, self._op, k) else "+="
                if how == "own":
                    part = x.grad * LOCAL[self._op](self.data, *numbers)[k]
                x.grad = {"=": part, "*=": x.grad * part}.get(how, x.grad + part)

        def backward(self):
            self.grad = 1.0
            left = getattr(mistake, "left", True)
            name = mistake.name if isinstance(mistake, Walk) else ""
            if name == "twice":
                for _ in range(2):
                    for node in reversed(order(self, True)):
                        node.push()
            elif name == "each time":
                each_time(self, left)
            elif name == "each operand":
                each_time(self, left, once=True)
            elif name == "one by one":
                one_by_one(self, left)
            elif name == "reached":
                reached(self, left, set())
            elif name == "by level":
                by_level(self, left)
            elif name.partition(" ")[0] in ("equal", "same"):
                for node in reversed(taken_for_one(self, left, name)):
                    node.push()
            elif name == "forwards":
                for node in order(self, left):
                    node.push()
            else:
                for node in reversed(order(self, left)):
                    node.push()

    return V


def turned(node, left):
    return node.xs if left else node.xs[::-1]


def order(root, left):
    found, seen = [], set()

    def walk(node):
        if node not in seen:
            seen.add(node)
            for x in turned(node, left):
                walk(x)
            found.append(node)

    walk(root)
    return found


def taken_for_one(root, left, name):
    """The order of a class that compares nodes by their number, or by all they hold."""
    found, seen = [], []
    key = (lambda node: node.data) if name.startswith("equal") else formula

    def walk(node):
        if key(node) not in seen:
            if name.endswith("early"):
                seen.append(key(node))
            for x in turned(node, left):
                walk(x)
            if key(node) not in seen or name.endswith("early"):
                found.append(node)
            seen.append(key(node))

    walk(root)
    return found


def formula(node):
    return (node.data, "**" if node._op.startswith("**") else node._op, *map(formula, node.xs))


def each_time(node, left, once=False):
    node.push()
    for x in dict.fromkeys(turned(node, left)) if once else turned(node, left):
        each_time(x, left, once)


def one_by_one(node, left):
    numbers = [x.data for x in node.xs]
    for k, x in list(enumerate(node.xs))[:: 1 if left else -1]:
        x.grad += contributes(None, node._op, k, node.grad, node.data, numbers)
        one_by_one(x, left)


def reached(node, left, seen):
    if node not in seen:
        seen.add(node)
        node.push()
        for x in turned(node, left):
            reached(x, left, seen)


def by_level(root, left):
    queue, seen = [root], {root}
    for node in queue:
        node.push()
        for x in turned(node, left):
            if x not in seen:
                seen.add(x)
                queue.append(x)


def random_plan(pick):
    """Operations on the nodes so far, as (operation, places); the last one joins all that is not used yet."""
    plan, count = [], 3
    for _ in range(pick.randint(2, 6)):
        op = pick.choice(["+", "-", "*", "*", "/", "**2", "**3", "exp", "tanh", "σ", "relu", "sin"])
        plan.append((op, [pick.randrange(count) for _ in range(2 if op in "+-*/" else 1)]))
        count += 1
    used = {i for _, places in plan for i in places}
    last = count - 1
    for i in range(count - 1):
        if i not in used:
            plan.append((pick.choice("+*"), [last, i]))
            last = count
            count += 1
    return plan


def result(plan, numbers):
    found = list(numbers)
    for op, places in plan:
        found.append(FORWARD[op](*(found[i] for i in places)))
    return found[-1]


def build(plan, leaves):
    nodes = list(leaves)
    for op, places in plan:
        xs = tuple(nodes[i] for i in places)
        nodes.append(type(nodes[0])(FORWARD[op](*(x.data for x in xs)), xs, op))
    return nodes[-1]


def slopes(plan, numbers):
    """∂result/∂leaf by small steps, the error of the size 10⁻² taken out by one of half that size."""
    found = []
    for i in range(3):

        def at(h, i=i):
            up, down = ([x + s * h if k == i else x for k, x in enumerate(numbers)] for s in (1, -1))
            return (result(plan, up) - result(plan, down)) / (2 * h)

        found.append((4 * at(5e-5) - at(1e-4)) / 3)
    return found


def computed(plan, numbers, cls):
    leaves = [cls(x) for x in numbers]
    root = build(plan, leaves)
    root.backward()
    return root, leaves


def fits(plan, numbers, mistake, wanted, container):
    """Whether a class with this mistake has these gradients, of all nodes."""
    root, _ = computed(plan, numbers, engine(mistake, container))
    return all(a == pytest.approx(b, rel=1e-5, abs=1e-9) for a, b in zip(all_grads(root), wanted, strict=True))


def all_grads(root):
    return [node.grad for node in order(root, True)]


def mistakes():
    for name in MISTAKEN:
        for symbol, position in (("", None), ("*", None), ("*", 0), ("+", 1), ("-", 1), ("/", None), ("tanh", None)):
            yield Rule(name, symbol, position)
    for name, symbol, position in SPECIAL:
        yield Rule(name, symbol, position)
    for symbol in ("", "*", "+", "exp"):
        yield from (Replace(left, Rule("replace", symbol, None), how) for left in (True, False) for how in WRITES)
    yield from (Walk(name, left) for name in PASSES if name != "replace" for left in (True, False))
    yield None


POINTS = (-1.0, 1.0, 2.0, 0.5, -2.0, 3.0)


def cases(seed, each):
    pick = random.Random(seed)
    for mistake in mistakes():
        for _ in range(each):
            plan = random_plan(pick)
            if isinstance(mistake, Rule) and mistake.symbol:  # the operation has to be there
                op = "**3" if mistake.symbol == "**" else mistake.symbol
                plan.insert(0, (op, [0, 1][: 2 if op in "+-*/" else 1]))
                plan = [plan[0], *((op, [i + (i > 2) for i in places]) for op, places in plan[1:])]
                plan.append(("+", [len(plan) + 2, 3]))
            special = pick.random() < 0.3
            numbers = [pick.choice(POINTS) if special else pick.uniform(-2, 2) for _ in range(3)]
            try:
                grads = slopes(plan, numbers)
                size = max(map(abs, (*grads, result(plan, numbers))))
            except (ArithmeticError, ValueError):
                continue
            if 1e-3 < size < 1e4 and all(abs(x) > 1e-2 for x in numbers):
                containers = (tuple, list) if any(op in "-/" for op, _ in plan) else (tuple, set)
                yield mistake, plan, numbers, grads, pick.choice(containers)


def check(mistake, plan, numbers, right, container):
    """Assert what has to hold; return whether the mistake should be found, and whether it was; None for no case."""
    cls = engine(mistake, container)
    f = lambda a, b, c: build(plan, (a, b, c))  # noqa: E731
    report = gradcheck(f, cls=cls, a=numbers[0], b=numbers[1], c=numbers[2])
    root, _ = computed(plan, numbers, cls)
    graph = trace(root)
    reference, _ = computed(plan, numbers, engine(None, container))
    wanted, given = all_grads(reference), all_grads(root)
    kink = any("kink" in row.note or "uncertain" in row.note for row in report.rows)
    if kink or not all(math.isfinite(x) for x in given):
        return None
    for leaf, slope in zip(computed(plan, numbers, engine(None, container))[1], right, strict=True):
        if leaf.grad != pytest.approx(slope, rel=1e-4, abs=1e-5):
            return None  # a kink or a pole near by: the oracle itself does not hold
    off = [i for i, (x, y) in enumerate(zip(given, wanted, strict=True)) if x != pytest.approx(y, rel=1e-4, abs=1e-6)]
    if all(x == pytest.approx(y, rel=1e-8, abs=1e-10) for x, y in zip(given, wanted, strict=True)):
        assert report.ok, (mistake, plan, numbers, str(report))
        return False, False
    if not off:
        return None  # so little that steps cannot tell
    assert not report.ok, (mistake, plan, numbers, str(report))
    there = [x + 0.21 + 0.13 * k for k, x in enumerate(numbers)]
    wrong = {node.index for node, i in _places(root) if i in off}
    try:
        other = trace(computed(plan, there, cls)[0])
    except (ArithmeticError, ValueError):
        return None
    elsewhere = links(other, [node.grad for node in other.nodes])
    here = links(graph, [node.grad for node in graph.nodes])
    found = Diagnosis(here, wrong, [node.name for node in graph.nodes], lambda: [elsewhere])
    for one in found.mistakes:
        if len(one) == 1 and _written_here(one[0]) and (container is not set or _without_order(one[0])):
            for point in (numbers, there):
                grads = all_grads(computed(plan, point, cls)[0])
                assert fits(plan, point, one[0], grads, container), (mistake, one, plan, point)
    return container is not set, any(_alike(mistake, one, here) for several in found.mistakes for one in several)


def _written_here(one):
    """Whether the mistake can be made by the class above."""
    if not isinstance(one, Rule) or one.name in MISTAKEN:
        return True
    return (one.name, one.symbol, one.position or 0) in SPECIAL


def _without_order(one):
    """Whether the mistake is the same in whichever order the operands are, which a set forgets."""
    return isinstance(one, Rule) and one.position is None


def _alike(one, two, here):
    """Whether these are one mistake; the places in which it is made, and the words, may be put otherwise."""
    if isinstance(one, Rule) and isinstance(two, Rule) and len(drop_synonyms([(one,), (two,)], here)) == 1:
        return True
    return one == two or (type(one) is type(two) and isinstance(one, (Rule, Walk)) and one.name == two.name)


def _places(root):
    nodes = trace(root)
    from cgviz.graph import objects

    place = {id(node): i for i, node in enumerate(order(root, True))}
    return [(record, place[id(obj)]) for record, obj in zip(nodes.nodes, objects(root), strict=True)]


def test_a_report_is_ok_where_the_gradients_are_right_and_the_mistake_that_it_names_gives_the_wrong_ones(seed=0):
    found = [check(mistake, *case) for mistake, *case in cases(seed, 2)]
    wrong = [named for counts, named in filter(None, found) if counts]
    assert len(wrong) > 100 and len(found) - len(wrong) > 20
    assert sum(wrong) > 0.95 * len(wrong)  # in so small a graph it may be nowhere else than in another mistake


@pytest.mark.usefixtures("contributor")
@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_of_more(seed):
    test_a_report_is_ok_where_the_gradients_are_right_and_the_mistake_that_it_names_gives_the_wrong_ones(seed)


def test_the_names_of_the_mistakes_are_those_that_are_tried_here():
    assert set(MISRULES) >= {*MISTAKEN, *(name for name, *_ in SPECIAL)}
