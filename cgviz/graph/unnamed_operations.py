"""The operation of a node whose class names none: by its backward function, else by its number and its derivatives.

The first that applies counts:

1. a name that the class gives (`spellings.py`; then nothing is asked here),
2. the method in which its backward function was written, ``Value.__mul__`` (`closures.py`),
3. the method that made it, where it was watched being made (`method_watch.py`),
4. its number and the local derivatives that its class has recorded, of what the class can make (`vocabulary.py`),
5. nothing else: operands alone tell no name. Where two operations fit, none is named.

In 4 a node may be older than its operands' numbers: after ``p.data -= step`` a product is no longer that of its
factors. Its own local derivatives tell it still, since they are the factors as they were; the node is stale then.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..ops.domain import FAILURES
from ..ops.op import OPS, Op
from ..ops.rows import ConstantOp, PowerOp, find
from .closures import KEPT, constants_in_closure, method_in_closure
from .columns import PLAIN
from .constants import EXACT, IDENTITY, OPEN, by_number, near, symbol_with, with_constant
from .method_names import row_of_method, symbol_of_method
from .vocabulary import SIGNS, Vocabulary, try_on, vocabulary

ADD, MUL, SUB, DIV, POWER = OPS["add"], OPS["mul"], OPS["sub"], OPS["div"], OPS["power"]
TIES = {OPS["maximum"], OPS["minimum"]}
KINKS = {OPS["relu"], OPS["abs"], OPS["leaky_relu"]}
STRAIGHT = {"+", "-", "neg", "relu", "abs", "leaky relu", "max", "min"}
"""Operations that are straight in pieces, as many others are that are in no table: mod, clip, floor, hardtanh."""
ONES = (0, 1, -1)


class Unnamed:
    """Finds the symbols of one graph's nodes; `moved` are those that are older than the numbers of their operands.

    `order` are the objects, `rows` their operands' places, `data` and `local` what they hold. `certain` has the row
    of each node that nothing else of what its class can make gives, and ``None`` for the others.
    """

    def __init__(
        self, order: Sequence[Any], rows: Sequence[tuple[int, ...]], data: Sequence[Any], local: Sequence[tuple]
    ) -> None:
        self.order, self.rows, self.data, self.local = order, rows, data, local
        self.moved: list[int] = []
        self.certain: list[Op | None] = [None] * len(order)

    def fill(self, symbols: list[str], made_by: Mapping[int, str] | None = None, ordered: Sequence[bool] = ()) -> None:
        """Put a symbol where there is none: `made_by` has the method that made an object, by its ``id``."""
        with warnings.catch_warnings():  # what a class warns of when its methods are tried
            warnings.simplefilter("ignore")
            self._fill(symbols, made_by or {}, ordered)

    def _fill(self, symbols: list[str], made_by: Mapping[int, str], ordered: Sequence[bool]) -> None:
        order, rows, data, local, certain = self.order, self.rows, self.data, self.local, self.certain
        cls: Any = None
        for i, operands in enumerate(rows):
            if not operands or symbols[i]:
                continue
            obj = order[i]
            if obj.__class__ is not cls:
                cls = obj.__class__
                closures = bool(cls.__dictoffset__) or any(hasattr(cls, name) for name in KEPT)
                told: Vocabulary | None = None
                plus = times = sharp = False
            if closures or made_by:
                symbols[i] = self._by_method(i, made_by, not ordered or ordered[i])
                if symbols[i]:
                    if local[i] and PLAIN.issuperset((type(data[i]), *(type(data[k]) for k in operands))):
                        told = told or vocabulary(cls)
                        self._confirm(i, symbols[i], told)
                    continue
            mine = local[i]
            if not mine or len(mine) != len(operands) or len(mine) > 2 or getattr(data[i], "shape", False):
                continue
            if told is None:
                told = vocabulary(cls)
                both = told.rows[2].keys()
                alone = told.tried and not told.foreign[2]
                plus = alone and ADD in both and 2 not in told.untold and not both & TIES
                times = alone and MUL in both
                sharp = both <= {ADD, MUL}  # then nothing else can look like a product of 0, 1 or -1
            if len(mine) == 2:
                y, a, b = data[i], data[operands[0]], data[operands[1]]
                la, lb = mine
                if y.__class__ is not float and y.__class__ is not int:
                    pass  # an array, or a number of another kind
                elif la == 1 == lb and plus and a + b == y and (a * b != y if sharp else a and b):
                    symbols[i], certain[i] = "+", ADD
                    continue
                elif la == b and lb == a and times and a * b == y and _is_telling(a, b, sharp):
                    symbols[i], certain[i] = "*", MUL
                    continue
            symbols[i] = self._by_numbers(i, cls, told, mine)
            if symbols[i]:
                self._confirm(i, symbols[i], told)

    def _confirm(self, i: int, symbol: str, told: Vocabulary) -> None:
        """Note the row of a node that is named, if its class has been seen to make just that."""
        operands = self.rows[i]
        op = find(symbol, len(operands)) if told.tried else None
        if op is None or not _gives(op, self.data[i], [self.data[k] for k in operands]):
            return
        whole = op.whole if isinstance(op, ConstantOp) else POWER if isinstance(op, PowerOp) else None
        if op in told.rows[len(operands)] or any(whole is OPS[name] for name, _ in told.folded):
            self.certain[i] = op

    def _by_method(self, i: int, made_by: Mapping[int, str], ordered: bool) -> str:
        """The operation after the method that made a node, with the constant that it has taken in."""
        obj, operands = self.order[i], self.rows[i]
        method = method_in_closure(obj) or made_by.get(id(obj), "")
        symbol = symbol_of_method(method, len(operands)) if method else ""
        op = row_of_method(method) if symbol else None
        if op is None or op.arity != 2 or op.name not in SIGNS or len(operands) != 1:
            return symbol
        y, x = self.data[i], self.data[operands[0]]
        if not PLAIN.issuperset((type(y), type(x))):
            return symbol
        if not ordered and _gives(op, y, (x, x)):
            return symbol  # what keeps each operand once has one of a · a
        side = 0 if method.startswith("__r") else 1
        return symbol_with(symbol, constants_in_closure(obj), y, x) or by_number(op.name, side, y, x) or symbol

    def _by_numbers(self, i: int, cls: type, told: Vocabulary, local: tuple) -> str:
        """The one operation of the class that gives a node's number and its local derivatives; ``""`` for none."""
        y, *xs = (self.data[k] for k in (i, *self.rows[i]))
        if not PLAIN.issuperset(map(type, (y, *xs, *local))):
            try:
                y, *xs = map(float, (y, *xs))
                local = tuple(map(float, local))
            except (TypeError, ValueError, OverflowError):
                return ""
        rows = told.rows[len(xs)]
        if len(xs) == 2 and told.tried and rows.keys() <= {ADD, MUL} and not told.foreign[2] and 2 not in told.untold:
            fit = [op for op in rows if _gives(op, y, xs)]
            if len(fit) == 1 and (fit[0] is MUL) != (local == (1, 1)):  # nothing else makes anything of two
                return fit[0].symbol
            if self._has_moved(i, told, y, xs, local):
                return "+" if local == (1, 1) else "*"
        found = {op.symbol for op in rows if _fits(op, y, xs, local)}
        if len(xs) == 1:
            # At 0 the constant is all that a slope shows, so there it is believed of a class whose methods are known.
            found |= set(with_constant(told.folded, y, xs[0], local[0])) if xs[0] or told.tried else {OPEN}
        if found and (xs[0] == xs[-1] == y) and (len(xs) == 2 or not y):  # a kink: classes differ about its slope
            found |= {op.symbol for op in rows.keys() & (TIES if len(xs) == 2 else KINKS)}
        special = bool(told.astray) or any(x in ONES for x in (*xs, *local))
        if len(found) == 1 and special and told.tried:
            # Classes differ at the edges: what each makes itself is no other's.
            found |= _made_alike(cls, told, y, xs, local)
        elif not found and told.tried:
            # A class may record a derivative that is wrong: what it makes of the same numbers has not moved.
            found = _made_alike(cls, told, y, xs, local)
            if not found and len(xs) == 2 and self._has_moved(i, told, y, xs, local):
                found = {"+" if local == (1, 1) else "*"}
        if len(found) != 1 or found & {IDENTITY, OPEN}:
            return ""
        symbol = next(iter(found))
        straight = symbol in STRAIGHT or (symbol[0] in "+-*/" and symbol not in ("*", "/", "**"))
        if len(xs) in told.untold and (
            straight or (len(xs) == 1 and min(map(abs, (local[0], abs(local[0]) - 1))) < EXACT)
        ):
            return ""  # what is straight here may be a piece of another function
        if len(xs) in told.untold and any(x in ONES for x in xs):
            return ""  # and there much else has the same number, and the same slopes
        flat = straight and 0 in local and not all(self.rows[k] for k in self.rows[i])
        if flat and (told.foreign[len(xs)] or (len(xs) == 2 and rows.keys() >= TIES)):
            return ""  # the number does not show whether the leaf has moved to another piece: of max(a, b) to min(a, b)
        return "" if any(_is_made(cls, method, y, xs, local) for method in told.foreign[len(xs)]) else symbol

    def _has_moved(self, i: int, told: Vocabulary, y: float, xs: list[float], local: tuple) -> bool:
        """Whether a node is a sum or a product by its own derivatives, and not of the numbers that stand there now."""
        a, b = xs
        rows = told.rows[2].keys()
        if (
            told.foreign[2]
            or 2 in told.untold
            or told.astray & rows
            or rows & TIES
            or not all(map(math.isfinite, (y, a, b, *local)))
        ):
            return False
        la, lb = local
        if la == 1 == lb and ADD in rows:
            found = not near(a + b, y, abs(a)) and y != 1 and (y != -1 or DIV not in rows)
        else:
            known = MUL in rows and near(la * lb, y) and not near(a * b, y)
            found = known and (la == b or lb == a or self._are_leaves(i)) and not (SUB in rows and (la, lb) == (1, -1))
        if found:
            self.moved.append(i)
        return found

    def _are_leaves(self, i: int) -> bool:
        return not any(self.rows[k] for k in self.rows[i])


def _is_telling(a: float, b: float, sharp: bool) -> bool:
    """Whether nothing else of the class looks like a product of these numbers; `sharp` if it only adds besides."""
    return a * b != a + b and (sharp or (a not in ONES and b not in ONES))


def _made_alike(cls: type, told: Vocabulary, y: float, xs: Sequence[float], local: tuple) -> set[str]:
    """The operations of a class that make just this of the same numbers, right or wrong."""
    made = [(op.symbol, try_on(cls, method, xs)) for op, method in told.rows[len(xs)].items()]
    if len(xs) == 1:
        made += [(symbol, try_on(cls, way, xs)) for symbol, way in _with_constants(told, y, xs[0])]
    return {symbol for symbol, one in made if one is not None and (one.y, one.local) == (y, local)}


def _with_constants(told: Vocabulary, y: float, x: float) -> Iterator[tuple[str, Callable]]:
    """The operations with a constant that give a number, each with what does it to a node."""
    for (name, side), way in told.folded.items():
        if symbol := by_number(name, side, y, x):
            digits = symbol.removeprefix(OPS[name].symbol).removesuffix(OPS[name].symbol)
            c = int(digits) if digits.lstrip("-").isdecimal() else float(digits)
            yield (
                symbol,
                (lambda leaf, way=way, c=c: way(leaf, c)) if side else (lambda leaf, way=way, c=c: way(c, leaf)),
            )


def _fits(op: Op, y: float, xs: Sequence[float], local: tuple) -> bool:
    """Whether a row gives a node's number, and the local derivatives that its class has recorded."""
    if not _gives(op, y, xs):
        return False
    try:
        return all(near(op.vjps[k](1.0, y, *xs), slope, 1.0) for k, slope in enumerate(local))
    except (*FAILURES, TypeError):
        return False


def _gives(op: Op, y: float, xs: Sequence[float]) -> bool:
    try:
        return near(op.number(*xs), y, max(map(abs, xs)))
    except (*FAILURES, TypeError):
        return False


def _is_made(cls: type, method: Callable, y: float, xs: Sequence[float], local: tuple) -> bool:
    """Whether an operation that is in no table gives the same."""
    made = try_on(cls, method, xs)
    try:
        return made is not None and near(made.y, y) and all(map(near, made.local, local))
    except TypeError:
        return True
