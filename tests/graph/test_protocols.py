"""The private names that rooms ask of one another's objects are those that `protocols.py` states, and no others."""

import ast
import re
from pathlib import Path

import cgviz
from cgviz.graph.protocols import Engine, Marked
from cgviz.graph.spellings import DATA, GRAD, LABEL, OPERANDS, OPERATION

PACKAGE = Path(cgviz.__file__).parent
SPELLED = {*DATA, *GRAD, *LABEL, *OPERANDS, *OPERATION, "_backward"}
METHODS = {
    name: member for each in (Engine, Marked) for name, member in vars(each).items() if re.match("_[a-z]+", name)
}
METHODS = {name: member for name, member in METHODS.items() if member.__doc__ and callable(member)}
STATED = {*METHODS, *Engine.__annotations__, *Marked.__annotations__}


def asked(tree):
    """The private names for which `getattr` and `hasattr` look, in the text of a module."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") in ("getattr", "hasattr", "private")
            and len(node.args) > 1
        ):
            name = node.args[1]
            if (
                isinstance(name, ast.Constant)
                and str(name.value).startswith("_")
                and not str(name.value).endswith("__")
            ):
                yield name.value


def files():
    for path in PACKAGE.rglob("*.py"):
        if "_lessons" not in path.parts and path.relative_to(PACKAGE).parts[0] not in ("start", "teach"):
            yield path


def test_no_room_looks_for_a_name_that_is_not_stated():
    texts = {}
    for path in files():
        texts.setdefault(path.relative_to(PACKAGE).parts[0], []).append(path.read_text(encoding="utf-8"))
    for room, parts in texts.items():
        own = set(re.findall(r"(?:def |self\.|cls\.)(_[a-zA-Z_]+)", "".join(parts)))
        looked = {name for text in parts for name in asked(ast.parse(text))}
        of_libraries = {"_NoValue", "_closed", "_metadata"}  # NumPy's, ipywidgets', PyTorch's
        assert looked <= {*STATED, *SPELLED, *own, *of_libraries}, room


def test_every_stated_name_is_asked_for():
    text = "".join(path.read_text(encoding="utf-8") for path in files() if path.name != "protocols.py")
    assert not {name for name in STATED if name not in text}


def test_each_says_who_asks():
    assert len(METHODS) >= 5
    assert not {name for name, method in METHODS.items() if ".py`" not in method.__doc__}
