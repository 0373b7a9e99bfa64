"""A learner's copy of the lessons: what arrives, what is updated, and that nothing written is lost."""

import json
import os
import re
from pathlib import Path

import pytest

from cgviz.start.folder import MANIFEST, Delivery, deliver, files, fingerprint, first, originals

LESSON = "01-slopes.ipynb"


def notebook(*sources, output=None, count=None):
    """Return the text of a notebook with one code cell for each source."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": [output]}] if output else []
    cells = [
        {"cell_type": "code", "source": [s], "outputs": outputs, "execution_count": count, "metadata": {}, "id": str(i)}
        for i, s in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "lessons"
    (folder / "data").mkdir(parents=True)
    (folder / "source").mkdir()
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / LESSON).write_text(notebook("a = 2"))
    (folder / "02-chains.ipynb").write_text(notebook("b = 3"))
    for other in (
        "data/points.csv",
        "source/01-slopes.md",
        "sanitize.cfg",
        "conftest.py",
        ".ipynb_checkpoints/01.ipynb",
    ):
        (folder / other).write_text("1,2\n")
    return folder


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "mine"


def test_what_a_learner_needs_is_copied(source, mine):
    done = deliver(source, mine)
    assert done == Delivery([LESSON, "02-chains.ipynb", "data/points.csv"], [], [], [])
    found = sorted(path.relative_to(mine).as_posix() for path in mine.rglob("*") if path.is_file())
    assert found == sorted([MANIFEST, *done.new])
    assert first(mine) == LESSON


def test_a_second_time_there_is_nothing_to_do(source, mine):
    deliver(source, mine)
    assert deliver(source, mine) == Delivery([], [], [], [])


def test_an_untouched_lesson_is_updated(source, mine):
    deliver(source, mine)
    (source / LESSON).write_text(notebook("a = 20"))
    assert deliver(source, mine) == Delivery([], [LESSON], [], [])
    assert (mine / LESSON).read_text() == notebook("a = 20")


def test_running_a_lesson_does_not_make_it_the_learners(source, mine):
    deliver(source, mine)
    (mine / LESSON).write_text(notebook("a = 2", output="2\n", count=7))
    assert deliver(source, mine) == Delivery([], [], [], [])
    assert 'execution_count": 7' in (mine / LESSON).read_text()  # and its outputs stay while nothing new comes
    (source / LESSON).write_text(notebook("a = 20"))
    assert deliver(source, mine).updated == [LESSON]


def test_what_the_learner_wrote_stays(source, mine):
    deliver(source, mine)
    (mine / LESSON).write_text(notebook("a = 2", "# my idea"))
    assert deliver(source, mine) == Delivery([], [], [LESSON], [])
    assert "my idea" in (mine / LESSON).read_text()


def test_changed_by_both_the_new_one_is_put_beside(source, mine):
    deliver(source, mine)
    (mine / LESSON).write_text(notebook("a = 2", "# my idea"))
    (source / LESSON).write_text(notebook("a = 20"))
    assert deliver(source, mine) == Delivery([], [], [], [(LESSON, "01-slopes.new.ipynb")])
    assert "my idea" in (mine / LESSON).read_text()
    assert (mine / "01-slopes.new.ipynb").read_text() == notebook("a = 20")
    assert deliver(source, mine) == Delivery([], [], [LESSON], [])  # said once


def test_an_untouched_new_one_is_replaced_and_a_touched_one_kept(source, mine):
    deliver(source, mine)
    (mine / LESSON).write_text(notebook("# mine"))
    (source / LESSON).write_text(notebook("a = 20"))
    deliver(source, mine)
    (source / LESSON).write_text(notebook("a = 200"))
    assert deliver(source, mine).beside == [(LESSON, "01-slopes.new.ipynb")]
    assert (mine / "01-slopes.new.ipynb").read_text() == notebook("a = 200")
    (mine / "01-slopes.new.ipynb").write_text(notebook("# mine too"))
    (source / LESSON).write_text(notebook("a = 2000"))
    assert deliver(source, mine).beside == [(LESSON, "01-slopes.new2.ipynb")]
    assert (mine / "01-slopes.new.ipynb").read_text() == notebook("# mine too")


def test_a_file_of_the_learners_own_with_a_lessons_name_stays(source, mine):
    mine.mkdir()
    (mine / LESSON).write_text(notebook("# was here first"))
    assert deliver(source, mine).beside == [(LESSON, "01-slopes.new.ipynb")]
    assert "was here first" in (mine / LESSON).read_text()


def test_a_deleted_lesson_comes_back(source, mine):
    deliver(source, mine)
    (mine / LESSON).unlink()
    assert deliver(source, mine).new == [LESSON]


@pytest.mark.parametrize("manifest", ["", "[1]", '{"01-slopes.ipynb": 3}'])
def test_without_its_manifest_nothing_is_overwritten(source, mine, manifest):
    deliver(source, mine)
    (mine / MANIFEST).write_text(manifest)
    (mine / LESSON).write_text(notebook("# mine"))
    assert deliver(source, mine).beside == [(LESSON, "01-slopes.new.ipynb")]
    assert (mine / LESSON).read_text() == notebook("# mine")


def test_a_notebook_that_is_none_counts_byte_by_byte(tmp_path):
    path = tmp_path / "x.ipynb"
    seen = set()
    for content in ("", "{", "[]", '{"cells": 3}', '{"cells": [{"source": 1}]}', notebook("a"), notebook("b")):
        path.write_text(content)
        seen.add(fingerprint(path))
    assert len(seen) == 7


def test_read_only_originals_give_writable_copies(source, mine):
    (source / LESSON).chmod(0o444)
    deliver(source, mine)
    assert os.access(mine / LESSON, os.W_OK)
    assert (mine / LESSON).stat().st_mode & 0o200


def test_this_checkout_has_lessons():
    folder = originals()
    assert folder is not None
    assert first(folder).startswith("01-")
    assert first(folder) in [path.as_posix() for path in files(folder)]


def test_every_learners_name_is_safe_in_an_address():
    for path in files(originals() or Path()):
        assert re.fullmatch(r"[\w./-]+", path.as_posix()), path
