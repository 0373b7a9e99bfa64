"""The examples of the pages, run: each page in a kernel and a folder of its own, its outputs kept in the notebook."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from docs.site.examples import class_of_two
from docs.site.pages import PageError

SECONDS = 120  # for a cell: the site may be built on a busy machine
AT_ONCE = 2
QUIET = ["--IPKernelApp.log_level=ERROR"]
WIDGET = "application/vnd.jupyter.widget-view+json"


def run_all(pages: dict[str, NotebookNode]) -> None:
    """Run the pages that have examples. Raises PageError for the first that fails."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(run, pages, pages.values()))


def run(path: str, page: NotebookNode) -> None:
    """Run a page's examples and keep what they show."""
    if not any(cell.cell_type == "code" for cell in page.cells):
        return
    with tempfile.TemporaryDirectory(prefix="cgviz-page-", ignore_cleanup_errors=True) as folder:
        class_of_two(Path(folder) / "inbox")
        place = {"metadata": {"path": folder}}
        client = NotebookClient(page, timeout=SECONDS, resources=place, store_widget_state=False, extra_arguments=QUIET)
        try:
            client.execute()
        except CellExecutionError as error:
            raise PageError(f"{path}: an example fails. {error}") from None
        keep_films(page, Path(folder))
    tidy(page)


def tidy(page: NotebookNode) -> None:
    """Leave of each output what a page can show: our widgets are HTML that needs no kernel."""
    for cell in page.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data or "image/svg+xml" in data:
                data.pop(WIDGET, None)
        if cell.cell_type == "code":
            cell.outputs = [
                each for each in cell.outputs if each.get("name") != "stderr" and WIDGET not in each.get("data", {})
            ]
            cell.metadata.pop("execution", None)


def keep_films(page: NotebookNode, folder: Path) -> None:
    """Show below a cell the film that it has written, which a notebook does not."""
    from base64 import b64encode

    from nbformat.v4 import new_output

    for cell in page.cells:
        if cell.cell_type != "code" or "film(" not in cell.source:
            continue
        for path in sorted(folder.glob("*.webp")):
            if f'"{path.name}"' in cell.source:
                address = f"data:image/webp;base64,{b64encode(path.read_bytes()).decode()}"
                html = f'<img class="cg-film" alt="the film {path.name}" src="{address}">'
                cell.outputs = [new_output("display_data", data={"text/html": html})]
