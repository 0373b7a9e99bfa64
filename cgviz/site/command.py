"""``cgviz site``: build the lessons as a site that any static host serves, with a Python that runs in the browser."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import cgviz.start.environment as setup_env
import cgviz.start.folder as lessons_folder
from cgviz.site.assembly import build, collect, lay_out
from cgviz.site.supply import Supply
from cgviz.start.install import SetupError, refuse_file

MARKER = "cgviz-site.json"
"""Stands in each site that this command has built: what has it may be replaced by a newer one."""
KEPT = "site-files"
USUAL = Path("build", "site", "lite")
"""Beside the documentation's site, whose buttons ``try it`` lead here; both are published side by side."""


def main(argv: list[str]) -> int:
    """Build the site and say where it is; return 0. Raises SetupError with what is in the way."""
    options = parser().parse_args(argv)
    root = setup_env.checkout()
    if root is None:
        raise SetupError("the site is built from a checkout of the project (`python3 -m cgviz site` there).")
    folder = Path(os.path.expanduser(options.folder)).absolute() if options.folder else root / USUAL
    wheels = Path(os.path.expanduser(options.wheels)).absolute() if options.wheels else None
    start = time.monotonic()
    refuse_folder(folder)
    supply = Supply(wheels, setup_env.environment(root, "site") / KEPT)
    source = lessons_folder.originals()
    assert source is not None  # a checkout has them
    try:
        with tempfile.TemporaryDirectory(prefix=".cgviz-site-", dir=folder.parent) as place:
            lite, built = Path(place, "source"), Path(place, "built")
            lite.mkdir()
            parts = collect(root, supply, Path(place), False if options.light else None)
            pyodide = lay_out(parts, source, lite)
            build(lite, built, pyodide)
            (built / MARKER).write_text(f'{{"pyodide": "{pyodide}"}}\n', encoding="utf-8")
            replace(folder, built)
    except OSError as problem:
        raise SetupError(
            f"cannot write to {folder} ({problem.strerror or problem}): name a folder of your own, for example "
            "`python3 -m cgviz site ~/lessons-site`."
        ) from None
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 2**20
    science = "with" if parts.science else "without"
    print(f"The site is in {folder}: {size:.1f} MB, {len(files)} files, {science} NumPy and matplotlib", end=" ")
    print(f"({time.monotonic() - start:.0f} s).")
    print(f"To see it here: {Path(sys.executable).name} -m http.server --bind 127.0.0.1 --directory {folder}")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the reader of the options."""
    reader = argparse.ArgumentParser(
        prog="cgviz site",
        description="Build the lessons as a site whose Python runs in the browser; any static host serves it.",
        allow_abbrev=False,
    )
    reader.add_argument("folder", nargs="?", help=f"where the site shall be ({USUAL.as_posix()} in the checkout)")
    reader.add_argument("--wheels", metavar="FOLDER", help="take Pyodide's files from here instead of the network")
    reader.add_argument(
        "--light", action="store_true", help="leave out NumPy, matplotlib and Pillow (lessons 10 to 16)"
    )
    reader.add_argument("--set-up-only", action="store_true", help="prepare the environment and stop")
    return reader


def refuse_folder(folder: Path) -> None:
    """Stop ahead of the work where the site cannot stand; raises SetupError."""
    refuse_file(folder, "name another one")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise SetupError(f"the folder {folder} is not empty, and holds no site that cgviz built: name another one.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder if folder.is_dir() else folder.parent):
            pass
    except OSError as problem:
        raise SetupError(
            f"cannot write to {folder} ({problem.strerror or problem}): name a folder of your own, for example "
            "`python3 -m cgviz site ~/lessons-site`."
        ) from None


def replace(folder: Path, built: Path) -> None:
    """Put a new site in the place of an older one, which stays until the new one is whole."""
    if folder.is_dir():
        old = built.with_name("old")
        folder.rename(old)
        try:
            built.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        shutil.rmtree(old, ignore_errors=True)
    else:
        built.rename(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
