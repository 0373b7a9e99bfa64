"""What a node may answer besides number and operands: the private names that rooms ask of one another's objects.

Nobody has to answer: each name is asked for where it is there, and a class without any of them draws. Learners never
see them. What is not said here, no room reaches for in another's object.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

NodeLike: TypeAlias = Any
"""An object that `trace` reads: of whatever class, with a number under one of the names in `spellings.py`.

No type says so much, and none is asked for, so type checkers let every object pass; the name tells people.
"""


class NoDerivative(TypeError):
    """Why a node's own rule gives no derivative, as a sentence's part: raised by its `_pull`."""


class Marked(Protocol):
    """What `graph/` reads of a node, beyond what `spellings.py` lists, to say more of it in its record."""

    _constant: bool
    """A number in a formula, which nobody asks a gradient of: drawn without one, and nothing flows back to it."""

    _mark: object
    """Which backward pass has reached the node: ``None`` for none, ``False`` if its number was set since.

    A pass puts one object on all nodes that it reaches, so the root's mark tells who is outdated (`freshness.py`).
    """

    _row: Any
    """The row of the table that computed it, where its engine knows it (`fields.py`)."""

    _groups: tuple[Any, ...]
    """The calls whose result it is, the innermost first, each a `cgviz.groups.grouping.Mark` in its attributes."""

    _known_as: tuple[int, ...]
    """By which ``id`` it is asked for, if it was made to read somebody else's object: that object's, not its own."""

    _remark: str
    """What a reader should know of it besides, as a sentence without its subject; on all nodes of an engine or none."""

    _holds: bool
    """Whether its number is as it was computed, whatever has become of the operands since."""

    _is_refusal: bool
    """Of a method: it only says why its class lacks what it is asked for, as a class that grows lets its oldest do."""

    _rule: str
    """What its own rule is called in a sentence, where that is not its ``_backward``."""

    def _fresh(self) -> bool:
        """Whether its number is still what its operation gives of its operands' numbers (`freshness.py`)."""

    def _pull(self, g: Any) -> list[Any]:
        """What a gradient `g` that has arrived sends to each operand, in order; or ``None`` in place of the method.

        Asked by `chain_rule/contributions.py` where no row says it. Raises `NoDerivative` where it cannot be told.
        """

    def _departs(self, op: Any, operands: list[Any]) -> str:
        """Why a row that gives the node's number may not stand for its operation, ``""`` if it may.

        Asked by `program/tape.py` and `run/replay.py`, which compute the graph again by its rows.
        """


class Engine(Protocol):
    """What our own classes of nodes answer: `Value`, `Tensor`, those of `nodes/`, and what stands in for them."""

    _zero: Any
    """The gradient before anything has flowed: 0.0, or an array of zeros (`value/backward.py`)."""

    _rest: tuple[Any, ...]
    """The operands beyond the second, where there are any (`value/leaves.py`)."""

    _push: Callable[..., None]
    """Adds what flows back to the operands' gradients, as `value/row_code.py` writes it and `tensor/push.py` does."""

    def _apply(self, op: Any, xs: tuple[Any, ...]) -> Any:
        """The operation on operands of which one is of this class: asked by every call of a row (`ops/op.py`)."""

    def _explain(self, graph: Any, chains: tuple[Any, ...]) -> Any:
        """These chains of the graph in words, where gradients are arrays: asked by `chain_rule/explanation.py`."""

    def _for_check(self) -> tuple[Any, dict[int, Callable[[Any], Any]]]:
        """The graph, and for each node that can be moved the function that runs the rest with another number in it.

        Asked by `checks/gradient_check.py`.
        """
