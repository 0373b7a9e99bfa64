"""Other hosts than JupyterLab: a server of theirs on a free port, until the test is over."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import lab as harness
import pytest


def need(package: str) -> None:
    """Skip the test where a host is not installed: the lessons need none of them."""
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")


@functools.cache
def node_package(name: str, version: str) -> Path:
    """The folder of a package of npm, as it is published; skip the test where no registry can be reached."""
    npm = shutil.which("npm") or pytest.skip(f"npm, which brings {name}, is not installed")
    folder = Path(tempfile.mkdtemp(prefix="cgviz-npm-"))
    command = [npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", f"{name}@{version}"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    except (subprocess.SubprocessError, OSError):
        pytest.skip(f"{name} cannot be fetched: no registry of npm answers")
    return folder / "node_modules" / name


@contextlib.contextmanager
def serving(home: Path, *command: str) -> Iterator[str]:
    """Run ``python -m`` with this command, PORT in it replaced; yield its address as soon as it answers."""
    port = harness.free_port()
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "XDG_CONFIG_HOME")
    private = {name: str(home / name.lower()) for name in names} | {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONPATH": os.pathsep.join([str(harness.ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    log = home / "log"
    words = [word.replace("PORT", str(port)) for word in command]
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", *words], env=os.environ | private, cwd=home, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        end = time.monotonic() + harness.SECONDS
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
        server.kill()
        server.wait()


def window(browser, width: int = 1200):
    """A page that may only speak to this machine, as the browser was started."""
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.set_default_timeout(30_000)
    return page
