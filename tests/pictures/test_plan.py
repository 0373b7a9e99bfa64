from cgviz.pictures.layout.plan import ABREAST, NEAREST, plan


def kinds(found):
    return [unit.kind for unit in found.units]


def test_small_graphs_are_drawn_as_they_are(graphs):
    assert kinds(plan(graphs.seed())) == ["node"] * 7
    assert plan(graphs.seed()).hidden == 0


def test_a_leaf_used_twice_nearby_is_not_repeated(graphs):
    # z = sigmoid(a*x + b) + a
    graph = graphs.build(
        ("a", "", 1, None, ()), ("x", "", 1, None, ()), ("b", "", 1, None, ()), ("", "*", 1, None, (0, 1)),
        ("y", "+", 1, None, (3, 2)), ("s", "sigmoid", 1, None, (4,)), ("z", "+", 1, None, (5, 0)),
    )  # fmt: skip
    assert "copy" not in kinds(plan(graph))


def test_leaves_shared_along_a_chain_are_repeated_beside_each_use(graphs):
    found = plan(graphs.chain(100))
    assert kinds(found).count("copy") == 2 * 99
    assert {found.units[a.source].node for a in found.arcs if found.units[a.source].kind == "copy"} == {1, 2}
    assert len(found.arcs) == 400


def test_of_a_large_graph_the_part_nearest_to_the_root_is_drawn(graphs):
    graph = graphs.chain(40_000)
    found = plan(graph)
    assert kinds(found).count("node") == NEAREST
    assert found.hidden == len(graph.nodes) - NEAREST
    stubs = [unit for unit in found.units if unit.kind == "stub"]
    assert [unit.count for unit in stubs] == [found.hidden]
    assert all(0 <= arc.source < len(found.units) for arc in found.arcs)


def test_of_a_large_sum_some_operands_are_drawn(graphs):
    found = plan(graphs.wide(5000))
    assert kinds(found).count("node") == ABREAST + 1
    assert [u.count for u in found.units if u.kind == "stub"] == [5000 - ABREAST]


def test_a_limit_can_be_given(graphs):
    assert plan(graphs.seed(), most=7).hidden == 0
    assert plan(graphs.wide(30), most=7).hidden == 30 - ABREAST
