"""Films as files: their form, size and colours, and what is refused."""

from __future__ import annotations

import re
import shlex
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cgviz import Value, descend, film, trace
from cgviz.cli import main
from cgviz.live import descent_film
from cgviz.pictures import film_of_graph
from cgviz.pictures.film_formats import encode
from cgviz.pictures.palette import BACKWARD, FORWARD


@pytest.fixture
def root():
    a, b, c, d = (Value(x, name) for x, name in ((2.0, "a"), (-3.0, "b"), (10.0, "c"), (-2.0, "d")))
    L = (a * b + c) * d
    L.label = "L"
    return L


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_a_film_has_every_frame_for_its_time(root, tmp_path, suffix):
    path = film(root, tmp_path / f"film.{suffix}")
    assert path.stat().st_size < {"png": 600_000}.get(suffix, 300_000)
    with Image.open(path) as image:
        durations = []
        for k in range(image.n_frames):
            image.seek(k)
            image.load()
            durations.append(image.info["duration"])
    assert durations[-1] == 4000 and len(durations) == 65


def test_the_colours_of_a_gif_are_exact(root, tmp_path):
    with Image.open(film(root, tmp_path / "film.gif")) as image:
        seen = set()
        for k in range(image.n_frames):
            image.seek(k)
            seen |= {colour for _, colour in image.convert("RGB").getcolors(1 << 20)}
    for colour in (FORWARD, BACKWARD):
        assert tuple(bytes.fromhex(colour[1:])) in seen
    assert (255, 255, 255) in seen


def test_equal_frames_keep_their_time():
    frame = np.full((8, 8, 3), 255, np.uint8)
    import io

    with Image.open(io.BytesIO(encode([frame, frame, frame * 0], [300, 400, 500], "gif"))) as image:
        total = 0
        for k in range(image.n_frames):
            image.seek(k)
            total += image.info["duration"]
    assert total == 1200


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg")
def test_an_mp4_where_ffmpeg_is(root, tmp_path):
    assert film(root, tmp_path / "film.mp4").read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_folder_of_stills(root, tmp_path, form):
    folder = film(root, tmp_path / "steps", stills=form)
    files = sorted(folder.iterdir())
    assert [file.name for file in files][:2] == [f"step-00.{form}", f"step-01.{form}"] and len(files) == 11
    if form == "svg":
        for file in files:
            ElementTree.fromstring(file.read_text("utf-8"))
        assert "∂L/∂b = " in files[-1].read_text("utf-8")


def test_labels_are_data(tmp_path):
    root = Value(2.0, "<script>$x_1$&") * Value(3.0, "b")
    text = (film(root, tmp_path / "steps", stills="svg") / "step-1.svg").read_text("utf-8")
    assert "<script" not in text and "&lt;script" in text
    assert film(root, tmp_path / "film.webp").stat().st_size


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("film.tiff", "written as .tiff"), ("film", "without suffix"), ("missing/film.gif", "cannot write the film")],
)
def test_what_cannot_be_written_is_said_in_a_sentence(root, tmp_path, path, sentence):
    with pytest.raises((ValueError, OSError), match=sentence):
        film(root, tmp_path / path)


def test_no_ffmpeg_is_said_before_anything_is_painted(root, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match="ffmpeg, which is not installed"):
        film(root, tmp_path / "film.mp4")


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_a_pillow_without_a_form_is_said_with_the_forms_that_it_has(root, tmp_path, monkeypatch, suffix):
    Image.init()
    form = {"gif": "GIF", "webp": "WEBP", "png": "PNG"}[suffix]
    monkeypatch.setattr(Image, "SAVE_ALL", {name: save for name, save in Image.SAVE_ALL.items() if name != form})
    others = " or ".join(f".{name}" for name in ("gif", "webp", "png") if name != suffix)
    with pytest.raises(ValueError, match=f"^this Pillow was built without {form}: write the film as {others}$"):
        film(root, tmp_path / f"film.{suffix}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "place", ["a folder.gif", "missing/film.gif", "a file/film.gif", "f\0.gif", f"{'f' * 300}.gif"]
)
@pytest.mark.parametrize("subject", ["graph", "descent"])
def test_a_place_where_nothing_can_be_written_is_said_before_anything_is_painted(
    root, tmp_path, monkeypatch, place, subject
):
    (tmp_path / "a folder.gif").mkdir()
    (tmp_path / "a file").touch()
    for module in (film_of_graph, descent_film):
        monkeypatch.setattr(module, "encode", lambda *given: pytest.fail("it was painted"))
    with pytest.raises(OSError, match="cannot write the film: ") as raised:
        film(root if subject == "graph" else descend("x**2", x=3, steps=2), tmp_path / place)
    assert raised.value.filename == str(tmp_path / place)


def test_an_unknown_form_of_stills_is_refused(root, tmp_path):
    with pytest.raises(ValueError, match="stills: must be one of 'svg', 'png', got 'bmp'"):
        film(root, tmp_path / "x", stills="bmp")


def test_a_film_without_end_is_refused(tmp_path):
    x = Value(1.0, "x")
    y = x
    for _ in range(400):
        y = y + x
    with pytest.raises(ValueError, match="a film of 1,201 steps would take 40 minutes; the most is 300 steps"):
        film(y, tmp_path / "film.gif")
    assert not list(tmp_path.iterdir())


def test_a_graph_without_derivatives_is_refused(tmp_path):
    class Node:
        def __init__(self, data, prev=(), op=""):
            self.data, self.grad, self._prev, self._op = data, 0.0, prev, op

    with pytest.raises(TypeError, match="no backward pass: no derivative is known for 'frobnicate'"):
        film(Node(3.0, (Node(2.0),), "frobnicate"), tmp_path / "film.gif")


@pytest.mark.parametrize("numbers", [{"x": 3.0}, {"x": 2.0, "y": 1.5}])
def test_a_descent_is_filmed(tmp_path, numbers):
    function = "x**2" if len(numbers) == 1 else "x**2 + 3*y**2"
    path = film(descend(function, numbers, rate=0.1, steps=4), tmp_path / "descent.webp")
    with Image.open(path) as image:
        assert image.n_frames == 1 + 4 * 4


def test_the_command_line_films(tmp_path, capsys):
    assert main(["film", "a*b", "a=2", "b=3", "-o", str(tmp_path / "film.gif")]) == 0
    assert main(["film", "x**2", "x=3", "--descend", "--steps", "2", "-o", str(tmp_path / "descent.gif")]) == 0
    assert main(["film", "a*b", "a=2", "b=3", "-o", str(tmp_path / "film.bmp")]) == 2
    assert "cannot be written as .bmp" in capsys.readouterr().err


def test_filming_changes_nothing(root, tmp_path):
    before = trace(root)
    film(root, tmp_path / "steps", stills="svg")
    assert trace(root) == before


def test_the_film_of_the_readme_is_what_its_command_makes(tmp_path):
    root = Path(__file__).parents[2]
    line = re.search(r"<!-- made by: (cgviz film .*) -->", (root / "README.md").read_text("utf-8"))[1]
    *command, shown = shlex.split(line)[1:]
    assert f"({shown})" in (root / "README.md").read_text("utf-8")
    assert main([*command, str(tmp_path / "film.webp")]) == 0
    with Image.open(root / shown) as theirs, Image.open(tmp_path / "film.webp") as ours:
        assert (theirs.size, theirs.n_frames) == (ours.size, ours.n_frames)
        last = ours.n_frames - 1
        theirs.seek(last)
        ours.seek(last)
        difference = np.abs(np.asarray(theirs.convert("RGB"), int) - np.asarray(ours.convert("RGB"), int))
        assert difference.mean() < 1  # fonts may be drawn a little differently
