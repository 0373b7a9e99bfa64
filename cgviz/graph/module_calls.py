"""Groups by module: which call of which module of PyTorch's made each function, noted while a block of code runs.

A function of PyTorch's graph has a number that grows in the order of creation, so what one call made is a stretch of
numbers. The call is written on the functions that gave its results, and lives as long as they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..text import kind
from .attributes import MISSING, ask
from .nesting import Nest
from .records import Group
from .tensors import is_from_torch

KIND, KEY = "modules", "cgviz modules"
FIRST_NUMBER = 1 << 20
"""Numbers of groups by module begin here, beyond those of groups that somebody marked."""


class Call:
    """One call of a module: its class and its path, the stretch of numbers that it made, and the call around it."""

    __slots__ = ("end", "inputs", "name", "parent", "start")

    def __init__(self, name: str, parent: Call | None, inputs: set) -> None:
        self.name, self.parent, self.inputs = name, parent, inputs
        self.start = self.end = _next_number()


class Modules:
    """The block ``with module_groups(model):``."""

    def __init__(self, model: Any) -> None:
        if not is_from_torch(type(model)) or not callable(getattr(model, "register_forward_pre_hook", None)):
            raise TypeError(f"module_groups takes a module of PyTorch's, as in module_groups(model), got {kind(model)}")
        self.model = model
        self._open: list[Call] = []
        self._hooks: list[Any] = []

    def __enter__(self) -> Modules:
        self._paths = {id(module): path for path, module in self.model.named_modules()}
        self._open, self._count = [], dict.fromkeys(self._paths, 0)
        for module in self.model.modules():
            self._hooks.append(module.register_forward_pre_hook(self._begin, with_kwargs=True))
            self._hooks.append(module.register_forward_hook(self._finish, with_kwargs=True, always_call=True))
        return self

    def __exit__(self, *failure: Any) -> None:
        for hook in self._hooks:
            hook.remove()
        self._hooks, self._open = [], []

    def _begin(self, module: Any, given: Any, named: Any) -> None:
        self._count[id(module)] += 1
        last = self._paths[id(module)].rpartition(".")[2]
        again = f", call {self._count[id(module)]}" if self._count[id(module)] > 1 else ""
        inputs = {_identify(tensor) for tensor in _tensors((given, named)) if tensor.grad_fn is None}
        around = self._open[-1] if self._open else None
        self._open.append(Call(f"{type(module).__name__} {last}".strip() + again, around, inputs))

    def _finish(self, module: Any, given: Any, named: Any, found: Any) -> None:
        call = self._open.pop()
        call.end = _next_number()
        for tensor in _tensors(found):
            if tensor.grad_fn is not None and tensor.grad_fn.name() != "torch::autograd::AccumulateGrad":
                calls = tensor.grad_fn.metadata.setdefault(KEY, [])
                if call.start <= tensor.grad_fn._sequence_nr() < call.end:  # else it is what it was given
                    calls.append(call)


def module_groups(model: Any) -> Modules:
    """Note which modules of a model of PyTorch's compute what, while a block of code runs.

    Pictures of what the block computed fold by them: ``draw(loss, fold="modules")``, or by themselves where the graph
    is large. Used as in ``with module_groups(model): loss = model(x).sum()``. Raises `TypeError` for what is no model.
    """
    return Modules(model)


def recall_modules(order: Sequence[Any], rows: Sequence[tuple[int, ...]]) -> Nest | None:
    """The calls of modules that made these nodes of a graph of PyTorch's, as groups; ``None`` if none were noted."""
    numbers = [_number_of(obj) for obj in order]
    ends: dict[Call, list[int]] = {}
    for i, obj in enumerate(order):
        for call in getattr(ask(obj, "function"), "metadata", {}).get(KEY, ()) if numbers[i] >= 0 else ():
            ends.setdefault(call, []).append(i)
    if not ends:
        return None
    innermost = [-1] * len(order)
    groups: list[Group] = []
    parents: list[int] = []
    place: dict[Call, int] = {}
    for call in sorted(ends, key=lambda call: (call.start, -call.end)):
        around = call.parent
        while around is not None and around not in place:
            around = around.parent
        place[call] = len(groups)
        parents.append(-1 if around is None else place[around])
        groups.append(Group(KIND, "", call.name, (), FIRST_NUMBER + len(groups)))
        for i in _below(ends[call], rows, numbers, call):
            innermost[i] = place[call]
    inputs = set().union(*(call.inputs for call in ends))
    shown = frozenset(i for i, obj in enumerate(order) if not rows[i] and _identify(_tensor_of(obj)) in inputs)
    return Nest(KIND, tuple(groups), parents, innermost, shown=shown)


def _below(ends: Iterable[int], rows: Sequence[tuple[int, ...]], numbers: Sequence[int], call: Call) -> set[int]:
    """What a call has made of all that leads to its results."""
    found: set[int] = set()
    stack = list(ends)
    while stack:
        i = stack.pop()
        if i not in found and call.start <= numbers[i] < call.end:
            found.add(i)
            stack.extend(rows[i])
    return found


def _number_of(obj: Any) -> int:
    function = ask(obj, "function")
    return -1 if function is None or function is MISSING else int(function._sequence_nr())


def _tensor_of(obj: Any) -> Any:
    variable = ask(obj, "variable")
    return ask(obj, "tensor") if variable is None or variable is MISSING else variable


def _identify(tensor: Any) -> Any:
    """By what a tensor without a history is known again, as long as a graph keeps it: its memory and its shape."""
    try:
        return tensor.data_ptr(), tuple(tensor.shape)
    except (AttributeError, RuntimeError, NotImplementedError):
        return None


def _tensors(found: Any) -> Iterator[Any]:
    """The tensors in what a module takes or gives: in lists, dictionaries and data classes too."""
    import torch

    if isinstance(found, torch.Tensor):
        yield found
    elif isinstance(found, dict):
        for one in found.values():
            yield from _tensors(one)
    elif isinstance(found, (tuple, list)):
        for one in found:
            yield from _tensors(one)
    elif hasattr(found, "__dataclass_fields__"):
        for name in found.__dataclass_fields__:
            yield from _tensors(getattr(found, name))


def _next_number() -> int:
    """The number that the next function gets."""
    import torch

    with torch.enable_grad():  # asked of a function of our own: only that is public
        one = torch.ones((), requires_grad=True) * 1.0
    return int(one.grad_fn._sequence_nr()) + 1  # type: ignore[union-attr]
