"""Two thousand expressions made at random (`python -m tests.agreement` makes any number): nothing unexplained."""

import pytest

from cgviz.ops.op import OPS
from tests.agreement.comparison import compare
from tests.agreement.plans import KINDS, SHOWN, make

PARTS = 8
COUNT = 2000


def check(numbers, **others):
    found = compare(numbers, **others)
    assert not found.wrong, {key: f"python -m tests.agreement --case {plans[0]}" for key, plans in found.wrong.items()}
    return found.counts


@pytest.mark.filterwarnings("ignore")
def test_all_engines_agree_and_exact_numbers_agree_with_them(part=0):
    counts = check(range(part, COUNT, PARTS))
    assert counts["50 digits", "right"] > 0.7 * COUNT / PARTS
    assert counts["SymPy", "agrees"] > 20 and counts["micrograd", "agrees"] > 40


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("contributor")
@pytest.mark.parametrize("part", range(1, PARTS))
def test_the_same_of_more(part):
    test_all_engines_agree_and_exact_numbers_agree_with_them(part)


@pytest.mark.filterwarnings("ignore")
def test_the_page_agrees(nodejs):
    assert check(range(COUNT, COUNT + 300), nodejs=nodejs)["page", "agrees"] > 280


@pytest.mark.filterwarnings("ignore")
def test_pytorch_agrees(torch):
    assert check(range(COUNT, COUNT + 300), torch=torch)["PyTorch", "agrees"] > 250


def test_every_row_and_every_kind_come_up_on_either_side_and_with_constants():
    plans = [make(number) for number in range(COUNT)]
    assert {plan.kind for plan in plans} == set(KINDS)
    uses = {(row, *(isinstance(x, float) for x in xs)) for plan in plans for row, xs in plan.lines}
    for row in SHOWN:
        turned = {(row, False, False), (row, True, False), (row, False, True)}
        assert (turned if OPS[row].arity == 2 else {(row, False)}) <= uses
    assert max(len(plan.lines) for plan in plans) > 250
    assert [make(7), make(8)] == [make(7), make(8)] != [make(8), make(9)]
