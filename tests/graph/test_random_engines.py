"""Random engines: whatever name, container and manner a class keeps its graph in, it is read truly, or told."""

import collections
import enum
import functools
import operator
import random
import weakref

import numpy as np
import pytest

from cgviz import table, trace
from cgviz.graph import objects
from cgviz.graph.recognition import readings
from cgviz.graph.spellings import DATA, GRAD, LOCAL, NUMBERS, OF_RECORDS, OPERANDS, OTHER_OPERANDS, RECORDS
from cgviz.ops.rows import ConstantOp, find

ENGINES, PARTS = 2000, 5
RULES = {
    "add": (operator.add, lambda a, b: (1.0, 1.0)),
    "sub": (operator.sub, lambda a, b: (1.0, -1.0)),
    "mul": (operator.mul, lambda a, b: (b, a)),
    "div": (operator.truediv, lambda a, b: (1 / b, -a / b / b)),
    "exp": (lambda a: float(np.exp(a)), lambda a: (float(np.exp(a)),)),
    "tanh": (lambda a: float(np.tanh(a)), lambda a: (1 - float(np.tanh(a)) ** 2,)),
}
CALLED = {
    "add": ("+", "add", "__add__", "AddBackward0", "plus", "Add"),
    "sub": ("-", "−", "sub", "subtract", "SubBackward0", "minus"),
    "mul": ("*", "×", "·", "mul", "__mul__", "MulBackward", "multiply", "times"),
    "div": ("/", "÷", "div", "__truediv__", "truediv", "DivBackward0"),
    "exp": ("exp", "Exp", "ExpBackward0", "exponential"),
    "tanh": ("tanh", "Tanh", "TanhBackward", "TANH"),
}
Ops = enum.Enum("Ops", "ADD SUB MUL DIV EXP TANH")
Pair = collections.namedtuple("Pair", "node local_grad")
Pointer = collections.namedtuple("Pointer", "position target")


class Edge:
    def __init__(self, source, user, slope):
        self.source, self.user, self.weight = source, user, slope


class Bag:
    """A container of somebody's own."""

    def __init__(self, items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)


def in_objects(xs):
    found = np.empty(len(xs), dtype=object)
    found[:] = xs
    return found


CONTAINERS = {
    "tuple": lambda xs, slopes, y: tuple(xs),
    "list": lambda xs, slopes, y: list(xs),
    "set": lambda xs, slopes, y: set(xs),
    "frozenset": lambda xs, slopes, y: frozenset(xs),
    "deque": lambda xs, slopes, y: collections.deque(xs),
    "UserList": lambda xs, slopes, y: collections.UserList(xs),
    "WeakSet": lambda xs, slopes, y: weakref.WeakSet(xs),
    "array": lambda xs, slopes, y: in_objects(xs),
    "by place": lambda xs, slopes, y: dict(enumerate(xs)),
    "UserDict": lambda xs, slopes, y: collections.UserDict(enumerate(xs)),
    "by name": lambda xs, slopes, y: dict(zip("xy", xs, strict=False)),
    "values": lambda xs, slopes, y: dict(enumerate(xs)).values(),
    "keys": lambda xs, slopes, y: dict.fromkeys(xs, 1.5),
    "pairs": lambda xs, slopes, y: tuple(zip(xs, slopes, strict=True)),
    "pairs turned": lambda xs, slopes, y: [(slope, x) for x, slope in zip(xs, slopes, strict=True)],
    "named pairs": lambda xs, slopes, y: [Pair(x, slope) for x, slope in zip(xs, slopes, strict=True)],
    "places": lambda xs, slopes, y: [Pointer(i, x) for i, x in enumerate(xs)],
    "with a rule": lambda xs, slopes, y: [(x, lambda g: g) for x in xs],
    "edges": lambda xs, slopes, y: [Edge(x, y, slope) for x, slope in zip(xs, slopes, strict=True)],
    "padded": lambda xs, slopes, y: (*xs, None, None),
    "weak": lambda xs, slopes, y: [weakref.ref(x) for x in xs],
    "proxies": lambda xs, slopes, y: [weakref.proxy(x) for x in xs],
    "one's own": lambda xs, slopes, y: Bag(xs),
    "a generator": lambda xs, slopes, y: (x for x in xs),
    "an iterator": lambda xs, slopes, y: iter(xs),
}
USED_UP = {"a generator", "an iterator"}
ONCE = {"set", "frozenset", "WeakSet", "keys"}
"""Containers that hold an operand once that is used twice."""


class Record:
    """What made a node."""


class Engine:
    """One manner of keeping a graph, drawn by chance."""

    def __init__(self, rng):
        self.rng = rng
        self.number = rng.choice((*DATA, *NUMBERS))
        self.record = rng.choice(("", "", rng.choice(RECORDS)))
        self.operands = rng.choice(OF_RECORDS if self.record else (*OPERANDS, *OTHER_OPERANDS))
        self.container = rng.choice(list(CONTAINERS))
        self.operation = rng.choice(("text", "text", "alias", "class", "object", "enum", "function", "none"))
        self.gradient = rng.choice(("number", "array", "node", "empty", "raises", "none"))
        self.called = rng.choice(GRAD)
        self.arrays = rng.random() < 0.2
        self.constants = rng.random() < 0.5
        self.types = {name: type(name.title(), (), {}) for name in RULES}
        self.truth = {}

    @functools.cached_property
    def cls(self):
        names = {self.number, self.record or self.operands, "_op", "label", "__weakref__", "hidden"}
        held = {"__slots__": tuple(names)} if self.rng.random() < 0.3 else {}
        if self.gradient == "raises":
            held[self.called] = property(lambda node: 1 / 0)
        elif held and self.gradient != "none":
            held["__slots__"] = (*held["__slots__"], self.called)
        return type("Num", (), held)

    def node(self, x, xs=(), op="", slopes=()):
        y = self.cls()
        setattr(y, self.number, np.array(x) if self.arrays else x)
        kept = CONTAINERS[self.container](xs, slopes, y)
        holder = y
        if self.record:
            holder = Record() if xs else None
            setattr(y, self.record, holder)
        if holder is not None:
            setattr(holder, self.operands, kept)
        if self.operation != "none" and self.record not in ("op", "_op"):
            y._op = self._named(op) if op else ""
        self.truth[id(y)] = (y, list(xs), op, kept)
        return y

    def _named(self, op):
        if self.operation == "alias":
            return self.rng.choice(CALLED[op])
        named = {"text": CALLED[op][0], "class": self.types[op], "object": self.types[op](), "enum": Ops[op.upper()]}
        return named.get(self.operation) or {"add": np.add, "sub": np.subtract, "mul": np.multiply}.get(op, op)

    def build(self):
        """A graph of some operations."""
        made = [self.node(self.rng.uniform(0.5, 3.0)) for _ in range(3)]
        for _ in range(PARTS):
            op = self.rng.choice([*RULES, "mul"])
            arity = 1 if op in ("exp", "tanh") else 2
            xs = [self.rng.choice(made[-4:]) for _ in range(arity)]
            ys = [float(getattr(x, self.number)) for x in xs]
            if (op == "exp" and ys[0] > 3) or (op == "div" and abs(ys[1]) < 0.1):
                continue
            if arity == 2 and not self.constants and self.rng.random() < 0.2:
                xs = xs[:1]  # the other was a constant
            made.append(self.node(RULES[op][0](*ys), xs, op, RULES[op][1](*ys)[: len(xs)]))
        return made[-1]

    def spread(self, root):
        """Gradients as a backward pass would leave them, of any size."""
        if self.gradient in ("raises", "none"):
            return
        for y, *_ in self.truth.values():
            grad = 1.0 if y is root else self.rng.uniform(-2, 2)
            setattr(y, self.called, {"array": np.array(grad), "empty": None}.get(self.gradient, grad))
            if self.gradient == "node":
                held = self.cls()
                setattr(held, self.number, grad)
                setattr(y, self.called, held)
            self.truth[id(y)] += (grad,)


def said_of(root):
    """What is said of a graph that is not read wholly."""
    try:
        return table(root)
    except TypeError as refusal:
        return str(refusal)


def judge(engine):
    root = engine.build()
    engine.spread(root)
    if not engine.truth[id(root)][1]:
        return "leaf"
    if engine.container in USED_UP:
        said = said_of(root)
        assert "used up by one reading" in said, said
        assert list(engine.truth[id(root)][3]) == engine.truth[id(root)][1], "it was used up"
        return "told"
    graph, found = trace(root), objects(root)
    for node, obj in zip(graph.nodes, found, strict=True):
        _, xs, op, _, *grad = engine.truth[id(obj)]
        assert float(node.data) == float(getattr(obj, engine.number))
        kept = [found[i] for i in node.operands]
        if engine.container in ONCE:
            assert {id(x) for x in kept} == {id(x) for x in xs} and len(kept) == len({id(x) for x in xs})
        else:
            assert [id(x) for x in kept] == [id(x) for x in xs]
        assert not node.unread and " at 0x" not in node.op
        if engine.gradient in ("number", "array", "node"):
            assert float(node.grad) == grad[0], (node.grad, grad)
        else:
            assert node.grad is None and node.has_grad == (engine.gradient != "none")
    for node, obj, reading in zip(graph.nodes, found, readings(graph), strict=True):
        _, xs, op, *_ = engine.truth[id(obj)]
        if isinstance(reading.op, ConstantOp):  # x / 4 is x * 0.25: the other operand was not recorded
            assert len(xs) == 1 and RULES[op][0].__name__ in ("add", "sub", "mul", "truediv") and node.local
            continue
        assert reading.op is None or reading.op in (find(CALLED[op][0], 1), find(CALLED[op][0], 2)), (node, reading)
    return "read"


@pytest.mark.parametrize("part", range(8))
def test_a_random_engine_is_read_truly_or_told(part):
    outcomes = collections.Counter()
    for seed in range(part, ENGINES, 8):
        engine = Engine(random.Random(seed))
        try:
            outcomes[judge(engine)] += 1
        except Exception as failure:
            manner = {k: v for k, v in vars(engine).items() if isinstance(v, (str, bool))}
            raise AssertionError(f"engine {seed}: {manner}") from failure
    assert outcomes["read"] > 0.8 * ENGINES / 8 and outcomes["told"] > 5, outcomes


def test_every_name_and_every_container_comes_up():
    engines = [Engine(random.Random(seed)) for seed in range(ENGINES)]
    assert {engine.container for engine in engines} == set(CONTAINERS)
    assert {engine.number for engine in engines} == {*DATA, *NUMBERS} and {e.called for e in engines} == set(GRAD)
    assert {engine.operands for engine in engines if not engine.record} == {*OPERANDS, *OTHER_OPERANDS}
    assert {engine.record for engine in engines} == {"", *RECORDS} and "weight" in LOCAL
