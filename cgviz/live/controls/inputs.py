"""The numbers of all leaves as a dict, to read and to assign."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

import ipywidgets

from ...run.run import NAMED
from ...text import list_first, shorten, typeset_name
from .choice import Choice, first_choice, is_choice
from .control import Control
from .fixed import Fixed
from .looks import Looks
from .loose import Loose, typed
from .slider import slider

NARROWEST, SHORT, WIDEST = 2, 10, 20


class Inputs(MutableMapping):
    """The numbers of the leaves: ``explorer.inputs["a"] = 3`` moves the slider of `a`.

    `changed` is called once after every change, be it of one number or of several at once.

    >>> inputs = Inputs(controls({"a": 2, "b": -3}))
    >>> inputs.update(a=5, b=0.25)
    >>> inputs
    {'a': 5.0, 'b': 0.25}
    """

    def __init__(self, controls: Mapping[str, Fixed], changed: Callable[[], None] = lambda: None) -> None:
        self._controls, self._changed = controls, changed

    def __getitem__(self, name: str) -> float:
        return self._control(name).value

    def __setitem__(self, name: str, number: float) -> None:
        self._control(name).set(number)

    def __delitem__(self, name: str) -> None:
        raise TypeError("the leaves of a graph cannot be deleted, only set to another number")

    def __iter__(self) -> Iterator[str]:
        return iter(self._controls)

    def __len__(self) -> int:
        return len(self._controls)

    def __repr__(self) -> str:
        return repr(dict(self))

    def update(self, numbers: Any = (), /, **more: float) -> None:
        """Set several numbers at once. If one of them cannot be taken, the error is raised and none is set."""
        numbers = dict(numbers, **more)
        checked = [(self._control(name), self._control(name).check(number)) for name, number in numbers.items()]
        another = [control.put(number) for control, number in checked]
        for control, _ in checked[:1]:
            control.said("")
        if any(another):
            self._changed()

    def _control(self, name: str) -> Fixed:
        if name not in self._controls:
            raise KeyError(
                f"there is no leaf {shorten(str(name))!r}; the leaves are {list_first([*map(shorten, self)], NAMED)}"
            )
        return self._controls[name]


def controls(
    arguments: Mapping[str, Any],
    changed: Callable[[], None] = lambda: None,
    said: Callable[[str], None] = lambda sentence: None,
) -> dict[str, Fixed]:
    """Make a control for each leaf, their labels equally wide; `changed` and `said` are called as `Control` says.

    >>> [type(control).__name__ for control in controls({"a": 2, "b": [1, 2], "c": ipywidgets.fixed(3)}).values()]
    ['Control', 'Choice', 'Fixed']
    """
    looks = Looks()
    made = {name: make_control(name, argument, changed, said, looks) for name, argument in arguments.items()}
    shown = {name: control.slider for name, control in made.items() if control.row}
    longest = max((len(_read_description(name, widget)) for name, widget in shown.items()), default=0)
    longest += longest < SHORT  # a w is wide; over a longer name wide and narrow letters even out
    for widget in shown.values():
        if hasattr(widget.style, "description_width"):
            widget.style.description_width = f"{max(min(longest, WIDEST), NARROWEST)}ch"
    return made


def make_control(name: str, argument: Any, *listeners: Any) -> Fixed:
    """The control of a leaf, by what it was given. `listeners` are `changed`, `said` and `looks`, as for `Control`."""
    if isinstance(argument, ipywidgets.fixed):
        return (Loose if isinstance(argument, typed) else Fixed)(name, argument.value, *listeners[:2])
    return (Choice if is_choice(argument) else Control)(name, argument, *listeners)


def first_number(name: str, argument: Any) -> float:
    """The number that a leaf begins with. Raises `TypeError` or `ValueError`, naming it, as its control does.

    >>> [first_number("a", argument) for argument in (2, (0, 1), [3, 4], ipywidgets.fixed(5))]
    [2.0, 0.5, 3.0, 5.0]
    """
    if isinstance(argument, ipywidgets.fixed):
        return Fixed(name, argument.value).value
    if is_choice(argument):
        return first_choice(name, argument)
    made = slider(name, argument)
    number = float(made.value)
    if made is not argument:  # it has told its number; another one is shown
        for part in (made.layout, made.style, made):
            part.close()
    return number


def _read_description(name: str, slider: Any) -> str:
    """What stands beside a slider, without the HTML that keeps a page from reading it as TeX."""
    return typeset_name(shorten(name)) if getattr(slider, "description_allow_html", False) else slider.description
