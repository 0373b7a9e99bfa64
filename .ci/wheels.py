"""Ask the package index whether every package of the locks is there, built, for every Python and every kind of machine.

    python3 .ci/wheels.py [3.16 ...]

prints one line for each Python of pyproject.toml's classifiers (or those that are named) and fails where a learner
would have to build one from source. It needs uv (https://docs.astral.sh/uv/) and the network, and installs nothing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-docs.lock", "requirements-site.lock")
PLATFORMS = {
    "Linux x86-64": "x86_64-unknown-linux-gnu",
    "Linux arm64": "aarch64-unknown-linux-gnu",
    "macOS arm64": "aarch64-apple-darwin",
    "macOS x86-64": "x86_64-apple-darwin",
    "Windows x86-64": "x86_64-pc-windows-msvc",
}


def pythons() -> list[str]:
    """Return the Pythons that the project says it runs on, as pyproject.toml's classifiers name them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = (re.fullmatch(r"Programming Language :: Python :: (\d+\.\d+)", line) for line in project["classifiers"])
    return [match[1] for match in found if match]


def fault(uv: str, python: str, platform: str) -> str:
    """Return what is in the way of installing the locks there, or nothing."""
    with tempfile.TemporaryDirectory() as empty:
        for lock in LOCKS:
            command = [uv, "pip", "install", "--dry-run", "--only-binary", ":all:", "--require-hashes", "--no-config"]
            command += ["--python-version", python, "--python-platform", platform, "--python", sys.executable]
            command += ["--target", empty, "-r", str(ROOT / lock)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                return f"{lock}: {' '.join(done.stderr.split())}"
            if "Would install" not in done.stderr:
                return f"{lock}: uv would install nothing: {' '.join(done.stderr.split())}"
    return ""


def main(asked: list[str]) -> int:
    """Print the table and then what is missing; return 0 where nothing is."""
    uv = shutil.which("uv")
    if uv is None:
        print("wheels: not asked, for uv is not on this machine (`pip install uv`)", file=sys.stderr)
        return 2
    rows = asked or pythons()
    cells = [(row, name) for row in rows for name in PLATFORMS]
    with ThreadPoolExecutor(4) as pool:
        faults = dict(zip(cells, pool.map(lambda cell: fault(uv, cell[0], PLATFORMS[cell[1]]), cells), strict=True))
    for row in rows:
        print(f"Python {row}: " + ", ".join(f"{name} {'NO' if faults[row, name] else 'yes'}" for name in PLATFORMS))
    for (row, name), text in faults.items():
        if text:
            print(f"Python {row}, {name}: {text}", file=sys.stderr)
    print(f"wheels: {sum(not text for text in faults.values())} of {len(cells)}")
    return 1 if any(faults.values()) or not cells else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
