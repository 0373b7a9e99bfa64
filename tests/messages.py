"""What a user hears who has done something that cannot be done: ``python -m tests.messages`` writes docs/messages.md.

Each line of `EXAMPLES` is tried; the page shows what it says. `tests/test_messages.py` holds the page, and what a
sentence may not do. The command says how many of the places of the package that refuse something are met.
"""

import ast
import contextlib
import io
import os
import re
import sys
import tempfile
import textwrap
import warnings
from functools import cache
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
        Value(10**400)
        Value(a)
        a * np.array([1.0, 2.0])
        Value(2.0, (a,), 3)
        sin(a, b)
        log(0.0)
        np.add(a, 1.0, out=np.zeros(1))
        pictures.pie
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
        Tensor(a)
        Tensor([a, b])
        Tensor(np.ma.masked_array([1.0, 2.0], [True, False]))
        len(Tensor(1.0))
        pow(t, 2, 3)
        ~t
        range(t)
        t[t]
        t.reshape(2.5)
        np.reshape(t, (2, 2), copy=False)
        np.reshape(t, (2, 2), order="K")
        np.quantile(t, 2.0)
        np.quantile(t, 0.5, method="nearest")
        np.median(Tensor([math.nan, 1.0]))
        np.var(Tensor([1.0]), ddof=1)
        np.sum(t, where=[[True, False], [False, True]])
        np.max(Tensor(np.zeros((0, 2))))
        np.diff(t, n=-1)
        np.where(t > 1.0, t)
        np.select([t], [t])
        np.linalg.norm(t, ord=0.5)
        np.linalg.norm(Tensor([1.0, 2.0]), ord=0)
        np.linalg.norm(Tensor([[[1.0]]]), ord=2)
        np.linalg.matrix_power(Tensor([[1.0, 2.0]]), 2)
        np.linalg.inv(Tensor([[1.0, 2.0], [2.0, 4.0]]))
        np.linalg.det(Tensor([[1.0, 2.0]]))
        np.linalg.multi_dot([t])
        np.linalg.outer(t, t)
        np.linalg.svd(t)
        np.tensordot(t, t, axes=3)
        np.tensordot(t, t, axes=([0, 1], [0]))
        np.einsum("ij,jk->ik", t)
        np.einsum("i->i", t)
        np.einsum("i3->i", t)
        np.einsum(t, [0, 1])
        np.einsum("ij->ji", t, dtype=float)
        np.convolve(t, t)
        np.convolve(Tensor([1.0]), Tensor([1.0]), mode="half")
        Tensor([1.0]).mT
        t.sort()
        t.shape = (4,)
        concatenate(3)
        concatenate([a, t])
        cross_entropy(Tensor(np.zeros((0, 2))), [])
        cross_entropy([1.0], [0])
        Tensor([1.0, math.nan], "z") > Tensor([1.0, 2.0, 3.0])
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
        explore("import os", a=1)
        explore("\\ud800*a", a=1)
        explore("a*b", a=(0, 1, 2, 3), b=1)
        explore("a*b", a=(0, math.inf), b=1)
        explore("a*b", a=(0, 1, 5), b=1)
        explore("a*b", a=math.nan, b=1)
        explore("a*b", a=[], b=1)
        explore("a*b", a=["x", "y"], b=1)
        explore("a*b", a=1, b=2, hide="gradient", edges="gradient")
        explore("a*b", a=1, b=2, edges="thick")
        explore("a*b", a=1, b=2, lock="z")
        explore("a*b", a=1, b=2, lock=3)
        explore("a*b", a=1, b=2, cls=3)
        explore("a*b", a=1, b=2, cls=dict)
        explore("a*b", a=1, b=2).inputs["z"]
        explore("a*b", a=[1, 2], b=2).inputs["a"] = 3
        explore("a*b", a=1, b=2).inputs.pop("a")
        explore(len)
        explore(max)
        explore(lambda *numbers: numbers[0])
        explore(lambda tool: tool * 2, tool=1)
        explore(sin)
        explore(lambda a: a * (2 if a.data > 0 else 3), a=1).to_html()
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
        draw(a, names=[(a, 3)])
        draw(a, names=[3])
        film(L, "a/b/c.gif")
        trace(Odd(1.0, 3, "+"))
        draw(L, names=3)
        draw(L, names={"a": 3})
        pictures.picture_product(t, t, 5, 5)
        pictures.picture_product("x", t)
        pictures.HeatMap([])
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
        explain(Odd(1j, (Odd(2.0), Odd(2.0)), "*"))
        explain(Odd(None, (Odd(2.0), Odd(2.0)), "*"))
        gradcheck("a*b", a=1, b=2, cls=3)
        gradcheck("a*b", a=1, b=2, cls=int)
        derivative("a*a", n=-1)
        derivative("a*a", n=0.5)
        derivative(lambda: 3)
        derivative(lambda x: Tensor([1.0]) * x)(1.0)
        derivative(lambda x: Value(x.data))(1.0)
        derivative(f)([[1, 2], [3]])
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
        program.places(99)
        program.places(None)
        program(y=t)
        program(x=np.zeros((0,)))
        program(x=10**400)
        program(x=[[1.0, 2.0], [3.0]])
        Program("sqrt(x)", x=1.0)(x=0.0)
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
        descend("a**2", a=1, rate=-1)
        descend("a*b*c", a=1, b=2, c=3)
        compare(explore("a*b", a=1, b=2), explore("a*b", a=1, b=2), titles=["one"])
        compare(explore("a*b", a=1, b=2), descend("a**2", a=1)).to_html()
        matrix(None)
        matrix([[a]], names=3)
        matrix([[a]], root=3)
        matrix(np.zeros((2, 2, 2)))
        bars([a, b], largest=-1)
        live.board(lambda: 3)
        live.tune(3)
        live.DescentLog().add(L)
        watch_training(3, [[1.0]], [1.0])
        watch_training(net, [[1.0, 2.0]], [1.0], sample=3)
    """,
    "Warnings": """
        from cgviz.draw import plot_curves
        nn.SampleTraining(lambda x, n=iter(range(99)): a * x if next(n) < 2 else a * a * x, [1.0] * 9).check()
    """,
    "Groups": """
        groups.fold(3)
        groups.fold(trace(L), "neuron")
        groups.group(3)
        groups.group(L, [a], kind="")
        groups.grouped(3)
        groups.kinds(3)
        groups.fold(trace(L), [a])
        groups.module_groups(net)
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
        nn.MLP(2, [1])(3)
        nn.MLP(2, [1])(["x", 1.0])
        nn.MLP(2, [1])([10**400, 1.0])
        nn.Momentum(0.1, "x")
        nn.moons(10, noise=-1)
        nn.train(net, 3, [1.0])
        nn.train(net, [["x", 1.0]], [1.0])
        nn.train(net, [[1.0, 2.0], [1.0]], [1.0, 1.0])
        nn.train(net, [[math.nan, 2.0]], [1.0])
        nn.train(net, [[10**400, 2.0]], [1.0])
        nn.train(net, [[1.0, 2.0]], [1.0], callback=3)
        nn.train(net, [[1.0, 2.0]], [1.0], loss=lambda s: s)
        nn.train(net, [[1.0, 2.0]], [1.0], loss=lambda s, y: Value(3.0))
        nn.train(net)
        nn.train(f, [[1.0]], [1.0], data=[1])
        nn.train(nn.MLP(2, [2], seed=1), [[1.0, 2.0]], [1.0])
        nn.Training(net)
        nn.SampleTraining(lambda s: a * 2, 3)
        nn.SampleTraining(lambda s: a * 2, [1, 2], parameters=3)
        nn.SampleTraining(lambda s: a * 2, [1, 2], parameters=[a], optimizer=3)
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
        nodes.Add(nodes.Input("x"))
        nodes.Node(nodes.Input("x"))
        nodes.Node([]).compute()
        nodes.Node([]).backpass()
        nodes.Graph({3: 1.0})
        nodes.Graph({nodes.Input("x"): 1.0}, loss=3)
        nodes.Graph({nodes.Input("x"): 1.0}, loss=nodes.Sigmoid(nodes.Input("y")))
        nodes.SGD(0.1).update(3)
        nodes.SGD(0.1).update([nodes.Input("x")])
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
        teach.grow(type("Point", (), {"__slots__": ("x",)}))
        teach.grow(int)
    """,
}
HEAD = f"""# What cgviz says when something cannot be done

Each of these was tried, warnings with them: `python -m tests.messages` writes this page from what the package says
today (`python` is `.venv/bin/python`, on Windows `.venv\\Scripts\\python`). The examples begin with this:

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
    """What is said to an example: the class and the sentence of its error or warning."""
    names, here = {}, os.getcwd()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                exec(START, names)
                try:
                    found = _run(line, names)
                except Exception as error:
                    return type(error).__name__, _sentence(error)
        finally:
            os.chdir(here)
    if told:
        return type(told[0].message).__name__, str(told[0].message)
    return "", _short(repr(found))


def _run(line, names):
    """What an example gives; a line that binds a name gives nothing."""
    try:
        code = compile(line, "<example>", "eval")
    except SyntaxError:
        code = compile(line, "<example>", "exec")
    return eval(code, names)


def _sentence(error):
    return str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)


def _short(text):
    return " ".join(text.split())[:200]


@cache
def places():
    """Every place of the package that raises an error with a sentence of its own: file and lines."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                found[str(path), node.lineno] = path.relative_to(PACKAGE).as_posix()
    return found


@contextlib.contextmanager
def watching():
    """Collect the places that refuse and are reached inside, also where the error's way is cut short for its reader."""
    refusing, reached, before = places(), set(), sys.gettrace()
    of_file = {}
    for file, line in refusing:
        of_file.setdefault(file, set()).add(line)

    @cache
    def refuses(code):
        lines = of_file.get(code.co_filename)
        return bool(lines) and any(line in lines for *_, line in code.co_lines())

    def line_of(frame, event, arg):
        if event == "line" and (place := (frame.f_code.co_filename, frame.f_lineno)) in refusing:
            reached.add(place)
        return line_of

    sys.settrace(lambda frame, event, arg: line_of if refuses(frame.f_code) else None)
    try:
        yield reached
    finally:
        sys.settrace(before)


def met():
    """The answers to all examples, by example, and how many places of the package that refuse were met, of how many."""
    with watching() as reached:
        answers = {line: listen(line) for _, line in examples()}
    return answers, len(reached), len(places())


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
