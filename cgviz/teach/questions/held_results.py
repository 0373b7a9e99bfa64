"""A cell whose result would give an answer away: it runs, and shows its result once the question is answered."""

from __future__ import annotations

import os
import re
import secrets
import sys
from html import escape
from typing import Any

from ...text import literal
from ..records.progress_file import OFF
from ..registry import explain_unknown_key, find_question
from .answered import asked_keys, is_open, wait

SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
OPEN = """\
<script>(({classList:c})=>{if(c.contains("jp-Notebook")||document.getElementById("notebook-container"))\
document.currentScript.parentElement.querySelector("details").open=true})(document.body)</script>"""
"""A page that was made of a notebook, by nbconvert, has nobody who answers: there the result is open."""

_held: list[Holding] = []


def wait_for(key: str) -> None:
    """Hold back what this cell shows until the question `key` is answered, or skipped: the first line of a cell.

    The cell runs as ever, so what follows can use what it makes. Errors are shown at once. Where nobody answers, in the
    build of the lessons and outside of a notebook, nothing is held back. Raises `ValueError` for a key of no question.

    >>> wait_for("no such key")
    Traceback (most recent call last):
    ValueError: there is no question 'no such key'
    """
    if not isinstance(key, str) or (key not in asked_keys and find_question(key) is None):
        raise ValueError(explain_unknown_key(key))
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None or OFF in os.environ or is_open(key) or _held:
        return
    _held.append(Holding(shell, key))


class Holding:
    """What a cell shows, from now until it has run: kept in order, and shown later in its place."""

    def __init__(self, shell: Any, key: str) -> None:
        from IPython.core.displayhook import CapturingDisplayHook
        from IPython.core.displaypub import CapturingDisplayPublisher

        self.shell, self.key = shell, key
        self.publisher, self.stdout, self.hook = shell.display_pub, sys.stdout, sys.displayhook
        kept = CapturingDisplayPublisher()
        self.outputs: list[dict] = kept.outputs
        shell.display_pub, sys.stdout = kept, Printed(self.outputs)
        sys.displayhook = self.own_hook = CapturingDisplayHook(shell=shell, outputs=self.outputs)
        shell.events.register("post_run_cell", self.end)

    def end(self, *_: Any) -> None:
        """Give back what was taken, and put a sentence where the result will stand."""
        self.shell.events.unregister("post_run_cell", self.end)
        _held.remove(self)
        self.shell.display_pub, sys.stdout = self.publisher, self.stdout
        if sys.displayhook is self.own_hook:
            sys.displayhook = self.hook
        self.names = [f"cgviz-{secrets.token_hex(6)}" for _ in self.outputs]
        for place, name in enumerate(self.names):
            self._publish(self._write_sentence() if place == 0 else {"text/plain": "", "text/html": ""}, {}, name)
        if self.outputs:
            wait(self.key, self.show)

    def show(self) -> None:
        """Show what was held back, each in its place."""
        for one, name in zip(self.outputs, self.names, strict=True):
            self._publish(one["data"], one.get("metadata") or {}, name, update=True)

    def _publish(self, data: dict, metadata: dict, name: str, update: bool = False) -> None:
        self.shell.display_pub.publish(data, metadata, transient={"display_id": name}, update=update)

    def _write_sentence(self) -> dict[str, str]:
        said = f"The result of this cell waits for your answer to question {self.key}."
        inside = "\n".join(_still(one["data"]) for one in self.outputs)
        summary = f"<summary>{escape(said)} (To see it without one, click here.)</summary>"
        html = literal(f"<details>{summary}{inside}</details>{OPEN}", "cg-said")
        return {"text/plain": said, "text/html": html}


class Printed:
    """Where what a cell prints is kept, in order with what it displays."""

    def __init__(self, outputs: list[dict]) -> None:
        self.outputs = outputs

    def write(self, text: str) -> int:
        """Keep it."""
        last = self.outputs[-1] if self.outputs else {}
        if not last.get("printed"):
            last = {"data": {"text/plain": ""}, "metadata": {}, "printed": True}
            self.outputs.append(last)
        last["data"]["text/plain"] += text
        return len(text)

    def flush(self) -> None:
        """There is nothing to be hurried."""

    def isatty(self) -> bool:
        """Nobody types here."""
        return False


def _still(data: dict[str, Any]) -> str:
    """One output as HTML that stands still."""
    if html := data.get("text/html"):
        return SCRIPT.sub("", html)
    if svg := data.get("image/svg+xml"):
        return svg
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            return f'<img alt="" src="data:{kind};base64,{escape(str(data[kind]).strip())}">'
    return f"<pre>{escape(str(data.get('text/plain', '')))}</pre>"
