"""What type checkers and editors are told of names that Python finds only as it runs, as the text of stub files.

    python -m cgviz.live.javascript

writes them anew after a row or a public name has changed. Such names are those that a package loads when they are first
used (its `_HOMES`), and the operators, methods and functions that the rows give. A test holds the files to the rows.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from ..ops.op import OPS, Op
from ..ops.rows import FUNCTIONS
from ..tensor import array_rows
from ..tensor.arguments import METHODS
from ..tensor.calls import methods

# `Self` would say it too, but the completion of notebooks reads it as the class of the stub: of `a * b` it would not
# know `backward`. A type variable it reads rightly.
PACKAGE = Path(__file__).resolve().parents[1]
HEAD = "# Written from {} by `python -m cgviz.live.javascript`. Do not edit.\n"

NUMBERS = """
from typing import SupportsFloat, TypeVar

_N = TypeVar("_N")

class RowMethods:
    \"\"\"What the rows give to `Value`; a `Tensor` beside it takes the operation over.\"\"\"

"""
ARRAYS = """
from typing import Any, SupportsFloat, TypeVar

from numpy.typing import ArrayLike

_N = TypeVar("_N")

class TensorMethods:
    \"\"\"What the rows give to `Tensor`, and NumPy's functions that are methods of arrays too.\"\"\"

"""
FUNCTIONS_HEAD = """
from fractions import Fraction
from typing import Any, Protocol, SupportsFloat, TypeVar, overload

from numpy.typing import ArrayLike

"""
OPERANDS = """
_T = TypeVar("_T", bound=Tensor)
_V = TypeVar("_V", bound=Value)

class _Node(Protocol):
    def _apply(self, op: Any, xs: tuple[Any, ...]) -> Any: ...

class _Array(Protocol):
    def __array__(self) -> Any: ...

"""
ONE = (("x: _V", "_V"), ("x: _Node | _Array", "Any"), ("x: float | Fraction", "float"))
"""What a function of one operand takes and gives: nodes, what is an array or takes the operation over, numbers."""
TWO = (
    ("a: _T, b: ArrayLike | SupportsFloat", "_T"),
    ("a: ArrayLike | SupportsFloat, b: _T", "_T"),
    ("a: _V, b: SupportsFloat", "_V"),
    ("a: SupportsFloat, b: _V", "_V"),
    ("a: _Node | _Array, b: Any", "Any"),
    ("a: Any, b: _Node | _Array", "Any"),
    ("a: float | Fraction, b: float | Fraction", "float"),
)
"""The same for two operands. (A Value beside a Tensor makes a Tensor.)"""


def files() -> dict[str, str]:
    """The text of each stub, by its path within the package."""
    return {
        "__init__.pyi": package(),
        "live/__init__.pyi": names("live"),
        "pictures/__init__.pyi": names("pictures"),
        "program/__init__.pyi": names("program"),
        "tensor/tensor_methods.pyi": array_methods(),
        "value/row_methods.pyi": number_methods(),
    }


def write() -> None:
    """Bring the stubs into step."""
    for path, text in files().items():
        (PACKAGE / path).write_text(text, encoding="utf-8", newline="\n")


def names(room: str = "") -> str:
    """The names that a package loads when they are first used, each imported from its home.

    >>> "from .explorer import explore as explore" in names("live")
    True
    """
    module = import_module(f"{PACKAGE.name}.{room}".rstrip("."))
    listed = [f"from .{home} import {name} as {name}" for name, home in module._HOMES.items()]
    public = "".join(f'    "{name}",\n' for name in module.__all__)
    return HEAD.format("`_HOMES`") + "\n" + "\n".join(sorted(listed)) + f"\n\n__all__ = [\n{public}]\n"


def package() -> str:
    """The names of the package itself: those with a home, the functions, and what IPython calls."""
    head, _, rest = names().partition("\n\n")
    taken = "__version__: str\n\ndef load_ipython_extension(ipython: Any) -> None: ...\n"
    taken += "def unload_ipython_extension(ipython: Any) -> None: ...\n"
    functions = "".join(_function(op) for op in FUNCTIONS.values())
    return (head + "\n" + FUNCTIONS_HEAD + rest + "\n" + taken + OPERANDS + functions).rstrip("\n") + "\n"


def number_methods() -> str:
    """The operators and methods of a `Value`.

    >>> "def __radd__(self: _N, other: SupportsFloat) -> _N: ..." in number_methods()
    True
    """
    return HEAD.format("the rows in cgviz/ops/rows.py") + NUMBERS + "".join(_of_rows(OPS.values(), "SupportsFloat"))


def array_methods() -> str:
    """The operators and methods of a `Tensor`.

    >>> "def sum(self: _N, axis: Any = None, keepdims: bool = False) -> _N:" in array_methods()
    True
    """
    text = HEAD.format("the rows in cgviz/ops/rows.py and cgviz/tensor") + ARRAYS
    text += "".join(_of_rows(OPS.values(), "ArrayLike | SupportsFloat"))
    text += "".join(_both_sides("matmul", array_rows.times, "ArrayLike | SupportsFloat"))
    return text + "".join(_method(name, method) for name, method in sorted(methods().items()))


def _of_rows(rows: Iterable[Op], other: str) -> Iterable[str]:
    for op in rows:
        if op.dunder and op.arity == 2:
            yield from _both_sides(op.dunder, op, other)
        elif op.dunder:
            yield f"    def __{op.dunder}__(self: _N) -> _N: ...\n"
        if op.name in FUNCTIONS:
            given = f", other: {other}, /" if op.arity == 2 else ""
            yield f"    def {op.name}(self: _N{given}) -> _N:\n        {_docstring(op)}\n"


def _both_sides(dunder: str, op: Op, other: str) -> Iterable[str]:
    for side in ("", "r"):
        yield f"    def __{side}{dunder}__(self: _N, other: {other}) -> _N: ...\n"


def _method(name: str, method: Callable) -> str:
    """A function of NumPy's as a method: a node where it enters the graph, else whatever it gives for the numbers."""
    _, *parameters = inspect.signature(method).parameters.values()
    given = "".join(f", {_parameter(parameter)}" for parameter in parameters)
    this, result = ("self: _N", "_N") if name in METHODS else ("self", "Any")
    return f"    def {name}({this}{given}) -> {result}:\n        {_docstring(method)}\n"


def _parameter(parameter: inspect.Parameter) -> str:
    kind = "Any" if parameter.annotation is parameter.empty else parameter.annotation
    stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
    if parameter.default is parameter.empty:
        return f"{stars}{parameter.name}: {kind}"
    plain = isinstance(parameter.default, (int, float, str, type(None)))
    return (
        f"{parameter.name}: {kind} = {parameter.default if plain and not isinstance(parameter.default, str) else '...'}"
    )


def _function(op: Op) -> str:
    forms = ONE if op.arity == 1 else TWO
    written = [f"@overload\ndef {op.name}({given}, /) -> {result}:" for given, result in forms]
    return f"{written[0]}\n    {_docstring(op)}\n" + "".join(f"{form} ...\n" for form in written[1:]) + "\n"


def _docstring(thing: object) -> str:
    (first, *_) = (thing.__doc__ or "").strip().splitlines()
    return f'"""{first}"""'
