"""The live view in a real JupyterLab: what happens between a key and the picture, first views, bytes, and memory."""

from __future__ import annotations

import gc
import importlib.util
import re
import statistics
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent.parent / "tests" / "browser"))

import lab as harness
from delay import delayed
from notebook_page import IDLE, View
from row import Row, at_most
from timing import readable

from cgviz.live import javascript as modules

IMPORT = "from cgviz import explore\nfrom cgviz.nn import MLP"
L = 'explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2)'
NETWORK = "model = MLP(2, [8, 5, 1], seed=1)\nexplore(lambda x, y: model([x, y]), x=(-10, 10, 0.05), y=-1.0)"
OWN = """
class Mine:
    def __init__(self, data, _prev=(), _op=""):
        self.data, self.grad, self._prev, self._op, self._backward = data, 0.0, _prev, _op, lambda: None

    def __add__(self, other):
        out = Mine(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        out = Mine(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for operand in node._prev:
                    visit(operand)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()

explore(lambda a, b, c, d: (a*b + c)*d, cls=Mine, a=2, b=-3, c=10, d=-2)"""
CASES = {  # the slider that is moved, and the aims: 400 steps, and the output follows each of them
    "L": (L, 2, 0.002, 0.016),
    "a class of one's own": (OWN, 2, 0.002, 0.016),
    "a network of 212 nodes": (NETWORK, 0, 0.002, 0.016),
    "a network of 1,992 nodes, folded": (NETWORK.replace("8, 5, 1", "17, 17, 17, 1"), 0, 0.016, 0.1),
    "a network of 1,389 nodes, all drawn": (
        NETWORK.replace("8, 5, 1", "14, 14, 14, 1").replace("y=-1.0", "y=-1.0, fold=False"),
        0,
        0.016,
        0.1,
    ),
    "a network of 19,829 nodes, folded": (NETWORK.replace("8, 5, 1", "46, 46, 46, 46, 1"), 0, 0.1, 0.2),
}
HELD = ("L", "a class of one's own", "a network of 212 nodes")
FAR = ("L", "a class of one's own", "a network of 212 nodes")
COMM = re.compile(rb'"msg_type": ?"comm_(open|msg|close)"')
KEYS, EVERY, DELAY = 120, 0.016, 0.075
MOVES, WARM = 10_000, 2_000

# A key is taken when the first handler in the page could hear of it: in the capture phase, at the window. The picture
# has changed when a mutation observer is called, which is at the end of the handler that has changed it: all that was
# computed and patched lies between the two. Layout and painting, which the browser does for any page, do not.
WATCH = """([view, key]) => {
    window.watched?.stop();
    const slot = view.querySelector(`[data-slot="${key}"]`);
    const { keys, shown } = window.watched = { keys: [], shown: [] };
    const pressed = () => keys.push([performance.now(), slot.textContent]);
    const observer = new MutationObserver(() => shown.push([performance.now(), slot.textContent]));
    addEventListener('keydown', pressed, true);
    observer.observe(slot, { childList: true, characterData: true, subtree: true });
    window.watched.stop = () => {
        removeEventListener('keydown', pressed, true);
        observer.disconnect();
    };
}"""
# From the command that runs the cell to the first frame after the picture has its place and size.
FIRST = """async () => {
    const { shell, commands } = window.jupyterapp;
    shell.currentWidget.content.activeCellIndex = 1;
    const start = performance.now();
    commands.execute('notebook:run-cell');
    while (!(document.querySelector('.cg-view .cg-svg')?.getBoundingClientRect().width > 0)) {
        await new Promise(requestAnimationFrame);
    }
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""
MOVE = """async ([handle, from, to]) => {
    for (let i = from; i < to; i++) {
        const key = i % 200 < 100 ? 'ArrowRight' : 'ArrowLeft';
        handle.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        if (i % 8 === 0) await new Promise(requestAnimationFrame);
    }
}"""
PID = """async () => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const user_expressions = { pid: "__import__('os').getpid()", swept: "__import__('gc').collect()" };
    const reply = await kernel.requestExecute({ code: '', user_expressions }).done;
    return +reply.content.user_expressions.pid.data['text/plain'];
}"""


def rows() -> Iterator[Row]:
    """Each figure, or one sentence about what is missing."""
    yield at_most(
        "module of the view, once for all of a kernel's views", len(modules.module().encode()) / 1000, 40, "KB"
    )
    if missing := _missing():
        yield Row("the live view in JupyterLab", "", f"not measured: {missing}")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play, harness.jupyterlab() as lab:
        browser = play.chromium.launch(executable_path=harness.chromium(), args=harness.OPTIONS)
        window = _window(browser, lab)
        yield from _first(window, lab)
        for name, (cell, slider, median, p95) in CASES.items():
            view = _opened(window, lab, cell)
            yield _latency(window, view, slider, name, median, p95)
            if name in HELD:
                yield _held(window, view, slider, name, "")
            if name == "L":
                yield from _memory(window, view, slider)
        yield _ten(window, lab)
        with delayed(int(lab.url.rpartition(":")[2]), DELAY) as port:
            far = harness.Lab(f"http://127.0.0.1:{port}", lab.token, lab.folder, lab.environment)
            window = _window(browser, far)
            for name in FAR:
                cell, slider, *_ = CASES[name]
                view = _opened(window, far, cell)
                yield _held(window, view, slider, name, f", {readable(2 * DELAY)} away from the server")
            far.close(window)
        browser.close()


def _missing() -> str:
    for package in ("playwright", "jupyterlab", "psutil"):
        if importlib.util.find_spec(package) is None:
            return f"{package} is not installed"
    return "" if harness.chromium() else "no Chromium or Chrome was found (CGVIZ_CHROMIUM can name one)"


def _window(browser: Any, lab: harness.Lab) -> Any:
    window = browser.new_page(viewport={"width": 1280, "height": 900})
    lab.load(window)
    return window


def _opened(window: Any, lab: harness.Lab, cell: str) -> View:
    """The view of this cell, in a notebook of its own; the tools are there too."""
    lab.close(window)
    view = lab.open(window, lab.write(IMPORT, cell)).run_all().view()
    view.place.get_by_role("button", name="Explain").wait_for()
    return view


def _watch(window: Any, view: View, slider: int) -> None:
    """Note from now on when keys are pressed on this slider, and when the output changes, which is in sight."""
    view.slider(slider).press("Home")
    window.wait_for_function(IDLE)
    root = view.place.locator("[data-node]").evaluate_all("all => Math.max(...all.map(e => e.dataset.node))")
    slot = view.place.locator(f'[data-slot="{root}.data"]')
    slot.evaluate("slot => slot.scrollIntoView({ block: 'center', inline: 'center' })")
    window.wait_for_timeout(300)
    window.evaluate(WATCH, [view.place.element_handle(), f"{root}.data"])
    gc.collect()


def _watched(window: Any) -> tuple[list, list]:
    """The keys and the changes since, each as milliseconds and the text that stood there."""
    window.wait_for_function(IDLE)
    window.wait_for_timeout(500)
    found = window.evaluate("() => [window.watched.keys, window.watched.shown]")
    window.evaluate("() => window.watched.stop()")
    return found


def _first(window: Any, lab: harness.Lab) -> Iterator[Row]:
    taken = []
    for _ in range(3):
        lab.close(window)
        notebook = lab.open(window, lab.write(f"{IMPORT}\nexplore", L))
        window.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell').then(() => true)")
        window.wait_for_function(IDLE)
        window.wait_for_timeout(1000)  # nobody is quicker from one cell to the next
        taken.append(window.evaluate(FIRST) / 1000)
        assert notebook.errors() == []
    yield at_most("first view of L, from running its cell to the picture", statistics.median(taken), 0.3)


def _latency(window: Any, view: View, slider: int, name: str, middle: float, most: float) -> Row:
    """Single keys, with time between them for all that follows from one."""
    _watch(window, view, slider)
    for _ in range(KEYS):
        window.keyboard.press("ArrowRight")
        time.sleep(2 * EVERY)
    keys, shown = _watched(window)
    assert len(keys) == len(shown) == KEYS, (len(keys), len(shown))
    taken = [(after - before) / 1000 for (before, _), (after, _) in zip(keys, shown, strict=True)]
    median, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    measured = f"{readable(median)} median, {readable(p95)} p95"
    return Row(
        f"{name}: key to changed picture",
        "",
        measured,
        f"{readable(middle)}, {readable(most)}",
        median < middle and p95 < most,
    )


def _held(window: Any, view: View, slider: int, name: str, where: str) -> Row:
    """A key held down: late is a picture that does not stand there when the next key comes."""
    _watch(window, view, slider)
    start = time.perf_counter()
    for n in range(KEYS):
        time.sleep(max(0.0, start + n * EVERY - time.perf_counter()))
        window.keyboard.down("ArrowRight")
    window.keyboard.up("ArrowRight")
    every = (time.perf_counter() - start) / KEYS
    keys, shown = _watched(window)
    assert len(keys) == KEYS and len({text for _, text in shown}) == len(shown)  # and none came back
    texts = [text for _, text in keys] + [shown[-1][1]]
    late = sum(before == after for before, after in pairwise(texts))
    lag = (shown[-1][0] - keys[-1][0]) / 1000
    measured = f"{len(shown)} pictures, {late} late, the last after {readable(lag)}; a key every {readable(every)}"
    what = f"{name}{where}: {KEYS} keys, one every {readable(EVERY)}"
    return Row(what, "", measured, f"{KEYS}, none late", len(shown) == KEYS and not late)


def _ten(window: Any, lab: harness.Lab) -> Row:
    """The messages that open widgets and move them, either way, while a cell shows ten views."""
    lab.close(window)
    sizes: list[int] = []

    def sent(frame: bytes | str) -> None:
        frame = frame if isinstance(frame, bytes) else frame.encode()
        if COMM.search(frame):
            sizes.append(len(frame))

    def opened(socket: Any) -> None:
        socket.on("framereceived", sent)
        socket.on("framesent", sent)

    window.on("websocket", opened)
    notebook = lab.open(window, lab.write(IMPORT, f"for _ in range(10):\n    display({L})"))
    sizes.clear()
    notebook.run_all()
    window.wait_for_function("() => document.querySelectorAll('.cg-view .cg-svg').length === 10")
    window.wait_for_timeout(500)
    window.remove_listener("websocket", opened)
    return at_most("ten views of L in a notebook, messages of their widgets", sum(sizes) / 1000, 1000, "KB")


def _memory(window: Any, view: View, slider: int) -> Iterator[Row]:
    """Between the moves the browser draws, and the kernel is told and answers: nothing of all that may stay."""
    import psutil

    devtools = window.context.new_cdp_session(window)
    kernel = psutil.Process(window.evaluate(PID))
    handle = view.slider(slider).element_handle()

    def after(moves: int, to: int) -> tuple[float, float]:
        window.evaluate(MOVE, [handle, moves, to])
        window.wait_for_function(IDLE)
        window.wait_for_timeout(500)
        window.evaluate(PID)  # which collects the kernel's garbage
        devtools.send("HeapProfiler.collectGarbage")
        return devtools.send("Runtime.getHeapUsage")["usedSize"], kernel.memory_info().rss

    early, late = after(0, WARM), after(WARM, MOVES)
    for what, before, now in zip(("page", "kernel"), early, late, strict=True):
        measured = f"{now / before - 1:+.1%}, from {before / 1e6:.1f} MB"
        yield Row(f"memory of the {what}, move {WARM:,} to {MOVES:,}", "", measured, "< 5 %", now < 1.05 * before)
