"""``cgviz docs``: the documentation as a site, built by the checkout's own `docs/site/build.py`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import cgviz.start.environment as setup_env
from cgviz.start.install import SetupError

USUAL = Path("build", "site", "docs")


def main(argv: list[str]) -> int:
    """Build the site in a Python of its own; return its exit code."""
    options = parser().parse_args(argv)
    root = setup_env.checkout()
    if root is None:
        raise SetupError(
            "the site is built from a checkout of the project (`python3 -m cgviz docs` there), not from a wheel."
        )
    folder = options.folder.expanduser().absolute() if options.folder else root / USUAL
    script = root / "docs" / "site" / "build.py"
    return subprocess.call([sys.executable, str(script), str(folder), options.lite])


def parser() -> argparse.ArgumentParser:
    """Return the reader of the options."""
    reader = argparse.ArgumentParser(
        prog="cgviz docs", description="Build the documentation as a site of plain files.", allow_abbrev=False
    )
    reader.add_argument("folder", nargs="?", type=Path, help=f"where to put it ({USUAL.as_posix()})")
    reader.add_argument(
        "--lite",
        default="../lite",
        metavar="ADDRESS",
        help="where the site without a server is, seen from this one, for the buttons `try it` (../lite); '' for none",
    )
    reader.add_argument("--set-up-only", action="store_true", help="install what this needs and stop")
    return reader
