"""The set-up: what it does, in which order, and the sentence for each thing that can be in its way."""

import ast
import json
import os
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

import cgviz.__main__ as entry
import cgviz.start.environment as setup_env
import cgviz.start.install as install_env
import cgviz.start.lessons as start_lessons
import cgviz.start.tests as run_tests
from cgviz.start.install import NetworkError, SetupError

ROOT = Path(__file__).resolve().parents[2]
PYTHON = getattr(sys, "_base_executable", None) or sys.executable
NEIGHBOURS = Path(sys.base_prefix).parent  # where pyenv keeps other Pythons


def start(project, *arguments, python=PYTHON, code=None, **settings):
    """Run ``python -m cgviz`` there as a person would who has nothing but Python."""
    own = ("CGVIZ", "PIP", "PYTHON", "VIRTUAL_ENV", "CONDA")
    env = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    command = [python, *(["-c", code] if code else ["-m", "cgviz"]), *arguments]
    return subprocess.run(
        command, cwd=project, env={**env, **settings}, capture_output=True, text=True, timeout=120, check=False
    )


def sentence(done, code=1):
    """Return the message of a run that stopped as it should: one line, no traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("cgviz: ")
    return last


# --- Python too old ---


@pytest.mark.parametrize("name", ["__main__.py", "__init__.py"])
def test_what_an_old_python_reads_is_written_for_it(name):
    ast.parse((ROOT / "cgviz" / name).read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10"])
def test_an_old_python_hears_what_is_needed(version):
    found = sorted(NEIGHBOURS.glob(f"{version}.*/bin/python")) or [shutil.which(f"python{version}")]
    if found[0] is None:
        pytest.skip(f"there is no Python {version} on this machine")
    done = start(ROOT, "lessons", python=str(found[0]), PYTHONDONTWRITEBYTECODE="1")
    assert f"this is Python {version}, and cgviz needs 3.11 or newer" in sentence(done, 2)
    assert len(done.stderr.splitlines()) == 1


def test_the_version_is_looked_at_first(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    assert entry.main(["lessons"]) == 2
    assert "3.11" in capsys.readouterr().err


# --- in the way of the set-up ---


def test_no_ensurepip(project):
    code = "import sys; sys.modules['ensurepip'] = None; from cgviz.__main__ import main; sys.exit(main(['lessons']))"
    said = sentence(start(project, code=code))
    assert "`ensurepip`" in said
    assert "sudo apt install python3-venv" in said


def test_no_network_and_the_next_start_begins_anew(project):
    settings = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.devnull}
    done = start(project, "lessons", **settings)
    assert "index could not be reached: check the network" in sentence(done)
    assert "1/3 a Python environment in .venv" in done.stderr
    assert json.loads((project / ".venv" / setup_env.MARKER).read_text()) == {"level": None}
    assert not setup_env.is_ready(project / ".venv", project, "lessons")


def test_a_place_that_cannot_be_written_to(project):
    env = project / "LICENSE" / "env"  # below a file: not even root can make it
    said = sentence(start(project, "lessons", CGVIZ_ENV=str(env)))
    assert f"cannot write to {env}" in said
    assert "CGVIZ_ENV" in said


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_checkout(project):
    project.chmod(0o555)
    try:
        said = sentence(start(project, "lessons"))
    finally:
        project.chmod(0o755)
    assert "cannot write to" in said
    assert "copy this folder" in said


def test_a_folder_that_is_not_ours_is_left_alone(project):
    (project / ".venv").mkdir()
    (project / ".venv" / "precious").touch()
    assert "cgviz did not make it" in sentence(start(project, "test"))
    assert (project / ".venv" / "precious").exists()


def test_pip_fails_for_another_reason(project, tmp_path, monkeypatch):
    output = "Collecting numpy\nERROR: Could not install packages due to an OSError: No space left on device\n"
    monkeypatch.setattr(install_env, "run", lambda *a, **k: subprocess.CompletedProcess(a, 1, output))
    with pytest.raises(SetupError, match="No space left on device") as caught:
        install_env.pip(tmp_path, project, "-r", "requirements.lock")
    assert not isinstance(caught.value, NetworkError)
    assert (tmp_path / install_env.PIP_LOG).read_text() == output


@pytest.mark.parametrize("retries", ["0", "1"])
def test_no_network_is_told_however_little_pip_says(project, tmp_path, monkeypatch, retries):
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", retries)
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(install_env, "python_of", lambda env: Path(sys.executable))
    with pytest.raises(NetworkError, match="could not be reached: check the network"):
        install_env.pip(tmp_path, project, "--dry-run", "a-package-that-there-is-not==1.0")


def test_a_persons_own_settings_do_not_send_packages_elsewhere(monkeypatch):
    for name in (*install_env.STRAY_PIP_SETTINGS, *install_env.STRAY_PYTHON_SETTINGS, "PIP_USER"):
        monkeypatch.setenv(name, "/to/the/moon")
    shown = install_env.run([PYTHON, "-c", "import os; print(os.environ)"]).stdout
    assert "/to/the/moon" not in shown
    assert "'PIP_USER': '0'" in shown


# --- dispatch ---


@pytest.fixture
def asked(monkeypatch):
    """What the commands were asked to do, in order."""
    calls = []

    def note(name, code):
        return lambda argv: calls.append((name, argv)) or code

    monkeypatch.setattr(setup_env, "ensure", lambda level, argv: calls.append(("ensure", level)))
    monkeypatch.setattr(start_lessons, "main", note("lessons", 0))
    monkeypatch.setattr(run_tests, "main", note("test", 1))
    monkeypatch.setitem(sys.modules, "cgviz.cli", types.SimpleNamespace(main=note("cli", None)))
    return calls


@pytest.mark.parametrize(
    ("argv", "calls", "code"),
    [
        (["lessons", "--port", "9000"], [("ensure", "lessons"), ("lessons", ["--port", "9000"])], 0),
        (["test", "-k", "x"], [("ensure", "test"), ("test", ["-k", "x"])], 1),
        (["draw", "a*b"], [("ensure", "lessons"), ("cli", ["draw", "a*b"])], 0),
        (["test", "--set-up-only"], [("ensure", "test")], 0),
        (["lessons", "--help"], [("lessons", ["--help"])], 0),  # nothing is installed for these
        (["draw", "-h"], [("cli", ["draw", "-h"])], 0),
        (["--version"], [("cli", ["--version"])], 0),
        (["lesons"], [("cli", ["lesons"])], 0),
        ([], [("cli", [])], 0),
    ],
)
def test_dispatch(asked, argv, calls, code):
    assert entry.main(argv) == code
    assert asked == calls


UNREAD = """
import sys
import cgviz.__main__ as entry, cgviz.start.environment as setup_env
setup_env.ensure = lambda level, argv: None
sys.exit(entry.main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows says it of a closed pipe in another way")
@pytest.mark.parametrize(
    "argv", [["draw", "a*b", "a=1", "b=2"], ["--help"], ["draw", "--help"], ["--version"], ["lessons", "--help"], []]
)
def test_where_nobody_reads_any_more_nothing_is_said(argv):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-c", UNREAD, *argv], cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True
        )
    finally:
        os.close(writer)
    assert done.stderr == "" and done.returncode in (0, entry.UNREAD)


def test_an_interruption_is_quiet(monkeypatch, capsys):
    def interrupt(level, argv):
        raise KeyboardInterrupt

    monkeypatch.setattr(setup_env, "ensure", interrupt)
    assert entry.main(["lessons"]) == 130
    assert capsys.readouterr().err == "\n"


def test_the_set_up_needs_the_standard_library_alone():
    code = "import sys, cgviz.start.lessons, cgviz.start.tests; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = set(start(ROOT, python=sys.executable, code=code).stdout.split())
    heavy = {"numpy", "IPython", "ipywidgets", "anywidget", "graphviz", "matplotlib", "jupyterlab", "tqdm", "traitlets"}
    assert not loaded & heavy


# --- the test command ---


def test_tests_run_from_a_checkout(monkeypatch):
    monkeypatch.setattr(setup_env, "checkout", lambda: None)
    with pytest.raises(SetupError, match="from a checkout"):
        run_tests.main([])


def test_the_test_command_says_what_failed(monkeypatch, capsys):
    monkeypatch.setattr(run_tests, "call", lambda command, root, home: int("check" in command))
    assert run_tests.main([]) == 1
    assert "FAILED (ruff check)" in capsys.readouterr().out
    monkeypatch.setattr(run_tests, "call", lambda command, root, home: 0)
    assert run_tests.main([]) == 0
    assert "everything passed" in capsys.readouterr().out
