import html
import os
import re
import stat
import subprocess
from types import SimpleNamespace

import pytest

from cgviz.pictures import dot_command, draw_dot
from cgviz.pictures.dot_source import source


@pytest.fixture
def no_dot(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def fake_dot(monkeypatch, tmp_path):
    """A program called dot that runs what it is given as a shell script."""
    if os.name != "posix":
        pytest.skip("needs a shell")

    def put(script):
        program = tmp_path / "dot"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return put


def test_the_source_of_the_seed(graphs):
    assert source(graphs.seed()) == "\n".join([
        "digraph {",
        "  graph [rankdir=LR]",
        '  node [fontname="Helvetica,Arial,sans-serif" fontsize=12]',
        "  edge [arrowsize=0.7]",
        '  v0 [label="{a | 2 | grad 6}" shape=record style=rounded]',
        '  v1 [label="{b | −3 | grad −4}" shape=record style=rounded]',
        '  v2 [label="{c | 10 | grad −2}" shape=record style=rounded]',
        '  v3 [label="{d | −2 | grad 4}" shape=record style=rounded]',
        '  v4 [label="{e | −6 | grad −2}" shape=record]',
        '  op4 [label="*" shape=ellipse margin="0.02,0" width=0.4 height=0.4]',
        "  op4 -> v4 [arrowhead=none]",
        '  v5 [label="{f | 4 | grad −2}" shape=record]',
        '  op5 [label="+" shape=ellipse margin="0.02,0" width=0.4 height=0.4]',
        "  op5 -> v5 [arrowhead=none]",
        '  v6 [label="{L | −8 | grad 1}" shape=record]',
        '  op6 [label="*" shape=ellipse margin="0.02,0" width=0.4 height=0.4]',
        "  op6 -> v6 [arrowhead=none]",
        "  v0 -> op4",
        "  v1 -> op4",
        "  v4 -> op5",
        "  v2 -> op5",
        "  v5 -> op6",
        "  v3 -> op6",
        "}",
    ])  # fmt: skip


def test_the_digraph_has_the_same_source(graphs):
    import graphviz

    found = draw_dot(graphs.seed())
    assert isinstance(found, graphviz.Digraph)
    assert found.source.split() == source(graphs.seed()).split()


def test_before_the_backward_pass_and_without_gradients(graphs):
    assert 'label="{a | 2 | grad not yet}"' in source(graphs.seed((None,) * 7))
    graph = graphs.seed()
    bare = graph._replace(nodes=tuple(n._replace(has_grad=False, grad=None) for n in graph.nodes))
    assert 'label="{a | 2}"' in source(bare)


def test_both_edges_and_the_order_of_operands(graphs):
    assert source(graphs.diamond(1)).count("v0 -> op1") == 2
    minus = graphs.build(("a", "", 1.0, None, ()), ("", "const", 2.0, None, ()), ("", "-", -1.0, None, (0, 1)))
    assert 'op2 [label="-" shape=ellipse margin="0.02,0" width=0.4 height=0.4 ordering=in]' in source(minus)
    assert 'v1 [label="2" shape=plaintext' in source(minus)


def test_unknown_options_are_refused(graphs):
    with pytest.raises(ValueError, match=r"unknown rankdir: 'XX' \(must be one of 'LR', 'TB', 'RL', 'BT'\)"):
        draw_dot(graphs.seed(), rankdir="XX")
    with pytest.raises(ValueError, match=r"unknown format: 'xx' \(must be one of"):
        draw_dot(graphs.seed(), format="xx")
    with pytest.raises(TypeError, match="expected a node"):
        draw_dot("L")


NASTY = [
    "{ } | < > & \" \\ ' `",
    "<b>x</b>",
    "\\n \\N \\l",
    "&amp; &lt;",
    "αβγ 🎉",
    "one\ntwo",
    "<script>alert(1)</script>",
    "\\",
]


@pytest.mark.usefixtures("dot")
def test_labels_are_printed_letter_for_letter(graphs):
    rows = [(label, "", 1.0, 1.0, ()) for label in NASTY]
    text = draw_dot(graphs.build(*rows, ("y", "+", 1.0, 1.0, range(len(NASTY))))).pipe("svg", encoding="utf-8")
    printed = [html.unescape(t).replace("\xa0", " ") for t in re.findall(r"<text[^>]*>(.*?)</text>", text)]
    for label in NASTY:
        assert label.replace("\n", " ") in printed


@pytest.mark.usefixtures("dot")
def test_dot_draws_a_long_chain_in_time(graphs):
    assert dot_command.run_dot(source(graphs.chain(100)), "svg")


@pytest.mark.usefixtures("dot")
def test_showing_uses_dot(graphs):
    bundle = draw_dot(graphs.seed())._repr_mimebundle_()
    assert bundle["text/html"].startswith('<div class="cg-picture mathjax_ignore"><img alt="Computational graph of L')
    assert bundle["text/plain"].startswith("node  operation")


@pytest.mark.usefixtures("no_dot")
def test_without_dot_the_built_in_layout_draws(graphs, tmp_path):
    found = draw_dot(graphs.seed())
    assert "<script>" in found._repr_mimebundle_()["text/html"]
    assert found.pipe().startswith(b"<svg")
    assert found.pipe("png").startswith(b"\x89PNG")
    assert found.pipe("pdf").startswith(b"%PDF")
    path = found.render(str(tmp_path / "L"))
    assert path == str(tmp_path / "L.svg")
    assert (tmp_path / "L").read_text() == found.source
    assert found.render(outfile=tmp_path / "x" / "L.png", cleanup=True).endswith("L.png")
    with pytest.raises(ValueError, match="format 'gif' needs the program dot"):
        found.pipe("gif")


@pytest.mark.parametrize("script", ["echo broken >&2; exit 1", "exit 0", "kill -9 $$"])
def test_a_broken_dot_shows_no_traceback(graphs, fake_dot, script):
    fake_dot(script)
    bundle = draw_dot(graphs.seed())._repr_mimebundle_()
    assert "<script>" in bundle["text/html"]


def test_a_slow_dot_is_stopped(graphs, fake_dot, monkeypatch):
    ends = []

    def run(*arguments, **options):
        try:
            return subprocess.run(*arguments, **options)
        except subprocess.TimeoutExpired as end:
            ends.append(end.timeout)
            raise

    fake_dot("exec sleep 600")
    monkeypatch.setattr(dot_command, "TIME_LIMIT", 0.3)
    monkeypatch.setattr(dot_command, "subprocess", SimpleNamespace(run=run, SubprocessError=subprocess.SubprocessError))
    assert draw_dot(graphs.seed()).pipe().startswith(b"<svg")
    assert ends == [0.3]


def test_a_dot_that_cannot_be_run(graphs, fake_dot, tmp_path):
    fake_dot("")
    (tmp_path / "dot").write_bytes(b"\x00\x01 no program")
    assert draw_dot(graphs.seed()).pipe().startswith(b"<svg")


def test_other_formats_show_themselves(graphs, fake_dot):
    fake_dot("exit 1")
    assert draw_dot(graphs.seed(), format="png")._repr_mimebundle_()[0]["image/png"].startswith(b"\x89PNG")


@pytest.mark.usefixtures("no_dot")
def test_a_copy_shows_itself_and_is_apart(graphs):
    found = draw_dot(graphs.seed(), format="png", rankdir="TB")
    again = found.copy()
    assert again.source == found.source
    assert again._repr_mimebundle_() == found._repr_mimebundle_()
    assert again.pipe("svg") == found.pipe("svg")
    again.node("mine")
    assert "mine" not in found.source
