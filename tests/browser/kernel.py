"""What the tests of live views ask of the page in which a notebook stands."""

from __future__ import annotations

KERNEL = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
HAS_ENDED = "() => !window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel"
BUSY = f"code => {{ {KERNEL}.requestExecute({{ code }}); }}"
# Every text that stood in a slot of a picture, one after the other.
WATCH = """([view, key]) => {
    const slot = view.querySelector(`[data-slot="${key}"]`);
    const seen = window.seen = [slot.textContent];
    new MutationObserver(() => seen.push(slot.textContent))
        .observe(slot, { childList: true, characterData: true, subtree: true });
}"""


def keep_busy(page):
    """Leave the kernel something to do that takes longer than any test."""
    page.evaluate(BUSY, "import time; time.sleep(60)")
    page.wait_for_function(f"() => {KERNEL}.status === 'busy'")


def interrupt(page):
    """Interrupt the kernel, and wait until it has answered everything that it was asked meanwhile."""
    page.evaluate(f"() => {KERNEL}.interrupt()")
    page.evaluate(f"() => {KERNEL}.requestExecute({{ code: '' }}).done.catch(() => null)")
    page.wait_for_function(f"() => {KERNEL}.status === 'idle'")


def watch(page, view, key):
    """From now on note what stands in a slot; return a function that says what it was."""
    page.evaluate(WATCH, [view.place.element_handle(), key])
    return lambda: [text.replace("−", "-") for text in page.evaluate("() => window.seen")]
