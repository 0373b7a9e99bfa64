"""Local derivatives that a class records itself: beside its operands, in pairs with them, or in a dictionary.

self._children, self._local_grads = (a, b), (b.data, a.data)
self.parents = [(a, b.data), (b, a.data)]
self.parents = {a: b.data, b: a.data}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from .attributes import MISSING, ask, once_for_each_class, present
from .columns import PLAIN, Columns
from .containers import unwrap
from .fields import is_node, value_of
from .spellings import LOCALS


def read_derivatives(
    order: list[Any], rows: list[tuple[int, ...]], carried: list[tuple], columns: Columns
) -> list[tuple]:
    """The local derivatives of each object, one for each operand, ``()`` where there are none; or what edges carry."""
    keepers = {cls for cls in columns.classes if _may_keep(cls)}
    if not keepers:
        return carried
    kept = columns.read(LOCALS)
    if kept is not None and not any(carried) and _are_plain(kept, rows):
        return kept
    found = []
    for i, (obj, operands, own) in enumerate(zip(order, rows, carried, strict=True)):
        if own or not operands or type(obj) not in keepers:
            found.append(own)
            continue
        listed = kept[i] if kept is not None else _kept(obj)
        if listed.__class__ is tuple and len(listed) == len(operands) and all(map(_is_plain, listed)):
            found.append(listed)
        else:
            found.append(() if listed is MISSING else _each(listed, [order[k] for k in operands]))
    return found


def read_derivatives_of(obj: Any, operands: Sequence[Any]) -> tuple:
    """The local derivatives that one object has recorded for its operands, ``()`` for none."""
    listed = _kept(obj)
    return () if listed is MISSING else _each(listed, operands)


def _are_plain(kept: list[Any], rows: list[tuple[int, ...]]) -> bool:
    """Whether each has a tuple of as many numbers as it has operands, as nearly all have."""
    if set(map(type, kept)) != {tuple} or list(map(len, kept)) != list(map(len, rows)):
        return False
    return PLAIN.issuperset(map(type, chain.from_iterable(kept)))


def _is_slope(x: Any) -> bool:
    return x is None or _is_plain(x) or (hasattr(x, "__float__") and not is_node(x) and not getattr(x, "shape", ()))


def _is_plain(x: Any) -> bool:
    return x.__class__ is float or x.__class__ is int


@once_for_each_class
def _may_keep(cls: type) -> bool:
    """Whether objects of a class may record local derivatives; those of our engines have rows instead."""
    return not hasattr(cls, "_row") and (bool(cls.__dictoffset__) or any(hasattr(cls, name) for name in LOCALS))


def _kept(obj: Any) -> Any:
    """What an object has under one of the names."""
    found = (ask(obj, name) for name in present(obj, LOCALS))
    return next((x for x in found if x is not MISSING and not callable(x)), MISSING)


def _each(listed: Any, operands: Sequence[Any]) -> tuple:
    """A local derivative for each operand, out of whatever holds them; ``()`` where they do not fit together."""
    if isinstance(listed, Mapping):
        found = [_of(listed, operand, k) for k, operand in enumerate(operands)]
    elif len(operands) == 1 and _is_slope(listed) and listed is not None:
        found = [listed]
    else:
        if hasattr(listed, "tolist") and getattr(listed, "ndim", 0) == 1:
            listed = listed.tolist()
        if not isinstance(listed, (tuple, list)) or len(listed) != len(operands):
            return ()
        found = list(map(_beside, listed, operands))
    if all(map(_stands_for, found, operands)):  # they are no derivatives, but the operands once more
        return ()
    found = [value_of(x) if x is not None and is_node(x) else x for x in found]
    return tuple(found) if found and all(map(_is_slope, found)) and any(x is not None for x in found) else ()


def _stands_for(x: Any, operand: Any) -> bool:
    if x is operand:
        return True
    behind = unwrap(x, None) if is_node(x) else None
    return behind is not None and behind.node is operand


def _beside(x: Any, operand: Any) -> Any:
    """A local derivative as it is, or out of a pair with its operand."""
    if not isinstance(x, (tuple, list)):
        return x
    pair = unwrap(x, None)
    return pair.local if pair is not None and pair.node is operand else MISSING


def _of(listed: Mapping, operand: Any, place: int) -> Any:
    """What a dictionary has for an operand: by itself, by its id or by its place."""
    for key, x in listed.items():
        if key is operand or (key.__class__ is int and key == id(operand)):
            return x
    return listed.get(place) if all(key.__class__ is int for key in listed) else None
