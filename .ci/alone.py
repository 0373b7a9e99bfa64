"""Run each test file alone, in its order and against it, twice in one process: tests that lean on others fail here.

.venv/bin/python .ci/alone.py                 all files but those that drive a browser or run the lessons
.venv/bin/python .ci/alone.py tests/ops       those of a folder, or a file
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("tests/browser", "tests/start", "tests/test_lessons.py", "tests/test_wheel.py", "tests/test_course.py")
"""They take minutes each, and make a process, an environment or a browser of their own for each test."""


def pytest_collection_modifyitems(items: list) -> None:
    """As a plugin of pytest: each test twice, the second time against the order."""
    if len(items) > 1:  # one that stands twice in a row is not set up anew
        items += items[-2::-1] + items[-1:]


def files(asked: list[str]) -> list[Path]:
    """The test files below these places, or all."""
    places = [ROOT / place for place in asked or ["tests"]]
    found = [path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("test_*.py")))]
    return [path for path in found if asked or not path.relative_to(ROOT).as_posix().startswith(LEFT_OUT)]


def main() -> int:
    """Run them, print which failed, and return 1 if one did."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / ".ci")])}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "alone", "-p", "no:cacheprovider"]
    command += ["--override-ini", "addopts=", "--import-mode=importlib"]
    start, failed, found = time.monotonic(), [], files(sys.argv[1:])
    for path in found:
        done = subprocess.run([*command, str(path)], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 5):
            failed.append(path)
            print(f"{path.relative_to(ROOT)}:\n{done.stdout[-1500:]}", flush=True)
    print(f"{len(found)} test files alone, twice each, {len(failed)} failed, {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
