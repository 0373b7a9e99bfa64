"""Programs as courses and blogs write them for micrograd's `Value`: each takes the class, and returns its numbers.

Nothing in them is written for us. `Plain` is the class that such courses build, which they were written for.
"""

import copy
import math
import random


class Plain:
    """The scalar of the lecture: a closure for each operation, parents in a set."""

    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)
        self._op = _op
        self.label = label

    def __add__(self, other):
        other = other if isinstance(other, Plain) else Plain(other)
        out = Plain(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Plain) else Plain(other)
        out = Plain(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        out = Plain(self.data**other, (self,), f"**{other}")

        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def _unary(self, y, slope, op):
        out = Plain(y, (self,), op)

        def _backward():
            self.grad += slope * out.grad

        out._backward = _backward
        return out

    def __rpow__(self, base):
        y = base**self.data
        return self._unary(y, y * math.log(base), f"{base}**")

    def exp(self):
        return self._unary(math.exp(self.data), math.exp(self.data), "exp")

    def log(self):
        return self._unary(math.log(self.data), 1 / self.data, "log")

    def tanh(self):
        return self._unary(math.tanh(self.data), 1 - math.tanh(self.data) ** 2, "tanh")

    def relu(self):
        return self._unary(max(0.0, self.data), float(self.data > 0), "ReLU")

    def sigmoid(self):
        y = 1 / (1 + math.exp(-self.data))
        return self._unary(y, y * (1 - y), "sigmoid")

    def item(self):
        return self.data

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def __float__(self):
        return float(self.data)

    def __int__(self):
        return int(self.data)

    def __round__(self, digits=None):
        return round(self.data, digits)

    def __lt__(self, other):
        return self.data < (other.data if isinstance(other, Plain) else other)

    def __gt__(self, other):
        return self.data > (other.data if isinstance(other, Plain) else other)

    def backward(self):
        topo, visited = [], set()

        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.grad = 1.0
        for v in reversed(topo):
            v._backward()


PROGRAMS = {}


def program(function):
    PROGRAMS[function.__name__] = function
    return function


# --- networks in micrograd's manner, written over the class ---


def network(Value, sizes, nonlinearity="relu", seed=1):
    rng = random.Random(seed)

    class Module:
        def zero_grad(self):
            for p in self.parameters():
                p.grad = 0

        def parameters(self):
            return []

    class Neuron(Module):
        def __init__(self, nin, nonlin=True):
            self.w = [Value(rng.uniform(-1, 1)) for _ in range(nin)]
            self.b = Value(0)
            self.nonlin = nonlin

        def __call__(self, x):
            act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)  # noqa: B905  # as it is written there
            return getattr(act, nonlinearity)() if self.nonlin else act

        def parameters(self):
            return self.w + [self.b]  # noqa: RUF005

    class Layer(Module):
        def __init__(self, nin, nout, **kwargs):
            self.neurons = [Neuron(nin, **kwargs) for _ in range(nout)]

        def __call__(self, x):
            out = [n(x) for n in self.neurons]
            return out[0] if len(out) == 1 else out

        def parameters(self):
            return [p for n in self.neurons for p in n.parameters()]

    class MLP(Module):
        def __init__(self, nin, nouts):
            sz = [nin, *nouts]
            self.layers = [Layer(sz[i], sz[i + 1], nonlin=i != len(nouts) - 1) for i in range(len(nouts))]

        def __call__(self, x):
            for layer in self.layers:
                x = layer(x)
            return x

        def parameters(self):
            return [p for layer in self.layers for p in layer.parameters()]

    return MLP(sizes[0], sizes[1:])


XS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
YS = [1.0, -1.0, -1.0, 1.0]


def grads(nodes):
    return [float(p.grad) for p in nodes]


def numbers(nodes):
    return [float(p.data) for p in nodes]


# --- the lecture ---


@program
def by_hand_one_node_at_a_time(Value):
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    x1w1 = x1 * w1
    x1w1.label = "x1*w1"
    x2w2 = x2 * w2
    x1w1x2w2 = x1w1 + x2w2
    n = x1w1x2w2 + b
    o = n.tanh()
    o.grad = 1.0
    o._backward()
    n._backward()
    b._backward()
    x1w1x2w2._backward()
    x2w2._backward()
    x1w1._backward()
    return grads([x1, w1, x2, w2, b, n, o]) + numbers([n, o])


@program
def topological_order_by_hand(Value):
    a, b = Value(-2.0, label="a"), Value(3.0, label="b")
    d, e = a * b, a + b
    f = d * e
    topo, visited = [], set()

    def build_topo(v):
        if v not in visited:
            visited.add(v)
            for child in v._prev:
                build_topo(child)
            topo.append(v)

    build_topo(f)
    f.grad = 1.0
    for node in reversed(topo):
        node._backward()
    return [len(topo), *grads([a, b, d, e, f])]


@program
def the_neuron_from_exp(Value):
    x1, w1, b = Value(2.0), Value(-3.0), Value(6.88)
    n = x1 * w1 + b
    e = (2 * n).exp()
    o = (e - 1) / (e + 1)
    o.backward()
    return grads([x1, w1, b]) + numbers([o])


@program
def operation_of_ones_own(Value):
    def tanh(x):
        t = (math.exp(2 * x.data) - 1) / (math.exp(2 * x.data) + 1)
        out = Value(t, (x,), "tanh")

        def _backward():
            x.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    a, b = Value(0.5, label="a"), Value(-1.5, label="b")
    y = tanh(a * b) + tanh(a) * a
    y.backward()
    return grads([a, b]) + numbers([y])


@program
def an_operation_of_three_operands(Value):
    def fma(a, b, c):
        out = Value(a.data * b.data + c.data, _children=(a, b, c), _op="fma")

        def _backward():
            a.grad += b.data * out.grad
            b.grad += a.data * out.grad
            c.grad += out.grad

        out._backward = _backward
        return out

    a, b, c = Value(2.0), Value(3.0), Value(4.0)
    y = fma(a * b, b, c) * fma(c, a, a)
    y.backward()
    return [len(fma(a, b, c)._prev), *grads([a, b, c]), *numbers([y])]


@program
def the_training_loop_of_the_lecture(Value):
    net = network(Value, [3, 4, 4, 1], "tanh")
    losses = []
    for _ in range(20):
        ypred = [net(x) for x in XS]
        loss = sum((yout - ygt) ** 2 for ygt, yout in zip(YS, ypred, strict=True))
        for p in net.parameters():
            p.grad = 0.0
        loss.backward()
        for p in net.parameters():
            p.data += -0.1 * p.grad
        losses.append(float(loss.data))
    return losses + numbers(net.parameters())


# --- the demonstration: hinge loss, regularisation, accuracy ---


@program
def the_moons(Value):
    rng = random.Random(3)
    X = [(rng.uniform(-1, 2), rng.uniform(-1, 1.5)) for _ in range(12)]
    y = [1 if b > a * a - 0.5 else -1 for a, b in X]
    model = network(Value, [2, 6, 6, 1])
    told = []
    for k in range(5):
        inputs = [list(map(Value, xrow)) for xrow in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        total_loss = data_loss + 1e-4 * sum(p * p for p in model.parameters())
        accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores, strict=True)]
        model.zero_grad()
        total_loss.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * k / 100) * p.grad
        told += [float(total_loss.data), sum(accuracy) / len(accuracy)]
    return told + numbers(model.parameters())


@program
def the_sanity_check(Value):
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    return [float(y.data), float(x.grad)]


@program
def more_operations(Value):
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return [float(g.data), float(a.grad), float(b.grad)]


# --- optimisers, whose state hangs on the parameters ---


def trained(Value, prepare, move, steps=12):
    net = network(Value, [3, 4, 1], "tanh", seed=5)
    prepare(net.parameters())
    for t in range(1, steps + 1):
        loss = sum((net(x) - y) ** 2 for x, y in zip(XS, YS, strict=True)) / len(XS)
        for p in net.parameters():
            p.grad = 0.0
        loss.backward()
        move(net.parameters(), t)
    return [float(loss.data), *numbers(net.parameters())]


@program
def adam_on_the_parameters(Value):
    def prepare(parameters):
        for p in parameters:
            p.m = 0
            p.v = 0

    def move(parameters, t):
        for p in parameters:
            p.m = 0.9 * p.m + 0.1 * p.grad
            p.v = 0.999 * p.v + 0.001 * p.grad**2
            p.data -= 0.05 * (p.m / (1 - 0.9**t)) / (math.sqrt(p.v / (1 - 0.999**t)) + 1e-8)

    return trained(Value, prepare, move)


@program
def momentum_made_where_it_is_missing(Value):
    def move(parameters, t):
        for i, p in enumerate(parameters):
            if not hasattr(p, "velocity"):
                p.velocity, p.name = 0.0, f"p{i}"
            p.velocity = 0.9 * p.velocity - 0.05 * p.grad
            p.data += p.velocity

    return trained(Value, lambda parameters: None, move)


@program
def state_by_node_and_by_id(Value):
    state, cache = {}, {}

    def move(parameters, t):
        for p in parameters:
            cache[id(p)] = cache.get(id(p), 0.0) + p.grad**2
            state[p] = state.get(p, 0) + 1
            p.data -= 0.1 * p.grad / (cache[id(p)] ** 0.5 + 1e-8)

    return [*trained(Value, lambda parameters: None, move), len(state), sum(state.values())]


@program
def gradients_clipped_by_norm(Value):
    def move(parameters, t):
        norm = math.sqrt(sum(p.grad**2 for p in parameters))
        if norm > 0.5:
            for p in parameters:
                p.grad *= 0.5 / norm
        for p in parameters:
            p.grad = max(-0.2, min(0.2, p.grad))
            p.data -= 0.3 * p.grad

    return trained(Value, lambda parameters: None, move)


@program
def weight_decay_in_the_step(Value):
    def move(parameters, t):
        for p in parameters:
            p.grad += 0.01 * p.data
            p.data -= 0.1 * p.grad

    return trained(Value, lambda parameters: None, move)


@program
def batches_and_a_falling_rate(Value):
    net, rng, told = network(Value, [3, 5, 1], "tanh", seed=2), random.Random(0), []
    for epoch in range(3):
        order = list(range(len(XS)))
        rng.shuffle(order)
        for start in range(0, len(order), 2):
            batch = order[start : start + 2]
            losses = [(net(list(map(Value, XS[i]))) - YS[i]) ** 2 for i in batch]
            loss = sum(losses, Value(0)) * (1.0 / len(losses))
            net.zero_grad()
            loss.backward()
            for p in net.parameters():
                p.data -= 0.2 / (1 + epoch) * p.grad
            told.append(loss.item())
    return told + numbers(net.parameters())


# --- losses ---


@program
def softmax_and_cross_entropy(Value):
    logits = [Value(x) for x in (0.5, -1.2, 2.0)]
    top = max(v.data for v in logits)
    exps = [(v - top).exp() for v in logits]
    total = sum(exps, Value(0.0))
    probabilities = [e / total for e in exps]
    loss = -probabilities[1].log()
    loss.backward()
    return [float(loss.data), *numbers(probabilities), *grads(logits)]


@program
def logistic_loss_by_formula(Value):
    w, b = Value(0.3), Value(-0.1)
    loss = Value(0.0)
    for x, y in ((1.0, 1), (2.0, 0), (-0.5, 1)):
        p = 1 / (1 + (-(w * x + b)).exp())
        loss = loss - (y * p.log() + (1 - y) * (1 - p).log())
    loss /= 3
    loss.backward()
    return [float(loss.data), float(w.grad), float(b.grad)]


@program
def powers_with_the_number_first(Value):
    x = Value(1.5)
    y = 2**x + math.e**x + x**-2 + 1 / x
    y.backward()
    return [float(y.data), float(x.grad)]


# --- a node as an object ---


@program
def nodes_in_sets_and_dictionaries(Value):
    a, b = Value(2.0), Value(2.0)
    c = a * b
    seen = {a, b, c, a}
    where = {node: i for i, node in enumerate((a, b, c))}
    told = [len(seen), where[b], a in c._prev, c in c._prev, a == b, len(c._prev), c._prev == {a, b}]
    return [float(x) for x in (*told, c._prev == set(), a._prev == set(), c._prev - {a} == {b}, hash(a) == hash(a))]


@program
def numbers_taken_out(Value):
    a = Value(2.675)
    return [float(a), int(a), round(a), round(a, 1), a.item(), a > 1, a < Value(1.0), max([a, Value(3.0)]).data]


@program
def parameters_copied_and_put_back(Value):
    net = network(Value, [3, 2, 1], "tanh")
    best = copy.deepcopy([p.data for p in net.parameters()])
    twin = copy.deepcopy(net)
    for p in net.parameters():
        p.data += 1.0
    again = copy.copy(twin.parameters()[0])
    again.data = 7.0
    before = numbers(twin.parameters()) == best
    for p, x in zip(net.parameters(), best, strict=True):
        p.data = x
    score = net(XS[0])
    score.backward()
    return [float(before), float(score.data), *grads(net.parameters()), *grads(twin.parameters())]


@program
def what_is_hung_on_any_node(Value):
    a = Value(3.0)
    y = a * a + 1
    y.visited, a.shape, a.name, a.prev, a.parents = True, (1,), "weight", None, [a]
    a.value, a.op, a.gradients = "mine", "leaf", {}
    z = (y * a).tanh() + 2 * a
    z.backward()
    return [float(z.data), float(a.grad), float(y.grad), float(y.visited)]


@program
def a_rule_set_aside_by_hand(Value):
    a, b = Value(2.0), Value(3.0)
    cut = a * b
    cut._backward = lambda: None
    y = cut * a + b
    y.backward()
    return [float(y.data), *grads([a, b, cut])]


@program
def a_rule_wrapped_in_another(Value):
    a = Value(2.0)
    y = a * a
    calls, before = [], y._backward

    def noted():
        calls.append(1)
        before()

    y._backward = noted
    z = y * 3 + a
    z.backward()
    return [float(len(calls)), float(a.grad)]


@program
def a_straight_through_estimator(Value):
    def quantised(x):
        out = Value(round(x.data), (x,), "round")

        def _backward():
            x.grad += out.grad

        out._backward = _backward
        return out

    a, b = Value(1.4), Value(2.0)
    y = quantised(a * b) * b
    y.backward()
    return [float(y.data), *grads([a, b])]


@program
def dropout_and_a_mean_as_operations(Value):
    rng = random.Random(1)

    def dropout(x, rate=0.5):
        kept = 0.0 if rng.random() < rate else 1 / (1 - rate)
        out = Value(x.data * kept, (x,), "dropout")

        def _backward(kept=kept):
            x.grad += kept * out.grad

        out._backward = _backward
        return out

    def mean(xs):
        out = Value(sum(x.data for x in xs) / len(xs), tuple(xs), "mean")

        def _backward():
            for x in xs:
                x.grad += out.grad / len(xs)

        out._backward = _backward
        return out

    xs = [Value(float(i)) for i in range(1, 7)]
    y = mean([dropout(x) * x for x in xs]) ** 2
    y.backward()
    return [float(y.data), *grads(xs)]


@program
def a_class_grown_without_calling_ours(Value):
    class Scalar(Value):
        def __init__(self, data, _children=(), _op="", label=""):
            self.data = data
            self.grad = 0
            self._backward = lambda: None
            self._prev = set(_children)
            self._op = _op
            self.label = label

        def square(self):
            out = Scalar(self.data**2, (self,), "square")

            def _backward():
                self.grad += 2 * self.data * out.grad

            out._backward = _backward
            return out

    a, b = Scalar(3.0, label="a"), Scalar(-2.0, label="b")
    y = a.square() * b + a
    y.backward()
    return [float(y.data), *grads([a, b])]


@program
def a_class_grown_that_calls_ours(Value):
    class Scalar(Value):
        def __init__(self, data, _children=(), _op=""):
            super().__init__(data, _children, _op)
            self.note = "made"

        def cube(self):
            out = Scalar(self.data**3, (self,), "cube")

            def _backward():
                self.grad += 3 * self.data**2 * out.grad

            out._backward = _backward
            return out

    a = Scalar(2.0)
    y = a.cube() * a + 1
    y.backward()
    return [float(y.data), float(a.grad), float(a.note == "made")]


@program
def the_picture_of_the_lecture(Value):
    def trace(root):
        nodes, edges = set(), set()

        def build(v):
            if v not in nodes:
                nodes.add(v)
                for child in v._prev:
                    edges.add((child, v))
                    build(child)

        build(root)
        return nodes, edges

    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    e = a * b
    e.label = "e"
    L = e + a
    L.label = "L"
    L.backward()
    nodes, edges = trace(L)
    texts = sorted(f"{{ {n.label} | data {n.data:.4f} | grad {n.grad:.4f} }}{n._op}" for n in nodes)
    return [len(nodes), len(edges), *("".join(texts).encode())]
