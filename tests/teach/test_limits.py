"""Whatever a learner's code does, a check comes to an end, says what happened, and leaves the notebook as it was."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cgviz.teach import check
from cgviz.teach.exercise_kinds.exercise import Judged
from cgviz.teach.sandbox import child_process, limits

pytestmark = pytest.mark.skipif(not child_process.can_copy(), reason="there are no copies of a process here")


def wait(x, y):
    time.sleep(1000)


def compute_in_c(x, y):
    return sum(range(10**12))


def crash(x, y):
    os.kill(os.getpid(), signal.SIGSEGV)


def leave(x, y):
    os._exit(3)


def take_all(x, y):
    return [0] * 10**11


def ask(x, y):
    return input("x?")


@pytest.mark.parametrize(
    "function, part",
    [
        (wait, "and does nothing: what does it wait for?"),
        (compute_in_c, "your code still runs after 0.5 seconds"),
        (crash, "your code has ended Python itself (SIGSEGV): in a notebook"),
        (leave, "your code has ended Python itself: in a notebook"),
        (take_all, "raised MemoryError"),
        (ask, "here is nobody to answer"),
    ],
)
def test_it_comes_to_an_end(function, part, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.5)
    monkeypatch.setattr(child_process, "GRACE", 0.5)
    said = check("power", function)
    assert said.how == "wrong" and part in said.text


def test_what_the_code_changes_is_gone():
    kept = []
    assert Judged(name="keeps", by=lambda thing: kept.append(1) or "").check(print).ok
    assert kept == []
    assert Judged(name="long", by=lambda thing: "ä" * 200_000).check(print).text == "long: " + "ä" * 200_000


def test_where_no_copy_can_be_made_the_code_runs_here(monkeypatch):
    kept = []
    monkeypatch.setattr(os, "fork", lambda: (_ for _ in ()).throw(OSError(11, "too many")))
    assert Judged(name="keeps", by=lambda thing: kept.append(1) or "").check(print).ok
    assert kept == [1]


def test_plain_data_needs_no_copy(monkeypatch):
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a copy was made"))
    assert check("one node or two", {"b": 5, "c": 2}).ok and check("products", None).how == "open"


STOPPED = """
import os, signal, threading, time
from cgviz.teach import check
signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background of a shell would hear none
threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    check("power", lambda x, y: sum(range(10**12)))
except KeyboardInterrupt:
    try:
        print(os.waitpid(-1, os.WNOHANG))
    except ChildProcessError:
        print("stopped")
"""


def test_the_stop_button_stops_it():
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", STOPPED], capture_output=True, text=True, timeout=60, cwd=root, check=False
    )
    assert done.stdout == "stopped\n", done.stderr
