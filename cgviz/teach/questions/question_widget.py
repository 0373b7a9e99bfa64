"""The widget that asks a question: a box or choices, a button to try, and one to look."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets

from ...live.cell_output import bundle
from ...live.lifetime import Lasting
from ...text import literal
from ..feedback import Said
from .question import Question, still

UNASKED = "Run the cell in a notebook to make a guess."


class Asking(Lasting, ipywidgets.VBox):
    """A question as a widget: `given` is the box or the choices, `tried` and `look` are its buttons."""

    def __init__(self, question: Question) -> None:
        self.question = question
        wide = ipywidgets.Layout(width="max-content")
        if question.choices:
            self.given = ipywidgets.RadioButtons(options=question.choices, value=None, layout=wide)
        else:
            named = {"description": "your guess", "style": {"description_width": "initial"}}  # said to those who listen
            self.given = ipywidgets.Text(placeholder="a number", continuous_update=False, layout=wide, **named)
            self.given.observe(self._take_choice, "value")  # by the Enter key
        self.tried = ipywidgets.Button(description="that is my guess", layout=wide)
        self.look = ipywidgets.Button(description="show me", layout=wide)
        self.answer = ipywidgets.HTML()
        self.tried.on_click(self._try)
        self.look.on_click(lambda _: self._say(question.look()))
        text = ipywidgets.HTML()
        text.value = literal(escape(question.text), tag="b")
        row = ipywidgets.HBox([self.given, self.tried, self.look], layout=ipywidgets.Layout(flex_flow="row wrap"))
        super().__init__([text, row, self.answer])

    def _take_choice(self, change: Any) -> None:
        if change.new:
            self._try(change)

    def _try(self, _: Any) -> None:
        if self.given.value not in (None, ""):
            self._say(self.question.judge(self.given.value))
        else:
            self._say(Said("open", "make a guess first"))

    def _say(self, said: Said) -> None:
        self.answer.value = literal(said._repr_html_(), more='role="alert"')  # read out as soon as it is there

    def __repr__(self) -> str:
        return f"Predict: {self.question.text}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> Any:
        mime = super()._repr_mimebundle_(include=include, exclude=exclude, **options)
        return bundle(self, mime, still(self.question), UNASKED)
