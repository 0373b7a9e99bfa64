"""A picture of tiles as a widget: drawn anew by the kernel, and the page says which tile was chosen."""

from __future__ import annotations

from typing import Any

import traitlets

from ..pictures.tiles import TilePicture
from .toolbox import Supplied


class TileView(Supplied):
    """Shows a `TilePicture`: ``view.show(picture, columns)`` after every change. `chosen` is the tile that was clicked.

    `words` is the sentence about it, `message` what went wrong, and `old` marks a picture of an earlier state.
    """

    svg = traitlets.Unicode(help="the picture").tag(sync=True)
    columns = traitlets.Int(1, help="how many tiles stand side by side").tag(sync=True)
    chosen = traitlets.Int(-1, help="the number of the tile that was chosen, -1 for none").tag(sync=True)
    words = traitlets.Unicode(help="what there is to say of that tile").tag(sync=True)
    message = traitlets.Unicode(help="what went wrong").tag(sync=True)
    old = traitlets.Bool(help="whether the picture is that of an earlier state").tag(sync=True)

    picture: TilePicture | None = None
    """What is shown."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(parts=["tiles"], styles=["view", "tiles"], **traits)

    def show(self, picture: TilePicture, columns: int, words: str) -> None:
        """Show this picture from now on, of so many tiles in a row."""
        self.picture = picture
        with self.hold_sync():
            self.svg, self.columns, self.words, self.message, self.old = picture.svg, columns, words, "", False

    def fail(self, message: str) -> None:
        """Say what went wrong; the picture stays, marked as old."""
        with self.hold_sync():
            self.message, self.old = message, True

    def say(self, message: str) -> None:
        """Say something above the picture, which stays what it is."""
        self.message = message

    def __repr__(self) -> str:
        return repr(self.picture) if self.picture is not None else f"<{self.message or 'nothing yet'}>"

    def _repr_keys(self) -> Any:
        return iter(())
