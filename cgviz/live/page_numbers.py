"""What a page without a kernel has to know: the numbers of a view and of its sliders, as they stand in its HTML."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

from .controls.fixed import Fixed
from .toolbox import Supplied


def numbers_of(view: Any, controls: Mapping[str, Fixed], caveat: str = "", moves: bool = True) -> dict[str, Any]:
    """What a page has to know of a `GraphView`, and of the widgets that move it; the picture it has already.

    A `caveat` is said there below the picture, beside what is said anyway. `moves` is whether the page may compute
    other numbers: never of a class of one's own, nor where a fold hides what would move. Where it may not, no number in
    the picture is an input.
    """
    widgets = {name: state for control in controls.values() for name, state in control.states.items()}
    traits = set(view.traits(sync=True)) - set(Supplied.class_traits(sync=True)) - {"_esm", "svg"} | {"toolbox"}
    found = {name: getattr(view, name) for name in sorted(traits)}
    if "loose" in found and (not moves or view.own or not view.alive or view.records is not view.whole):
        found["loose"] = {}
    return {"view": found | {"notice": "; ".join(filter(None, (view.notice, caveat)))}, "widgets": widgets}


def write_numbers(numbers: dict[str, Any]) -> str:
    """The numbers as JSON; it always begins in the same way."""
    return json.dumps(numbers, ensure_ascii=False, allow_nan=False)


def pack(text: str) -> str:
    """A long text for a page, which unpacks it (``static/packing.js``): the same text gives the same, at any time."""
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), 9, mtime=0)).decode()


def within_script(text: str) -> str:
    """A script, or JSON, in which nothing looks like the end of a script."""
    return text.replace("<", "\\u003c") if text.startswith("{") else text.replace("</script", "<\\/script")
