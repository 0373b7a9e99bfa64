"""The arithmetic and the words of the page, in a real browser, against Python's own: thousands of cases at a time."""

from __future__ import annotations

import json
import math
import random
import struct
import sys
from contextlib import suppress
from itertools import pairwise
from operator import mul, sub

import numpy as np
import pytest

from cgviz import Tensor, Value, trace
from cgviz.chain_rule.equation import precision
from cgviz.chain_rule.flow import uses
from cgviz.chain_rule.terms import write_sum
from cgviz.graph import CONSTANT, LEAF, OPERATION_NODE, Edge, Graph, Node
from cgviz.live import javascript as source
from cgviz.live.serialization import state, structure
from cgviz.ops import rows
from cgviz.ops.domain import FAILURES, DomainError
from cgviz.ops.formula import Formula
from cgviz.ops.op import OPS
from cgviz.pictures import Axis
from cgviz.pictures.slots import captions, slots
from cgviz.run.descent import DescentStep, Walk, verdict
from cgviz.run.replay import Replay
from cgviz.text import brief, exact, number

NAMES = (
    "number, exact, fill, ROWS, NO_NUMBER, TOO_LARGE, Graph, backward, nodeSlots, caption, readState, clean, "
    "samePlace, nearest"
)
PLOT = "precision, writeSum, brief, ticks, share, verdict"
DECODE = """text => JSON.parse(text, (key, x) => ({ nan: NaN, inf: Infinity, "-inf": -Infinity })[x] ?? x)"""
ENCODE = """x => JSON.stringify(x, (key, x) => {
    if (Object.is(x, -0)) return { float: "-0" };
    return typeof x === "number" && !Number.isFinite(x) ? { float: String(x) } : x;
})"""
SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, 1e-320, 1e-200, -1e-160, 1e200, -1e308, 710.0, -750.0, 1e16)
BEYOND = (math.inf, -math.inf, math.nan)


@pytest.fixture(scope="module")
def ask(browser):
    """Asks the page: ``ask("case => …", cases)`` is the list of answers, one for each case."""
    page = browser.new_page()
    names = f"Object.assign(globalThis, {{ {NAMES}, {PLOT}, decode: {DECODE}, encode: {ENCODE} }});"
    page.add_script_tag(content=f"{source.script('descent', 'formula', 'equation', 'flow')}\n{names}", type="module")
    page.wait_for_function("() => globalThis.encode")

    def ask(function, cases):
        text = json.dumps([_out(case) for case in cases])
        answer = page.evaluate(f"text => encode(decode(text).map({function}))", text)
        return json.loads(answer, object_hook=lambda x: float(x["float"]))

    yield ask
    page.close()


def _out(x):
    """Numbers that JSON does not have, as words."""
    if isinstance(x, float) and not math.isfinite(x):
        return str(x)
    if isinstance(x, dict):
        return {key: _out(value) for key, value in x.items()}
    return [_out(value) for value in x] if isinstance(x, (list, tuple)) else x


def floats(count):
    """Numbers of every kind: all bit patterns, few digits, ties between two of four digits, steps of sliders."""
    rng = random.Random(5)
    found = [*SPECIAL, *BEYOND, 1.0625, -1.0625, 1234.5, 1235.5, 0.00012345, 99995.0, 9999.5, 9999.4999, 5e-324, 1e300]
    found += [sign * math.ldexp(m, e) for m in range(1, 4096, 2) for e in (-3, -1, 0, 7) for sign in (1, -1)]
    found += [(2 * n + 1) * 5.0 * 10.0**e for n in range(500, 5000, 7) for e in range(8)]
    found += [float(f"{n}5e{e}") for n in range(1000, 10000, 31) for e in (-300, -20, -6, -4, -3, 3, 12, 200)]
    found += [round(rng.uniform(-10, 10), rng.randrange(8)) * 10.0 ** rng.randrange(-9, 9) for _ in range(count)]
    bits = (struct.unpack("d", rng.randbytes(8))[0] for _ in range(count))
    return found + [10.0**e for e in range(-30, 30)] + list(bits)


def test_numbers_are_written_as_python_writes_them(ask):
    xs = floats(6_000)
    answers = ask("x => [number(x), exact(x), brief(x)]", xs)
    wrong = [(x, got) for x, got in zip(xs, answers, strict=True) if got != [number(x), exact(x), brief(x)]]
    assert not wrong, (len(wrong), wrong[:5])


def test_numbers_of_more_digits_are_written_as_python_writes_them(ask):
    counts = [5, 6, 9, 14, 15, 17]
    cases = [(x, n) for k, x in enumerate(floats(1_500)) for n in (counts[k % len(counts)], 5)]
    answers = ask("([x, n]) => number(x, n)", cases)
    wrong = [(case, got) for case, got in zip(cases, answers, strict=True) if got != number(*case)]
    assert not wrong, (len(wrong), wrong[:5])


def test_equations_have_the_digits_and_the_sign_that_python_gives_them(ask):
    rng = random.Random(3)
    xs = [x for x in floats(600) if math.isfinite(x) and abs(x) < 1e60]
    rng.shuffle(xs)
    pairs = [(a, b) for a, b in pairwise(xs) if a * b]
    pairs += [(a, -math.nextafter(a, 2 * a)) for a in xs[:300]]
    for function, code in ((mul, "a * b"), (sub, "a - b")):
        cases = [(a, b, function(a, b) * rng.choice([1, 1, 1 + 1e-4, 2])) for a, b in pairs]
        answers = ask(f"([a, b, y]) => precision((a, b) => {code}, [a, b], y)", cases)
        ours = [precision(function, (a, b), y) for a, b, y in cases]
        assert answers == [[found.digits, "=" if found.equal else "≈"] for found in ours]
    sums = [([*pair, rng.choice(xs)], rng.random() < 0.5) for pair in pairs]
    sums = [(terms, sum(terms) if here else math.fsum(terms)) for terms, here in sums]
    assert ask("([xs, y]) => writeSum(xs, y)", sums) == [write_sum(Formula, *case) for case in sums]


def outcome(function, *xs):
    """The number, or which way the function fails."""
    try:
        return function(*xs)
    except OverflowError:
        return "too large"
    except FAILURES:
        return "not defined"


ATTEMPT = """([name, at, xs]) => {
    const row = ROWS[name];
    try { return (at < 0 ? row.f : row.d[at])(...xs); } catch (failure) {
        return failure === TOO_LARGE ? "too large" : failure === NO_NUMBER ? "not defined" : String(failure);
    }
}"""


def alike(x, y, rel=1e-14):
    if isinstance(x, str) or isinstance(y, str) or x is None or y is None:
        return x == y
    # Below the smallest normal number digits are lost one by one, in another place in each language.
    return x == y or (x != x and y != y) or math.isclose(x, y, rel_tol=rel, abs_tol=sys.float_info.min)


@pytest.mark.parametrize("name", OPS)
def test_a_row_gives_pythons_number_and_derivatives_and_fails_where_python_fails(ask, name):
    op, rng = OPS[name], random.Random(name)
    pool = [*SPECIAL, *BEYOND]
    points = [*op.samples, *((x,) for x in pool), *((x, z) for x in pool for z in pool)]
    points += [tuple(rng.uniform(-4, 4) for _ in range(op.arity)) for _ in range(300)]
    points += [
        tuple(rng.choice((rng.uniform(-800, 800), rng.choice(pool))) for _ in range(op.arity)) for _ in range(300)
    ]
    cases, expected = [], []
    for xs in (xs for xs in points if len(xs) == op.arity):
        y = outcome(op.number, *xs)
        cases.append((name, -1, xs))
        expected.append(y)
        if not isinstance(y, str):
            for i, vjp in enumerate(op.vjps):
                for g in (1.0, rng.uniform(-3, 3), rng.choice(pool)):
                    cases.append((name, i, (g, y, *xs)))
                    expected.append(outcome(vjp, g, y, *xs))
    answers = ask(ATTEMPT, cases)
    wrong = [both for both in zip(cases, answers, expected, strict=True) if not alike(*both[1:])]
    assert not wrong, (len(wrong), wrong[:5])


# --- whole graphs ---

BINARY = {**{sign: (lambda x, y, f=f: f(x, y)) for sign, f in (("+", rows.add), ("-", rows.sub), ("*", rows.mul))}}
BINARY |= {"/": rows.div, "**": rows.power, "max": rows.maximum, "min": rows.minimum}
UNARY = [op for op in rows.FUNCTIONS.values() if op.arity == 1] + [rows.neg]
CONSTANTS = (2.0, 3, 0.5, -1, 0, 1e-200, 100.0)


def program(rng, length):
    """Straight-line code: for each step an operation and the places of its operands, or a number instead of one."""
    steps = []
    for _ in range(length):
        if rng.random() < 0.5:
            steps.append((rng.choice(UNARY), rng.randrange(1000)))
        else:
            operands = [rng.randrange(1000), rng.randrange(1000)]
            if rng.random() < 0.3:
                operands[rng.randrange(2)] = rng.choice(CONSTANTS) + 0.0
            steps.append((rng.choice(list(BINARY.values())), *operands))
    return steps


def build(steps, rng):
    """The root of a graph with four leaves, one of them without a name, at numbers where much is defined."""
    known = [Value(rng.uniform(0.3, 0.9), name) for name in ("x", "y", "<b>", "")]
    for op, *operands in steps:
        known.append(op(*(x if isinstance(x, float) else known[-1 - x % min(5, len(known))] for x in operands)))
    return known[-1] + known[-2] * 0.25


COMPUTE = """({ structure, data }) => {
    try {
        const graph = new Graph(structure);
        graph.tape.forward(data);
        const { grad, flow } = backward(graph, data);
        const sizes = grad.map((_, i) => +(i === graph.root)); // of what was added up: the order shows where it cancels
        for (const { source, user, local } of flow) {
            const size = sizes[user] * Math.abs(local);
            if (Number.isFinite(size)) sizes[source] += size;
        }
        return [data, grad, sizes];
    } catch (error) { return error.message; }
}"""


def case(rng, wild):
    """A graph, other numbers for its leaves, and what Python makes of them: a graph, or the sentences it may say."""
    root = build(program(rng, rng.randrange(2, 12)), rng)
    graph, again = trace(root), Replay(root)
    pool = SPECIAL + (BEYOND if rng.random() < 0.2 else ())
    xs = {name: rng.choice(pool) if rng.random() < wild else rng.uniform(-2, 2) for name in again.names}
    numbers = iter(xs.values())
    data = [next(numbers) if node.kind == LEAF else node.data for node in graph.nodes]
    question = {"structure": structure(graph), "data": data}
    labels = {node.name: node.label for node in graph.leaves}
    try:
        computed = again(**{name: Value(x, labels[name]) for name, x in xs.items()})
    except DomainError as error:
        return question, {str(error)}
    try:
        computed.backward()
    except DomainError as error:
        return question, {str(error), *first_refusal(trace(computed))}
    assert trace(computed).signature == graph.signature
    return question, trace(computed)


def first_refusal(graph):
    """Where two derivatives do not exist, `backward` may meet the one first, and the records the other."""
    try:
        uses(graph)
    except DomainError as error:
        yield str(error)


def steady(expected):
    """Whether no sine is taken of a computed number so large that its last digit decides: languages differ there."""
    nodes = expected.nodes if isinstance(expected, Graph) else ()
    computed = [nodes[node.operands[0]] for node in nodes if node.op in ("sin", "cos", "tan")]
    return all(node.kind == LEAF or abs(node.data) < 1e6 for node in computed)


def cases(count, wild):
    rng = random.Random(f"graphs {wild}")
    found = []
    while len(found) < count:
        with suppress(DomainError):  # the graph as it was built has no value
            found.append(case(rng, wild))
            if not steady(found[-1][1]):
                found.pop()
    return found


@pytest.mark.parametrize("wild", [0, 0.6], ids=["ordinary numbers", "numbers at the edges"])
def test_random_graphs_have_pythons_numbers_or_its_sentence(ask, wild):
    made = cases(600, wild)
    answers = ask(COMPUTE, [question for question, _ in made])
    wrong = [both for both in zip((expected for _, expected in made), answers, strict=True) if not agree(*both)]
    assert not wrong, "\n".join(map(str, wrong[:8]))
    sentences = " ".join(sentence for _, expected in made if isinstance(expected, set) for sentence in expected)
    assert all(part in sentences for part in ("is defined for", "is too large", "the derivative of", "divisors other"))


def agree(expected, answer):
    if isinstance(expected, set) or isinstance(answer, str):
        return isinstance(expected, set) and answer in expected
    return all(
        alike(x, node.data, 1e-12)
        and (node.kind == CONSTANT or alike(g, node.grad, 1e-12) or abs(g - node.grad) <= 1e-12 * size)
        for node, x, g, size in zip(expected.nodes, *answer, strict=True)
    )


# --- what stands in the picture ---

LABELS = ("", "x", "a label that is longer than twenty-four letters", "<img src=x onerror=alert(1)>", "Δ\n")
DATA = (
    *SPECIAL,
    *BEYOND,
    None,
    2,
    True,
    np.float32(0.1),
    np.zeros((3, 2)),
    np.array([1.0, math.nan]),
    np.array(2.5),
)
SHOWN = """({ structure, state }) => {
    const graph = new Graph(structure);
    const numbers = readState(state);
    const said = {};
    for (const i of graph.shown) said[i] = caption(graph.nodes[i], numbers.data[i], numbers.grad[i], numbers.stale[i]);
    const slot = ([key, [text, style, title]]) => [key, [text, style, title()]];
    return [graph.shown.flatMap((i) => nodeSlots(graph.nodes[i], i, numbers)).map(slot), Object.entries(said)];
}"""


def records(rng, count):
    """A graph with whatever a class may hold: arrays, nothing, numbers too large for a float, stale ones."""
    nodes = []
    for i in range(count):
        operands = tuple(rng.randrange(i) for _ in range(rng.choice((0, 1, 2, 3)))) if i else ()
        if i + 1 == count:
            operands = tuple(range(i))
        kind = OPERATION_NODE if operands else rng.choice((LEAF, CONSTANT))
        op = rng.choice(("+", "tanh", "?", "**2", "neg", "sum(axis=0)")) if operands else ""
        data, grad = (
            rng.choice(DATA if kind == CONSTANT else (*DATA, 10**400)) if rng.random() < 0.4 else rng.uniform(-5, 5)
            for _ in range(2)
        )
        stale = rng.choice(("", "", "", "value", "gradient"))
        nodes.append(Node(i, rng.choice(LABELS), op, data, grad, kind, operands, (), stale, rng.random() < 0.9))
    return Graph(tuple(nodes), tuple(Edge(s, n.index, p) for n in nodes for p, s in enumerate(n.operands)))


def test_slots_and_captions_are_those_of_the_pictures(ask):
    rng = random.Random(3)
    graphs = [records(rng, rng.randrange(1, 12)) for _ in range(500)]
    graphs += [trace(Tensor([[1, 2], [3, 4.0]], "W") * 2), large(1600)]
    questions = []
    for graph in graphs:
        made = structure(graph)
        questions.append({"structure": made, "state": state(graph, made["shown"])})
    for graph, question, (shown, said) in zip(graphs, questions, ask(SHOWN, questions), strict=True):
        assert dict(shown) == {key: list(slot) for key, slot in slots(graph).items() if not key.endswith(".cells")}
        expected = captions(graph)
        assert dict(said) == {str(i): expected[str(i)] for i in question["structure"]["shown"]}


def large(count):
    """A graph of which a picture shows only some nodes."""
    x = y = Value(0.5, "x")
    for _ in range(count):
        y = (y * x).tanh()
    y.backward()
    return trace(y)


# --- axes and descents ---


def axes(count):
    """Axes of every kind: with round ends, such as steps of 0.1 add up to, at any place and scale, and logarithmic."""
    rng = random.Random(11)
    ends = [(0.0, 7.0), (0.1, 0.6), (-0.2, 0.8), (0.0, 0.5), (-1e308, 1.7e308), (0.0, 1e-320), (1e16, 1e16 + 64)]
    ends += [(1.7e308, sys.float_info.max), (0.0, 1e-300), (-5e-300, 5e-300)]
    ends += [(k / 10, (k + n) / 10) for k in range(-30, 30, 7) for n in range(1, 60)]
    for _ in range(count):
        at, wide = rng.uniform(-1, 1) * 10 ** rng.uniform(-5, 5), 10 ** rng.uniform(-9, 9)
        ends.append((at, at + wide))
    found = [Axis(low, high) for low, high in ends if low < high]
    return [*found, Axis(1e-9, 1e-2, log=True), Axis(0.5, 3e7, log=True), Axis(1e-300, 1e300, log=True)]


def test_an_axis_of_the_page_has_the_ticks_and_places_of_pythons_charts(ask):
    tried = axes(2000)
    xs = [(axis.low * axis.high) ** 0.5 if axis.log else axis.low / 2 + axis.high / 2 for axis in tried]
    questions = [[axis._asdict(), x] for axis, x in zip(tried, xs, strict=True)]
    answers = ask("([axis, x]) => [ticks(axis), share(axis, x)]", questions)
    for axis, x, (found, at) in zip(tried, xs, answers, strict=True):
        assert found == axis.ticks(), axis
        assert at == pytest.approx(axis.share(x), abs=1e-12), axis


def walked(rng, names):
    """Steps of every kind: that come closer or go away, on one side or from side to side, large and small."""
    size = 10.0 ** rng.choice((0, 0, 0, 300, -300))
    grows = rng.choice((0.5, -0.5, 0.9995, -0.9995, 0.998, -0.998, -1.0, 1.0, 1.1, -1.1, 0.97, 0.0))
    steps = []
    for k in range(rng.randrange(1, 9)):
        xs = [size * (grows + rng.choice((0, 0, 0.3)) * rng.random()) ** k for _ in names]
        slopes = [0.0 if rng.random() < 0.1 else x * rng.choice((0.125, 2, -3)) for x in xs]
        value = rng.uniform(-1, 1) if rng.random() < 0.2 else sum(abs(x / size) for x in xs)
        point, gradient = (dict(zip(names, found, strict=True)) for found in (xs, slopes))
        steps.append(DescentStep(k, point, value, gradient))
    return steps


def test_what_steps_come_to_is_said_by_the_page_as_by_python(ask):
    walks = [walked(random.Random(seed), "xy"[: 1 + seed % 2]) for seed in range(1000)]
    rows = [[[*step.point.values(), step.value, *step.gradient.values()] for step in walk] for walk in walks]
    expected = [verdict(Walk(walk, "")) for walk in walks]
    assert ask("rows => verdict({ rows, ended: '' }, (rows[0].length - 1) / 2)", rows) == expected
    kinds = {sentence.split(":")[0] for sentence in expected}
    assert {"Crawling", "Descending", "Arrived", "Overshooting", "Back and forth", "Diverging", "Jumping", ""} <= kinds
