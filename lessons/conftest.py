"""How the lessons are tested: each cell runs as in the build, and every result is compared with the committed one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from nbformat import NotebookNode

from lessons.build import surroundings
from lessons.results import MACHINE, PASSING, PIXELS


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Leave out of the comparison what the build leaves out, and pixels; all the rest counts, other pictures too."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare = ("metadata", "traceback", "execution_count", "prompt_number", PASSING, PIXELS)
        collector.sanitize_patterns.update(MACHINE)
        collector.get_kernel_message = keep_up_to_date(collector.get_kernel_message)


def keep_up_to_date(receive: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """What gives a kernel's messages as a notebook shows them: an output that is updated becomes its last state."""
    shown: dict[str, NotebookNode] = {}

    def get_message(**options: Any) -> dict[str, Any]:
        while True:
            message = receive(**options)
            content = message["content"]
            name = (content.get("transient") or {}).get("display_id")
            if name is None:
                return message
            if message["msg_type"] != "update_display_data":
                # The very object that nbval keeps, so that it can be given other contents.
                shown[name] = content["data"] = NotebookNode(content["data"])
                return message
            if name in shown:
                shown[name].clear()
                shown[name].update(content["data"])

    return get_message


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Start a lesson's kernel (its first cell's set-up does) in the same surroundings as in the build."""
    with surroundings():
        return (yield)
