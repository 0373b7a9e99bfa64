"""What all tests share, and what some of them need that no lock brings.

A test asks for PyTorch, for the program ``dot``, for Node.js, for a browser or for a contributor by the fixture of that
name, and by nothing else. So it is skipped, with the reason, where that is missing; and ``--needs=torch,dot`` runs the
tests that need one of these, all of them, and fails where one cannot run.
"""

import atexit
import importlib
import importlib.util
import shutil
import subprocess
import sys

import pytest
from hypothesis import settings

from cgviz import Value

# The same examples in every run, on every machine, with nothing written to the disk.
settings.register_profile("cgviz", derandomize=True, deadline=None, database=None)
settings.load_profile("cgviz")

NEEDS = {
    "torch": "PyTorch is not installed",
    "dot": "the program dot is not on this machine",
    "nodejs": "Node.js is not on this machine, or is older than 18",
    "browser": "no Chromium or Chrome was found (CGVIZ_CHROMIUM can name one)",
    "site": "there is no site without a server (python3 -m cgviz site builds one; CGVIZ_SITE can name it)",
    "sphinx": "what builds the documentation's site is not installed (python3 -m cgviz docs --set-up-only)",
    "contributor": "it takes long, and is for who changes the project (--needs=contributor runs it)",
}


def pytest_addoption(parser):
    parser.addoption(
        "--needs",
        type=lambda text: text.split(","),
        default=[],
        help=f"run the tests that need one of these, and fail where one of them is missing: {', '.join(NEEDS)}",
    )


def pytest_collection_modifyitems(config, items):
    asked = set(config.getoption("--needs"))
    if unknown := asked - NEEDS.keys():
        raise pytest.UsageError(f"--needs={','.join(unknown)}: choose from {', '.join(NEEDS)}")
    if asked:
        chosen = [bool(asked.intersection(getattr(item, "fixturenames", ()))) for item in items]
        config.hook.pytest_deselected(items=[item for item, taken in zip(items, chosen, strict=True) if not taken])
        items[:] = [item for item, taken in zip(items, chosen, strict=True) if taken]
    turns = {}
    for item in items:
        turns[item.path] = min(turn(item), turns.get(item.path, 2))
    items.sort(key=lambda item: turns[item.path])


def turn(item):
    """Long files go first to the machine's cores, which take one by one: none is left alone with such a file."""
    fixtures = getattr(item, "fixturenames", ())
    if "lab" in fixtures:
        return 0  # a browser, a server and a kernel
    return 1 if "browser" in fixtures or item.path.suffix == ".ipynb" or "lessons" in item.path.name else 2


@pytest.fixture(scope="session")
def missing(request):
    """Ends a test that cannot run for want of something: skipped, or failed where that was to be there."""

    def end(name):
        if name in request.config.getoption("--needs"):
            pytest.fail(f"{NEEDS[name]}, and it was asked for by --needs", pytrace=False)
        pytest.skip(NEEDS[name])

    return end


@pytest.fixture(scope="session")
def torch(missing):
    """PyTorch."""
    if importlib.util.find_spec("torch") is None:
        missing("torch")
    return importlib.import_module("torch")


@pytest.fixture(scope="session")
def dot(missing):
    """The path of Graphviz's program."""
    return shutil.which("dot") or missing("dot")


@pytest.fixture(scope="session")
def sphinx(missing):
    """What builds the documentation's site."""
    if any(importlib.util.find_spec(name) is None for name in ("furo", "myst_nb", "sphinx")):
        missing("sphinx")
    return importlib.import_module("sphinx")


@pytest.fixture(scope="session")
def contributor(request, missing):
    """Somebody who changes the project: what is of no use to others, and takes long, runs where it is asked for."""
    if "contributor" not in request.config.getoption("--needs"):
        missing("contributor")


@pytest.fixture(scope="session")
def nodejs(missing):
    """The path of Node.js, which runs the tests of the page's code without a page."""
    program = shutil.which("node")
    version = (
        subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout if program else ""
    )
    return program if version and int(version[1:].split(".")[0]) >= 18 else missing("nodejs")


@pytest.fixture
def seed():
    """The worked example L = (a*b + c)*d: the nodes a, b, c, d, e, f and L, made anew for each test."""
    a, b, c, d = Value(2.0, "a"), Value(-3.0, "b"), Value(10.0, "c"), Value(-2.0, "d")
    e = a * b
    e.label = "e"
    f = e + c
    f.label = "f"
    L = f * d
    L.label = "L"
    return a, b, c, d, e, f, L


@pytest.fixture
def ipython(tmp_path, monkeypatch):
    """A fresh IPython, which leaves nothing behind: not its instance, its files, its history, nor its `__main__`.

    A shell puts a module of its own in the place of `__main__`, where whatever is pickled, spawned or looked up by
    name later in the same process would find it.
    """
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False  # else a thread writes it
    config.InteractiveShell.colors = "nocolor"
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr(sys, "path", list(sys.path))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config)
    yield shell
    InteractiveShell.clear_instance()
    atexit.unregister(shell.atexit_operations)  # it would be emptied only when Python ends, and slowly
