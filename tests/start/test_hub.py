"""A learner's server on a JupyterHub: the lessons are there, what she wrote stays, and memory has a bound."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cgviz.start import hub
from cgviz.start.install import SetupError


class Began(Exception):
    """The process would be the server now."""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home, and a JupyterHub beside the Python that runs."""
    home, env = tmp_path / "home", tmp_path / "env"
    home.mkdir()
    env.mkdir()
    (env / hub.SERVER).touch()

    def begin(path, command):
        raise Began(path, command)

    monkeypatch.setattr(os, "execv", begin)
    monkeypatch.setattr(sys, "executable", str(env / "python"))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(tmp_path)
    for name in ("JUPYTERHUB_DEFAULT_URL", "JUPYTER_CONFIG_PATH", "JUPYTER_PREFER_ENV_PATH", hub.MEMORY):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return home


def test_the_lessons_are_there_and_the_server_opens_the_first(home):
    with pytest.raises(Began) as began:
        hub.main(["--allow-root"])
    _, command = began.value.args
    assert Path(command[0]).name == hub.SERVER and command[-1] == "--allow-root"
    lesson = home / hub.FOLDER / Path(os.environ["JUPYTERHUB_DEFAULT_URL"]).name
    assert lesson.is_file() and lesson.name.startswith("01-")
    assert os.getcwd() == str(home)


def test_a_second_start_loses_nothing_and_the_hubs_own_page_wins(home, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_DEFAULT_URL", "/lab/tree/mine.ipynb")
    for _ in range(2):
        with pytest.raises(Began):
            hub.main([])
        (home / hub.FOLDER / "mine.ipynb").write_text("{}", encoding="utf-8")
    assert (home / hub.FOLDER / "mine.ipynb").read_text(encoding="utf-8") == "{}"
    assert os.environ["JUPYTERHUB_DEFAULT_URL"] == "/lab/tree/mine.ipynb"


def test_a_home_without_room_still_gets_a_server(home, capsys):
    (home / hub.FOLDER).write_text("in the way", encoding="utf-8")
    with pytest.raises(Began):
        hub.main([])
    assert hub.FOLDER in capsys.readouterr().err
    assert (home / hub.FOLDER).read_text(encoding="utf-8") == "in the way"


def test_where_there_is_no_jupyterhub_it_says_so(home, capsys):
    Path(sys.executable).with_name(hub.SERVER).unlink()
    assert hub.main([]) == 1
    assert "install the package jupyterhub there" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["lots", "0", "-5", "1e3", "٣"])
def test_a_bound_that_is_none_is_refused(text):
    with pytest.raises(SetupError, match=f"{hub.MEMORY} is '{text}': it says how many MB"):
        hub.bound(text)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not keep such a bound")
def test_who_takes_too_much_memory_is_told_and_goes_on():
    code = (
        "from cgviz.start.hub import bound\nbound('400')\n"
        "try: bytearray(600_000_000)\nexcept MemoryError: print('told')\nprint(len(bytearray(1_000_000)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["told", "1000000"]
