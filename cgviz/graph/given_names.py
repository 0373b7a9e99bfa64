"""The names that a caller gives to nodes, in whichever form they come: by id, by object, or those of a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, cast

from ..text import kind, shorten
from .fields import is_node
from .node_labels import GivenNames
from .tensors import is_from_torch


class Model(Protocol):
    """What knows its parameters by name, such as a module of PyTorch's."""

    def named_parameters(self) -> Iterable[tuple[str, Any]]:
        """Each parameter with its name."""


Names = Mapping[int, str] | Mapping[str, Any] | Mapping[Any, str] | Iterable[tuple[str, Any]] | Model | None
"""What `names=` takes: ``{"h": h}``, pairs of name and node, a model; or texts by ``id(object)`` or by object."""

FORMS = "names are given as {'h': h}, as pairs such as model.named_parameters(), as a model, or by id: {id(h): 'h'}"


def read_names(names: Names) -> Mapping[int, str]:
    """The names by the number that `identity` gives each object; what has been read is returned as it is.

    Names by ``id(object)`` are for objects that have none of their own; in every other form they count before the
    objects' own names. Raises `TypeError` for anything that names no node: nobody would notice.

    >>> from cgviz import Value
    >>> a = Value(2.0)
    >>> read_names({"a": a}) == read_names([("a", a)]) == {id(a): "a"}
    True
    """
    if names is None or isinstance(names, GivenNames):
        return names or {}
    if is_model(names):
        return GivenNames({identity(obj): name for name, obj in reversed(_of_model(names))})
    if isinstance(names, Mapping):
        if hasattr(names, "_metadata"):  # as PyTorch has it on what state_dict() returns
            raise TypeError(f"the tensors of a state_dict() are beside every graph: give names=model instead; {FORMS}")
        if all(isinstance(key, int) and not isinstance(key, bool) and isinstance(x, str) for key, x in names.items()):
            return cast(Mapping[int, str], names)
        return GivenNames(map(_read_pair, names.items()))
    if isinstance(names, (str, bytes)) or is_from_torch(type(names)) or not isinstance(names, Iterable):
        raise TypeError(f"{FORMS}; got {kind(names)}")
    return GivenNames(map(_read_pair, names))


def is_model(obj: Any) -> bool:
    """Whether an object knows its parameters by name."""
    return not isinstance(obj, type) and callable(getattr(type(obj), "named_parameters", None))


def _of_model(model: Any) -> list[tuple[str, Any]]:
    buffers = getattr(model, "named_buffers", None)
    return [*model.named_parameters(), *(buffers() if callable(buffers) else ())]


def _read_pair(pair: Any) -> tuple[int, str]:
    """A name with its node, in either order."""
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise TypeError(f"{FORMS}; got {kind(pair)} among them")
    name, obj = pair if isinstance(pair[0], str) else pair[::-1]
    if isinstance(obj, int) and not isinstance(obj, bool) and isinstance(name, str) and pair[1] is name:
        return obj, name
    if not isinstance(name, str):
        raise TypeError(f"names are texts; got {kind(name)} for {kind(obj)} ({FORMS})")
    if not is_node(obj):
        more = (
            f": the names of its parameters are given as names={name}" if is_model(obj) and name.isidentifier() else ""
        )
        raise TypeError(
            f"the name '{shorten(name)}' is given to {kind(obj)}, which is no node of a graph{more}; {FORMS}"
        )
    return identity(obj), name


def identity(obj: Any) -> int:
    """The number by which `names` knows an object: its id; for a tensor of PyTorch's that of what made it."""
    if not is_from_torch(type(obj)):
        return id(obj)
    from .pytorch import identity

    return identity(obj)
