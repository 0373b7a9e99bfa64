import re
from collections import Counter
from xml.etree import ElementTree

import pytest

from cgviz.pictures.svg import to_svg

NASTY = [
    "{ } | < > & \" \\ ' `", "one\ntwo", "Δλ αβγ", "🎉 naïve 中文", "a" * 10_000,
    "<script>alert(1)</script>", "]]>", "<!--",
    "\x00\x07\ufffe", "\ud800", "%s {0}", "</title></svg><img src=x onerror=alert(1)>", " ", "-", "\u202eabc",
]  # fmt: skip


def parse(text):
    return ElementTree.fromstring(text)


def all_of(tree, name):
    return list(tree.iter("{http://www.w3.org/2000/svg}" + name))


def test_the_contract_with_those_who_patch_the_picture(graphs):
    tree = parse(to_svg(graphs.seed()))
    nodes = [g for g in all_of(tree, "g") if "data-node" in g.attrib]
    assert [(g.get("data-node"), g.get("class")) for g in nodes[:1] + nodes[-1:]] == [
        ("0", "cg-node cg-leaf"),
        ("6", "cg-node cg-operation cg-root"),
    ]
    assert nodes[4].attrib.items() >= {
        "tabindex": "0", "role": "img", "aria-label": "e = a * b: value −6, gradient −2"
    }.items()  # fmt: skip
    slots = {t.get("data-slot"): (t.text, t.get("class")) for t in all_of(tree, "text") if "data-slot" in t.attrib}
    assert slots["4.data"] == ("−6", "cg-slot cg-data")
    assert slots["4.grad"] == ("−2", "cg-slot cg-grad cg-neg cg-4")
    fills = {r.get("data-fill"): r.get("class") for r in all_of(tree, "rect") if "data-fill" in r.attrib}
    assert fills["4.grad"] == "cg-fill cg-grad cg-neg cg-4"
    assert fills.keys() == slots.keys()
    titles = {t.get("data-title"): t.text for t in all_of(tree, "title")}
    assert titles["4.grad"] == "gradient of e: −2"
    edges = [p.get("data-edge") for p in all_of(tree, "path") if p.get("class") == "cg-edge"]
    assert edges == ["0-4-0", "1-4-1", "4-5-0", "2-5-1", "5-6-0", "3-6-1"]


def test_both_edges_of_a_plus_a(graphs):
    edges = [p.get("data-edge") for p in all_of(parse(to_svg(graphs.diamond(1))), "path") if p.get("data-edge")]
    assert edges == ["0-1-0", "0-1-1"]


def test_the_picture_is_named_and_described(graphs):
    tree = parse(to_svg(graphs.seed()))
    title, desc = tree[0], tree[1]
    assert title.text == "Computational graph of L"
    assert desc.text == "Computational graph of L with 7 nodes; L = -8"
    assert tree.get("aria-labelledby") == title.get("id")
    assert tree.get("aria-describedby") == desc.get("id")
    assert parse(to_svg(graphs.seed(), title="Mine & yours"))[0].text == "Mine & yours"


@pytest.mark.parametrize("label", NASTY)
def test_labels_are_text_never_markup(graphs, label):
    graph = graphs.build((label, "", 1.0, 1.0, ()), (label, label or "+", 2.0, 1.0, (0, 0)))
    tree = parse(to_svg(graph, title=label, uid=label))
    assert {el.tag.split("}")[1] for el in tree.iter()} <= {
        "svg",
        "title",
        "desc",
        "style",
        "g",
        "rect",
        "path",
        "text",
    }
    assert not any(name.startswith("on") for el in tree.iter() for name in el.attrib)


def test_a_long_label_is_cut_and_told_in_full(graphs):
    tree = parse(to_svg(graphs.build(("weight_of_the_first_connection", "", 1.0, 1.0, ()))))
    assert "weight_of_the_first…" in [t.text for t in all_of(tree, "text")]
    assert "weight_of_the_first_connection" in [t.text for t in all_of(tree, "title")]


def test_ids_are_unique_in_a_page_and_the_same_at_every_run(graphs):
    pictures = [
        to_svg(graphs.seed()),
        to_svg(graphs.diamond(3)),
        to_svg(graphs.seed(), "TB"),
        to_svg(graphs.seed(), uid="2"),
    ]
    ids = Counter(found for svg in pictures for found in re.findall(r' id="([^"]+)"', svg))
    assert len(ids) == 8
    assert set(ids.values()) == {1}
    assert to_svg(graphs.seed()) == pictures[0]


def test_it_scales_and_takes_the_colours_of_the_page(graphs):
    svg = to_svg(graphs.seed())
    tree = parse(svg)
    assert tree.get("viewBox") == f"0 0 {tree.get('width')} {tree.get('height')}"
    assert "max-width:100%" in tree.get("style")
    assert "currentColor" in svg
    # only where it stands alone has it a ground of its own
    assert re.findall(r"[^\n]*background[^\n]*", svg) == [next(s for s in svg.splitlines() if ":root" in s)]


def test_nothing_is_loaded_from_anywhere(graphs):
    svg = to_svg(graphs.seed()).replace("http://www.w3.org/2000/svg", "")
    assert "http" not in svg
    assert "url(" not in svg


def test_objects_can_be_given_names():
    engine = pytest.importorskip("micrograd.engine")
    a = engine.Value(2.0)
    b = a * a
    tree = parse(to_svg(b, names={id(a): "a", id(b): "square"}))
    assert {"a", "square"} <= {t.text for t in all_of(tree, "text")}


def test_a_large_graph_gives_a_small_picture(graphs):
    svg = to_svg(graphs.chain(20_000))
    assert len(svg) < 200_000
    assert "39,943 more are not drawn" in svg
