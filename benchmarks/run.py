"""Run all benchmarks and print their tables, or write the page benchmarks/README.md: ``python3 -m cgviz bench``."""

from __future__ import annotations

import argparse
import gc
import platform
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import arrays
import checks
import eager
import gpt
import nodes
import page as live
import peers
import reading
import replay
import size
from row import Row

PAGE = Path(__file__).parent / "README.md"
SECTIONS = {
    "Weight": size,
    "Values, run as they are typed": eager,
    "Somebody's graph, read": reading,
    "Programs, run again": replay,
    "A small GPT": gpt,
    "Nodes, built first and run later": nodes,
    "Tensors, run as they are typed": arrays,
    "The gradient check": checks,
    "The live view, in JupyterLab and Chromium": live,
}
HEADINGS = ("figure", "against", "measured", "aim", "reached")
HEAD = """# Benchmarks

`python3 -m cgviz bench` measures all of this on your machine and prints it; with `--write` it writes this page anew.
The others take part as far as they are installed: PyTorch, JAX and CasADi are too large for the locks, so install
what you want to see with `python -m pip install torch jax casadi autograd`, where `python` is the one of the folder
`.venv`: `.venv/bin/python`, on Windows `.venv\\Scripts\\python`. (There, say `py` for `python3`.)

All contestants run in one process and take turns. Garbage is collected before each timing, and a timing covers several
steps in a row, so that each pays for its own garbage and for nobody else's. A time is the median of all rounds, with
half the distance between the quartiles behind ±; a comparison is the ratio of two medians of one run. Before they are
timed, contestants are asked for their values and gradients, which must agree. Garbage collection is on unless a row
says otherwise, and passes over the modules of those who take part. Everybody computes in double precision and in one
thread.
Nothing here is a test: times depend on the machine, and only ratios travel.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print each row as it is done, and write the page if that is asked for."""
    parser = argparse.ArgumentParser(prog="cgviz bench", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write benchmarks/README.md anew")
    write = parser.parse_args(argv).write
    present()  # imports all who take part
    gc.collect()
    gc.freeze()  # their modules' many objects: no contestant's garbage collector walks through them from here on
    tables: dict[str, list[Row]] = {}
    for title, section in SECTIONS.items():
        print(f"\n{title}")
        tables[title] = []
        for row in section.rows():
            tables[title].append(row)
            print("  " + line(row), flush=True)
    print("\n" + present())
    if write:
        PAGE.write_text(page(tables), encoding="utf-8")
        print(f"\nwritten: {PAGE.relative_to(PAGE.parent.parent)}")
    return 0


def line(row: Row) -> str:
    """A row for the terminal."""
    against = f", against {row.against}" if row.against else ""
    answer = {None: "", True: ", reached", False: ", NOT reached"}[row.reached]
    return f"{row.what}{against}: {row.measured}" + (f"  (aim: {row.aim}{answer})" if row.aim else "")


def page(tables: dict[str, list[Row]]) -> str:
    """The whole page, as Markdown."""
    parts = [HEAD]
    for title, found in tables.items():
        parts.append(f"## {title}\n\n{table(found)}\n")
    return "\n".join([*parts, present()]) + "\n"


def table(found: Iterable[Row]) -> str:
    """Rows as a Markdown table."""
    cells = [HEADINGS, ("---",) * len(HEADINGS), *(row.cells for row in found)]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def present() -> str:
    """Who took part, and who was not installed."""
    there = [f"{name} {version}" for name, version in peers.installed().items()]
    absent = peers.missing()
    said = (
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; {', '.join(there) or 'nobody'}."
    )
    return said + (f"\nNot installed, and so not in the tables: {', '.join(absent)}." if absent else "")


if __name__ == "__main__":
    raise SystemExit(main())
