"""What is read of Graphviz's language is what Graphviz reads: the program itself is asked where it is installed."""

import re
import subprocess
from html import unescape

import graphviz
import pytest

from cgviz.pictures.dot_parser import fields, lines, read

RECORDS = [
    "{ a | 2 }", "a | 2", "{a|b | 2}", r"{a\|b | 2}", "{x<y>z | 2}", "{<y>z | 2}", "{a{b | 2}", "{a}b | 2}",
    r"{a\b | 2}", r"{a\\b | 2}", "{a &lt; b &amp; &#124; | 2}", "{ θ | -3 }", "x|{y|z}|w", "a {b|c} d", "{ | 2}",
    "{ x y   z | 2 }", r"{ \{x\} | \<y\> }", r"{ a\nb | \N }", "", "{say 'hi' | &quot;}",
]  # fmt: skip


def drawn(source):
    """The texts that Graphviz itself draws, line by line."""
    done = subprocess.run(["dot", "-Tsvg"], input=source.encode(), capture_output=True, timeout=30, check=False)
    texts = re.findall(r"<text[^>]*>(.*?)</text>", done.stdout.decode())
    return [unescape(text).replace("\xa0", " ").strip() for text in texts], done.stderr.decode()


def flat(cells):
    return [text for cell in cells for text in (flat(cell) if isinstance(cell, list) else cell.split("\n"))]


@pytest.mark.usefixtures("dot")
@pytest.mark.parametrize("label", RECORDS)
def test_the_cells_of_a_record_are_those_that_graphviz_draws(label):
    dot = graphviz.Digraph(graph_attr={"rankdir": "LR"})
    dot.node("v0", label=label, shape="record")
    texts, said = drawn(dot.source)
    found = fields(read(dot.source).nodes["v0"]["label"], "v0")
    assert (found is None) == ("bad label format" in said)
    if found is not None:
        assert [text for text in flat(found) if text] == [text for text in texts if text]


@pytest.mark.usefixtures("dot")
@pytest.mark.parametrize(
    "label", ["a", r"a\nb", r"C:\\temp", "x &lt; y", r"\N", 'say "hi"', "a\\lb\\l", "<<b>bold</b>>"]
)
def test_the_lines_of_a_label_are_those_that_graphviz_draws(label):
    dot = graphviz.Digraph()
    dot.node("v0", label=label, shape="box")
    assert lines(read(dot.source).nodes["v0"]["label"], "v0") == drawn(dot.source)[0]


def test_what_a_digraph_was_told_is_read_back():
    dot = graphviz.Digraph("L = a * b", graph_attr={"rankdir": "LR"}, node_attr={"shape": "box"})
    dot.node("a|b", label='"a" \\ b', tooltip="50 %")
    dot.node("graph")
    dot.node("-1.5", shape="circle")
    dot.edge("a|b", "x y", arrowhead="none")
    dot.edge("x y", "graph:port:n", label="=>")
    dot.edges(["pq", "qr"])
    found = read(dot.source)
    assert found.attributes == {"rankdir": "LR"}
    assert list(found.nodes) == ["a|b", "graph", "-1.5", "x y", "p", "q", "r"]
    assert found.nodes["a|b"] == {"shape": "box", "label": '"a" \\ b', "tooltip": "50 %"}
    assert found.nodes["-1.5"] == {"shape": "circle"}
    assert found.edges == [
        ("a|b", "x y", {"arrowhead": "none"}), ("x y", "graph", {"label": "=>"}), ("p", "q", {}), ("q", "r", {}),
    ]  # fmt: skip


def test_blocks_defaults_and_remarks_are_read_as_the_grammar_has_it():
    found = read(
        """strict digraph "a graph" {
        // a remark; one more: # and /* … */
        node [shape=record, style="rounded"] edge [dir=none];
        a -> {b c} -> d [weight=2]
        subgraph cluster_0 { label = "inner"; e; f -> e }
# the last
        rankdir = TB }"""
    )
    assert [(tail, head) for tail, head, _ in found.edges] == [
        ("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("f", "e"),
    ]  # fmt: skip
    assert found.edges[0][2] == {"dir": "none", "weight": "2"}
    assert found.nodes["e"] == {"shape": "record", "style": "rounded"}
    assert found.attributes["rankdir"] == "TB"


@pytest.mark.parametrize(
    "source", ["", "digraph", "digraph { a -> }", "digraph { a [label= }", "digraph { a", "digraph { @ }"]
)
def test_what_is_no_description_is_said_to_be_none(source):
    with pytest.raises(ValueError, match="graph's description"):
        read(source)
