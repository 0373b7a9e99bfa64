"""The page's own source: in step with the rows, light, free of anything that would ask another host, and whole."""

import re
from pathlib import Path

import numpy as np
import pytest

from cgviz import Value, trace
from cgviz.live import javascript
from cgviz.live.modules import reach
from cgviz.live.script import COMMENT, tokens
from cgviz.live.serialization import state, structure
from cgviz.ops.rows import OPS
from tests.toolbox import TOOLS

ROOT = Path(__file__).resolve().parents[2]

MOST = {"view": 34_100, "loader": 3_000, "presence": 3_900, "tools": 140_000, "descent": 19_000}
"""Bytes: each comes once for all of a kernel's pictures but loader and presence, the tools after the first is drawn."""
SENT = {
    "view": javascript.module(),
    **{name: javascript.module(name) for name in ("loader", "presence")},
    **{name: javascript.part(name) for name in javascript.LATER},
}
STANDING = {name: javascript.script(name) for name in ("view_page", "descent_page", "output", "packed_output")}
STANDING |= {name: javascript.module(name) for name in ("view_output", "descent_output")}


def test_the_operations_of_the_page_are_written_from_the_rows_as_they_are_now():
    written = (javascript.STATIC / "ops.js").read_text(encoding="utf-8")
    assert written == javascript.operations(), "run `python -m cgviz.live.javascript`"


def test_every_row_has_its_line():
    assert re.findall(r"^    (\w+): \{ f:", javascript.operations(), re.MULTILINE) == list(OPS)


def test_the_names_that_later_parts_import_are_those_that_the_view_hands_over():
    written = (javascript.STATIC / "names.js").read_text(encoding="utf-8")
    assert written == javascript.names(), "run `python -m cgviz.live.javascript`"


@pytest.mark.parametrize("part", SENT)
def test_a_part_is_light(part):
    size = len(SENT[part].encode())
    assert size < MOST[part], (
        f"the page loads {part} at once, also over a slow network: {size:,} bytes are more than the {MOST[part]:,} "
        f"that it may have. Shorten it, or raise MOST here if what is new is worth the wait"
    )


@pytest.mark.parametrize("text", [*SENT.values(), *STANDING.values()], ids=[*SENT, *STANDING])
def test_a_part_needs_no_other_and_asks_no_host(text):
    assert not re.search(r"^import |\bimport\(['\"]|\brequire\(|https?://(?!www\.w3\.org)", text, re.MULTILINE)
    assert not [token for token in tokens(text) if token.kind == COMMENT]


def test_every_file_of_the_folder_has_its_place():
    entries = ("loader", "presence", "view", "toolbox", "boxes", "tiles", *STANDING)
    there = {module.path for entry in entries for module in reach(javascript.STATIC / f"{entry}.js")}
    assert there == set(javascript.STATIC.rglob("*.js"))


def test_the_docs_tell_of_every_tool_in_the_order_of_the_buttons():
    page = (ROOT / "docs" / "live-view.md").read_text(encoding="utf-8")
    section = page.partition("\n## The tools\n")[2].partition("\n## ")[0]
    assert tuple(re.findall(r"^### (.+)$", section, re.MULTILINE)) == TOOLS


def test_a_number_too_large_for_a_float_is_sent_in_words():
    class Node:
        def __init__(self, data, operands=()):
            self.data, self.grad, self._prev, self._op = data, 0.0, operands, "+" if operands else ""

    graph = trace(Node(10**400, (Node(2), Node(np.float64(3)))))
    assert state(graph, [0, 1, 2])["data"] == {
        "0": 2.0,
        "1": 3.0,
        "2": {"text": "1e+400", "title": "1e+400", "words": "1e+400", "sign": 1},
    }


def test_a_very_large_graph_is_sent_as_far_as_it_is_shown():
    x = y = Value(0.5, "x")
    for _ in range(1600):
        y = y * x
    made = structure(trace(y))
    assert len(made["shown"]) < 1000 and set(made["nodes"]) == set(map(str, made["shown"]))
