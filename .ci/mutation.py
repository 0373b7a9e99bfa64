"""Change the package in one small way after the other, and see whether a test notices: what nobody notices is untested.

    .venv/bin/python .ci/mutation.py cgviz/ops/domain.py tests/ops tests/test_edges.py
    .venv/bin/python .ci/mutation.py --most 60 cgviz/chain_rule/flow.py tests/chain_rule

Each change is made in a copy of the project: a comparison is turned, an operator is another, a number is one more, a
condition is negated, a return gives nothing, a statement is left out. It prints each change that survived, and how
many were noticed. It takes the time of the tests for each change, so it is run by hand, in parts.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TURNED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
TURNED |= {ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
OTHER = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult}
OTHER |= {ast.Mod: ast.Add, ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr}
SECONDS = 120
"""A change may make a test run for ever: after so long, or ten times what all take unchanged, it counts as noticed."""


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The changes of one node: what each is, and the node that it makes."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in TURNED:
        new = copy.deepcopy(node)
        new.ops[0] = TURNED[type(node.ops[0])]()
        yield "comparison", new
    elif isinstance(node, ast.BinOp) and type(node.op) in OTHER and not isinstance(node.left, ast.JoinedStr):
        new = copy.deepcopy(node)
        new.op = OTHER[type(node.op)]()
        yield "operator", new
    elif isinstance(node, ast.BoolOp):
        new = copy.deepcopy(node)
        new.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        yield "and/or", new
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield "without its sign", node.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield "number", ast.copy_location(ast.Constant(node.value + 1), node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "bool", ast.copy_location(ast.Constant(not node.value), node)
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        new = copy.copy(node)
        new.test = ast.UnaryOp(ast.Not(), node.test)
        yield "condition", new
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "return", ast.Return(ast.Constant(None))
    elif isinstance(node, (ast.Raise, ast.AugAssign, ast.Continue)) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield "left out", ast.Pass()


def mutants(source: str) -> list[tuple[int, str, str, str]]:
    """All changed sources of a module: the line, what was changed, what stood there, and the whole new text.

    >>> [(line, kind) for line, kind, _, _ in mutants("def f(x):\\n    return x + 1\\n")]
    [(2, 'return'), (2, 'operator'), (2, 'number')]
    """
    tree = ast.parse(source)
    annotations = {
        id(part)
        for node in ast.walk(tree)
        for field in ("annotation", "returns")
        if (held := getattr(node, field, None)) is not None
        for part in ast.walk(held)
    }
    found = []
    for parent in ast.walk(tree):
        for field, held in ast.iter_fields(parent):
            for place, node in enumerate(held if isinstance(held, list) else [held]):
                if not isinstance(node, ast.AST) or id(node) in annotations:
                    continue
                for kind, new in changes(node):
                    ast.copy_location(new, node)
                    if isinstance(held, list):
                        held[place] = new
                    else:
                        setattr(parent, field, new)
                    changed = ast.unparse(ast.fix_missing_locations(tree))
                    if isinstance(held, list):
                        held[place] = node
                    else:
                        setattr(parent, field, node)
                    before = ast.unparse(node).splitlines()[0][:90]
                    found.append((node.lineno, kind, before, changed))
    return sorted(found, key=lambda one: one[0])


def survives(copied: Path, module: str, changed: str, tests: list[str], seconds: float) -> bool:
    """Whether the tests pass with the module changed."""
    path = copied / module
    kept = path.read_text(encoding="utf-8")
    path.write_text(changed, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--override-ini", "addopts="]
    command += ["--import-mode=importlib", *tests]
    env = os.environ | {"PYTHONPATH": str(copied), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copied, env=env, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_text(kept, encoding="utf-8")
    return done.returncode == 0


def main() -> int:
    """Try the changes of one module with the tests that are to notice them; print what survives, and the share."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module")
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--most", type=int, default=0, help="so many changes, drawn by chance; 0 for all")
    given = parser.parse_args()
    found = mutants((ROOT / given.module).read_text(encoding="utf-8"))
    whole = len(found)
    if given.most and whole > given.most:
        found = sorted(random.Random(0).sample(found, given.most), key=lambda one: one[0])
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, "copy")
        shutil.copytree(ROOT, copied, ignore=shutil.ignore_patterns(".*", "node_modules", "__pycache__"))
        start = time.monotonic()
        if not survives(copied, given.module, (copied / given.module).read_text(encoding="utf-8"), given.tests, 3600):
            print("the tests fail without any change, or take too long", file=sys.stderr)
            return 2
        left, seconds = 0, max(SECONDS, 10 * (time.monotonic() - start))
        for line, kind, before, changed in found:
            if survives(copied, given.module, changed, given.tests, seconds):
                left += 1
                print(f"{given.module}:{line}: {kind}: {before}", flush=True)
    noticed = len(found) - left
    share = 100 * noticed / len(found)
    print(f"{given.module}: {noticed} of {len(found)} changes noticed ({share:.0f} %), of {whole} that there are")
    return 0


if __name__ == "__main__":
    sys.exit(main())
