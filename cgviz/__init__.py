"""cgviz: see how computational graphs and automatic differentiation work, inside the notebook you already use.

    from cgviz import Value, draw, explore
    a, b = Value(2, "a"), Value(-3, "b")
    L = a * b + 1
    L.backward()
    draw(L)

Importing the package imports nothing else; each name below is loaded when it is first used.
"""

import sys

__version__ = "0.1.0"

if sys.platform == "emscripten":  # in a page of the browser
    from .site.late_imports import install as _install

    _install()

# Where each public name lives. The operations (sin, exp, relu, …) are added from `ops/rows.py` on first use.
_HOMES = {
    "Value": "value",
    "Tensor": "tensor",
    "ShapeError": "tensor",
    "softmax": "tensor",
    "log_softmax": "tensor",
    "cross_entropy": "tensor",
    "binary_cross_entropy": "tensor",
    "mean_squared_error": "tensor",
    "concatenate": "tensor",
    "trace": "graph",
    "CycleError": "graph",
    "DomainError": "ops.domain",
    "ExpressionError": "run.grammar",
    "explain": "chain_rule.explanation",
    "steps": "chain_rule.stepping",
    "gradcheck": "checks.gradient_check",
    "derivative": "run.higher_derivatives",
    "draw": "pictures",
    "draw_dot": "pictures",
    "film": "pictures",
    "table": "pictures",
    "explore": "live",
    "compare": "live",
    "descend": "live",
    "watch_training": "live",
    "matrix": "live",
    "bars": "live",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name):
    from importlib import import_module

    if name.startswith("_"):
        raise AttributeError("module 'cgviz' has no attribute %r" % name)
    if name in _HOMES:
        found = getattr(import_module("." + _HOMES[name], __name__), name)
    else:
        functions = import_module(".ops.rows", __name__).FUNCTIONS
        if name not in functions:
            raise AttributeError("module 'cgviz' has no attribute %r" % name)
        found = functions[name]
    globals()[name] = found
    return found


def __dir__():
    from importlib import import_module

    return sorted([*__all__, *import_module(".ops.rows", __name__).FUNCTIONS])


class _Moved(type(sys)):
    """Where a module stood that a notebook may still import from: gives the names from where they are today."""

    def __init__(self, old, new):
        super().__init__(__name__ + "." + old, "Moved to cgviz.%s." % new)
        self.__dict__["_new"] = new

    def __getattr__(self, name):
        if name.startswith("__"):  # what Python itself asks of a module
            raise AttributeError("module %r has no attribute %r" % (self.__name__, name))
        from importlib import import_module
        from warnings import warn

        found = getattr(import_module("." + self._new, __name__), name)
        warn("%s is cgviz.%s today" % (self.__name__, self._new), DeprecationWarning, stacklevel=2)
        return found


_OLD_HOMES = {
    "draw": "pictures",
    "draw.chart": "pictures",
    "draw.picture": "pictures",
    "draw.plot": "pictures",
    "graph_torch": "graph.pytorch",
    "teach.exercise": "teach",
    "teach.functions": "teach",
    "teach.numbers": "teach",
    "teach.operations": "teach",
    "teach.trials": "teach",
}
sys.modules.update({__name__ + "." + old: _Moved(old, new) for old, new in _OLD_HOMES.items()})


def load_ipython_extension(ipython):
    """Add the magics %graph, %explore, %%graph and %%explore: called by ``%load_ext cgviz``."""
    from .magics import load

    load(ipython)


def unload_ipython_extension(ipython):
    """Take the magics away again: called by ``%unload_ext cgviz``."""
    from .magics import unload

    unload(ipython)
