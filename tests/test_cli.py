import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import cgviz
from cgviz import __version__
from cgviz.cli import main

SEED = ("draw", "(a*b + c)*d", "a=2", "b=-3", "c=10", "d=-2")
TABLE = """\
node  operation  value  gradient
a                    2         6
b                   -3        -4
c                   10        -2
d                   -2         4
v4    a * b         -6        -2
v5    v4 + c         4        -2
L     v5 * d        -8         1
"""


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run the command in an empty folder; return its exit code, what it printed, and what it complained of."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        try:
            code = main(arguments)
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return run


def test_draw_prints_the_table_with_the_gradients(run):
    assert run(*SEED) == (0, TABLE, "")


def test_draw_explains_by_the_chain_rule(run):
    code, out, err = run("draw", "e = a*b; L = tanh(e)", "a=0", "b=-3", "--explain")
    assert (code, err) == (0, "")
    assert out == (
        "node  operation  value  gradient\n"
        "a                    0        -3\n"
        "b                   -3         0\n"
        "e     a * b          0         1\n"
        "L     tanh(e)        0         1\n"
        "\n"
        "∂L/∂L = 1\n"
        "∂L/∂e = ∂L/∂L · ∂L/∂e = 1 · (1 - L²) = 1 · 1 = 1\n"
        "∂L/∂b = ∂L/∂e · ∂e/∂b = 1 · a = 1 · 0 = 0\n"
        "∂L/∂a = ∂L/∂e · ∂e/∂a = 1 · b = 1 · -3 = -3\n"
    )


@pytest.mark.parametrize(
    ("suffix", "start", "holds"),
    [
        ("svg", b"<svg ", b"</svg>"),
        ("png", b"\x89PNG\r\n", b"IEND"),
        ("pdf", b"%PDF-", b"%%EOF"),
        ("html", b"<!DOCTYPE html>", b"</svg>"),
        ("txt", b"node  operation", b"L     v5 * d        -8         1"),
        ("dot", b"digraph {", b"op6 -> v6"),
        ("SVG", b"<svg ", b"</svg>"),
    ],
)
def test_every_suffix_writes_its_kind_of_file(run, suffix, start, holds):
    code, out, err = run(*SEED, "-o", f"L.{suffix}")
    assert (code, out, err) == (0, f"{TABLE}written: L.{suffix}\n", "")
    content = Path(f"L.{suffix}").read_bytes()
    assert content.startswith(start) and holds in content


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("L.jpg", "cannot save a picture as 'L.jpg' (the suffix must be one of "),
        ("L", "cannot save a picture as 'L' (the suffix must be one of "),
        ("", "cannot save a picture as '' (the suffix must be one of "),
    ],
)
def test_an_unknown_suffix_is_refused_with_those_that_are_known(run, name, sentence):
    code, _, err = run(*SEED, "-o", name)
    assert (code, err) == (2, f"cgviz: {sentence}'svg', 'png', 'pdf', 'html', 'txt', 'dot')\n")
    assert list(Path().iterdir()) == []


def test_a_file_that_cannot_be_written_is_named(run):
    path = os.path.join("nowhere", "L.svg")
    code, _, err = run(*SEED, "-o", path)
    assert (code, err) == (2, f"cgviz: cannot write the picture: No such file or directory: {path}\n")
    Path("L.svg").mkdir()
    code, _, err = run(*SEED, "-o", "L.svg")
    assert code == 2 and err.startswith("cgviz: cannot write the picture: ") and err.count("\n") == 1


@pytest.mark.parametrize("rankdir", ["LR", "TB", "RL", "BT"])
def test_rankdir_turns_the_picture(run, rankdir):
    assert run(*SEED, "--rankdir", rankdir, "-o", "L.dot")[0] == 0
    assert f"rankdir={rankdir}" in Path("L.dot").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (("-a*b", "a=2", "b=-3"), "L v2 * b 6 1"),
        (("-2*a", "a=2"), "L -2 * a -4 1"),
        (("--", "-a", "a=-1e-3"), "L -a 0.001 1"),
        (("self*2", "self=3"), "L self * 2 6 1"),
        (("a*2", " a = 3 "), "L a * 2 6 1"),
        (("α*2", "α=3"), "L α * 2 6 1"),
        (("a*2", "a=nan"), "L a * 2 NaN 1"),
        (("a", "a=1"), "a 1 1"),
    ],
)
def test_unusual_but_good_input_is_drawn(run, arguments, last):
    code, out, err = run("draw", *arguments)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].split() == last.split()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("a*b", "a=2"), "missing a number for 'b', as in b=2"),
        (("a*b",), "missing a number for 'a', 'b', as in a=2"),
        (("a*2", "a=2", "z=3"), "there is no leaf 'z'; the leaves are 'a'"),
        (("a*2", "a=2", "a=3"), "'a' is given twice"),
        (("a*2", "a"), "expected name=number, such as a=2, got 'a'"),
        (("a*2", "=3"), "expected name=number, such as a=2, got '=3'"),
        (("a*2", "a=x"), "a: expected a number, got 'x'"),
        (("a*2", "a="), "a: expected a number, got ''"),
        (("a*2", "a==2"), "a: expected a number, got '=2'"),
        (("a=2",), "the expression has no names, so there is nothing to vary; an example is 'a*2 + 1'"),
        (("", "a=2"), "the expression is empty; an example is '(a*b + c)*d'"),
        (("a.b", "a=2"), "found attribute access at character 1"),
        (("f(a)", "a=2"), "a product is written a*b)"),
        (("a*a", "a=1e200"), "a · a is too large for a number when node 'a' is 1e+200"),
        (("log(a)", "a=-1"), "log(a) is defined for a > 0, but node 'a' is -1"),
        (("1/a", "a=0"), "1 / a is defined for divisors other than 0, but node 'a' is 0"),
        (("exp(a)", "a=1000"), "exp(a) is too large for a number when node 'a' is 1000"),
        (("sqrt(a)", "a=0"), "the derivative of sqrt(a) is not defined where node 'a' is 0"),
        (("a*2", "a=2", "--rankdir", "XX"), "unknown rankdir: 'XX' (must be one of 'LR', 'TB', 'RL', 'BT')"),
    ],
)
def test_bad_input_is_one_sentence_on_the_error_stream_and_exit_code_2(run, arguments, sentence):
    code, out, err = run("draw", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("cgviz: ") and err.endswith(sentence + "\n") and err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("paint",), "invalid choice: 'paint'"),
        (("draw",), "the following arguments are required: expression"),
        ((*SEED, "--colour"), "unrecognized arguments: --colour"),
    ],
)
def test_unknown_commands_and_options_are_refused_with_the_usage(run, arguments, complaint):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: cgviz") and complaint in err


def test_the_version_is_printed(run):
    assert run("--version") == (0, f"cgviz {__version__}\n", "")


@pytest.mark.parametrize("arguments", [(), ("-h",), ("--help",)])
def test_without_a_command_the_help_is_printed(run, arguments):
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    for command in ("draw", "lessons", "test", "bench", 'cgviz draw "(a*b + c)*d" a=2 b=-3 c=10 d=-2'):
        assert command in out


def test_the_examples_of_the_help_run(run):
    _, out, _ = run("draw", "--help")
    examples = [line.strip() for line in out.splitlines() if line.startswith("  cgviz draw")]
    assert len(examples) == 2
    for example in examples:
        assert run(*shlex.split(example)[1:])[0] == 0


def test_a_terminal_that_cannot_write_every_character_gets_question_marks():
    command = [sys.executable, "-c", "import sys; from cgviz.cli import main; sys.exit(main())", *SEED, "--explain"]
    env = {**os.environ, "PYTHONPATH": str(Path(cgviz.__file__).parent.parent), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, encoding="ascii", timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "?L/?L = 1" in done.stdout


def test_a_table_that_nobody_reads_to_its_end_is_no_error():
    command = [sys.executable, "-c", "import sys; from cgviz.cli import main; sys.exit(main())", "draw", "a*b", "a=1"]
    env = os.environ | {"PYTHONPATH": str(Path(cgviz.__file__).parent.parent)}
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*command, "b=2"], env=env, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(writer)
    assert (done.stderr, done.returncode) == ("", 141)
