"""``cgviz docs``: the documentation as a site, built by the checkout's own `docs/site/build.py`."""

from __future__ import annotations

import subprocess
import sys

import cgviz.start.environment as setup_env
from cgviz.start.install import SetupError


def main(argv: list[str]) -> int:
    """Build the site in a Python of its own; return its exit code."""
    root = setup_env.checkout()
    if root is None:
        raise SetupError(
            "the site is built from a checkout of the project (`python3 -m cgviz docs` there), not from a wheel."
        )
    return subprocess.call([sys.executable, str(root / "docs" / "site" / "build.py"), *argv])
