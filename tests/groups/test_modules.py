"""Graphs of PyTorch's, folded by the modules that made them."""

import gc
import re

import pytest

from cgviz import Value, draw, trace
from cgviz.graph.nesting import nest_of
from cgviz.groups import module_groups
from cgviz.live import GraphView


@pytest.fixture
def nn(torch):
    torch.manual_seed(0)
    return torch.nn


def boxes(picture):
    return [node.op for node in picture.graph.nodes if node.operands]


def test_each_module_is_a_box_between_its_inputs_and_its_results(torch, nn):
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Identity(), nn.Linear(4, 1))
    x = torch.randn(5, 3)
    with module_groups(model):
        loss = (model(x) - 1).pow(2).mean()
    gc.collect()
    loss.backward(retain_graph=True)
    picture = draw(loss, fold="modules")
    assert boxes(picture) == ["Linear 0", "ReLU 1", "Dropout 2", "Linear 4", "-", "**2", "mean"]
    first, box = picture.graph.nodes[0], next(node for node in picture.graph.nodes if node.op == "Linear 0")
    assert first.data.tolist() == x.tolist() and box.operands == (0,)
    whole = trace(loss)
    assert picture.graph.whole == len(whole.nodes) and picture.graph.root.data == loss.item()
    assert boxes(draw(loss)) == [node.op for node in whole.nodes if node.operands], "a small graph is drawn as it is"


def test_what_is_shown_of_a_box_is_what_the_graph_has_of_its_result(torch, nn):
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Sequential(nn.Linear(3, 3), nn.Tanh()), nn.Linear(3, 1))
    with module_groups(model):
        loss = model(torch.ones(4, 2)).sum()
    whole = trace(loss)
    small = draw(loss, fold="modules").graph
    for node, (first, *_) in zip(small.nodes, small.results, strict=True):
        assert str(node.data) == str(whole.nodes[first].data)


def test_a_large_model_opens_by_its_modules_and_unfolds(torch, nn):
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm, self.attend = nn.LayerNorm(8), nn.MultiheadAttention(8, 2, batch_first=True)
            self.mix = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8))

        def forward(self, x):
            h = self.norm(x)
            return x + self.mix(x + self.attend(h, h, h, need_weights=False)[0])

    model = nn.Sequential(nn.Embedding(20, 8), Block(), Block(), nn.Linear(8, 20))
    with module_groups(model):
        loss = model(torch.arange(12).view(2, 6)).sum()
    view = GraphView(loss)
    there = [node.op for node in view.records.nodes if node.operands]
    assert there[0] == "Embedding 0" and there[-2:] == ["Linear 3", "sum"] and len(there) < 20
    assert "boxes for" in view.notice
    view.opened = [next(node.groups[0].number for node in view.records.nodes if node.op.startswith("Multihead"))]
    assert len([node for node in view.records.nodes if node.operands]) > len(there)


def test_calls_of_one_module_are_told_apart_and_blocks_do_not_mix(torch, nn):
    layer = nn.Linear(3, 3)
    model = nn.Sequential(layer, layer)
    with module_groups(model):
        first = model(torch.ones(2, 3)).sum()
    with module_groups(model):
        second = model(torch.ones(2, 3)).sum()
    assert boxes(draw(first, fold="modules")) == ["Linear 0", "Linear 0, call 2", "sum"]
    assert boxes(draw(second, fold="modules")) == ["Linear 0", "Linear 0, call 2", "sum"]
    third = model(torch.ones(2, 3)).sum()
    assert nest_of(trace(third)) is None and not layer._forward_hooks and not layer._forward_pre_hooks


def test_what_cannot_be_noted_is_said_in_a_sentence(torch, nn):
    with pytest.raises(
        TypeError, match=re.escape("module_groups takes a module of PyTorch's, as in module_groups(model), got")
    ):
        module_groups(Value(2.0))
    loss = nn.Linear(2, 1)(torch.ones(1, 2)).sum()
    with pytest.raises(ValueError, match=r"build it within 'with module_groups\(model\):', from cgviz.groups"):
        draw(loss, fold="modules")
    with pytest.raises(ValueError, match=r"build it within 'with module_groups\(model\):'"):
        draw(Value(2.0) * 3, fold="modules")


def test_a_model_that_fails_leaves_no_hooks_and_can_be_noted_again(torch, nn):
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    block = module_groups(model)
    with pytest.raises(RuntimeError), block:
        model(torch.ones(1, 5))
    with block:
        loss = model(torch.ones(1, 2)).sum()
    assert boxes(draw(loss, fold="modules")) == ["Linear 0", "Linear 1", "sum"]
