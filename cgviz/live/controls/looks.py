"""How the controls of leaves that stand together look."""

from __future__ import annotations

import ipywidgets


class Looks:
    """The layouts and styles of controls that stand together: each is a message to the page, so they share them."""

    def __init__(self) -> None:
        wide = ipywidgets.Layout(flex="1 1 10em", min_width="6em", width="auto")
        self.slider = {"layout": wide, "style": ipywidgets.FloatSlider.style.klass()}
        self.choice = {"layout": wide, "style": ipywidgets.Dropdown.style.klass()}
        self.box = {"layout": _fix_width("7em"), "style": ipywidgets.Text.style.klass()}
        self.reset = {"layout": _fix_width("4.5em"), "style": ipywidgets.Button.style.klass()}
        self.row = {"layout": ipywidgets.Layout(flex_flow="row wrap", align_items="center", max_width="36em")}


def _fix_width(width: str) -> ipywidgets.Layout:
    return ipywidgets.Layout(flex="0 0 auto", width=width)
