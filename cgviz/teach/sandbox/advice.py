"""What Python's error messages mean for somebody who has begun this week."""

from __future__ import annotations

import builtins
import re

NUMBERS = ("int", "float")
NONE = "None: is a return missing?"
NODE = "a node is no number: its number is in data"
SELF = "self missing, its first parameter?"
LIST = "a list stands where one of its parts is expected: go through it, with for"

PATTERNS: tuple[tuple[str, str], ...] = (
    (r"'self' is not defined", "self is the first parameter of a method"),
    (
        r"takes no arguments$",  # of a method of Python's own it goes on: (1 given)
        "this class has no __init__: does its first line say class Value(Value):, with parentheses?",
    ),
    (r"returned non-string", "__repr__ returns a text: write return, since print gives nothing back"),
    (
        r"'NoneType' object is not iterable|cannot unpack non-iterable NoneType",
        "what should be gone through is None: rng.shuffle(…) and list.sort() change a list in place, and return None",
    ),
    (
        r"unsupported operand.*(?:\*|-=): '(?:int|float)' and 'NoneType'",
        "something in it is None: a gradient before backward(), or what a function without return gives",
    ),
    (
        r"'NoneType' object has no attribute|unsupported operand.*'NoneType'|real number, not '?NoneType",
        f"something in it is {NONE}",
    ),
    (r"'NotImplementedType'", "wrap has answered NotImplemented: hand it on, if other is NotImplemented: return it"),
    (r"unsupported operand type\(s\) for \^", "a power is written ** in Python"),
    (
        r"can only concatenate str",
        "+ joins a text with texts alone: write str(…) around the number, or an f-string",
    ),
    (r"'(?:int|float)' object is not iterable", "a tuple of one number has a comma, as in (1.0,)"),
    (
        r"has no attribute '(?:prev|op)'|unexpected keyword argument '(?:prev|op)'",
        "its name begins with an underscore: _prev, _op",
    ),
    (
        r"'(?!int|float|str|list|tuple)\w+' object has no attribute '(?:data|label)'",
        "does __init__ store it, as in self.data = data?",
    ),
    (
        r"'(?:int|float)' object has no attribute 'data'",
        "a plain number stands where a node is expected: it has no data",
    ),
    (
        r"'(?:int|float)' object has no attribute '(?:grad|backward|label|_op)'",
        "a plain number stands where a node is expected: run the cell again that makes the node",
    ),
    (r"'(?:int|float)' object has no attribute '_prev'", "a plain number stands where a node is expected"),
    (
        r"'(?:list|tuple)' object has no attribute '(?:data|grad|output)'|can't multiply sequence by non-int"
        r"|unsupported operand type\(s\) for (?:[-+*/]|\*\*)[^:]*: .*'(?:list|tuple)'",
        LIST,
    ),
    (r"loop of ufunc does not support argument 0 of type", "a node stands where its array is expected"),
    (
        r"only 0-dimensional arrays can be|only length-1 arrays can be",
        "a function of math takes one number; np has one for arrays",
    ),
)
"""Parts of a message, each with what may be behind it; the first that is found is told."""

OF_PYTHON = frozenset(
    {"NoneType", "NotImplementedType", "ellipsis", "function", "method", "builtin_function_or_method", "module"}
    | {"generator", "ndarray"}
)
SHAPES = re.compile(r".*mismatch in its core dimension.*\(size (\d+) is different from (\d+)\)", re.DOTALL)
ONE_TOO_MANY = re.compile(r"(\S+)\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) (?:was|were) given")
GONE_THROUGH = re.compile(r"^'(\w+)' object is not (?:iterable|subscriptable)$")
COMPARED = re.compile(r"'(?:[<>]=?)' not supported between instances of '(\w+)' and '(\w+)'")
NO_NUMBER = re.compile(r"must be (?:a string or a )?real number, not '?(\w+)'?$")
MIXED = re.compile(r"unsupported operand type\(s\) for [^:]+: '(\w+)' and '(\w+)'")


def plain(text: str) -> str:
    """A message in words, where Python or NumPy writes in signs.

    >>> plain("matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
    ...       "(n?,k),(k,m?)->(n?,m?) (size 2 is different from 3)")
    'the shapes of a matrix product do not fit: rows of length 3 on its left, columns of length 2 on its right'
    """
    if found := SHAPES.fullmatch(text):
        right, left = found.groups()
        sides = f"rows of length {left} on its left, columns of length {right} on its right"
        return f"the shapes of a matrix product do not fit: {sides}"
    return text


def advice(text: str) -> str:
    """What may be behind an error with this message; ``""`` if that is not known.

    >>> advice("'>=' not supported between instances of 'Value' and 'int'")
    'a Value is no number: it holds one, as a node does in data'
    >>> advice("Value.__mul__() takes 1 positional argument but 2 were given")
    'is self missing, its first parameter?'
    """
    if found := ONE_TOO_MANY.search(text):
        name, takes, given = found.groups()
        method = "." in name.rpartition("<locals>.")[2]
        return f"is {SELF}" if method and int(given) == int(takes) + 1 else ""
    if (found := NO_NUMBER.search(text)) and _is_own(found[1]):
        return f"{NODE}; a function of math takes numbers alone"
    if (found := GONE_THROUGH.search(text)) and _is_own(found[1]):
        return f"a single {found[1]} stands where a list of them is expected"
    for pattern in (COMPARED, MIXED):
        found = pattern.search(text) if "for ^" not in text else None
        own = [name for name in found.groups() if _is_own(name)] if found and set(found.groups()) & set(NUMBERS) else []
        if own:
            return f"a {own[0]} is no number: it holds one, as a node does in data"
    return next((said for pattern, said in PATTERNS if re.search(pattern, text)), "")


def _is_own(name: str) -> bool:
    """Whether this is the name of a class of somebody's own."""
    return name not in vars(builtins) and name not in OF_PYTHON
