"""Answers to the exercises of lesson 4."""

from graphviz import Digraph, Graph

from cgviz.teach.exercises.lesson04 import escape


def trace(root, found=None):
    """What lesson 3 has: nodes and edges, in topological order."""
    nodes, edges = [], []

    def visit(node):
        if node not in nodes:
            for operand in node._prev:
                visit(operand)
            nodes.append(node)
            edges.extend((operand, node) for operand in node._prev)

    visit(root)
    return nodes, edges


def cells(node):
    return "{ " + " | ".join([escape(node.label), f"{node.data:.4g}"]) + " }"


def drawing(
    cells=cells, name=None, shape="record", op=True, into=True, edges=lambda edges: edges, twice=True, op_name="op"
):
    """A learner's draw_dot, right but for what is given."""

    def draw_dot(root, rankdir="LR"):
        dot = Digraph(graph_attr={"rankdir": rankdir})
        nodes, pairs = trace(root)
        names = {node: name(node) if name else f"v{i}" for i, node in enumerate(nodes)}
        for node in nodes:
            dot.node(names[node], label=cells(node), shape=shape)
            if node._op and op:
                dot.node(names[node] + op_name, label=node._op, shape="circle")
                if into:
                    dot.edge(names[node] + op_name, names[node])
        pairs = edges(pairs)
        for operand, result in pairs if twice else dict.fromkeys(pairs):
            dot.edge(names[operand], names[result] + op_name * op)
        return dot

    return draw_dot


def backwards(root, rankdir="LR"):
    dot = drawing(edges=lambda pairs: [])(root)
    for _, (operand, result) in enumerate(trace(root)[1]):
        place = {node: f"v{i}" for i, node in enumerate(trace(root)[0])}
        dot.edge(place[result] + "op", place[operand])
    return dot


def undirected(root):
    source = drawing()(root).body
    graph = Graph()
    graph.body += [line.replace("->", "--") for line in source]
    return graph


def returns_nothing(root):
    drawing()(root)


def only_backslashes(text):
    return "".join("\\" + sign if sign in "{}|<>\\" else sign for sign in text)


def by_entity(text):
    return "".join(f"&#{ord(sign)};" if sign in "{}|<>&\\" else sign for sign in text)


def doubled(text):
    for sign in "{}|<>\\":
        text = text.replace(sign, "\\" + sign)
    return text


def always_left_to_right(root, rankdir="LR"):
    return drawing()(root)


def without_direction(root):
    return drawing()(root)


def from_top_to_bottom(root, rankdir="TB"):
    return drawing()(root, rankdir)


def by_attribute(root, rankdir="LR"):
    dot = Digraph()
    dot.attr(rankdir=rankdir)
    dot.body += drawing()(root).body
    return dot


def one_by_one(text):
    known = {"\\": "\\\\", "&": "&amp;"} | {sign: "\\" + sign for sign in "{}|<>"}
    return "".join(known.get(sign, sign) for sign in text)


def first_alone(text):
    return escape(text).replace("\\|\\|", "\\||")


ANSWERS = {
    "count the shapes": (
        [{"boxes": 4, "circles": 2, "arrows": 6}, {"arrows": 6.0, "boxes": 4.0, "circles": 2.0}],
        [
            ({"boxes": 5, "circles": 2, "arrows": 6}, "a is one node, so it has one box"),
            ({"boxes": 4, "circles": 1, "arrows": 6}, "there is a sum and a product"),
            ({"boxes": 4, "circles": 2, "arrows": 4}, "the line from an operation to its result counts too"),
            ({"boxes": 4, "circles": 2, "arrows": 9}, "that is not it yet"),
        ],
    ),
    "a safe label": (
        [escape, by_entity, one_by_one],
        [
            (first_alone, "for text = 'a||b'"),
            (lambda text: escape(text).replace("\\\\", "/"), "should be"),
            (lambda text: "".join(sign for sign in text if sign not in "{}|<>"), "for text = 'a|b'"),
            (lambda text: text, "needs a backslash before it"),
            (doubled, "replace the backslash itself first"),
            (only_backslashes, "so & becomes &amp;"),
            (lambda text: text.replace("|", ""), "should be 'a\\\\|b'"),
            (lambda text: print(text), "is a return missing?"),
        ],
    ),
    "draw_dot": (
        [
            drawing(),
            by_attribute,
            drawing(lambda node: f"{escape(node.label)}\n{node.data:.4g}", shape="box"),
            drawing(lambda node: f"{{ {escape(node.label)} | data {node.data:.4g} | grad not yet }}"),
        ],
        [
            (returns_nothing, "is `return dot` missing?"),
            (always_left_to_right, "is drawn in the direction LR, should be TB: hand rankdir on"),
            (without_direction, "it takes the direction of reading as well, as rankdir"),
            (from_top_to_bottom, "draw_dot(L) is drawn in the direction TB, should be LR"),
            (undirected, "a Graph has no directions"),
            (lambda root: "dot", "returns a str, should return the Digraph"),
            (lambda root: Digraph(), "nothing is drawn"),
            (drawing(lambda node: escape(node.label)), "and not its number 5"),
            (drawing(lambda node: f"{{ {escape(node.label)} | {node.data:.1f} }}"), "small numbers are lost"),
            (drawing(lambda node: f"{{ {node.label} | {node.data:.4g} }}"), "use escape for labels"),
            (drawing(shape="box"), 'braces make cells only with shape="record"'),
            (drawing(op_name=""), "no box says e; your boxes say"),
            (drawing(name=lambda node: node.label), "have 1 box: each needs a name of its own"),
            (drawing(name=lambda node: str(id(node))), "name the nodes by their place"),
            (drawing(lambda node: f"{{ {escape(node.label)} | {round(node.data, 2)} }}"), "tiny 0.0"),
            (drawing(op=False), "the operation * is not drawn"),
            (drawing(into=False), "no arrow leads from an operation * to e"),
            (drawing(twice=False), "the operation + needs two arrows from x, yours has 1"),
            (drawing(edges=lambda pairs: pairs[::-1]), "in the wrong order: a and b"),
            (drawing(edges=lambda pairs: []), "needs an arrow from a, yours has none"),
            (backwards, "points the wrong way"),
            (drawing(edges=lambda pairs: pairs + pairs), "should be 2"),
        ],
    ),
}
