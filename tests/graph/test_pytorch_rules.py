"""The derivatives of PyTorch's functions, asked alone: each meets its edge, none changes anything or raises raw."""

import warnings

import pytest

from cgviz import draw, explain, gradcheck, steps, table, trace
from cgviz.chain_rule.flow import gradients
from cgviz.graph.function_rules import runs_backward
from cgviz.ops.rows import find


@pytest.fixture
def own(torch):
    """Functions of somebody's own, by name, each applied to one tensor."""
    found = {}

    def enter(cls):
        made = type(cls.__name__, (torch.autograd.Function,), dict(vars(cls)))
        found[cls.__name__] = made.apply
        return made

    @enter
    class Relu:  # has the numbers of the row, and another derivative: as guided backpropagation has
        @staticmethod
        def forward(ctx, x):
            return x.clamp(min=0)

        @staticmethod
        def backward(ctx, g):
            return 7 * g

    @enter
    class Round:  # straight through
        @staticmethod
        def forward(ctx, x):
            return x.round()

        @staticmethod
        def backward(ctx, g):
            return g

    @enter
    class Exp:  # with settings before and after the tensor
        @staticmethod
        def forward(ctx, k, x, name):
            y = (k * x).exp()
            ctx.save_for_backward(y)
            ctx.k = k
            return y

        @staticmethod
        def backward(ctx, g):
            return None, ctx.k * g * ctx.saved_tensors[0], None

    @enter
    class Between:  # of three tensors the second has no gradient
        @staticmethod
        def forward(ctx, x, k, y):
            ctx.save_for_backward(x, k, y)
            return x * k * y

        @staticmethod
        def backward(ctx, g):
            x, k, y = ctx.saved_tensors
            return g * k * y, None, g * x * k

    @enter
    class Writes:
        @staticmethod
        def forward(ctx, x):
            return 2 * x

        @staticmethod
        def backward(ctx, g):
            return g.mul_(2)

    @enter
    class Fails:
        @staticmethod
        def forward(ctx, x):
            return 1 * x

        @staticmethod
        def backward(ctx, g):
            raise ValueError("not today")

    exp, between = found["Exp"], found["Between"]
    found["Exp"] = lambda x: exp(2.0, x, "name")
    found["Between"] = lambda x: between(x, torch.full_like(x, 3.0).detach(), x * x)
    return found


def leaves(torch):
    for dtype in (torch.float64, torch.float32):
        for data in (1.7, [1.7, 0.2]):
            yield torch.tensor(data, dtype=dtype, requires_grad=True)


@pytest.mark.parametrize("name", ["Relu", "Round", "Exp", "Between", "Writes"])
def test_the_derivative_of_a_function_of_ones_own_is_its_own(torch, own, name):
    for x in leaves(torch):
        y = (own[name](x) * x).sum()
        (want,) = torch.autograd.grad(y, x, retain_graph=True)
        graph = trace(y)
        i = next(node.index for node in graph.nodes if node.kind == "leaf")
        for _ in range(2):  # and asking changes nothing
            assert gradients(y)[i] == pytest.approx(want.numpy(), rel=1e-5)
        assert "no backward pass" not in str(steps(y)) and str(explain(y))
        assert "means something else" not in table(y) + str(steps(y))
        assert find(name.lower(), 1) is None or f"{name.lower()}(v0)" not in str(steps(y))  # which would be the row
        assert x.grad is None


def test_no_row_runs_it_again_in_its_place(torch, own):
    x = torch.tensor(2.0, requires_grad=True)
    with pytest.raises(TypeError, match="'v1' was computed by 'relu', which cannot be run again from the graph alone"):
        gradcheck(own["Relu"](x) * x)
    report = gradcheck(lambda a: own["Relu"](a) * a, cls=torch.tensor, a=2.0)
    assert report.wrong[0].startswith("grad of 'a' is 16, should be 4")


def test_code_of_somebodys_does_not_run_for_a_drawing(torch):
    calls = []

    class Counted(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return 2 * x

        @staticmethod
        def backward(ctx, g):
            calls.append(g)
            return 2 * g

    y = Counted.apply(torch.tensor(2.0, requires_grad=True)) * 3
    draw(y), table(y), trace(y)
    assert not calls
    assert gradients(y)[0] == 6.0 and calls


def test_a_rule_that_fails_is_said_with_its_node(torch, own):
    for x in leaves(torch):
        y = own["Fails"](x).sum() * 2
        said = r"for 'fails', which computed 'v[12]': its own backward\(\) raises ValueError: not today"
        with pytest.raises(TypeError, match=said):
            gradients(y)
        assert "raises ValueError: not today" in str(steps(y)) and "raises ValueError: not today" in str(explain(y))
        assert "forward" in str(steps(y))
    s = torch.tensor(0.7, requires_grad=True)
    for y in ((s // 0.2) * s, (torch.stack([s, s]) // 0.2).sum()):
        assert "derivative for aten::floor_divide is not implemented" in str(steps(y))


def test_a_tensor_that_was_written_over_is_said_with_the_node_that_needs_it(torch):
    z = torch.tensor([1.0, -2.0], requires_grad=True) * 2
    z.sigmoid_().clamp_(max=0.5)
    assert "which computed 'v3': a tensor has been changed in place" in str(steps(z.sum()))


def test_looking_runs_no_backward_pass_of_somebodys(torch):
    checkpoint = __import__("torch.utils.checkpoint").utils.checkpoint.checkpoint
    layer, x = torch.nn.Linear(2, 2), torch.ones(1, 2, requires_grad=True)
    y = checkpoint(layer, x, use_reentrant=True).sum()
    assert runs_backward(y.grad_fn.next_functions[0][0])
    for ask in (draw, table, trace, steps, explain):
        said = str(ask(y)) if ask is not trace else "runs another"
        assert "runs another" in (draw(y).text if ask is draw else said)
    assert layer.weight.grad is None and x.grad is None
    with pytest.raises(
        TypeError, match="no derivative is known for 'checkpoint_function', which computed 'v1': it has"
    ):
        gradients(y)


def test_a_sparse_gradient_is_that_of_the_whole_array(torch):
    layer = torch.nn.Embedding(4, 2, sparse=True)
    y = layer(torch.tensor([1, 1, 3])).sum()
    assert gradients(y)[0].tolist() == [[0.0, 0.0], [2.0, 2.0], [0.0, 0.0], [1.0, 1.0]]


def test_a_gradient_that_is_no_array_is_said(torch):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nested = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)], requires_grad=True)
        y = torch.nested.to_padded_tensor(nested * 2, 0.0).sum()
    assert "what PyTorch gives as a gradient is not an array of numbers" in str(steps(y))


def test_a_hook_on_a_leaf_that_has_its_gradient_is_said(torch):
    x = torch.tensor(2.0, requires_grad=True)
    x.register_post_accumulate_grad_hook(lambda leaf: leaf.grad.zero_())
    assert "'v0' has a hook" in str(steps(x * x)) and "'v0' has a hook" in draw(x * x).text


class TestTensorsThatWerePackedToBeKept:
    def packed(self, torch, pack, unpack):
        with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
            x = torch.tensor([1.0, 2.1], requires_grad=True)
            return x, (x.exp() * x).sum()

    def test_with_fewer_digits_is_no_change_of_a_leaf(self, torch):
        x, y = self.packed(torch, lambda t: t.half(), lambda t: t.float())
        assert "stale" not in table(y) and trace(y).nodes[1].data == pytest.approx(x.detach().exp().numpy(), rel=1e-6)
        (want,) = torch.autograd.grad(y, x, retain_graph=True)
        assert gradients(y)[0] == pytest.approx(want.numpy())

    def test_a_hook_is_not_run_for_a_drawing_and_may_fail_in_steps(self, torch):
        seen = []
        _, y = self.packed(torch, lambda t: t, lambda t: seen.append(t) or 1 / 0)
        assert "[2.718, 8.166]" in table(y) and not seen
        assert "raises ZeroDivisionError" in str(steps(y))

    def test_a_checkpoint_computes_nothing_again_for_a_drawing(self, torch):
        checkpoint = __import__("torch.utils.checkpoint").utils.checkpoint.checkpoint
        layer = torch.nn.BatchNorm1d(2)
        y = checkpoint(layer, torch.randn(4, 2, requires_grad=True), use_reentrant=False).exp().sum()
        draw(y), table(y)
        assert layer.num_batches_tracked == 1

    def test_pytorchs_own_way_to_another_device_is_read(self, torch):
        with torch.autograd.graph.save_on_cpu():
            w = torch.ones(2, requires_grad=True)
            y = (w * torch.tensor([3.0, 4.0])).sum()
        assert "[3, 4]" in table(y)
