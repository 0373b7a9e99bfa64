"""The modules stand on one ladder: each imports only those below it, and none imports what is above."""

import ast
from pathlib import Path

import pytest

import cgviz

PACKAGE = Path(cgviz.__file__).parent
LIGHT = (
    *(
        "text",
        "listing",
        "refusal",
        "op",
        "ops",
        "graph",
        "phrase",
        "simplify",
        "formula",
        "agreement",
        "evidence",
        "equation",
        "recognition",
        "chain",
        "terms",
        "eager",
        "value",
        "folding",
        "groups",
        "expression",
        "run",
        "descent",
    ),
    *("explain", "steps", "links", "misrules", "passes", "slips", "sides", "diagnosis"),
    *("slopes", "gradparts", "gradreport"),
    *("gradrow", "reach", "verdict", "gradcheck", "leaks", "derivative"),
)
ARRAYS = ("program", "tensor", "nodes", "nn")
LADDER = (*LIGHT[:5], "graph_torch", *LIGHT[5:], *ARRAYS, "draw", "live", "teach", "magics", "cli")
INSIDE = {
    "graph": ("records", "spellings", "walk", "order", "unread", "freshness", "reading", "writing"),
    "draw": None,  # its own order is of its own making
    "value": ("refusals", "backward", "copying", "leaves", "subclasses", "ufuncs", "value"),
    "live": (
        "typed",
        "slider",
        "grid",
        "control",
        "inputs",
        "script",
        "modules",
        "page",
        "formulas",
        "wire",
        "view",
        "html",
        "errors",
        "board",
        "explorer",
        "landscape",
        "dials",
        "stills",
        "descent",
        "progress",
        "trainer",
    ),
    "program": ("tape", "straight", "levels", "address", "given", "memory", "result", "program"),
    "tensor": (
        *("errors", "op", "ops", "losses", "axes", "norms", "matrices", "arrangement"),
        *("data", "push", "check", "words"),
        *("arguments", "shapes", "joins", "reductions", "order", "products", "linear_algebra", "plain", "calls"),
        *("methods", "comparison", "refusals", "operators", "tensor", "functions"),
    ),
    "nodes": (
        *("names", "arrays", "node", "elementwise", "linear", "losses"),
        *("sort", "feed", "checks", "graph", "sgd"),
    ),
    "teach": (
        *("said", "written", "solve", "marks", "mixed", "grow", "lineage", "limits", "advice", "bounded", "compare"),
        *("dunder", "misnamed", "exercise"),
        *("numbers", "functions", "trials", "shape", "backward", "alternative", "operations", "drawing"),
        *("ordering", "influence", "layer", "exercises", "registry"),
        *("records", "progress", "collect", "check", "hints", "question", "asking", "predict"),
    ),
    "nn": (
        "losses",
        "checks",
        "data",
        "neuron",
        "network",
        "agreement",
        "scores",
        "objective",
        "step",
        "notes",
        "training",
        "train",
    ),
}
APART = {"__init__", "__main__", "start"}
"""What finds the modules by name when they are asked for, and what sets the machine up before any can be imported."""

HEAVY = {"numpy", "IPython", "ipywidgets", "anywidget", "traitlets", "graphviz", "matplotlib", "tqdm"}


def rung(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if rung(path) not in APART and "_lessons" not in path.parts]


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


def of_ours(path, within_functions=True):
    """The modules of the package that a file imports, each as its path within the package: ``("draw", "svg")``."""
    here = path.relative_to(PACKAGE).parts[:-1]
    for level, module, names in imports(path, within_functions):
        parts = tuple(module.split(".")) if module else ()
        if level == 0:
            if parts[0] == "cgviz":
                yield parts[1:] or names
            continue
        base = here[: len(here) - (level - 1)] + parts
        folder = PACKAGE.joinpath(*base)
        for name in names if folder.is_dir() else [None]:
            is_module = name and ((folder / f"{name}.py").is_file() or (folder / name).is_dir())
            yield (*base, name) if is_module else base


def test_the_ladder_lists_every_module():
    found = {rung(path) for path in PACKAGE.rglob("*.py")} - APART
    assert found == set(LADDER)
    assert len(FILES) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_below(path):
    own = rung(path)
    for target in of_ours(path):
        if not target:
            continue  # the package itself: its version
        assert target[0] in LADDER, f"{own} imports {'.'.join(target)}"
        if target[0] != own:
            assert LADDER.index(target[0]) < LADDER.index(own), f"{own} imports {target[0]}, which is above it"
        elif INSIDE[own] and path.stem != "__init__":
            order, here = INSIDE[own], path.relative_to(PACKAGE).parts[1].removesuffix(".py")
            assert order.index(target[1]) < order.index(here), f"{path.stem} imports {target[1]}, above it"


def test_drawing_has_no_circle_of_imports():
    files = [path for path in FILES if rung(path) == "draw" and path.stem != "__init__"]
    below = {p.stem: {t[1] for t in of_ours(p, within_functions=False) if t[0] == "draw" and t[1:]} for p in files}
    while below:
        free = {name for name, needs in below.items() if not needs & set(below)}
        assert free, f"these import each other: {sorted(below)}"
        for name in free:
            del below[name]


@pytest.mark.parametrize("path", [p for p in FILES if rung(p) in LIGHT], ids=lambda path: path.stem)
def test_the_lower_floors_import_nothing_heavy_but_where_it_is_used(path):
    assert not {module.split(".")[0] for level, module, _ in imports(path, within_functions=False) if not level} & HEAVY


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_opens_with_one_sentence(path):
    first = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).split("\n\n")[0]
    assert first.rstrip(":.") and first.endswith((".", ":"))
