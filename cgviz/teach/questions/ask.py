"""What a lesson asks before it tells: declared beside its exercises and found by a key, so no lesson has the answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...graph import trace
from ...run.expression import parse
from ...value import Value
from .guess import SIGNS, Question


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A question: `key` is how a lesson calls it, such as ``"5.3"``, `why` one sentence that comes with the answer.

    The `answer` is a number; or one of the `choices`; or, with `sign`, ``"positive"``, ``"negative"`` or ``"zero"``;
    or, with `click`, the name of a box in the picture of the expression `of` (a tuple where several are right).
    Where the `gradient` of a node of the expression `of` is asked, or its sign, the answer is computed, and a wrong
    guess is told its slip. `at` gives the leaves their numbers. `typical` are wrong guesses, each with its sentence.
    `backward` says whether the picture shows gradients.

    >>> ask = Ask(key="0.1", text="L = a·b. What is ∂L/∂a?", of="L = a*b", at={"a": 2, "b": -3}, gradient="a")
    >>> ask.make().judge("3"), ask.make().judge("-3,0")
    (✗ not 3: the sign is wrong, ✓ -3, yes.)
    """

    key: str
    text: str
    answer: Any = None
    choices: tuple[str, ...] = ()
    sign: bool = False
    click: bool = False
    gradient: str = ""
    of: str = ""
    at: Mapping[str, float] = field(default_factory=dict)
    backward: bool = False
    typical: Mapping[Any, str] = field(default_factory=dict)
    tolerance: float = 1e-3
    why: str = ""

    def make(self) -> Question:
        """The question, ready to be asked. Raises `ValueError` where it has no answer that can be given."""
        root = self._root() if self.of else None
        of, answer = None, self.answer
        if self.gradient:
            of = (root, self._node(root, self.gradient))
            answer = of[1].grad
            of = of if not self.sign else None
        choices = SIGNS if self.sign else self.choices
        if self.sign and isinstance(answer, (int, float)):
            answer = SIGNS[2] if answer == 0 else SIGNS[answer < 0]
        self._refuse(answer, choices, root)
        picture = root if self.click else None
        asked = self.text, answer, choices, self.why, of, self.tolerance
        return Question(*asked, key=self.key, typical=self.typical, picture=picture)

    def _root(self) -> Any:
        root = parse(self.of)(**{name: Value(x, name) for name, x in self.at.items()})
        if self.gradient or self.backward:
            root.backward()
        return root

    def _node(self, root: Any, name: str) -> Any:
        from ...graph import objects

        return next(obj for node, obj in zip(trace(root).nodes, objects(root), strict=True) if node.name == name)

    def _refuse(self, answer: Any, choices: tuple[str, ...], root: Any) -> None:
        right = answer if isinstance(answer, tuple) else (answer,)
        names = [node.name for node in trace(root).nodes] if self.click else list(map(str, choices))
        if self.click or choices:
            wrong = [one for one in right if str(one) not in names]
            if wrong:
                raise ValueError(f"question {self.key}: the answer {wrong[0]!r} is not among {', '.join(names)}")
        elif isinstance(answer, bool) or not isinstance(answer, (int, float)) or not math.isfinite(answer):
            raise ValueError(f"question {self.key}: the answer {answer!r:.60} is no number: give choices as well")
