"""A matplotlib figure that a notebook shows by itself, also where pyplot was never imported."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from matplotlib import figure

SHARPNESS = 2
"""So many dots for each one on the page: screens have them."""


class Figure(figure.Figure):
    """A figure that shows itself: matplotlib's own is a line of text until somebody imports pyplot."""

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        """The picture, and how large it is shown, in pixels."""
        page = BytesIO()
        self.savefig(page, format="png", dpi=SHARPNESS * self.dpi)
        width, height = (round(inches * self.dpi) for inches in self.get_size_inches())
        return page.getvalue(), {"width": width, "height": height}
