"""The pages of the site, each from its file in the repository: texts as notebooks, lessons as they are.

The folder that Sphinx reads is laid out as the repository is. A link to a file that is no page leads to the repository.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode

from docs.site.examples import BLOCK

ROOT = Path(__file__).resolve().parents[2]
START = "README.md"  # the page that the site opens with
PICTURES = (".svg", ".webp", ".png", ".gif")
FOLDERS = (".", "docs", "lessons", "benchmarks")
SECTIONS = {
    "Tutorial": ("lessons/README.md", "lessons/*.ipynb"),
    "How to": (
        *("docs/your-own-class.md", "docs/live-view.md", "docs/what-is-read.md", "docs/gpt.md", "TEACHING.md"),
        *("docs/class.md", "docs/site.md"),
        *("docs/teaching-tools.md", "docs/course-author.md"),
    ),
    "Gallery and films": ("docs/gallery.md",),
    "Reference": ("docs/reference.md", "docs/messages.md", "reference/*"),
    "Explanation": ("docs/architecture.md", "docs/dependencies.md", "benchmarks/README.md"),
    "The project": ("CONTRIBUTING.md", "RELEASING.md", "CHANGELOG.md", "SECURITY.md", "CODE_OF_CONDUCT.md"),
}
"""What stands in the margin of each page. A page that is missing here ends the build: see `contents`."""

TAGS = {"predict": "hide-output", "ask": "hide-input", "so-far": "hide-input", "answer": "hide-cell"}
"""What a lesson folds stays folded, so that a guess can come first."""

BADGES = {"mybinder.org/badge_logo.svg": "docs/site/static/badge-binder.svg"}
"""Pictures that a page shows from elsewhere, and ours in their place: the site loads nothing from another host."""

LINK = re.compile(r"(!?\[(?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*\]\()([^)\s]+)(\))")
PICTURE = re.compile(r"(!\[[^\]]*\]\()([^)\s]+)(\))")
CODE = re.compile(r"^(`{3,}).*?^\1$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


class PageError(Exception):
    """A page that cannot become one of the site; the message is one sentence that says which and why."""


def repository() -> str:
    """Return the address of the repository, which stands in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["urls"]["Repository"])


def texts() -> list[str]:
    """Return the paths of all pages that are written as text, of the repository's root on."""
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.md"))]
    return [path.relative_to(ROOT).as_posix() for path in found]


def lessons() -> list[str]:
    """Return the paths of the lessons' notebooks, in order."""
    return [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "lessons").glob("*.ipynb"))]


def document(path: str) -> str:
    """Return what the page of a file is called on the site, without an ending.

    >>> document("README.md"), document("docs/gpt.md")
    ('index', 'docs/gpt')
    """
    return "index" if path == START else path.rpartition(".")[0]


def contents(made: list[str]) -> dict[str, list[str]]:
    """Return the pages of each section, with those that were `made`. Raises PageError if one has no section."""
    every = [*lessons(), *texts(), *made]
    found = {
        title: [p for rule in rules for p in every if PurePosixPath(p).match(rule)] for title, rules in SECTIONS.items()
    }
    named = [path for paths in found.values() for path in paths]
    if lost := [path for path in every if path not in named and path != START]:
        raise PageError(f"{', '.join(lost)}: say in SECTIONS of docs/site/pages.py where on the site that stands.")
    if gone := [
        rule for rules in SECTIONS.values() for rule in rules if not any(PurePosixPath(p).match(rule) for p in every)
    ]:
        raise PageError(f"{', '.join(gone)}: in SECTIONS of docs/site/pages.py, but there is no such page.")
    return found


def trees(made: list[str]) -> str:
    """Return what makes the table of contents, for the end of the first page."""
    parts = []
    for title, paths in contents(made).items():
        names = "\n".join(f"/{document(path)}" for path in paths)
        parts.append(f"```{{toctree}}\n:hidden:\n:caption: {title}\n\n{names}\n```")
    return "\n\n".join(parts)


# --- from a text to a notebook ---


def notebook(path: str) -> NotebookNode:
    """Return a page as a notebook: each piece of Python is a cell, and what it prints is left for it to print."""
    text = (ROOT / path).read_text(encoding="utf-8")
    cells, at = [], 0
    for block in BLOCK.finditer(text):
        language, code, _ = block.groups()
        if language == "python" and path not in UNRUN:
            cells.append(nbformat.v4.new_markdown_cell(text[at : block.start()].strip()))
            cells.append(nbformat.v4.new_code_cell(code.rstrip()))
            at = block.end()
    cells.append(nbformat.v4.new_markdown_cell(text[at:].strip()))
    made = nbformat.v4.new_notebook(cells=[cell for cell in cells if cell.source], metadata={"kernelspec": KERNEL})
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"
    return made


UNRUN = ("docs/architecture.md",)
"""Pages whose Python is quoted from a file: nothing in them is run."""


def lesson(path: str) -> NotebookNode:
    """Return a lesson's notebook with what is folded in it marked as the site folds it."""
    found = nbformat.read(ROOT / path, as_version=4)
    for cell in found.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata["tags"] = [*tags, *(TAGS[tag] for tag in tags if tag in TAGS)]
    return found


# --- links and pictures ---


def relink(text: str, path: str) -> str:
    """Return a piece of a page with each link as the site has it; what stands in code is left alone."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\ue000{len(kept) - 1}\ue001"

    text = CODE.sub(keep, text)
    text = PICTURE.sub(lambda found: found[1] + _picture(found[2], path) + found[3], text)
    text = LINK.sub(lambda found: found[1] + _target(found[2], path) + found[3], text)
    return re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found[1])], text)


def _picture(address: str, path: str) -> str:
    if "://" not in address:
        return address
    name = next((ours for theirs, ours in BADGES.items() if address.endswith(theirs)), None)
    if name is None:
        raise PageError(
            f"{path} shows a picture of another host, {address}: add one of ours to BADGES in docs/site/pages.py."
        )
    return "/" + name


def _target(address: str, path: str) -> str:
    target, sign, anchor = address.partition("#")
    if "://" in address or not target or target.startswith("/") or target.endswith(PICTURES):
        return address
    file = (ROOT / path).parent.joinpath(target).resolve()
    if not file.exists() or not file.is_relative_to(ROOT):
        raise PageError(f"{path} links to {target}, which is not there.")
    name = file.relative_to(ROOT).as_posix()
    if name in (*texts(), *lessons()):
        return f"/{document(name)}.ipynb{sign}{anchor}"
    kind = "tree" if file.is_dir() else "blob"
    return f"{repository()}/{kind}/HEAD/{name}{sign}{anchor}"


def write(page: NotebookNode, path: str, folder: Path) -> Path:
    """Write a page into the folder that Sphinx reads, with the pictures it shows beside it; return its file."""
    target = folder / f"{document(path)}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    for cell in page.cells:
        if cell.cell_type == "markdown":
            cell.source = relink(cell.source, path)
            for _, address, _ in PICTURE.findall(CODE.sub("", cell.source)):
                place(address, path, folder)
    nbformat.write(page, target)
    return target


def place(address: str, path: str, folder: Path) -> None:
    """Copy a picture to where the page of the site looks for it. Raises PageError if there is none."""
    file = (ROOT / address[1:]) if address.startswith("/") else (ROOT / path).parent.joinpath(address).resolve()
    if "://" in address or address.startswith(("data:", "attachment:")):
        return
    if not file.is_file():
        raise PageError(f"{path} shows {address}, which is not there.")
    target = folder / file.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
