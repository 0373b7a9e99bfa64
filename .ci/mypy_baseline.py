"""Compare what mypy finds with tests/mypy_baseline.txt, which says how many errors each module may still have.

    python .ci/mypy_baseline.py            fails where a module has another number of errors than stands there
    python .ci/mypy_baseline.py --write    writes the numbers anew; refused where there would be more in all

So the errors of a module that is moved move with it, and their sum can only fall.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "tests" / "mypy_baseline.txt"
ERROR = re.compile(r"^(\S[^:]*\.pyi?):\d+: error: .*$", re.MULTILINE)
WRITE = "`python .ci/mypy_baseline.py --write`"


def output() -> str:
    """Return what mypy prints about the package; stops where it cannot run at all."""
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "mypy", "--hide-error-context", "--no-error-summary", "--no-pretty"]
        command += ["--no-color-output", "--cache-dir", os.environ.get("MYPY_CACHE_DIR", cache)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1) or done.stderr:
        sys.exit(done.stderr or done.stdout)
    return done.stdout.replace("\\", "/")


def errors(text: str) -> Counter[str]:
    r"""Count the errors of each module in mypy's output.

    >>> errors("cgviz/ops/op.py:3: error: Missing  [misc]\ncgviz/op.py:5: note: So")
    Counter({'cgviz/ops/op.py': 1})
    """
    return Counter(match[1] for match in ERROR.finditer(text))


def read(text: str) -> Counter[str]:
    """Return the numbers of a baseline.

    >>> read(" 2 cgviz/ops/op.py")
    Counter({'cgviz/ops/op.py': 2})
    """
    return Counter({path: int(count) for count, path in map(str.split, text.splitlines())})


def written(counts: Counter[str]) -> str:
    """Return the baseline for these numbers: a line for each module, in alphabetical order."""
    return "".join(f"{count:3} {path}\n" for path, count in sorted(counts.items()))


def faults(text: str, allowed: Counter[str]) -> list[str]:
    """Return what is to be done before the errors in mypy's output are those that are allowed."""
    found, sentences = errors(text), []
    for path in sorted(found | allowed):
        if found[path] > allowed[path]:
            mine = [match[0] for match in ERROR.finditer(text) if match[1] == path]
            sentences.append(f"{path} may have {allowed[path]} errors:\n  " + "\n  ".join(mine))
        elif found[path] < allowed[path]:
            sentences.append(f"{path} has {found[path]} errors, no longer {allowed[path]}: {WRITE} keeps it so")
    return sentences


def main(arguments: list[str]) -> int:
    """Compare or write; return 0 where everything agrees."""
    text, allowed = output(), read(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else None
    found = errors(text)
    if "--write" in arguments:
        if allowed is not None and found.total() > allowed.total():
            print(f"mypy: {found.total()} errors, and there were {allowed.total()}: mend the new ones", file=sys.stderr)
            return 1
        BASELINE.write_text(written(found), encoding="utf-8", newline="\n")
        return 0
    sentences = faults(text, allowed or Counter())
    print("\n".join(sentences) or f"mypy: the {found.total()} errors that are known, and no other")
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
