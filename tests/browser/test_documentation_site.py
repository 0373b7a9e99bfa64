"""The site of the documentation, built: it asks nothing of another host, every link leads, and its live views move."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from tooling import watch

from cgviz.ops.rows import FUNCTIONS
from docs.site import pages
from tests.test_docs import PUBLIC

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "docs" / "site"


@pytest.fixture(scope="module")
def site(sphinx, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "docs"
    command = [sys.executable, str(SITE / "build.py"), str(folder), "../lite"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert f"cgviz site {folder.parent / 'lite'}" in done.stdout  # there is none beside it, and that is told
    return folder


class Loads(HTMLParser):
    """What a page loads, what it links to, and the names of its places."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.links, self.ids, self.classes = [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids.add(found.get("id"))
        self.classes += (found.get("class") or "").split()
        if tag == "link" and found.get("rel") not in ("index", "search", "next", "prev", "canonical"):
            self.loads.append(found.get("href"))
        elif tag == "a":
            self.links.append((found.get("href") or "", found.get("class") or ""))
        self.loads += [found[name] for name in ("src", "poster", "data") if found.get(name)]


@pytest.fixture(scope="module")
def read(site):
    return {path.relative_to(site).as_posix(): Loads(path.read_text("utf-8")) for path in site.rglob("*.html")}


def test_no_page_and_no_style_loads_anything_from_another_host(site, read):
    assert len(read) > 45
    loaded = [(name, address) for name, page in read.items() for address in page.loads]
    assert len(loaded) > 400
    assert [one for one in loaded if re.match(r"(https?:)?//", one[1])] == []
    for name, address in loaded:
        if not address.startswith(("data:", "#")):
            assert (site / name).parent.joinpath(unquote(urlsplit(address).path)).exists(), (name, address)
    for path in site.rglob("*.css"):
        assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)]*", path.read_text("utf-8")) == [], path


def test_every_link_between_pages_leads_somewhere(site, read):
    for name, page in read.items():
        for address, kind in page.links:
            target = urlsplit(address)
            if target.scheme or "cg-try" in kind or not (target.path or target.fragment):
                continue
            file = (site / name).parent.joinpath(unquote(target.path)).resolve() if target.path else site / name
            assert file.exists(), (name, address)
            if target.fragment and file.suffix == ".html":
                other = read[file.relative_to(site).as_posix()]
                assert unquote(target.fragment) in other.ids, (name, address)


def test_every_example_has_a_button_that_opens_its_page_without_a_server(read):
    for path in [*pages.texts(), *pages.lessons()]:
        name = pages.document(path)
        page = pages.notebook(path) if path.endswith(".md") else pages.lesson(path)
        examples = sum(cell.cell_type == "code" for cell in page.cells)
        found = [address for address, kind in read[f"{name}.html"].links if "cg-try" in kind]
        up = "../" * (name.count("/") + 1)
        there = f"{up}lite/lab/index.html?path={name.removeprefix('lessons/')}.ipynb"
        assert found == [there] * (0 if path == pages.START else examples), path


def test_the_reference_has_every_public_name(read):
    ids = set().union(*(page.ids for name, page in read.items() if name.startswith("reference/")))
    for module in PUBLIC:
        for name in importlib.import_module(module).__all__:
            homes = [f"{each}.{name}" for each in PUBLIC]
            assert name == "__version__" or ids.intersection(homes), f"{module}.{name}"
    assert {f"cgviz.{name}" for name in FUNCTIONS} <= ids


def test_a_folder_of_something_else_is_left_alone(tmp_path, sphinx):
    (tmp_path / "mine.txt").write_text("mine")
    for folder in (tmp_path, tmp_path / "mine.txt"):
        command = [sys.executable, str(SITE / "build.py"), str(folder), "../lite"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1 and str(folder) in done.stderr and len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


# --- in a browser ---


LOOKED_AT = ("index", "docs/gallery", "docs/reference", "lessons/01-slopes-and-graphs", "reference/cgviz")
CONTRAST = """(node) => {
    const pixel = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const read = (colour) => {
        pixel.clearRect(0, 0, 1, 1);
        pixel.fillStyle = colour;
        pixel.fillRect(0, 0, 1, 1);
        const part = [...pixel.getImageData(0, 0, 1, 1).data].slice(0, 3).map((c) => c / 255);
        const [r, g, b] = part.map((c) => (c <= 0.04 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ink = read(getComputedStyle(node).color);
    const ground = read(getComputedStyle(document.body).backgroundColor);
    return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
}"""


@pytest.fixture
def opened(browser, site):
    seen, asked, wrong = [], [], []

    def open_page(name, scheme):
        page = browser.new_page(viewport={"width": 1300, "height": 1000}, color_scheme=scheme)
        seen.append(page)
        page.set_default_timeout(20_000)
        page.on("request", lambda request: asked.append(request.url))
        watch(page, wrong.append)
        page.goto((site / f"{name}.html").as_uri())
        return page

    yield open_page
    for page in seen:
        page.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_is_whole_and_legible(opened, name, scheme):
    page = opened(name, scheme)
    assert page.locator("body").evaluate(CONTRAST) > 7
    if not name.startswith("reference/"):
        view = page.locator(".cg-view").first
        view.wait_for()
        assert view.evaluate(CONTRAST) > 7
    if name.startswith("lessons/"):
        page.locator("mjx-container").first.wait_for()
    pictures = page.locator("article img").evaluate_all("all => all.map(one => [one.complete, one.naturalWidth])")
    assert all(complete and width for complete, width in pictures)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_live_view_of_a_page_moves_without_a_kernel(opened):
    page = opened("docs/gallery", "light")
    field = page.get_by_label("type a number for a").first
    field.fill("5")
    field.press("Enter")
    page.locator(".cg-view").first.get_by_text("−15", exact=True).first.wait_for()  # a·b, which was −6
