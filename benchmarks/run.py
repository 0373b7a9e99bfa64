"""Run all benchmarks and write the table of benchmarks/README.md: ``python3 -m cgviz bench``."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import eager
import nodes
import replay
import size

SECTIONS = {
    "Weight": size,
    "Values, run as they are typed": eager,
    "Programs, run again": replay,
    "Nodes, built first and run later": nodes,
}
HEAD = """# Benchmarks

`python3 -m cgviz bench` measures all of this on your machine, in one process, and writes this page. Contestants
take turns; garbage is collected before each timing; figures are medians, and comparisons are ratios of medians in
one run.
Nothing here is a test: times depend on the machine, and only ratios travel.
"""


def main() -> int:
    """Measure, print each row as it is done, and write the page."""
    lines = [HEAD]
    for title, section in SECTIONS.items():
        lines += [f"## {title}\n", "| what | measured | aim |", "|---|---|---|"]
        print(f"\n{title}")
        for what, figure, aim in section.rows():
            print(f"  {what}: {figure}" + (f"  (aim: {aim})" if aim else ""), flush=True)
            lines.append(f"| {what} | {figure} | {aim} |")
        lines.append("")
    lines.append(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}.")
    page = Path(__file__).parent / "README.md"
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"\nwritten: {page.relative_to(page.parent.parent)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
