"""Views side by side: two settings of one graph, or two graphs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import ipywidgets

from ..text import kind, literal, shorten, typeset
from .cell_output import bundle
from .differences import find_first, tell_differences
from .document import LONGEST_TITLE, write_page
from .error_sentences import briefly
from .lifetime import Lasting, is_kept
from .slider_panel import UNMOVED, SliderPanel

MOST = 4


class Comparison(Lasting, ipywidgets.Box):
    """What `compare` returns: the views, `panels`, beside one another, or below where there is no room.

    Above them stands in what they differ at first, and there the pictures begin, if they are larger than their place.
    """

    def __init__(self, panels: Sequence[SliderPanel], titles: Sequence[str]) -> None:
        self.panels, self.titles = tuple(panels), tuple(titles)
        self.difference = self._find_difference()
        columns: list[Any] = [
            ipywidgets.HTML(_write_difference(self.difference), _dom_classes=("cg-difference",)),
        ]
        columns += [
            ipywidgets.VBox([ipywidgets.HTML(_head(title)), panel] if title else [panel], _dom_classes=("cg-column",))
            for title, panel in zip(self.titles, self.panels, strict=True)
        ]
        super().__init__(columns, _dom_classes=("cg-columns",))

    def _find_difference(self) -> str:
        """One sentence; nothing where a number is hidden that it might tell, or where there is no picture yet."""
        graphs = [panel.view.whole for panel in self.panels if panel.view.whole is not None]
        if len(graphs) < len(self.panels) or any(panel.view.ready.hide for panel in self.panels):
            return ""
        for panel, first in zip(self.panels, find_first(graphs), strict=True):
            panel.view.begin_at(first)
        return tell_differences([dict(panel.inputs) for panel in self.panels], graphs)

    def _given(self) -> list[SliderPanel]:
        return [panel for panel in self.panels if is_kept(panel)]

    def to_html(self, title: str = "Computational graphs") -> str:
        """Write the views as one self-contained page, as `Explorer.to_html` does.

        Raises `ValueError` where only the kernel can compute one of the graphs, or for explorers beside descents.
        """
        if len({panel.view.script for panel in self.panels}) > 1:
            raise ValueError("a page shows explorers or descents, not both: write a page of each")
        above = f'<p class="cg-difference">{_write_difference(self.difference)}</p>'
        return write_page([panel.page_part for panel in self.panels], title, self.titles, above)

    def __repr__(self) -> str:
        heads = [title or f"{n}" for n, title in enumerate(self.titles, 1)]
        return "\n\n".join(f"{head}:\n{panel!r}" for head, panel in zip(heads, self.panels, strict=True))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> Any:
        """The widget, and for places that show no widgets the pictures of its present state."""
        mime = super()._repr_mimebundle_(include=include, exclude=exclude, **options)
        stills = [
            (_head(title) if title else "") + panel.still()
            for title, panel in zip(self.titles, self.panels, strict=True)
        ]
        above = f"<p>{_write_difference(self.difference)}</p>" if self.difference else ""
        return bundle(self, mime, above + "".join(stills), UNMOVED, self.panels[0].view)


@briefly
def compare(*panels: Any, titles: Sequence[str] | None = None) -> Comparison:
    """Show views side by side: two settings of one graph, or two graphs, each with its own sliders.

    `panels` are what `explore` or `descend` returns, two to four of them; `titles` says what stands above each. In a
    narrow page they stand one below the other.

    Raises `TypeError` for anything else, `ValueError` for another number of views or titles.

    >>> from cgviz import explore
    >>> both = compare(explore("a*b", a=2, b=3), explore("a*b", a=-2, b=3), titles=("as it was", "the sign turned"))
    >>> [panel.root.grad for panel in both.panels], "the sign turned" in both.to_html()
    ([1.0, 1.0], True)
    """
    for panel in panels:
        if not isinstance(panel, SliderPanel):
            raise TypeError(f"compare shows what explore and descend return, side by side; got {kind(panel)}")
    if not 2 <= len(panels) <= MOST:
        raise ValueError(
            f"compare shows 2 to {MOST} views side by side, as in compare(explore(…), explore(…)); got {len(panels)}"
        )
    if len(set(map(id, panels))) < len(panels):
        raise ValueError("compare was given the same view twice, which would move with itself: explore it once more")
    if titles is None:
        titles = [""] * len(panels)
    if isinstance(titles, str) or not all(isinstance(title, str) for title in titles) or len(titles) != len(panels):
        raise ValueError(f"titles: expected a text for each of the {len(panels)} views, got {titles!r}")
    return Comparison(panels, [shorten(title, LONGEST_TITLE) for title in titles])


def _write_difference(sentence: str) -> str:
    return literal(escape(typeset(sentence)), tag="span")


def _head(title: str) -> str:
    return literal(escape(title), "cg-head")
