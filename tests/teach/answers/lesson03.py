"""Answers to the exercises of lesson 3."""


class Node:
    def __init__(self, data, label="", _prev=(), _op=""):
        self.data, self._prev, self._op, self.label = data, _prev, _op, label

    def __add__(self, other):
        return type(self)(self.data + other.data, _prev=(self, other), _op="+")


class Right(Node):
    def __mul__(self, other):
        return type(self)(self.data * other.data, _prev=(self, other), _op="*")


class Named(Node):
    def __mul__(self, other):
        return Named(self.data * other.data, _prev=(self, other), _op="*")


class Sums(Node):
    def __mul__(self, other):
        return type(self)(self.data + other.data, _prev=(self, other), _op="*")


class Symbol(Node):
    def __mul__(self, other):
        return type(self)(self.data * other.data, _prev=(self, other), _op="+")


class Order(Node):
    def __mul__(self, other):
        return type(self)(self.data * other.data, _prev=(other, self), _op="*")


class Set(Node):
    def __mul__(self, other):
        return type(self)(self.data * other.data, _prev={self, other}, _op="*")


class Forgets(Node):
    def __mul__(self, other):
        return type(self)(self.data * other.data)


class Half(Node):
    def __mul__(self, other):
        return type(self)(self.data * other.data, _prev=(self,), _op="*")


class Copies(Node):
    def __mul__(self, other):
        return type(self)(self.data * other.data, _prev=(self, type(self)(other.data)), _op="*")


class Plain(Node):
    def __mul__(self, other):
        return self.data * other.data


class NoReturn(Node):
    def __mul__(self, other):
        type(self)(self.data * other.data, _prev=(self, other), _op="*")


class InPlace(Node):
    def __mul__(self, other):
        self.data = self.data * other.data
        return self


class InItsOwnLine(Node):
    def __mul__(self, other):
        return type(self)(self.data * other, _prev=(self, other), _op="*")


class OneParameter(Node):
    def __mul__(self):
        return self


class WithoutComma(Node):
    def __mul__(self, other):
        return type(self)(self.data * other.data, _prev=(self), _op="*")


class Generates(Node):
    def __mul__(self, other):
        return type(self)(self.data * other.data, _prev=(node for node in (self, other)), _op="*")


class ZeroIsLost(Node):
    def __mul__(self, other):
        return type(self)(self.data * (other.data or 1), _prev=(self, other), _op="*")


def nodes_of(root):
    nodes = []

    def visit(node):
        if node not in nodes:
            for operand in node._prev:
                visit(operand)
            nodes.append(node)

    visit(root)
    return nodes


def trace(root):
    nodes = nodes_of(root)
    return nodes, [(operand, node) for node in nodes for operand in node._prev]


def backward_edges(root):
    nodes = nodes_of(root)
    return nodes, [(node, operand) for node in nodes for operand in node._prev]


def set_of_edges(root):
    nodes = nodes_of(root)
    return nodes, {(operand, node) for node in nodes for operand in node._prev}


def root_first(root):
    nodes, edges = trace(root)
    return nodes[::-1], edges


def without_memory(root):
    nodes = []

    def visit(node):
        for operand in node._prev:
            visit(operand)
        nodes.append(node)

    visit(root)
    return nodes, [(operand, node) for node in nodes for operand in node._prev]


def other_order(root):
    nodes = nodes_of(root)
    return nodes, [(operand, node) for node in nodes for operand in reversed(node._prev)]


class Whole(Node):
    def __mul__(self, other):
        return type(self)(int(self.data) * int(other.data), _prev=(self, other), _op="*")


class Sizes(Node):
    def __mul__(self, other):
        return type(self)(abs(self.data) * other.data, _prev=(self, other), _op="*")


class Misnamed(Node):
    def __mult__(self, other):
        return type(self)(self.data * other.data, _prev=(self, other), _op="*")


class WithoutSelf(Node):
    def __mul__(other):
        return other


class Prints(Node):
    def __mul__(self, other):
        print(self.data * other.data)


def trace_by_stack(root):
    nodes, stack = [], [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            nodes += [] if node in nodes else [node]
        elif node not in nodes:
            stack += [(node, True), *((operand, False) for operand in reversed(node._prev))]
    edges = []
    for node in nodes:
        edges.extend((operand, node) for operand in node._prev)
    return nodes, edges


def each_pair_once(root):
    nodes, edges = trace(root)
    return nodes, list(dict.fromkeys(edges))


class ByPlace(Node):
    def __mul__(self, other):
        return type(self)(self.data * other.data, (self, other), _op="*")


class SignAsLabel(ByPlace):
    def __mul__(self, other):
        return type(self)(self.data * other.data, "*", (self, other))


ANSWERS = {
    "products": (
        [Right, Named],
        [
            (ByPlace, "the result has its operands for a label: hand them on by their name, _prev=(…)"),
            (SignAsLabel, "the result has '*' for a label, and no operation: hand it on by its name"),
            (Whole, "should hold -0.975, yours holds 0"),
            (Sizes, "with b = -3, a = 2: b * a should hold -6, yours holds 6"),
            (Misnamed, "a method __mult__, which Python never calls: for * it calls __mul__"),
            (WithoutSelf, "is self missing, its first parameter?"),
            (Prints, "print shows a result, and gives nothing back"),
            (Sums, "a * b should hold -6, yours holds -1: that is a + b"),
            (Symbol, "remembers the operation '+', should be '*'"),
            (Order, "remembers its operands as (b, a)"),
            (Set, "keeps its operands in a set"),
            (Forgets, "does not remember its operands: _prev is empty"),
            (Half, "remembers 1 operand in _prev, should be 2"),
            (Copies, "operand 2 of a * b should be b itself"),
            (Plain, "gives the number -6, and should give a Plain"),
            (NoReturn, "gives None: is a return missing?"),
            (InPlace, "gives a itself: an operation makes a new InPlace"),
            (InItsOwnLine, "raised TypeError: unsupported operand type(s) for *"),
            (OneParameter, "takes 1 positional argument but 2 were given"),
            (WithoutComma, "keeps a WithoutComma in _prev, and no tuple"),
            (Generates, "keeps its operands in a generator"),
            (ZeroIsLost, "with a = 5, b = 0: a * b should hold 0, yours holds 5"),
            (Right(2), "give check the class itself"),
        ],
    ),
    "count the graph": (
        [{"nodes": 5, "edges": 6}, {"edges": 2 * 3, "nodes": 2 + 3.0}],
        [
            ({"nodes": 7, "edges": 6}, "a is one node, however often"),
            ({"nodes": 5, "edges": 5}, "count both operands"),
            ({"nodes": 2, "edges": 6}, "the results of operations are nodes"),
            ({"nodes": 5, "edges": 3}, "each operation has two operands"),
            (5, "expected a dict with 'nodes' and 'edges'"),
        ],
    ),
    "edges": (
        [trace, lambda root: list(trace(root)), trace_by_stack],
        [
            (each_pair_once, "should be 2: one for each operand of each node"),
            (nodes_of, "should return two lists: nodes, edges"),
            (backward_edges, "from the operand to the node"),
            (set_of_edges, "a set has no order"),
            (root_first, "stands before one of its operands"),
            (without_memory, "a node stands in nodes more than once"),
            (other_order, "in another order than its operands"),
            (lambda root: (nodes_of(root), nodes_of(root)), "an edge is a pair"),
            (lambda root: (nodes_of(root), (pair for pair in trace(root)[1])), "one of yours is a generator"),
            (lambda root: trace(root)[::-1], "the nodes come first, then the edges"),
            (lambda root: (nodes_of(root), [(a.label, b.label) for a, b in trace(root)[1]]), "joins two nodes"),
            (lambda root: (nodes_of(root), trace(root)[1][:1]), "there is 1 edge, should be 4"),
            (lambda root: (len(nodes_of(root)), 3), "and one of yours is 1"),
            (lambda root: trace(root) and None, "is a return missing?"),
            (3, "expected the function trace, got an int"),
        ],
    ),
}
