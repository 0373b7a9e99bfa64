"""What the tensors of PyTorch are called wherever names are taken, and what is said where there is no graph."""

import gc
import threading
import tracemalloc
from dataclasses import dataclass
from typing import Any

import pytest

from cgviz import draw, draw_dot, explain, explore, film, gradcheck, steps, table, trace
from cgviz.graph import identity
from cgviz.graph.array_summary import ArraySummary, is_large
from cgviz.pictures import to_svg


@dataclass
class Output:
    """What a model may return."""

    loss: Any
    scores: Any


class Keys(dict):
    """Another, whose keys are attributes; for one that is missing it raises what a dict raises."""

    def __getattr__(self, name):
        return self[name]


@pytest.fixture
def net(torch):
    """A model, its input, the activations of its first layer, and the loss after a backward pass."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    x = torch.randn(2, 3)
    h = model[1](model[0](x))
    h.retain_grad()
    loss = model[2](h).square().mean()
    loss.backward(retain_graph=True)
    return model, x, h, loss


def entries(names):
    """Every place that takes names, as a function of a root: the text in which they stand."""
    return {
        "draw": lambda root: draw(root, names=names()).svg,
        "draw_dot": lambda root: draw_dot(root, names=names()).source,
        "trace": lambda root: " ".join(node.name for node in trace(root, names()).nodes),
        "table": lambda root: table(root, names=names()),
        "steps": lambda root: str(steps(root, names())),
        "explain": lambda root: str(explain(root, names=names())),
        "to_svg": lambda root: to_svg(root, names=names()),
    }


def forms(model, x, h):
    """The same names in every form; an iterator is used up by one reading."""
    return {
        "model": lambda: model,
        "pairs": model.named_parameters,
        "dict": lambda: dict(model.named_parameters()),
        "by tensor": lambda: {p: name for name, p in model.named_parameters()},
        "by id": lambda: {id(p): name for name, p in model.named_parameters()},
    }


def test_names_are_taken_in_every_form_wherever_names_are_taken(net):
    model, x, h, loss = net
    for form, names in forms(model, x, h).items():
        for place, text in entries(names).items():
            said = text(loss)
            assert "0.weight" in said and "2.bias" in said, (form, place)


def test_tensors_in_between_are_named_and_show_the_gradient_that_they_have_kept(net, torch):
    _, x, h, loss = net
    for names in ({"h": h, "x": x}, {id(h): "h", id(x): "x"}, [("h", h), ("x", x)], {identity(h): "h", id(x): "x"}):
        found = {node.name: node for node in trace(loss, names).nodes}
        assert (found["h"].grad == h.grad.numpy()).all() and found["h"].op == "tanh" and found["x"].kind == "constant"
        assert str(explain(loss, "h", names)) == str(explain(loss, h, names)) != ""
    kept = [node for node in trace(loss).nodes if node.has_grad and node.kind == "operation" and node.grad is not None]
    assert [node.op for node in kept] == ["tanh"]  # also without a name
    assert "not computed yet" not in table(loss, names={"h": h}).split("\n")[-3]
    alone = (torch.ones(2, requires_grad=True) * 2).sum()
    assert all(node.grad is None for node in trace(alone).nodes)


def test_names_of_a_caller_win_over_those_that_hang_on_a_tensor(torch):
    x = torch.ones(2, requires_grad=True)
    x.label = "v1"
    y = (x * x).sum()
    assert [trace(y, names).nodes[0].name for names in (None, {"w": x}, {id(x): "w"})] == ["v1", "w", "w"]
    x.label = "weights"
    assert [trace(y, names).nodes[0].name for names in (None, {"w": x}, {id(x): "w"})] == ["weights", "w", "weights"]


def test_results_of_other_threads_are_told_apart(torch):
    w, found = torch.tensor(2.0, requires_grad=True), [None] * 3

    def compute(i):
        found[i] = (w * (i + 3)).sin()

    for i in range(3):
        thread = threading.Thread(target=compute, args=(i,))
        thread.start()
        thread.join()
    assert len({f.grad_fn._sequence_nr() for f in found}) == 1  # PyTorch's own count does not
    assert len(set(map(identity, found))) == 3
    nodes = trace(found[0] + found[1] + found[2], {"first": found[0], "third": found[2]}).nodes
    assert [node.label for node in nodes if node.op == "sin"] == ["first", "", "third"]


def test_the_number_of_a_tensor_outlives_its_python_object_and_is_no_other_tensors(torch):
    x = torch.ones(2, requires_grad=True)
    root = (x * 2).exp()
    number = identity(root)
    one, two = x.unbind()
    function = root.grad_fn.next_functions[0][0]
    gc.collect()
    assert identity(root) == number and number < 0
    assert len({number, identity(one), identity(two), identity(x * 2)}) == 4
    trace(root)
    assert set(function.metadata) == {"cgviz"}


def test_long_names_of_parameters_keep_their_end(torch):
    class Block(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.transformer = torch.nn.ModuleDict({"attn": torch.nn.ModuleDict({"c_proj": torch.nn.Linear(2, 2)})})

        def forward(self, x):
            return self.transformer.attn.c_proj(x)

    model = Block()
    picture = draw(model(torch.ones(1, 2)).sum(), names=model)
    assert ">…attn.c_proj.weight</text>" in picture.svg and ">…attn.c_proj.bias</text>" in picture.svg
    assert "<title>transformer.attn.c_proj.weight</title>" in picture.svg
    assert "…attn.c_proj.weight" in picture.text


@pytest.mark.parametrize(
    "ask",
    [draw, trace, table, steps, explain, to_svg, draw_dot, lambda m: draw(m, "x"), lambda m: film(m, "m.gif")],
)
def test_a_model_is_no_graph_and_what_to_write_is_said(net, ask):
    with pytest.raises(TypeError, match=r"a Sequential, a model: give what .* as in draw\(model\(x\), names=model\)$"):
        ask(net[0])


def test_a_model_and_its_input_are_refused_alike(net):
    with pytest.raises(TypeError, match=r"draw\(model\(x\), names=model\)$"):
        draw(net[0], net[1])
    with pytest.raises(TypeError, match=r"draw\(model\(x\), names=model\)$"):
        draw_dot(net[0], net[1])


@pytest.mark.parametrize(
    ("wrap", "written"),
    [
        (lambda a, b: (a, b), "a tuple of 2 nodes: give one of them, as in draw(outputs[0])"),
        (lambda a, b: [a, b], "a list of 2 nodes: give one of them, as in draw(outputs[0])"),
        (lambda a, b: {"loss": a, "n": 3}, "a dict of 2 objects: give one of them, as in draw(outputs['loss'])"),
        (lambda a, b: ((1, a), (b, b)), "a tuple of 2 objects: give one of them, as in draw(outputs[0][1])"),
        (lambda a, b: (a,), "a tuple of 1 node: give what is in it, as in draw(outputs[0])"),
        (lambda a, b: {"loss": a}, "a dict of 1 node: give what is in it, as in draw(outputs['loss'])"),
        (lambda a, b: {"x": {"y": [3, b]}}, "a dict of 1 object: give what is in it, as in draw(outputs['x']['y'][1])"),
        (Output, "an Output of 2 nodes: give one of them, as in draw(outputs.loss)"),
        (lambda a, b: Keys(loss=a, scores=b), "a Keys of 2 nodes: give one of them, as in draw(outputs['loss'])"),
    ],
)
def test_of_several_outputs_one_is_to_be_drawn(net, wrap, written):
    outputs = wrap(net[3], net[2])
    for ask in (draw, table, trace, steps, explain, to_svg, draw_dot):
        with pytest.raises(TypeError) as caught:
            ask(outputs)
        assert str(caught.value) == f"expected one node of a graph, got {written}"
    for ask in (explore, gradcheck):
        with pytest.raises(TypeError, match="give (one of them|what is in it), as in explore"):
            ask(outputs)


def test_a_model_is_run_by_a_function_that_names_what_moves(net):
    for ask in (explore, gradcheck):
        with pytest.raises(TypeError, match="give a function of what should move, such as lambda x: model"):
            ask(net[0])
    assert gradcheck(lambda x: net[0].double()(x).sum(), x=[[0.1, 0.2, 0.3]], cls=type(net[1])).ok


def test_the_type_of_a_summary_is_the_tensors_own(torch):
    for name in ("float16", "bfloat16", "float32", "float64"):
        x = torch.ones(100, 100, dtype=getattr(torch, name), requires_grad=True)
        assert [node.data.dtype for node in trace(x * 2).nodes if node.data.__class__ is ArraySummary] == [name] * 2


def test_names_are_taken_by_what_runs_a_graph_again(torch, tmp_path):
    a, b = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (2.0, -3.0))
    e = a * b
    L = torch.tanh(e)
    names = [("a", a), ("b", b), ("e", e)]
    assert [row.name for row in gradcheck(L, names=iter(names)).rows][:2] == ["a", "b"]
    explorer = explore(L, names=iter(names))
    assert list(explorer.inputs) == ["a", "b"] and explorer.error is None
    assert film(L, tmp_path / "film.png", names=iter(names)).stat().st_size > 1000
    with pytest.raises(TypeError, match="names are for a graph that is there: the leaves of a function"):
        gradcheck(lambda a: a * a, a=2, names={"a": a})
    with pytest.raises(TypeError, match="names are for a graph that is there: the leaves of a function"):
        explore("a*a", a=2, names={"a": a})


def test_names_that_name_nothing_are_refused(net):
    model, _, h, loss = net
    for names, said in (
        ({"model": model}, "the name 'model' is given to a Sequential, .*: the names of its parameters are given as"),
        ({"h": [h]}, "the name 'h' is given to a list, which is no node"),
        (model.state_dict(), r"state_dict\(\) are beside every graph: give names=model"),
        (model.parameters(), "got a Parameter among them"),
        (h, "got a Tensor"),
        (["h"], "got a str among them"),
        ([h], "got a Tensor among them"),
        ("h", "got a str"),
    ):
        with pytest.raises(TypeError, match=said):
            draw(loss, names=names)


def test_shapes_have_room_beside_the_name(torch):
    from cgviz.pictures.layout.sizes import text_width

    x = torch.ones(16, 64, 112, 112, requires_grad=True)
    picture = draw((x * 2).relu().mean(), names={"a_long_name_of_images": x})
    assert ">16×64×112×112</text>" in picture.svg
    assert is_large(x.detach().numpy()) and isinstance(trace(x).nodes[0].data, ArraySummary)
    measured = 0
    for group in picture.scene.groups:
        boxes = [s for s in getattr(group, "shapes", ()) if getattr(s, "style", "").startswith("cg-box")]
        styled = [(s, getattr(s, "style", "")) for s in getattr(group, "shapes", ())]
        names = [s for s, style in styled if "cg-name" in style or "cg-number-name" in style]
        values = [s for s in getattr(group, "shapes", ()) if getattr(s, "slot", "").endswith(".data")]
        if boxes and names and values and group.data[1] in ("0", "2", "3"):
            measured += 1
            beside = names[0].x + text_width(names[0].text, 15, bold=True) / 2
            assert values[0].x - text_width("16×64×112×112", 15, bold=True) > beside
    assert measured == 3


def test_four_pictures_of_a_model_keep_nothing_of_its_weights(torch):
    model = torch.nn.Sequential(*[torch.nn.Linear(512, 512) for _ in range(4)])
    loss = model(torch.ones(2, 512)).square().mean()
    loss.backward(retain_graph=True)
    weights = sum(p.numel() * p.element_size() for p in model.parameters())
    draw(loss)
    gc.collect()
    before = {id(x) for x in gc.get_objects() if type(x).__name__ == "TensorNode"}  # of views that are still open
    tracemalloc.start()
    try:
        pictures = [draw(loss, names=model) for _ in range(4)]
        svgs = [picture.svg + picture.text for picture in pictures]
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "512×512 float32, norm " in svgs[0] and kept < weights / 2
    for picture in pictures:
        held = [x for node in picture.graph.nodes for x in (node.data, node.grad) if hasattr(x, "nbytes")]
        assert sum(x.nbytes for x in held) < weights / 50
    assert {id(x) for x in gc.get_objects() if type(x).__name__ == "TensorNode"} <= before
