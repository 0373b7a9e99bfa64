"""``cgviz test``: the style checks and every test, lessons included, in one go."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cgviz.start.environment as setup_env
from cgviz.start.install import SetupError

USAGE = """usage: cgviz test [--set-up-only] [pytest's options]

Run ruff, then all tests (the lessons are tests too). Any further argument goes to pytest,
for example `cgviz test -k value` or `cgviz test lessons/`; then only the tests named are run.
"""


def main(argv: list[str]) -> int:
    """Run the checks in the checkout, print how it went, and return 0 when everything passed."""
    if "-h" in argv or "--help" in argv:
        print(USAGE, end="")
        return 0
    root = setup_env.checkout()
    if root is None:
        raise SetupError(
            "the tests run from a checkout of the project (`python3 -m cgviz test` there), not from a wheel."
        )
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cgviz-test-", ignore_cleanup_errors=True) as home:
        failed = [name for name, command in checks(argv).items() if call(command, root, Path(home))]
    seconds = time.monotonic() - start
    if failed:
        print(f"\ncgviz test: FAILED ({', '.join(failed)}) after {seconds:.0f} s.")
        return 1
    print(f"\ncgviz test: everything passed in {seconds:.0f} s.")
    return 0


def checks(argv: list[str]) -> dict[str, list[str]]:
    """Return the commands to run, by name; a full run shares the files out over the machine's cores."""
    ruff, pytest = [sys.executable, "-m", "ruff"], [sys.executable, "-m", "pytest", "-rs"]
    return {
        "ruff check": [*ruff, "check", "--quiet", "--output-format=concise", "."],
        "ruff format": [*ruff, "format", "--quiet", "--check", "--output-format=concise", "."],
        "pytest": [*pytest, *(argv or ["--numprocesses=auto"])],
    }


def call(command: list[str], root: Path, home: Path) -> int:
    """Run one check in the checkout, away from the person's own Jupyter and IPython settings; return its exit code."""
    private = {name: str(home / name.lower()) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
    sys.stdout.flush()
    return subprocess.call(command, cwd=root, env={**os.environ, **private, "JUPYTER_PREFER_ENV_PATH": "1"})
