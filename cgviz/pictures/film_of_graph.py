"""The film of a graph: forward and backward, one operation at a time, as a file that moves or as a folder of stills."""

from __future__ import annotations

from pathlib import Path

from ..chain_rule.local_derivatives import add_local_derivatives
from ..chain_rule.stepping import steps
from ..graph import Names, NodeLike, read_names, trace
from ..text import one_of
from .film_formats import check_film_format, check_place, encode, unwritable, write_film
from .frames import Reel, still
from .layout.placement import check_rankdir
from .layout.plan import MOST as MOST_NODES
from .paint import Canvas, paint
from .scene import scene
from .svg import render

MOST = 300
"""Films of more steps than this are refused: some six minutes."""
STILLS = ("svg", "png")


def film(
    root: NodeLike,
    path: str | Path,
    *,
    names: Names = None,
    rankdir: str = "LR",
    scale: float = 1.2,
    stills: str | None = None,
) -> Path:
    """Film forward and backward through the graph of `root`, or the steps of a descent; return the path of the file.

    In the forward pass dots carry the operands' values to each operation; in the backward pass a dot leaves with the
    upstream gradient, is multiplied by the local derivative on the edge, and is added in the box. The numbers are those
    of `steps`: the chain rule's, whatever the class's own `backward` does.

    The suffix of `path` says the form: ``.gif``, ``.webp`` (the smaller one), ``.png`` (animated), or ``.mp4`` where
    ffmpeg is installed. With `stills`, ``"svg"`` or ``"png"``, `path` is a folder, made if need be, which gets a
    picture of each step: ``step-01.svg`` and so on. `names` gives labels, as for `trace`; `scale` is that of
    the pixels.

    Raises `ValueError` for an unknown form or a graph of more than 300 steps, `TypeError` if `root` is not a node or no
    derivative is known, `DomainError` where one does not exist, and `OSError` if the file cannot be written.

    >>> import tempfile
    >>> from cgviz import Value
    >>> L = Value(2.0, "a") * Value(-3.0, "b")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     len(sorted(film(L, folder, stills="svg").glob("*.svg")))
    5
    """
    if callable(own := getattr(root, "film", None)):  # what is no graph and can be filmed, such as a descent
        return own(path, scale=scale)
    path = Path(path)
    if stills is not None and stills not in STILLS:
        raise ValueError(f"stills: {one_of(map(repr, STILLS))}, got {stills!r}")
    suffix = path.suffix.lower().lstrip(".")
    if stills is None:
        check_film_format(suffix)
        check_place(path)
    reel = _reel(root, names, check_rankdir(rankdir))
    if stills is not None:
        return _write_stills(reel, path, stills, scale)
    canvas = Canvas(reel.scene, scale)
    frames = list(reel.frames())
    pixels = [canvas.pixels(frame.numbers, frame.lit, frame.moving, frame.gone) for frame in frames]
    write_film(path, encode(pixels, [frame.duration for frame in frames], suffix))
    return path


def _reel(root: NodeLike, names: Names, rankdir: str) -> Reel:
    names = read_names(names)  # which may be used up by one reading
    graph = add_local_derivatives(trace(root, names))
    count = sum(bool(node.operands) for node in graph.nodes) + len(graph.edges) + 1
    if count > MOST or len(graph.nodes) > MOST_NODES:
        raise ValueError(f"a film of {count:,} steps would take {_minutes(count)}; the most is {MOST} steps")
    found = steps(root, names)
    if not found.backward:
        why = "; ".join(found.notes) or "no backward pass is known"
        raise TypeError(f"a film shows forward and backward, and of this graph there is {why}")
    return Reel(graph, found, scene(graph, rankdir, True))


def _minutes(count: int) -> str:
    minutes = count * 2 / 60
    return f"{minutes:,.0f} minutes" if minutes < 180 else f"{minutes / 60:,.0f} hours"


def _write_stills(reel: Reel, folder: Path, form: str, scale: float) -> Path:
    """A picture for each step, numbered so that a listing has them in order."""
    frames = [frame for frame in reel.frames() if frame.still]
    width = len(str(len(frames) - 1))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(error, folder) from None
    for k, frame in enumerate(frames):
        picture = still(reel.scene, frame)
        content = (render(picture, frame.numbers) + "\n").encode("utf-8", "replace") if form == "svg" else b""
        write_film(folder / f"step-{k:0{width}}.{form}", content or paint(picture, frame.numbers, "png", scale))
    return folder
