"""The page's code in Node.js: its own tests, and that what is sent to a page is JavaScript."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from cgviz.live import javascript

ROOT = Path(__file__).resolve().parents[2]
SENT = {
    "view": javascript.module,
    **{name: lambda name=name: javascript.module(name) for name in ("loader", "presence")},
    **{name: lambda name=name: javascript.part(name) for name in javascript.LATER},
    **{
        name: lambda name=name: javascript.script(name)
        for name in ("view_page", "descent_page", "output", "packed_output")
    },
    **{name: lambda name=name: javascript.module(name) for name in ("view_output", "descent_output")},
}


def run(program, *arguments):
    env = {name: text for name, text in os.environ.items() if not name.startswith("NODE_")}
    return subprocess.run(
        [program, *arguments], cwd=ROOT, env=env, capture_output=True, encoding="utf-8", timeout=120, check=False
    )


def test_the_tests_of_the_page_pass(nodejs):
    files = sorted(str(path) for path in (ROOT / "tests" / "page").glob("*.test.mjs"))
    done = run(nodejs, "--test", "--test-reporter=tap", *files)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)[1]) > 100


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_is_javascript(nodejs, tmp_path, name):
    path = tmp_path / "sent.mjs"
    path.write_text(SENT[name](), encoding="utf-8")
    done = run(nodejs, "--check", str(path))
    assert done.returncode == 0, done.stderr
