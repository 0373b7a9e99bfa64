"""The controls of a leaf: a slider, a box to type a number, and a reset; and the numbers of all leaves as a dict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, MutableMapping
from numbers import Real
from typing import Any

import ipywidgets

from ..text import exact, kind, shorten

STEP = 0.1


class Control:
    """One leaf's slider, box and reset button, kept at the same number.

    `argument` follows the conventions of `ipywidgets.interact`: a number, ``(min, max)``,
    ``(min, max, step)``, or a slider (any widget with a `value`). A number typed or assigned that
    lies outside the slider's range widens the range.

    Raises `TypeError` or `ValueError`, naming the leaf, for anything else.

    >>> control = Control("a", 2)
    >>> control.slider.min, control.slider.max, control.slider.value
    (-2.0, 6.0, 2.0)
    """

    def __init__(self, name: str, argument: Any) -> None:
        self.name = name
        self.slider = _slider(name, argument)
        self.start = float(self.slider.value)
        self.box = ipywidgets.FloatText(
            self.start, step=getattr(self.slider, "step", None), layout=_layout(flex="0 0 auto", width="7em")
        )
        self.box.tooltip = f"type a number for {shorten(name)}"
        self.reset = ipywidgets.Button(
            description="reset",
            tooltip=f"set {shorten(name)} back to {exact(self.start)}",
            layout=_layout(flex="0 0 auto", width="4.5em"),
        )
        self.slider.observe(lambda change: setattr(self.box, "value", float(change.new)), "value")
        self.box.observe(lambda change: self.set(change.new), "value")
        self.reset.on_click(lambda button: self.set(self.start))
        row = _layout(align_items="center", max_width="36em")
        self.row = ipywidgets.HBox([self.slider, self.box, self.reset], layout=row)

    @property
    def value(self) -> float:
        """The number that the slider stands at."""
        return float(self.slider.value)

    def set(self, number: float) -> None:
        """Move slider and box to a number. Raises `TypeError` or `ValueError` if it is none."""
        number = _finite(self.name, _number(self.name, number))
        if hasattr(self.slider, "min"):
            self.slider.min = min(self.slider.min, number)
            self.slider.max = max(self.slider.max, number)
        self.slider.value = number if isinstance(self.slider.value, float) else type(self.slider.value)(number)


class Inputs(MutableMapping):
    """The numbers of the leaves, to read and to assign: ``explorer.inputs["a"] = 3`` moves the slider."""

    def __init__(self, controls: dict[str, Control]) -> None:
        self._controls = controls

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

    def _control(self, name: str) -> Control:
        if name not in self._controls:
            raise KeyError(f"there is no leaf {name!r}; the leaves are {', '.join(self._controls)}")
        return self._controls[name]


def _slider(name: str, argument: Any) -> ipywidgets.Widget:
    if isinstance(argument, ipywidgets.Widget):
        if not isinstance(getattr(argument, "value", None), Real):
            raise TypeError(f"{name}: the widget {type(argument).__name__} has no number as its value")
        argument.description = argument.description or shorten(name)
        return argument
    if isinstance(argument, (tuple, list)):
        low, high, step = _range(name, argument)
        value = low + (high - low) / 2
    else:
        value = _finite(name, _number(name, argument))
        low, high = (-1.0, 1.0) if value == 0 else sorted((-value, 3 * value))
        step = STEP if abs(value) >= 1 or value == 0 else abs(value) / 10
    return ipywidgets.FloatSlider(
        value,
        min=low,
        max=high,
        step=step,
        description=shorten(name),
        readout=False,
        layout=_layout(flex="1 1 10em", min_width="6em", width="auto"),
    )


def _range(name: str, argument: Any) -> tuple[float, float, float]:
    if len(argument) not in (2, 3):
        raise ValueError(f"{name}: a slider's range is (min, max) or (min, max, step), got {len(argument)} numbers")
    low, high, *rest = (_number(name, x) for x in argument)
    if not low < high or not math.isfinite(high - low):
        raise ValueError(f"{name}: a slider's range needs min < max, got ({exact(low)}, {exact(high)})")
    step = rest[0] if rest else STEP if high - low > 2 else (high - low) / 20
    if not 0 < step <= high - low:
        raise ValueError(f"{name}: a slider's step lies above 0 and within its range, got {exact(step)}")
    return low, high, step


def _number(name: str, argument: Any) -> float:
    if isinstance(argument, bool) or not isinstance(argument, Real) or getattr(argument, "shape", ()):
        shown = f" {shorten(repr(argument))}" if isinstance(argument, (str, bool, complex)) else ""
        raise TypeError(
            f"{name}: expected a number, (min, max), (min, max, step) or a slider, got {kind(argument)}{shown}"
        )
    try:
        return float(argument)
    except OverflowError:
        return math.inf


def _finite(name: str, number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"{name}: a slider needs a finite number, got {number}")
    return number


def controls(arguments: dict[str, Any], on_change: Callable[[str, float], None]) -> dict[str, Control]:
    """A control for each leaf; `on_change` is called with a name and its new number."""
    made = {name: Control(name, argument) for name, argument in arguments.items()}
    longest = max((len(control.slider.description) for control in made.values()), default=0)
    for control in made.values():
        if hasattr(control.slider.style, "description_width"):
            control.slider.style.description_width = f"{max(min(longest, 20), 2)}ch"
    for name, control in made.items():
        control.slider.observe(lambda change, name=name: on_change(name, float(change.new)), "value")
    return made


def _layout(**options: str) -> ipywidgets.Layout:
    return ipywidgets.Layout(**options)
