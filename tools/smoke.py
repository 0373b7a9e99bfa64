"""What a released package has to do where nothing else is installed: run by `release.py`, with its version."""

import contextlib
import io
import sys
import tempfile
from pathlib import Path

import cgviz
from cgviz import Tensor, Value, draw, explain, explore
from cgviz.__main__ import main
from cgviz.start.environment import checkout
from cgviz.start.folder import deliver, originals

assert cgviz.__version__ == sys.argv[1], f"this is version {cgviz.__version__}"
assert checkout() is None, f"the checkout was found, not the package: {cgviz.__file__}"

out = io.StringIO()
with contextlib.redirect_stdout(out):
    assert main(["draw", "(a*b + c)*d", "a=2", "b=-3", "c=10", "d=-2"]) == 0
assert "-8" in out.getvalue(), out.getvalue()

a, b = Value(2, "a"), Value(-3, "b")
L = a * b
L.backward()
assert (a.grad, b.grad) == (-3, 2)
assert "<svg" in draw(L).svg and "-3" in str(explain(L, "a"))
assert "<script" in explore("a*b", a=2, b=3).to_html()
assert (Tensor([[1.0, 2.0]]) @ Tensor([[3.0], [4.0]])).data.item() == 11

with tempfile.TemporaryDirectory() as folder:
    lessons = originals()
    assert lessons is not None, "the lessons are not in it"
    assert len([name for name in deliver(lessons, Path(folder)).new if name.endswith(".ipynb")]) >= 16
    draw(L).save(str(Path(folder, "L.png")))
