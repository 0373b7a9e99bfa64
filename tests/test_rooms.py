"""The rooms of the package: each imports only from those below; no two modules share a name, none hides a function."""

import ast
from collections import Counter
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

import cgviz

PACKAGE = Path(cgviz.__file__).parent
ARRAYS = ("program", "tensor", "nodes", "nn")
LIGHT = ("text", "listing", "ops", "graph", "chain_rule", "groups", "value", "run", "checks")
ROOMS = (*LIGHT, *ARRAYS, "pictures", "live", "teach", "magics", "cli")
"""From the ground up. `LIGHT` imports nothing heavy before it is used."""
APART = {"__init__", "__main__", "start", "site"}
"""What finds the modules by name when they are asked for, what sets the machine up before any can be imported, and what
builds the site."""

HEAVY = {"numpy", "IPython", "ipywidgets", "anywidget", "traitlets", "graphviz", "matplotlib", "tqdm"}
FACADES = ("cgviz", *(f"cgviz.{room}" for room in ("graph", "groups", *ARRAYS, "pictures", "live", "teach", "value")))


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if "_lessons" not in path.parts]
INSIDE = [path for path in FILES if room(path) not in APART]


def name(path):
    return path.relative_to(PACKAGE).as_posix()


def imports(path, within_functions=True):
    """What a file imports, as (level, module, names): of its own package relatively, of others absolutely."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if not within_functions and id(node) in inner:
            continue
        if isinstance(node, ast.Import):
            yield from ((0, alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", tuple(alias.name for alias in node.names)


def of_ours(path):
    """The modules of the package that a file imports, each as its path within the package: ``("pictures", "svg")``."""
    here = path.relative_to(PACKAGE).parts[:-1]
    for level, module, names in imports(path):
        parts = tuple(module.split(".")) if module else ()
        if level == 0:
            if parts[0] == "cgviz":
                yield parts[1:] or names
            continue
        base = here[: len(here) - (level - 1)] + parts
        folder = PACKAGE.joinpath(*base)
        for each in names if folder.is_dir() else [None]:
            is_module = each and ((folder / f"{each}.py").is_file() or (folder / each).is_dir())
            yield (*base, each) if is_module else base


def test_the_list_has_every_room():
    assert {room(path) for path in FILES} - APART == set(ROOMS)
    assert len(list(PACKAGE.glob("*.py"))) <= 6
    assert len([path for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()]) <= 16


@pytest.mark.parametrize("path", INSIDE, ids=name)
def test_a_room_imports_only_from_those_below(path):
    own = room(path)
    for target in of_ours(path):
        if target and target[0] != own:  # without a target: the package itself, for its version
            assert target[0] in ROOMS, f"{own} imports {'.'.join(target)}"
            assert ROOMS.index(target[0]) < ROOMS.index(own), f"{own} imports {target[0]}, which is above it"


def test_no_modules_import_each_other():
    files = {path.relative_to(PACKAGE).with_suffix("").parts: path for path in INSIDE}
    below = {
        module: {(*target, "__init__") if (*target, "__init__") in files else target for target in of_ours(path)}
        for module, path in files.items()
    }
    # A façade gathers its room: whoever imports it from inside the room would go round.
    TopologicalSorter({module: targets & files.keys() for module, targets in below.items()}).prepare()


@pytest.mark.parametrize("path", [path for path in INSIDE if room(path) in LIGHT], ids=name)
def test_the_lower_rooms_import_nothing_heavy_but_where_it_is_used(path):
    assert not {module.split(".")[0] for level, module, _ in imports(path, within_functions=False) if not level} & HEAVY


@pytest.mark.parametrize("path", INSIDE, ids=name)
def test_a_module_opens_with_one_sentence(path):
    first = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).split("\n\n")[0]
    assert first.rstrip(":.") and first.endswith((".", ":"))


def stems():
    folders = [path for path in PACKAGE.rglob("*") if (path / "__init__.py").is_file() and "_lessons" not in path.parts]
    return Counter([path.stem for path in FILES if path.name != "__init__.py"]), {path.name for path in folders}


def test_no_two_modules_have_the_same_name():
    modules, _ = stems()
    assert {stem for stem, count in modules.items() if count > 1} <= {"__main__"}


def test_no_module_has_the_name_of_a_public_function():
    modules, folders = stems()
    public = {*dir(cgviz), *(each for facade in FACADES for each in import_module(facade).__all__)}
    assert not public & {*modules, *folders}
