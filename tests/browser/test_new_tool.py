"""A tool of the live view is added as the page for contributors says, in a copy of the project: no more is needed."""

import re
import shlex
import subprocess

import pytest

from tests.project_copy import PLAINLY, ROOT, after, copy_of_the_project, run_python

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("\n## A tool of the live view\n")[2].partition("\n## ")[0]
KINDS = ("tool", "computes", "shows", "told", "commands")
PIECES = dict(zip(KINDS, re.findall(r"^```\w*\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL), strict=True))
PATHS = re.findall(r"^\d\. .*?`((?:cgviz|tests)/[\w/.-]+)`", SECTION, re.MULTILINE)
"""The files that are named: the tool's, the list of the buttons, the two tests."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project with the tool of the page."""
    folder = tmp_path_factory.mktemp("copy")
    copy_of_the_project(folder)
    tool, buttons, computes, shows = (folder / path for path in PATHS)
    for path, piece in ((tool, "tool"), (computes, "computes"), (shows, "shows")):
        path.write_text(PIECES[piece], encoding="utf-8")
    line, before = re.search(r"`(import [^`]+)` after that of `([\w.]+)`", SECTION).groups()
    after(buttons, f'import "./tools/{before}";', f"{line}\n")
    after(folder / "docs" / "live-view.md", "gradient. Without a choice it follows", f"\n{PIECES['told']}")
    assert run_python(folder, "-m", "cgviz.live.javascript") == ""
    return folder


def pytest_of_the_page(copy, *options):
    """Run the tests that the page names; return how many passed."""
    lines = re.findall(r"^python3 -m cgviz test (.*)$", PIECES["commands"], re.MULTILINE)
    tests = [path for line in lines for path in shlex.split(line)]
    said = run_python(copy, "-m", "pytest", *PLAINLY, *options, *tests)
    return int(re.search(r"(\d+) passed", said)[1])


def test_the_page_takes_the_tool(copy):
    assert pytest_of_the_page(copy, "-k", "test_javascript") > 10


def test_what_it_computes_is_tried_without_a_page(copy, nodejs):
    command = re.search(r"^node (.*)$", PIECES["commands"], re.MULTILINE)[1]
    pattern = shlex.split(command)[-1]
    files = sorted(str(path) for path in copy.glob(pattern))
    assert len(files) == len(list(ROOT.glob(pattern))) + 1
    done = subprocess.run([nodejs, "--test", "--test-reporter=tap", *files], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0 and "# Subtest: the input with the largest gradient comes first" in done.stdout, (
        done.stdout
    )
    assert pytest_of_the_page(copy, "--needs=nodejs") > 3


def test_its_button_is_there_and_works(copy, browser):
    assert pytest_of_the_page(copy, "--needs=browser", "-k", "rank or Rank") == 4
