"""The benchmarks: who takes part agrees on what is computed, who does not is named, and the page is Markdown."""

import sys
from pathlib import Path

import numpy as np
import pytest

import cgviz
from cgviz import Value, cli
from cgviz.program import Program

FOLDER = Path(cgviz.__file__).parent.parent / "benchmarks"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the benchmarks are part of the source")
NAMES = tuple(path.stem for path in FOLDER.glob("*.py"))


@pytest.fixture
def bench(monkeypatch):
    """The modules of the folder, which are imported by their bare names, as long as a test takes."""
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    for name in NAMES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    limit = sys.getrecursionlimit()  # which peers that walk by recursion need raised
    import run

    yield run
    sys.setrecursionlimit(limit)
    for name in NAMES:
        sys.modules.pop(name, None)


def test_all_contestants_compute_the_same(bench):
    peers, replay = sys.modules["peers"], sys.modules["replay"]
    numbers = tuple(replay.INPUTS.values())
    found = peers.scalars(replay.small, numbers)
    peers.agree({"cgviz": lambda: peers.eager(replay.small, numbers, Value, "data", "grad")} | found)
    assert {"micrograd", "mlfz"} <= set(found)
    x, y = replay.X[::50, ::50], replay.Y[::50, ::50]
    batch = Program(replay.rosenbrock, x=0.5, y=0.5)(x=x, y=y)
    peers.agree(
        {"cgviz": lambda: (batch.value, (batch.grad["x"], batch.grad["y"]))} | peers.batches(replay.rosenbrock, (x, y))
    )


def test_the_gpt_of_the_plain_script_and_that_by_hand_are_one(bench):
    from gpt import used_parameters
    from gpt_model import GPT, Plain, by_hand

    for name in ("a", "anna"):
        models = GPT(Plain, width=4, heads=2, block=4), GPT(Value, width=4, heads=2, block=4)
        losses = [model.loss(name) for model in models]
        for loss in losses:
            loss.backward()
        numbers = np.array([x.data for x in models[0].parameters()])
        loss, grads = by_hand(models[0], name)(numbers)
        program = Program(losses[1])
        run, (used, places) = program.run(), used_parameters(program, models[1])
        assert [x.data for x in losses] == pytest.approx([loss, loss]) and run.value == pytest.approx(loss)
        for model in models:
            assert [x.grad for x in model.parameters()] == pytest.approx(grads, abs=1e-12)
        assert run.leaf_grads[places] == pytest.approx(grads[used], abs=1e-12)
        assert not np.delete(grads, used).any()


def test_contestants_that_differ_are_not_timed(bench):
    with pytest.raises(AssertionError, match="other gives"):
        sys.modules["peers"].agree({"one": lambda: (1.0, [2.0]), "other": lambda: (1.0, [2.5])})


def test_who_is_not_installed_is_named_and_no_failure(bench, monkeypatch):
    peers = sys.modules["peers"]
    monkeypatch.setitem(peers.PEERS, "HIPS autograd", ("no_such_module", "none"))
    monkeypatch.setitem(peers.PEERS, "JAX", ("no_such_module", "none"))
    peers.peer.cache_clear()
    assert {"HIPS autograd", "JAX"} <= set(peers.missing()) and "JAX" not in peers.installed()
    assert "HIPS autograd" not in peers.scalars(lambda a: a * a, (2.0,))
    said = bench.present().splitlines()[-1]
    assert said.startswith("Not installed, and so not in the tables: ") and "HIPS autograd, " in said


def test_times_are_medians_of_turns_with_and_without_the_collector(bench):
    import gc

    timing, seen = sys.modules["timing"], {True: 0, False: 0}

    def step():
        seen[gc.isenabled()] += 1
        sum(range(20_000))

    found = timing.side_by_side({"one": step, "same": step}, rounds=3, collecting=False)
    assert gc.isenabled() and seen[False] >= 12 and min(found["one"].median, found["same"].median) > 0


@pytest.mark.parametrize("name", ["row", "timing"])
def test_examples_in_docstrings(bench, name):
    import doctest

    failed, tried = doctest.testmod(sys.modules[name])
    assert tried and not failed


def test_the_page_says_what_was_aimed_at_and_whether_it_was_reached(bench):
    row, Timing = sys.modules["row"], sys.modules["timing"].Timing
    rows = [
        row.faster("a step", "him", Timing(1e-6, 0.02), Timing(20e-6, 0.1), 25),
        row.faster("a step", "her", Timing(2e-6, 0.02), Timing(1e-6, 0.1)),
        row.at_most("an import", 0.002, 0.01),
    ]
    assert bench.table(rows).splitlines() == [
        "| figure | against | measured | aim | reached |",
        "| --- | --- | --- | --- | --- |",
        "| a step | him | 20 × as fast: 1 µs (± 2%) against 20 µs (± 10%) | ≥ 25 × | **no** |",
        "| a step | her | 0.5 × as fast: 2 µs (± 2%) against 1 µs (± 10%) |  |  |",
        "| an import |  | 2 ms | ≤ 10 ms | yes |",
    ]
    assert bench.line(rows[0]).endswith("(aim: ≥ 25 ×, NOT reached)")
    assert bench.line(rows[1]).endswith("1 µs (± 10%)")


@pytest.mark.parametrize("write", [False, True])
def test_the_page_is_written_only_when_that_is_asked_for(bench, monkeypatch, tmp_path, capsys, write):
    page = tmp_path / "benchmarks" / "README.md"
    page.parent.mkdir()
    row = sys.modules["row"].at_most("an import", 0.002, 0.01)

    class Section:
        @staticmethod
        def rows():
            yield row

    monkeypatch.setattr(bench, "PAGE", page)
    monkeypatch.setattr(bench, "SECTIONS", {"Weight": Section})
    assert bench.main(["--write"] if write else []) == 0
    assert "an import: 2 ms  (aim: ≤ 10 ms, reached)" in capsys.readouterr().out
    assert page.exists() == write
    if write:
        assert page.read_text(encoding="utf-8") == bench.page({"Weight": [row]})


@pytest.mark.parametrize("options", [[], ["--write"]])
def test_the_command_hands_over(monkeypatch, options):
    ran = []

    def run(command):
        ran.append(command)
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr(cli.subprocess, "run", run)
    assert cli.main(["bench", *options]) == 0
    assert ran == [[sys.executable, str(FOLDER / "run.py"), *options]]


def test_a_delayed_line_brings_every_byte_later_and_in_order(bench):
    import socket
    import threading
    import time

    sent = bytes(range(256)) * 1000
    with socket.create_server(("127.0.0.1", 0)) as server:

        def echo():
            with server.accept()[0] as peer:
                while received := peer.recv(65536):
                    peer.sendall(received)

        thread = threading.Thread(target=echo)
        thread.start()
        delayed = sys.modules["delay"].delayed(server.getsockname()[1], 0.05)
        with delayed as port, socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            start = time.monotonic()
            threading.Thread(target=line.sendall, args=[sent]).start()
            back = line.recv(1)
            taken = time.monotonic() - start
            while len(back) < len(sent):
                back += line.recv(65536)
        thread.join(10)
    assert back == sent and taken >= 0.1


def test_without_a_browser_the_live_view_is_not_measured_and_that_is_said(bench, monkeypatch):
    view = sys.modules["page"]
    monkeypatch.setattr(view.harness, "chromium", lambda: None)
    module, said = view.rows()
    assert module.reached and said.measured.startswith("not measured: ") and said.reached is None
