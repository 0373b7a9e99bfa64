"""How the lessons are tested: each cell runs as in the build, and every result is compared with the committed one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lessons.build import surroundings
from lessons.results import MACHINE, PASSING, PIXELS


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Leave out of the comparison what the build leaves out, and pixels; all the rest counts, other pictures too."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare = ("metadata", "traceback", "execution_count", "prompt_number", PASSING, PIXELS)
        collector.sanitize_patterns.update(MACHINE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Start a lesson's kernel (its first cell's set-up does) in the same surroundings as in the build."""
    with surroundings():
        return (yield)
