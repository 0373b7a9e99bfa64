"""``cgviz site``: what it refuses ahead of the work, and that an older site stays until the new one is whole."""

import json
import os

import pytest

from cgviz.site import command, front_page
from cgviz.site.assembly import Parts, lay_out, settings
from cgviz.site.command import MARKER, main, refuse_folder, replace
from cgviz.start.folder import files, originals
from cgviz.start.install import SetupError


def test_a_folder_with_something_else_in_it_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SetupError, match="is not empty, and holds no site that cgviz built: name another one"):
        refuse_folder(tmp_path)
    (tmp_path / MARKER).write_text("{}")
    refuse_folder(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([MARKER, "thesis.txt"])


def test_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "site").write_text("")
    with pytest.raises(SetupError, match="is a file, and a folder is needed there"):
        refuse_folder(tmp_path / "site")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(SetupError, match="cannot write to"):
        refuse_folder(tmp_path / "site")
    tmp_path.chmod(0o700)


def test_where_a_folder_cannot_be_made_one_sentence_says_so(tmp_path, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(command.tempfile, "TemporaryFile", refuse)
    with pytest.raises(SetupError, match=r"cannot write to .*site \(Permission denied\): name a folder of your own"):
        refuse_folder(tmp_path / "site")


def test_a_wheel_has_no_site_to_build(monkeypatch):
    monkeypatch.setattr(command.setup_env, "checkout", lambda: None)
    with pytest.raises(SetupError, match="the site is built from a checkout"):
        main([])


def test_a_new_site_takes_the_place_of_the_old_one_whole_or_not_at_all(tmp_path, monkeypatch):
    folder, work = tmp_path / "site", tmp_path / "work"
    work.mkdir()
    for text in ("old", "new"):
        (work / "built").mkdir()
        (work / "built" / "page").write_text(text)
        replace(folder, work / "built")
        assert (folder / "page").read_text() == text
    with pytest.raises(OSError):
        replace(folder, work / "gone")
    assert (folder / "page").read_text() == "new"


def test_each_version_has_a_folder_of_its_own(tmp_path):
    wheel = tmp_path / "n-1.whl"
    wheel.write_bytes(b"")
    names = []
    for version in ("1", "2"):
        work = tmp_path / version
        names.append(lay_out(Parts([], [(wheel, {"name": "n", "version": version})], False), originals(), work))
        assert json.loads((work / "jupyter-lite.json").read_text()) == settings(f"./static/{names[-1]}")
    assert len(set(names)) == 2
    assert {path.relative_to(work / "files") for path in (work / "files").rglob("*") if path.is_file()} == set(
        files(originals())
    )


def test_the_first_page_lists_the_lessons_and_both_pages_warn(tmp_path):
    (tmp_path / "lab").mkdir()
    (tmp_path / "files").mkdir()
    (tmp_path / "lab" / "index.html").write_text("<!DOCTYPE html><html><head><title>L</title></head></html>")
    lesson = originals() / "09-descent.ipynb"
    (tmp_path / "files" / lesson.name).write_bytes(lesson.read_bytes())
    front_page.write(tmp_path)
    first, lab = ((tmp_path / name).read_text(encoding="utf-8") for name in ("index.html", "lab/index.html"))
    assert '<a href="lab/index.html?path=09-descent.ipynb">Descent and a line</a>' in first
    assert first.count("no WebAssembly") == lab.count("no WebAssembly") == 1
    assert 'id="jupyter-config-data"' in first  # JupyterLite looks for it on the way up from each page
