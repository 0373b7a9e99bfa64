"""The reference: a page for each façade, from its docstrings, and one for the operations, from rows and stubs."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

from cgviz.ops.formula import Tex, write_operation
from cgviz.ops.op import Op
from cgviz.ops.rows import FUNCTIONS, OPS
from docs.site.signatures import stubs

FACADES = (
    *("cgviz", "cgviz.groups", "cgviz.program", "cgviz.tensor", "cgviz.nodes", "cgviz.nn", "cgviz.pictures"),
    *("cgviz.live", "cgviz.teach"),
)
OPERATIONS = "reference/operations.md"


def write_all(folder: Path) -> list[str]:
    """Write the pages into the folder that Sphinx reads; return their paths in it, in order."""
    homes: dict[int, str] = {}
    made = {f"reference/{name}.md": facade(name, homes) for name in FACADES} | {OPERATIONS: operations()}
    (folder / "reference").mkdir(parents=True, exist_ok=True)
    for path, text in made.items():
        (folder / path).write_text(text, encoding="utf-8")
    return list(made)


def facade(name: str, homes: dict[int, str]) -> str:
    """Return the page of a façade. What an earlier one has told (`homes`) is not told again."""
    module = import_module(name)
    parts = [f"# {name}", in_rst(inspect.getdoc(module) or "")]
    elsewhere = []
    for public in module.__all__:
        thing = getattr(module, public)
        if public.startswith("__"):
            continue
        if id(thing) in homes:
            elsewhere.append(f"{{py:obj}}`{public} <{homes[id(thing)]}.{public}>`")
            continue
        homes[id(thing)] = name
        kind = "autoclass" if inspect.isclass(thing) else "autofunction"
        parts.append(f"## {public}")
        parts.append(in_rst(f".. {kind}:: {name}.{public}" + ("\n   :members:" if kind == "autoclass" else "")))
    if elsewhere:
        parts.append(f"Also in `{name}`: {', '.join(elsewhere)}.")
    return "\n\n".join(parts) + "\n"


def in_rst(text: str) -> str:
    """Return a text in the language of docstrings for a page that is written in Markdown."""
    return f"````{{eval-rst}}\n{text}\n````"


def operations() -> str:
    """Return the page of the operations: a row each, with its derivatives as its own rule writes them."""
    lines = [
        "# The operations",
        "Each is one row of `cgviz/ops/rows.py`; what follows is written from the rows, and the types from the stubs. "
        "$g$ is the gradient that arrives at $y$.",
        "| operation | what flows back | defined for |\n|---|---|---|\n"
        + "\n".join(row(op) for op in OPS.values() if not op.helper),
        "## As functions",
        "`from cgviz import exp`. `V` is `Value` or a class that inherits from it, `Node` whatever can take part in an "
        "operation, `Array` an array of NumPy.",
    ]
    for name in FUNCTIONS:
        first, *others = [f"{name}{signature}" for signature in stubs()[f"cgviz.{name}"]]
        rest = "".join(f"\n                 {line}" for line in others)
        about = (FUNCTIONS[name].__doc__ or "").replace("|", r"\|")
        lines.append(in_rst(f".. py:function:: {first}{rest}\n   :module: cgviz\n\n   {about}"))
    return "\n\n".join(lines) + "\n"


def row(op: Op) -> str:
    """Return a row of the table."""
    names = ("x",) if op.arity == 1 else ("a", "b")
    operands = [Tex(name) for name in names]
    try:
        rules = [str(vjp(Tex("g"), Tex("y"), *operands)) for vjp in op.vjps]
    except (TypeError, ValueError, AttributeError):
        rules = []
    slopes = " and ".join(f"${name}: {rule}$" for name, rule in zip(names, rules, strict=False))
    domain = (op.domain or "").format(*names)
    return f"| `{write_operation(op.symbol, list(names))}` | {slopes} | {domain} |".replace("||", "")
