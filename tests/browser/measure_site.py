"""How fast the site without a server is: ``python tests/browser/measure_site.py FOLDER`` prints figures of it.

Each lesson is opened by a browser that has kept nothing, as a learner's is who comes for the first time.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).resolve().parents[2])]

import lab as harness  # noqa: E402
from served_site import AS_IN_THE_BUILD, Lesson, serve  # noqa: E402

FIRST = "01-slopes-and-graphs.ipynb"
TIMES = 3
BY_THE_PAGE = "from cgviz import explore\nexplore('(a*b + c)*d', a=(0, 50), b=-3, c=10, d=-2)"
BY_THE_KERNEL = """from cgviz import explore
class Mine:
    def __init__(self, data, prev=(), op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, prev, op
    def __mul__(self, other):
        return Mine(self.data * other.data, (self, other), "odd")
explore(lambda a, b: Mine(a.data * b.data, (a, b), "odd"), cls=Mine, a=(0, 50), b=3)"""


def visit(browser: object, url: str) -> dict[str, float]:
    """Return the seconds and milliseconds of one visit."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})  # type: ignore[attr-defined]
    try:
        start = time.monotonic()
        lesson = Lesson(context.new_page(), url, FIRST)
        lesson.ask("from cgviz import explore; print(explore('a*b', a=2, b=3).root.data)")
        first = time.monotonic() - start
        found = {"the lesson is shown": lesson.shown, "its kernel is ready": lesson.ready, "the first result": first}
        start = time.monotonic()
        lesson.ask(AS_IN_THE_BUILD)
        lesson.run_all()
        found["all of lesson 1 run"] = time.monotonic() - start
        for name, code in (("by the page", BY_THE_PAGE), ("by the kernel", BY_THE_KERNEL)):
            lesson.rewrite(code).run_all()
            lesson.page.wait_for_timeout(2000)
            found[f"a slider moved, {name} (ms)"] = lesson.time_moves()
        lesson.page.close()
        found["ready at the second visit"] = Lesson(context.new_page(), url, FIRST).ready
        return found
    finally:
        context.close()


def main(folder: str) -> None:
    """Measure, and print the median of some visits."""
    from playwright.sync_api import sync_playwright

    with serve(Path(folder)) as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=harness.chromium(), args=harness.OPTIONS)
        visits = [visit(browser, url) for _ in range(TIMES)]
        browser.close()
    for name in visits[0]:
        print(f"| {name} | {statistics.median(each[name] for each in visits):.1f} |")


if __name__ == "__main__":
    main(sys.argv[1])
