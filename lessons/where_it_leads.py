"""Make the film at the top of the course: two moons being learned, and names that a GPT invents while it learns.

    python lessons/where_it_leads.py     train both anew and write images/where-it-leads.svg (about a minute)

Both are trained by the code of the lessons themselves, 11 and 16, with the class that they write. The film is one SVG
that moves by its own style sheet: it needs no kernel, no script and no network. It has no ground of its own and inks
that are read on a light page and on a dark one. Where somebody has asked for less motion, the last picture stands.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

LESSONS = Path(__file__).resolve().parent
ROOT = LESSONS.parent
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from cgviz.pictures import Axis, Chart, plot_sides
from lessons import build

PAGE = LESSONS / "images" / "where-it-leads.svg"
MOONS_AT = (0, 2, 5, 10, 20, 40, 80, 120, 160, 200)
NAMES_AT = (0, 15, 30, 60, 90, 130, 180, 250, 320, 400)
"""After so many steps there is a picture. Both films have as many, and go along together."""
PLANE = (Axis(-1.5, 2.5, "x₁"), Axis(-1, 1.6, "x₂"))
AT = ((20, 56), (470, 96))
"""Where the two charts stand."""
TOGETHER = 10
"""The loss of one step depends on its 16 names; so the line shows the mean of some."""
GREY = "#787e87"
"""Read on white and on near black alike: a picture does not know on which page it stands."""
SECONDS, LAST = 1.3, 3
"""How long a picture stands; the last one stands so many times as long."""
SAID = (
    "Left, a network learns to tell two moons apart. Right, a GPT learns to invent names. Both are trained in lessons."
)


class Moons(NamedTuple):
    """The network of lesson 11 after so many steps: where its score is above 0, and which share it has right."""

    step: int
    chart: Chart
    right: float


class Names(NamedTuple):
    """The GPT of lesson 16 after so many steps: the loss since the last picture, and three names that it invents."""

    step: int
    losses: tuple[tuple[int, float], ...]
    invented: tuple[str, ...]


def course() -> dict[str, Any]:
    """Return the names of a notebook in which the class of all lessons stands, and the network of lesson 11."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec("import math, random\nfrom cgviz.groups import group\nfrom cgviz.teach import grow, solve", names)
    for source in build.sources():
        for code in build.steps(source):
            exec(code, names)
        for code in cells(source) if source.stem.startswith("11-") else ():
            if re.search(r"^class (Neuron|Layer|MLP)\b", code, re.MULTILINE) and not re.search(
                r"^ *\.\.\.$", code, re.M
            ):
                exec(code, names)
    return names


def cells(source: Path) -> list[str]:
    """Return the code of the cells of a lesson."""
    return [each.source for each in build.written(source) if each.cell_type == "code"]


def part(number: str, start: str, end: str) -> str:
    """Return what stands between two beginnings of lines in a cell of a lesson."""
    (source,) = build.sources(f"{number}-")
    for code in cells(source):
        if found := re.search(rf"^{re.escape(start)}.*?(?=^{re.escape(end)})", code, re.MULTILINE | re.DOTALL):
            return found[0]
    raise LookupError(f"lesson {number} has no cell with a line {start!r} and then {end!r}")


def learn_moons(names: dict[str, Any]) -> list[Moons]:
    """Train the network of lesson 11 as it is trained there, and keep what it sees on the way."""
    from cgviz.nn import Training

    xs, ys = points()
    random.seed(1)
    training = Training(names["MLP"](2, [8, 8, 1]), xs, ys, rate=0.5, loss="logistic")
    found: list[Moons] = []
    for step in range(MOONS_AT[-1] + 1):
        if step in MOONS_AT:
            right = sum((score > 0) == (y > 0) for score, y in zip(training.scores(xs), ys, strict=True)) / len(ys)
            score = lambda x1, x2: float(training.scores([(x1, x2)])[0])  # noqa: E731
            found.append(Moons(step, plot_sides(score, *PLANE, places=31), right))
        training.step()
    return found


def points() -> tuple[list[Any], list[int]]:
    """Return the points of lesson 11, and on which moon each is."""
    from cgviz.nn import moons

    xs, ys = moons(100, noise=0.1, seed=1)
    return xs, ys


def learn_names(names: dict[str, Any]) -> list[Names]:
    """Train the GPT of lesson 16 as it is trained there, and let it invent on the way, with the same throws."""
    from cgviz.nn import Adam, Training

    lines = (LESSONS / "data" / "names.txt").read_text(encoding="utf-8").splitlines()
    known = [line.strip() for line in lines if not line.startswith("#")]
    names |= {"names": known, "letters": ".abcdefghijklmnopqrstuvwxyz"}
    exec(part("16", "def invent(", "def looks("), names)
    random.seed(4)
    gpt = names["gpt"] = names["GPT"]()
    training = Training(gpt.loss, data=[n for n in known if len(n) <= 6], optimizer=Adam(0.02), batch=16, seed=1)
    found: list[Names] = []
    losses: list[float] = []
    means: list[tuple[int, float]] = []
    for step in range(NAMES_AT[-1] + 1):
        if step >= TOGETHER:
            means.append((step, sum(losses[-TOGETHER:]) / TOGETHER))
        if step in NAMES_AT:
            training.write()
            dice = random.Random(6)
            found.append(Names(step, tuple(means), tuple(names["invent"](1, dice) for _ in range(3))))
            means = means[-1:]  # the next line goes on from there
        losses.append(training.step().loss)
    return found


def film(left: Sequence[Moons], right: Sequence[Names]) -> str:
    """Return the film as the text of an SVG: what stays is drawn once, and each picture only what is new in it."""
    xs, ys = points()
    plane = Chart(*PLANE, "Two moons")
    for kind, mark, label in ((1, plane.dots, "plus"), (-1, plane.triangles, "minus")):
        mark([x for x, y in zip(xs, ys, strict=True) if y == kind], label)
    steps = Chart(Axis(0, right[-1].step, "step"), Axis(1.8, 3.6, "loss"), "The loss", height=210)
    count = len(left)
    whole = SECONDS * (count - 1 + LAST)
    styles, pictures, lines = [], [], []
    for k, (moons, gpt) in enumerate(zip(left, right, strict=True)):
        start, end = (f"{100 * SECONDS * at / whole:.2f}%" for at in (k, k + 1))
        before = f"from{{visibility:hidden}}{start}{{visibility:visible}}" if k else "from{visibility:visible}"
        after = f"{end}{{visibility:hidden}}" if k < count - 1 else ""
        styles.append(f"@keyframes p{k}{{{before}{after}}}@keyframes l{k}{{{before}}}")
        styles.append(f".p{k}{{animation-name:p{k}}}.l{k}{{animation-name:l{k}}}")
        names = ", ".join(name.capitalize() for name in gpt.invented)
        pictures.append(
            f'<g class="p p{k}">{_place(_inside(moons.chart), *AT[0])}'
            f'<text x="80" y="48">after {moons.step} steps: {moons.right:.0%} are right</text>'
            f'<text x="530" y="48">after {gpt.step} steps it invents</text>'
            f'<text x="530" y="82" class="big">{escape(names)}</text></g>'
        )
        line = Chart(steps.x, steps.y, "", height=210)
        line.line(gpt.losses, "curve")
        lines.append(f'<g class="l l{k}">{_place(_inside(line), *AT[1])}</g>')
    look = (
        f"svg{{color:{GREY};font:15px system-ui,-apple-system,'Segoe UI',Roboto,Arial,'DejaVu Sans',sans-serif}}\n"
        "text{fill:currentColor}.head{font-weight:600}.big{font-size:21px;font-weight:600}\n"
        f".p,.l{{visibility:hidden;animation:{whole:g}s step-end infinite}}\n"
        f"@media(prefers-reduced-motion:reduce){{.p,.l{{animation:none}}.p{count - 1},.l{{visibility:visible}}}}"
    )
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" width="860" height="310" viewBox="0 0 860 310" role="img">',
            f"<title>Where the course leads</title>\n<desc>{SAID}</desc>",
            f"<style>\n{_style(plane)}\n{look}\n" + "\n".join(styles) + "\n</style>",
            '<text class="head" x="80" y="22">Lesson 11: your network learns two moons</text>',
            '<text class="head" x="530" y="22">Lesson 16: your GPT learns names</text>',
            *pictures,
            _place(_all(plane), *AT[0]),
            _place(_all(steps), *AT[1]),
            *lines,
            "</svg>\n",
        ]
    )


def _style(chart: Chart) -> str:
    """The style sheet of charts, without the ground of its own that a file with a chart alone has."""
    (style,) = re.findall(r"<style>\n(.*?)\n</style>", chart.svg, re.DOTALL)
    return "\n".join(line for line in style.splitlines() if ":root" not in line)


def _all(chart: Chart) -> str:
    """A chart without its frame, to stand in another picture."""
    return re.sub(r"\A<svg[^>]*>\n<style>.*?</style>\n?", "", chart.svg, flags=re.DOTALL).removesuffix("</svg>")


def _inside(chart: Chart) -> str:
    """What lies between the axes."""
    return _all(chart)[_all(chart).index("<svg ") :]


def _place(text: str, x: int, y: int) -> str:
    return f'<g class="cg-chart" transform="translate({x} {y})">{text}</g>'


def main() -> int:
    """Train, and write the film."""
    names = course()
    text = film(learn_moons(names), learn_names(names))
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(f"{PAGE.relative_to(ROOT)}: {len(text):,} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
