"""What no lock brings, a test asks for in one way: it is skipped where that is missing, or fails where promised."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent


def test_nobody_looks_for_what_is_not_in_the_locks_but_its_fixture():
    looks = re.compile(
        r'importorskip\(\s*"torch|^ *(import|from) torch\b|which\(\s*"(?:dot|node)"|chromium\(\)', re.MULTILINE
    )
    own = {TESTS / "conftest.py", TESTS / "browser" / "conftest.py", TESTS / "browser" / "lab.py", Path(__file__)}
    files = {path: path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path not in own}
    assert len(files) > 100
    assert [path.name for path, text in files.items() if looks.search(text)] == []


def test_the_gate_installs_nothing_without_a_version():
    gate = TESTS.parent / ".ci"
    commands = re.findall(r"pip install (.*?) 2>", (gate / "run").read_text(encoding="utf-8"))
    asked = {name for line in commands for name in line.split() if name[0] not in '-"'}
    lines = (gate / "tools.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert len(commands) == 3 and all('-c "$pins" ' in line for line in commands)
    assert asked == set(pinned)


SAMPLE = """
import pytest

def test_plain():
    pass

@pytest.mark.usefixtures("dot")
def test_of_dot():
    pass

def test_of_torch(torch):
    assert torch.marker == 1
"""


@pytest.mark.parametrize(
    ("dot", "torch", "options", "outcome"),
    [
        (False, False, (), "1 passed, 2 skipped"),
        (True, True, ("--needs=dot,torch",), "2 passed, 1 deselected"),
        (True, False, ("--needs=dot,torch",), "1 passed, 1 deselected, 1 error"),
        (True, True, ("--needs=dott",), "--needs=dott: choose from torch, dot, nodejs, browser"),
    ],
)
def test_a_test_runs_where_what_it_needs_is_there(tmp_path, dot, torch, options, outcome):
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    (tmp_path / "conftest.py").write_text((TESTS / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "bin").mkdir()
    (tmp_path / "modules").mkdir()
    if dot:
        program = tmp_path / "bin" / ("dot.exe" if os.name == "nt" else "dot")
        program.touch()
        program.chmod(0o755)
    stand_in = "marker = 1" if torch else "raise ModuleNotFoundError"
    (tmp_path / "modules" / "torch.py").write_text(stand_in)
    if not torch:  # also where it is installed
        (tmp_path / "modules" / "sitecustomize.py").write_text("import sys\nsys.modules['torch'] = None\n")
    paths = os.pathsep.join([str(tmp_path / "modules"), str(TESTS.parent)])
    env = {**os.environ, "PATH": str(tmp_path / "bin"), "PYTHONPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "."]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert outcome in done.stdout + done.stderr, done.stdout + done.stderr
    assert (done.returncode == 0) == outcome.endswith(("skipped", "deselected"))
