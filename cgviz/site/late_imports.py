"""In a browser: loads NumPy, matplotlib and their kin when a line of ours imports them, which nothing there foresees.

The kernel reads the imports of a cell and loads what they need. What cgviz imports itself, and only where it is used,
it cannot see. So a finder fetches the wheels of the site when such an import comes, and waits; a site that was built
without them says so.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import io
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from typing import Any, NoReturn

PROVIDED = {"numpy": "NumPy", "matplotlib": "matplotlib", "PIL": "Pillow"}


class LateImports:
    """A finder for the modules that are fetched when they are first imported."""

    def __init__(self) -> None:
        self.done: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        """Fetch what is missing, and let Python look again. Raises ModuleNotFoundError where the site has it not."""
        if name not in PROVIDED or name in self.done:
            return None
        self.done.add(name)
        packages = read_list()
        wanted = next((key for key, entry in packages.items() if name in entry["imports"]), None)
        if wanted is None:
            self.done.discard(name)
            refuse(name)
        load(wanted, packages)
        importlib.invalidate_caches()
        return importlib.util.find_spec(name)


def refuse(name: str) -> NoReturn:
    """Say that this site has no such package."""
    raise ModuleNotFoundError(
        f"{PROVIDED[name]} is needed here, and this site was built without it: open the lesson on Binder or on your "
        "own machine, or ask whoever built the site for one with NumPy and matplotlib.",
        name=name,
    )


def install() -> None:
    """Put the finder behind all others, and the learner's folder behind all other places: what is there is found first.

    That folder is kept by the page, and each question for a file in it goes there and back: ten times a second.
    """
    if "" in sys.path:
        sys.path.remove("")
        sys.path.append("")
    if not any(isinstance(finder, LateImports) for finder in sys.meta_path):
        sys.meta_path.append(LateImports())


def read_list() -> dict[str, Any]:
    """Return the packages of the site, as its list has them."""
    import pyodide_js

    return dict(pyodide_js._api.lockfile.packages.to_py())


def load(name: str, packages: dict[str, Any]) -> None:
    """Unpack a package and what it depends on, but for what has been loaded."""
    import pyodide_js

    loaded = pyodide_js.loadedPackages.to_py()
    todo, wheels = [name], {}
    while todo:
        key = todo.pop()
        if key not in wheels and key not in loaded:
            wheels[key] = packages[key]
            todo.extend(packages[key]["depends"])
    for key, entry in wheels.items():
        with zipfile.ZipFile(io.BytesIO(fetch(entry["file_name"], entry["sha256"]))) as archive:
            archive.extractall(sysconfig.get_path("purelib"))
        setattr(pyodide_js.loadedPackages, key, "cgviz")


def fetch(file: str, sha256: str) -> bytes:
    """Return the content of a wheel of the site, waiting for it. Raises ImportError where it does not come whole."""
    import js
    import pyodide_js

    request = js.XMLHttpRequest.new()
    request.open("GET", f"{pyodide_js._api.config.packageBaseUrl}{file}", False)
    request.responseType = "arraybuffer"
    request.send()
    if request.status != 200:
        raise ImportError(f"{file} could not be fetched from this site ({request.status}): load the page again")
    content = bytes(request.response.to_bytes())
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ImportError(f"{file} is not the one that this site was built with: load the page again")
    return content
