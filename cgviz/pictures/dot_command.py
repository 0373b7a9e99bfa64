"""The program ``dot``, run where the machine has it, and stopped where it takes too long."""

from __future__ import annotations

import shutil
import subprocess

TIME_LIMIT = 4.0
"""Seconds that ``dot`` is given before the built-in layout takes over."""


def run_dot(text: str, form: str, engine: str = "dot") -> bytes | None:
    """What ``dot`` makes of a source, or `None` if it is missing, fails, or takes too long.

    >>> run_dot("digraph {", "svg")
    """
    program = shutil.which(engine)
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, f"-T{form}"], input=text.encode("utf-8", "replace"), capture_output=True, timeout=TIME_LIMIT
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None
