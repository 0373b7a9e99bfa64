"""`backward`: once, twice, over several roots, on what is out of date, and round a cycle."""

import copy
import math

import pytest

from cgviz import CycleError, DomainError, Tensor, Value, log, sin, sqrt, table, trace

# --- backward: once, twice, and over several roots ---


def test_backward_twice_gives_the_same_gradients(seed):
    *leaves, L = seed
    L.backward()
    first = [n.grad for n in leaves]
    L.backward()
    assert [n.grad for n in leaves] == first


def test_gradients_of_an_earlier_root_do_not_leak_into_the_next():
    a = Value(3.0, "a")
    (a * 100).backward()
    (a * 5).backward()
    assert a.grad == 5.0


def test_accumulating_over_two_losses_gives_the_sum_and_not_the_last():
    w = Value(3.0, "w")
    (2 * w).backward()
    (5 * w).backward(accumulate=True)
    assert w.grad == 7.0


def test_accumulation_reaches_the_nodes_between_too():
    w = Value(3.0)
    shared = w * w
    (2 * shared).backward()
    last = 5 * shared
    last.backward(accumulate=True)
    assert (shared.grad, w.grad, last.grad) == (7.0, 42.0, 1.0)
    last.backward(accumulate=True)
    assert (shared.grad, w.grad, last.grad) == (12.0, 72.0, 2.0)


def test_accumulating_on_a_fresh_graph_is_a_plain_backward(seed):
    *leaves, L = seed
    L.backward(accumulate=True)
    assert [n.grad for n in leaves] == [6.0, -4.0, -2.0, 4.0, -2.0, -2.0]


def test_zero_grad_forgets_the_gradients_of_the_whole_graph(seed):
    *leaves, L = seed
    L.backward()
    L.zero_grad()
    assert [n.grad for n in (*leaves, L)] == [0.0] * 7
    assert all(n.grad is None for n in trace(L).nodes)
    L.backward(accumulate=True)
    assert leaves[0].grad == 6.0


def test_after_an_error_in_backward_no_half_made_gradient_is_left():
    a, b = Value(0.0, "a"), Value(2.0, "b")
    y = sqrt(a) * b
    with pytest.raises(DomainError, match=r"the derivative of sqrt\(a\) is not defined where node 'a' is 0"):
        y.backward()
    assert (a.grad, b.grad, y.grad) == (0.0, 0.0, 0.0)
    assert all(n.grad is None for n in trace(y).nodes)
    a.data = 4.0
    y = sqrt(a) * b
    y.backward()
    assert (a.grad, b.grad) == (0.5, 2.0)


# --- what is out of date ---


def stale(root):
    return {n.name: n.stale for n in trace(root).nodes if n.stale}


def test_new_data_makes_all_that_was_computed_from_it_stale(seed):
    a, _b, _c, _d, _e, _f, L = seed
    L.backward()
    assert stale(L) == {}
    a.data = 5
    marked = stale(L)
    assert {name for name in marked if marked[name] == "value"} == {"e", "f", "L"}
    assert {name for name in marked if marked[name] == "gradient"} == {"a", "b", "c", "d"}
    again = (a * 2).data
    assert again == 10.0


def test_a_change_that_leaves_the_result_as_it_was_still_makes_the_gradients_stale():
    a = Value(3.0, "a")
    y = a**2
    y.label = "y"
    y.backward()
    a.data = -3.0  # y is 9 as before, but dy/da is now -6
    assert stale(y) == {"a": "gradient", "y": "gradient"}


def test_backward_on_stale_values_still_counts_as_stale(seed):
    a, *_, L = seed
    a.data = 5
    L.backward()
    assert stale(L)["L"] == "value"
    assert stale(L)["a"] == "gradient"


def test_setting_the_same_number_again_leaves_the_values_fresh(seed):
    a, *_, L = seed
    a.data = 2.0
    assert "value" not in stale(L).values()


def test_gradients_of_another_root_are_stale_for_this_one():
    a = Value(3.0, "a")
    first, second = a * 2, a * 5
    first.label, second.label = "first", "second"
    first.backward()
    second.backward()
    assert stale(first) == {"a": "gradient"}
    assert stale(second) == {}


def test_nothing_is_computed_before_backward_and_that_is_not_zero(seed):
    *_, L = seed
    assert [n.grad for n in trace(L).nodes] == [None] * 7
    y = L * 0
    y.backward()
    assert {n.grad for n in trace(y).nodes if n.label} == {0.0}


def test_a_value_that_is_nan_is_not_taken_for_stale():
    x = Value(math.inf, "x")
    y = x - x
    y.backward()
    assert math.isnan(y.data) and stale(y) == {}


def test_a_value_outside_the_domain_after_a_change_is_stale_and_no_error():
    x = Value(1.0, "x")
    y = log(x)
    y.label = "y"
    x.data = -1
    assert stale(y) == {"y": "value"}


# --- cycles ---


def ring():
    """A graph with a cycle: x and y are computed from each other, z from y."""
    x = Value(1.0, "x")
    y = sin(x)
    y.label = "y"
    x._a, x._push = y, y._push
    z = y * 2
    z.label = "z"
    return x, y, z


@pytest.mark.parametrize(
    "do", [Value.backward, lambda v: v.backward(accumulate=True), Value.zero_grad, trace, copy.deepcopy]
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_cycle_is_an_error_that_names_its_nodes(do, place):
    root = ring()[place]
    with pytest.raises(CycleError) as caught:
        do(root)
    order = "'x' ← 'y' ← 'x'" if place == 0 else "'y' ← 'x' ← 'y'"
    assert str(caught.value) == f"the graph has a cycle, so it has no topological order: {order}"


def test_a_node_that_is_its_own_operand_is_a_cycle():
    x = Value(1.0, "x")
    x._a, x._push = x, sin(x)._push
    with pytest.raises(CycleError, match="'x' ← 'x'$"):
        x.backward()
    assert x.grad == 0.0


def test_after_a_cycle_was_found_gradients_count_as_not_computed():
    x, y, z = ring()
    with pytest.raises(CycleError):
        z.backward()
    assert [n.grad for n in (x, y, z)] == [0.0, 0.0, 0.0]


def test_a_number_that_was_not_nan_when_its_operand_was_not_is_stale():
    x = Value(2.0, "x")
    y = x * 3
    x.data = math.nan
    assert trace(y).root.stale == "value"
    assert trace(Value(math.nan) * 3).root.stale == ""


def test_accumulating_adds_to_whatever_stands_there():
    w = Value(2.0)
    (2 * w).backward()
    w.data = 3.0
    (5 * w).backward(accumulate=True)
    assert w.grad == 7.0


@pytest.mark.parametrize("cls", [Value, Tensor])
def test_a_gradient_that_is_set_by_hand_is_shown_as_it_is(cls):
    a, b = cls(2.0, "a"), cls(5.0, "b")
    y = a * b
    y.label = "y"
    a.grad = cls(3.0).data
    found = {n.name: n for n in trace(y).nodes}
    assert (found["a"].grad, found["a"].stale) == (3.0, "")
    assert found["b"].grad is None and found["y"].grad is None
    assert table(y).splitlines()[1].split() == ["a", "2", "3"]
    y.backward()
    assert [n.grad for n in trace(y).nodes] == [5.0, 2.0, 1.0]
    a.grad = cls(7.0).data
    assert trace(y).nodes[0].grad == 7.0
    y.zero_grad()
    assert [n.grad for n in trace(y).nodes] == [None] * 3


@pytest.mark.parametrize("cls", [Value, Tensor])
def test_the_gradient_of_a_leaf_that_has_moved_is_not_taken_for_one_set_by_hand(cls):
    a = cls(2.0, "a")
    y = a * a
    y.backward()
    a.data = 3.0
    assert trace(a).root.grad is None
    assert trace(y).nodes[0].stale == "gradient"


def test_a_gradient_to_begin_with_is_refused_and_not_taken_for_accumulate():
    a = Value(3.0, "a")
    L = a * a
    for wrong in (1.0, 2, "yes", None):
        with pytest.raises(TypeError, match="^accumulate is True or False, got .*; a backward pass begins with 1$"):
            L.backward(wrong)
    L.backward()
    assert a.grad == 6.0
