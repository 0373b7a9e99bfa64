"""Run the tests of the core, and fail where less of one of its modules is covered than was before, branches counted.

    .venv/bin/python .ci/core_coverage.py

prints a line for each module. Tests of the browser, the lessons and the set-up are left out: they take minutes, and
what only they reach is better tried by a test of its own. A floor is what was reached, rounded down; it
only rises.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "cgviz.ops": 97,
    "cgviz.graph": 96,
    "cgviz.value": 96,
    "cgviz.chain_rule": 96,
    "cgviz.program": 97,
}
"""Percent of the lines and branches of each room."""
ELSEWHERE = {"cgviz/graph/pytorch.py"}
"""What is tried where PyTorch is."""
TESTS = ("tests/ops", "tests/graph", "tests/value", "tests/program", "tests/chain_rule", "tests/run", "tests/groups")
TESTS += ("tests/nn",)  # it records what is run for samples, by modules of `program` and `value`
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--override-ini", "addopts=", "--import-mode=importlib")


def files(name: str) -> list[str]:
    """Return the files of a module or of a package, as paths within the project.

    >>> files("cgviz.ops.rows")
    ['cgviz/ops/rows.py']
    """
    origin = Path(importlib.util.find_spec(name).origin)
    found = sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]
    return [name for path in found if (name := path.relative_to(ROOT).as_posix()) not in ELSEWHERE]


def percent(summaries: list[dict]) -> float:
    """Return how much of several files is covered, as `coverage json` sums them up.

    >>> percent([{"num_statements": 6, "covered_lines": 5, "num_branches": 2, "covered_branches": 1}])
    75.0
    """
    there = sum(summary["num_statements"] + summary["num_branches"] for summary in summaries)
    return 100 * sum(summary["covered_lines"] + summary["covered_branches"] for summary in summaries) / there


def below(report: dict, floors: dict[str, int]) -> list[str]:
    """Print each module of a report with its floor; return a sentence for each that has fallen below it."""
    sentences = []
    for name, floor in floors.items():
        found = {path: report["files"][path]["summary"] for path in files(name)}
        there = percent(list(found.values()))
        print(f"{name:16}{there:6.1f} %   floor {floor} %")
        if there < floor:
            least = min(found, key=lambda path: percent([found[path]]) if found[path]["num_statements"] else 100)
            sentences.append(
                f"{name}: {there:.1f} % of its lines and branches are covered, and it was {floor} % "
                f"(least of {least}, {percent([found[least]]):.0f} %)"
            )
    return sentences


def measure(tests: tuple[str, ...] = TESTS) -> dict:
    """Run the tests, and return what `coverage json` says of the modules of FLOORS; stops where a test fails."""
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"COVERAGE_FILE": str(Path(folder, "data")), "PYTHONPATH": str(ROOT)}
        include = "--include=" + ",".join(path for name in FLOORS for path in files(name))
        coverage = (sys.executable, "-m", "coverage")
        done = subprocess.run([*coverage, "run", "--branch", include, *PYTEST, *tests], cwd=ROOT, env=env, check=False)
        if done.returncode:
            sys.exit(done.returncode)
        report = Path(folder, "report.json")
        subprocess.run([*coverage, "json", "-q", "-o", str(report)], cwd=ROOT, env=env, check=True)
        return json.loads(report.read_text(encoding="utf-8"))


def main() -> int:
    """Measure, print, and return 1 where a module has fallen below its floor."""
    sys.path.insert(0, str(ROOT))
    sentences = below(measure(), FLOORS)
    for sentence in sentences:
        print(f"{sentence}: add the test that is missing", file=sys.stderr)
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
