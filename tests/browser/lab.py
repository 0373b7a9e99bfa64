"""A private JupyterLab, for a real browser to open.

Everything that a run writes, settings, workspaces, trust and history, is in one temporary folder: a developer's own
Jupyter is neither read nor touched. The browser finds no other host.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from notebook_page import IDLE, SECONDS, Notebook

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-background-networking",
           "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # fmt: skip

AT_WORK = """() => {
    const kernel = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === 'connected' && ['idle', 'busy'].includes(kernel.status);
}"""
CLOSE = """async () => {
    for (const panel of [...window.jupyterapp.shell.widgets('main')]) {
        await panel.sessionContext?.shutdown();
        panel.dispose();
    }
}"""


def chromium() -> str | None:
    """Return a Chromium or Chrome of this machine: CGVIZ_CHROMIUM, one on the path, or one in its usual place."""
    named = os.environ.get("CGVIZ_CHROMIUM")
    found = (path for path in (named, *map(shutil.which, PROGRAMS), *PLACES) if path and Path(path).exists())
    return next(found, None)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lab:
    """A running server: its address, its environment, and the folder whose notebooks it shows."""

    def __init__(self, url: str, token: str, folder: Path, environment: dict[str, str]) -> None:
        self.url, self.token, self.folder, self.environment = url, token, folder, environment

    def write(self, *cells: str, name: str = "") -> str:
        """Write a notebook of code cells; return its name."""
        name = name or f"{secrets.token_hex(4)}.ipynb"
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
        nbformat.write(notebook, self.folder / name)
        return name

    def copy(self, notebook: Path) -> str:
        """Copy a notebook and its images into the folder, because JupyterLab saves by itself; return its name."""
        name = f"{secrets.token_hex(4)}-{notebook.name}"
        shutil.copyfile(notebook, self.folder / name)
        if (notebook.parent / "images").is_dir():
            shutil.copytree(notebook.parent / "images", self.folder / "images", dirs_exist_ok=True)
        return name

    def trust(self, name: str) -> None:
        """Mark a notebook as trusted, as the command that opens the lessons does."""
        command = [sys.executable, "-m", "jupyter", "trust", str(self.folder / name)]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def load(self, page: Any) -> None:
        """Load JupyterLab into a page, in a workspace of its own, in which nothing is open."""
        page.goto(f"{self.url}/lab/workspaces/w{secrets.token_hex(4)}?token={self.token}&reset")
        page.wait_for_function("() => window.jupyterapp", timeout=SECONDS * 1000)
        page.evaluate("() => window.jupyterapp.restored.then(() => true)")

    def open(self, page: Any, name: str) -> Notebook:
        """Open a notebook; wait until its kernel answers.

        The toolbar calls a kernel idle that does not exist yet, so the session itself is asked. On a busy machine a
        kernel now and then never comes up (two of them draw the same port): then the notebook is opened once more.
        """
        for seconds in (SECONDS / 2, SECONDS):
            page.evaluate("path => { window.jupyterapp.commands.execute('docmanager:open', {path}); }", name)
            page.wait_for_selector(".jp-NotebookPanel .jp-Notebook .jp-Cell", timeout=SECONDS * 1000)
            with contextlib.suppress(TimeoutError, page_timeout()):
                page.wait_for_function(IDLE, timeout=seconds * 1000)
                return Notebook(page)
            self.close(page)
        raise TimeoutError(f"no kernel answered for {name}")

    def close(self, page: Any) -> None:
        """Close what is open, unsaved or not, and stop its kernels."""
        page.evaluate(CLOSE)


def page_timeout() -> type[Exception]:
    """Return what Playwright raises when a page keeps it waiting."""
    from playwright.sync_api import TimeoutError as PageTimeout

    return PageTimeout


@contextlib.contextmanager
def jupyterlab() -> Iterator[Lab]:
    """Run a server of its own on a free port, rooted in an empty folder, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="cgviz-lab-", ignore_cleanup_errors=True) as home:
        folder, settings = Path(home, "notebooks"), Path(home, "settings", "@jupyterlab", "apputils-extension")
        folder.mkdir()
        settings.mkdir(parents=True)
        quiet = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
        (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet))
        port, token, log = free_port(), secrets.token_hex(16), Path(home, "log")
        names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
        private = {name: str(Path(home, name.lower())) for name in names} | {
            "JUPYTERLAB_SETTINGS_DIR": str(Path(home, "settings")),
            "JUPYTERLAB_WORKSPACES_DIR": str(Path(home, "workspaces")),
            "JUPYTER_PREFER_ENV_PATH": "1",
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
            "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
            "--ServerApp.allow_root=True", "--ServerApp.terminals_enabled=False", "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly",
        ]  # fmt: skip
        if sys.platform == "linux":  # kernels of several test runs cannot draw the same port where they have none
            command.append("--KernelManager.transport=ipc")
        with log.open("w") as out:
            server = subprocess.Popen(command, env=os.environ | private, stdout=out, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(server, f"{url}/api/status?token={token}", log)
            yield Lab(url, token, folder, os.environ | private)
        finally:
            server.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(10)
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen, address: str, log: Path) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            return urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}") from None
            time.sleep(0.1)


def is_local(address: str, lab: Lab) -> bool:
    """Tell whether a request stays with the server of the tests, or within the page."""
    parts = urlsplit(address)
    return parts.scheme in ("data", "blob", "about") or parts.netloc == urlsplit(lab.url).netloc
