"""The lessons' own server: its options, its folder, its port, and a real start and stop."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import cgviz.start.environment as setup_env
import cgviz.start.lessons as start_lessons
from cgviz.start.folder import first, originals
from cgviz.start.install import SetupError


def test_a_port_in_use_is_named_before_anything_is_done(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=f"port {port} is in use by another program"):
            start_lessons.main(["--folder", str(tmp_path / "mine"), "--port", str(port)])
    assert not (tmp_path / "mine").exists()
    assert start_lessons.in_the_way(port) is None


@pytest.mark.parametrize(
    "arguments",
    [
        *(["--port", "-5"], ["--port=-5"], ["--ServerApp.port=-1"], ["--port", "eighty"], ["--port="], ["--port"]),
        *(["--port", "80.5"], ["--port", "9000", "--port", "65536"], ["--port", "٣"], ["--port", "--no-browser"]),
    ],
)
def test_a_port_that_is_no_port_is_named(tmp_path, arguments):
    with pytest.raises(SetupError, match=r"(no port, which|does not exist).*: choose another one b") as caught:
        start_lessons.main(["--folder", str(tmp_path / "mine"), *arguments])
    assert "\n" not in str(caught.value) and not (tmp_path / "mine").exists()


def test_a_file_where_the_lessons_are_to_be(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for place, what in (("file", "a file"), ("file/lessons", "a file"), ("link", "a link that leads nowhere")):
        with pytest.raises(SetupError, match=f"is {what}, and a folder is needed there; rename .*--folder"):
            start_lessons.prepare(tmp_path / place)


def test_a_port_that_cannot_be(tmp_path):
    with pytest.raises(SetupError, match="port 70000 does not exist: choose another one between 1024 and 65535"):
        start_lessons.main(["--folder", str(tmp_path / "mine"), "--port=70000"])


@pytest.mark.parametrize(
    ("arguments", "port"),
    [
        (["--port=9000"], 9000),
        (["--no-browser", "--port", "9000"], 9000),
        (["--ServerApp.port=9000", "--ip=0.0.0.0"], 9000),
        (["--port=1", "--port=2"], 2),
        (["--report=9000", "--port-retries=3"], None),
        ([], None),
    ],
)
def test_the_port_is_read_in_every_spelling(arguments, port):
    assert start_lessons.read_port(arguments) == port


def test_our_options_are_taken_and_the_others_passed_on():
    options, rest = start_lessons.parser().parse_known_args(["--no-browser", "--folder", "x", "--port", "9"])
    assert (options.folder, rest) == (Path("x"), ["--no-browser", "--port", "9"])


def test_the_copy_alone_for_a_jupyterlab_that_runs_already(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(start_lessons, "serve", None)
    assert start_lessons.main(["--copy-only", "--folder", str(tmp_path / "mine")]) == 0
    assert f"Your lessons are in {tmp_path / 'mine'}" in capsys.readouterr().out
    assert first(tmp_path / "mine") == first(originals())


def test_an_unwritable_lessons_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"cannot write to .*--folder"):
        start_lessons.prepare(tmp_path / "file" / "mine")


def test_an_unwritable_home(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", "/nonexistent/.local")

    monkeypatch.setattr(start_lessons, "prepare", lambda folder: folder)
    monkeypatch.setattr(start_lessons, "serve", refuse)
    with pytest.raises(SetupError, match="JupyterLab cannot use /nonexistent/.local .*set HOME"):
        start_lessons.main([])


def test_the_usual_folder_is_one_that_can_be_written_to(tmp_path, monkeypatch):
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(setup_env, "checkout", lambda: project)
    assert start_lessons.usual_folder() == project / "my-lessons"
    monkeypatch.setattr(setup_env, "checkout", lambda: None)
    assert start_lessons.usual_folder() == tmp_path / "cgviz-lessons"
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert start_lessons.usual_folder() == Path.home() / "cgviz-lessons"


@pytest.mark.skipif(os.name == "nt", reason="sends the signal of Ctrl-C")
def test_the_lessons_open_at_the_first_and_stop_quietly(tmp_path):
    code = "import sys; from cgviz.start.lessons import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "--folder", str(tmp_path / "mine"), "--no-browser"]
    settings = {"HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    settings |= {"JUPYTER_DATA_DIR": str(tmp_path / "data"), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    server = subprocess.Popen(
        command, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said = [server.stdout.readline() for _ in range(5)]
        address = re.search(r"^ +(http://localhost:\d+/lab/tree/(.*)\?token=\w+)$", "".join(said), re.MULTILINE)
        assert address, said
        assert address[2] == first(originals())
        page = urllib.request.urlopen(address[1], timeout=30).read().decode()
        assert f'"treePath": "{address[2]}"' in page
        assert '"news": {"disabled": true}' in page
        (plugin,) = start_lessons.SETTINGS
        asked = address[1].replace(f"lab/tree/{address[2]}", f"lab/api/settings/{plugin}")
        schema = json.load(urllib.request.urlopen(asked, timeout=30))["schema"]
        assert schema["properties"]["fetchNews"]["default"] == "false"  # else the page asks about news
        assert not list((tmp_path / "config").rglob("*overrides*"))
        assert (tmp_path / "mine" / address[2]).is_file()
    finally:
        server.send_signal(signal.SIGINT)
        rest, _ = server.communicate(timeout=30)
    assert (server.returncode, rest) == (0, "\nStopped.\n")


def test_default_settings_leave_nothing_behind(monkeypatch):
    for before in (None, "/somewhere"):
        monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
        if before:
            monkeypatch.setenv("JUPYTER_CONFIG_PATH", before)
        with start_lessons.default_settings({"a:b": {"c": 1}}):
            folder, *rest = os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)
            assert rest == ([before] if before else [])
            (file,) = Path(folder, "labconfig").iterdir()
            assert (file.name, json.loads(file.read_text())) == ("default_setting_overrides.json", {"a:b": {"c": 1}})
        assert os.environ.get("JUPYTER_CONFIG_PATH") == before
        assert not Path(folder).exists()


def test_the_kernels_import_the_cgviz_of_this_checkout(tmp_path, monkeypatch):
    """Whether the environment has none, another one, or this one already."""
    folder, root = tmp_path / "mine", setup_env.checkout()
    folder.mkdir()
    monkeypatch.setenv("PYTHONPATH", "")
    start_lessons.let_kernels_import(root, folder)
    assert imported(folder) == root / "cgviz" / "__init__.py"

    other = tmp_path / "other"
    (other / "cgviz").mkdir(parents=True)
    (other / "cgviz" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(other))
    start_lessons.let_kernels_import(root, folder)
    assert os.environ["PYTHONPATH"] == os.pathsep.join([str(root), str(other)])
    assert imported(folder) == root / "cgviz" / "__init__.py"

    start_lessons.let_kernels_import(root, folder)
    start_lessons.let_kernels_import(None, folder)
    assert os.environ["PYTHONPATH"] == os.pathsep.join([str(root), str(other)])  # was right already


def imported(folder):
    code = "import cgviz; print(cgviz.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())
