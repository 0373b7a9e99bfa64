"""The last lesson says what a program prints in PyTorch, which no lesson runs: here that very program runs."""

import contextlib
import io
import re
from pathlib import Path

import pytest

LESSON = Path(__file__).resolve().parent.parent / "lessons" / "source" / "14-what-comes-next.md"


@pytest.mark.usefixtures("torch")
def test_pytorch_prints_what_the_last_lesson_says():
    program, said = re.search(
        r"^```python\n(import torch\n.*?)^```\n.*?^```text\n(.*?)^```", text(), re.M | re.S
    ).groups()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(program, {"__name__": "__main__"})
    assert out.getvalue() == said
    assert len(said.splitlines()) == 5


def text():
    return LESSON.read_text(encoding="utf-8")
