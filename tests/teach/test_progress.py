"""A learner's progress: what is kept, when it is written, and what happens to a file that is damaged."""

import csv
import io
import json
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from cgviz.teach import check, collect, progress
from cgviz.teach.records.tries import alone

FILE = "my-progress.json"
NOW = "2026-01-31T12:00:00"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def try_some():
    check("one node or two", {"b": 2, "c": 2})
    check("one node or two", {"b": 5, "c": 2})
    check("products", None)  # nothing was tried
    check("products", int)


def new_session(monkeypatch):
    for name in ("_new", "_shown"):
        monkeypatch.setattr(sys.modules["cgviz.teach.records.progress_file"], name, {})


def test_nothing_is_written_before_progress_is_asked_for(folder):
    try_some()
    assert list(folder.iterdir()) == []
    shown = progress("Ada")
    assert [row[:3] for row in shown.rows] == [("one node or two", "2", "yes"), ("products", "1", "not yet")]
    assert shown.note == "1 of 2 right" and shown.head == ("exercise", "tries", "right", "last")
    held = json.loads((folder / FILE).read_text(encoding="utf-8"))
    assert held["learner"] == "Ada" and [entry["tries"] for entry in held["exercises"]] == [2, 1]
    assert held["exercises"][0]["lesson"] == "lesson02" and [path.name for path in folder.iterdir()] == [FILE]


def test_from_then_on_each_try_is_written_and_sessions_add_up(folder, monkeypatch):
    try_some()
    progress("Ada")
    check("products", int)
    assert json.loads((folder / FILE).read_text())["exercises"][1]["tries"] == 2
    new_session(monkeypatch)
    check("products", int)
    shown = progress()
    assert [row[:3] for row in shown.rows] == [("one node or two", "2", "yes"), ("products", "3", "not yet")]
    assert json.loads((folder / FILE).read_text())["learner"] == "Ada"


def test_no_exercise_yet():
    assert repr(progress()).endswith("no exercise has been checked yet")


def test_where_lessons_are_built_nothing_is_written_and_no_time_is_shown(folder, monkeypatch):
    monkeypatch.setenv("CGVIZ_NO_PROGRESS", "1")
    try_some()
    assert repr(progress()) == (
        "exercise         tries  right\none node or two  2      yes\nproducts         1      not yet\n1 of 2 right"
    )
    assert list(folder.iterdir()) == []


def entry(**given):
    """A file with one entry that is right, but for what is given."""
    right = {"lesson": "lesson02", "exercise": "products", "tries": 1, "passed": "", "first": NOW, "last": NOW}
    return json.dumps({"form": "cgviz progress 1", "learner": "Ada", "exercises": [right | given]})


def test_a_file_that_an_editor_has_marked_is_read(folder):
    (folder / FILE).write_text(entry(), encoding="utf-8-sig")
    assert [row[:3] for row in progress().rows] == [("products", "1", "not yet")]


def test_the_name_is_a_short_text(folder):
    with pytest.raises(TypeError, match="as a text.*got a list"):
        progress(["Ada"])
    progress(" Ada\t\n" + "x" * 1000)
    name = json.loads((folder / FILE).read_text())["learner"]
    assert name.startswith("Ada x") and len(name) == 100


def test_a_name_with_half_of_a_character_is_written(folder):
    progress("Ada \ud83d")
    assert json.loads((folder / FILE).read_text())["learner"] == "Ada ?"
    (folder / FILE).write_text(json.dumps({"form": "cgviz progress 1", "learner": "Ada\ud83d", "exercises": []}))
    try_some()
    assert len(progress().rows) == 2


def test_two_notebooks_of_one_folder_wait_for_each_other(folder):
    order = []

    def other():
        with alone(folder / FILE):
            order.append("other")

    with alone(folder / FILE):
        waiting = threading.Thread(target=other)
        waiting.start()
        time.sleep(0.1)
        order.append("one")
    waiting.join()
    assert order == ["one", "other"] and list(folder.iterdir()) == []


def test_a_file_that_is_just_being_deleted_is_waited_for(folder, monkeypatch):
    make, refusals = os.open, [PermissionError(13, "Access is denied")] * 3

    def busy(*args, **options):  # as Windows answers
        if refusals:
            raise refusals.pop()
        return make(*args, **options)

    monkeypatch.setattr(os, "open", busy)
    with alone(folder / FILE):
        assert [path.name for path in folder.iterdir()] == [f".{FILE}.lock"]
    assert list(folder.iterdir()) == []


def test_a_notebook_that_was_stopped_while_it_wrote_holds_up_nobody_for_long(folder, monkeypatch):
    monkeypatch.setattr("cgviz.teach.records.tries.PATIENCE", 0.1)
    (folder / f".{FILE}.lock").touch()
    try_some()
    assert len(progress().rows) == 2 and [path.name for path in folder.iterdir()] == [FILE]


DAMAGED = [
    "",
    "{",
    "[]",
    '{"form": "other"}',
    '{"form": "cgviz progress 2", "exercises": []}',
    '{"form": "cgviz progress 1", "exercises": [{"tries": 1}]}',
    entry(tries=-4),
    entry(tries=10**4000),
    entry(tries=True),
    entry(exercise="a\nb"),
    entry(passed="yesterday"),
    entry(first=""),
    "[" * 100_000,
]


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_kept_and_named(folder, text):
    (folder / FILE).write_text(text)
    try_some()  # this meets the damaged file already
    shown = progress()
    kept = folder / "my-progress.damaged-1.json.txt"
    assert kept.read_text() == text
    assert len(shown.rows) == 2 and json.loads((folder / FILE).read_text())["form"] == "cgviz progress 1"
    assert "is kept as my-progress.damaged-1.json.txt, and a new one was begun" in shown.note
    assert "damaged" not in progress().note
    (folder / FILE).write_bytes(b"\xff\xfe")
    assert "my-progress.damaged-2.json.txt" in progress().note


def test_a_folder_that_cannot_be_written_to(folder, monkeypatch):
    allowed, make = [], Path.open

    def refuse(path, mode="r", **options):
        if allowed or mode != "x":
            return make(path, mode, **options)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    try_some()
    shown = progress()
    assert len(shown.rows) == 2
    assert shown.note.endswith(
        "my-progress.json could not be written here (Permission denied): your tries are kept while this notebook runs"
    )
    allowed.append(True)
    assert len(progress().rows) == 2 and (folder / FILE).exists()


def test_an_interrupted_writing_leaves_the_file_as_it_was(folder, monkeypatch):
    try_some()
    progress()
    before = (folder / FILE).read_text()
    monkeypatch.setattr("os.replace", lambda *args: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    check("products", int)
    assert "No space left" in progress().note
    assert (folder / FILE).read_text() == before and [path.name for path in folder.iterdir()] == [FILE]


@pytest.mark.skipif(os.name == "nt", reason="Windows has rights of another kind")
def test_the_file_has_the_rights_of_any_other_so_that_a_teacher_may_read_it(folder):
    progress()
    (folder / "any").touch()
    assert (folder / FILE).stat().st_mode == (folder / "any").stat().st_mode


def test_collect_reads_a_class(folder, monkeypatch):
    inbox = folder / "inbox"
    (inbox / "group 2").mkdir(parents=True)
    for name, where in (("Ada", "ada.json"), ("=1+1", "group 2/b.json"), ("", "nameless.json")):
        new_session(monkeypatch)
        try_some()
        progress(name)
        (folder / FILE).rename(inbox / where)
    (inbox / "broken.json").write_text("{")
    (inbox / "notes.txt").write_text("not ours")
    found = collect("inbox")
    assert [row[0] for row in found.rows] == ["Ada", "Ada", "=1+1", "=1+1", "nameless", "nameless"]
    assert found.damaged == ["broken.json: it is not JSON"] and "not read: broken.json" in repr(found)
    assert (inbox / "broken.json").read_text() == "{"
    rows = list(csv.reader(io.StringIO(found.csv)))
    assert rows[0] == ["learner", "lesson", "exercise", "tries", "passed", "first", "last"]
    assert rows[3][0] == "'=1+1" and rows[1][:4] == ["Ada", "lesson02", "one node or two", "2"]
    with pytest.raises(FileNotFoundError, match="there is no folder 'nowhere'"):
        collect("nowhere")
    with pytest.raises(NotADirectoryError, match="is a file: give the folder"):
        collect(inbox / "ada.json")


def test_collect_passes_over_copies_and_names_what_came_twice(folder):
    (folder / ".ipynb_checkpoints").mkdir()
    for name in ("a.json", "b.JSON", ".ipynb_checkpoints/a.json", ".hidden.json"):
        (folder / name).write_text(entry())
    (folder / "folder.json").mkdir()
    found = collect(folder)
    assert len(found.rows) == 2 and found.note == "2 files are of Ada: a.json, b.JSON" and not found.damaged
    assert collect(folder / "folder.json").note == "no progress file was found"


def make_pipe(path):
    os.mkfifo(path)


def link_to_zeros(path):
    path.symlink_to("/dev/zero")


def link_to_nothing(path):
    path.symlink_to("/dev/null")


def make_socket(path):
    import socket

    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def make_sparse(path):
    path.touch()
    os.truncate(path, 50_000_000_000)


def make_loop(path):
    path.symlink_to(path)


STRANGE = [make_pipe, link_to_zeros, link_to_nothing, make_socket, make_sparse, make_loop]


@pytest.mark.skipif(os.name == "nt", reason="such files are made otherwise there")
@pytest.mark.parametrize("make", STRANGE)
def test_what_is_no_small_file_is_named_and_holds_up_nobody(folder, make):
    (folder / "inbox").mkdir()
    make(folder / "inbox" / "a.json")
    (folder / "inbox" / "b.json").write_text(entry())
    found = collect("inbox")
    assert len(found.rows) == 1 and len(found.damaged) == 1 and found.damaged[0].startswith("a.json: ")
    make(folder / FILE)
    check("products", int)
    assert [row[:2] for row in progress().rows] == [("products", "1")]


def test_a_file_of_a_large_number_of_bytes_is_not_read(folder):
    (folder / "a.json").write_text(" " * 3_000_000 + entry())
    assert collect(".").damaged == ["a.json: it is far too large: 3 MB, and such a file has a few thousand bytes"]


HEADS = ("", " ", "\t", "\n", "\u200e", "\u202e", "\ufeff", "\u00a0")
SIGNS = ("=1+1", "＝1+1", "+1", "＋1", "-1", "－1", "−1", "@A1", "＠A1", "﹦1", "﬩1")


@pytest.mark.parametrize("before", ["", "Ada;", "Ada,", "Ada|", "Ada\t", 'Ada";"'])
def test_no_cell_of_a_sheet_is_a_formula_whatever_ends_its_cells(folder, before):
    names = [before + head + sign for head in HEADS for sign in SIGNS]
    for place, name in enumerate(names):
        (folder / f"{place}.json").write_text(entry().replace('"Ada"', json.dumps(name)), encoding="utf-8")
    found = collect(folder)
    assert len(found.rows) == len(names)
    for separator in ";,|\t":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(found.csv), delimiter=separator, quoting=quoting):
                shown = [cell.strip().lstrip("".join(HEADS) + '"')[:1] for cell in row]
                assert not set(shown) & set("=+-−@＝＋－＠﹦﬩"), row


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the names of files are text")
def test_the_name_of_a_file_that_is_no_text_is_shown_and_written(folder):
    for name in ("müller.json".encode("latin-1"), b"\n=2.json", "\u202ea.json".encode()):
        Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_text(entry().replace("Ada", ""))
    found = collect(folder)
    (folder / "class.csv").write_text(found.csv, encoding="utf-8")
    assert json.dumps(repr(found), ensure_ascii=False).encode() and found._repr_html_().encode()
    assert sorted(row[0] for row in found.rows) == ["=2", "m�ller", "�a"]


def test_the_file_is_not_committed_by_mistake():
    ignored = (Path(__file__).resolve().parents[2] / ".gitignore").read_text()
    assert "my-progress*.json*" in ignored


def test_collect_reads_a_hubs_homes_and_nothing_else(folder, monkeypatch):
    for name in ("ada", "ben", "cleo", "dan", "eve"):
        (folder / "homes" / name / "cgviz-lessons").mkdir(parents=True)
    for name in ("ada", "eve"):
        new_session(monkeypatch)
        try_some()
        progress("Somebody Else")
        (folder / FILE).rename(folder / "homes" / name / "cgviz-lessons" / FILE)
    ada = folder / "homes" / "ada" / "cgviz-lessons" / FILE
    (folder / "homes" / "ada" / "letters.json").write_text("{}", encoding="utf-8")  # hers: not read
    os.symlink(ada, folder / "homes" / "ben" / "cgviz-lessons" / FILE)
    (folder / "homes" / "cleo" / "cgviz-lessons").rmdir()
    os.symlink(ada.parent, folder / "homes" / "cleo" / "cgviz-lessons")
    found = collect("homes", homes=True)
    assert {row[0] for row in found.rows} == {"ada", "eve"}
    assert found.damaged == [
        "ben: my-progress.json is a link, and links are not followed",
        "cleo: cgviz-lessons is a link, and links are not followed",
    ]
    assert "1 home has no progress file" in found.note
