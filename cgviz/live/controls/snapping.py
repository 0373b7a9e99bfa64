"""The places at which a slider can stand, and the number that each of them means.

In the page a slider stands only at whole steps: it moves any other number to the next step and sends that back, as if
somebody had dragged it. So a slider is only ever given a place; the number itself is kept beside it.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import ipywidgets

from ...text import exact, shorten
from .slider import SPAN, decimal


class Free:
    """A widget that takes every number as it is, such as `ipywidgets.BoundedFloatText`."""

    def __init__(self, slider: ipywidgets.Widget) -> None:
        self.slider = slider
        self.whole = isinstance(slider.value, int)
        low, high = getattr(slider, "min", None), getattr(slider, "max", None)
        self.ends = None if low is None or high is None else (low, high)

    def check(self, name: str, number: float) -> None:
        """Raise `ValueError`, naming the leaf, if the widget can by no means show this number."""
        if self.whole and not number.is_integer():
            raise ValueError(f"{shorten(name)}: this slider takes whole numbers, and {exact(number)} is none")

    def place(self, number: float) -> float:
        """Return the place for a number."""
        return int(number) if self.whole else number

    def number(self, place: float) -> float:
        """Return the number that a place means, without the dust of floating point."""
        return float(place)

    def same(self, place: float, other: float) -> bool:
        """Tell whether two places are one, apart from what the page's arithmetic adds."""
        return place == other

    def reach(self, most: int) -> list[float]:
        """The numbers at places from one end to the other, as many as are asked for, or all that there are."""
        if not self.ends:
            return [float(self.slider.value)]
        low, high = self.slider.min, self.slider.max
        return [self.number(self.place(low + (high - low) * (k / (most - 1)))) for k in range(most)]

    def widen(self, number: float) -> None:
        """Move the ends so far out that the number lies between them."""
        if self.ends:
            self._move(min(self.slider.min, self.place(number)), max(self.slider.max, self.place(number)))

    def narrow(self) -> None:
        """Move the ends back to where they were at first. (The slider has to stand between them.)"""
        if self.ends:
            self._move(*self.ends)

    def _move(self, low: float, high: float) -> None:
        # Only what changes, one after the other: the page takes each message at its word, whatever comes next.
        for name, end in (("min", low), ("max", high)):
            if getattr(self.slider, name) != end:
                setattr(self.slider, name, end)


class Steps(Free):
    """A slider whose places are `min`, `min + step`, `min + 2 * step`, …, and `max`.

    >>> snapping = Steps(ipywidgets.FloatSlider(2, min=-2, max=6))
    >>> snapping.place(0.1234567), snapping.number(-2 + 41 * 0.1), snapping.number(0.1234567)
    (0.1, 2.1, 0.1234567)
    """

    def place(self, number: float) -> float:
        low, high = self.slider.min, self.slider.max
        if not low < number < high:
            return low if number <= low else high
        step = self._step
        steps = ((decimal(number) - decimal(low)) / step + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
        place = min(float(decimal(low) + steps * step), high)
        return int(place) if self.whole else place

    def number(self, place: float) -> float:
        clean = self.place(place)
        return float(clean if self.same(clean, place) else place)

    def same(self, place: float, other: float) -> bool:
        dust = max(1e-6 * float(self._step), 1e-12 * self.slider.max - 1e-12 * self.slider.min)
        return abs(place - other) <= dust

    def widen(self, number: float) -> None:
        """Move the ends out by whole steps, as far as a slider can reach: beyond, it stands at its end."""
        low, high = self.slider.min, self.slider.max
        step = self._step
        if number < low:
            low = float(decimal(low) - _steps(decimal(low) - decimal(number), step) * step)
        if number > high:
            high = float(decimal(high) + _steps(decimal(number) - decimal(high), step) * step)
        if high - low <= SPAN:
            self._move(*((int(low), int(high)) if self.whole else (low, high)))

    @property
    def _step(self) -> Decimal:
        """The step; for a slider without one, so little that it is never seen."""
        step = self.slider.step
        return decimal(step) if step and step > 0 else decimal(1e-9) * abs(decimal(self.slider.max - self.slider.min))


class Powers(Free):
    """A logarithmic slider: its places are powers of its base, its ends the exponents of the smallest and largest."""

    def check(self, name: str, number: float) -> None:
        if not number > 0:
            raise ValueError(f"{shorten(name)}: this slider takes numbers above 0, and {exact(number)} is none")

    def place(self, number: float) -> float:
        low, high, step = self.slider.min, self.slider.max, self.slider.step
        exponent = math.log(number) / math.log(self.slider.base)
        if step:
            exponent = low + math.floor((exponent - low) / step + 0.5) * step
        return self._power(min(max(exponent, low), high))

    def number(self, place: float) -> float:
        clean = self.place(place)
        return float(f"{clean if self.same(clean, place) else place:.12g}")

    def same(self, place: float, other: float) -> bool:
        return math.isclose(place, other, rel_tol=1e-9)

    def reach(self, most: int) -> list[float]:
        low, high = self.slider.min, self.slider.max
        return [self.number(self._power(low + (high - low) * (k / (most - 1)))) for k in range(most)]

    def widen(self, number: float) -> None:
        """Move the ends out by whole steps, as far as there are powers: beyond, it stands at its end."""
        low, high = self.slider.min, self.slider.max
        exponent = math.log(number) / math.log(self.slider.base)
        step = self.slider.step or 0.1
        if number < self._power(low) * (1 - 1e-9):
            low -= math.ceil((low - exponent) / step) * step
        if number > self._power(high) * (1 + 1e-9):
            high += math.ceil((exponent - high) / step) * step
        if self._power(low) > 1 / SPAN and self._power(high) < SPAN:
            self._move(low, high)

    def _power(self, exponent: float) -> float:
        try:
            return float(self.slider.base**exponent)
        except OverflowError:
            return math.inf


def choose_snapping(slider: ipywidgets.Widget) -> Free:
    """How a slider, or whatever widget stands in for one, takes numbers."""
    if isinstance(slider, ipywidgets.FloatLogSlider):
        return Powers(slider)
    return (Steps if isinstance(slider, (ipywidgets.FloatSlider, ipywidgets.IntSlider)) else Free)(slider)


def _steps(distance: Decimal, step: Decimal) -> Decimal:
    return (distance / step).to_integral_value(ROUND_CEILING)
