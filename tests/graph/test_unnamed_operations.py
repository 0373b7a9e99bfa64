"""Classes that record local derivatives and name no operation: each is recognised rightly, or stays without a name."""

import math
import random
from collections import Counter

import pytest

from cgviz import draw, explain, trace
from cgviz.chain_rule.flow import gradients
from cgviz.graph import objects
from cgviz.graph.method_watch import watched
from cgviz.ops.rows import find
from tests.small_gpt import GPT, Scalar

# --- a whole GPT in plain Python ---

METHODS = {"__add__": "+", "__mul__": "*", "exp": "exp", "log": "log", "relu": "relu"}


@pytest.fixture(scope="module")
def gpt():
    model = GPT()
    with watched(Scalar) as made_by:  # the stack knows which method made each: numbers are held against it
        loss = model.loss("isabella")
    return model, loss, made_by


def held_against_the_stack(loss, made_by):
    """How many operations are right, and how many have no name; none is wrong."""
    found = Counter()
    for node, obj in zip(trace(loss).nodes, objects(loss), strict=True):
        if node.operands:
            true = METHODS.get(made_by[id(obj)], "**")
            assert node.op in ("", true) or (true == "**" and node.op in ("**-1", "**-0.5")), (node, made_by[id(obj)])
            found[bool(node.op)] += 1
    return found


def test_every_operation_of_a_gpt_is_right_or_has_no_name_also_after_its_weights_have_moved(gpt):
    model, loss, made_by = gpt
    found = held_against_the_stack(loss, made_by)
    assert found[True] + found[False] > 69_000 and found[False] < 600  # relu of x > 0 is x**1 as well
    loss.backward()
    assert trace(loss).root.stale == ""
    for parameter in model.parameters:
        parameter.data -= 0.01 * parameter.grad
    moved = held_against_the_stack(loss, made_by)
    assert moved[False] < 700
    graph = trace(loss)
    assert graph.root.stale == "value" and sum(node.stale == "value" for node in graph.nodes) > 60_000
    assert "run the expression again" in explain(graph).missing


def test_a_gpt_reads_as_its_class_computes_it():
    small = GPT(seed=1).loss("al")
    small.backward()
    assert gradients(small) == pytest.approx([node.grad for node in objects(small)])
    assert draw(small) and len(trace(small).nodes) > 20_000


# --- random classes ---

UNARY = {
    "exp": ("math.exp(x)", "y"), "log": ("math.log(x)", "1 / x"), "tanh": ("math.tanh(x)", "1 - y * y"),
    "relu": ("max(x, 0.0)", "float(x > 0)"), "sqrt": ("math.sqrt(x)", "0.5 / y"), "sin": ("math.sin(x)", "math.cos(x)"),
    "sigmoid": ("1 / (1 + math.exp(-x))", "y * (1 - y)"), "__neg__": ("-x", "-1.0"),
    "__abs__": ("abs(x)", "1.0 if x > 0 else -1.0 if x < 0 else 0.0"),
    "leaky_relu": ("x if x > 0 else 0.01 * x", "1.0 if x > 0 else 0.01"),
}  # fmt: skip
BINARY = {
    "__add__": ("a + b", "1", "1"), "__mul__": ("a * b", "b", "a"), "__sub__": ("a - b", "1.0", "-1.0"),
    "__truediv__": ("a / b", "1 / b", "-a / b**2"),
    "__pow__": ("a**b", "b * a ** (b - 1)", "y * math.log(a) if a > 0 else 0.0"),
    "maximum": ("max(a, b)", "float(a >= b)", "float(b > a)"),
    "minimum": ("min(a, b)", "float(a <= b)", "float(b < a)"),
}  # fmt: skip
FOREIGN = {
    "gelu": ("x", "x * (1 + math.erf(x / math.sqrt(2))) / 2",
             "(1 + math.erf(x / math.sqrt(2))) / 2 + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)"),
    "relu6": ("x", "min(max(x, 0.0), 6.0)", "float(0 < x < 6)"), "step": ("x", "float(x > 0)", "0.0"),
    "floor": ("x", "float(math.floor(x))", "0.0"), "rounded": ("x", "float(round(x))", "1.0"),
    "hardtanh": ("x", "min(max(x, -1.0), 1.0)", "float(-1 < x < 1)"), "sinh": ("x", "math.sinh(x)", "math.cosh(x)"),
    "elu": ("x", "x if x > 0 else math.expm1(x)", "1.0 if x > 0 else math.exp(x)"),
    "sign": ("x", "float((x > 0) - (x < 0))", "0.0"), "same": ("x", "x", "1.0"),
    "__mod__": ("ab", "a % b", "1.0", "-(a // b)"), "left": ("ab", "a", "1.0", "0.0"),
    "hypot": ("ab", "math.hypot(a, b)", "a / y if y else 0.0", "b / y if y else 0.0"),
    "shifted": ("ab", "a + b + (a > 1)", "1.0", "1.0"),
}  # fmt: skip
OPERATORS = {
    "__add__": lambda a, b: a + b, "__sub__": lambda a, b: a - b, "__mul__": lambda a, b: a * b,
    "__truediv__": lambda a, b: a / b, "__pow__": lambda a, b: a**b,
}  # fmt: skip
KEEP = (
    "self._children, self._local_grads = children, local",
    "self._prev, self.local_derivatives = list(children), list(local)",
    "self.parents = list(zip(children, local))",
    "self.parents = [(slope, node) for node, slope in zip(children, local)]",
    "self._children, self._backward_grads = children, {id(c): slope for c, slope in zip(children, local)}",
)
FIELDS = ("_children", "_local_grads", "_prev", "local_derivatives", "parents", "_backward_grads")
CLIP = (
    "    def clip(self, low, high):",
    "        x = self.data",
    "        return Value(min(max(x, low), high), (self,), (float(low < x < high),))",
)


def written(rng):
    """The text of a random class, what each of its methods computes, and the functions beside it."""
    folds, slots = rng.random() < 0.5, rng.random() < 0.5
    keep = rng.choice(KEEP)
    fields = ("data", "grad", *(name for name in FIELDS if f"self.{name}" in keep))
    lines = [
        "class Value:",
        *[f"    __slots__ = {fields}"] * slots,
        "    def __init__(self, data, children=(), local=()):",
    ]
    lines += ["        self.data, self.grad = data, 0.0", f"        {keep}"]
    loose, true = [], {}
    for name, (y, slope) in rng.sample(sorted(UNARY.items()), 5):
        lines += [
            f"    def {name}(self):",
            f"        x = self.data; y = {y}",
            f"        return Value(y, (self,), ({slope},))",
        ]
        true[name] = eval(f"lambda x: {y}", {"math": math})
    for name, (y, la, lb) in rng.sample(sorted(BINARY.items()), 5):
        lines += [f"    def {name}(self, other):"]
        if folds and name in OPERATORS:
            lines += ["        if not isinstance(other, Value):", f"            a, b = self.data, other; y = {y}"]
            lines += [f"            return Value(y, (self,), ({la},))"]
        lines += [
            "        other = other if isinstance(other, Value) else Value(other)",
            "        a, b = self.data, other.data",
        ]
        lines += [f"        y = {y}", f"        return Value(y, (self, other), ({la}, {lb}))"]
        true[name] = eval(f"lambda a, b: {y}", {"math": math})
    for name, (kind, y, *slopes) in rng.sample(sorted(FOREIGN.items()), rng.choice([0, 1, 3])):
        inside, local = rng.random() < 0.5, ", ".join(slopes)
        operands = "self" if kind == "x" else "self, other"
        body = ["x = self.data" if kind == "x" else "a, b = self.data, other.data", f"y = {y}"]
        body.append(f"return Value(y, ({operands},), ({local},))")
        text = [f"def {name}({operands}):", *(f"    {line}" for line in body)]
        lines += [f"    {line}" for line in text] if inside else []
        loose += [] if inside else text
        true[name] = eval(f"lambda {', '.join(kind)}: {y}", {"math": math})
    if rng.random() < 0.3:
        lines += CLIP
        true["clip"] = lambda x: min(max(x, -1.0), 1.0)
    return "\n".join([*lines, *loose]), true


NUMBERS = (-2.5, -2.0, 0.3, 1.7, 2.0, 3.0, 0.75, -0.4, 5.5)
SPECIAL = (0.0, 1.0, -1.0, 2.0, 0.5)
CONSTANTS = (2, 3, 0.5, -1, 10, 1, 0, 0.1, -2)


def grown(rng, space, true):
    """A graph of a random class: its root, and for each computed node, by ``id``, the function that it truly is."""
    Value = space["Value"]
    nodes, made = [Value(rng.choice(NUMBERS if rng.random() < 0.7 else SPECIAL)) for _ in range(3)], {}
    for _ in range(6):
        name = rng.choice(sorted(true))
        f, x = true[name], rng.choice(nodes)
        method = space.get(name) or (lambda *xs, name=name: getattr(xs[0], name)(*xs[1:]))
        try:
            if name == "clip":
                y = x.clip(-1.0, 1.0)
            elif f.__code__.co_argcount == 1:
                y = method(x)
            elif name in OPERATORS and rng.random() < 0.3:
                c = rng.choice(CONSTANTS)
                y, f = OPERATORS[name](x, c), lambda a, f=f, c=c: f(a, c)
            else:
                y, f = method(x, rng.choice(nodes)), f
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            continue
        if isinstance(y.data, complex) or abs(y.data) > 1e6:
            continue
        made[id(y)] = (
            f if len(trace(y).root.operands) == f.__code__.co_argcount - len(f.__defaults__ or ()) else true[name]
        )
        nodes.append(y)
    return nodes, made


def is_the_function(op, f):
    """Whether a row computes at other numbers what the function does."""
    told = 0
    for xs in ((1.31, 0.57), (-0.83, 2.19), (2.71, -1.43), (-3.07, -0.61), (7.3, 1.9)):
        xs = xs[: op.arity]
        try:
            want = f(*xs)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        if isinstance(want, complex):
            continue
        told += 1
        try:
            if not math.isclose(op.number(*xs), want, rel_tol=1e-6, abs_tol=1e-9):
                return False
        except (ValueError, ZeroDivisionError, OverflowError):
            return False
    return told > 0


def wrongly_named(nodes, made):
    """The roots whose operation is called what it is not, and how many have a name at all."""
    wrong, named = [], Counter()
    for root in nodes:
        if id(root) in made:
            node = trace(root).root
            op = find(node.op, len(node.operands)) if node.op else None
            named[bool(node.op)] += 1
            if node.op and (op is None or not is_the_function(op, made[id(root)])):
                wrong.append((node.op, node.data, node.local))
    return wrong, named


def random_classes(seed, count):
    """Random classes, each with some graphs: the text, the nodes, and what each truly is."""
    rng = random.Random(seed)
    for _ in range(count):
        text, true = written(rng)
        space = {"math": math, "__name__": "somebodys"}
        exec(text, space)
        for _ in range(4):
            yield (text, *grown(rng, space, true))


@pytest.mark.usefixtures("contributor")
def test_no_operation_of_any_class_is_called_what_it_is_not_before_and_after_its_leaves_have_moved():
    rng, seen, later = random.Random(7), Counter(), Counter()
    for text, nodes, made in random_classes(13, 100):
        wrong, named = wrongly_named(nodes, made)
        assert not wrong, (wrong, text)
        seen += named
        for leaf in nodes[:3]:
            leaf.data -= 0.01 * rng.choice(NUMBERS)
        wrong, named = wrongly_named(nodes, made)
        assert not wrong, (wrong, text)
        later += named
    assert seen[True] > 800 and later[True] > 250, (seen, later)
