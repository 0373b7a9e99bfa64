"""PyTorch's graphs, told truly: scalars, changes in place, types with few digits, settings, hooks, odd tensors."""

import warnings

import pytest

from cgviz import draw, explain, explore, gradcheck, steps, table, trace
from cgviz.chain_rule.flow import gradients
from cgviz.graph.aten import operator_of, snake_case
from cgviz.graph.lost_numbers import agree


@pytest.fixture
def leaf(torch):
    return lambda number, **settings: torch.tensor(number, requires_grad=True, **settings)


class TestNumbersBesideTensors:
    def cases(self, torch, x):
        aten = torch.ops.aten
        return {
            "v0 * 3": aten.mul.Scalar(x, 3),
            "v0 + 3": aten.add.Scalar(x, 3),
            "v0 - 3": aten.sub.Scalar(x, 3),
            "v0 / 4": aten.div.Scalar(x, 4),
            "3 - v1": aten.rsub.Scalar(x, 3),
            "v0 + 0.1": x + 0.1,
            "v0**3": x**3,
            "2 ** v1": 2**x,
        }

    def test_each_is_written_with_its_number(self, torch, leaf):
        for written, y in self.cases(torch, leaf(2.0)).items():
            assert table(y).splitlines()[-1].split(maxsplit=1)[1].startswith(written)
            assert trace(y).root.data == pytest.approx(y.item(), rel=1e-6)
            assert gradients(y)[-2] is not None and "no backward" not in str(steps(y))

    def test_the_first_thing_a_teacher_shows(self, torch, leaf):
        x = leaf(2.0)
        (slope,) = torch.autograd.grad(x**3, x, create_graph=True)
        assert [node.data for node in trace(slope).nodes if node.operands] == [4.0, 12.0, 12.0]
        assert dict(zip([n.label or n.name for n in trace(slope).nodes], gradients(slope), strict=True))["v1"] == 12.0

    def test_a_number_that_rounding_has_swallowed_is_not_guessed(self, torch, leaf):
        for y in (leaf(1e8) + 0.5, leaf(2.0) + 0.0, leaf(float("inf")) + 1.0, leaf(0.0) * 5.0 - 0.0):
            lost = [node.name for node in trace(y).nodes if node.kind == "constant"]
            assert "?" in lost and set(lost) <= {"?", "5"}

    def test_a_number_of_an_array_too(self, torch, leaf):
        y = torch.ops.aten.add.Scalar(leaf([1.0, 2.0, 4.0]), 0.3)
        assert [node.name for node in trace(y).nodes if node.kind == "constant"] == ["0.3"]
        different = leaf([1.0, 2.0, 4.0]) + torch.tensor([1.0, 2.0, 3.0])
        assert [node.name for node in trace(different).nodes if node.kind == "constant"] == ["?"]

    def test_a_number_below_what_was_kept(self, torch, leaf):
        x = leaf(0.3)
        cases = {
            "1": (torch.tanh(x * 2 + 1), 1 / (1 + torch.exp(-x)), (x * 2 + 1).relu(), torch.sigmoid(1 - x).sqrt()),
            "0.7": (
                torch.sigmoid(leaf([0.3, 0.5]) - 0.7).sum(),
                (x + 0.7).exp(),
                (leaf(0.3, dtype=torch.float64) + 0.7).tanh(),
            ),
            "?": ((x - 5).relu(), torch.tanh(x + 20.0), (leaf([0.3, 0.5]) + torch.tensor([0.1, 0.2])).exp().sum()),
        }
        for number, roots in cases.items():
            for root in roots:
                assert number in [node.name for node in trace(root).nodes if node.kind == "constant"]
        assert trace(torch.tanh(x * 2 + 1)).nodes[-2].data == pytest.approx(1.6)


class TestWhatHasChangedSince:
    def told(self, root, names):
        graph = trace(root, names)
        with pytest.raises(TypeError, match="old and new numbers together"):
            gradients(root)
        assert "stale: a leaf has changed since" in draw(root, names=names).text
        assert "stale: a leaf has changed since" in str(steps(root, names))
        return {node.name: node for node in graph.nodes}

    def test_after_a_step_of_an_optimizer(self, torch, leaf):
        w, x = leaf(2.0), leaf(3.0)
        y = w * x
        L = (y - 1.0) ** 2
        L.backward(retain_graph=True)
        torch.optim.SGD([w], lr=0.1).step()
        nodes = self.told(L, {id(w): "w", id(x): "x"})
        assert nodes["w"].data == -1.0 and nodes["v5"].data == 25.0 and nodes["v4"].data == 5.0
        assert str(nodes["v3"].data) == "?" and [nodes[v].stale for v in ("v3", "v4", "v5")] == [
            "value",
            *["operands"] * 2,
        ]

    @pytest.mark.parametrize("free", [True, False])
    @pytest.mark.parametrize("how", ["step", "data"])
    def test_no_new_weight_meets_an_old_value_in_a_network(self, torch, how, free):
        torch.manual_seed(1)
        model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
        x, y = torch.randn(4, 2), torch.randn(4, 1)
        loss = torch.nn.functional.mse_loss(model(x), y)
        before = {node.index: node for node in trace(loss).nodes}
        loss.backward(retain_graph=not free)
        if how == "step":
            torch.optim.SGD(model.parameters(), lr=1.0).step()
        else:
            for parameter in model.parameters():
                parameter.data += 0.5 * parameter.grad
        graph, known = trace(loss), 0
        for node in graph.nodes:
            if node.operands and hasattr(node.data, "__array__"):
                assert node.data == pytest.approx(before[node.index].data) and (free or node.stale == "operands")
                known += 1
        assert known >= 1 and all(parameter.grad is not None for parameter in model.parameters())
        assert free or "stale: a leaf has changed since" in str(steps(loss))

    def test_a_sum_which_pytorch_does_not_keep(self, torch, leaf):
        w, b = leaf(2.0), leaf(1.0)
        L = (w + b).exp()
        with torch.no_grad():
            w += 10
        nodes = self.told(L, {id(w): "w", id(b): "b"})
        assert str(nodes["v2"].data) == "?" and nodes["v3"].data == pytest.approx(20.0855, rel=1e-4)

    def test_data_that_has_changed(self, torch, leaf):
        w, k = leaf(2.0), torch.tensor(5.0)
        y = w * k
        k += 1
        nodes = self.told(y, {})
        assert nodes["v2"].data == 10.0 and "10" in table(y)

    @pytest.mark.parametrize(
        "make", [lambda w: w * 3 + 1, lambda w: w + 1, lambda w: (w * 2 + 1).tanh(), lambda w: 5 - w]
    )
    @pytest.mark.parametrize("how", ["copy", "step", "data"])
    def test_no_number_is_told_from_a_leaf_that_may_have_changed(self, torch, leaf, make, how):
        w = leaf(0.3)
        y = make(w)
        before = [node.data for node in trace(y).nodes]
        if how == "copy":
            with torch.no_grad():
                w.copy_(torch.tensor(0.2))
        else:
            y.backward(retain_graph=True)
            if how == "step":
                torch.optim.SGD([w], lr=1.0).step()
            else:
                w.data -= w.grad  # which PyTorch does not count
        for node, old in zip(trace(y).nodes, before, strict=True):
            assert node.kind == "leaf" or str(node.data) == "?" or node.data == pytest.approx(old, rel=1e-6)

    def test_what_was_written_to_before_is_not_stale(self, torch):
        layer = torch.nn.Linear(2, 2)  # which PyTorch fills in place
        assert not any(node.stale for node in trace(layer(torch.ones(1, 2)).relu().sum()).nodes)

    def test_a_node_that_is_written_to_later_keeps_the_value_that_was_used(self, torch, leaf):
        x = leaf([1.0, 2.0])
        y = x * 2
        z = y + 1
        y.add_(5)
        root = (z * y).sum()
        assert next(n.data.tolist() for n in trace(root).nodes if n.op in ("*", "+") and n.operands) == [2.0, 4.0]
        assert not any(node.stale for node in trace(root).nodes)


class TestFewDigits:
    def test_a_type_that_numpy_does_not_have_is_shown_by_its_numbers(self, torch):
        x = torch.tensor([0.5, -1.0, 3.0]).to(torch.float8_e4m3fn).requires_grad_()
        graph = trace(x.float().sum())
        assert graph.nodes[0].data.tolist() == [0.5, -1.0, 3.0] and graph.root.data == 2.5
        assert "no backward pass" not in str(steps(x.float().sum()))

    def test_results_are_compared_as_exactly_as_their_operands_allow(self, torch):
        torch.manual_seed(0)
        w, x = torch.randn(300, 200), torch.randn(5, 300)
        kept, again = x @ w, (x.double() @ w.double()).float()
        assert agree(kept, again, [x, w]) and not agree(kept, again + 0.01, [x, w])
        small, large = torch.tensor([1e-6]), torch.tensor([1.0])  # 1 - 0.999999, in single precision
        assert agree(small, small + 1e-7, [large]) and not agree(small, small + 1e-7, [small])
        inf = torch.tensor([float("inf"), 1.0, float("nan")])
        assert agree(inf, inf.clone(), [inf]) and not agree(inf, -inf, [inf])

    @pytest.mark.parametrize("name", ["float16", "bfloat16", "float32"])
    def test_the_first_infinity_is_where_it_is_in_pytorch(self, torch, leaf, name):
        big = {"float16": 300.0, "bfloat16": 1e20, "float32": 1e20}[name]
        x = leaf(big, dtype=getattr(torch, name))
        y = x * x
        z = y * 0.001
        assert (
            [float(node.data) for node in trace(z).nodes if node.operands] == [y.item(), z.item()] == [float("inf")] * 2
        )
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert "means something else" not in draw(z).text + str(steps(z))

    def test_what_a_sum_swallows(self, torch, leaf):
        x, one = leaf(16777216.0), leaf(1.0)
        assert [node.data for node in trace((x + one) - x).nodes if node.operands] == [16777216.0, 0.0]

    def test_a_product_of_halves_is_rounded_as_a_half_is(self, torch, leaf):
        x, y = leaf(0.1, dtype=torch.float16), leaf(0.3, dtype=torch.float16)
        z = (x * y).exp()
        assert [float(n.data) for n in trace(z).nodes if n.operands] == [(x * y).item(), z.item()]
        assert "exp" in str(steps(z)) and "means something else" not in str(steps(z))


class TestSettings:
    def test_what_is_not_usual_is_said(self, torch, leaf):
        F, x = torch.nn.functional, leaf(2.0)
        cases = {
            "softplus(threshold=1)": F.softplus(x, threshold=1),
            "softplus(beta=3)": F.softplus(x, beta=3),
            "leaky relu(negative_slope=0.2)": F.leaky_relu(x, 0.2),
            "gelu(approximate=tanh)": F.gelu(x, approximate="tanh"),
            "elu(alpha=2)": F.elu(x, 2.0),
            "hardtanh(min_val=-3, max_val=3)": F.hardtanh(x, -3, 3),
            "clamp(min=0, max=1)": x.clamp(0, 1),
            "mse_loss(reduction='sum')": F.mse_loss(x, torch.tensor(1.0), reduction="sum"),
            "div(rounding_mode=floor)": torch.div(x, 3.0, rounding_mode="floor"),
            "sub(alpha=2)": torch.sub(x, x, alpha=2),
        }
        for op, y in cases.items():
            (want,) = torch.autograd.grad(y, x, retain_graph=True)
            assert trace(y).root.op == op and trace(y).root.data == pytest.approx(y.item())
            i = next(n.index for n in trace(y).nodes if n.kind == "leaf")
            assert gradients(y)[i] == pytest.approx(want.item()) and "threshold=1" in str(
                steps(cases["softplus(threshold=1)"])
            )

    def test_what_is_usual_is_not(self, torch, leaf):
        F, x = torch.nn.functional, leaf(0.5)
        found = [F.softplus(x), F.leaky_relu(x), F.gelu(x), x + x, F.mse_loss(x, torch.tensor(1.0))]
        assert [trace(y).root.op for y in found] == ["softplus", "leaky relu", "gelu", "+", "mse_loss"]

    def test_a_linear_layer_reads_as_its_formula(self, torch):
        layer, x = torch.nn.Linear(2, 3), torch.ones(1, 2)
        text = draw(layer(x), names={id(layer.weight): "W", id(layer.bias): "b", id(x): "x"}).text
        assert "W.T" in text and "x @ v3 + b" in text


class TestHooks:
    def test_a_hook_is_said_wherever_it_hangs(self, torch, leaf):
        x = leaf(2.0)
        y = x * 3
        y.register_hook(lambda g: g * 0)
        L = y * y
        assert "'v2' has a hook" in draw(L).text and "'v2' has a hook" in str(steps(L))
        z = leaf(2.0)
        z.register_hook(lambda g: g * 2)
        assert "'z' has a hook" in str(steps(z * z, {id(z): "z"}))

    def test_no_hook_is_run_and_none_is_invented(self, torch, leaf):
        seen = []
        x = leaf(2.0)
        y = x * 3
        y.register_hook(seen.append)
        draw(y * y), steps(y * y)
        assert seen == [] and "hook" not in draw(leaf(2.0) * 3).text
        kept = leaf(2.0) * 3
        kept.retain_grad()
        assert "hook" not in draw(kept * kept).text


class TestOperandsWithoutGradient:
    def names(self, root, **named):
        graph = trace(root, {id(x): name for name, x in named.items()})
        assert set(named) <= {node.label for node in graph.nodes}
        return graph

    def test_labels_masks_and_indices_are_drawn(self, torch, leaf):
        F = torch.nn.functional
        x, y, labels = torch.randn(3, 2), torch.randn(3, 2), torch.tensor([0, 1, 0])
        m, mask, w = torch.nn.Linear(2, 2), torch.tensor([True, False, True]), leaf([1.0, 2.0, 3.0])
        self.names(F.mse_loss(m(x), y), x=x, y=y)
        self.names(F.cross_entropy(m(x), labels), x=x, labels=labels)
        self.names(F.huber_loss(m(x), y), y=y)
        self.names(torch.nn.Embedding(3, 2)(labels).sum(), labels=labels)
        self.names(torch.where(mask, w, -w).sum(), mask=mask, w=w)
        self.names(w.masked_fill(mask, 0.0).sum(), mask=mask)
        self.names(w[labels].sum(), labels=labels)
        self.names(w.gather(0, labels).sum(), labels=labels)

    def test_one_tensor_is_one_node(self, torch, leaf):
        k, w = torch.tensor([1.0, 2.0]), leaf([3.0, 4.0])
        assert [n.name for n in self.names(w * k + (w / k), k=k).nodes if n.kind == "constant"] == ["k"]


class TestTensorsWithoutAnArray:
    def test_they_are_drawn_by_their_shape(self, torch):
        sparse = torch.eye(3).to_sparse().requires_grad_()
        meta = torch.ones(3, 2, device="meta", requires_grad=True)
        nested = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)], requires_grad=True)
        for y, shape in (
            ((sparse * 2).coalesce(), "3×3"),
            (meta * 2, "3×2"),
            (torch.sparse.mm(sparse, torch.ones(3, 1)), "3×3"),
        ):
            assert shape in table(y)
        assert "v0" in table(nested * 2)


class TestRuns:
    def factories(self, torch):
        return (
            torch.tensor,
            torch.Tensor,
            torch.nn.Parameter,
            lambda x: torch.tensor(x, requires_grad=True),
            lambda x: torch.tensor(float(x), dtype=torch.float64, requires_grad=True),
        )

    def test_any_way_to_make_a_leaf(self, torch):
        for make in self.factories(torch):
            report = gradcheck(lambda a, b: torch.tanh(a * b + 1), cls=make, a=2, b=-0.3)
            assert report.ok and [row.name for row in report.rows] == ["a", "b"]

    def test_arrays_in_single_precision(self, torch):
        make = lambda x: torch.tensor(x, requires_grad=True)  # noqa: E731
        assert gradcheck(lambda W, x: (W @ x).tanh().sum(), cls=make, W=[[1.0, 2.0], [3.0, 4.0]], x=[0.1, 0.2]).ok

    def test_a_wrong_gradient_is_found_in_single_precision(self, torch):
        class Double(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return 2 * x

            @staticmethod
            def backward(ctx, g):
                return 3 * g

        assert not gradcheck(lambda a: Double.apply(a) * a, cls=torch.tensor, a=1.5).ok

    def test_a_weight_from_outside_has_the_gradient_of_one_run(self, torch, leaf):
        w = leaf(3.0)
        explorer = explore(lambda a: (a.float() * w).tanh(), cls=torch.Tensor, a=0.1)
        for a in (0.2, 0.3):
            explorer.inputs = {"a": a}
        assert explorer.error is None and w.grad.item() == pytest.approx(0.3 * (1 - torch.tanh(torch.tensor(0.9)) ** 2))

    def test_what_has_no_gradient_is_said_in_a_sentence(self, torch, leaf):
        with pytest.raises(TypeError, match=r"f returned a tensor that has no gradient \(requires_grad=False\)"):
            gradcheck(named(lambda a: a.detach() * 2), cls=torch.Tensor, a=1)
        with pytest.raises(TypeError, match="f returned a 2-vector: gradients are of a single number"):
            gradcheck(named(lambda a: torch.stack([a, a])), cls=torch.Tensor, a=1)
        with pytest.raises(TypeError, match="a leaf is a tensor that nothing has computed"):
            gradcheck(lambda a: a * a, cls=lambda x: leaf(float(x)) * 1, a=1)

    def test_a_graph_that_has_lost_a_number_is_not_run_again(self, torch, leaf):
        for ask in (explore, gradcheck):
            with pytest.raises(TypeError, match="a number that the graph was computed with is lost"):
                ask((leaf(2.0) * leaf(0.1) - 5).relu())
        assert gradcheck(leaf(2.0) * 3 + leaf(1.0)).ok


def test_a_complex_leaf_is_refused_where_a_graph_runs_again(torch, leaf):
    with pytest.raises(TypeError, match=r"derivatives here are of real numbers, got \(1\+2j\)"):
        gradcheck((leaf(1 + 2j) * 2).abs())


def named(function):
    function.__name__ = "f"
    return function


def test_the_old_path_of_this_module_says_where_it_is_today(torch, leaf):
    from cgviz import graph

    y = leaf(2.0) * 3
    with pytest.warns(DeprecationWarning, match=r"cgviz\.graph\.pytorch today"):
        from cgviz.graph_torch import identity
    assert identity(y) == graph.identity(y) < 0


def test_an_operator_is_told_by_what_its_function_has_saved(torch, leaf):
    x = leaf([1.0, 2.0])
    found = [
        operator_of(y.grad_fn) for y in (x * x, torch.ops.aten.mul.Scalar(x, 2), 2 - x, x.sum(0), torch.cat([x, x]))
    ]
    assert [str(one.overload) for one in found] == [
        "aten.mul.Tensor", "aten.mul.Scalar", "aten.rsub.Scalar", "aten.sum.dim_IntList", "aten.cat.default",
    ]  # fmt: skip
    assert snake_case("MaxPool2DWithIndices") == "max_pool2d_with_indices"


def test_explaining_names_every_operand(torch, leaf):
    a = leaf(2.0)
    assert "· 3" in str(explain(a * 3 * a, a)) or "3 ·" in str(explain(a * 3 * a, a))
