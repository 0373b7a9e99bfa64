"""``cgviz lessons``: the learner's copy of the lessons, open in JupyterLab at the first one."""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import cgviz.start.environment as setup_env
import cgviz.start.folder as lessons_folder
from cgviz.start.install import SetupError, refuse_file

# Quiet, private and undisturbed: no news pop-ups, no update checks, no extension store. What the person asks for on
# the command line comes after these and wins.
QUIET = (
    "--Application.log_level=ERROR",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)
# The page asks whether it may fetch news even where there are none to fetch, unless its settings say no.
SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


LARGEST_PORT = 65535
ANOTHER_PORT = f"choose another one between 1024 and {LARGEST_PORT}, or leave --port out and a free one is found"


def main(argv: list[str]) -> int:
    """Copy the lessons and, unless no more is asked for, run JupyterLab on the first until it is stopped."""
    options, for_jupyter = parser().parse_known_args(argv)
    port = read_port(for_jupyter)
    if port and (problem := in_the_way(port)):
        raise SetupError(f"port {port} {problem}: {ANOTHER_PORT}.")
    try:
        folder = prepare(options.folder)
        return 0 if options.copy_only else serve(folder, for_jupyter, port)
    except OSError as problem:  # Jupyter's own files: its settings, its list of running servers
        raise SetupError(
            f"JupyterLab cannot use {problem.filename or 'its files'} ({problem.strerror or problem}): "
            "it keeps its settings in your home folder, so set HOME to a folder that you can write to."
        ) from None


def parser() -> argparse.ArgumentParser:
    """Return the reader of our own options; it leaves JupyterLab's alone."""
    reader = argparse.ArgumentParser(
        prog="cgviz lessons",
        description="Open the lessons in JupyterLab.",
        epilog="Everything else goes to JupyterLab, for example --no-browser or --port 9000 (`jupyter lab --help`).",
        allow_abbrev=False,
    )
    reader.add_argument("--folder", type=Path, help="where your copy of the lessons is or shall be")
    reader.add_argument("--set-up-only", action="store_true", help="prepare everything and stop, ahead of a class")
    reader.add_argument(
        "--copy-only", action="store_true", help="bring the lessons into the folder and stop, where a JupyterLab runs"
    )
    return reader


# --- the folder ---


def prepare(folder: Path | None) -> Path:
    """Bring the lessons into the learner's folder and say what happened; raises SetupError when that cannot be done."""
    source = lessons_folder.originals()
    if source is None:
        raise SetupError("this copy of cgviz has no lessons in it: get the whole project, or install it again.")
    folder = Path(os.path.expanduser(folder)).absolute() if folder else usual_folder()
    refuse_file(folder, "name another folder with --folder, for example --folder ~/cgviz-lessons")
    try:
        if folder.exists() and folder.samefile(source):
            print(f"These are the originals, in {folder}")
            return folder
        done = lessons_folder.deliver(source, folder)
    except OSError as problem:
        raise SetupError(
            f"cannot write to {folder} ({problem.strerror or problem}): "
            "name a folder of your own with --folder, for example --folder ~/cgviz-lessons."
        ) from None
    print(f"Your lessons are in {folder}")
    for name in done.updated:
        print(f"  {name}: updated")
    for theirs, ours in done.beside:
        print(f"  {theirs}: has your changes and stays; the new version is beside it, as {ours}")
    trust(folder, [*done.new, *done.updated, *(ours for _, ours in done.beside)])
    return folder


def usual_folder() -> Path:
    """Return where the learner's copy is: in the checkout, else here, or at home where that cannot be written to."""
    root = setup_env.checkout()
    place = root or Path.cwd()
    if os.access(place, os.W_OK):
        return place / ("my-lessons" if root else "cgviz-lessons")
    return Path.home() / "cgviz-lessons"


def trust(folder: Path, names: list[str]) -> None:
    """Mark notebooks that were just copied as trusted, so that their pictures show before they are run."""
    notebooks = [folder / name for name in names if name.endswith(".ipynb")]
    if not notebooks:
        return
    from nbformat import read
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for path in notebooks:
        notary.sign(read(path, as_version=4))


# --- the server ---


def read_port(arguments: list[str]) -> int | None:
    """Return the port that JupyterLab's arguments ask for, in any of its spellings; raises SetupError if it is none.

    >>> read_port(["--no-browser", "--port", "9000"]), read_port(["--ServerApp.port=9000"]), read_port([])
    (9000, 9000, None)
    """
    port = None
    for k, argument in enumerate(arguments):
        option, sign, text = argument.partition("=")
        if option not in ("--port", "--ServerApp.port"):
            continue
        text = text if sign else "".join(arguments[k + 1 : k + 2])
        if not (text.isascii() and text.isdecimal()):
            raise SetupError(f"{text!r} is no port, which is a whole number: {ANOTHER_PORT}.")
        if len(text) > 5 or int(text) > LARGEST_PORT:
            raise SetupError(f"port {text} does not exist: {ANOTHER_PORT}.")
        port = int(text)
    return port


def in_the_way(port: int) -> str | None:
    """Return what keeps a server of this machine's own from listening on the port, or None when nothing does."""
    for family, kind, protocol, _, address in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM):
        try:
            with socket.socket(family, kind, protocol) as probe:
                if os.name == "posix":  # as JupyterLab does: a port that was only just left is free
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                return "is in use by another program"
            if problem.errno not in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):  # no such addresses on this machine
                return f"cannot be used ({problem.strerror})"
    return None


def serve(folder: Path, arguments: list[str], port: int | None) -> int:
    """Run JupyterLab on the folder until it is stopped; return its exit code."""
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")  # this environment's kernel, not an older one in the home
    let_kernels_import(setup_env.checkout(), folder)
    from jupyterlab.labapp import LabApp

    lesson = lessons_folder.first(folder)
    command = [*QUIET, f"--ServerApp.root_dir={folder}"]
    command += [f"--LabApp.default_url=/lab/tree/{lesson}"] if lesson else []
    command += ["--ServerApp.port_retries=0"] if port else []
    command += ["--ServerApp.allow_root=True"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command += [] if has_browser() else ["--no-browser"]
    with default_settings(SETTINGS):
        server = LabApp.initialize_server([*command, *arguments])
    address = server.public_url
    server.identity_provider.token_generated = False  # it has been read: JupyterLab need not announce it once more

    def announce() -> None:
        print(f"\n    {address}\n\nThe lessons are at this address. Ctrl-C here stops them.", flush=True)

    server.io_loop.add_callback(announce)  # comes after JupyterLab's own: by then the address answers
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: server.stop(from_signal=True))
    server.start()
    print("\nStopped.")
    return 0


def let_kernels_import(root: Path | None, folder: Path) -> None:
    """See to it that ``import cgviz`` in a notebook of `folder` finds the package of the checkout `root`.

    Python puts the folder in which it was started on its path, but not on that of the kernels; and an environment of
    somebody's own may hold another cgviz, or none.
    """
    if root is None:
        return
    code = "import cgviz; print(cgviz.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    if done.stdout.strip() != str(root / "cgviz" / "__init__.py"):
        paths = [str(root), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))


def write_settings(folder: Path, settings: dict) -> Path:
    """Write these defaults into a folder where JupyterLab finds them if it is on its configuration's path."""
    place = folder / "labconfig"
    place.mkdir(parents=True, exist_ok=True)
    (place / "default_setting_overrides.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


@contextlib.contextmanager
def default_settings(settings: dict) -> Iterator[None]:
    """Give these defaults to a JupyterLab that is set up meanwhile; what a person has chosen stays, untouched."""
    before = os.environ.get("JUPYTER_CONFIG_PATH")
    with tempfile.TemporaryDirectory(prefix="cgviz-", ignore_cleanup_errors=True) as folder:
        write_settings(Path(folder), settings)
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [folder, before]))
        try:
            yield
        finally:
            if before is None:
                del os.environ["JUPYTER_CONFIG_PATH"]
            else:
                os.environ["JUPYTER_CONFIG_PATH"] = before


def has_browser() -> bool:
    """Tell whether this machine can open a page by itself."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
