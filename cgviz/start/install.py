"""Installing into the environment: a venv, the locked packages, cgviz itself, each with a line that says so.

Standard library only: it runs before anything else is there.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cgviz.start.progress_bar import ProgressBar

PIP_LOG = "cgviz-pip.log"

# Settings of the person's own that would send pip or Python somewhere else than into the environment.
STRAY_PYTHON_SETTINGS = ("PYTHONHOME", "PYTHONPATH")
STRAY_PIP_SETTINGS = ("PIP_CONSTRAINT", "PIP_PREFIX", "PIP_REQUIREMENT", "PIP_ROOT", "PIP_TARGET")

NETWORK_SIGNS = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeout",
    "Connection refused",
    "ConnectionError",
    "ProxyError",
    "SSLError",
    "Read timed out",
    "ProtocolError",
    "(from versions: none)",  # all that pip says of it where it is told not to try again
)


class SetupError(Exception):
    """Something outside cgviz is in the way; the message is one sentence that says what, where and what helps."""


class NetworkError(SetupError):
    """The package index could not be reached. Nothing was installed: pip fetches everything first."""


def refuse_file(folder: Path, instead: str) -> None:
    """Stop where something else stands in place of a folder; raises SetupError that says what to do `instead`."""
    for place in (folder, *folder.parents):
        if os.path.isdir(place):
            return
        if os.path.lexists(place):
            what = "a link that leads nowhere" if not os.path.exists(place) else "a file"
            raise SetupError(
                f"cannot write to {folder}: {place} is {what}, and a folder is needed there; rename or remove it, "
                f"or {instead}."
            )


def python_of(env: Path) -> Path:
    """Return the interpreter of an environment."""
    return env / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(env: Path, root: Path, lock: str, *, anew: bool, keep: tuple[str, ...]) -> None:
    """Install `lock` and the checkout `root` into `env`, which is made `anew` (but for the files `keep`) or added to.

    Raises SetupError, or OSError when a file cannot be written.
    """
    count = sum(line[:1].isalnum() for line in (root / lock).read_text(encoding="utf-8").splitlines())
    print("Setting up cgviz, once: a minute or two on a fast line (needs the network).", file=sys.stderr, flush=True)
    if anew:
        where = env.relative_to(root) if env.is_relative_to(root) else env
        with stage(f"1/3 a Python environment in {where}"):
            make(env, keep)
    with stage(f"2/3 the packages of {lock}"), ProgressBar(count, env) as bar:
        # Python compiles what it imports, when it does.
        pip(env, root, "--require-hashes", "--no-compile", "-r", lock, follow=bar.read)
    with stage("3/3 cgviz itself"):
        pip(env, root, "--no-deps", "--no-build-isolation", "-e", ".")


def make(env: Path, keep: tuple[str, ...]) -> None:
    """Make an empty environment in place of whatever `env` holds, all but the files `keep`."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise SetupError(
                f"this Python ({sys.executable}) has no `{module}` module, which makes the environment: on Debian or "
                "Ubuntu run `sudo apt install python3-venv`; elsewhere install Python from python.org."
            )
    for entry in env.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name not in keep:
            entry.unlink()
    # `_base_executable`: when another environment is active, build on the Python below it.
    done = run([getattr(sys, "_base_executable", None) or sys.executable, "-m", "venv", str(env)])
    if done.returncode:
        raise SetupError(f"Python could not make an environment in {env}: {reason(done.stdout)}.")


def pip(env: Path, root: Path, *arguments: str, follow: Callable[[str], None] | None = None) -> None:
    """Run ``pip install`` in the environment, its output kept in a file; raises SetupError with its reason."""
    command = [str(python_of(env)), "-m", "pip", "install", *arguments]
    done = run([*command, "--no-input", "--disable-pip-version-check", "--no-warn-script-location"], root, follow)
    with contextlib.suppress(OSError):  # on a full disk what pip has said of it is worth more
        (env / PIP_LOG).write_text(done.stdout, encoding="utf-8")
    if done.returncode == 0:
        return
    if any(sign in done.stdout for sign in NETWORK_SIGNS):
        raise NetworkError(
            "the Python package index could not be reached: check the network (behind a proxy, set HTTPS_PROXY; an "
            "index of your own has to have the packages), then run the same command again."
        )
    raise SetupError(f"pip could not install the packages: {reason(done.stdout)}. All it said is in {env / PIP_LOG}.")


def run(
    command: list[str], cwd: Path | None = None, follow: Callable[[str], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command away from settings that would send it elsewhere; its output is caught, and told to `follow`."""
    stray = STRAY_PYTHON_SETTINGS + STRAY_PIP_SETTINGS
    with subprocess.Popen(
        command,
        cwd=cwd,
        env={k: v for k, v in os.environ.items() if k not in stray} | {"PIP_USER": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as running:
        lines = []
        try:
            for line in running.stdout or ():
                lines.append(line)
                if follow is not None:
                    follow(line)
        except BaseException:
            running.kill()
            raise
    return subprocess.CompletedProcess(command, running.returncode, "".join(lines))


def reason(output: str) -> str:
    """Return the line of a program's output that names the error.

    >>> reason("Collecting numpy\\nERROR: No space left on device.\\n")
    'No space left on device'
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no message"]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines)[-1].removeprefix("ERROR: ").rstrip(".")


@contextlib.contextmanager
def stage(title: str) -> Iterator[None]:
    """Print one line for a stage: what it is and, when it is over, how long it took."""
    print(f"  {title} ... ", end="", file=sys.stderr, flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print("stopped", file=sys.stderr, flush=True)
        raise
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


@contextlib.contextmanager
def one_at_a_time(env: Path) -> Iterator[None]:
    """Let a second start of cgviz wait while a first one is still installing into the same environment."""
    name = hashlib.sha256(os.path.realpath(env).encode()).hexdigest()[:16]
    try:
        handle = open(Path(tempfile.gettempdir()) / f"cgviz-{name}.lock", "a+b")  # noqa: SIM115
    except OSError:  # somebody else's file, or no temporary folder: nothing to wait for
        yield
        return
    with handle:
        if os.name == "nt":
            import msvcrt

            system: Any = msvcrt  # type checkers look at it from another system

            while True:
                handle.seek(0)
                with contextlib.suppress(OSError):  # raised after ten tries, one a second
                    system.locking(handle.fileno(), system.LK_LOCK, 1)
                    break
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
