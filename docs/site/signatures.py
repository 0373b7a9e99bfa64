"""Signatures from the stubs (``*.pyi``): what the rows give has its types there, and nowhere else."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "cgviz"
OVER = {"RowMethods": "cgviz.value.value.Value", "TensorMethods": "cgviz.tensor.tensor.Tensor"}
"""Which class the methods of a stub's class belong to."""


@cache
def stubs() -> dict[str, tuple[str, ...]]:
    """Return the signatures of every function and method of the stubs, by their full names."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.pyi")):
        module = ".".join(("cgviz", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                found.setdefault(f"{module}.{node.name}", []).append(written(node))
            elif isinstance(node, ast.ClassDef):
                owner = OVER.get(node.name, f"{module}.{node.name}")
                for each in node.body:
                    if isinstance(each, ast.FunctionDef):
                        found.setdefault(f"{owner}.{each.name}", []).append(written(each))
    return {name: tuple(each) for name, each in found.items()}


def written(function: ast.FunctionDef) -> str:
    """Return the arguments and the result of a function of a stub, as they are read: without `self` and underscores."""
    arguments = ast.unparse(function.args)
    result = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    arguments = re.sub(r"^self\b[^,]*(, )?", "", arguments)
    return re.sub(r"\b_(?=[A-Z])", "", f"({arguments}){result}")
