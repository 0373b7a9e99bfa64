from cgviz.pictures.layout.layering import columns, ranks


def test_leaves_stand_directly_before_their_first_user():
    # (a*b + c)*d: c beside e, d beside f
    assert ranks(7, [(0, 4), (1, 4), (4, 5), (2, 5), (5, 6), (3, 6)]) == [0, 0, 1, 2, 1, 2, 3]


def test_what_hangs_on_leaves_alone_moves_up_with_them():
    # a long way 0..4 and, beside its end, a product of two leaves
    rank = ranks(8, [(0, 1), (1, 2), (2, 3), (3, 7), (4, 6), (5, 6), (6, 7)])
    assert rank[6] == rank[3]
    assert rank[4] == rank[5] == rank[6] - 1


def test_operands_of_every_user_are_left_of_it(graphs):
    for seed in range(20):
        graph = graphs.random(seed, 40)
        rank = ranks(len(graph.nodes), [(e.source, e.target) for e in graph.edges])
        assert all(rank[e.source] < rank[e.target] for e in graph.edges)
        assert min(rank) == 0


def test_columns_keep_the_written_order_where_nothing_crosses():
    found = columns(7, [(0, 4), (1, 4), (4, 5), (2, 5), (5, 6), (3, 6)], set())
    assert found.layers == [[0, 1], [4, 2], [5, 3], [6]]


def test_a_crossing_is_taken_away():
    # two products that use x and y the other way round
    found = columns(5, [(0, 2), (1, 3), (2, 4), (3, 4)], set())
    assert found.layers == [[0, 1], [2, 3], [4]]
    swapped = columns(5, [(0, 3), (1, 2), (2, 4), (3, 4)], set())
    assert swapped.layers == [[1, 0], [2, 3], [4]]


def test_lines_that_pass_columns_share_their_placeholders():
    found = columns(5, [(0, 1), (1, 2), (2, 3), (0, 3), (3, 4), (0, 4)], set())
    assert len(found.chains[0]) == 3
    assert len(found.rank) == 8


def test_units_that_lead_nowhere_are_placed_too():
    assert sorted(v for layer in columns(3, [(0, 2)], set()).layers for v in layer) == [0, 1, 2]
