"""Graphs that somebody else's package has built: each test runs the real one, and is skipped where it is missing."""

import json
import subprocess
import sys

import pytest

from cgviz import draw, draw_dot, explain, explore, gradcheck, steps, table, trace
from cgviz.chain_rule.flow import gradients
from cgviz.graph import identity, objects


def everything(root, names=None):
    """Every renderer, once; returns the steps."""
    assert "<svg" in draw(root, names=names).svg
    assert "digraph" in draw_dot(root, names=names).source
    assert table(root, names=names)
    assert explain(root, names=names).lines and explain(root)._repr_mimebundle_()["text/latex"]
    found = steps(root, names)
    json.dumps(found.plain, allow_nan=False)
    assert str(found)
    return found


class TestMicrograd:
    @pytest.fixture(autouse=True)
    def engine(self):
        self.Value = pytest.importorskip("micrograd.engine", reason="micrograd is not installed").Value

    def test_everything_agrees_with_its_own_gradients(self):
        a, b = self.Value(2.0), self.Value(-3.0)
        L = ((a * b + 10) ** 2 / b - a.relu()) ** 3 + (-a) ** -2
        L.backward()
        everything(L, {id(a): "a", id(b): "b"})
        assert gradients(trace(L)) == pytest.approx([node.grad for node in objects(L)])

    def test_a_square_whose_second_edge_its_set_has_lost(self):
        a = self.Value(3.0)
        L = a * a + a
        L.backward()
        graph = trace(L, {id(a): "a"})
        assert [node.operands for node in graph.nodes] == [(), (0,), (0, 1)]  # the picture shows what there is
        assert gradients(graph)[0] == a.grad == 7.0
        assert "a is used twice" not in str(steps(L))
        assert explain(graph).lines[0].startswith("(v1 is a * a: its class keeps operands in a set")
        assert steps(graph).notes[0].endswith("the graph shows one edge; both uses count here")
        assert steps(graph)[0].text == "v1 = a · a = 3 · 3 = 9"
        assert gradcheck(L).ok

    def test_it_explores_and_checks(self):
        f = lambda a, b: (a * b + a * a) ** 2 / b - a.relu()  # noqa: E731
        report = gradcheck(f, cls=self.Value, a=2, b=3)
        assert report.ok and len(report.rows) == 12
        explorer = explore(f, cls=self.Value, a=2, b=3)
        assert explorer.error is None and explorer.root.data == pytest.approx(98 / 3 + 2 / 3 - 2)
        replayed = explore((self.Value(2.0) ** 2 + 1) ** -1)
        assert replayed.error is None and replayed.root.data == pytest.approx(0.2)


class TestMlfz:
    @pytest.fixture(autouse=True)
    def engine(self):
        self.mlfz = pytest.importorskip("mlfz.nn.scalar", reason="mlfz is not installed")

    def test_scalar(self):
        a, x, b = (self.mlfz.Scalar(n) for n in (2.0, -1.0, 3.0))
        y = a * x + b
        s = self.mlfz.sigmoid(y)
        z = s + a
        z.backward()
        names = {id(a): "a", id(x): "x", id(b): "b", id(y): "y", id(s): "s", id(z): "z"}
        found = everything(z, names)
        assert gradients(trace(z)) == pytest.approx([node.backwards_grad for node in objects(z)])
        assert found[0].text == "v3 = a · x = 2 · -1 = -2" and "s = sigmoid(y)" in found[2].text
        assert found[-1].text == "∂z/∂x = ∂z/∂v3 · ∂v3/∂x = 0.1966 · a = 0.1966 · 2 = 0.3932"

    def test_scalar_is_checked_at_its_leaves(self):
        f = lambda a, x, b: self.mlfz.sigmoid(a * x + b) + a  # noqa: E731
        report = gradcheck(f, cls=self.mlfz.Scalar, a=2, x=-1, b=3)
        assert report.ok and [row.name for row in report.rows][:3] == ["a", "x", "b"]
        assert explore(f, cls=self.mlfz.Scalar, a=2, x=-1, b=3).error is None

    def test_a_class_whose_own_derivative_is_wrong_is_found(self):
        from mlfz.nn.tensor import Tensor

        assert gradcheck(lambda a, b: a / b, cls=self.mlfz.Scalar, a=2, b=3).ok
        report = gradcheck(lambda a, b: a / b, cls=Tensor, a=2, b=3)  # its rules take the one operand for the other
        assert [line.split(":")[0] for line in report.wrong] == [
            "grad of 'b' is -0.75, should be -0.2222",
            "grad of 'a' is 0.5, should be 0.3333",
        ]

    def test_tensor(self):
        np = pytest.importorskip("numpy")
        from mlfz.nn.tensor import Tensor

        rng = np.random.default_rng(0)
        X, W, b = Tensor(rng.normal(size=(5, 3))), Tensor(rng.normal(size=(3, 2))), Tensor(rng.normal(size=(1, 2)))
        L = ((X @ W + b) * (X @ W + b)).mean()
        L.backward()
        found = everything(L, {id(X): "X", id(W): "W", id(b): "b"})
        for ours, node in zip(gradients(L), objects(L), strict=True):
            assert np.allclose(ours, node.backwards_grad) and np.shape(ours) == np.shape(node.backwards_grad)
        assert "5×2 array" in str(found)


class TestTorch:
    @pytest.fixture(autouse=True)
    def engine(self, torch):
        self.torch = torch

    def leaf(self, number, label=""):
        tensor = self.torch.tensor(float(number), dtype=self.torch.float64, requires_grad=True)
        if label:
            tensor.label = label
        return tensor

    def worked(self):
        a, b, c, d = (self.leaf(n, l) for n, l in ((2, "a"), (-3, "b"), (10, "c"), (-2, "d")))
        e = a * b
        f = e + c
        L = f * d
        return (a, b, c, d), e, f, L, {identity(e): "e", identity(f): "f", identity(L): "L"}

    def test_the_worked_example(self):
        leaves, e, _, L, names = self.worked()
        found = everything(L, names)
        assert found[0].text == "e = a · b = 2 · -3 = -6"
        assert "∂L/∂a = ∂L/∂e · ∂e/∂a = -2 · b = -2 · -3 = 6" in str(found)
        rows = [(n.name, n.op, n.data, n.grad) for n in trace(L, names).nodes]
        assert rows[4:] == [("e", "*", -6.0, None), ("f", "+", 4.0, None), ("L", "*", -8.0, None)]
        L.backward()
        assert [n.grad for n in trace(L).leaves] == [6.0, -4.0, -2.0, 4.0]
        assert str(steps(L, names)) == str(found)  # what backward has freed is computed again from the leaves
        assert explain(L, leaves[0]).lines == explain(L, "a").lines
        assert explain(L, e).chains[0].total == -2.0

    def test_cells_that_are_not_known_are_left_out(self):
        _, _, _, L, names = self.worked()
        graph = trace(L, names)
        assert [n.has_grad for n in graph.nodes] == [True] * 4 + [False] * 3
        L.retain_grad()
        L.backward()
        assert trace(L).root.grad == 1.0

    def test_operations_get_their_symbols_and_numbers(self):
        torch, a, b = self.torch, self.leaf(2, "a"), self.leaf(3, "b")
        cases = {
            "*": a * b, "+": a + b, "-": a - b, "/": a / b, "neg": -a, "**": a**b, "**2": a**2, "exp": a.exp(),
            "log": a.log(), "sqrt": a.sqrt(), "sin": a.sin(), "tanh": a.tanh(), "σ": a.sigmoid(), "relu": a.relu(),
            "abs": a.abs(), "arctan": a.atan(), "max": torch.maximum(a, b), "min": torch.minimum(a, b),
            "log1p": a.log1p(), "softplus": torch.nn.functional.softplus(a),
            "leaky relu": torch.nn.functional.leaky_relu(a), "reciprocal": a.reciprocal(),
        }  # fmt: skip
        for symbol, y in cases.items():
            root = trace(y).root
            assert root.op == symbol
            want = torch.autograd.grad(y, [a, b], retain_graph=True, allow_unused=True)
            ours = {n.name: g for n, g in zip(trace(y).nodes, gradients(trace(y)), strict=True)}
            for name, g in zip("ab", want, strict=True):
                assert ours.get(name, 0.0) == pytest.approx(0.0 if g is None else g.item())

    def test_numbers_beside_tensors_are_constants(self):
        a = self.leaf(2, "a")
        assert [(n.name, n.kind) for n in trace(5 * a).nodes[:2]] == [("a", "leaf"), ("5", "constant")]
        assert [n.name for n in trace(10 - a).nodes[:2]] == [
            "10",
            "a",
        ]  # PyTorch has no use for it: told from the result
        assert trace(10 - a).root.data == 8.0
        assert [n.name for n in trace(2**a).nodes[:2]] == ["2", "a"]
        assert str(explain(10 - a, "a")) == "∂v2/∂a = ∂v2/∂v2 · ∂v2/∂a = 1 · -1 = -1"

    def test_settings_make_another_operation(self):
        a, b = self.leaf(2), self.leaf(3)
        graph = trace(self.torch.add(a, b, alpha=2))
        assert graph.root.op == "add(alpha=2)" and gradients(graph)[:2] == [1.0, 2.0]

    def test_a_square_keeps_both_edges(self):
        a = self.leaf(3, "a")
        assert len(trace(a * a).edges) == 2 and gradients(trace(a * a))[0] == 6.0

    def test_a_network_with_the_names_of_its_parameters(self):
        torch = self.torch
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)).double()
        loss = torch.nn.functional.mse_loss(model(torch.randn(5, 3).double()), torch.randn(5, 1).double())
        names = {id(p): name for name, p in model.named_parameters()}
        found = everything(loss, names)
        loss.backward(retain_graph=True)
        graph = trace(loss, names)
        shapes = {n.name: n.data.shape for n in graph.nodes if hasattr(n.data, "shape")}
        assert shapes["0.weight"] == (4, 3) and shapes["5×3 array"] == (5, 3)
        last = {step.name: step.after for step in found.backward}
        for name, parameter in model.named_parameters():
            assert last[name] == pytest.approx(parameter.grad.numpy())

    def test_what_backward_has_freed_is_said(self):
        a = self.torch.ones(3, requires_grad=True)
        L = (a * a).sum()
        L.backward()
        assert "<svg" in draw(L).svg
        with pytest.raises(TypeError, match=r"PyTorch has freed the values .*retain_graph=True"):
            steps(L)

    def test_leaves_alone_and_things_that_are_no_tensors(self):
        assert trace(self.leaf(2, "a")).root[1:6] == ("a", "", 2.0, None, "leaf")
        assert trace(self.torch.ones(2, 3)).root.kind == "constant"
        with pytest.raises(TypeError, match=r"got a Linear, a model: give .* as in draw\(model\(x\), names=model\)"):
            draw(self.torch.nn.Linear(2, 3))

    def test_it_checks_and_explores(self):
        torch = self.torch
        f = lambda a, x, b: torch.sigmoid(a * x + b) + a  # noqa: E731
        report = gradcheck(f, cls=torch.Tensor, a=2, b=3, x=-1)
        assert report.ok and [row.name for row in report.rows] == ["a", "x", "b"]
        assert explore(f, cls=torch.Tensor, a=2, b=3, x=-1).error is None
        assert gradcheck(torch.tanh(self.leaf(2) ** 2)).ok

    def test_a_wrong_function_of_the_users_own_is_found(self):
        torch = self.torch

        class Square(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x * x

            @staticmethod
            def backward(ctx, g):
                return g * ctx.saved_tensors[0]

        report = gradcheck(lambda a: Square.apply(a) + 1, cls=torch.Tensor, a=3)
        assert report.wrong[0].startswith("grad of 'a' is 3, should be 6")
        assert trace(Square.apply(self.leaf(3))).root.op == "square"

    def test_a_function_with_several_outputs_is_a_node_for_each(self):
        torch, x = self.torch, torch_arange(self.torch)
        first, second, third = torch.unbind(x * x)
        top, _ = torch.topk(x * x, 2)
        for y in (third * first + second, torch.split(x * x, 1)[1].sum(), top @ top, torch.linalg.svdvals(x[None])[0]):
            (wanted,) = torch.autograd.grad(y, x, retain_graph=True)
            ours = next(g for n, g in zip(trace(y).nodes, gradients(y), strict=True) if n.kind == "leaf")
            assert ours == pytest.approx(wanted.numpy())
            everything(y)
        drawn = table(third * first + second)
        assert "unbind(v1)" in drawn and "unbind(v1, output=2)" in drawn
        assert explain(third * first, third).chains[0].total == first.item()

    def test_a_function_of_the_users_own_is_asked_for_its_derivative(self):
        torch, a = self.torch, self.leaf(2, "a")

        class Both(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return 2 * x, 3 * x

            @staticmethod
            def backward(ctx, g, h):
                return 2 * g + 3 * h

        double, triple = Both.apply(a)
        assert gradients(double * triple)[0] == 24.0
        assert gradients(triple * 1)[0] == 3.0
        assert "both(output=1)" in {n.op for n in trace(triple * 1).nodes}

    def test_what_was_changed_in_place_is_said(self):
        torch, x = self.torch, torch_arange(self.torch)
        y = (x * x).sum()
        with torch.no_grad():
            x -= 1
        graph = trace(y)
        assert [node.stale for node in graph.nodes] == ["gradient", "value", "operands"] and graph.root.data == 14.0
        assert "stale: a leaf has changed since v1, v2 was computed; run the expression again" in str(steps(y))

    def test_complex_numbers_are_drawn_and_not_differentiated(self):
        y = (self.torch.tensor(1 + 2j, requires_grad=True) * 2).abs()
        assert "(1+2j)" in table(y)
        for ask in (steps, explain, gradients):
            with pytest.raises(TypeError, match="node 'v0' holds a complex number, derivatives here are of real ones"):
                ask(y)

    def test_a_tensor_without_a_graph_is_explained_as_what_it_is(self):
        with self.torch.no_grad():
            y = torch_arange(self.torch) * 2
        assert str(explain(y)) == "∂(3-vector)/∂(3-vector) = [1, 1, 1]"

    def test_an_explanation_takes_names(self):
        a, b = self.leaf(2), self.leaf(3)
        assert "∂v2/∂b = ∂v2/∂v2 · ∂v2/∂b = 1 · a" in str(explain(a * b, names={id(a): "a", id(b): "b"}))

    def test_deep_graphs_need_no_recursion(self):
        y = self.leaf(1.0, "x")
        for _ in range(3000):
            y = y * 1.0001
        assert len(trace(y).nodes) == 6001

    def test_reading_a_graph_leaves_it_alone(self):
        (a, *_), _, _, L, _ = self.worked()
        everything(L)
        assert a.grad is None
        L.backward()
        assert a.grad.item() == 6.0


def torch_arange(torch):
    return torch.tensor([1.0, 3.0, 2.0], dtype=torch.float64, requires_grad=True)


def test_nothing_foreign_is_imported_for_our_own_graphs():
    code = """
import sys
import cgviz
L = cgviz.Value(2, "a") * 3
cgviz.draw(L).svg, cgviz.explain(L), cgviz.steps(L), cgviz.gradcheck(L), cgviz.derivative("a*a")(2)
assert not {"torch", "micrograd", "mlfz", "cgviz.graph.pytorch"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
