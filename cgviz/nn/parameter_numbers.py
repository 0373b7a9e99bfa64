"""The numbers that parameters hold: read from the nodes, whatever their class calls them, and written into them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..graph import field_of_number
from ..value import Value, set_numbers


class ParameterNumbers:
    """Where the nodes of a list keep their numbers; more nodes may be added to the list.

    >>> a, b = Value(1.0), Value(2.0)
    >>> kept = ParameterNumbers([a, b])
    >>> kept.write(kept.read() * 10)
    >>> a, b
    (Value(10.0), Value(20.0))
    """

    def __init__(self, nodes: Iterable[Any] = ()) -> None:
        self.nodes: list[Any] = []
        self.fields: list[str] = []
        self._are_ours = True
        self.add(nodes)

    def add(self, nodes: Iterable[Any]) -> np.ndarray:
        """Add nodes, and give their numbers."""
        new = list(nodes)
        fields = [field_of_number(p) for p in new]
        self.nodes, self.fields = self.nodes + new, self.fields + fields
        self._are_ours = self._are_ours and all(getattr(cls, "data", None) is Value.data for cls in set(map(type, new)))
        return np.array([float(getattr(p, field)) for p, field in zip(new, fields, strict=True)], float)

    def read(self) -> np.ndarray:
        """The numbers that the nodes have now."""
        return np.array([float(getattr(p, field)) for p, field in zip(self.nodes, self.fields, strict=True)], float)

    def write(self, numbers: np.ndarray) -> None:
        """Give the nodes these numbers."""
        if self._are_ours:
            set_numbers(self.nodes, numbers.tolist())
            return
        for p, field, x in zip(self.nodes, self.fields, numbers.tolist(), strict=True):
            setattr(p, field, x)
