"""What the site of the documentation is made of: pages, examples, links, signatures; `tests/browser` builds it."""

from __future__ import annotations

import doctest
import json
import re
import sys
from pathlib import Path

import nbformat
import pytest

from cgviz.ops.rows import FUNCTIONS
from docs.site import lite, pages, signatures
from tests.test_docs import EVERYWHERE, PAGES, PUBLIC, blocks

ROOT = Path(__file__).resolve().parent.parent


# --- what the site is made of ---


def test_every_page_has_its_place_on_the_site():
    assert {ROOT / path for path in pages.texts()} == set(EVERYWHERE)
    placed = [path for paths in pages.contents(["reference/x.md"]).values() for path in paths]
    assert sorted([*placed, pages.START]) == sorted([*pages.texts(), *pages.lessons(), "reference/x.md"])
    with pytest.raises(pages.PageError, match=r"new\.md: say in SECTIONS"):
        pages.contents(["reference/x.md", "new.md"])
    with pytest.raises(pages.PageError, match=r"reference/\*: in SECTIONS"):
        pages.contents([])


@pytest.mark.parametrize("path", pages.texts())
def test_the_site_runs_what_the_tests_run(path):
    code = [cell.source for cell in pages.notebook(path).cells if cell.cell_type == "code"]
    tried = [code.rstrip() for code, _ in blocks(ROOT / path, "python")] if ROOT / path in PAGES else []
    assert code == tried


def test_a_page_keeps_its_text_and_leaves_what_is_printed_to_be_printed():
    made = pages.notebook("docs/gpt.md")
    text = "\n".join(cell.source for cell in made.cells if cell.cell_type == "markdown")
    assert text.startswith("# ") and "```python" not in text and "```text" not in text
    assert len({cell.id for cell in made.cells}) == len(made.cells)


def test_what_a_lesson_folds_stays_folded():
    made = pages.lesson(pages.lessons()[0])
    tags = [set(cell.metadata.get("tags", ())) for cell in made.cells]
    for ours, theirs in pages.TAGS.items():
        assert all(theirs in found for found in tags if ours in found)
    assert sum("hide-cell" in found for found in tags) == sum("answer" in found for found in tags) > 0


@pytest.mark.parametrize(
    ("path", "written", "led"),
    [
        ("README.md", "[a](docs/gpt.md)", "[a](/docs/gpt.ipynb)"),
        ("docs/gpt.md", "[a](../README.md#the-name)", "[a](/index.ipynb#the-name)"),
        ("docs/gpt.md", "[the `long`\nname](../lessons/README.md)", "[the `long`\nname](/lessons/README.ipynb)"),
        ("docs/gpt.md", "[a](../LICENSE)", "[a](REPOSITORY/blob/HEAD/LICENSE)"),
        ("lessons/README.md", "[a](source)", "[a](REPOSITORY/tree/HEAD/lessons/source)"),
        ("README.md", "[a](https://example.org/b.md) [b](#c)", "[a](https://example.org/b.md) [b](#c)"),
        (
            "README.md",
            "````md\n```\n[a](b)\n```\n````\n[c](LICENSE)",
            "````md\n```\n[a](b)\n```\n````\n[c](REPOSITORY/blob/HEAD/LICENSE)",
        ),
        ("README.md", "`[a](b.md)`\n\n```md\n[c](d.md)\n```", "`[a](b.md)`\n\n```md\n[c](d.md)\n```"),
        (
            "README.md",
            "[![b](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/x)",
            "[![b](/docs/site/static/badge-binder.svg)](https://mybinder.org/v2/gh/x)",
        ),
    ],
)
def test_a_link_leads_to_its_page_or_to_the_repository(path, written, led):
    assert pages.relink(written, path) == led.replace("REPOSITORY", pages.repository())


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[a](nowhere.md)", "README.md links to nowhere.md, which is not there"),
        ("![a](https://example.org/a.svg)", "README.md shows a picture of another host, https://example.org/a.svg"),
    ],
)
def test_a_link_that_leads_nowhere_ends_the_build(written, told):
    with pytest.raises(pages.PageError, match=re.escape(told)):
        pages.relink(written, "README.md")


def test_what_the_rows_give_has_its_signature_from_the_stubs():
    found = signatures.stubs()
    assert {f"cgviz.{name}" for name in FUNCTIONS} <= found.keys()
    assert found["cgviz.value.value.Value.exp"] == ("() -> N",)
    assert found["cgviz.sin"][-1] == "(x: float | Fraction, /) -> float"


def test_the_reference_has_every_facade():
    from docs.site.api import FACADES

    assert set(FACADES) == {*PUBLIC}


@pytest.mark.parametrize("name", ["pages", "signatures", "lite"])
def test_the_examples_of_its_own_modules_run(name):
    assert doctest.testmod(sys.modules[f"docs.site.{name}"]).failed == 0


# --- together with the site that needs no server ---


def test_notebooks_of_pages_join_the_site_without_a_server(tmp_path):
    page = pages.notebook("docs/gpt.md")
    page.cells[1].outputs = [nbformat.v4.new_output("stream", text="an output")]
    assert lite.join(tmp_path, {"docs/gpt": page}) == 0 and not list(tmp_path.iterdir())
    listing = tmp_path / "api" / "contents"
    listing.mkdir(parents=True)
    there = {"content": [{**lite.entry(Path("01.ipynb"), 9)}], "path": "", "type": "directory"}
    (listing / "all.json").write_text(json.dumps(there))
    for _ in range(2):  # built again, nothing stands there twice
        assert lite.join(tmp_path, {"docs/gpt": page, "TEACHING": page}) == 2
    told = [each["path"] for each in json.loads((listing / "all.json").read_text())["content"]]
    assert told == ["01.ipynb", "TEACHING.ipynb", "docs"]
    (gpt,) = json.loads((listing / "docs" / "all.json").read_text())["content"]
    assert (gpt["path"], gpt["type"], gpt["name"]) == ("docs/gpt.ipynb", "notebook", "gpt.ipynb")
    assert "an output" not in (tmp_path / "files" / "docs" / "gpt.ipynb").read_text()
    assert page.cells[1].outputs
