"""Each test is a lesson of its own: no hints given yet, nothing checked."""

import sys

import pytest

import cgviz.teach  # noqa: F401


@pytest.fixture(autouse=True)
def new_lesson(monkeypatch):
    monkeypatch.setattr(sys.modules["cgviz.teach.hints"], "_given", {})
    for name in ("_new", "_shown"):
        monkeypatch.setattr(sys.modules["cgviz.teach.records.progress_file"], name, {})
    monkeypatch.setattr(sys.modules["cgviz.teach.records.progress_file"], "_unsaid", [])
    monkeypatch.delenv("CGVIZ_NO_PROGRESS", raising=False)
