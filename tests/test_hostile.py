"""Whatever a label, a title, a name or a file's name says: it is shown, and stays where it stands, in every output."""

import contextlib
import inspect
import io
import json
import os
import pkgutil
import re
from functools import partial
from importlib import import_module

import pytest

import cgviz
from cgviz import (
    Value,
    cli,
    draw,
    draw_dot,
    explain,
    explore,
    film,
    gradcheck,
    groups,
    live,
    nn,
    pictures,
    steps,
    table,
    teach,
)
from cgviz.pictures import to_svg
from tests.hostile import TEXTS, check_csv, check_html, check_json, check_plain, check_svg, function

HOMES = ("cgviz", "pictures", "live", "teach", "groups", "nn", "nodes", "tensor", "program")
FEW = tuple(TEXTS[k : k + 24] for k in range(0, len(TEXTS), 24))
"""All texts, a handful at a time: each handful goes into one graph."""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def graph(texts):
    """A graph in which all of these texts stand as labels, of leaves and of results, and as the name of a group."""
    total = Value(1.0, "start")
    for k, text in enumerate(texts):
        total = total * 0.5 + Value(float(k), text)
        total.label = text
    root = groups.group((total * 1.0).tanh(), [total], "group", texts[0], texts[-1])
    root.backward()
    return root


class Odd:
    """A class of somebody's own, whose operations are called as the text says."""

    def __init__(self, data, operands=(), op="", label=""):
        self.data, self._prev, self._op, self.label, self.grad = data, operands, op, label, 1.0


def odd(texts):
    node = Odd(1.0)
    for text in texts:
        node = Odd(2.0, (node, Odd(3.0, (), "", text)), text, text)
    return node


def text_of(action):
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(out),
        contextlib.suppress(SystemExit),
    ):
        action()
    return out.getvalue()


def refusal(action):
    try:
        found = action()
    except (ValueError, TypeError, KeyError, OSError, AttributeError) as error:
        return error
    return found


def logged(texts):
    log = live.DescentLog()
    for step in range(2):
        leaves = [Value(1.0 + step, text) for text in texts]
        total = sum(leaf * leaf for leaf in leaves)
        total.label = texts[0]
        total.backward()
        log.add(total, *leaves)
    return log


def fail(text, a):
    raise ValueError(text)


def on_the_command_line(texts):
    for text in texts:
        text = text.replace("\x00", "")
        for arguments in (
            ["draw", " " + text, "a=1"],
            ["draw", "a*b", f"{text}=1"],
            ["draw", "a*b", "a=1", "b=2", f"-o{text}.svg"],
        ):
            with contextlib.suppress(SystemExit):
                yield text_of(partial(cli.main, arguments))


def widgets(texts):
    explorer = explore("a*b + c", a=1, b=2, c=3)
    yield live.GraphView(graph(texts))
    yield explore(function(texts), a=1.0, b=2.0)
    yield live.compare(explorer, explore("a*b", a=1, b=2), titles=[texts[0], texts[1]])
    yield live.descend("a**2", a=2)


def collected(texts):
    for k, text in enumerate(texts):
        entry = dict.fromkeys(("lesson", "exercise"), text) | {"tries": 1, "passed": text, "first": text, "last": text}
        body = json.dumps({"form": "cgviz progress 1", "learner": text, "exercises": [entry]})
        with contextlib.suppress(OSError, ValueError):
            name = text[:60].replace("/", "")
            with open(os.fsencode(f"{k}{name}.json".encode("utf-8", "surrogateescape")), "w") as file:
                file.write(body)
    return teach.collect(".")


def handouts(texts):
    for text in texts[::6]:
        teach.progress(text)
        yield teach.certificate(text)
        yield teach.progress()
    yield teach.progress_page()
    yield teach.cheat_sheet()


OUTPUTS = {
    "draw": lambda texts: [draw(graph(texts)), draw(odd(texts)), draw(graph(texts), note={2: texts[0]})],
    "draw_dot": lambda texts: [draw_dot(graph(texts)), draw_dot(odd(texts))],
    "to_svg": lambda texts: [to_svg(graph(texts[:3]), title=text) for text in texts[::6]],
    "table": lambda texts: [table(graph(texts)), table(odd(texts))],
    "explain": lambda texts: [explain(graph(texts)), explain(odd(texts))],
    "steps": lambda texts: [steps(graph(texts))],
    "gradcheck": lambda texts: [refusal(lambda: gradcheck(function(texts), a=1.0, b=2.0))],
    "explore": widgets,
    "film": lambda texts: [
        path.read_text("utf-8") for path in film(graph(texts[:2]), "stills", stills="svg").glob("*.svg")
    ],
    "Picture": lambda texts: [
        draw(graph(texts)).save(f"p.{form}").read_text("utf-8") for form in ("svg", "html", "txt")
    ],
    "BarChart": lambda texts: [pictures.BarChart([1.0] * len(texts), texts, name=texts[0])],
    "HeatMap": lambda texts: [pictures.HeatMap([[1.0] * len(texts)], [texts[0]], texts, name=texts[1])],
    "plot_curves": lambda texts: [
        pictures.plot_curves({text: lambda x: x * 2}, pictures.Axis(0, 1, text), text) for text in texts
    ],
    "inline": lambda texts: [pictures.inline(draw(Value(1.0, "a") * 2).svg, text, script=False) for text in texts],
    "matrix": lambda texts: [live.matrix([[Value(1.0, text) for text in texts]], [texts[0]], texts, name=texts[1])],
    "bars": lambda texts: [live.bars([Value(1.0, text) for text in texts], texts, name=texts[1])],
    "DescentLog": lambda texts: [logged(texts)],
    "tune": lambda texts: [live.tune(partial(fail, text), a=1.0) for text in texts[::4]],
    "picture_product": lambda texts: [
        pictures.picture_product(cgviz.Tensor([[1.0, 2.0]], text), cgviz.Tensor([[1.0], [2.0]], text)) for text in texts
    ],
    "watch": lambda texts: [live.Trainer(nn.MLP(2, [1], seed=1), [[1.0, 2.0]], [1.0], steps=1, note={"L": texts[0]})],
    "collect": lambda texts: [collected(texts)],
    "certificate": handouts,
    "predict": lambda texts: [
        refusal(partial(teach.predict, text, text, choices=("1", text), why=text, key=f"k{k}"))
        for k, text in enumerate(texts[::4])
    ],
    "check": lambda texts: [
        refusal(partial(ask, text)) for text in texts for ask in (teach.hint, partial(teach.check, thing=1))
    ],
    "messages": lambda texts: [
        refusal(do)
        for text in texts
        for do in (
            lambda text=text: explore(text, a=1),
            lambda text=text: draw(text),
            lambda text=text: draw(Value(1.0, text) * 2, format=text),
            lambda text=text: Value(text),
            lambda text=text: Value(0.0, text).log(),
            lambda text=text: 1 / Value(0.0, text),
            lambda text=text: explain(Value(1.0, "a") * 2, text),
            lambda text=text: draw(Value(1.0, "a") * 2).save(f"x.{text}"),
            lambda text=text: groups.fold(cgviz.trace(graph([text, "b"])), text),
            lambda text=text: nn.MLP(2, [1], text),
        )
    ],
    "command line": lambda texts: on_the_command_line(texts),
}

SHOWS = {
    "HTML": ("_repr_html_", "to_html", "html"),
    "SVG": ("svg",),
    "DOT": ("source",),
    "CSV": ("csv",),
    "plain": ("__str__", "__repr__", "text"),
    "bundle": ("_repr_mimebundle_",),
    "state": ("get_state",),
}
"""What is asked of every output that has it."""
SILENT = {
    *("trace", "derivative", "kinds", "grouped", "solve", "grow", "lineage", "use_mine", "wait_for", "question"),
    *("board", "watch_training", "losses", "boundary", "plot_levels", "plot_sides", "picture_broadcast"),
    "module_groups",  # groups, which draw shows: what they are called is tried above
}
"""What shows no text that somebody else could choose: numbers, sentences of the lessons, or what is asked above."""


def forms(found):
    """Every form of an output, by its kind: what a notebook, a terminal or a file gets of it."""
    if isinstance(found, str):
        kind = "SVG" if found.startswith("<svg") else "HTML" if found.lstrip().startswith("<") else "plain"
        yield kind, found
        return
    for kind, names in SHOWS.items():
        for name in names:
            try:
                held = getattr(found, name, None)
                held = held() if callable(held) else held
            except TypeError as refused:  # the picture says in one sentence why it cannot be drawn
                yield "plain", str(refused)
                continue
            if kind == "bundle" and held:
                held = held[0] if isinstance(held, tuple) else held
                yield "JSON", {mime: x for mime, x in held.items() if isinstance(x, (str, dict))}
                yield from (("HTML", held[mime]) for mime in ("text/html",) if mime in held)
                yield from (("SVG", held[mime]) for mime in ("image/svg+xml",) if mime in held)
                yield from (("plain", held[mime]) for mime in ("text/plain",) if mime in held)
            elif kind == "state" and held:
                yield (
                    "JSON",
                    {name: x for name, x in held.items() if not isinstance(x, bytes) and "IPY_MODEL" not in str(x)},
                )
            elif isinstance(held, str) and held:
                yield kind, held


CHECKS = {"HTML": check_html, "SVG": check_svg, "plain": check_plain, "JSON": check_json, "CSV": check_csv}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("output", OUTPUTS)
def test_a_hostile_text_stays_where_it_stands(output):
    seen = 0
    for texts in FEW:
        for found in OUTPUTS[output](texts):
            for kind, form in forms(found):
                seen += 1
                if kind in CHECKS:
                    try:
                        CHECKS[kind](form)
                    except Exception as failure:
                        raise AssertionError(f"{kind} of {type(found).__name__} with {texts!r}: {failure}") from failure
    assert seen >= len(FEW)


def test_dot_reads_each_hostile_label(dot):
    """With the program `dot`: nobody's label breaks the text of a graph, or the picture made of it."""
    for texts in FEW:
        for root in (graph(texts), odd(texts)):
            check_svg(draw_dot(root).pipe(format="svg", encoding="utf-8").partition("<svg")[2].join(("<svg", "")))


def test_every_public_function_is_tried_or_shows_nothing_of_somebodys():
    """By the code: a new public function is entered in one of the two tables."""
    source = inspect.getsource(inspect.getmodule(graph))
    forgotten = set()
    for home in HOMES:
        module = import_module(home if home == "cgviz" else f"cgviz.{home}")
        for name in module.__all__:
            function = getattr(module, name)
            numeric = getattr(function, "__module__", "").split(".")[1:2] in (["nn"], ["nodes"], ["tensor"], ["ops"])
            if (
                inspect.isfunction(function)
                and not numeric
                and name not in SILENT
                and not re.search(rf"\b{name}\b", source)
            ):
                forgotten.add(name)
    assert not forgotten, f"try hostile texts in {forgotten}, or enter them in SILENT"


def test_every_class_that_shows_itself_is_among_the_outputs():
    """By the code: a class with a form of its own for notebooks or files has come out of one of these functions."""
    own = set()
    for module in pkgutil.walk_packages(cgviz.__path__, "cgviz."):
        if ".static" in module.name or module.name.endswith("__main__"):
            continue
        for cls in vars(import_module(module.name)).values():
            shows = isinstance(cls, type) and {"_repr_html_", "_repr_mimebundle_", "to_html", "_repr_svg_"} & set(
                vars(cls)
            )
            if shows and cls.__module__ == module.name:
                own.add(cls)
    seen = set()
    for make in OUTPUTS.values():
        for found in make(("a", "b")):
            seen.update(f"{cls.__module__}.{cls.__name__}" for cls in type(found).__mro__)
    forgotten = {f"{cls.__module__}.{cls.__name__}" for cls in own} - seen - ELSEWHERE
    assert not forgotten, f"no output in OUTPUTS is one of {forgotten}"


ELSEWHERE = {
    "cgviz.teach.hints.Hints",  # sentences of the lessons alone
    "cgviz.pictures.dot_fallback.Digraph",  # where the package graphviz is not installed: test_dot_fallback.py
}
