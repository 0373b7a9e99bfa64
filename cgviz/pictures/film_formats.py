"""Films as files: GIF, WebP and APNG by Pillow, MP4 by ffmpeg where there is one."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import stat
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..text import shorten
from .whole_files import possible_name, write_whole

PICTURES = {"gif": "GIF", "webp": "WEBP", "png": "PNG"}
"""The formats that Pillow writes, by their suffix; a film as PNG is an animated one."""
RATE = 25
"""Pictures in a second of an MP4."""
_COMMON, _SATURATED = 190, 64
"""A GIF has one palette for all frames: its commonest colours, and the most saturated of the others."""


def check_film_format(suffix: str) -> None:
    """Raise `ValueError` in one sentence for a form that cannot be written here."""
    if suffix in PICTURES:
        there = [name for name, form in PICTURES.items() if _writes(form)]
        if suffix not in there:
            other = f"write the film as .{' or .'.join(there)}" if there else "it writes no films at all"
            raise ValueError(f"this Pillow was built without {PICTURES[suffix]}: {other}")
    elif suffix == "mp4":
        if shutil.which("ffmpeg") is None:
            raise ValueError(
                "an .mp4 is written by ffmpeg, which is not installed here: write the film as .gif or .webp"
            )
    else:
        raise ValueError(
            f"a film cannot be written as {'.' + shorten(suffix) if suffix else 'a file without suffix'}: "
            ".gif, .webp, .png (animated) and .mp4 can, or a folder of stills by stills='svg' or 'png'"
        )


def _writes(form: str) -> bool:
    """Whether this Pillow writes films of a form: what it was built without is in its list, or is not."""
    from PIL import Image, features

    Image.init()
    return form in Image.SAVE_ALL and (form != "WEBP" or features.check("webp"))


def check_place(path: Path) -> None:
    """Raise `OSError` where no file can be put at `path`, before anything is painted: that may take minutes."""
    try:
        with contextlib.suppress(FileNotFoundError), possible_name(path):
            os.stat(path)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISDIR(os.stat(path.parent).st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise unwritable(error, path) from None


def encode(frames: Sequence[Any], durations: Sequence[int], suffix: str) -> bytes:
    """The frames, arrays of (height, width, 3) bytes seen for `durations` (ms), as a file of the form `suffix`."""
    if suffix == "mp4":
        return _mp4(frames, durations)
    from PIL import Image

    # One after the other, so that equal frames are not lost: Pillow joins them, and their durations with them.
    images = _with_one_palette(frames) if suffix == "gif" else [Image.fromarray(frame) for frame in frames]
    options: dict[str, Any] = {"gif": {"optimize": False, "disposal": 1}, "webp": {"lossless": True, "method": 2}}.get(
        suffix, {}
    )
    out = io.BytesIO()
    images[0].save(
        out,
        PICTURES[suffix],
        save_all=True,
        append_images=images[1:],
        duration=list(durations),
        loop=0,
        **options,
    )
    return out.getvalue()


def write_film(path: Path, content: bytes) -> None:
    """Write a film, or one of its stills. Raises `OSError`, naming the file, if it cannot be written."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise unwritable(error, path) from None


def unwritable(error: OSError, path: Path) -> OSError:
    """The same error, in a sentence that says what was to be written."""
    return type(error)(error.errno, f"cannot write the film: {error.strerror or error}", str(path))


def _with_one_palette(frames: Sequence[Any]) -> list[Any]:
    """The frames in 256 colours, the same for all and as exact as can be: Pillow's own choice would shift them."""
    import numpy as np
    from PIL import Image

    keys = [(frame.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)) for frame in frames]
    # Of each frame only what is new in it counts: all else was counted where it first came.
    new = [keys[0].ravel(), *(key[key != last] for last, key in pairwise(keys))]
    colours, counts = np.unique(np.concatenate(new), return_counts=True)
    rgb = np.stack([colours >> 16, (colours >> 8) & 255, colours & 255], axis=1).astype(np.int32)
    order = np.argsort(-counts, kind="stable")
    chosen, others = order[:_COMMON], order[_COMMON:]
    saturation = (rgb.max(axis=1) - rgb.min(axis=1)) * np.log1p(counts)
    chosen = np.concatenate([chosen, others[np.argsort(-saturation[others], kind="stable")][:_SATURATED]])
    palette = rgb[chosen]
    nearest = np.zeros(1 << 24, np.uint8)  # a table of all colours: looked up faster than searched for
    for start in range(0, len(colours), 2048):
        far = ((rgb[start : start + 2048, None] - palette[None]) ** 2).sum(axis=-1)
        nearest[colours[start : start + 2048]] = far.argmin(axis=1)
    images = []
    for key in keys:
        image = Image.fromarray(nearest[key], "P")
        image.putpalette(palette.astype(np.uint8).tobytes())
        images.append(image)
    return images


def _mp4(frames: Sequence[Any], durations: Sequence[int]) -> bytes:
    """An H.264 film: each frame as often as it is seen, by ffmpeg, which reads raw pixels."""
    import tempfile

    high, wide = frames[0].shape[0] // 2 * 2, frames[0].shape[1] // 2 * 2  # the format asks for even sizes
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        command = ["ffmpeg", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{wide}x{high}"]
        command += ["-r", str(RATE), "-i", "-", "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdin is not None and process.stderr is not None
            try:
                for frame, duration in zip(frames, durations, strict=True):
                    for _ in range(max(1, round(duration * RATE / 1000))):
                        process.stdin.write(frame[:high, :wide].tobytes())
                process.stdin.close()
            except BrokenPipeError:
                pass  # it has ended, and says why
            error = process.stderr.read().decode("utf-8", "replace").strip()
        if process.returncode:
            raise OSError(f"ffmpeg could not write the film: {error.splitlines()[-1] if error else process.returncode}")
        return path.read_bytes()
