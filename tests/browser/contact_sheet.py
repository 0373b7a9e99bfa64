"""Photographs the live view in every size, theme and tool, for an engineer to look at; run it, it is no test.

    python tests/browser/contact_sheet.py            every size, theme and tool, into contact-sheet/
    python tests/browser/contact_sheet.py --size phone --theme dark --tool explain

The pictures are of pages of their own. `contact-sheet/light.html` and `dark.html` show those of a theme, and so do
`light.png` and `dark.png` on one sheet. What goes wrong in a page is said, and the command fails.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the package beside it, installed or not

import lab as harness
from tooling import watch

from cgviz import compare, descend, explore
from cgviz.live import javascript

FOLDER = Path(__file__).resolve().parents[2] / "contact-sheet"
SIZES = {
    "desk": (1920, 1080, 1),
    "laptop": (1366, 768, 1),
    "projector": (1024, 768, 1),
    "phone": (400, 800, 1),
    "zoomed": (683, 384, 2),  # the laptop at 200 %
}
THEMES = ("light", "dark")
MORE = ("no tool", "from top to bottom", "hidden", "side by side", "descent", "many inputs")
HOLD = 700
"""Milliseconds for what moves to come to rest."""


def subjects() -> Iterator[tuple[str, Any]]:
    """What is photographed: the graph of the first lesson with each tool, and what else looks different."""
    text, numbers = "e = a*b; f = e + c; L = f*d + a", {"a": 2, "b": -3, "c": 10, "d": -2}
    note = {"a": "used twice"}
    for name in javascript.tools().values():
        yield name.lower(), explore(text, tool=name, at="a", **numbers)
    many = " + ".join(f"w{i}*x{i}" for i in range(1, 9))
    views = (
        explore(text, **numbers),
        explore(text, rankdir="TB", note=note, **numbers),
        explore(text, hide="gradients", note=note, lock="d", **numbers),
        compare(explore(text, **numbers), explore(text, **{**numbers, "a": -2}), titles=["as it was", "a = -2"]),
        descend("a**2 - 10*a + 28", a=6, rate=0.9),
        explore(many, **{f"{letter}{i}": i / 2 for i in range(1, 9) for letter in "wx"}),
    )
    yield from zip(MORE, views, strict=True)


def main() -> None:
    """Take the pictures that are asked for."""
    names = [*map(str.lower, javascript.tools().values()), *MORE]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", choices=SIZES, action="append", help="only these sizes")
    parser.add_argument("--theme", choices=THEMES, action="append", help="only these themes")
    parser.add_argument("--tool", choices=names, action="append", help="only these tools, or what has none")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures go")
    asked = parser.parse_args()
    program = harness.chromium() or sys.exit("no Chromium was found: install one, or name it in CGVIZ_CHROMIUM")
    from playwright.sync_api import sync_playwright

    asked.folder.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=harness.OPTIONS)
        for theme in asked.theme or THEMES:
            figures = []
            for name, found in subjects():
                if not asked.tool or name in asked.tool:
                    figures += photograph(browser, found.to_html(name), name, theme, asked, wrong)
            (asked.folder / f"{theme}.html").write_text(sheet(figures, theme), encoding="utf-8")
            page = browser.new_page(viewport={"width": 2400, "height": 1000}, color_scheme=theme)
            page.goto((asked.folder / f"{theme}.html").as_uri())
            page.screenshot(path=asked.folder / f"{theme}.png", full_page=True)
            page.close()
            print(f"{theme}: {len(figures)} pictures, {asked.folder / theme}.html and .png")
        browser.close()
    sys.exit("\n".join(wrong) if wrong else 0)


def photograph(
    browser: Any, text: str, name: str, theme: str, asked: argparse.Namespace, wrong: list[str]
) -> list[tuple[str, str]]:
    """Take one view in the sizes asked for: of each picture its file and what it shows. What goes wrong is noted."""
    taken = []
    for size in asked.size or SIZES:
        width, height, scale = SIZES[size]
        page = browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme=theme
        )
        watch(page, lambda said, size=size: wrong.append(f"{name}, {size}, {theme}: {said}"))
        page.set_content(text)
        page.locator(".cg-choices button").first.wait_for()
        page.wait_for_timeout(HOLD)
        file = f"{theme}-{name.replace(' ', '-')}-{size}.png"
        page.screenshot(path=asked.folder / file)
        page.close()
        taken.append((file, f"{name}, {size} {width}×{height}"))
    return taken


def sheet(figures: list[tuple[str, str]], theme: str) -> str:
    """A page of all pictures of a theme, a row for each view."""
    shown = "\n".join(
        f'<figure><a href="{file}"><img src="{file}"></a><figcaption>{escape(said)}</figcaption></figure>'
        for file, said in figures
    )
    style = (
        "body {font: 14px sans-serif; display: flex; flex-wrap: wrap; gap: 12px; color-scheme: light dark}"
        "figure {margin: 0} img {height: 300px; border: 1px solid gray}"
    )
    return f'<!DOCTYPE html><meta charset="utf-8"><title>{theme}</title><style>{style}</style>\n{shown}\n'


if __name__ == "__main__":
    main()
