import base64
import os
import re

import pytest

from cgviz.pictures import draw
from cgviz.pictures.picture import FORMATS


def test_a_notebook_gets_an_image_that_becomes_part_of_the_page(graphs):
    bundle = draw(graphs.seed())._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', bundle["text/html"])[1]
    assert base64.b64decode(data).decode() == draw(graphs.seed()).svg
    assert 'alt="Computational graph of L with 7 nodes; L = -8"' in bundle["text/html"]


def test_each_format_shows_itself(graphs):
    def bundle(form):
        return draw(graphs.seed(), form)._repr_mimebundle_()

    assert bundle("svg")["image/svg+xml"].startswith("<svg")
    png, metadata = bundle("png")
    assert png["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["width"] < 1000
    assert bundle("pdf")[0]["application/pdf"].startswith(b"%PDF")
    assert set(bundle("txt")) == {"text/plain"}
    assert bundle("dot")["text/plain"].startswith("digraph")


def test_str_is_the_table_and_repr_a_sentence(graphs):
    picture = draw(graphs.seed())
    assert str(picture) == picture.text
    assert repr(picture) == "<Computational graph of L with 7 nodes; L = -8>"


@pytest.mark.parametrize(
    ("suffix", "start"),
    [
        ("svg", "<svg"),
        ("png", "\x89PNG"),
        ("pdf", "%PDF"),
        ("html", "<!DOCTYPE html>"),
        ("txt", "node "),
        ("dot", "digraph"),
    ],
)
def test_saving(graphs, tmp_path, suffix, start):
    path = draw(graphs.seed()).save(tmp_path / f"L.{suffix.upper()}")
    assert path.read_bytes().decode("latin-1").startswith(start)


def test_a_file_is_the_same_at_every_run(graphs, tmp_path):
    for suffix in FORMATS:
        one, two = (draw(graphs.seed()).save(tmp_path / f"{n}.{suffix}").read_bytes() for n in "12")
        assert one == two


def test_what_cannot_be_saved_is_told_in_one_sentence(graphs, tmp_path):
    picture = draw(graphs.seed())
    with pytest.raises(ValueError, match=r"cannot save a picture as 'L.gif' \(the suffix must be one of 'svg', 'png'"):
        picture.save(tmp_path / "L.gif")
    with pytest.raises(ValueError, match="cannot save a picture as 'L'"):
        picture.save("L")
    with pytest.raises(FileNotFoundError, match="cannot write the picture: No such file") as caught:
        picture.save(tmp_path / "missing" / "L.svg")
    assert caught.value.filename.endswith("L.svg")
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(OSError, match="cannot write the picture"):
        picture.save(tmp_path / "folder.svg")


def test_unknown_options_are_refused(graphs):
    with pytest.raises(
        ValueError, match=r"unknown format: 'gif' \(must be one of 'svg', 'png', 'pdf', 'html', 'txt', 'dot'\)"
    ):
        draw(graphs.seed(), "gif")
    with pytest.raises(ValueError, match="unknown rankdir: 'lr'"):
        draw(graphs.seed(), rankdir="lr")
    with pytest.raises(TypeError, match="expected a node of a graph"):
        draw(None)


def test_a_picture_keeps_what_it_saw():
    engine = pytest.importorskip("micrograd.engine")
    a = engine.Value(2.0)
    picture = draw(a * a)
    a.data = 5.0
    assert "2" in picture.text
    assert "5" not in picture.text


def test_a_class_of_three_lines_draws():
    class Number:
        def __init__(self, data):
            self.data = data

    assert str(draw(Number(2))) == "node  operation  value\nv0                   2"


def test_painting_leaves_matplotlib_as_it_was(graphs):
    matplotlib = pytest.importorskip("matplotlib")
    before = dict(matplotlib.rcParams)
    assert draw(graphs.seed()).png()[1:4] == b"PNG"
    assert dict(matplotlib.rcParams) == before


def test_labels_are_painted_as_they_are(graphs, recwarn):
    pytest.importorskip("matplotlib")
    labels = ["$x^2$", r"\frac{", "🎉", "<b>", "%"]
    rows = [(label, "", float("nan"), float("inf"), ()) for label in labels]
    graph = graphs.build(*rows, ("$", "$_$", 1.0, None, range(len(rows))))
    assert draw(graph).png(1.0)[1:4] == b"PNG"
    assert draw(graph).pdf()[:4] == b"%PDF"
    assert not recwarn.list


def test_nothing_heavy_is_imported_for_a_picture():
    import subprocess
    import sys

    code = (
        "import sys; from cgviz.graph import Graph, Node; from cgviz.draw import draw;"
        "draw(Graph((Node(0, 'a', '', 2.0, None, 'leaf', ()),), ()))._repr_mimebundle_();"
        "print([m for m in ('numpy', 'matplotlib', 'graphviz', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=os.getcwd())
    assert done.stdout.strip() == "[]", done.stderr
