"""The environment that cgviz runs in: found, recognised as whole, brought up to date, and entered.

Standard library only. A file ``cgviz.json`` in the environment says what was installed there, and says
``"level": null`` for as long as an installation is under way, so that an interrupted one is never taken for a whole.

An environment that works is never erased: not for another Python (its own is used), not for another checkout, not under
a command that runs in it (`occupancy.py`); and what it has been given, such as the tools of the tests, it keeps.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import cgviz.start.install as install_env
import cgviz.start.occupancy as occupancy
from cgviz.start.install import SetupError, python_of

MARKER = "cgviz.json"
NEWEST = (3, 15)  # the newest Python that the locks have built packages for; pyproject.toml's classifiers name it too
LEVELS = ("lessons", "test", "docs", "site")
HOLDS = {
    "lessons": ("lessons",),
    "test": ("lessons", "test"),
    "docs": ("lessons", "test", "docs"),
    "site": ("site",),
}
"""What an environment at a level has of each. What builds the site stands in an environment of its own."""
LOCKS = {
    "lessons": "requirements.lock",
    "test": "requirements-dev.lock",
    "docs": "requirements-docs.lock",
    "site": "requirements-site.lock",
}
MODULES = {
    "lessons": ("anywidget", "graphviz", "ipywidgets", "jupyterlab", "matplotlib", "tqdm"),
    "test": (
        *("coverage", "hatchling", "hypothesis", "jupytext", "micrograd", "mlfz", "mypy", "nbval", "pytest", "ruff"),
        *("sympy", "xdist", "yaml"),
    ),
    "docs": ("furo", "myst_nb", "sphinx"),
    "site": (
        "anywidget",
        "hatchling",
        "ipywidgets",
        "jupyter_server",
        "jupyterlite_core",
        "jupyterlite_pyodide_kernel",
    ),
}
STARTED = "CGVIZ_STARTED_IN"  # tells the Python of the environment that it was started by another one


def checkout() -> Path | None:
    """Return the folder of the checkout that this package is part of, or None for an installed wheel."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() and (root / LOCKS["lessons"]).is_file() else None


def environment(root: Path, level: str = "lessons") -> Path:
    """Return where the environment of this checkout is or will be: ``.venv``, or the folder named by CGVIZ_ENV.

    That of the site stands beside it, as ``.venv-site``.
    """
    chosen = os.environ.get("CGVIZ_ENV")
    usual = Path(os.path.expanduser(chosen)).absolute() if chosen else root / ".venv"
    return usual.with_name(f"{usual.name}-site") if level == "site" else usual


def ensure(level: str, argv: list[str]) -> None:
    """Return only in an interpreter that has what `level` needs; ``python -m cgviz *argv`` is started again elsewhere.

    Raises SetupError when the environment cannot be made.
    """
    root = checkout()
    if root is None:
        return require_jupyterlab() if argv[:1] == ["lessons"] else None
    env = environment(root, level)
    started = os.environ.pop(STARTED, None)
    inside = is_here(env)
    if not inside and in_virtual_environment() and not missing(level):
        return None  # somebody's own active environment that has everything: a developer's, or Binder's
    if not inside and started == str(env):
        raise SetupError(f"the Python in {env} does not use its own packages: remove that folder and try again.")
    if not is_ready(env, root, level):
        refuse_too_new()
        with install_env.one_at_a_time(env):
            if not is_ready(env, root, level):
                set_up(env, root, level)
    elif inside:
        return occupancy.enter(env)
    return start_again(env, argv)


def refuse_too_new() -> None:
    """Stop ahead of an installation that would build packages from source; raises SetupError that says what works.

    Somebody who has them all, in an active environment of her own, has not come this far.
    """
    found = sys.version_info[:2]
    if found > NEWEST:
        newest = "{}.{}".format(*NEWEST)
        launcher = f"py -{newest}" if os.name == "nt" else f"python{newest}"
        raise SetupError(
            "this is Python {}.{}, and ".format(*found) + f"the newest that cgviz has packages for is {newest}: "
            f"install that from python.org beside it, then start it by name, for example `{launcher} -m cgviz lessons`."
        )


def require_jupyterlab() -> None:
    """Check what an installed wheel leaves to choice; raises SetupError naming the command that adds it."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise SetupError(
            f"JupyterLab is not installed in {sys.prefix}: "
            f'run `{sys.executable} -m pip install "cgviz-lessons[lessons]"`.'
        )


def missing(level: str) -> list[str]:
    """Return the modules of `level` that this interpreter does not have."""
    wanted = [name for each in HOLDS[level] for name in MODULES[each]]
    return [name for name in wanted if importlib.util.find_spec(name) is None]


def in_virtual_environment() -> bool:
    """Tell whether the running Python belongs to an environment that somebody made and activated."""
    return sys.prefix != sys.base_prefix or (Path(sys.prefix) / "conda-meta").is_dir()


def is_here(env: Path) -> bool:
    """Tell whether the running Python is the one of `env`."""
    return os.path.isdir(env) and os.path.samefile(sys.prefix, env)


# --- what is installed ---


def recipe(root: Path, level: str = "lessons") -> dict[str, str]:
    """Return what an installation depends on; when any of it changes, the environment is brought up to date."""
    digest = hashlib.sha256()
    locks = [lock for each, lock in LOCKS.items() if (each == "site") == (level == "site")]
    for name in ("pyproject.toml", *locks):
        digest.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    return {"packages": digest.hexdigest(), "python": sys.version, "checkout": str(root)}


def read_marker(env: Path) -> dict | None:
    """Return what the marker of `env` says, or None when cgviz has not made that environment."""
    try:
        return dict(json.loads((env / MARKER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {} if os.path.exists(env / MARKER) else None  # damaged, but ours


def write_marker(env: Path, content: dict) -> None:
    """Write the marker in one step, so that it is never half written."""
    fresh = env / (MARKER + ".new")
    fresh.write_text(json.dumps(content, indent=1), encoding="utf-8")
    os.replace(fresh, env / MARKER)


def is_whole(env: Path) -> bool:
    """Tell whether the last installation into `env` came to its end, of whatever it was."""
    return (read_marker(env) or {}).get("level") in LEVELS and os.path.exists(python_of(env))


def is_ready(env: Path, root: Path, level: str) -> bool:
    """Tell whether `env` holds all of `level` as this checkout wants it."""
    if not is_whole(env):
        return False
    marker, want = read_marker(env) or {}, recipe(root, level)
    has = level in HOLDS[marker["level"]]
    return has and all(marker.get(name) == want[name] for name in ("packages", "checkout")) and works(env, marker)


def works(env: Path, marker: dict) -> bool:
    """Tell whether the Python of `env` is the one that its packages were installed for.

    Which Python asks does not matter: the environment's own is started. It is another one where the system's, on which
    it is built, has been replaced.
    """
    made_for = str(marker.get("python", ""))
    if made_for == sys.version:
        return True
    try:
        told = install_env.run([str(python_of(env)), "-c", "import sys; print(sys.version)"])
    except OSError:
        return False
    return told.returncode == 0 and release(told.stdout) == release(made_for)


def release(version: str) -> list[str]:
    """Return the numbers of a Python that its packages depend on.

    >>> release("3.11.7 (main, Jun  4 2024) [GCC 12.2.0]")
    ['3', '11']
    """
    return version.split(" ", 1)[0].split(".")[:2]


def refuse_to_erase(env: Path, root: Path, known: dict) -> None:
    """Stop before anything is done to an environment that another checkout works with; raises SetupError."""
    other = known.get("checkout")
    if not other or other == str(root) or env.is_relative_to(root) or not (Path(other) / "pyproject.toml").is_file():
        return
    raise SetupError(
        f"the environment {env} is that of another checkout, {other}: choose another place for this one's with the "
        f"environment variable CGVIZ_ENV, or remove the folder {env} if that one is not used any more."
    )


def set_up(env: Path, root: Path, level: str) -> None:
    """Make, repair or update the environment; raises SetupError with what to do when that cannot be done."""
    install_env.refuse_file(env, "choose another place with the environment variable CGVIZ_ENV")
    marker, want = read_marker(env), recipe(root, level)
    known = marker or {}
    refuse_to_erase(env, root, known)
    update = is_whole(env) and known.get("checkout") == want["checkout"] and works(env, known)
    had = next((each for each in (known.get("level"), known.get("had")) if each in LEVELS), None)
    level = had if had and level in HOLDS[had] else level  # never less than was there
    try:
        env.mkdir(parents=True, exist_ok=True)
        if marker is None and any(env.iterdir()):
            raise SetupError(
                f"the folder {env} is there, but cgviz did not make it: rename or remove it, "
                "or choose another place with the environment variable CGVIZ_ENV."
            )
        with occupancy.alone(env) as nobody_else:
            if not nobody_else:
                raise SetupError(
                    f"the environment {env} has to be changed, and a command of cgviz runs in it, such as the lessons "
                    "in JupyterLab: stop that first (Ctrl-C where it was started), then run the same command again."
                )
            kept = {"had": had, "checkout": known.get("checkout")}  # should this be interrupted
            write_marker(env, {"level": None, **{name: x for name, x in kept.items() if x}})
            install_env.install(
                env, root, LOCKS[level], anew=not (update or is_here(env)), keep=(MARKER, occupancy.LOCK)
            )
            write_marker(env, {**want, "level": level})
    except install_env.NetworkError:
        if update:  # nothing was touched: what worked before still works, and the update is tried again next time
            write_marker(env, known)
        raise
    except OSError as problem:
        raise SetupError(
            f"cannot write to {env} ({problem.strerror or problem}): copy this folder to a place of your own, or put "
            "the environment elsewhere by setting CGVIZ_ENV to a folder that you can write to."
        ) from None


def start_again(env: Path, argv: list[str]) -> None:
    """Run the same command with the environment's Python; does not return."""
    command = [str(python_of(env)), "-m", "cgviz", *argv]
    os.environ[STARTED] = str(env)
    for name in install_env.STRAY_PYTHON_SETTINGS:
        os.environ.pop(name, None)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    child = subprocess.Popen(command)
    while True:  # Ctrl-C reaches the child as well: let it close down, and pass on what it says
        with contextlib.suppress(KeyboardInterrupt):
            sys.exit(child.wait())
