"""The page's own source: in step with the rows, light, and free of anything that would ask another host."""

import re

import numpy as np
import pytest

from cgviz import Value, trace
from cgviz.live import page
from cgviz.live.wire import state, structure
from cgviz.ops import OPS

MOST = {"view": 37_200, "tools": 55_500, "descent": 54_400}
"""Bytes without the rows: both come once for all of a kernel's pictures, the tools after the first is drawn."""


def test_the_operations_of_the_page_are_written_from_the_rows_as_they_are_now():
    written = (page.STATIC / "ops.js").read_text(encoding="utf-8")
    assert written == page.operations(), "run `python -m cgviz.live.page`"


def test_every_row_has_its_line():
    assert re.findall(r"^    (\w+): \{ f:", page.operations(), re.MULTILINE) == list(OPS)


@pytest.mark.parametrize(
    ("part", "text"), [("view", page.module()), ("tools", page.toolbox()), ("descent", page.module(page.DESCENT))]
)
def test_a_module_is_light_and_needs_no_other(part, text):
    rows = page.module(("ops",))
    assert len(text.replace(rows, "").encode()) < MOST[part]
    assert not re.search(r"^import |\bimport\(['\"]|\brequire\(|https?://(?!www\.w3\.org)", text, re.MULTILINE)


def test_every_file_of_the_folder_has_its_place():
    assert {path.stem for path in page.STATIC.glob("*.js")} == {*page.DESCENT, *page.LOADER, "standalone", "tools"}
    assert {path.stem for path in (page.STATIC / "tools").glob("*.js")} == set(page.TOOLS)


def test_a_number_too_large_for_a_float_is_sent_in_words():
    class Node:
        def __init__(self, data, operands=()):
            self.data, self.grad, self._prev, self._op = data, 0.0, operands, "+" if operands else ""

    graph = trace(Node(10**400, (Node(2), Node(np.float64(3)))))
    assert state(graph, [0, 1, 2])["data"] == {
        "0": 2.0,
        "1": 3.0,
        "2": {"text": "10000000000…", "title": "10000000000…", "words": "10000000000…"},
    }


def test_a_very_large_graph_is_sent_as_far_as_it_is_shown():
    x = y = Value(0.5, "x")
    for _ in range(1600):
        y = y * x
    made = structure(trace(y))
    assert len(made["shown"]) < 1000 and set(made["nodes"]) == set(map(str, made["shown"]))
