"""The gradient check on a long graph, beside those of PyTorch and HIPS autograd.

The peers' checks move the leaves alone; ours moves nodes in between too, with steps of many sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from eager import START, chain
from peers import peer
from row import Row, at_most, faster
from timing import side_by_side

from cgviz import gradcheck

OPERATIONS = 7_580
NODES = OPERATIONS + len(START)
MOST = 15.0  # seconds


def rows() -> Iterator[Row]:
    """The check of one graph by each; whoever finds a wrong gradient in it ends that."""
    contestants = checks()
    found = side_by_side(contestants, rounds=1)
    what = f"`gradcheck` of a graph of {NODES:,} nodes"
    yield at_most(what, found["cgviz"].median, MOST)
    for name in found:
        if name != "cgviz":
            yield faster(what, name, found["cgviz"], found[name])


def checks() -> dict[str, Callable[[], bool]]:
    """What checks the chain, by name; each says whether all gradients are right."""
    numbers = dict(zip("xwb", START, strict=True))
    found: dict[str, Callable[[], bool]] = {"cgviz": lambda: gradcheck(long, **numbers).ok}
    if torch := peer("PyTorch"):
        leaves = tuple(torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in START)
        found["PyTorch's gradcheck, of the leaves alone"] = lambda: torch.autograd.gradcheck(long, leaves)
    if peer("HIPS autograd"):
        from autograd.test_util import check_grads

        found["HIPS autograd's check_grads, of the leaves alone"] = lambda: (
            check_grads(long, modes=["rev"], order=1)(*START) is None
        )
    return {name: _agreeing(name, check) for name, check in found.items()}


def _agreeing(name: str, check: Callable[[], bool]) -> Callable[[], bool]:
    def step() -> bool:
        if not check():
            raise AssertionError(f"{name} finds a wrong gradient")
        return True

    return step


def long(x: object, w: object, b: object) -> object:
    """The chain of the scalar engine's rows, as long as asked for here."""
    return chain(x, w, b, OPERATIONS)
