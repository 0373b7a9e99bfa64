"""``python3 -m cgviz docs``: the documentation as a site of plain files, made and read without a network."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

import nbformat

from docs.site import api, execution, lite, pages
from lessons.build import OFF, surroundings

USUAL = ROOT / "build" / "site" / "docs"
MARKER = "objects.inv"  # what Sphinx writes into a site: by it a folder is known as one


def main(argv: list[str]) -> int:
    """Build the site; return 0 if nothing was wrong, warnings included."""
    options = parser().parse_args(argv)
    folder, start = options.folder.expanduser().absolute(), time.monotonic()
    if problem := in_the_way(folder):
        print(f"cgviz: {problem}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="cgviz-docs-", ignore_cleanup_errors=True) as place:
        source = Path(place, "source")
        try:
            written = stage(source)
        except pages.PageError as problem:
            print(f"cgviz: {problem}", file=sys.stderr)
            return 1
        print(f"{len(written)} pages with examples, run in {time.monotonic() - start:.0f} s", flush=True)
        if code := sphinx(source, folder, Path(place, "doctrees"), options.lite):
            print("cgviz: the site is not as it should be: each warning above is to be mended.", file=sys.stderr)
            return code
    joined = lite.join((folder / options.lite).resolve(), written) if options.lite and "://" not in options.lite else 0
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    print(f"{folder / 'index.html'}: {size:.0f} MB, made in {time.monotonic() - start:.0f} s")
    if options.lite and not joined:
        print(
            f"Its buttons `try it` lead to {options.lite}: they work once `python3 -m cgviz site` has built that there."
        )
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the reader of the options."""
    reader = argparse.ArgumentParser(prog="cgviz docs", description="Build the documentation as a site of plain files.")
    reader.add_argument("folder", nargs="?", type=Path, default=USUAL, help="where to put it (build/site/docs)")
    reader.add_argument(
        "--lite",
        default="../lite",
        metavar="ADDRESS",
        help="where the site without a server is, seen from this one, for the buttons `try it` (../lite); '' for none",
    )
    reader.add_argument("--set-up-only", action="store_true", help="install what this needs and stop")
    return reader


def in_the_way(folder: Path) -> str:
    """Return what speaks against writing the site into a folder, in one sentence, or nothing."""
    if folder.exists() and not folder.is_dir():
        return f"{folder} is a file, and the site needs a folder: name another one."
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        return f"the folder {folder} holds something else than a site of this command: name an empty or a new one."
    return ""


def stage(source: Path) -> dict[str, nbformat.NotebookNode]:
    """Write what Sphinx reads; return the pages with examples as notebooks, by what they are called on the site."""
    made = api.write_all(source)
    texts = {path: pages.notebook(path) for path in pages.texts()}
    with surroundings():
        os.environ.pop(OFF, None)  # the page on progress shows some
        execution.run_all(texts)
    texts[pages.START].cells.append(nbformat.v4.new_markdown_cell(pages.trees(made)))
    for path, page in (texts | {path: pages.lesson(path) for path in pages.lessons()}).items():
        pages.write(page, path, source)
    return {
        pages.document(path): page
        for path, page in texts.items()
        if path != pages.START and any(cell.cell_type == "code" for cell in page.cells)
    }


def sphinx(source: Path, folder: Path, doctrees: Path, lite: str) -> int:
    """Run Sphinx, for which a warning is an error; return its exit code."""
    from sphinx.cmd.build import main as build

    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    options = ["-q", "-W", "--keep-going", "-E", "-b", "html", "-c", str(Path(__file__).parent), "-d", str(doctrees)]
    return build([*options, "-D", f"cgviz_lite={lite}", str(source), str(folder)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
