"""A site of the lessons as any static host serves it, and a lesson of it in a browser that finds no other host."""

from __future__ import annotations

import contextlib
import json
import re
import statistics
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from notebook_page import IDLE, RUN_ALL, Notebook

from lessons.results import comparable

PATIENCE = 180
"""Seconds for what takes ten on a machine that does nothing else."""
OUTPUTS = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code').map(cell => cell.model.outputs.toJSON())"""
ASK = """([code, ms]) => Promise.race([
    new Promise((resolve, reject) => setTimeout(() => reject(Error('the kernel does not answer')), ms)),
    (async () => {
        const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
        const asked = kernel.requestExecute({ code });
        let text = '';
        asked.onIOPub = ({ content }) => {
            text += content.text ?? (content.ename ? `${content.ename}: ${content.evalue}` : '');
        };
        await asked.done;
        return text;
    })(),
])"""
HANDLE = ".jp-CodeCell .noUi-handle"
MOVES = """async (handle, times) => {
    const picture = handle.closest('.jp-OutputArea').querySelector('.cg-frame > svg'), found = [];
    for (let i = 0; i < times; i++) {
        const changed = new Promise((resolve) => {
            const watch = new MutationObserver(() => { watch.disconnect(); resolve(performance.now()); });
            watch.observe(picture.parentNode, { subtree: true, childList: true, characterData: true });
        });
        const start = performance.now();
        handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
        found.push((await changed) - start);
        await new Promise((resolve) => setTimeout(resolve, 150));
    }
    return found;
}"""
ADDRESS_IN_MEMORY = re.compile(r"0x[0-9a-fA-F]{6,16}")
AS_IN_THE_BUILD = "import os; os.environ['CGVIZ_NO_PROGRESS'] = '1'"
"""Nobody answers the questions here, so no cell is to wait for an answer; the build of the lessons sets the same."""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder until the block ends; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Lesson(Notebook):
    """A lesson of the site in a page: what it asked of other hosts, and how long its kernel took."""

    def __init__(self, page: Any, url: str, name: str) -> None:
        super().__init__(page)
        self.strangers: list[str] = []
        page.on("request", lambda request: self.note(request.url, url))
        page.set_default_timeout(PATIENCE * 1000)
        start = time.monotonic()
        page.goto(f"{url}/lab/index.html?path={name}")
        page.wait_for_selector(".jp-NotebookPanel .jp-Notebook .jp-Cell")
        self.shown = time.monotonic() - start
        page.wait_for_function("() => window.jupyterapp")
        page.wait_for_function(IDLE)
        self.ready = time.monotonic() - start

    def note(self, address: str, url: str) -> None:
        """Remember a request that goes elsewhere."""
        if not address.startswith((url, "data:", "blob:")):
            self.strangers.append(address)

    def ask(self, code: str) -> str:
        """Run code in the kernel, in no cell; return what it prints or raises."""
        return self.page.evaluate(ASK, [code, PATIENCE * 1000])

    def run_all(self) -> Lesson:
        """Run every cell; return when the last has answered."""
        if not self.page.evaluate(RUN_ALL, PATIENCE * 1000):
            raise TimeoutError("the lesson did not come to its end")
        self.page.wait_for_function(IDLE)
        return self

    def handle(self) -> Any:
        """Return the handle of the first slider, brought onto the screen."""
        found = self.page.locator(HANDLE).first
        while not found.count() and not self.scroll(600):
            pass
        found.scroll_into_view_if_needed()
        return found

    def beside(self) -> str:
        """Return what is to be read in the output that has the first slider."""
        return self.handle().locator("xpath=ancestor::*[contains(@class,'jp-OutputArea ')][1]").first.inner_text()

    def move_a_slider(self) -> None:
        """Move the first slider by a key, and wait until something else is to be read beside it; fails in the end."""
        before, end = self.beside(), time.monotonic() + PATIENCE
        self.handle().press("ArrowRight")
        while self.beside() == before:
            if time.monotonic() > end:
                raise AssertionError(f"a slider was moved, and it still says {before[:200]!r}")
            self.page.wait_for_timeout(50)

    def time_moves(self, times: int = 15) -> float:
        """Return how many milliseconds lie between a key on the first slider and the changed picture: the median."""
        return statistics.median(self.handle().evaluate(MOVES, times))

    def save(self) -> None:
        """Save the lesson, which the browser keeps."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")

    def outputs(self) -> list[list[dict[str, Any]]]:
        """Return what stands below each code cell."""
        return self.page.evaluate(OUTPUTS)


def texts(outputs: list[dict[str, Any]]) -> list[str]:
    """Return the text of each output of a cell: what was printed, what stands for a result, or an error."""
    found = []
    for output in outputs:
        if output["output_type"] == "stream":
            text = f"{output['name']}: " + "".join(output["text"])
        elif output["output_type"] == "error":
            text = f"{output['ename']}: {output['evalue']}"
        else:
            text = "".join(output.get("data", {}).get("text/plain", ""))
        found.append(comparable(ADDRESS_IN_MEMORY.sub("0x…", text)))
    return found


def differences(committed: Path, outputs: list[list[dict[str, Any]]]) -> list[str]:
    """Return a line for each cell of a lesson that shows another text than the committed notebook."""
    cells = [cell for cell in json.loads(committed.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert len(cells) == len(outputs)
    lines = []
    for cell, fresh in zip(cells, outputs, strict=True):
        old, new = "\n".join(texts(cell["outputs"])), "\n".join(texts(fresh))
        if old != new:
            head = "".join(cell["source"]).split("\n")[0]
            lines.append(f"{committed.name}, {head!r}: {old[:200]!r} became {new[:200]!r}")
    return lines
