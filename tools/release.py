"""Make a release: version, changelog, commit, tag, packages, and a try of them in fresh environments.

    python3 tools/release.py 0.2.0            does it all in a copy, and leaves nothing behind
    python3 tools/release.py 0.2.0 --write    the same, and keeps it: a commit and a tag here, the packages in dist/

Nothing is published: RELEASING.md says what comes next. Standard library only; it needs git and the package index.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:rc(\d+))?")
HOME = re.compile(r'^__version__ = "([^"]*)"$', re.MULTILINE)
CITED = re.compile(r"^version: (.*)$", re.MULTILINE)
UNRELEASED = "## [Unreleased]\n"
SECTION = re.compile(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
PINS = "tools/pins.txt"
TOOLS = ("build", "hatchling", "twine")
SMOKE = "tools/smoke.py"


class ReleaseError(Exception):
    """What speaks against this release, in one sentence that says what helps."""


def main(argv: list[str]) -> int:
    """Make the release, or only try to; return 0 if it went well."""
    parser = argparse.ArgumentParser(prog="release.py", description="Make a release, or only try to.")
    parser.add_argument("version", help="the version to release, such as 0.2.0")
    parser.add_argument("--write", action="store_true", help="keep it: a commit and a tag here, the packages in dist/")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="the day of the release (today)")
    parser.add_argument(
        "--python", action="append", metavar="PROGRAM", help="a Python to try the packages in (all found)"
    )
    options = parser.parse_args(argv)
    try:
        refuse(ROOT, options.version)
        pythons = found(options.python or [])
        with tempfile.TemporaryDirectory(prefix="cgviz-release-", ignore_cleanup_errors=True) as place:
            copy = Path(place, "copy")
            step("a copy, its version and its changelog", lambda: prepare(ROOT, copy, options.version, options.date))
            tools = step("the tools", lambda: environment(Path(place, "tools"), sys.executable, *pinned(copy)))
            packages = step("the packages", lambda: build(tools, copy, Path(place, "dist")))
            step(
                "twine check --strict", lambda: run(str(tools), "-m", "twine", "check", "--strict", *map(str, packages))
            )
            for python in pythons:
                for package in packages:
                    step(f"{package.name} in {python}", lambda p=python, f=package: smoke(p, f, copy, options.version))
            if options.write:
                keep(ROOT, copy, options.version, packages)
    except ReleaseError as problem:
        print(f"release: {problem}", file=sys.stderr)
        return 1
    print(NEXT.format(version=options.version) if options.write else DRY.format(version=options.version))
    return 0


NEXT = "Version {version} is committed, tagged, and in dist/. RELEASING.md says how it is published."
DRY = "All of version {version} went well in a copy, which is gone. With --write it is kept."


# --- what speaks against it ---


def refuse(root: Path, version: str) -> None:
    """Stop ahead of a release that cannot be; raises ReleaseError."""
    if not VERSION.fullmatch(version):
        raise ReleaseError(f"{version!r} is no version: three numbers, such as 0.2.0, or 0.2.0rc1 for one to be tried.")
    if dirty := git(root, "status", "--porcelain"):
        first = dirty.splitlines()[0].split(maxsplit=1)[1]
        raise ReleaseError(
            f"the tree has changes that are not committed ({first}): commit them or put them away first."
        )
    if git(root, "tag", "--list", f"v{version}"):
        raise ReleaseError(f"the tag v{version} is there already: choose the next version.")
    current = version_of(root)
    newest = max(
        [current, *(tag[1:] for tag in git(root, "tag", "--list", "v*").split() if VERSION.fullmatch(tag[1:]))],
        key=order,
    )
    released = f"## [{current}]" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
    if order(version) < order(newest) or (order(version) == order(newest) and (released or newest != current)):
        raise ReleaseError(f"{version} is not newer than {newest}: choose a later version.")
    section = SECTION.search((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    if section is None or not re.search(r"^- ", section[1], re.MULTILINE):
        raise ReleaseError("CHANGELOG.md has nothing under *Unreleased*: say there what a user will notice.")


def version_of(root: Path) -> str:
    """Return the version of a checkout, from its one home."""
    found_here = HOME.search((root / "cgviz" / "__init__.py").read_text(encoding="utf-8"))
    if found_here is None:
        raise ReleaseError('cgviz/__init__.py has no line like `__version__ = "0.2.0"`: that is the version\'s home.')
    return found_here[1]


def order(version: str) -> tuple[float, ...]:
    """Return what versions are put in order by: a candidate comes before its release.

    >>> sorted(["0.10.0", "0.9.0", "0.10.0rc1"], key=order)
    ['0.9.0', '0.10.0rc1', '0.10.0']
    """
    match = VERSION.fullmatch(version)
    if match is None:
        return (-1.0,)
    *numbers, candidate = match.groups()
    return (*map(float, numbers), float(candidate) if candidate else float("inf"))


# --- making it ---


def prepare(root: Path, copy: Path, version: str, date: str) -> None:
    """Clone what is committed, write the version and the changelog there, commit and tag."""
    run("git", "clone", "--quiet", "--no-local", str(root), str(copy))
    for name in ("user.name", "user.email"):
        if value := git(root, "config", "--default", "", "--get", name):
            run("git", "-C", str(copy), "config", name, value)
    edit(copy / "cgviz" / "__init__.py", lambda text: HOME.sub(f'__version__ = "{version}"', text))
    edit(copy / "CITATION.cff", lambda text: CITED.sub(f"version: {version}", text))
    edit(copy / "CHANGELOG.md", lambda text: changelog(text, version, date))
    run("git", "-C", str(copy), "commit", "--quiet", "--all", "--message", f"Version {version}")
    run("git", "-C", str(copy), "tag", "--annotate", f"v{version}", "--message", f"Version {version}")


def changelog(text: str, version: str, date: str) -> str:
    """Return the changelog with what was unreleased under a version, and nothing unreleased.

    >>> changelog("## [Unreleased]\\n\\n- A thing.\\n", "0.2.0", "2026-05-01")
    '## [Unreleased]\\n\\n## [0.2.0] - 2026-05-01\\n\\n- A thing.\\n'
    """
    return text.replace(UNRELEASED, f"{UNRELEASED}\n## [{version}] - {date}\n", 1)


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Write a file anew, as `change` has it."""
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def pinned(root: Path) -> tuple[str, ...]:
    """Return what pip is told to install the tools, in the versions that stand in one place."""
    return ("-c", str(root / PINS), *TOOLS)


def environment(folder: Path, python: str, *install: str) -> Path:
    """Make a fresh environment with what is to be installed; return its Python."""
    run(python, "-m", "venv", str(folder))
    inside = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    run(str(inside), "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check", *install)
    return inside


def build(tools: Path, copy: Path, folder: Path) -> list[Path]:
    """Build the wheel and the sdist; return their paths."""
    run(str(tools), "-m", "build", "--no-isolation", "--outdir", str(folder), str(copy))
    return sorted(folder.iterdir(), key=lambda path: path.suffix, reverse=True)


def smoke(python: str, package: Path, copy: Path, version: str) -> None:
    """Install a package into a fresh environment and use it there, away from the checkout."""
    with tempfile.TemporaryDirectory(prefix="cgviz-smoke-", ignore_cleanup_errors=True) as place:
        inside = environment(Path(place, "env"), python, str(package))
        shutil.copy(copy / SMOKE, place)
        run(str(inside), "-I", str(Path(place, Path(SMOKE).name)), version, cwd=Path(place))


def found(asked: list[str]) -> list[str]:
    """Return the Pythons to try the packages in: those that are asked for, or all that are here and supported."""
    if missing := [name for name in asked if not works(name)]:
        raise ReleaseError(f"{missing[0]} is not on this machine: name a Python that is, or leave --python out.")
    if asked:
        return asked
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = [f"python{version}" for version in re.findall(r"Python :: (3\.\d+)\"", text)]
    return [name for name in names if works(name)] or [sys.executable]


def works(python: str) -> bool:
    """Tell whether a Python is here and starts: a name on the path may stand for one that was never installed."""
    with contextlib.suppress(OSError):
        return subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0
    return False


def keep(root: Path, copy: Path, version: str, packages: list[Path]) -> None:
    """Take over the commit, the tag and the packages. The branch moves forward, or nothing changes."""
    git(root, "pull", "--quiet", "--ff-only", "--no-tags", str(copy), "HEAD")
    git(root, "fetch", "--quiet", str(copy), f"refs/tags/v{version}:refs/tags/v{version}")
    (root / "dist").mkdir(exist_ok=True)
    for package in packages:
        shutil.copy(package, root / "dist")


def git(root: Path, *arguments: str) -> str:
    """Run git in a checkout; return what it prints."""
    return run("git", "-C", str(root), *arguments)


def run(*command: str, cwd: Path | None = None) -> str:
    """Run a program; return what it prints. Raises ReleaseError with its last lines if it fails."""
    try:
        done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError as problem:
        raise ReleaseError(f"{command[0]} cannot be run ({problem.strerror}): install it first.") from None
    if done.returncode:
        told = " / ".join((done.stdout + done.stderr).strip().splitlines()[-3:])
        raise ReleaseError(f"`{' '.join(map(str, command[:6]))} …` failed: {told or 'it did not say why'}")
    return done.stdout.strip()


def step(title: str, work: Callable[[], Any]) -> Any:
    """Do a piece of the work, with a line that says what and how long it took."""
    print(f"{title} ... ", end="", flush=True)
    start = time.monotonic()
    try:
        done = work()
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - start:.0f} s", flush=True)
    return done


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
