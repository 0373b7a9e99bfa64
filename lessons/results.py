"""What is kept of the results of a lesson's cells, and whether two notebooks are the same."""

from __future__ import annotations

import base64
import difflib
import gzip
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
# A widget lives as long as its kernel. Left in, it would be an error in every page that is not the kernel's.
PASSING = "application/vnd.jupyter.widget-view+json"
# By its name an output finds its widget in a page. In a lesson none lives: there it is that of the cell.
NAME = re.compile(r'(?<=\bdata-cgviz=")[^"]*')
# Drawn by matplotlib: the bytes depend on the fonts and the versions of a machine.
PIXELS = "image/png"
# Of a folded result JupyterLab shows the first line. Of a picture that would be HTML, letter for letter.
BLANK = " \n"


class LessonError(Exception):
    """A lesson that must not be committed as it is."""


def tidy(cell: NotebookNode) -> None:
    """Keep of a cell's results what a reader sees and a test compares. Raises LessonError for an error or a warning."""
    if cell.cell_type != "code":
        return
    outputs = count(1)
    cell.execution_count = 1  # the same in every cell, so that one new cell does not change all that follow
    for output in cell.outputs:
        if output.output_type == "error" or output.get("name") == "stderr":
            said = output.get("text") or f"{output.ename}: {output.evalue}"
            raise LessonError(f"a cell does not run cleanly:\n{cell.source}\n→ {said}")
        if "data" in output:
            output.data.pop(PASSING, None)
            size = output.metadata.get(PIXELS, {})  # of a picture with two dots for each one on the page
            output.metadata = {PIXELS: {side: size[side] for side in ("width", "height")}} if size else {}
            if "text/html" in output.data:
                name = f"{cell.get('id', '')}-{next(outputs)}"
                output.data["text/html"] = NAME.sub(name, output.data["text/html"])
            if "text/html" in output.data and cell.metadata.get("jupyter", {}).get("outputs_hidden"):
                output.data["text/html"] = BLANK + output.data["text/html"]
        if "execution_count" in output:
            output.execution_count = 1


def refuse_traces(text: str) -> None:
    """Raise LessonError where a notebook tells of the machine or the moment of its making."""
    for trace in (str(ROOT), str(Path.home()), tempfile.gettempdir() + os.sep, sys.prefix):
        if len(trace) > 2 and json.dumps(trace)[1:-1] in text:
            raise LessonError(f"the notebook contains a path of this machine, {trace}")
    address = re.search(r"\b0x[0-9a-fA-F]{6,16}\b", text)
    if address:
        raise LessonError(f"the notebook contains an address in memory, {address[0]}")


def difference(committed: str, fresh: str, most: int = 20) -> str:
    """Return the lines in which two notebooks differ, long ones shortened."""
    lines = difflib.unified_diff(committed.splitlines(), fresh.splitlines(), "committed", "from the source", "", "", 1)
    shown = [line if len(line) < 160 else f"{line[:150]} …" for line in lines]
    return "\n".join(shown[:most] + (["…"] if len(shown) > most else []))


def comparable(text: str) -> str:
    """Return a notebook's text without what depends on the machine: two that agree in the rest are the same lesson.

    Of pictures in pixels it counts that they are there, and not their bytes; for other pictures see `MACHINE`.
    """
    if f'"{PIXELS}"' in text:
        notebook = json.loads(text)
        for output in (output for cell in notebook["cells"] for output in cell.get("outputs", [])):
            if PIXELS in output.get("data", {}):
                output["data"][PIXELS] = ""
        text = json.dumps(notebook)
    for pattern, replacement in MACHINE.items():
        text = re.sub(pattern, replacement, text)
    return text


def legible(picture: re.Match[str]) -> str:
    """Return a picture's SVG as text; of numbers in full, which its titles say, nine digits."""
    try:
        svg = base64.b64decode(picture[1], validate=True).decode()
    except ValueError:
        return picture[0]
    return re.sub(LONG, lambda number: f"{float(number[0]):.9g}", svg)


def told(script: re.Match[str]) -> str:
    """Return as text what an output's script is told. The code is the package's own, and changes for other reasons.

    What is packed by another zlib has other bytes, so it is compared as it is unpacked.
    """
    *code, numbers = re.findall(PACKED, script[1]) or [""]
    text = gzip.decompress(base64.b64decode(numbers)).decode() if code else ""
    numbers = re.sub(LONG, lambda number: f"{float(number[0]):.9g}", text)
    return f"told {re.sub(f'{PACKED}|{KEY}', '', script[1])} {numbers}"


LONG = r"-?\d+\.\d{10,}(e[-+]?\d+)?"
PACKED = r"\bH4sI[A-Za-z0-9+/=]+"
KEY = r"(?<=\W)[0-9a-f]{8}(?=\W)"


# What is replaced before results are compared. The last digits of a number in full depend on the processor, by way of
# exp and of sums over arrays; a picture's titles show them, and the picture is named by its content.
MACHINE: dict[str, str | Callable[[re.Match[str]], str]] = {
    r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)": legible,
    r"\bcg[0-9a-f]{8}\b": "cg",
    r"<script>\(\(\)=>\{[\s\S]*?\(document\.currentScript,([\s\S]*?)\)\}\)\(\)</script>": told,
    r'(?<=\bdata-cgviz=\\")[^"\\]*|(?<=\bdata-cgviz=")[^"]*': "",
    # What is 0 but for rounding: another processor rounds otherwise, and a table's columns are as wide as its numbers.
    r"[ \[]*-?\b\d(\.\d+)?e-1[6-9]\b": " about 0",
}
