"""The outlines of unfolded groups: around what belongs to them, and nothing else."""

from cgviz.graph import trace
from cgviz.groups import fold
from cgviz.nn import MLP
from cgviz.pictures.drawn_shapes import Group, Text
from cgviz.pictures.group_outline import find_outlines
from cgviz.pictures.layout.placement import layout
from cgviz.pictures.scene import scene


def numbers(graph, kind):
    found = {one.number: one for node in graph.nodes for one in node.groups if one.kind == kind}
    return {one.name: number for number, one in found.items()}


def shown(opened, kind="neuron", sizes=(2, [3, 1])):
    whole = trace(MLP(*sizes, "tanh", seed=1)([1.0, 2.0]))
    known = numbers(whole, kind)
    chosen = [known[name] for name in opened]
    return fold(whole, kind, opened=chosen), chosen


def test_a_neuron_alone_has_a_frame_around_all_that_it_computes_with():
    graph, chosen = shown(["a²₁"])
    found = layout(graph)
    (one,) = find_outlines(graph, found, chosen)
    inside = [
        graph.nodes[unit.node].name
        for unit, box in zip(found.plan.units, found.boxes, strict=True)
        if any(p.x <= box.x and box.x + box.w <= p.x + p.w and p.y <= box.y <= p.y + p.h for p in one.places)
    ]
    assert one.name == "a²₁"
    assert {"w²₁,₁", "w²₁,₂", "w²₁,₃", "b²₁", "v14"} <= set(inside)
    assert not {"x₁", "x₂", "a¹₁", "a¹₂", "a¹₃"} & set(inside)


def test_where_others_lie_between_each_node_has_a_shade_and_no_other_has():
    graph, chosen = shown(["a¹₂", "a²₁"])
    found = layout(graph)
    for one in find_outlines(graph, found, chosen):
        members = {
            k
            for k, box in enumerate(found.boxes)
            if any(p.x < box.x + 1 < p.x + p.w and p.y < box.y + 1 < p.y + p.h for p in one.places)
        }
        assert members
        assert all(graph.nodes[found.plan.units[k].node].op != "tanh neuron" for k in members)


def test_a_layer_of_neurons_is_framed_and_named():
    graph, chosen = shown(["a¹"], "layer")
    outline = next(thing for thing in scene(graph, opened=chosen).groups if isinstance(thing, Group))
    assert outline.data == ("outline", str(chosen[0]))
    assert [shape.text for shape in outline.shapes if isinstance(shape, Text)] == ["a¹"]
    assert next(shape.style for shape in outline.shapes) == "cg-outline"


def test_without_unfolded_groups_there_is_none():
    graph, _ = shown([])
    assert not [thing for thing in scene(graph).groups if isinstance(thing, Group) and thing.data[0] == "outline"]
