"""A notebook open in JupyterLab, and the live pictures in it, as a browser's page shows them."""

from __future__ import annotations

import contextlib
import time
from typing import Any

SECONDS = 60

IDLE = """async () => {
    const panel = window.jupyterapp.shell.currentWidget;
    if (!panel || !panel.sessionContext) return false;
    await panel.sessionContext.ready;
    const session = panel.sessionContext.session;
    if (!session || !session.kernel) return false;
    await session.kernel.info;
    return session.kernel.connectionStatus === 'connected' && session.kernel.status === 'idle';
}"""
RUN_ALL = """(ms) => Promise.race([
    window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => true),
    new Promise(resolve => setTimeout(() => resolve(false), ms)),
])"""
REWRITE = """cells => {
    const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
    model.transact(() => {
        model.deleteCellRange(0, model.cells.length);
        model.insertCells(0, cells.map(source => ({ cell_type: 'code', source, metadata: {} })));
    });
}"""
NUMBERS = """view => Object.fromEntries([...view.querySelectorAll('.cg-node')].map(node => {
    const name = node.querySelector('.cg-name, .cg-number-name, .cg-quiet')?.textContent ?? '';
    const slot = kind => node.querySelector(`[data-slot$=".${kind}"]`)?.textContent.replace('−', '-') ?? null;
    return [name || node.dataset.node, [slot('data'), slot('grad')]];
}))"""


class Notebook:
    """The notebook that a page shows."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def rewrite(self, *cells: str) -> Notebook:
        """Put these code cells in the place of those that there are."""
        self.page.evaluate(REWRITE, list(cells))
        return self

    def run_all(self) -> Notebook:
        """Run every cell by JupyterLab's own command; return when the last has answered."""
        if not self.page.evaluate(RUN_ALL, SECONDS * 1000):
            raise TimeoutError("the notebook did not finish: is a dialog open?")
        self.page.wait_for_function(IDLE, timeout=SECONDS * 1000)
        return self

    def errors(self) -> list[str]:
        """Return what stands in red: tracebacks, warnings, widgets that failed."""
        kinds = [f'.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.{k}"]' for k in ("error", "stderr")]
        widgets = [".jupyter-widgets-error", ".jupyter-widgets:has-text('Error displaying widget')"]
        return self.page.locator(", ".join(kinds + widgets)).all_inner_texts()

    def scroll(self, down: int) -> bool:
        """Scroll down by so many pixels; tell whether that was the end."""
        self.page.evaluate("y => { document.querySelector('.jp-WindowedPanel-outer').scrollTop += y; }", down)
        self.page.wait_for_timeout(100)
        return self.page.evaluate("""() => { const e = document.querySelector('.jp-WindowedPanel-outer');
            return e.scrollTop + e.clientHeight >= e.scrollHeight - 2; }""")

    def view(self, nth: int = 0) -> View:
        """Return the nth live picture, brought onto the screen."""
        from playwright.sync_api import Error

        place = self.page.locator(".cg-view").nth(nth)
        for _ in range(100):  # JupyterLab may have put a cell that is out of sight aside
            if place.count():
                break
            if self.scroll(600):
                self.scroll(-1_000_000)
        for _ in range(5):
            with contextlib.suppress(
                Error
            ):  # the page's own view was there before the kernel's, which has taken its place
                place.scroll_into_view_if_needed()
                break
        place.locator(".cg-frame > svg").wait_for()
        return View(self.page, place)


class View:
    """A live picture and the controls above it."""

    def __init__(self, page: Any, place: Any) -> None:
        self.page, self.place = page, place
        self.controls = place.locator("xpath=ancestor::*[contains(@class,'widget-vbox')][1]")

    def numbers(self) -> dict[str, tuple[str, str]]:
        """Return what stands in the boxes: the value and the gradient, as text, by the name of the node.

        Numbers as they are typed, though the picture has a true minus sign.
        """
        return {name: tuple(pair) for name, pair in self.place.evaluate(NUMBERS).items()}

    def becomes(self, **expected: tuple[str, str]) -> None:
        """Wait until these nodes show these values and gradients; fail with what they show instead."""
        end = time.monotonic() + 10
        while any(self.numbers().get(name) != pair for name, pair in expected.items()):
            if time.monotonic() > end:
                shown = self.numbers()
                raise AssertionError(
                    f"expected {expected}, the picture shows { ({n: shown.get(n) for n in expected}) }"
                )
            time.sleep(0.02)

    def slider(self, nth: int) -> Any:
        """Return the handle of the nth slider."""
        return self.controls.locator(".noUi-handle").nth(nth)

    def box(self, nth: int) -> Any:
        """Return the nth box to type a number into."""
        return self.controls.locator("input[type=text]").nth(nth)

    def reset(self, nth: int) -> Any:
        """Return the nth reset button."""
        return self.controls.locator("button").nth(nth)

    def boxes(self) -> list[tuple]:
        """Return where the controls and each shape of the picture are on the page, as far as they are seen."""
        # Seen from one place: the inputs stay in sight when the notebook scrolls, as it may while cells come to rest.
        return self.controls.evaluate("""all => (all.scrollIntoView({ block: 'center', behavior: 'instant' }),
            [...all.querySelectorAll(
            '.widget-inline-hbox, .widget-hbox, .cg-frame, svg, svg rect:not(.cg-bar), svg path')]
            .filter(e => e.checkVisibility()).map(e => {
            const r = e.getBoundingClientRect(), f = all.getBoundingClientRect();
            return [r.x - f.x, r.y - f.y, r.width, r.height].map(x => Math.round(10 * x) / 10).join(' ');
        }))""")
