"""What is given out: the wheel's contents, and the locks. Needs no network."""

import json
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import cgviz
from cgviz.start.environment import LOCKS

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return Path(path)


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder that holds what the wheel holds, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_its_name_and_version(wheel):
    assert wheel.name == f"cgviz_lessons-{cgviz.__version__}-py3-none-any.whl"


def test_the_lessons_are_in_it(names):
    here = {path.name for path in (ROOT / "lessons").glob("*.ipynb")}
    assert here
    assert {name for name in names if name.startswith("cgviz/_lessons/") and name.endswith(".ipynb")} == {
        f"cgviz/_lessons/{name}" for name in here
    }


def test_the_modules_and_what_the_browser_needs_are_in_it(names):
    wanted = [*(ROOT / "cgviz").rglob("*.py"), *(ROOT / "cgviz").rglob("*.pyi"), ROOT / "cgviz" / "py.typed"]
    wanted += (ROOT / "cgviz" / "live" / "static").rglob("*.*s")
    assert {path.relative_to(ROOT).as_posix() for path in wanted} <= names


def test_nothing_else_is_in_it(names):
    allowed = re.compile(
        r"cgviz/.*\.(py|pyi|js|css|svg|typed)|cgviz/site/\w+\.(html|json)"
        r"|cgviz/_lessons/([^/]+\.ipynb|(data|images)/.*)"
        r"|cgviz_lessons-[^/]+\.dist-info/.*"
    )
    assert [name for name in sorted(names) if not allowed.fullmatch(name)] == []
    assert [name for name in names if Path(name).name.startswith(("test_", "conftest"))] == []


def test_its_licence_and_command_are_in_it(installed):
    (info,) = installed.glob("*.dist-info")
    assert "cgviz = cgviz.__main__:main" in (info / "entry_points.txt").read_text()
    assert "MIT License" in (info / "licenses" / "LICENSE").read_text()
    metadata = (info / "METADATA").read_text(encoding="utf-8")
    assert "Name: cgviz-lessons\n" in metadata
    assert "Requires-Python: >=3.11\n" in metadata


def run(installed, *arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=installed, capture_output=True, text=True, timeout=60, check=False
    )


def test_installed_it_finds_its_own_lessons(installed):
    code = (
        "from cgviz.start.folder import originals, first; from cgviz.start.environment import checkout\n"
        "print(originals().name, first(originals()), checkout())"
    )
    folder, lesson, checkout = run(installed, "-c", code).stdout.split()
    assert (folder, lesson[:3], checkout) == ("_lessons", "01-", "None")


def test_installed_it_sends_tests_to_a_checkout(installed):
    done = run(installed, "-m", "cgviz", "test")
    assert done.returncode == 1
    assert done.stderr.startswith("cgviz: the tests run from a checkout of the project")
    assert len(done.stderr.splitlines()) == 1


# --- the locks ---

PIN = re.compile(r"^([a-z0-9-]+)==(\S+?)( ; .*)? \\$", re.MULTILINE)


def lock(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name):
    """Return the versions of each package in a lock: several where they depend on the Python or the system."""
    found = {}
    for package, version, _ in PIN.findall(lock(name)):
        found.setdefault(package, []).append(version)
    return found


def wanted(group):
    """Return the requirements of a dependency group, those of the groups that it includes among them."""
    for entry in PROJECT["dependency-groups"][group]:
        if isinstance(entry, dict):
            yield from wanted(entry["include-group"])
        else:
            yield Requirement(entry)


LEARNERS = [
    Requirement(line)
    for line in PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["lessons"]
]


LEVELS = ("requirements.lock", "requirements-dev.lock", "requirements-docs.lock")


@pytest.mark.parametrize("name", [*LEVELS, "requirements-site.lock"])
def test_a_lock_names_no_host_and_hashes_everything(name):
    text = lock(name)
    assert not re.search(r"://|^\s*-|index|find-links", text.replace("    --hash", ""), re.MULTILINE)
    blocks = re.split(r"\n(?=\S)", text.strip())
    for block in blocks:
        assert re.fullmatch(r"[a-z0-9-]+==\S+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+", block), block[:200]
    assert len(blocks) == len(PIN.findall(text))


@pytest.mark.parametrize(
    ("name", "requirements"),
    [
        ("requirements.lock", [*LEARNERS, *wanted("build")]),
        ("requirements-dev.lock", [*LEARNERS, *wanted("dev")]),
        ("requirements-docs.lock", [*LEARNERS, *wanted("docs")]),
        ("requirements-site.lock", [*wanted("site")]),
    ],
)
def test_a_lock_is_in_step_with_pyproject(name, requirements):
    locked = pins(name)
    for requirement in requirements:
        versions = locked.get(requirement.name.lower())
        assert versions, f"{requirement} is not in {name}: write the locks again (CONTRIBUTING.md)"
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_the_locks_agree_and_each_holds_those_before_it():
    lessons, dev, docs = (set(re.split(r"\n(?=\S)", lock(name).strip())) for name in LEVELS)
    assert lessons < dev < docs
    assert tuple(LOCKS.values()) == (*LEVELS, "requirements-site.lock")


def test_the_lock_of_the_site_has_the_versions_of_the_others():
    theirs, others = pins("requirements-site.lock"), pins("requirements-dev.lock")
    shared = theirs.keys() & others.keys()
    assert len(shared) > 40
    assert {name: theirs[name] for name in shared} == {name: others[name] for name in shared}


def test_the_locks_serve_every_system_and_python():
    text = lock("requirements.lock")
    for marker in ("sys_platform == 'darwin'", "sys_platform == 'win32'", "python_full_version < '3.12'"):
        assert marker in text


def test_nothing_large_is_locked():
    assert not {"torch", "jax", "jaxlib", "casadi"} & set(pins("requirements-dev.lock"))


def test_binders_constraints_are_in_step():
    write = runpy.run_path(str(ROOT / "binder" / "constraints.py"))
    text = (ROOT / "binder" / "constraints.txt").read_text(encoding="utf-8")
    assert text == write["text"](), "run: python binder/constraints.py"
    assert "jupyter" not in text.removeprefix(write["HEAD"])


def test_binders_python_is_one_that_we_support():
    version = (ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    assert tuple(map(int, version.split("."))) >= (3, 11)


def test_the_badge_opens_the_first_lesson():
    first = min(path.name for path in (ROOT / "lessons").glob("*.ipynb"))
    assert f"/HEAD?urlpath=lab/tree/lessons/{first})" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_two_commands():
    blocks = re.findall(r"```\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert [b.strip() for b in blocks if "-m cgviz" in b][:2] == ["python3 -m cgviz lessons", "python3 -m cgviz test"]


def test_the_lock_of_what_checks_the_page_names_no_registry_and_hashes_everything():
    packages = json.loads(lock("package-lock.json"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    assert {"node_modules/typescript", "node_modules/eslint"} < packages.keys()
