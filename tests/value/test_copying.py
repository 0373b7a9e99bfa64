"""Copies and pickles of a graph."""

import copy
import pickle

import pytest

from cgviz import Tensor, Value, trace
from cgviz.graph import objects


class Counting(Value):
    def __init__(self, data, label=""):
        super().__init__(data, label)
        self.seen = []


def copies():
    return [
        copy.deepcopy,
        *(lambda x, p=p: pickle.loads(pickle.dumps(x, p)) for p in range(pickle.HIGHEST_PROTOCOL + 1)),
    ]


@pytest.mark.parametrize("copied", copies())
def test_a_copied_graph_keeps_working_gradients(copied, seed):
    *_, L = seed
    L.backward()
    again = copied(L)
    assert trace(again) == trace(L)
    leaves = {node.label: node for node in objects(again)}
    assert leaves["a"].grad == 6.0
    again.backward()
    assert leaves["a"].grad == 6.0
    assert not {id(n) for n in objects(again)} & {id(n) for n in objects(L)}
    y = again * leaves["a"] + 1
    y.backward()
    assert leaves["a"].grad == -8.0 + 2.0 * 6.0


@pytest.mark.parametrize("copied", copies())
def test_nodes_shared_within_a_copied_tuple_stay_shared(copied, seed):
    a, *_, L = seed
    half = L * 0.5
    a2, L2, half2 = copied((a, L, half))
    assert half2._prev[0] is L2
    assert any(node is a2 for node in objects(L2))
    half2.backward()
    assert (a2.grad, a.grad) == (3.0, 0.0)


@pytest.mark.parametrize("copied", copies())
def test_constants_and_repeated_operands_survive_copying(copied):
    x = Value(3.0, "x")
    y = copied(2 * (x * x))
    (two, square), (leaf, leaf_again) = y._prev, y._prev[1]._prev
    y.backward()
    assert leaf is leaf_again and two._constant and not leaf._constant
    assert (leaf.grad, two.grad, square.grad) == (12.0, 0.0, 2.0)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_chain_of_20000_operations_is_copied_without_recursion(copied):
    x = y = Value(1.0, "x")
    for _ in range(20_000):
        y = y + 1
    again = copied((x, y))
    again[1].backward()
    assert (again[1].data, again[0].grad, x.grad) == (20_001.0, 1.0, 0.0)


@pytest.mark.parametrize("copied", copies())
def test_a_subclass_is_copied_with_what_it_holds(copied):
    a = Counting(2.0, "a")
    a.seen.append("first")
    y = copied(a * 3)
    assert type(y) is Counting and y._prev[0].seen == ["first"]
    assert y._prev[0].seen is not a.seen


def test_a_shallow_copy_shares_its_operands():
    a = Value(2.0, "a")
    y = a * 3
    again = copy.copy(y)
    assert again is not y and again._prev[0] is a


def long_chain():
    y = Value(1.0)
    for _ in range(2_000):
        y = y + 1
    return y


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_that_fails_does_not_spoil_the_next(copied):
    a = Counting(2.0, "a")
    a.seen.append(x for x in ())  # a generator can be neither copied nor pickled
    with pytest.raises(TypeError) as failed:
        copied(a * 3)
    assert copied(long_chain()).data == 2_001.0  # while the traceback is kept, as notebooks do
    assert failed.tb is not None


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_graph_held_by_a_node_of_another_is_copied_with_it(copied):
    a = Counting(2.0, "a")
    a.seen.append(long_chain())
    again = copied(a * 3)._prev[0].seen[0]
    again.backward()
    assert (again.data, objects(again)[0].grad) == (2_001.0, 1.0)


class Slotted(Value):
    __slots__ = ("__hidden", "unit")

    def hide(self, x):
        self.__hidden = x

    def hidden(self):
        return self.__hidden


class Coloured(Slotted):
    __slots__ = "colour"


class SlottedTensor(Tensor):
    __slots__ = ("colour", "hidden_in", "unit")

    def hide(self, x):
        self.hidden_in = x

    def hidden(self):
        return self.hidden_in


@pytest.mark.parametrize("copied", [*copies(), copy.copy])
@pytest.mark.parametrize("cls", [Coloured, SlottedTensor])
def test_what_a_subclass_holds_in_slots_is_copied_with_it(copied, cls):
    a = cls(2.0, "a")
    a.colour = "red"
    a.hide(["deep"])
    again = copied(a)
    assert type(again) is cls and again.colour == "red" and again.hidden() == ["deep"]
    assert not hasattr(again, "unit") and vars(again).keys() == {"label"}
    again = copied(a * a)._prev[0]
    assert (again.colour, again.hidden()) == ("red", ["deep"])


def test_slots_and_attributes_are_copied_together():
    class Both(Coloured):
        pass

    a = Both(2.0)
    a.colour, a.note = "red", "free"
    again = copy.deepcopy(a)
    assert (again.colour, again.note) == ("red", "free")
