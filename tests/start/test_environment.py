"""The environment: recognised when whole, made, repaired or brought up to date when not, and entered."""

import contextlib
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import cgviz.start.environment as setup_env
import cgviz.start.install as install_env
from cgviz.__main__ import OLDEST
from cgviz.start.install import NetworkError, SetupError

ROOT = Path(__file__).resolve().parents[2]


# --- whole, or not ---


@pytest.fixture
def whole(project):
    """An environment that says that everything is there."""
    env = project / ".venv"
    setup_env.python_of(env).parent.mkdir(parents=True)
    setup_env.python_of(env).touch()
    setup_env.write_marker(env, {**setup_env.recipe(project), "level": "lessons"})
    return env


def test_a_whole_environment_is_ready(whole, project):
    assert setup_env.is_ready(whole, project, "lessons")
    assert not setup_env.is_ready(whole, project, "test")  # it has less than the tests need
    setup_env.write_marker(whole, {**setup_env.recipe(project), "level": "test"})
    assert setup_env.is_ready(whole, project, "lessons")
    assert setup_env.is_ready(whole, project, "test")


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.lock", "requirements-dev.lock"])
def test_a_changed_lock_is_noticed_but_not_its_line_ends(whole, project, name):
    content = (project / name).read_bytes()
    (project / name).write_bytes(content.replace(b"\n", b"\r\n"))
    assert setup_env.is_ready(whole, project, "lessons")
    (project / name).write_bytes(content + b"# changed\n")
    assert not setup_env.is_ready(whole, project, "lessons")


@pytest.mark.parametrize("marker", [{"level": None}, {}, {"level": "lessons", "python": "3.99"}, {"level": "other"}])
def test_an_incomplete_environment_is_not_ready(whole, project, marker):
    setup_env.write_marker(whole, marker)
    assert not setup_env.is_ready(whole, project, "lessons")


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_damaged_marker_means_incomplete_and_ours(whole, project, text):
    (whole / setup_env.MARKER).write_text(text)
    assert not setup_env.is_ready(whole, project, "lessons")
    assert setup_env.read_marker(whole) is not None


def test_an_environment_whose_python_is_gone_is_not_ready(whole, project):
    setup_env.python_of(whole).unlink()
    assert not setup_env.is_ready(whole, project, "lessons")


def test_a_moved_checkout_is_set_up_anew(whole, project, tmp_path):
    moved = project.rename(tmp_path / "moved")
    assert not setup_env.is_ready(moved / ".venv", moved, "lessons")


class Install:
    """Stands in for the installation: remembers what was asked of it, and can fail."""

    def __init__(self, monkeypatch, failure=None):
        self.calls, self.failure = [], failure
        monkeypatch.setattr(install_env, "install", self)

    def __call__(self, env, root, lock, *, anew, keep):
        assert json.loads((env / keep[0]).read_text())["level"] is None  # for as long as it is under way
        self.calls.append((lock, anew))
        if self.failure:
            raise self.failure
        setup_env.python_of(env).parent.mkdir(parents=True, exist_ok=True)
        setup_env.python_of(env).touch()


def test_the_first_time_everything_is_made(project, monkeypatch):
    install = Install(monkeypatch)
    setup_env.set_up(project / ".venv", project, "lessons")
    assert install.calls == [("requirements.lock", True)]
    assert setup_env.is_ready(project / ".venv", project, "lessons")


def test_the_tests_tools_are_added_to_what_is_there(whole, project, monkeypatch):
    install = Install(monkeypatch)
    setup_env.set_up(whole, project, "test")
    assert install.calls == [("requirements-dev.lock", False)]


def test_an_update_keeps_the_tests_tools(whole, project, monkeypatch):
    setup_env.write_marker(whole, {**setup_env.recipe(project), "packages": "old", "level": "test"})
    install = Install(monkeypatch)
    setup_env.set_up(whole, project, "lessons")
    assert install.calls == [("requirements-dev.lock", False)]
    assert setup_env.is_ready(whole, project, "test")


def test_an_environment_of_another_python_is_used_as_it_is(whole, project, monkeypatch):
    setup_env.python_of(whole).unlink()
    setup_env.python_of(whole).symlink_to(sys.executable)
    setup_env.write_marker(whole, {**setup_env.recipe(project), "level": "test"})
    monkeypatch.setattr(sys, "version", "3.99.0 (another)")
    assert setup_env.is_ready(whole, project, "lessons")


@pytest.mark.parametrize("level", [None, "lessons", "test"])
def test_an_environment_whose_python_was_replaced_is_made_anew_with_all_that_it_had(whole, project, monkeypatch, level):
    setup_env.python_of(whole).unlink()
    setup_env.python_of(whole).symlink_to(sys.executable)
    setup_env.write_marker(whole, {**setup_env.recipe(project), "python": "3.2.1 (old)", "level": level, "had": "test"})
    install = Install(monkeypatch)
    assert not setup_env.is_ready(whole, project, "lessons")
    setup_env.set_up(whole, project, "lessons")
    lock = "requirements.lock" if level == "lessons" else "requirements-dev.lock"
    assert install.calls == [(lock, True)]


@pytest.mark.parametrize("first", ["lessons", "test"])
@pytest.mark.parametrize("failure", [KeyboardInterrupt(), NetworkError("none"), SetupError("pip failed"), None])
def test_no_installation_ever_takes_a_level_away(project, monkeypatch, first, failure):
    env = project / ".venv"
    Install(monkeypatch)
    setup_env.set_up(env, project, first)
    for change in ({"packages": "old"}, {"python": "3.2.1 (old)"}, {"checkout": str(project.parent / "gone")}):
        setup_env.write_marker(env, {**setup_env.read_marker(env), **change})
        install = Install(monkeypatch, failure)
        with contextlib.suppress(KeyboardInterrupt, SetupError):
            setup_env.set_up(env, project, "lessons")
        Install(monkeypatch)
        setup_env.set_up(env, project, "lessons")
        assert setup_env.read_marker(env)["level"] == first
        assert {lock for lock, _ in install.calls} == {setup_env.LOCKS[first]}


def test_the_environment_of_another_checkout_is_refused(whole, project, monkeypatch, tmp_path):
    install, other = Install(monkeypatch), tmp_path / "other"
    shutil.copytree(project, other)
    before = setup_env.read_marker(whole)
    with pytest.raises(SetupError, match=f"is that of another checkout, {project}: choose another place"):
        setup_env.set_up(whole, other, "lessons")
    assert install.calls == [] and setup_env.read_marker(whole) == before
    shutil.rmtree(other / ".venv")
    (project / "pyproject.toml").unlink()  # the first one is gone
    setup_env.set_up(whole, other, "lessons")
    assert install.calls


def test_a_copied_or_moved_checkout_makes_its_own_anew(whole, project, monkeypatch, tmp_path):
    install, other = Install(monkeypatch), tmp_path / "other"
    shutil.copytree(project, other, symlinks=True)
    setup_env.set_up(other / ".venv", other, "lessons")
    assert install.calls == [("requirements.lock", True)]
    assert setup_env.is_ready(whole, project, "lessons")


HOLD = """
import sys, time, pathlib
import cgviz.start.occupancy as occupancy
occupancy.enter(pathlib.Path(sys.argv[1]))
print("in", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(
    "change", [{"packages": "old"}, {"python": "3.2.1 (old)"}, {"level": None}, {"level": "lessons"}]
)
def test_nothing_is_changed_under_a_command_that_runs(whole, project, monkeypatch, change):
    setup_env.write_marker(whole, {**setup_env.recipe(project), "level": "test", **change})
    before, install = setup_env.read_marker(whole), Install(monkeypatch)
    running = [
        subprocess.Popen([sys.executable, "-c", HOLD, str(whole)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for one in running:  # several share it
            assert one.stdout is not None and one.stdout.readline() == "in\n"
            with pytest.raises(SetupError, match="has to be changed, and a command of cgviz runs in it"):
                setup_env.set_up(whole, project, "test")
        assert install.calls == [] and setup_env.read_marker(whole) == before
    finally:
        for one in running:
            one.kill()
            one.wait()
            one.stdout.close()
    setup_env.set_up(whole, project, "test")  # a killed one holds nothing
    assert install.calls


def test_a_command_in_its_environment_holds_it(whole, project, restarted, monkeypatch):
    held = []
    monkeypatch.setattr(setup_env, "checkout", lambda: project)
    monkeypatch.setattr(sys, "prefix", str(whole))
    monkeypatch.setattr(setup_env.occupancy, "enter", held.append)
    setup_env.ensure("lessons", ["lessons"])
    assert held == [whole] and restarted == []


@pytest.mark.parametrize("place", [".venv", ".venv/deep", "link"])
def test_a_file_in_place_of_the_environment_is_said_to_be_one(project, monkeypatch, place):
    (project / ".venv").touch()
    (project / "link").symlink_to(project / "nowhere")
    install = Install(monkeypatch)
    with pytest.raises(SetupError, match=r"is a (file|link that leads nowhere), and a folder is needed there; rename"):
        setup_env.set_up(project / place, project, "lessons")
    assert install.calls == [] and (project / ".venv").is_file()


def test_an_interrupted_installation_is_begun_anew(project, monkeypatch):
    env = project / ".venv"
    Install(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        setup_env.set_up(env, project, "lessons")
    assert not setup_env.is_ready(env, project, "lessons")
    install = Install(monkeypatch)
    setup_env.set_up(env, project, "lessons")
    assert install.calls == [("requirements.lock", True)]


def test_an_update_without_network_leaves_what_worked(whole, project, monkeypatch):
    marker = {**setup_env.recipe(project), "packages": "old", "level": "lessons"}
    setup_env.write_marker(whole, marker)
    Install(monkeypatch, NetworkError("no network"))
    with pytest.raises(NetworkError):
        setup_env.set_up(whole, project, "lessons")
    assert setup_env.read_marker(whole) == marker


def test_making_clears_what_an_interrupted_one_left(tmp_path, monkeypatch):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "half").touch()
    (tmp_path / "rest").touch()
    (tmp_path / setup_env.MARKER).touch()
    monkeypatch.setattr(install_env, "run", lambda command: subprocess.CompletedProcess(command, 0, ""))
    install_env.make(tmp_path, (setup_env.MARKER,))
    assert [path.name for path in tmp_path.iterdir()] == [setup_env.MARKER]


# --- which Python runs what ---


@pytest.fixture
def restarted(monkeypatch):
    """Where `ensure` would have started again."""
    where = []
    monkeypatch.setattr(setup_env, "start_again", lambda env, argv: where.append((env, argv)))
    monkeypatch.setattr(setup_env, "in_virtual_environment", lambda: False)
    monkeypatch.delenv("CGVIZ_ENV", raising=False)
    return where


def test_outside_the_environment_the_command_is_started_again_inside(whole, project, restarted, monkeypatch):
    monkeypatch.setattr(setup_env, "checkout", lambda: project)
    setup_env.ensure("lessons", ["lessons", "--no-browser"])
    assert restarted == [(whole, ["lessons", "--no-browser"])]


def test_inside_it_the_command_just_runs(whole, project, restarted, monkeypatch):
    monkeypatch.setattr(setup_env, "checkout", lambda: project)
    monkeypatch.setattr(sys, "prefix", str(whole))
    setup_env.ensure("lessons", ["lessons"])
    assert restarted == []


def test_a_complete_active_environment_is_used(project, restarted, monkeypatch):
    monkeypatch.setattr(setup_env, "checkout", lambda: project)
    monkeypatch.setattr(setup_env, "in_virtual_environment", lambda: True)
    monkeypatch.setattr(setup_env, "missing", lambda level: [])
    setup_env.ensure("test", ["test"])
    assert restarted == []


@pytest.mark.parametrize("minor", [1, 2, 85])
def test_a_python_newer_than_the_locks_hears_of_the_newest_before_anything_is_made(
    project, restarted, monkeypatch, minor
):
    monkeypatch.setattr(setup_env, "checkout", lambda: project)
    monkeypatch.setattr(setup_env, "set_up", lambda *arguments: pytest.fail("something was installed"))
    newest = setup_env.NEWEST
    monkeypatch.setattr(sys, "version_info", (newest[0], newest[1] + minor, 0, "alpha", 1))
    with pytest.raises(SetupError) as caught:
        setup_env.ensure("lessons", ["lessons"])
    found, known = f"{newest[0]}.{newest[1] + minor}", f"{newest[0]}.{newest[1]}"
    assert f"this is Python {found}, and the newest that cgviz has packages for is {known}" in str(caught.value)
    assert str(caught.value).count("\n") == 0 and f"{known} -m cgviz lessons" in str(caught.value)
    assert not (project / ".venv").exists() and restarted == []
    monkeypatch.setattr(setup_env, "in_virtual_environment", lambda: True)
    monkeypatch.setattr(setup_env, "missing", lambda level: [])
    setup_env.ensure("lessons", ["lessons"])  # in an environment of somebody's own that has everything


def test_the_newest_python_is_taken(project, restarted, monkeypatch):
    monkeypatch.setattr(setup_env, "checkout", lambda: project)
    monkeypatch.setattr(setup_env, "set_up", lambda *arguments: None)
    monkeypatch.setattr(sys, "version_info", (*setup_env.NEWEST, 3, "final", 0))
    setup_env.ensure("lessons", ["lessons"])
    assert restarted


def test_the_pythons_that_are_named_are_those_that_are_let_in():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [line.rsplit(" ", 1)[1] for line in project["classifiers"] if " :: 3." in line]
    assert named == [f"3.{minor}" for minor in range(OLDEST[1], setup_env.NEWEST[1] + 1)]
    assert project["requires-python"] == ">={}.{}".format(*OLDEST)


def test_it_is_not_started_again_for_ever(whole, project, restarted, monkeypatch):
    monkeypatch.setattr(setup_env, "checkout", lambda: project)
    monkeypatch.setenv(setup_env.STARTED, str(whole))
    with pytest.raises(SetupError, match="does not use its own packages"):
        setup_env.ensure("lessons", ["lessons"])


def test_a_wheel_runs_straight_away(restarted, monkeypatch):
    monkeypatch.setattr(setup_env, "checkout", lambda: None)
    setup_env.ensure("lessons", ["lessons"])
    assert restarted == []


def test_a_wheel_without_jupyterlab_says_how_to_add_it(monkeypatch):
    monkeypatch.setattr(setup_env, "checkout", lambda: None)
    monkeypatch.setattr(setup_env.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match=r'JupyterLab is not installed in .*pip install "cgviz-lessons\[lessons\]"'):
        setup_env.ensure("lessons", ["lessons"])
    setup_env.ensure("lessons", ["draw", "a*b"])  # the other commands do without


def test_the_environment_can_be_elsewhere(project, tmp_path, monkeypatch):
    monkeypatch.setenv("CGVIZ_ENV", str(tmp_path / "there"))
    assert setup_env.environment(project) == tmp_path / "there"


@pytest.mark.parametrize("page", ["README.md", "TEACHING.md"])
def test_the_pages_name_the_pythons_that_are_let_in(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert f"{OLDEST[0]}.{OLDEST[1]} to {setup_env.NEWEST[0]}.{setup_env.NEWEST[1]}" in text
