"""Wide graphs where NumPy's own integers have 32 bits, as in a page of the browser: no place, rank or key overflows.

There, whatever NumPy counts or is given as Python's integers is an `int32`; what says `np.int64` itself stays one.
"""

import importlib
import pkgutil
import random
import types

import numpy as np
import pytest

import cgviz.program
from cgviz import Value, tanh
from cgviz.program import Program, array_engine, fusion, tape

COUNTING = (
    *("arange", "full", "array", "asarray", "fromiter", "zeros", "empty", "argsort", "flatnonzero", "bincount"),
    *("cumsum", "repeat", "where", "append", "concatenate", "unique", "searchsorted", "diff", "nonzero"),
)


def is_wide(x):
    return (isinstance(x, np.ndarray) and x.dtype == np.int64) or x is np.int64


def narrow(found):
    """The same with 32 bits; raises OverflowError where they are too few."""
    if isinstance(found, tuple):
        return tuple(map(narrow, found))
    if not is_wide(found):
        return found
    if found.size and max(-int(found.min()) - 1, int(found.max())) >= 2**31:
        raise OverflowError("Python int too large to convert to C long")
    return found.astype(np.int32)


def narrowed(function):
    def call(*given, **named):
        wide = any(map(is_wide, (*given, *named.values())))
        return function(*given, **named) if wide else narrow(function(*given, **named))

    return call


@pytest.fixture
def narrow_integers(monkeypatch):
    """NumPy as it is in a page, for all modules of programs."""
    double = types.SimpleNamespace(**{name: getattr(np, name) for name in dir(np) if not name.startswith("__")})
    double.intp = np.int32
    for name in COUNTING:
        setattr(double, name, narrowed(getattr(np, name)))
    for found in pkgutil.iter_modules(cgviz.program.__path__, "cgviz.program."):
        module = importlib.import_module(found.name)
        if vars(module).get("np") is np:
            monkeypatch.setattr(module, "np", double)


def deep(layers, width):
    """A network of many layers, each of which asks for places of its own."""
    draw = random.Random(1)
    xs = [Value(draw.uniform(-1, 1)) for _ in range(width)]
    for _ in range(layers):
        rows = [[Value(draw.uniform(-0.5, 0.5)) for _ in xs] for _ in xs]
        xs = [tanh(sum(w * x for w, x in zip(row, xs, strict=True)) + 0.1) for row in rows]
    return sum(xs)


def values(root):
    recorded, _ = tape.record(root)
    graph = fusion.fuse(recorded)
    engine = array_engine.ArrayEngine(recorded, graph, array_engine.group_nodes(graph, 1, 0))
    found = engine.run([recorded.numbers[i] for i in recorded.leaves])
    every = range(len(recorded.ops))
    return engine.select(found, 0, every), engine.select(found, 1, every)


@pytest.mark.parametrize(("layers", "width"), [(2, 6), (150, 3)])
def test_places_and_keys_need_no_more_than_32_bits(request, layers, width):
    root = deep(layers, width)
    expected = values(root)
    request.getfixturevalue("narrow_integers")
    for found, wanted in zip(values(root), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-9)
    program = Program(root)
    assert program.run().value == pytest.approx(root.data)
