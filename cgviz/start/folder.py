"""A learner's own copy of the lessons: new lessons arrive, and nothing that the learner wrote is ever lost.

Notebooks are for writing in, and JupyterLab saves by itself, so nobody works in the originals. A small manifest in the
folder remembers what was put there. From it each file is one of: new, untouched (updated in place), the learner's
(left alone), or changed by both (the new one is put beside it, as ``01-….new.ipynb``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MANIFEST = ".cgviz-lessons.json"
PATTERNS = ("*.ipynb", "data/**/*", "images/**/*")  # what a learner needs; pyproject.toml puts the same into the wheel


class Delivery(NamedTuple):
    """What `deliver` did, as lists of paths relative to the folder; `beside` holds the (theirs, ours) pairs."""

    new: list[str]
    updated: list[str]
    kept: list[str]
    beside: list[tuple[str, str]]


def originals() -> Path | None:
    """Return the folder of the lessons that came with this package: the checkout's, or the wheel's."""
    package = Path(__file__).resolve().parents[1]
    found = [folder for folder in (package / "_lessons", package.parent / "lessons") if folder.is_dir()]
    return found[0] if found else None


def files(folder: Path) -> Iterator[Path]:
    """Yield what a learner needs from a folder of lessons, in order, as paths relative to it."""
    for pattern in PATTERNS:
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and ".ipynb_checkpoints" not in path.parts:
                yield path.relative_to(folder)


def first(folder: Path) -> str | None:
    """Return the name of the first lesson in a folder, or None where there is no notebook."""
    return min((path.name for path in folder.glob("*.ipynb")), default=None)


def fingerprint(path: Path) -> str:
    """Return a hash of what a person writes in a file: for a notebook the cells' sources, without their outputs.

    So a lesson that was only run, sliders moved and all, counts as untouched.
    """
    content = path.read_bytes()
    if path.suffix == ".ipynb":
        try:
            cells = [(c["cell_type"], "".join(c["source"]), c.get("attachments")) for c in json.loads(content)["cells"]]
            content = json.dumps(cells, sort_keys=True).encode()
        except (ValueError, KeyError, TypeError):
            pass  # not a notebook after all: every byte counts
    return hashlib.sha256(content).hexdigest()


def deliver(source: Path, folder: Path) -> Delivery:
    """Bring the lessons of `source` into `folder`; raises OSError when it cannot be written to.

    Deleting a lesson from the folder is the way to get a fresh one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given, done = read_manifest(folder), Delivery([], [], [], [])
    for path in files(source):
        name, theirs = path.as_posix(), folder / path
        ours = fingerprint(source / path)
        if not theirs.exists():
            place(source / path, theirs)
            done.new.append(name)
        elif (found := fingerprint(theirs)) == ours:
            pass
        elif found == given.get(name):
            place(source / path, theirs)
            done.updated.append(name)
        elif ours == given.get(name):
            done.kept.append(name)
        else:
            spare = beside(theirs, ours, folder, given)
            place(source / path, spare)
            spare_name = spare.relative_to(folder).as_posix()
            given[spare_name] = ours
            done.beside.append((name, spare_name))
        given[name] = ours
    write_manifest(folder, given)
    return done


def beside(path: Path, ours: str, folder: Path, given: dict[str, str]) -> Path:
    """Return a name next to `path` that is free, or whose file the learner has not touched."""
    for n in range(1, 1000):
        spare = path.with_name(f"{path.stem}.new{n if n > 1 else ''}{path.suffix}")
        if not spare.exists() or fingerprint(spare) in (ours, given.get(spare.relative_to(folder).as_posix())):
            return spare
    raise FileExistsError(f"too many files named {path.stem}.new… in {folder}: remove some of them")


def place(source: Path, target: Path) -> None:
    """Copy a file in one step, so that an interrupted copy leaves nothing half written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(target.name + ".part")
    shutil.copyfile(source, half)  # the content alone: originals may be read-only, copies must not be
    os.replace(half, target)


def read_manifest(folder: Path) -> dict[str, str]:
    """Return the fingerprints of what was put into the folder, by name; an unreadable manifest counts as empty."""
    try:
        return dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def write_manifest(folder: Path, given: dict[str, str]) -> None:
    """Remember what was put into the folder."""
    half = folder / (MANIFEST + ".part")
    half.write_text(json.dumps(given, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(half, folder / MANIFEST)
