import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cgviz.pictures.layout import placement as module
from cgviz.pictures.layout.placement import RANKDIRS, layout


def boxes(found):
    return [p for p in (*found.boxes, *found.ops) if p is not None]


def overlap(p, q):
    return p.x < q.x + q.w and q.x < p.x + p.w and p.y < q.y + q.h and q.y < p.y + p.h


def points_on(path):
    """Points along a path, curves included."""
    at = (0.0, 0.0)
    for name, *c in path:
        if name == "M":
            at = tuple(c)
            yield at
        elif name == "L":
            for k in range(1, 9):
                yield at[0] + (c[0] - at[0]) * k / 8, at[1] + (c[1] - at[1]) * k / 8
            at = tuple(c)
        else:
            for k in range(1, 17):
                t = k / 16
                yield tuple(
                    (1 - t) ** 3 * at[i]
                    + 3 * (1 - t) ** 2 * t * c[i]
                    + 3 * (1 - t) * t * t * c[2 + i]
                    + t**3 * c[4 + i]
                    for i in (0, 1)
                )
            at = tuple(c[4:])


def check(found):
    rects = boxes(found)
    for i, p in enumerate(rects):
        assert p.x >= -0.01
        assert p.y >= -0.01
        assert p.x + p.w <= found.width + 0.01
        assert p.y + p.h <= found.height + 0.01
        assert not any(overlap(p, q) for q in rects[:i])
    for arc, route in zip(found.plan.arcs, found.routes, strict=True):
        own = {found.boxes[arc.source], found.boxes[arc.target], found.ops[arc.target]}
        others = [p for p in rects if p not in own]
        for x, y in points_on(route.path):
            assert not any(p.x < x < p.x + p.w and p.y < y < p.y + p.h for p in others), route


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 30), st.sampled_from(RANKDIRS))
def test_nothing_overlaps_and_no_line_runs_through_a_box(graphs, seed, count, rankdir):
    check(layout(graphs.random(seed, count), rankdir))


@pytest.mark.parametrize("rankdir", RANKDIRS)
def test_reading_goes_the_way_that_is_asked_for(graphs, rankdir):
    found = layout(graphs.seed(), rankdir)
    a, root = found.boxes[0], found.boxes[-1]
    along = root.x - a.x if rankdir in ("LR", "RL") else root.y - a.y
    assert (along > 0) == (rankdir in ("LR", "TB"))


def test_the_operation_stands_directly_before_its_value(graphs):
    found = layout(graphs.seed())
    for box, op in zip(found.boxes, found.ops, strict=True):
        if op:
            assert 0 < box.x - (op.x + op.w) < 20
            assert op.y + op.h / 2 == pytest.approx(box.y + box.h / 2)


def test_the_first_operand_is_on_top(graphs):
    found = layout(graphs.seed())
    assert found.boxes[0].y < found.boxes[1].y
    minus = layout(graphs.build(("a", "", 1, None, ()), ("b", "", 1, None, ()), ("", "-", 0, None, (1, 0))))
    assert minus.boxes[1].y < minus.boxes[0].y


def test_lines_of_a_difference_arrive_in_order_even_if_they_must_cross(graphs):
    rows = [("a", "", 1, None, ()), ("b", "", 1, None, ()), ("", "-", 0, None, (0, 1)), ("", "-", 0, None, (1, 0))]
    found = layout(graphs.build(*rows, ("", "+", 0, None, (2, 3))))
    ends = {(r.edge.target, r.edge.position): r.path[-2][2] for r in found.routes}
    assert ends[2, 0] < ends[2, 1]
    assert ends[3, 0] < ends[3, 1]


def test_both_lines_of_a_plus_a_are_seen(graphs):
    one, two = layout(graphs.diamond(1)).routes
    apart = [abs(p[1] - q[1]) for p, q in zip(points_on(one.path), points_on(two.path), strict=True)]
    assert apart[0] == 0  # they begin at one point, and part
    assert min(apart[len(apart) // 8 :]) >= 5 and max(apart) >= 15


def test_same_structure_same_layout_whatever_the_numbers(graphs):
    assert layout(graphs.seed()) is layout(graphs.seed((None,) * 7))
    assert layout(graphs.seed()) is not layout(graphs.seed(), "TB")


def test_layouts_that_are_long_unused_are_forgotten(graphs):
    for n in range(2, 75):
        layout(graphs.wide(n))
    assert len(module._cache) <= 64


def test_an_unknown_direction_is_refused(graphs):
    with pytest.raises(ValueError, match=r"unknown rankdir: 'XX' \(must be one of 'LR', 'TB', 'RL', 'BT'\)"):
        layout(graphs.seed(), "XX")


def work(graph):
    """How many lines of Python a layout runs: the same on every machine, however busy it is."""
    count = 0

    def line(frame, event, argument):
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        found = module._lay_out(graph, "LR", False)
    finally:
        sys.settrace(before)
    check(found)
    return count


@pytest.mark.parametrize(("name", "size"), [("diamond", 18), ("wide", 100), ("chain", 50)])
def test_the_work_of_a_layout_grows_about_as_the_graph_does(graphs, name, size):
    build = getattr(graphs, name)
    assert work(build(2 * size)) < 2.6 * work(build(size))


def test_the_work_of_a_tangled_layout_grows_less_than_its_square(graphs):
    assert work(graphs.random(1, 120)) < 4 * work(graphs.random(1, 60))


def test_a_small_layout_is_little_work(graphs):
    assert work(graphs.seed()) < 10_000


def test_the_same_bytes_in_every_process():
    code = (
        "import importlib.util, sys; s = importlib.util.spec_from_file_location('g', sys.argv[1]);"
        "g = importlib.util.module_from_spec(s); s.loader.exec_module(g);"
        "from cgviz.pictures.svg import to_svg; from cgviz.pictures.dot_source import source; import zlib;"
        "r = g.random_graph(3, 60); print(zlib.crc32((to_svg(r) + source(r)).encode()))"
    )
    conftest = __file__.replace("test_layout.py", "conftest.py")
    place = str(Path(module.__file__).parents[2])
    said = set()
    for seed in ("0", "1", "42"):
        variables = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": place}
        done = subprocess.run([sys.executable, "-c", code, conftest], env=variables, capture_output=True, check=True)
        said.add(done.stdout)
    assert len(said) == 1
