"""Which Python the site carries for the browser: the files of Pyodide and of the packages built for it, by hash.

    python3 -m cgviz.site.pins CORE [LOCK ...]

writes `pins.json` anew from a folder of Pyodide's core and from the locks of releases with the same binary interface,
the first of which the others stand in for. A file is known by its hash alone, so it does not matter who hands it over.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("pins.json")
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
ALWAYS = ("micropip",)
SCIENCE = ("numpy", "matplotlib", "pillow")
"""What lessons from the tenth on compute and draw with, and what is large: the site can do without."""
KEPT = ("version", "file_name", "sha256", "imports", "depends")
"""What is kept of an entry of Pyodide's lock."""


@cache
def read() -> dict[str, Any]:
    """Return the pins: ``info`` and ``core`` of Pyodide, and ``releases`` of packages, the preferred one first."""
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def names(science: bool) -> list[str]:
    """Return the packages that the site takes from Pyodide's distribution.

    >>> names(science=False)
    ['micropip']
    """
    (first, *_) = read()["releases"].values()
    return closure(first, [*ALWAYS, *SCIENCE] if science else list(ALWAYS))


def closure(packages: dict[str, Any], wanted: list[str]) -> list[str]:
    """Return the wanted packages and all that they depend on."""
    seen: dict[str, None] = {}
    todo = list(reversed(wanted))
    while todo:
        name = todo.pop()
        if name not in seen:
            seen[name] = None
            todo.extend(reversed(packages[name]["depends"]))
    return list(seen)


def entry(name: str, pinned: dict[str, Any]) -> dict[str, Any]:
    """Return what Pyodide's lock says of a package."""
    return {"name": name, "install_dir": "site", "package_type": "package", "unvendored_tests": False, **pinned}


def main(arguments: list[str]) -> int:
    """Write `pins.json`; return 0. Raises OSError and KeyError where a folder or a lock is not what it should be."""
    core, *more = map(Path, arguments)
    version = json.loads((core / "package.json").read_text(encoding="utf-8"))["version"]
    locks = [core / "pyodide-lock.json", *more]
    info = json.loads(locks[0].read_text(encoding="utf-8"))["info"]
    releases = {}
    for path in locks:
        lock = json.loads(path.read_text(encoding="utf-8"))
        if lock["info"]["abi_version"] != info["abi_version"]:
            raise ValueError(f"{path} is of another binary interface than {locks[0]}")
        packages = lock["packages"]
        wanted = closure(packages, [*ALWAYS, *SCIENCE])
        kept = {name: {key: packages[name][key] for key in KEPT} for name in wanted}
        number = version if path == locks[0] else json.loads((path.parent / "package.json").read_text())["version"]
        releases[number] = kept
    hashes = {name: hashlib.sha256((core / name).read_bytes()).hexdigest() for name in CORE}
    found = {"version": version, "info": info, "core": hashes, "releases": releases}
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
