"""The wheels for the browser: chosen by the lock, listed with what they need, and without what nothing reads."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from cgviz.site import pins, pyodide_lock
from cgviz.site.browser_wheels import LOCK, UNUSED, gather, read_lock, repack
from cgviz.site.supply import Supply, fingerprint
from cgviz.start.install import SetupError

ROOT = Path(__file__).resolve().parents[2]
PYTHON = pins.read()["info"]["python"]


def wheel(folder, name, *requires, files=()):
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        for each in files:
            archive.writestr(each, "x")
        lines = "".join(f"Requires-Dist: {each}\n" for each in requires)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{lines}")
        archive.writestr(f"{info}/RECORD", "".join(f"{each},,\n" for each in (f"{name}/__init__.py", *files)))
    return path


def lock(folder, *wheels):
    path = folder / "some.lock"
    lines = (f"{each.name.split('-')[0]}==1.0 \\\n    --hash=sha256:{fingerprint(each)}\n" for each in wheels)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_the_lock_gives_what_holds_in_the_browser():
    found = read_lock((ROOT / LOCK).read_text(encoding="utf-8"), PYTHON)
    assert {"ipython", "ipywidgets", "anywidget", "traitlets", "jedi", "graphviz", "tqdm"} <= found.keys()
    assert not {"colorama", "pexpect", "psutil"} & found.keys()  # of other systems
    assert all(pin.hashes for pin in found.values())


def test_what_a_wheel_needs_comes_along(tmp_path):
    first = wheel(
        tmp_path,
        "first",
        "second>=1",
        "third; sys_platform == 'win32'",
        "fourth; extra == 'more'",
        "widgetsnbextension",
    )
    second = wheel(tmp_path, "second", "given")
    found = gather(lock(tmp_path, first, second), ["first"], ["given"], Supply(tmp_path, tmp_path / "kept"), PYTHON)
    assert found == {"first": first, "second": second}


def test_what_the_lock_does_not_have_is_named(tmp_path):
    first = wheel(tmp_path, "first", "second")
    with pytest.raises(SetupError, match="second is needed in the browser, and some.lock does not have it"):
        gather(lock(tmp_path, first), ["first"], [], Supply(tmp_path, tmp_path), PYTHON)


def test_an_entry_says_what_is_imported_and_what_it_needs(tmp_path):
    entry = pyodide_lock.describe(wheel(tmp_path, "some_name", files=["single.py"]), ["other"])
    assert entry["name"] == "some-name"
    assert entry["imports"] == ["single", "some_name"]
    assert entry["depends"] == ["other"]
    pyodide_lock.write(tmp_path, {"python": PYTHON}, [entry])
    assert json.loads((tmp_path / pyodide_lock.NAME).read_text())["packages"]["some-name"] == entry


def test_what_nothing_reads_is_left_out_of_files_and_record(tmp_path):
    stub = "jedi/third_party/django-stubs/a.pyi"
    kept = "jedi/third_party/typeshed/stdlib/math.pyi"
    slim = tmp_path / "slim"
    slim.mkdir()
    path = repack(wheel(tmp_path, "jedi", files=[stub, kept]), slim, UNUSED["jedi"])
    with zipfile.ZipFile(path) as archive:
        assert stub not in archive.namelist()
        assert kept in archive.namelist()
        record = archive.read("jedi-1.0.dist-info/RECORD").decode()
    assert re.findall(r"^[^,]+", record, re.M) == ["jedi/__init__.py", kept]
