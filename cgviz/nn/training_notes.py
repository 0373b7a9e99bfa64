"""What of the samples and of a network has no influence on the loss, a sentence each."""

from __future__ import annotations

import numpy as np

from ..text import list_first, shorten
from .recorded_network import Recorded


def notes(net: Recorded, moved: np.ndarray, done: int, decay: float = 0.0) -> list[str]:
    """The features and parameters that the network does not compute with, and what had no gradient in `done` steps.

    `moved` says of each parameter whether it had one in any of them.

    >>> from cgviz.nn import Neuron
    >>> net = Recorded(Neuron(1, "linear", seed=0), np.array([[1.0], [2.0]]))
    >>> notes(net, np.array([True, False]), 7)
    ["the gradient of the parameter 'b' was 0 in each of the 7 steps"]
    """
    features, idle = net.idle
    found = []
    seen, open_features, hidden, open_parameters = net.hidden
    if rest := [i for i in features if i not in seen + open_features]:
        found.append(f"the network does not use feature{_several(list(map(str, rest)))} of the samples")
    if rest := [i for i in idle if i not in hidden + open_parameters]:
        names, beside = _several([_name(net, i) for i in rest]), " but by the decay" if decay else ""
        found.append(f"the parameter{names} ha{'ve' if len(rest) > 1 else 's'} no influence on the loss{beside}")
    for what, which in (("feature", seen), ("parameter", hidden)):
        if which:
            named = [_name(net, i) if which is hidden else str(i) for i in which]
            one = len(which) == 1
            said = f"the {what}{_several(named)} change{'s' * one} the network's output"
            said = f"{said}, but {'is' if one else 'are'} not in its graph"
            lost = f": so {'it has' if one else 'they have'} no gradient, and nothing is learned there"
            found.append(f"{said}, as where .data or float makes a plain number{lost if which is hidden else ''}")
    for what, which in (("feature", open_features), ("parameter", open_parameters)):
        if which:
            named = [_name(net, i) if what == "parameter" else str(i) for i in which]
            found.append(f"the {what}{_several(named)} {'is' if len(which) == 1 else 'are'} not in the graph")
    still = [i for i in np.flatnonzero(~moved).tolist() if i not in idle]
    if still and done:
        names, steps = _several([_name(net, i) for i in still]), f"{done} step{'s' * (done > 1)}"
        found.append(f"the gradient of the parameter{names} was 0 in each of the {steps}")
    return found


def _name(net: Recorded, i: int) -> str:
    label = getattr(net.parameters[i], "label", "")
    return f"'{shorten(label)}'" if label and isinstance(label, str) else str(i)


def _several(names: list[str]) -> str:
    """The names, behind a noun: its plural's letter, and the first of them."""
    return f"{'s' * (len(names) > 1)} {list_first(names)}"
