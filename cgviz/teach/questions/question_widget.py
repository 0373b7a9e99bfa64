"""The widget that asks a question: a box, choices or a picture, a button to try, and one to look."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets

from ...live.box_picture import BoxPicture
from ...live.cell_output import bundle
from ...live.lifetime import Lasting
from ...text import literal, shorten
from ..feedback import Said
from .answered import asked_keys, note_guess, open_results
from .guess import Question, still

LONGEST = 400
"""Of a longer question the rest is left out where it stands as plain text."""
UNASKED = "Run the cell in a notebook to make a guess."


class Asking(Lasting, ipywidgets.VBox):
    """A question as a widget: `given` is the box, the choices or the picture, `tried` and `look` are its buttons."""

    def __init__(self, question: Question) -> None:
        self.question, self._last = question, None
        asked_keys.update(filter(None, [question.key]))
        wide = ipywidgets.Layout(width="max-content")
        self.tried = ipywidgets.Button(description="that is my guess", layout=wide)
        self.look = ipywidgets.Button(description="show me", layout=wide)
        self.answer = ipywidgets.HTML()
        self.tried.on_click(self._try)
        self.look.on_click(self._tell)
        text = ipywidgets.HTML()
        text.value = literal(escape(question.text), tag="b")
        buttons: list[Any] = [self.tried, self.look]
        if question.picture is not None:
            self.given: Any = BoxPicture(question.picture)
            self.given.observe(lambda change: self._hear(self.given.chosen), "turn")
            buttons = [self.look]
        elif question.choices:
            self.given = ipywidgets.RadioButtons(options=question.choices, value=None, layout=wide)
        else:
            named = {"description": "your guess", "style": {"description_width": "initial"}}  # said to those who listen
            self.given = ipywidgets.Text(placeholder="a number", continuous_update=False, layout=wide, **named)
            self.given.observe(self._take_choice, "value")  # by the Enter key
        row = ipywidgets.HBox([self.given, *buttons], layout=ipywidgets.Layout(flex_flow="row wrap"))
        super().__init__([text, row, self.answer])

    def _take_choice(self, change: Any) -> None:
        if change.new:
            self._try(change)

    def _try(self, _: Any) -> None:
        given = self.given.chosen if self.question.picture is not None else self.given.value
        self._hear(given)

    def _hear(self, given: Any) -> None:
        if given in (None, ""):
            self._say(Said("open", "make a guess first"))
            return
        said = self.question.judge(given)
        self._say(said)
        if said.how != "open" and given != self._last:  # the box tells it when it is left, and then the button does
            self._last = given
            note_guess(self.question.key, said.ok)

    def _tell(self, _: Any) -> None:
        self._say(self.question.look())
        if self.question.key:
            open_results(self.question.key)

    def _say(self, said: Said) -> None:
        self.answer.value = literal(said._repr_html_(), more='role="alert"')  # read out as soon as it is there

    def __repr__(self) -> str:
        return f"Predict: {shorten(self.question.text, LONGEST)}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> Any:
        mime = super()._repr_mimebundle_(include=include, exclude=exclude, **options)
        return bundle(self, mime, still(self.question), UNASKED)
