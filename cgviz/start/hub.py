"""A learner's own server on a JupyterHub: ``python -m cgviz.start.hub``, in the place of ``jupyterhub-singleuser``.

It brings the lessons into her home, as ``cgviz lessons`` does on her own machine, bounds the memory of all that she
starts, and becomes JupyterHub's own server. All hubs start it by the same words; the folder ``deploy`` has them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import cgviz.start.folder as lessons_folder
from cgviz.start.install import SetupError
from cgviz.start.lessons import QUIET, SETTINGS, prepare, write_settings

FOLDER = "cgviz-lessons"
"""The folder of the lessons in a learner's home."""
MEMORY = "CGVIZ_MEMORY"
"""The variable that says how many MB each process of a learner may take."""
SERVER = "jupyterhub-singleuser"


def main(argv: list[str]) -> int:
    """Bring the lessons, set the bounds, and become the server; return 1 if there is no JupyterHub here."""
    home = Path.home()
    os.chdir(home)  # which may have been somebody else's folder
    server = Path(sys.executable).with_name(SERVER)
    try:
        if not server.exists():
            raise SetupError(f"{SERVER} is not beside {sys.executable}: install the package jupyterhub there.")
        bound(os.environ.get(MEMORY, ""))
        open_first(deliver(home / FOLDER))
    except SetupError as problem:
        print(f"cgviz: {problem}", file=sys.stderr)
        return 1
    sys.stdout.flush()
    os.execv(server, [str(server), *(option for option in QUIET if "LabApp" in option), *argv])


def deliver(folder: Path) -> Path | None:
    """Bring the lessons into the folder. Where that fails the server starts all the same, and its log says why."""
    try:
        return prepare(folder)
    except SetupError as problem:
        print(f"cgviz: {problem}", file=sys.stderr)
        return folder if folder.is_dir() else None


def open_first(folder: Path | None) -> None:
    """Let the server open the first lesson, unless the hub names another page, and ask nobody about news."""
    lesson = folder and lessons_folder.first(folder)
    if lesson:
        os.environ.setdefault("JUPYTERHUB_DEFAULT_URL", f"/lab/tree/{FOLDER}/{lesson}")
    with contextlib.suppress(OSError):  # a full disk: then the page asks about news
        settings = write_settings(Path.home() / ".cache" / "cgviz", SETTINGS)
        paths = [str(settings), os.environ.get("JUPYTER_CONFIG_PATH")]
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")  # the kernel of this environment, not an older one at home


def bound(text: str) -> None:
    """Bound the memory of this process and of each that it starts, in MB: what would take more gets a `MemoryError`.

    So one learner's endless list ends in a sentence in her notebook, and nobody else's kernel is harmed. Systems
    without such bounds (macOS has them and does not keep them, Windows has none) leave it at their own.
    """
    if not text:
        return
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise SetupError(f"{MEMORY} is {text!r}: it says how many MB a learner's process may take, such as 1000.")
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    asked = int(text) * 1_000_000
    allowed = asked if most == resource.RLIM_INFINITY else min(asked, most)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
