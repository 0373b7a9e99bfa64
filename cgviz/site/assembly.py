"""Puts the site together: Pyodide, the wheels and the lessons as JupyterLite builds from them, then its pages.

All of it stands in a folder beside the one that was asked for until it is whole, so a site is never half built.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import cgviz.site.front_page as front_page
import cgviz.site.pins as pins
import cgviz.site.pyodide_lock as pyodide_lock
import cgviz.start.folder as lessons_folder
from cgviz.site.browser_wheels import LOCK, UNUSED, build_ours, gather, repack
from cgviz.site.supply import Supply
from cgviz.start.install import NetworkError, SetupError, reason
from cgviz.start.lessons import SETTINGS

KERNEL = "@jupyterlite/pyodide-kernel-extension"
OURS = "cgviz-lessons"
AT_START = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython", OURS)
"""What is loaded while the browser's Python starts, all at once: the kernel would ask for one after another."""

UNREAD = ("**/*.map", "build/fa-*.svg", "build/fa-*.eot", "build/fa-*.ttf", "build/fa-*.woff", "doc/**/*.md")
"""What no page asks for: maps of the sources, and fonts for browsers too old for WebAssembly, which takes woff2."""


class Parts(NamedTuple):
    """What goes into a site: `core` files, `wheels` with their entries; `science` tells whether NumPy is there."""

    core: list[Path]
    wheels: list[tuple[Path, dict[str, Any]]]
    science: bool


def collect(root: Path, supply: Supply, work: Path, science: bool | None) -> Parts:
    """Find or fetch all files. With `science` None the large packages are taken where they are to be had."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_VERSION

    found = pins.read()
    if found["version"] != PYODIDE_VERSION:
        raise SetupError(
            f"the kernel wants Pyodide {PYODIDE_VERSION}, and cgviz knows the files of {found['version']}."
        )
    core = [supply.fetch(name, sha256, PYODIDE_CDN_URL) for name, sha256 in found["core"].items()]
    python = found["info"]["python"]
    wheels = packages(supply, PYODIDE_CDN_URL, names=pins.names(science=False))
    if science is not False:
        try:
            wheels |= packages(supply, PYODIDE_CDN_URL, names=pins.names(science=True))
        except NetworkError as problem:
            if science:
                raise
            print(f"Without NumPy, matplotlib and Pillow, which lessons 10 to 16 need: {problem}", file=sys.stderr)
    has_science = set(pins.SCIENCE) <= wheels.keys()
    entries = list(wheels.values())
    ours = build_ours(root, work)
    needs = [name for name in pyodide_lock.requirements(ours, python) if name not in pins.SCIENCE]
    given = {*wheels, *pins.SCIENCE}
    kernel = {pyodide_lock.canonical(path.name.split("-")[0]): path for path in kernel_wheels()}
    wanted = {*needs, *(name for path in kernel.values() for name in pyodide_lock.requirements(path, python))}
    pure = gather(root / LOCK, sorted(wanted), {*given, *kernel}, supply, python)
    for name, unused in UNUSED.items():
        if name in pure:
            pure[name] = repack(pure[name], work, unused)
    known = {*wheels, *kernel, *pure}
    for path in (*kernel.values(), *pure.values(), ours):
        depends = [name for name in pyodide_lock.requirements(path, python) if name in known - {*pins.SCIENCE}]
        entries.append((path, pyodide_lock.describe(path, depends)))
    return Parts(core, entries, has_science)


def packages(supply: Supply, address: str, names: list[str]) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Return packages of Pyodide's distribution with their entries, all of one release.

    That is the one whose files the person's folder has, or else the preferred one, from the network.
    """
    releases = pins.read()["releases"]
    for number, release in releases.items():
        others = [other for other in releases if other != number]
        paths = {name: find(name, release, [releases[other] for other in others], supply) for name in names}
        if all(paths.values()):
            return {name: (path, pins.entry(name, release[name])) for name, path in paths.items() if path}
    release = next(iter(releases.values()))
    return {
        name: (
            supply.fetch(release[name]["file_name"], release[name]["sha256"], address),
            pins.entry(name, release[name]),
        )
        for name in names
    }


def find(name: str, release: dict[str, Any], others: list[dict[str, Any]], supply: Supply) -> Path | None:
    """Return the file of a package in this release; one of another release under the same name is none of it."""
    wanted = release[name]
    hashes = {each[name]["sha256"] for each in (release, *others) if each[name]["file_name"] == wanted["file_name"]}
    path = supply.find(wanted["file_name"], hashes)
    return path if path and pyodide_lock.fingerprint(path) == wanted["sha256"] else None


def kernel_wheels() -> list[Path]:
    """Return the wheels of the kernel's own, which its extension of JupyterLab carries."""
    folder = Path(sys.prefix, "share", "jupyter", "labextensions", *KERNEL.split("/"), "static", "pypi")
    found = sorted(path for path in folder.glob("*.whl") if not path.name.startswith("widgetsnbextension"))
    if not found:
        raise SetupError(f"the kernel for the browser is not installed in {sys.prefix}: remove that folder, try again.")
    return found


def lay_out(parts: Parts, source: Path, work: Path) -> str:
    """Put all files where JupyterLite looks for them; return the name that the folder of Pyodide will have.

    That name changes with its content: so a browser that has kept files of an earlier version never mixes the two.
    """
    pyodide, files = work / "static" / "pyodide", work / "files"
    pyodide.mkdir(parents=True)
    for path in (*parts.core, *(path for path, _ in parts.wheels)):
        shutil.copyfile(path, pyodide / path.name)
    pyodide_lock.write(pyodide, pins.read()["info"], [entry for _, entry in parts.wheels])
    for path in lessons_folder.files(source):
        (files / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, files / path)
        if (
            path.suffix == ".svg"
        ):  # JupyterLite shows no picture that has a character beyond Latin-1, such as a minus sign
            text = (source / path).read_text(encoding="utf-8")
            (files / path).write_bytes(text.encode("ascii", "xmlcharrefreplace"))
    version = hashlib.sha256((pyodide / pyodide_lock.NAME).read_bytes()).hexdigest()[:12]
    (work / "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    (work / "jupyter-lite.json").write_text(json.dumps(settings(f"./static/pyodide-{version}")), encoding="utf-8")
    return f"pyodide-{version}"


def settings(folder: str) -> dict[str, Any]:
    """Return what the pages are told: where their Python is, and that nothing comes from elsewhere."""
    kernel = {
        "pyodideUrl": f"{folder}/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"lockFileURL": f"{folder}/{pyodide_lock.NAME}", "packages": list(AT_START)},
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "cgviz",
            "exposeAppInBrowser": True,  # for who looks from outside, as our tests do
            "litePluginSettings": {f"{KERNEL}:kernel": kernel},
        },
    }


def build(work: Path, out: Path, pyodide: str) -> None:
    """Let JupyterLite make the pages, then give them what is ours."""
    told = json.loads((work / "jupyter-lite.json").read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "jupyterlite_core", "build", f"--lite-dir={work}", f"--output-dir={out}"]
    command += ["--apps=lab", "--no-sourcemaps", "--no-unused-shared-packages"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SetupError(f"JupyterLite could not build the pages: {reason(done.stdout + done.stderr)}.")
    (out / "static" / "pyodide").rename(out / "static" / pyodide)
    path = out / "jupyter-lite.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    kernel = config["jupyter-config-data"]["litePluginSettings"][f"{KERNEL}:kernel"]
    kernel |= told["jupyter-config-data"]["litePluginSettings"][f"{KERNEL}:kernel"]
    path.write_text(json.dumps(config, indent=1), encoding="utf-8")
    for extra in (path for pattern in UNREAD for path in out.glob(pattern)):
        extra.unlink()
    front_page.write(out)
