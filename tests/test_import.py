import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import cgviz
from cgviz.ops import rows

HEAVY = ("numpy", "IPython", "ipywidgets", "anywidget", "traitlets", "graphviz", "matplotlib", "tqdm")


def fresh(code):
    """What a new Python prints, as JSON, after this code."""
    env = {**os.environ, "PYTHONPATH": str(Path(cgviz.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


SEEN = f"import json, sys; print(json.dumps([m for m in {HEAVY} if m in sys.modules]))"


@pytest.mark.parametrize(
    "code",
    [
        "import cgviz",
        "import cgviz; dir(cgviz); cgviz.__version__",
        "from cgviz import Value; L = Value(2, 'a')*3; L.backward(); float(L); repr(L)",
        "from cgviz import Value, trace, explain; str(explain(Value(2, 'a')*3))",
        "from cgviz import Value, table; table(Value(2, 'a').tanh())",
        "from cgviz import Value, draw; draw(Value(2, 'a').tanh()).svg",
        "from cgviz import sin, relu; sin(1.0), relu(-1)",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_used(code):
    assert fresh(f"{code}\n{SEEN}") == []


def test_values_explanations_tables_and_svg_need_python_alone(tmp_path):
    """Run without site-packages: there is no third-party package at all, not only none of those that we know."""
    code = """
import importlib.util, json
from cgviz import Value, draw, exp, explain, gradcheck, steps, table, trace
a, b = Value(2, "a"), Value(-3, "b")
L = (a * b + 1).tanh() + exp(a)
L.backward()
draw(L).save("L.svg")
ok = gradcheck("a*b + exp(a)", a=2, b=-3).ok
print(json.dumps([importlib.util.find_spec("numpy") is None, str(explain(a * b, "a")), "<svg" in draw(L).svg, ok,
    len(str(table(L)).splitlines()), len(steps(L)) > 5, len(trace(L).nodes)]))
"""
    env = {**os.environ, "PYTHONPATH": str(Path(cgviz.__file__).parent.parent)}
    command = [sys.executable, "-S", "-c", code]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        True,
        "∂v2/∂a = ∂v2/∂v2 · ∂v2/∂a = 1 · b = 1 · -3 = -3",
        True,
        True,
        9,
        True,
        8,
    ]
    assert (tmp_path / "L.svg").read_text(encoding="utf-8").startswith("<svg")


OPTIONAL = ("torch", "jax", "sympy", "sklearn", "micrograd", "mlfz", "casadi", "autograd", "marimo", "jupyterlab")


def test_every_module_can_be_imported_where_no_optional_package_is():
    code = f"""
import importlib, json, pkgutil, sys
sys.modules.update(dict.fromkeys({OPTIONAL}))  # None: importing it fails as if it were not installed
import cgviz
names = [m.name for m in pkgutil.walk_packages(cgviz.__path__, "cgviz.") if "._lessons" not in m.name]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(json.dumps(len(names)))
"""
    assert fresh(code) > 100


def test_importing_the_package_imports_no_other_part_of_it():
    code = """
import json, sys, cgviz
ours = [module for name, module in sys.modules.items() if name.startswith("cgviz")]
print(json.dumps([module.__file__ for module in ours if hasattr(module, "__file__")]))
"""
    assert fresh(code) == [cgviz.__file__]


@pytest.mark.parametrize(
    "first",
    [
        "import cgviz.pictures.layout.placement, cgviz.live.explorer, cgviz.chain_rule.explanation",
        "from cgviz.draw import Picture; from cgviz.chain_rule.flow import gradients",
        "import importlib; importlib.import_module('cgviz.draw')",
        "import cgviz.magics, cgviz.cli",
    ],
)
def test_names_of_functions_give_the_functions_whatever_was_imported_first(first):
    code = f"""
{first}
import cgviz, json
print(json.dumps([getattr(cgviz, name).__name__ for name in ("draw", "explain", "steps", "gradcheck", "derivative")]))
"""
    assert fresh(code) == ["draw", "explain", "steps", "gradcheck", "derivative"]


@pytest.mark.parametrize("first", ["cgviz", "cgviz.tensor", "cgviz.nn", "cgviz.tensor.methods"])
def test_a_tensor_has_its_methods_whatever_was_imported_first(first):
    code = f"""
import {first}
import json
from cgviz import Tensor
from cgviz.tensor.arguments import METHODS
print(json.dumps([[name for name in METHODS if not hasattr(Tensor, name)], float(Tensor([3, 1]).sum())]))
"""
    assert fresh(code) == [[], 4.0]


def test_every_module_that_enters_functions_of_arrays_is_named_where_they_are_asked_for():
    from cgviz.tensor.calls import ENTERING

    folder = Path(cgviz.__file__).parent / "tensor"
    enters = {
        path.stem for path in folder.glob("*.py") if re.search(r"^@?enter(_as)?\(", path.read_text("utf-8"), re.M)
    }
    assert enters == {module.__name__.rpartition(".")[2] for module in ENTERING}


@pytest.mark.parametrize("name", ["explain", "steps", "gradcheck", "derivative", "explore", "table"])
def test_no_module_is_in_the_way_of_a_function(name):
    with pytest.raises(ModuleNotFoundError):
        import_module(f"cgviz.{name}")


OLD = {
    "cgviz.draw": "Digraph, draw, to_svg",
    "cgviz.draw.plot": "boundary, losses",
    "cgviz.draw.chart": "Axis, Chart",
    "cgviz.draw.picture": "inline",
    "cgviz.groups": "fold, group, kinds",
    "cgviz.teach.exercise": "Judged",
    "cgviz.teach.functions": "Function",
    "cgviz.teach.numbers": "Number, Numbers",
    "cgviz.teach.operations": "Operations",
    "cgviz.teach.trials": "Trial, Trials",
}


@pytest.mark.parametrize("module, names", OLD.items(), ids=OLD)
def test_what_earlier_lessons_imported_is_still_found(module, names):
    code = f"from {module} import {names}; import json; print(json.dumps(all(map(callable, [{names}]))))"
    assert fresh(code) is True


def test_an_old_path_says_where_its_names_are_today():
    with pytest.warns(DeprecationWarning, match=r"cgviz\.draw\.plot is cgviz\.pictures today"):
        from cgviz.draw.plot import losses
    from cgviz.pictures import losses as same

    assert losses is same


@pytest.mark.parametrize("name", cgviz.__all__)
def test_every_public_name_is_there_and_documented(name):
    found = getattr(cgviz, name)
    assert name == "__version__" or found.__doc__


@pytest.mark.parametrize("name", rows.FUNCTIONS)
def test_every_operation_can_be_imported_from_the_package(name):
    assert getattr(cgviz, name) is rows.FUNCTIONS[name]
    assert name in dir(cgviz)


@pytest.mark.parametrize("name", ["nothing", "log1p", "sign", "mul", "_private", "numpy"])
def test_other_names_are_not_there(name):
    with pytest.raises(AttributeError, match=f"module 'cgviz' has no attribute '{name}'"):
        getattr(cgviz, name)


def test_a_star_import_gives_the_public_names():
    code = "from cgviz import *; import json; print(json.dumps(sorted(n for n in dir() if n[0] != '_')))"
    assert {"Value", "draw", "explain", "explore", "trace"} <= set(fresh(code))
