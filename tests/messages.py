"""What a user hears who has done something that cannot be done: ``python -m tests.messages`` writes docs/messages.md.

Each line of `EXAMPLES` is tried; the page shows what it says. `tests/test_messages.py` holds the page, and what a
sentence may not do. The command says how many of the places of the package that refuse something are met.
"""

import ast
import contextlib
import io
import os
import re
import tempfile
import textwrap
import traceback
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cgviz"
PAGE = ROOT / "docs" / "messages.md"
START = """
import math
import numpy as np
from cgviz import Tensor, Value, bars, binary_cross_entropy, compare, concatenate, cross_entropy, derivative, descend
from cgviz import draw, draw_dot, explain, explore, film, gradcheck, matrix, mean_squared_error, softmax, steps, table
from cgviz import groups, live, log, maximum, nn, nodes, pictures, sin, sqrt, teach, trace, watch_training
from cgviz.program import Program

a, b = Value(2.0, "a"), Value(-3.0, "b")
L = a * b
L.label = "L"
t = Tensor([[1.0, 2.0], [3.0, 4.0]], "t")
program = Program("x*y", x=1.0, y=2.0)
net = nn.MLP(2, [3, 1], seed=1)


def f(x):
    return x * 2


class Odd:
    def __init__(self, data, prev=(), op=""):
        self.data, self._prev, self._op, self.grad = data, prev, op, 1.0
"""
EXAMPLES = {
    "Numbers and operations": """
        Value("2")
        Value(None)
        Value([1, 2])
        Value(1j)
        Value(True, 3)
        Value(2.0, (1.0,), "cube")
        a + "b"
        a * [1, 2]
        a ** None
        pow(a, 2, 3)
        a / 0
        a / Value(0.0, "z")
        log(Value(-1.0, "z"))
        sqrt(Value(-1.0, "z"))
        sqrt(Value(0.0, "z")).backward()
        sin(Value(math.inf, "z"))
        Value(-8.0, "z") ** 0.5
        Value(0.0, "z") ** -1
        Value(1e300, "z") * 1e300
        Value(1000.0, "z").exp()
        sin("1")
        maximum(a, "b")
        L.backward(accumulate=2)
        setattr(a, "data", "2")
        a % 2
        a // 2
        np.floor(a)
    """,
    "Arrays": """
        Tensor("1")
        Tensor([[1, 2], [3]])
        Tensor([1.0, None])
        t + Tensor([1.0, 2.0, 3.0], "s")
        t @ Tensor([1.0, 2.0, 3.0], "s")
        t.reshape(3)
        t.sum(axis=2)
        t[5]
        t["x"]
        t.backward()
        t.backward(gradient=[1.0])
        t.transpose(3)
        t.log() * Tensor(-1.0).log()
        concatenate([t, Tensor([1.0])])
        concatenate([])
        softmax(t, axis=4)
        cross_entropy(t, [5, 0])
        cross_entropy(t, [0])
        mean_squared_error(t, [1.0])
        binary_cross_entropy(Tensor([1.0]), [2.0])
        t[0] = 1
        float(t)
    """,
    "Expressions": """
        explore("a*b")
        explore("a*b", a=1)
        explore("a*b", a=1, b=2, c=3)
        explore("a*", a=1)
        explore("2a", a=1)
        explore("a^2", a=1)
        explore("a if a else b", a=1, b=1)
        explore("a.data", a=1)
        explore("sinn(a)", a=1)
        explore("sin(a, a)", a=1)
        explore("sin", a=1)
        explore("'x'", a=1)
        explore("1 + 2")
        explore("")
        explore("a = 1; a = 2*a", a=1)
        explore("b*2; a", a=1, b=1)
        explore("1e999*a", a=1)
        explore("a" + " + a" * 3 + " < a", a=1)
        explore("a\\x00", a=1)
        explore("sin = a", a=1)
        explore(3)
        explore("a*b", a="x", b=1)
        explore("a*b", a=1, b=2, rankdir="UP")
        explore("a*b", a=1, b=2, fold="leaf")
        explore("a*b", a=1, b=2, digits=0)
        explore("a*b", a=1, b=2, tool="Draw")
        explore("a*b", a=1, b=2, at="z")
        explore("a*b", a=1, b=2, hide="everything")
        explore("a*b", a=(1, 0), b=2)
        explore(f, y=1)
    """,
    "Pictures": """
        draw(3)
        draw("a*b")
        draw([])
        draw(f)
        draw(L, format="gif")
        draw(L, rankdir="XX")
        draw(L, fold="neurons")
        draw(L, edges="thick")
        draw(L, digits=99)
        draw(L, note={"z": "there is none"})
        draw(L, note="a note")
        draw(L, note={"a": 3})
        draw(L).save("picture.bmp")
        draw(L).save("nowhere/picture.svg")
        film(L, "film.avi")
        film(L, "stills", stills="bmp")
        table(3)
        table(L, most=-1)
        trace(3)
        pictures.BarChart([1, 2], ["one"])
        pictures.BarChart([])
        pictures.HeatMap([[1, 2], [3]])
        pictures.HeatMap([[1.0] * 100])
        pictures.plot_curves({}, pictures.Axis(0, 1))
        pictures.plot_curves(dict.fromkeys("abcd", f), pictures.Axis(0, 1))
        pictures.picture_product(t, Tensor([1.0]))
    """,
    "Explanations and checks": """
        explain(3)
        explain(L, "z")
        explain(L, 17)
        steps(3)
        gradcheck(3)
        gradcheck("a*b", a=1)
        gradcheck(f, y=1)
        gradcheck(lambda x: 3, x=1)
        derivative(3)
        derivative("a*b", wrt="z")
        derivative("a*a")("x")
        derivative("abs(a)", 1)(0.0, 1.0)
        derivative("sqrt(a)")(0.0)
        derivative("log(a)")(-1.0)
    """,
    "Programs": """
        Program(3)
        Program("x*y", x=1.0)
        Program(L, a=1.0)
        Program(Odd(1.0, (Odd(2.0),), "??"))
        Program(t.sum())
        program(z=1.0)
        program(x="1")
        program(1.0, 2.0, 3.0)
        program(1.0, x=2.0)
        program(x=[1.0, 2.0], y=[1.0, 2.0, 3.0])
        program.places("z")
        setattr(program, "leaves", [1.0])
        program()["z"]
        program().grad["z"]
        Program("1/x", x=1.0)(x=0.0)
        Program("x*x", x=1.0)(x=1e200)
    """,
    "Live views": """
        descend("a**2")
        descend("a**2", a=1, rate="fast")
        descend("a**2", a=1, steps=-1)
        descend("a**2", {"a": 1}, a=2)
        descend(3)
        compare()
        compare(3)
        compare(*[explore("a*b", a=1, b=2)] * 2)
        compare(explore("a*b", a=1, b=2), titles=["one", "two"])
        matrix([[a, b], [a]])
        matrix(a)
        matrix([[a, "b"]])
        bars([a, b], ["one"])
        bars([a, b], show="weights")
        bars([])
        live.board(3)
        live.tune(f)
        live.tune(f, z=1)
        live.tune(lambda x: x, x="a")
        live.DescentLog().add(3)
        live.GraphView(3)
        watch_training(net, [[1.0, 2.0]], [1.0, 2.0])
    """,
    "Groups": """
        groups.fold(3)
        groups.fold(trace(L), "neuron")
        groups.group(3)
        groups.group(L, [a], kind="")
        groups.grouped(3)
        groups.kinds(3)
    """,
    "Training": """
        nn.MLP(0, [1])
        nn.MLP(2, [])
        nn.MLP(2, [1], "sofmax")
        nn.MLP(2, [1])([1.0])
        nn.Neuron(-1)
        nn.SGD("fast")
        nn.SGD(-1)
        nn.Momentum(0.1, 2)
        nn.Adam(beta1=3)
        nn.Adam(clip=-1)
        nn.cosine_rate(0.1, 0)
        nn.step_rate(0.1, 0)
        nn.warm_up(0.1, -1)
        nn.moons(-1)
        nn.train(net, [[1.0, 2.0]], [1.0, 2.0])
        nn.train(net, [[1.0]], [1.0])
        nn.train(net, [[1.0, 2.0]], [1.0], steps=-1)
        nn.train(net, [[1.0, 2.0]], [1.0], lr=0.1)
        nn.train(net, [[1.0, 2.0]], [1.0], loss="square")
        nn.train(net, [], [])
        nn.train(net, [[1.0, 2.0]], [1.0], batch=0)
        nn.train(net, [[1e300, 1e300]], [1.0], steps=3, progress=False)
        nn.SampleTraining(3, [1])
        nn.SampleTraining(f, [])
        nn.scores(net, [[1.0]])
    """,
    "Nodes that are built first": """
        nodes.Input(3)
        nodes.Mul(3, 4)
        nodes.Graph(3)
        nodes.Graph({})
        nodes.Graph({nodes.Input("x"): 1.0})
        nodes.Linear(nodes.Input("x"), nodes.Input("w"))
        nodes.topological_sort(3)
        nodes.MSE(nodes.Input("y"), 3)
    """,
    "Exercises": """
        teach.predict("What is it?", "x", choices=("a", "b"))
        teach.predict("What is it?", "x")
        teach.collect("nowhere")
        teach.grow(3)
        teach.lineage(3)
        teach.progress(3)
        teach.certificate(3)
        teach.wait_for("no such question")
    """,
}
HEAD = f"""# What cgviz says when something cannot be done

Each of these was tried: `python -m tests.messages` writes this page from what the package says today (`python` is
`.venv/bin/python`, on Windows `.venv\\Scripts\\python`). The examples
begin with this:

```python
{START.strip()}
```
"""


def examples():
    """Every example with its section."""
    for section, lines in EXAMPLES.items():
        for line in textwrap.dedent(lines).strip().splitlines():
            yield section, line


def listen(line):
    """What is said to an example: the class and the sentence of its error or warning, and where in the package."""
    names, here = {}, os.getcwd()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                exec(START, names)
                try:
                    found = eval(line, names) if " = " not in line or "(" in line.split(" = ")[0] else exec(line, names)
                except Exception as error:
                    frames = [
                        frame for frame in traceback.extract_tb(error.__traceback__) if str(PACKAGE) in frame.filename
                    ]
                    place = (
                        (Path(frames[-1].filename).relative_to(PACKAGE).as_posix(), frames[-1].lineno)
                        if frames
                        else None
                    )
                    return type(error).__name__, _sentence(error), place
        finally:
            os.chdir(here)
    if told:
        return type(told[0].message).__name__, str(told[0].message), None
    return "", _short(repr(found)), None


def _sentence(error):
    return str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)


def _short(text):
    return " ".join(text.split())[:200]


def places():
    """Every place of the package that raises an error with a sentence of its own: file and line."""
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                found.add((path.relative_to(PACKAGE).as_posix(), node.lineno))
    return found


def met():
    """The answers to all examples, by example, and how many places of the package that refuse were met, of how many."""
    answers = {line: listen(line) for _, line in examples()}
    there = {place for *_, place in answers.values() if place}
    return answers, len(there), len(places())


def page(answers):
    parts = [HEAD]
    for section in EXAMPLES:
        lines = [line for found, line in examples() if found == section]
        rows = [f"| `{_cell(line)}` | {answers[line][0]} | {_cell(answers[line][1])} |" for line in lines]
        parts.append(
            "\n".join([f"## {section}\n", "| what is done | error | what is said |", "| --- | --- | --- |", *rows, ""])
        )
    return "\n".join(parts)


def _cell(text):
    for old, new in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("\n", " ")):
        text = text.replace(old, new)
    return re.sub(re.escape(str(ROOT)), "…", text)


def main():
    answers, refusing, whole = met()
    PAGE.write_text(page(answers), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}, {len(answers)} examples")
    print(f"they meet {refusing} of the {whole} places of the package that refuse something")


if __name__ == "__main__":
    main()
