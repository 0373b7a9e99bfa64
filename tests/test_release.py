"""The command that makes a release: what it refuses, and what it does to a checkout, in a small one with real git."""

from __future__ import annotations

import runpy
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RELEASE = runpy.run_path(str(ROOT / "tools" / "release.py"))
NOTES = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- The first.\n"


def git(root, *arguments):
    return subprocess.run(
        ["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def checkout(tmp_path):
    root = tmp_path / "checkout"
    (root / "cgviz").mkdir(parents=True)
    (root / "cgviz" / "__init__.py").write_text('"""cgviz."""\n\n__version__ = "0.1.0"\n')
    (root / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 0.1.0\n")
    (root / "CHANGELOG.md").write_text(NOTES)
    (root / ".gitignore").write_text("/dist/\n")
    git(root, "init", "--quiet")
    git(root, "config", "user.name", "Ada")
    git(root, "config", "user.email", "ada@example.org")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Begin")
    return root


def told(root, version):
    try:
        RELEASE["refuse"](root, version)
    except RELEASE["ReleaseError"] as problem:
        return str(problem)
    return ""


def commit(root, path, text):
    (root / path).write_text(text)
    git(root, "commit", "--quiet", "--all", "--message", "Change")


def test_a_clean_checkout_with_a_newer_version_and_notes_is_released(checkout):
    assert [told(checkout, version) for version in ("0.1.1", "0.2.0rc1", "0.2.0", "1.0.0")] == [""] * 4


def test_the_first_version_may_be_the_one_that_stands_there(checkout):
    commit(checkout, "CHANGELOG.md", NOTES.partition("## [0.1.0]")[0])
    assert told(checkout, "0.1.0") == ""
    assert told(checkout, "0.0.9") == "0.0.9 is not newer than 0.1.0: choose a later version."


@pytest.mark.parametrize("version", ["1.2", "v0.2.0", "0.2.0-beta", "", "0.2.0.dev1", "0.2.0 "])
def test_what_is_no_version_is_refused(checkout, version):
    assert told(checkout, version).startswith(f"{version!r} is no version: three numbers, such as 0.2.0")


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9", "0.1.0rc1"])
def test_a_version_that_is_not_newer_is_refused(checkout, version):
    assert told(checkout, version) == f"{version} is not newer than 0.1.0: choose a later version."


def test_a_version_older_than_a_tag_is_refused(checkout):
    git(checkout, "tag", "v0.3.0")
    assert told(checkout, "0.2.0") == "0.2.0 is not newer than 0.3.0: choose a later version."
    assert told(checkout, "0.3.0") == "the tag v0.3.0 is there already: choose the next version."
    assert told(checkout, "0.3.1") == ""


@pytest.mark.parametrize(("path", "text"), [("new.txt", "new"), ("CITATION.cff", "changed")])
def test_a_tree_with_changes_is_refused(checkout, path, text):
    (checkout / path).write_text(text)
    assert f"changes that are not committed ({path})" in told(checkout, "0.2.0")


@pytest.mark.parametrize("notes", ["", "### Added\n\n", "Nothing yet.\n\n"])
def test_a_release_without_notes_is_refused(checkout, notes):
    commit(checkout, "CHANGELOG.md", NOTES.replace("### Added\n\n- A thing.\n\n", notes))
    assert told(checkout, "0.2.0") == "CHANGELOG.md has nothing under *Unreleased*: say there what a user will notice."


def test_each_refusal_is_one_sentence_and_the_command_ends_with_1(checkout, capsys, monkeypatch):
    monkeypatch.setitem(RELEASE["main"].__globals__, "ROOT", checkout)
    assert RELEASE["main"](["0.0.1"]) == 1
    assert capsys.readouterr().err == "release: 0.0.1 is not newer than 0.1.0: choose a later version.\n"


def test_a_release_is_made_in_a_copy_and_taken_over_whole(checkout, tmp_path):
    before = git(checkout, "rev-parse", "HEAD")
    copy = tmp_path / "copy"
    RELEASE["prepare"](checkout, copy, "0.2.0", "2026-05-01")
    assert (git(checkout, "rev-parse", "HEAD"), git(checkout, "tag")) == (before, "")
    package = tmp_path / "cgviz_lessons-0.2.0.tar.gz"
    package.write_bytes(b"packed")
    RELEASE["keep"](checkout, copy, "0.2.0", [package])
    assert git(checkout, "rev-parse", "HEAD^") == before
    assert git(checkout, "rev-list", "-1", "v0.2.0") == git(checkout, "rev-parse", "HEAD")
    assert git(checkout, "log", "-1", "--format=%s %an") == "Version 0.2.0 Ada"
    assert RELEASE["version_of"](checkout) == "0.2.0"
    assert "\nversion: 0.2.0\n" in (checkout / "CITATION.cff").read_text()
    notes = (checkout / "CHANGELOG.md").read_text()
    assert notes == NOTES.replace("## [Unreleased]\n", "## [Unreleased]\n\n## [0.2.0] - 2026-05-01\n")
    assert (checkout / "dist" / package.name).read_bytes() == b"packed"
    assert told(checkout, "0.2.1").startswith("CHANGELOG.md has nothing under *Unreleased*")


def test_a_program_that_fails_is_told_in_one_sentence(tmp_path):
    with pytest.raises(RELEASE["ReleaseError"], match=r"`git -C .* failed: fatal: not a git repository"):
        RELEASE["git"](tmp_path, "log")
    with pytest.raises(RELEASE["ReleaseError"], match="no-such-program cannot be run"):
        RELEASE["run"]("no-such-program")


def test_a_python_that_is_not_here_is_refused_and_all_that_are_here_are_tried():
    with pytest.raises(RELEASE["ReleaseError"], match=r"python2\.0 is not on this machine"):
        RELEASE["found"](["python2.0"])
    assert RELEASE["found"]([])


def test_its_tools_have_their_versions_in_one_place():
    pins = {line.partition("==")[0] for line in (ROOT / RELEASE["PINS"]).read_text().splitlines() if "==" in line}
    assert set(RELEASE["TOOLS"]) == pins


def test_it_edits_the_lines_that_the_project_has():
    text = (ROOT / "cgviz" / "__init__.py").read_text(encoding="utf-8")
    assert len(RELEASE["HOME"].findall(text)) == 1
    assert len(RELEASE["CITED"].findall((ROOT / "CITATION.cff").read_text(encoding="utf-8"))) == 1
    assert RELEASE["UNRELEASED"] in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
