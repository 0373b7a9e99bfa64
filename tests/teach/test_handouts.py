"""The pages to keep: whole, offline, with nothing of a learner's that could run in them."""

import html.parser
import json
import re
import subprocess

import pytest

from cgviz.ops.rows import OPS
from cgviz.teach import certificate, cheat_sheet, check, progress, progress_page
from cgviz.teach.handouts.lesson_texts import read_lessons
from cgviz.teach.handouts.overview import list_asked
from cgviz.teach.registry import lessons
from lessons import build

ASKED = [name for lesson in lessons() for name, _ in list_asked(lesson)]
"""Every exercise and every question."""
MAKERS = (cheat_sheet, certificate, progress_page)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&{}"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Reader(html.parser.HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.attributes, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("make", MAKERS)
def test_a_page_asks_nobody_and_runs_nothing(make, folder):
    check("one node or two", {"b": 5, "c": 2})
    progress(HOSTILE)
    page = make()
    held = Reader(page.to_html())
    assert not {"script", "img", "link", "iframe", "object", "a"} & set(held.elements)
    assert not [name for name, _ in held.attributes if name.startswith("on") or name in ("src", "href")]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in held.attributes
    assert not re.search(r"https?:|@import|url\(", page.to_html())
    place = page.save()
    assert place.read_text(encoding="utf-8") == page.to_html() and place.name == page.file
    assert not {"script", "img"} & set(Reader(page._repr_html_()).elements)


def test_a_hostile_name_is_shown_as_it_is(folder):
    assert HOSTILE in Reader(certificate(HOSTILE).to_html()).text
    progress(HOSTILE)
    assert HOSTILE in Reader(certificate().to_html()).text and HOSTILE in Reader(progress_page().to_html()).text


def test_the_overview_has_a_tick_for_what_was_right_and_a_row_for_all(folder):
    check("one node or two", {"b": 5, "c": 2})
    check("products", int)
    progress("Ada")
    text = progress_page().to_html()
    assert text.count('<td class="done">✓</td>') == 1 and text.count("<tr>") == len(ASKED)
    assert "one node or two" in text.partition('class="done"')[2][:60] and "1 try" in text and "Ada" in text
    assert all(title.title in Reader(text).text for title in read_lessons())


def test_a_certificate_says_what_was_done_and_no_more(folder, monkeypatch):
    assert "0 of " in Reader(certificate("Ada").to_html()).text and "✓" not in certificate("Ada").to_html()
    names = [(name, lesson) for lesson in lessons()[:1] for name, _ in list_asked(lesson)]
    times = dict.fromkeys(("passed", "first", "last"), "2026-01-02T10:00:00")
    entries = [{"lesson": lesson, "exercise": name, "tries": 1, **times} for name, lesson in names]
    held = {"form": "cgviz progress 1", "learner": "Ada", "exercises": entries}
    (folder / "my-progress.json").write_text(json.dumps(held))
    text = Reader(certificate().to_html()).text
    assert f"{len(names)} of {len(ASKED)} answers right, 1 of {len(lessons())} lessons" in text
    assert text.count("✓") == 1 and "2026-01-02 to 2026-01-02" in text


def test_the_sheet_has_every_operation_and_every_lesson(folder):
    page = cheat_sheet().to_html()
    text = Reader(page).text
    assert page.count("<tr><td><code>") == sum(not op.helper for op in OPS.values())
    for lesson, source in zip(read_lessons(), build.sources(), strict=True):
        assert f"{lesson.number} · {lesson.title}" in text and source.stem.startswith(f"{lesson.number:02}-")
        points = source.read_text(encoding="utf-8").partition("## Summary\n")[2].count("\n- ")
        assert 0 < len(lesson.points) <= points
    assert "1 - y²" in text and "b.__rmul__(a)" in text and "**" not in page.replace("a ** b", "") and "$" not in text


def test_the_lessons_of_the_learners_folder_come_first(folder):
    for number in ("01", "02"):
        cells = [{"cell_type": "markdown", "source": [f"# {number} · <b>Mine\n", "\n", "## Summary\n", "- one `x`\n"]}]
        (folder / f"{number}-mine.ipynb").write_text(json.dumps({"cells": cells}))
    (folder / "03-broken.ipynb").write_text("{")
    assert [lesson.title for lesson in read_lessons()] == ["<b>Mine", "<b>Mine"]
    assert "<b>Mine" in Reader(cheat_sheet().to_html()).text


def test_the_sheet_is_one_page_of_paper(folder, browser_program):
    place = cheat_sheet().save().resolve()
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--print-to-pdf=sheet.pdf"]
    subprocess.run([browser_program, *options, place.as_uri()], check=True, capture_output=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", (folder / "sheet.pdf").read_bytes())) == 1


@pytest.fixture
def browser_program(missing):
    import shutil

    found = [path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))]
    return found[0] if found else missing("browser")
