"""The pages with examples, as notebooks in the site that needs no server, where the buttons `try it` open them.

That site's files lie in ``files``, and what it tells a page of a folder in ``api/contents/…/all.json``.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from nbformat import NotebookNode

TIME = "2000-01-01T00:00:00Z"  # the same at each build: nobody looks at it


def join(site: Path, notebooks: dict[str, NotebookNode]) -> int:
    """Add notebooks, without outputs, to a JupyterLite site; return how many: none where there is no such site."""
    listing = site / "api" / "contents"
    if not (listing / "all.json").is_file():
        return 0
    for name, page in notebooks.items():
        bare = nbformat.from_dict({**page, "cells": [without_outputs(cell) for cell in page.cells]})
        target = site / "files" / f"{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(bare, target)
        for path in (PurePosixPath(f"{name}.ipynb"), *PurePosixPath(name).parents):
            if str(path) != ".":
                tell(listing, path, target.stat().st_size)
    return len(notebooks)


def without_outputs(cell: NotebookNode) -> NotebookNode:
    """Return a cell as it is before it is run."""
    return nbformat.from_dict(cell | ({"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}))


def tell(listing: Path, path: PurePosixPath, size: int) -> None:
    """Add a file or a folder to what the site tells of the folder that it is in."""
    file = listing / path.parent / "all.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    there = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else entry(path.parent, None)
    others = [each for each in there["content"] or [] if each["path"] != str(path)]
    there["content"] = sorted([*others, {**entry(path, size), "content": None}], key=lambda each: each["path"])
    file.write_text(json.dumps(there), encoding="utf-8")


def entry(path: PurePosixPath, size: int | None) -> dict[str, Any]:
    """Return what the site tells of a file, or of a folder, which has no size."""
    folder = not path.suffix
    return {
        "content": [],
        "created": TIME,
        "format": "json" if folder else None,
        "hash": None,
        "hash_algorithm": None,
        "last_modified": TIME,
        "mimetype": None,
        "name": path.name,
        "path": "" if str(path) == "." else str(path),
        "size": None if folder else size,
        "type": "directory" if folder else "notebook",
        "writable": True,
    }
