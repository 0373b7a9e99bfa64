"""The list from which the browser's Python loads packages: each wheel, what it is imported as, and what it needs."""

from __future__ import annotations

import email.parser
import json
import re
import zipfile
from pathlib import Path
from typing import Any

from cgviz.site.supply import fingerprint

NAME = "pyodide-lock.json"


def place(python: str) -> dict[str, str]:
    """Return what a Python in the browser answers to the questions of a requirement's marker."""
    return {
        "extra": "",
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": "wasm32",
        "platform_python_implementation": "CPython",
        "platform_system": "Emscripten",
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": "emscripten",
    }


def canonical(name: str) -> str:
    """Return a package's name as locks spell it.

    >>> canonical("IPython.Pygments_Lexers")
    'ipython-pygments-lexers'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(wheel: Path, python: str) -> list[str]:
    """Return the packages that a wheel needs in the browser, without those of its extras."""
    from packaging.requirements import Requirement

    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        metadata = email.parser.Parser().parsestr(archive.read(path).decode("utf-8"))
    there = place(python)
    needed = (Requirement(line) for line in metadata.get_all("Requires-Dist") or ())
    return [canonical(each.name) for each in needed if each.marker is None or each.marker.evaluate(there)]


def top_level(wheel: Path) -> list[str]:
    """Return the names under which a wheel is imported."""
    with zipfile.ZipFile(wheel) as archive:
        paths = [name.split("/") for name in archive.namelist() if name.endswith(".py")]
    heads = {parts[0].removesuffix(".py") for parts in paths}
    return sorted(head for head in heads if head.isidentifier())


def describe(wheel: Path, depends: list[str]) -> dict[str, Any]:
    """Return the entry of a wheel."""
    name, version, *_ = wheel.name.split("-")
    return {
        "name": canonical(name),
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": fingerprint(wheel),
        "package_type": "package",
        "imports": top_level(wheel),
        "depends": depends,
        "unvendored_tests": False,
    }


def write(folder: Path, info: dict[str, str], entries: list[dict[str, Any]]) -> None:
    """Write the list into the folder of the files that it names."""
    packages = {entry["name"]: entry for entry in sorted(entries, key=lambda entry: entry["name"])}
    (folder / NAME).write_text(json.dumps({"info": info, "packages": packages}), encoding="utf-8")
