"""How the controls of leaves that stand together look."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import ipywidgets


class Looks:
    """The layouts and styles of controls that stand together: each is a message to the page, so they share them.

    Each is made when the first control takes it: one that nobody took, nobody would close.
    """

    @cached_property
    def _wide(self) -> ipywidgets.Layout:
        return ipywidgets.Layout(flex="1 1 10em", min_width="6em", width="auto")

    @cached_property
    def slider(self) -> dict[str, Any]:
        """Of a slider."""
        return {"layout": self._wide, "style": ipywidgets.FloatSlider.style.klass()}

    @cached_property
    def choice(self) -> dict[str, Any]:
        """Of a list to choose from."""
        return {"layout": self._wide, "style": ipywidgets.Dropdown.style.klass()}

    @cached_property
    def box(self) -> dict[str, Any]:
        """Of the box to type in."""
        return {"layout": _fix_width("7em"), "style": ipywidgets.Text.style.klass()}

    @cached_property
    def reset(self) -> dict[str, Any]:
        """Of the button that goes back."""
        return {"layout": _fix_width("4.5em"), "style": ipywidgets.Button.style.klass()}

    @cached_property
    def row(self) -> dict[str, Any]:
        """Of what holds them."""
        return {"layout": ipywidgets.Layout(flex_flow="row wrap", align_items="center", max_width="36em")}


def _fix_width(width: str) -> ipywidgets.Layout:
    return ipywidgets.Layout(flex="0 0 auto", width=width)
