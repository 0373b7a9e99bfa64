"""Classes in the shapes of public engines, each as short as it can be: where they keep operands, numbers and gradients.

Each makes leaves of numbers, adds and multiplies. `SHAPES` says of each what `a * b + c` reads as.
"""

from __future__ import annotations

import enum
import itertools
import weakref
from collections import namedtuple
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np


class LectureSet:
    """Operands in a set, the operation as a text, rules in closures."""

    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self._prev, self._op, self.label, self.grad = data, set(_children), _op, label, 0.0
        self._backward = lambda: None

    def __add__(self, other):
        return LectureSet(self.data + other.data, (self, other), "+")

    def __mul__(self, other):
        return LectureSet(self.data * other.data, (self, other), "*")


class SlotsWithLocals:
    """Slots, operands and local derivatives in tuples, no operation: those tell it."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad, self._children, self._local_grads = data, 0, children, local_grads

    def __add__(self, other):
        return SlotsWithLocals(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        return SlotsWithLocals(self.data * other.data, (self, other), (other.data, self.data))


Dependency = namedtuple("Dependency", "tensor grad_fn")


class DependsOn:
    """Arrays, and a list of dependencies: the tensor, and how its gradient is computed."""

    def __init__(self, data, requires_grad=True, depends_on=None):
        self.data, self.requires_grad = np.asarray(data, dtype=float), requires_grad
        self.depends_on = depends_on or []
        self.shape, self.grad = self.data.shape, None

    def __add__(self, other):
        edges = [Dependency(x, lambda g: g) for x in (self, other)]
        return DependsOn(self.data + other.data, True, edges)

    def __mul__(self, other):
        edges = [Dependency(self, lambda g: g * other.data), Dependency(other, lambda g: g * self.data)]
        return DependsOn(self.data * other.data, True, edges)


class Variable:
    """What made it is a function object with its inputs, and weak references to its outputs."""

    def __init__(self, data, name=None):
        self.data, self.name, self.grad, self.creator, self.generation = np.asarray(data), name, None, None, 0

    def __add__(self, other):
        return Add()(self, other)

    def __mul__(self, other):
        return Mul()(self, other)


class Function:
    def __call__(self, *inputs):
        output = Variable(self.forward(*(x.data for x in inputs)))
        output.creator, self.inputs, self.outputs = self, inputs, [weakref.ref(output)]
        return output


class Add(Function):
    def forward(self, x, y):
        return x + y


class Mul(Function):
    def forward(self, x, y):
        return x * y


class History:
    def __init__(self, last_fn=None, ctx=None, inputs=()):
        self.last_fn, self.ctx, self.inputs = last_fn, ctx, inputs


class WithHistory:
    """A history with function and inputs; the property `parents` fails on what has none. Names are counted."""

    count = itertools.count()

    def __init__(self, v, back=None):
        self._v, self.history, self.derivative, self.unique_id = v, back, None, next(self.count)
        self.name = f"Variable{self.unique_id}"

    @property
    def data(self):
        return self._v

    @property
    def parents(self):
        assert self.history is not None
        return self.history.inputs

    def __add__(self, other):
        return WithHistory(self.data + other.data, History(Add, None, [self, other]))

    def __mul__(self, other):
        return WithHistory(self.data * other.data, History(Mul, None, [self, other]))


class Context:
    """The function class itself makes the object that remembers the parents."""

    def __init__(self, *parents):
        self.parents, self.saved_tensors = parents, []


class AddFn(Context):
    pass


class MulFn(Context):
    pass


class WithCtx:
    def __init__(self, data, ctx=None):
        self.data, self.grad, self._ctx = np.array(data, dtype=np.float32), None, ctx

    def __add__(self, other):
        return WithCtx(self.data + other.data, AddFn(self, other))

    def __mul__(self, other):
        return WithCtx(self.data * other.data, MulFn(self, other))


class Recipe:
    def __init__(self, fun, parents):
        self.fun, self.parents = fun, parents


class WithRecipe:
    """The function, and not its name, is kept beside the parents; its number is `_value`."""

    def __init__(self, value, recipe=None):
        self._value, self.recipe = value, recipe

    def __add__(self, other):
        return WithRecipe(self._value + other._value, Recipe(np.add, [self, other]))

    def __mul__(self, other):
        return WithRecipe(self._value * other._value, Recipe(np.multiply, [self, other]))


class PairsOfLocals:
    """Each operand with its local derivative beside it."""

    def __init__(self, value, local_gradients=()):
        self.value, self.local_gradients = value, local_gradients

    def __add__(self, other):
        return PairsOfLocals(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return PairsOfLocals(self.value * other.value, ((self, other.value), (other, self.value)))


class FromTheLeaves:
    """Each operand remembers what was computed from it, and asks that for its gradient."""

    def __init__(self, value):
        self.value, self.children, self.grad_value = value, [], None

    def grad(self):
        if self.grad_value is None:
            self.grad_value = sum(weight * child.grad() for weight, child in self.children)
        return self.grad_value

    def __add__(self, other):
        z = FromTheLeaves(self.value + other.value)
        self.children.append((1.0, z))
        other.children.append((1.0, z))
        return z

    def __mul__(self, other):
        z = FromTheLeaves(self.value * other.value)
        self.children.append((other.value, z))
        other.children.append((self.value, z))
        return z


class EWiseAdd:
    pass


class EWiseMul:
    pass


class OpAndInputs:
    """The number is cached, the operation an object, the inputs a list."""

    def __init__(self, cached_data, op=None, inputs=()):
        self.cached_data, self.op, self.inputs, self.grad = np.float64(cached_data), op, list(inputs), None

    def __add__(self, other):
        return OpAndInputs(self.cached_data + other.cached_data, EWiseAdd(), [self, other])

    def __mul__(self, other):
        return OpAndInputs(self.cached_data * other.cached_data, EWiseMul(), [self, other])


class Expression:
    """A class for each operation, with a side for each operand."""

    def __add__(self, other):
        return Sum(self, other)

    def __mul__(self, other):
        return Product(self, other)


class Number(Expression):
    def __init__(self, value):
        self.value = value


class Sum(Expression):
    def __init__(self, left, right):
        self.left, self.right, self.value = left, right, left.value + right.value


class Product(Expression):
    def __init__(self, left, right):
        self.left, self.right, self.value = left, right, left.value * right.value


class NoGradientYet:
    """Its gradient raises until there is one."""

    def __init__(self, value, children=(), op=""):
        self.value, self._children, self._op, self._g = value, children, op, None

    @property
    def grad(self):
        if self._g is None:
            raise ValueError("no gradient: call backward() first")
        return self._g

    def __add__(self, other):
        return NoGradientYet(self.value + other.value, (self, other), "+")

    def __mul__(self, other):
        return NoGradientYet(self.value * other.value, (self, other), "*")


class AddBackward:
    def __init__(self, *parents):
        self.parents = parents


class MulBackward(AddBackward):
    pass


class WithGradFn:
    """As PyTorch's, in small; the gradient is a tensor of the class."""

    def __init__(self, data, grad_fn=None, requires_grad=True):
        self.data, self.grad_fn, self.requires_grad = np.array(data, dtype=float), grad_fn, requires_grad
        self.grad = WithGradFn(0.0, None, False) if requires_grad else None

    def __add__(self, other):
        return WithGradFn(self.data + other.data, AddBackward(self, other))

    def __mul__(self, other):
        return WithGradFn(self.data * other.data, MulBackward(self, other))


@dataclass(frozen=True)
class Frozen:
    """A frozen dataclass: its label cannot be set."""

    num: float
    _inputs: tuple[Any, ...] = ()
    op: str = ""
    label: str = ""

    def __add__(self, other):
        return Frozen(self.num + other.num, (self, other), "add")

    def __mul__(self, other):
        return Frozen(self.num * other.num, (self, other), "mul")


class Ops(enum.Enum):
    CONST = enum.auto()
    ADD = enum.auto()
    MUL = enum.auto()


class Src:
    """Operations are members of an enum with numbers of their own; a leaf is one too."""

    def __init__(self, v, op=Ops.CONST, src=()):
        self.v, self.op, self.src = v, op, src

    def __add__(self, other):
        return Src(self.v + other.v, Ops.ADD, (self, other))

    def __mul__(self, other):
        return Src(self.v * other.v, Ops.MUL, (self, other))


class Creators:
    """Creators and the operation's name; `children` counts by id how often it is used."""

    def __init__(self, data, creators=None, creation_op=None):
        self.data, self.creators, self.creation_op, self.grad, self.children = (
            np.array(data),
            creators,
            creation_op,
            None,
            {},
        )
        for each in creators or ():
            each.children[id(self)] = each.children.get(id(self), 0) + 1

    def __add__(self, other):
        return Creators(self.data + other.data, [self, other], "add")

    def __mul__(self, other):
        return Creators(self.data * other.data, [self, other], "mul")


class ByPlace:
    """Operands in a dictionary by their place, padded."""

    def __init__(self, val, inputs=None, op="leaf"):
        self.val, self.inputs, self.op, self.der = val, inputs or {}, op, 0.0

    def __add__(self, other):
        return ByPlace(self.val + other.val, {0: self, 1: other, 2: None}, "plus")

    def __mul__(self, other):
        return ByPlace(self.val * other.val, {0: self, 1: other, 2: None}, "times")


class Operation:
    def __init__(self, name, *variables):
        self.name, self.variables = name, variables


class CreatorVariables:
    """An operation with `variables`, and a private gradient."""

    def __init__(self, data, _creator=None):
        self.data, self._creator, self._grad = np.asarray(data, dtype=float), _creator, None

    @property
    def grad(self):
        return self._grad

    def __add__(self, other):
        return CreatorVariables(self.data + other.data, Operation("Add", self, other))

    def __mul__(self, other):
        return CreatorVariables(self.data * other.data, Operation("Multiply", self, other))


class CtxTuple:
    """A tuple that begins with the operation."""

    def __init__(self, data, ctx=None):
        self.data, self.ctx, self.adjoint = data, ctx, 0.0

    def __add__(self, other):
        return CtxTuple(self.data + other.data, ("+", self, other))

    def __mul__(self, other):
        return CtxTuple(self.data * other.data, ("*", self, other))


class WeakOperands:
    """Operands known by weak references, and by strong ones elsewhere."""

    alive: ClassVar[list[Any]] = []

    def __init__(self, data, parents=(), op=""):
        self.data, self.parents, self.op, self.gradient = data, [weakref.ref(p) for p in parents], op, None
        self.alive.append(self)

    def __add__(self, other):
        return WeakOperands(self.data + other.data, (self, other), "__add__")

    def __mul__(self, other):
        return WeakOperands(self.data * other.data, (self, other), "__mul__")


@dataclass(eq=False)
class SlottedEdges:
    """Edges that know both ends."""

    value: float
    edges_in: list[Any] = field(default_factory=list)
    op: str = ""

    @property
    def inputs(self):
        return self.edges_in

    def __add__(self, other):
        return self._of(self.value + other.value, other, "∑", (1.0, 1.0))

    def __mul__(self, other):
        return self._of(self.value * other.value, other, "·", (other.value, self.value))

    def _of(self, value, other, op, slopes):
        result = SlottedEdges(value, op=op)
        result.edges_in += [
            SimpleNamespace(source=x, target=result, weight=slope)
            for x, slope in zip((self, other), slopes, strict=True)
        ]
        return result


class GraphNode:
    """Nodes of the graph apart from the numbers, which only they know: boxes cannot be read, and that is said."""

    def __init__(self, fun, parents=()):
        self.recipe, self.parents = (fun, None), list(parents)


class Boxed:
    def __init__(self, value, node=None):
        self._value, self._node = value, node or GraphNode(None)

    def __add__(self, other):
        return Boxed(self._value + other._value, GraphNode(np.add, [self._node, other._node]))

    def __mul__(self, other):
        return Boxed(self._value * other._value, GraphNode(np.multiply, [self._node, other._node]))


SHAPES: dict[type, tuple[str, str]] = {
    LectureSet: ("*", "+"),
    SlotsWithLocals: ("*", "+"),
    DependsOn: ("*", "+"),
    Variable: ("Mul", "Add"),
    WithHistory: ("Mul", "Add"),
    WithCtx: ("MulFn", "AddFn"),
    WithRecipe: ("multiply", "add"),
    PairsOfLocals: ("*", "+"),
    OpAndInputs: ("EWiseMul", "EWiseAdd"),
    Number: ("Product", "Sum"),
    NoGradientYet: ("*", "+"),
    WithGradFn: ("MulBackward", "AddBackward"),
    Frozen: ("mul", "add"),
    Src: ("MUL", "ADD"),
    Creators: ("mul", "add"),
    ByPlace: ("times", "plus"),
    CreatorVariables: ("Multiply", "Add"),
    CtxTuple: ("*", "+"),
    WeakOperands: ("__mul__", "__add__"),
    SlottedEdges: ("·", "∑"),
}
"""The operations of `a * b` and of what is added to it, as the class has them; an empty text where it has none."""

UNREADABLE = {
    FromTheLeaves: "nodes are in its attribute 'children', and are those computed from it",
    Boxed: "nodes are in its attribute '_node.parents' as GraphNode, without their numbers",
}
"""What is said of classes that keep their operands where they cannot be read."""
