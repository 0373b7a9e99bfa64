"""Writes a narrow graph as straight-line Python, one line a node.

What it writes for ``(a*b + c)*a``:

    def run(x, float=float):
        [x0, x1, x2] = x
        if x0.__class__ is not float or x1.__class__ is not float or x2.__class__ is not float: raise TypeError(REFUSED)
        v0 = (x0 * x1)
        v1 = (v0 + x2)
        v2 = (v1 * x0)
        if v2 - v2: raise OverflowError(LARGE)
        h0 = v1 + (x0 * x1)
        h1 = (x0 * x0)
        return (x0, x1, x2, v0, v1, v2, h0, h1, x0, x0, x0, 1.0,)

Each line is an operation's row, run on source text. Arithmetic does not raise what `math` does where a number is too
large: so an infinity or NaN, for which ``v - v`` is no 0, is looked for where it could go unseen. The same text
computes with floats and, under NumPy's names, with arrays: a data set, a curve, a surface; for them there are no
checks, and a gradient ``x0`` is returned as ``+x0``, a copy. A graph longer than a compiler likes is written as chunks,
each a function of the nodes below it.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import count
from types import CodeType
from typing import Any
from weakref import finalize

from ..ops.op import Source
from .tape import FLOATS, Folding, Tape, arrays, check_floats

LONGEST_CHUNK = 250
LONGEST_SUM = 32  # terms; much longer ones nest too deeply for the compiler
TEXTS = 128  # remembered with what they compile to
ZERO = Folding.of(0.0)


class Straight:
    """Computes a tape by generated code; `names` says what the functions in it are, those of `math` or of NumPy.

    What `math` raises outside of a function's domain is raised; `walk` then says where it was. Raises `TypeError` if
    it computes with floats and is given anything else.
    """

    def __init__(self, tape: Tape, names: dict[str, Any] = FLOATS) -> None:
        self.tape, self.names = tape, names
        self.first = next((i for i, op in enumerate(tape.ops) if op is not None), len(tape.ops))
        self.leaves = tape.leaves
        self._chunks: list[Chunk] | None = None

    def __reduce__(self) -> tuple:
        return restore, (self.tape, self.names is FLOATS)  # the code is written anew: functions cannot be pickled

    def run(self, leaves: Sequence[Any]) -> Sequence[Any]:
        """The numbers of all nodes in the tape's order, then all gradients of the last node."""
        chunks = self._chunks or self._prepare()
        one = len(chunks) == 1 and self.first == len(self.leaves) + len(self.tape.constants)
        self.run = chunks[0].whole() if one else self._in_chunks  # type: ignore[method-assign]  # from now on the function itself
        return self.run(leaves)

    def forward(self, leaves: Sequence[Any]) -> list[Any]:
        """The numbers of all nodes."""
        if self.names is FLOATS:
            check_floats(leaves, len(self.leaves))
        values: list[Any] = list(self.tape.numbers)
        for i, x in zip(self.leaves, leaves, strict=True):
            values[i] = x
        for chunk in self._chunks or self._prepare():
            values[chunk.start : chunk.stop] = chunk.forward([values[i] for i in chunk.inputs])
        return values

    def _prepare(self) -> list[Chunk]:
        tape, starts = self.tape, range(self.first, len(self.tape.ops), LONGEST_CHUNK)
        chunks = [Chunk(tape, start, min(start + LONGEST_CHUNK, len(tape.ops)), self.names) for start in starts]
        used_later: set[int] = {len(tape.ops) - 1}
        for chunk in reversed(chunks):
            chunk.outputs = sorted(i for i in used_later if i >= chunk.start)
            used_later.difference_update(chunk.outputs)
            used_later.update(chunk.inputs)
        self._chunks = chunks
        return chunks

    def _in_chunks(self, leaves: Sequence[Any]) -> list[Any]:
        values = self.forward(leaves)
        grads: list[Any] = [0.0] * len(values)
        grads[-1] = 1.0
        for chunk in reversed(self._chunks or ()):
            inputs, own = [values[i] for i in chunk.inputs], values[chunk.start : chunk.stop]
            found, contributions = chunk.backward(inputs, own, [grads[i] for i in chunk.outputs])
            grads[chunk.start : chunk.stop] = found
            for i, contribution in zip(chunk.inputs, contributions, strict=True):
                grads[i] = grads[i] + contribution
        return values + grads


def restore(tape: Tape, in_floats: bool) -> Straight:
    """The engine of a tape, for floats or for arrays."""
    return Straight(tape, FLOATS if in_floats else arrays())


class Chunk:
    """A run of nodes as functions: `forward(x)`, and `backward(x, v, s)` with the gradients that reach its outputs.

    In the text, ``x3`` and ``h3`` are an input from below and its gradient, ``v3`` and ``g3`` those of an own node.
    """

    def __init__(self, tape: Tape, start: int, stop: int, names: dict[str, Any]) -> None:
        self.tape, self.start, self.stop, self.names = tape, start, stop, names
        self.outputs: list[int] = []
        below = {k for i in range(start, stop) for k in tape.operands[i] if k < start}
        self.inputs = sorted(below - tape.constants)
        self._x = {i: k for k, i in enumerate(self.inputs)}

    def forward(self, x: list[Any]) -> list[Any]:
        """The numbers of the own nodes."""
        text = ["def forward(x):", self._unpack("x", len(self.inputs)), *self._forward()]
        text += [f"    return {_write_list(map(self._value, range(self.start, self.stop)))}"]
        self.forward = _compile_lines(text, self.names)["forward"]  # type: ignore[method-assign]  # from now on the function itself
        return self.forward(x)

    def backward(self, x: list[Any], v: list[Any], s: list[Any]) -> tuple[list[Any], list[Any]]:
        """The gradients of the own nodes, and what the inputs get from them."""
        seeds = {i: Folding(f"s{k}") for k, i in enumerate(self.outputs)}
        text = [
            "def backward(x, v, s):",
            self._unpack("x", len(self.inputs)),
            self._unpack("v", self.stop - self.start),
        ]
        lines, known = self._backward(seeds)
        own = self._apart(known[i] for i in range(self.start, self.stop))
        inputs = [known[i] for i in self.inputs]
        text += [self._unpack("s", len(self.outputs)), *lines, f"    return {_write_list(own)}, {_write_list(inputs)}"]
        self.backward = _compile_lines(text, self.names)["backward"]  # type: ignore[method-assign]
        return self.backward(x, v, s)

    def whole(self) -> Callable:
        """The whole tape as one function of the leaves, where this chunk has all its operations."""
        leaves = self.tape.leaves
        self._x, self.inputs = {i: k for k, i in enumerate(leaves)}, leaves
        lines, known = self._backward({self.stop - 1: Folding.of(1.0)})
        values, grads = map(self._value, range(self.stop)), self._apart(known.get(i, ZERO) for i in range(self.stop))
        text = [
            "def run(x, float=float):",
            self._unpack("x", len(leaves)),
            *self._check(len(leaves)),
            *self._forward(),
            *lines,
        ]
        text += [f"    return ({', '.join(x.code for x in (*values, *grads))},)"]
        return _compile_lines(text, self.names)["run"]

    def _check(self, n: int) -> list[str]:
        """The line that refuses other leaves than floats, where the text computes with floats."""
        others = " or ".join(f"x{k}.__class__ is not float" for k in range(n if self.names is FLOATS else 0))
        return [f"    if {others}: raise TypeError(REFUSED)"] if others else []

    def _value(self, i: int) -> Folding:
        """The text of node i's number: own, of an input, or a constant's own digits."""
        if i in self.tape.constants:
            return Folding.of(self.tape.numbers[i])
        return Folding(f"v{i - self.start}" if i >= self.start else f"x{self._x[i]}")

    def _forward(self) -> list[str]:
        tape, lines = self.tape, []
        for i in range(self.start, self.stop):
            rule = tape.row(i).write(*map(self._value, tape.operands[i]))
            lines.append(f"    v{i - self.start} = {rule.code}")
        names = [f"v{i - self.start}" for i in tape.unseen if self.start <= i < self.stop and self.names is FLOATS]
        return (
            [*lines, f"    if {' or '.join(f'{v} - {v}' for v in names)}: raise OverflowError(LARGE)"]
            if names
            else lines
        )

    def _backward(self, seeds: dict[int, Folding]) -> tuple[list[str], dict[int, Folding]]:
        """The lines that sum up gradients, and how each node's is written: its name, or what it is another name of.

        A node's sum has the seed, if the node is an output, and a contribution for every use of it.
        """
        uses: dict[int, list[tuple[int, int]]] = {}
        for i in range(self.start, self.stop):
            for position, k in enumerate(self.tape.operands[i]):
                uses.setdefault(k, []).append((i, position))
        lines: list[str] = []
        known: dict[int, Folding] = {}
        for i in [*reversed(range(self.start, self.stop)), *self.inputs]:
            terms = [seeds[i]] if i in seeds else []
            terms += [self._contribution(known[user], user, position) for user, position in reversed(uses.get(i, ()))]
            if len(terms) == 1 and (terms[0].number is not None or terms[0].code.isidentifier()):
                known[i] = terms[0]
                continue
            known[i] = Folding(f"g{i - self.start}" if i >= self.start else f"h{self._x[i]}")
            lines += _sum(known[i].code, [term.code for term in terms])
        return lines, known

    def _contribution(self, g: Folding, user: int, position: int) -> Folding:
        """What the gradient of `user` gives to its operand at `position`: the row's rule, written down."""
        xs = [self._value(k) for k in self.tape.operands[user]]
        found = self.tape.row(user).vjps[position](g, self._value(user), *xs)
        if not isinstance(found, Folding):
            return Folding.of(found)
        if self.names is FLOATS or g.number or not REFUSES.search(found.code):
            return found
        return Folding(f"keep_zero({', '.join(x.code for x in (g, found, *xs))})")

    def _apart(self, grads: Iterable[Folding]) -> list[Folding]:
        """Gradients of their own: one that is an input under another name is copied, for arrays, by a plus.

        Whoever gave that array may change it in place, as descent does: ``x -= rate * run.grad["x"]``.
        """
        if self.names is FLOATS:
            return list(grads)
        given = {f"x{k}" for i, k in self._x.items() if self.tape.ops[i] is None}
        return [Folding(f"+{g.code}") if g.code in given else g for g in grads]

    @staticmethod
    def _unpack(letter: str, n: int) -> str:
        return f"    {_write_list(Source(f'{letter}{k}') for k in range(n))} = {letter}"


def _write_list(operands: Iterable[Source]) -> str:
    return f"[{', '.join(operand.code for operand in operands)}]"


def _sum(name: str, terms: list[str]) -> list[str]:
    """``g3 = a + b + …``, continued on a new line before it gets too long to compile."""
    lines = [f"    {name} = {' + '.join(terms[:LONGEST_SUM]) or '0.0'}"]
    for k in range(LONGEST_SUM, len(terms), LONGEST_SUM):
        lines.append(f"    {name} = {name} + {' + '.join(terms[k : k + LONGEST_SUM])}")
    return lines


REFUSES = re.compile(r"/|\bpower\(")
"""What a derivative rule is written with that may have no value: over arrays it does not raise there."""

_numbers = count()


@lru_cache(TEXTS)
def _code(text: str) -> CodeType:
    """The compiled text of one function; the same text again, as a repeating graph has it, costs nothing.

    Tracebacks show its lines, for as long as there is the function.
    """
    name = f"<cgviz program {next(_numbers)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    code = compile(text, name, "exec")
    body = next(part for part in code.co_consts if isinstance(part, CodeType))  # what the function keeps of it
    finalize(body, linecache.cache.pop, name, None).atexit = False
    return code


def _compile_lines(lines: list[str], names: dict[str, Any]) -> dict[str, Any]:
    found = dict(names)
    exec(_code("\n".join(lines) + "\n"), found)
    return found
