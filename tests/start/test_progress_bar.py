"""The bar of the set-up: it counts what is there, and says nothing where nobody looks."""

import io
import sys
import time

from cgviz.start import install as install_env
from cgviz.start.progress_bar import ProgressBar, installed

PIP = """\
Ignoring appnope: markers 'sys_platform == "darwin"' don't match your environment
Collecting anyio==4.16.0 (from -r requirements.lock (line 1))
  Using cached anyio-4.16.0-py3-none-any.whl (120 kB)
Collecting numpy==2.4 (from -r requirements.lock (line 9))
  Downloading numpy-2.4.whl (15 MB)
Installing collected packages: numpy, anyio
""".splitlines(keepends=True)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def told(bar, lines):
    for line in lines:
        bar.read(line)
    return str(bar).rsplit(", ", 1)[0]


def test_it_counts_what_is_fetched_and_then_what_is_installed(tmp_path):
    bar = ProgressBar(3, tmp_path)
    assert told(bar, []) == "[" + " " * 24 + "] 0 of 3 packages fetched"
    assert told(bar, PIP[:4]) == "[" + "#" * 12 + " " * 12 + "] 2 of 2 packages fetched"
    assert told(bar, PIP[4:]) == "[" + "#" * 12 + " " * 12 + "] 0 of 2 installed"
    bar.present = 1
    assert told(bar, []) == "[" + "#" * 18 + " " * 6 + "] 1 of 2 installed"


def test_more_than_was_asked_for_is_never_told(tmp_path):
    bar = ProgressBar(1, tmp_path)
    assert told(bar, PIP[1:] + PIP[1:4]).startswith("[" + "#" * 12 + " ")
    bar.present = 9
    assert str(bar).startswith("[" + "#" * 24 + "]")


def test_it_looks_into_the_environment_on_every_system(tmp_path):
    for place in ("lib/python3.11/site-packages", "lib/python3.11/site-packages/deep", "Lib/site-packages"):
        (tmp_path / place / f"{place.count('/')}-1.dist-info").mkdir(parents=True)
    assert installed(tmp_path) in (2, 3)  # a system that takes lib for Lib has both in one
    assert installed(tmp_path / "nowhere") == 0


def test_a_terminal_sees_it_move_and_then_has_a_clean_line(tmp_path, monkeypatch):
    monkeypatch.setattr("cgviz.start.progress_bar.PAUSE", 0.01)
    stream = Terminal()
    with ProgressBar(3, tmp_path, stream) as bar:
        told(bar, PIP[:2])
        until = time.monotonic() + 20
        while "1 of 2 packages" not in stream.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
    screen, at = [], 0
    for letter in stream.getvalue():
        if letter == "\b":
            at -= 1
        else:
            screen[at : at + 1] = [letter]
            at += 1
    assert "1 of 2 packages fetched" in stream.getvalue()
    assert ("".join(screen).strip(), at) == ("", 0)


def test_where_nobody_looks_nothing_is_written(tmp_path):
    stream = io.StringIO()
    with ProgressBar(3, tmp_path, stream) as bar:
        told(bar, PIP)
    assert stream.getvalue() == ""


def test_each_line_of_a_program_is_told_and_kept():
    seen = []
    done = install_env.run(
        [sys.executable, "-c", "print('one'); print('two'); raise SystemExit(3)"], follow=seen.append
    )
    assert (seen, done.stdout, done.returncode) == (["one\n", "two\n"], "one\ntwo\n", 3)
