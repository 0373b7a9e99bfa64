"""The lessons on the site without a server: each one's texts, sliders, and what the browser keeps of them.

The site is one that ``cgviz site`` has built: in its usual folder, or where CGVIZ_SITE says.
"""

import json
import os
from pathlib import Path

import pytest
from served_site import AS_IN_THE_BUILD, Lesson, differences, serve

from cgviz.site.command import MARKER, USUAL

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "lessons"
WITH_SLIDERS = ("01", "05", "08", "09", "12", "15")
FILES = "import json, os; print(json.dumps(os.listdir()))"


def name_of(number):
    (path,) = LESSONS.glob(f"{number}-*.ipynb")
    return path.name


@pytest.fixture(scope="module")
def site(missing):
    """The address of the site, served from its folder."""
    folder = Path(os.environ.get("CGVIZ_SITE") or ROOT / USUAL)
    if not (folder / MARKER).is_file():
        missing("site")
    with serve(folder) as address:
        yield address


@pytest.fixture
def profile(browser, site):
    """A browser that has never been here, and what it asked of other hosts, which is nothing."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    asked = []
    made.on("request", lambda request: asked.append(request.url))
    yield made
    made.close()
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


@pytest.mark.parametrize("notebook", sorted(path.name for path in LESSONS.glob("*.ipynb")))
def test_a_lesson_prints_what_stands_in_it_and_its_slider_moves_it(profile, site, notebook):
    lesson = Lesson(profile.new_page(), site, notebook)
    has_numpy = "ModuleNotFoundError" not in lesson.ask("import numpy")
    if not has_numpy and notebook >= "10":
        pytest.skip("this site was built without NumPy")
    lesson.ask(AS_IN_THE_BUILD)
    lesson.run_all()
    assert differences(LESSONS / notebook, lesson.outputs()) == []
    if notebook[:2] in WITH_SLIDERS:
        lesson.move_a_slider()


def test_a_reopened_lesson_is_alive_and_keeps_what_was_written(profile, site):
    notebook = name_of("01")
    lesson = Lesson(profile.new_page(), site, notebook)
    lesson.rewrite("mine = 7", "from cgviz import explore\nexplore('a*b', a=2, b=mine)").run_all()
    lesson.save()
    lesson.page.close()
    again = Lesson(profile.new_page(), site, notebook)
    assert len(again.outputs()) == 2, "the lesson is as it was, and hers is lost"
    again.run_all()
    again.move_a_slider()


def test_the_class_and_the_progress_of_a_lesson_are_there_in_the_next(profile, site):
    lesson = Lesson(profile.new_page(), site, name_of("03"))
    lesson.ask(AS_IN_THE_BUILD)
    lesson.run_all()
    lesson.ask("del os.environ['CGVIZ_NO_PROGRESS']")
    cells = json.loads((LESSONS / name_of("03")).read_text(encoding="utf-8"))["cells"]
    (answer, *_) = (text for cell in cells if "# Answer" in (text := "".join(cell["source"])) and "__mul__" in text)
    assert "✓" in lesson.ask(f"{answer}\nprint(check('products', Value))")
    lesson.page.close()
    following = Lesson(profile.new_page(), site, name_of("04"))
    assert {"my-class.py", "my-progress.json"} <= set(json.loads(following.ask(FILES)))
    following.ask(AS_IN_THE_BUILD)
    following.run_all()
    assert "yours now: products" in following.ask("from cgviz.teach import use_mine; print(use_mine())")


def test_a_browser_without_webassembly_is_told_so(profile, site):
    profile.add_init_script("delete window.WebAssembly")
    page = profile.new_page()
    page.goto(f"{site}/index.html")
    assert "This browser has no WebAssembly" in page.get_by_role("alert").inner_text()
