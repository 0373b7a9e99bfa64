"""A copy of the project, in which a test does what a page has somebody do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLAINLY = ("-q", "-p", "no:cacheprovider", "--override-ini", "addopts=", "--import-mode", "importlib")


def copy_of_the_project(folder):
    """Put what the tests need of the project into a folder, to be changed there."""
    ignored = shutil.ignore_patterns("__pycache__", ".*", "my-*")
    for name in ("benchmarks", "cgviz", "tests", "docs", "lessons"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for path in (*ROOT.glob("*.md"), *(ROOT / name for name in ("LICENSE", "package.json", "pyproject.toml"))):
        shutil.copy(path, folder)


def run_python(folder, *arguments):
    """Run Python in a copy of the project; return what it prints. It has to end well."""
    env = os.environ | {"PYTHONPATH": str(folder)}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def replace(path, old, new):
    """Put a text in the place of another one, which has to be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def after(path, start, new):
    """Put a piece of text into a file, after the statement or line that begins with `start`."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(i for i, line in enumerate(lines) if line.lstrip().startswith(start)) + 1
    while lines[place].startswith("   ") and not lines[place - 1].startswith("   "):
        place += 1  # the rest of the row
    path.write_text("".join([*lines[:place], new, *lines[place:]]), encoding="utf-8")
