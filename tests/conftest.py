import pytest
from hypothesis import settings

from cgviz import Value

# The same examples in every run, on every machine, with nothing written to the disk.
settings.register_profile("cgviz", derandomize=True, deadline=None, database=None)
settings.load_profile("cgviz")


@pytest.fixture
def seed():
    """The worked example L = (a*b + c)*d: the nodes a, b, c, d, e, f and L, made anew for each test."""
    a, b, c, d = Value(2.0, "a"), Value(-3.0, "b"), Value(10.0, "c"), Value(-2.0, "d")
    e = a * b
    e.label = "e"
    f = e + c
    f.label = "f"
    L = f * d
    L.label = "L"
    return a, b, c, d, e, f, L
