"""The progress of a whole class, from the files that the learners have sent to their teacher."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from ..feedback import Listed
from .progress_file import FILE
from .small_file import Damaged, readable, refuse_links
from .tries import Record, clean_name, read

LESSONS = "cgviz-lessons"
"""The folder of the lessons in a learner's home, as ``cgviz lessons`` makes it there."""

CELLS = re.compile(r"([;,|\t])")
"""What may end a cell: which of them does, a spreadsheet decides by the country that it is in."""


class Collected(Listed):
    """The progress of a class: `rows` of texts, the `damaged` files with what is wrong with them; `csv` for a sheet."""

    def __init__(self, rows: list[tuple], damaged: list[str], notes: list[str]) -> None:
        self.damaged = damaged
        said = [*notes, *(f"not read: {one}" for one in damaged)]
        super().__init__(("learner", *Record._fields), [tuple(map(str, row)) for row in rows], "\n".join(said))

    @property
    def csv(self) -> str:
        """The rows as comma-separated values, the head first."""
        out = io.StringIO()
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([self.head, *(map(_plain, row) for row in self.rows)])
        return out.getvalue()


def collect(folder: str | Path = ".", *, homes: bool = False) -> Collected:
    """Read the progress files of a class from a folder and the folders in it: one table, a row for each exercise.

    Any file name will do that ends in ``.json``; hidden folders, such as Jupyter's copies, are passed over.
    A file that is damaged is named below the table, and left as it is; so is a learner of whom there are several files.
    So is what is no file, a pipe or a device, and what is far too large: nothing of it is read.
    With `homes` the folder is that in which the learners of a JupyterHub have their homes, each named after its
    learner: of each home ``cgviz-lessons/my-progress.json`` is read and nothing else, and no link is followed, for a
    learner could let it lead to somebody else's file.
    Raises `FileNotFoundError` if there is no such folder, and `NotADirectoryError` for a single file.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     collect(folder).rows
    []
    """
    folder = Path(folder)
    if not folder.is_dir():
        if folder.exists():
            raise NotADirectoryError(f"{str(folder)!r} is a file: give the folder that it lies in")
        raise FileNotFoundError(f"there is no folder {str(folder)!r}")
    rows: list[tuple] = []
    damaged: list[str] = []
    files: dict[str, list[str]] = {}
    without = 0
    for path in _in_homes(folder) if homes else _anywhere(folder):
        inside = path.relative_to(folder)
        where = readable(inside.parts[0] if homes else inside.as_posix())
        try:
            if homes:
                refuse_links(path, folder)
            learner, records = read(path)
        except (Damaged, OSError) as error:
            if homes and isinstance(error, FileNotFoundError):
                without += 1
            else:
                damaged.append(f"{where}: {getattr(error, 'strerror', None) or error}")
            continue
        learner = "" if homes else learner
        learner = learner or clean_name(where.removesuffix(path.suffix)) or where
        files.setdefault(learner, []).append(where)
        rows += [(learner, *record) for record in sorted(records.values())]
    notes = _notes(files)
    if without and files:
        notes.append(f"{without} {'home has' if without == 1 else 'homes have'} no progress file")
    return Collected(rows, damaged, notes)


def _anywhere(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() == ".json" and not path.is_dir() and not hidden:
            yield path


def _in_homes(folder: Path) -> Iterator[Path]:
    for home in sorted(folder.iterdir()):
        if home.is_dir() and not home.name.startswith("."):
            yield home / LESSONS / FILE


def _notes(files: dict[str, list[str]]) -> list[str]:
    if not files:
        return ["no progress file was found"]
    return [f"{len(they)} files are of {learner}: {', '.join(they)}" for learner, they in files.items() if they[1:]]


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, wherever it ends its cells.

    >>> _plain("=1+1"), _plain("Ada;＝1+1"), _plain("Ada-Lou")
    ("'=1+1", "Ada;'＝1+1", 'Ada-Lou')
    """
    return "".join(f"'{part}" if _begins_formula(part) else part for part in CELLS.split(readable(cell)))


def _begins_formula(text: str) -> bool:
    """Whether the first sign that shows, quotes aside, is one that begins a formula, in any of its widths."""
    shown = [ch for ch in text if not ch.isspace() and ch != '"' and unicodedata.category(ch) not in ("Cc", "Cf")][:1]
    return unicodedata.normalize("NFKC", "".join(shown))[:1] in tuple("=+-−@%")
