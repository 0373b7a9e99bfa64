"""What is remembered to save time is bounded: a notebook that runs for days makes new classes and graphs all along."""

import gc
import importlib
import linecache
import pkgutil
import traceback
import weakref

import pytest

import cgviz
from cgviz import Value, trace
from cgviz.graph.attributes import CLASSES
from cgviz.program import Program
from cgviz.program.generated_code import TEXTS

MANY = 1000
UNBOUNDED = {
    "cgviz.value.row_code.push": "a row",
    "cgviz.live.javascript.module": "a page's files",
    "cgviz.live.modules._module": "a page's files",
    "cgviz.live.javascript.part": "a page's files",
    "cgviz.live.javascript.tools": "a page's files",
    "cgviz.site.pins.read": "nothing",
    "cgviz.live.javascript.script": "a page's files",
    "cgviz.live.javascript.sheet": "a page's files",
    "cgviz.live.javascript.style": "a page's files",
    "cgviz.program.tape.arrays": "nothing",
    "cgviz.value.arithmetic.build_methods": "a row",
}
"""The caches without a bound, and what they have an entry for: there is a table of each, and nobody else makes one."""


def test_every_cache_has_a_bound_or_an_entry_for_each_of_a_table_alone():
    found = {}
    for module in pkgutil.walk_packages(cgviz.__path__, "cgviz."):
        if module.name.endswith("__main__"):
            continue
        for made in vars(importlib.import_module(module.name)).values():
            if hasattr(made, "cache_parameters"):
                found[f"{made.__module__}.{made.__qualname__}"] = made.cache_parameters()["maxsize"]
    assert len(found) > len(UNBOUNDED)
    assert {name for name, most in found.items() if most is None} == set(UNBOUNDED)


class Plain:
    """As a learner writes it."""

    def __init__(self, data, prev=()):
        self.data, self.grad, self._prev, self._op = data, 0.0, prev, "*" if prev else ""


def use_a_plain_class():
    cls = type("Mine", (Plain,), {})
    a = cls(2.0)
    trace(cls(4.0, (a, a)))
    return cls


def use_a_grown_class():
    def begin(self, data):
        Value.__init__(self, data)
        self.extra = data

    import copy

    cls = type("Mine", (Value,), {"__init__": begin, "__slots__": ("extra", "other")})
    root = copy.copy(cls(2.0)) * 3
    root.backward()
    return cls


@pytest.mark.parametrize("use", [use_a_plain_class, use_a_grown_class])
def test_a_class_that_nobody_has_any_more_is_freed(use):
    alive = weakref.WeakSet(use() for _ in range(MANY))
    gc.collect()
    assert len(alive) <= CLASSES + 1


def texts():
    return [name for name in linecache.cache if str(name).startswith("<cgviz program")]


def test_a_program_that_nobody_has_any_more_is_freed_with_its_text():
    straight_code().cache_clear()
    gc.collect()
    before = len(texts())
    for k in range(MANY):
        a = Value(2.0, "a")
        program = Program(a * (0.5 + k / MANY) + 1)  # the number stands in the text
        assert program(a=3.0).value == 3.0 * (0.5 + k / MANY) + 1
    gc.collect()
    assert before < len(texts()) <= before + TEXTS
    del program
    straight_code().cache_clear()
    gc.collect()
    assert len(texts()) <= before


def straight_code():
    from cgviz.program import generated_code

    return generated_code._code


def test_a_function_that_is_still_there_keeps_its_text_when_it_is_no_longer_remembered():
    from cgviz.program.generated_code import _compile_lines

    run = _compile_lines(["def run(x):", "    return 1 / x"], {})["run"]
    straight_code().cache_clear()
    gc.collect()
    with pytest.raises(ZeroDivisionError) as failure:
        run(0.0)
    assert "return 1 / x" in "".join(traceback.format_exception(failure.value))


def test_powers_of_many_exponents_are_not_all_remembered():
    from cgviz.ops.rows import _to_the, find

    for k in range(MANY):
        assert find(f"**{k / MANY}", 1).number(2.0) == 2.0 ** (k / MANY)
    assert _to_the.cache_info().currsize <= _to_the.cache_info().maxsize < MANY
