"""The wheels that cgviz needs in the browser: those of the lock that are pure Python, what they need, and our own.

A wheel is believed by the hashes of ``requirements-site.lock``; what it needs it says itself, for a Python there.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cgviz.site.pyodide_lock import place, requirements
from cgviz.site.supply import Supply
from cgviz.start.install import NETWORK_SIGNS, NetworkError, SetupError, reason, run

LOCK = "requirements-site.lock"
PINNED = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ; ([^\\\n]+?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)
IN_THE_PAGE = {"jupyterlab-widgets", "widgetsnbextension"}
"""What ipywidgets asks for of JupyterLab's half: the page has it, and the kernel does not import it."""
OURS_UNUSED = re.compile(r"^cgviz/_lessons/|\.pyi$")
UNUSED = {"jedi": re.compile(r"^jedi/third_party/(django-stubs|typeshed/stubs|typeshed/stdlib/tkinter)/")}
"""Of the packages of others, what is large: jedi has stubs of packages that are not there."""


class Pin(NamedTuple):
    """A line of the lock: the package's version, and the hashes that its files may have."""

    name: str
    version: str
    hashes: tuple[str, ...]


def read_lock(text: str, python: str) -> dict[str, Pin]:
    """Return the pins of a lock that hold in the browser.

    >>> read_lock("a==1.0 ; sys_platform == 'win32' \\\\\\n    --hash=sha256:" + 64 * "0" + "\\n", "3.14.2")
    {}
    """
    from packaging.markers import Marker

    there = place(python)
    return {
        name: Pin(name, version, tuple(re.findall("[0-9a-f]{64}", hashes)))
        for name, version, marker, hashes in PINNED.findall(text)
        if not marker or Marker(marker).evaluate(there)
    }


def gather(lock: Path, wanted: Iterable[str], given: Iterable[str], supply: Supply, python: str) -> dict[str, Path]:
    """Return the wheels of the wanted packages and of all that they need, but for those that are `given` elsewhere."""
    pins = read_lock(lock.read_text(encoding="utf-8"), python)
    elsewhere = {*given, *IN_THE_PAGE}
    wheels: dict[str, Path] = {}
    todo = [name for name in wanted if name not in elsewhere]
    while todo:
        if strangers := [name for name in todo if name not in pins]:
            raise SetupError(f"{', '.join(strangers)} is needed in the browser, and {lock.name} does not have it.")
        wheels |= fetch([pins[name] for name in todo], supply, python)
        needed = {name for wheel in wheels.values() for name in requirements(wheel, python)}
        todo = sorted(needed - wheels.keys() - elsewhere)
    return wheels


def fetch(pins: list[Pin], supply: Supply, python: str) -> dict[str, Path]:
    """Return the pure wheels of these packages, from the folders or else from the package index, by their hashes."""
    wheels = {pin.name: wheel for pin in pins if (wheel := find_wheel(pin, supply))}
    rest = [pin for pin in pins if pin.name not in wheels]
    if not rest:
        return wheels
    with tempfile.TemporaryDirectory(prefix="cgviz-site-") as folder:
        lines = (
            f"{pin.name}=={pin.version} " + " ".join(f"--hash=sha256:{each}" for each in pin.hashes) for pin in rest
        )
        wish = Path(folder, "wish.txt")
        wish.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:"]
        command += ["--platform=any", "--implementation=py", "--abi=none", f"--python-version={python}"]
        done = run([*command, "--no-input", "--disable-pip-version-check", "-d", folder, "-r", str(wish)])
        if done.returncode:
            if any(sign in done.stdout for sign in NETWORK_SIGNS):
                raise NetworkError(
                    "the Python package index could not be reached: check the network, or name a folder that has the "
                    f"wheels, with --wheels; missing are {', '.join(pin.name for pin in rest)}."
                )
            raise SetupError(f"pip could not fetch the wheels for the browser: {reason(done.stdout)}.")
        for path in Path(folder).glob("*.whl"):
            supply.keep(path.name, path.read_bytes())
    for pin in rest:
        if (wheel := find_wheel(pin, supply)) is None:
            raise SetupError(f"{pin.name} {pin.version} has no wheel that runs in the browser.")
        wheels[pin.name] = wheel
    return wheels


def find_wheel(pin: Pin, supply: Supply) -> Path | None:
    """Return the wheel of a package that is here already."""
    stem = f"{pin.name.replace('-', '_')}-{pin.version}"
    names = (f"{stem}-{tag}-none-any.whl" for tag in ("py3", "py2.py3"))
    return next((path for name in names if (path := supply.find(name, pin.hashes))), None)


def build_ours(root: Path, folder: Path) -> Path:
    """Build the wheel of the checkout without its lessons, which the site has as files; return where it is."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"the wheel of cgviz could not be built: {reason(done.stdout + done.stderr)}.")
    (whole,) = folder.glob("cgviz_lessons-*.whl")
    slim = folder / "slim"
    slim.mkdir()
    return repack(whole, slim, OURS_UNUSED)


def repack(wheel: Path, folder: Path, unused: re.Pattern[str]) -> Path:
    """Write a wheel anew without the files that nothing in the browser reads; return where it is."""
    slim = folder / wheel.name
    with zipfile.ZipFile(wheel) as read, zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as write:
        for member in read.infolist():
            content = read.read(member)
            if unused.search(member.filename):
                continue
            if member.filename.endswith(".dist-info/RECORD"):
                lines = content.decode("utf-8").splitlines(keepends=True)
                content = "".join(line for line in lines if not unused.search(line.rsplit(",", 2)[0])).encode("utf-8")
            write.writestr(member, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return slim
