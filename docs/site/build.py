"""``python3 -m cgviz docs``: the documentation as a site of plain files, made and read without a network."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

import nbformat

from docs.site import api, execution, lite, pages
from lessons.build import OFF, surroundings

MATHJAX = "tex-chtml.js"  # what the pages load
MARKER = "objects.inv"  # what Sphinx writes into a site: by it a folder is known as one


def main(folder: Path, address: str) -> int:
    """Build the site, whose buttons `try it` lead to `address`; return 0 if nothing was wrong, warnings included."""
    start = time.monotonic()
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
        made = Path(place, "site")
        if code := sphinx(source, made, Path(place, "doctrees"), address):
            print("cgviz: the site is not as it should be: each warning above is to be mended.", file=sys.stderr)
            return code
        for path in (made / "_static" / "mathjax").glob("*.js"):
            if path.name != MATHJAX:  # the others are MathJax for other input and output, each all of it
                path.unlink()
        if folder.exists():  # it is an older site, or empty: nothing of it stays
            shutil.rmtree(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, folder)
    joined = lite.join((folder / address).resolve(), written) if address and "://" not in address else 0
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    print(f"{folder / 'index.html'}: {size:.0f} MB, made in {time.monotonic() - start:.0f} s")
    if address and not joined:
        where = address if "://" in address else (folder / address).resolve()
        print(f"Its buttons `try it` lead to {where}, and work once `python3 -m cgviz site {where}` has built it.")
    return 0


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
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
