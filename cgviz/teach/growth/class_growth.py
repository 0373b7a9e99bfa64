"""Grow a class in steps, one cell each: a cell that runs again mends its step, and adds no second one."""

from __future__ import annotations

import dis
import sys
from collections.abc import Iterable, Iterator
from types import CellType, FunctionType
from typing import Any, NamedTuple

from ...text import kind, shorten
from ..cell_watch import explain_answer, in_answer, show, verdicts, watch_cells
from .outdated import REFLECTED, add_refusals, first_steps, is_refusal, remove_refusals
from .reflected import left_first
from .stubs import is_stub, make_stub

OF_PYTHON = frozenset(
    {"__dict__", "__weakref__", "__module__", "__qualname__", "__doc__", "__firstlineno__", "__static_attributes__"}
    | {"__classcell__", "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__", "_grown"}
)
HEAP, IMMUTABLE = 1 << 9, 1 << 8
"""Flags of a class, as CPython's object.h has them: of one made at run time, and of one that takes no attribute."""


class Step(NamedTuple):
    """One step of a class: its `title`, and the `key` by which a cell that runs again finds it.

    `left` are the methods whose body the cell leaves out, though they work since an earlier step.
    """

    title: str
    key: Any
    left: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """That of the exercise that the step is written for: ``3.1``, from ``Exercise 3.1: products.``; else ``""``."""
        word, _, number = self.title.partition(":")[0].partition(" ")
        return number if word == "Exercise" and number.replace(".", "").isdigit() else ""

    @property
    def short(self) -> str:
        """What a sentence calls the step: ``lesson 3``, from ``Lesson 3: operations build a graph.``"""
        head, colon, _ = self.title.partition(":")
        if not self.title:
            return "a later cell"
        if not colon:
            return f"the step {shorten(self.title.rstrip('.'), 40)!r}"
        return head[:1].lower() + head[1:] if head.startswith(("Lesson ", "Exercise ")) else head


def grow(cls: type) -> type:
    """Add a class to the line of classes that it grows from, as one step; a decorator.

    The first line of the docstring is the step's title, and says which step it is (without a docstring, its set of
    names does). A step that the line has already is mended in place: its class takes over the new methods, so that
    instances made earlier have them too, and the newest class of the line is returned. A method without a body leaves
    one that works as it is; where there is none, it raises `NotWritten` when it is called.

    Raises `TypeError` for what is no class, for a class with ``__slots__``, whose instances cannot be mended, and where
    the parentheses of ``class Value(Value):`` are missing: the class that there is stays as it was.

    >>> @grow
    ... class Node:
    ...     '''Lesson 2: a node.'''
    ...     def __init__(self, data): self.data = data
    >>> old = Node(2)
    >>> @grow
    ... class Node(Node):
    ...     '''Lesson 3: sums.'''
    ...     def __add__(self, other): return Node(self.data + other.data)
    >>> (Node(2) + old).data
    4
    >>> old + old
    Traceback (most recent call last):
    TypeError: this Node was made before lesson 3 added +; run the cell that makes it again
    """
    _refuse(cls)
    watch_cells()
    step = _step(cls)
    caller = sys._getframe(1)
    before = caller.f_locals.get(cls.__name__, caller.f_globals.get(cls.__name__))
    _refuse_anew(cls, step, before)
    newest, kept = _find_step(cls, step, before)
    if kept is None:
        cls._grown = step._replace(left=_settle(cls, step, cls.__mro__[1:]))  # type: ignore[attr-defined]
        newest = kept = cls
    elif in_answer() and keeps_own(kept):
        show(explain_answer(f"{cls.__name__}, {step.short}", True))
    else:
        if in_answer() and is_wrong(kept):
            show(explain_answer(f"{cls.__name__}, {step.short}", False))
        _mend(kept, cls, step)
    steps = line(newest)
    remove_refusals(steps[0])
    add_refusals(steps[0], first_steps(steps, list_brought, lambda c: vars(c)["_grown"].short))
    return newest


def keeps_own(kept: type) -> bool:
    """Whether a step is the learner's own, and was right when it was checked, as it is now."""
    known = verdicts.get(f"{kept.__name__}: {vars(kept)['_grown'].title}")
    return known is not None and known.right and known.thing == list_methods(kept)


def is_wrong(kept: type) -> bool:
    """Whether a step is the learner's own, and was wrong when it was checked, as it is now."""
    known = verdicts.get(f"{kept.__name__}: {vars(kept)['_grown'].title}")
    return known is not None and not known.right and known.thing == list_methods(kept)


def list_methods(cls: type) -> list[tuple[str, Any]]:
    """What a step defines now, to be told from what it defines after another run of its cell."""
    return [(name, id(vars(cls)[name])) for name in own(cls)]


def line(cls: type) -> list[type]:
    """The classes that were grown one from the other up to this one, the oldest first."""
    return [base for base in reversed(cls.__mro__) if "_grown" in vars(base) and base.__name__ == cls.__name__]


def left_open(thing: Any) -> tuple[str, ...]:
    """The methods that a class's newest cell names without a body, though older ones work."""
    return vars(thing)["_grown"].left if type(thing) is type and "_grown" in vars(thing) else ()


def own(cls: type) -> list[str]:
    """The names that a step itself defines, as they stand in its cell."""
    return [name for name, held in vars(cls).items() if name not in OF_PYTHON and not is_refusal(held)]


def fields(cls: type) -> list[str]:
    """The attributes that the step's own ``__init__`` gives to an instance."""
    init = vars(cls).get("__init__")
    if not isinstance(init, FunctionType):
        return []
    return list(dict.fromkeys(step.argval for step in dis.get_instructions(init) if step.opname == "STORE_ATTR"))


def list_brought(cls: type) -> list[str]:
    """All that instances of a step have from it: what it defines, and the fields that its ``__init__`` sets."""
    return [*own(cls), *fields(cls)]


def _refuse(cls: Any) -> None:
    if not isinstance(cls, type):
        raise TypeError(f"@grow stands before a class, with class Value(Value): … below it; got {kind(cls)}")
    if cls.__flags__ & (HEAP | IMMUTABLE) != HEAP:
        raise TypeError(f"@grow stands before a class that you write; {cls.__name__} is Python's own, or a library's")
    if "__slots__" in vars(cls):
        raise TypeError(f"{cls.__name__} has __slots__, so its instances cannot be mended: leave them out to grow it")


def _refuse_anew(cls: type, step: Step, before: Any) -> None:
    """Refuse a later step that leaves its parent out, as in ``class Value:``, since all steps before it would be lost.

    The first cell may change, and then a line begins anew: a first cell has the title, or its head and the names, of
    the one that there was.
    """
    steps = line(before) if isinstance(before, type) and before.__name__ == cls.__name__ else []
    if not steps or line(cls):
        return
    first, name = vars(steps[0])["_grown"], cls.__name__
    begins = step.short == first.short and set(own(cls)) >= set(own(steps[0])) and cls.__bases__ == steps[0].__bases__
    if step.key != first.key and not begins:
        raise TypeError(
            f"class {name}({name}): is the first line of a further step; without its parentheses the {name} that you "
            f"have would be lost. It is as it was: mend the line, and run the cell again"
        )


def _step(cls: type) -> Step:
    title = next((line.strip() for line in (vars(cls).get("__doc__") or "").splitlines() if line.strip()), "")
    return Step(title, title or frozenset(own(cls)))


def _find_step(cls: type, step: Step, before: Any) -> tuple[type, type | None]:
    """The newest class of the line that holds this step already, and the class of the step; else none.

    `before` is what the caller called by the name of the class until now.
    """
    for newest in (*cls.__bases__, before):
        if not isinstance(newest, type) or newest.__name__ != cls.__name__:
            continue
        for kept in line(newest):
            if vars(kept)["_grown"].key == step.key and (newest in cls.__bases__ or kept.__bases__ == cls.__bases__):
                return newest, kept
    return cls, None


def _mend(kept: type, fresh: type, step: Step) -> None:
    """Put what a cell defines now in the place of what it defined before, in the class that there is already."""
    dropped = _settle(fresh, step, kept.__mro__)  # of these, what an earlier run of the same cell defined stays
    for name in own(kept):
        if name not in dropped:
            delattr(kept, name)
    for name in own(fresh):
        held = vars(fresh)[name]
        for cell in _class_cells(held, set()):
            cell.cell_contents = kept  # for super() without arguments
        setattr(kept, name, held)
        if hasattr(type(held), "__set_name__"):
            held.__set_name__(kept, name)
    kept.__doc__, kept._grown = fresh.__doc__, step._replace(left=dropped)  # type: ignore[attr-defined]


def _settle(cls: type, step: Step, before: Iterable[type]) -> tuple[str, ...]:
    """Let the stubs of a class say that they are not written, and drop those of what works already; return these.

    Its reflected operators let older instances go first.
    """
    before = list(before)
    stubs = [name for name, held in vars(cls).items() if is_stub(held)]
    dropped = [name for name in stubs if any(_works(base, name) for base in before)]
    for name in stubs:
        if name in dropped:
            delattr(cls, name)
        elif not hasattr(vars(cls)[name], "_not_written"):
            setattr(cls, name, make_stub(f"{cls.__name__}.{name}", step.number))
    for name in REFLECTED:
        if isinstance(held := vars(cls).get(name), FunctionType) and name not in stubs:
            setattr(cls, name, left_first(name, held))
    return tuple(dropped)


def _works(base: type, name: str) -> bool:
    held = vars(base).get(name) if base is not object else None
    return held is not None and not is_refusal(held) and not is_stub(held)


def _class_cells(held: Any, seen: set[int]) -> Iterator[CellType]:
    """The cells by which the functions behind an attribute know their class."""
    if id(held) in seen:
        return
    seen.add(id(held))
    for part in ("__func__", "__wrapped__", "func", "fget", "fset", "fdel"):
        inner = getattr(held, part, None)
        if inner is not None and not isinstance(held, type):
            yield from _class_cells(inner, seen)
    if isinstance(held, FunctionType):
        for name, cell in zip(held.__code__.co_freevars, held.__closure__ or (), strict=True):
            if name == "__class__":
                yield cell
            elif isinstance(inner := _content(cell), FunctionType):  # a decorator's function, around the method
                yield from _class_cells(inner, seen)


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None
