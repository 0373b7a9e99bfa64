"""Operations and models of PyTorch, each as a function of `t`, which has torch, its modules, and tensors to begin with.

`t.x`, `t.y` are 3×4, `t.p` is 3×4 and positive, `t.u` between 0 and 1, `t.v` a 4-vector, `t.s`, `t.r` single numbers,
`t.m` 4×4 and well conditioned, `t.i` 2×2×6×6; `t.k`, `t.mask`, `t.labels`, `t.at` are data without a gradient.
"""

from importlib import import_module

OPERATIONS = {
    # numbers beside tensors, under each of PyTorch's own overloads
    "add number": lambda t: t.x + 3,
    "number add": lambda t: 0.1 + t.x,
    "sub number": lambda t: t.x - 1.5,
    "number sub": lambda t: 2 - t.x,
    "mul number": lambda t: t.x * 3,
    "div number": lambda t: t.x / 7,
    "number div": lambda t: 2 / t.p,
    "add number to one": lambda t: t.s + 3,
    "number sub one": lambda t: 2 - t.s,
    "aten mul.Scalar": lambda t: t.aten.mul.Scalar(t.s, 3),
    "aten add.Scalar": lambda t: t.aten.add.Scalar(t.s, 3),
    "aten add.Scalar alpha": lambda t: t.aten.add.Scalar(t.s, 3, 2),
    "aten sub.Scalar": lambda t: t.aten.sub.Scalar(t.s, 3),
    "aten div.Scalar": lambda t: t.aten.div.Scalar(t.s, 3),
    "aten rsub.Scalar": lambda t: t.aten.rsub.Scalar(t.s, 3),
    "aten mul.Scalar array": lambda t: t.aten.mul.Scalar(t.x, 3),
    "rsub alpha": lambda t: t.torch.rsub(t.x, 3, alpha=2),
    "rsub tensors": lambda t: t.torch.rsub(t.x, t.y),
    "pow 2": lambda t: t.x**2,
    "pow 3": lambda t: t.s**3,
    "pow half": lambda t: t.p**0.5,
    "pow tensor": lambda t: t.p**t.y,
    "number pow": lambda t: 2**t.x,
    "grad of a cube": lambda t: t.torch.autograd.grad(t.s**3, t.s, create_graph=True)[0],
    "grad of a cube of arrays": lambda t: t.torch.autograd.grad((t.x**3).sum(), t.x, create_graph=True)[0],
    "second derivative": lambda t: t.twice(lambda x: x.sin() * x, t.s),
    "second derivative of tanh": lambda t: t.twice(lambda x: x.tanh(), t.s),
    # two tensors
    "add": lambda t: t.x + t.y,
    "add broadcast": lambda t: t.x + t.v,
    "add alpha": lambda t: t.torch.add(t.x, t.y, alpha=0.5),
    "sub": lambda t: t.x - t.y,
    "sub alpha": lambda t: t.torch.sub(t.x, t.y, alpha=3),
    "mul": lambda t: t.x * t.y,
    "square by mul": lambda t: t.x * t.x,
    "div": lambda t: t.x / t.p,
    "div floor": lambda t: t.torch.div(t.x, t.p, rounding_mode="floor") + t.x,
    "data add": lambda t: t.x + t.k,
    "data mul": lambda t: t.x * t.k,
    "data div": lambda t: t.k / t.p,
    "maximum": lambda t: t.torch.maximum(t.x, t.y),
    "minimum": lambda t: t.torch.minimum(t.x, t.y),
    "atan2": lambda t: t.torch.atan2(t.x, t.p),
    "hypot": lambda t: t.torch.hypot(t.x, t.y),
    "logaddexp": lambda t: t.torch.logaddexp(t.x, t.y),
    "fmod": lambda t: t.torch.fmod(t.x, 0.7),
    "remainder": lambda t: t.x % 0.7,
    "lerp": lambda t: t.torch.lerp(t.x, t.y, 0.3),
    "lerp tensor": lambda t: t.torch.lerp(t.x, t.y, t.u),
    "addcmul": lambda t: t.torch.addcmul(t.x, t.y, t.p, value=0.5),
    "addcdiv": lambda t: t.torch.addcdiv(t.x, t.y, t.p, value=2),
    "xlogy": lambda t: t.torch.xlogy(t.x, t.p),
    "xlogy number": lambda t: t.torch.xlogy(2.0, t.p),
    "ldexp": lambda t: t.torch.copysign(t.x, t.y),
    # one tensor
    "round": lambda t: t.torch.round(t.x, decimals=1) + t.x,
    "clamp": lambda t: t.x.clamp(-0.3, 0.5),
    "clamp_min": lambda t: t.x.clamp_min(0.1),
    "clamp_max": lambda t: t.x.clamp(max=0.1),
    "clamp tensors": lambda t: t.torch.clamp(t.x, t.k - 1, t.k + 1),
    "nan_to_num": lambda t: t.torch.nan_to_num(t.x),
    "leaky_relu": lambda t: t.F.leaky_relu(t.x),
    "leaky_relu slope": lambda t: t.F.leaky_relu(t.x, 0.3),
    "leaky_relu slope one": lambda t: t.F.leaky_relu(-t.s.abs(), 0.3),
    "elu alpha": lambda t: t.F.elu(t.x, 2.0),
    "celu alpha": lambda t: t.F.celu(t.x, 2.0),
    "gelu": lambda t: t.F.gelu(t.x),
    "gelu tanh": lambda t: t.F.gelu(t.x, approximate="tanh"),
    "softplus": lambda t: t.F.softplus(t.x),
    "softplus beta": lambda t: t.F.softplus(t.s, beta=3),
    "softplus threshold": lambda t: t.F.softplus(t.s, threshold=0.1),
    "softplus of arrays with threshold": lambda t: t.F.softplus(t.x, beta=2, threshold=0.5),
    "silu": lambda t: t.F.silu(t.x),
    "mish": lambda t: t.F.mish(t.x),
    "hardtanh": lambda t: t.F.hardtanh(t.x, -0.5, 0.5),
    "relu6": lambda t: t.F.relu6(t.x),
    "hardswish": lambda t: t.F.hardswish(t.x),
    "hardsigmoid": lambda t: t.F.hardsigmoid(t.x),
    "hardshrink": lambda t: t.F.hardshrink(t.x),
    "softshrink": lambda t: t.F.softshrink(t.x, 0.2),
    "threshold": lambda t: t.F.threshold(t.x, 0.1, 20.0),
    "logsigmoid": lambda t: t.F.logsigmoid(t.x),
    "prelu": lambda t: t.F.prelu(t.x, t.s.reshape(1)),
    "glu": lambda t: t.F.glu(t.x),
    "softsign": lambda t: t.F.softsign(t.x),
    # reductions
    "sum": lambda t: t.x.sum(),
    "sum dim": lambda t: t.x.sum(1),
    "sum keepdim": lambda t: t.x.sum(0, keepdim=True) * t.x,
    "mean": lambda t: t.x.mean(),
    "mean dims": lambda t: t.i.mean((2, 3)),
    "prod": lambda t: t.x.prod(),
    "prod dim": lambda t: t.x.prod(1),
    "max": lambda t: t.x.max(),
    "max dim": lambda t: t.x.max(1).values,
    "min dim": lambda t: t.x.min(0)[0],
    "amax": lambda t: t.x.amax(1),
    "median": lambda t: t.x.median(),
    "median dim": lambda t: t.x.median(1).values,
    "kthvalue": lambda t: t.x.kthvalue(2, 1).values,
    "topk": lambda t: t.x.topk(2, dim=1).values,
    "sort": lambda t: t.x.sort(1, descending=True).values,
    "std": lambda t: t.x.std(),
    "std dim": lambda t: t.x.std(1),
    "var unbiased": lambda t: t.x.var(1, unbiased=False),
    "var_mean": lambda t: sum(t.torch.var_mean(t.x, 1)),
    "norm": lambda t: t.x.norm(),
    "norm 1": lambda t: t.x.norm(1, 1),
    "vector_norm": lambda t: t.torch.linalg.vector_norm(t.x, 3, dim=1),
    "logsumexp": lambda t: t.x.logsumexp(1),
    "cumsum": lambda t: t.x.cumsum(1),
    "cumprod": lambda t: t.x.cumprod(1),
    "logcumsumexp": lambda t: t.x.logcumsumexp(1),
    "cummax": lambda t: t.x.cummax(1).values,
    "softmax": lambda t: t.x.softmax(1),
    "log_softmax": lambda t: t.x.log_softmax(0),
    "dist": lambda t: t.torch.dist(t.x, t.y),
    "cdist": lambda t: t.torch.cdist(t.x, t.y),
    # matrices
    "matmul": lambda t: t.x @ t.y.T,
    "mv": lambda t: t.x @ t.v,
    "dot": lambda t: t.v @ t.v,
    "bmm": lambda t: t.i[:, 0] @ t.i[:, 1],
    "addmm": lambda t: t.torch.addmm(t.m, t.m, t.m),
    "addmm alpha": lambda t: t.torch.addmm(t.m, t.m, t.m, alpha=0.5, beta=2),
    "baddbmm": lambda t: t.torch.baddbmm(t.i[:, 0], t.i[:, 1], t.i[:, 1]),
    "outer": lambda t: t.torch.outer(t.v, t.v),
    "einsum": lambda t: t.torch.einsum("ij,kj->ik", t.x, t.y),
    "inverse": lambda t: t.torch.linalg.inv(t.m),
    "det": lambda t: t.torch.linalg.det(t.m),
    "slogdet": lambda t: t.torch.linalg.slogdet(t.m)[1],
    "solve": lambda t: t.torch.linalg.solve(t.m, t.v),
    "cholesky": lambda t: t.torch.linalg.cholesky(t.m @ t.m.T),
    "svdvals": lambda t: t.torch.linalg.svdvals(t.m),
    "qr": lambda t: t.torch.linalg.qr(t.m)[1],
    "eigvalsh": lambda t: t.torch.linalg.eigvalsh(t.m + t.m.T),
    "matrix_exp": lambda t: t.torch.matrix_exp(t.m / 5),
    "trace": lambda t: t.m.trace(),
    "tril": lambda t: t.m.tril(),
    "triu": lambda t: t.m.triu(1),
    "diag": lambda t: t.m.diag(),
    "diag_embed": lambda t: t.v.diag_embed(),
    "cross": lambda t: t.torch.linalg.cross(t.x[:, :3], t.y[:, :3]),
    # views
    "reshape": lambda t: t.x.reshape(2, 6),
    "view": lambda t: t.x.view(-1) * 2,
    "flatten": lambda t: t.i.flatten(1),
    "transpose": lambda t: t.i.transpose(-1, 1),
    "permute": lambda t: t.i.permute(0, 2, 3, -3),
    "squeeze": lambda t: t.x[None].squeeze(0),
    "expand": lambda t: t.v.expand(3, 4) * t.x,
    "repeat": lambda t: t.v.repeat(2, 3),
    "slice": lambda t: t.x[:, 1:3],
    "slice step": lambda t: t.x[::2, -3:],
    "select": lambda t: t.x[-1],
    "item": lambda t: t.x[1, 2] * 2,
    "cat": lambda t: t.torch.cat([t.x, t.y, t.k], 1),
    "stack": lambda t: t.torch.stack([t.x, t.y], -1),
    "split": lambda t: t.x.split(2, 1)[1],
    "split sizes": lambda t: t.x.split([1, 3], 1)[1] * 2,
    "chunk": lambda t: t.x.chunk(2, 1)[0] * t.x.chunk(2, 1)[1],
    "unbind": lambda t: t.x.unbind(1)[2],
    "flip": lambda t: t.x.flip(1),
    "roll": lambda t: t.x.roll(1, 1),
    "rot90": lambda t: t.torch.rot90(t.x),
    "unfold": lambda t: t.v.unfold(0, 2, 1),
    "diagonal": lambda t: t.m.diagonal(),
    "movedim": lambda t: t.i.movedim(1, 3),
    "pad": lambda t: t.F.pad(t.x, (1, 1)),
    "pad with a number": lambda t: t.F.pad(t.x, (1, 1), value=3.0),
    "pad reflected": lambda t: t.F.pad(t.x, (1, 1), mode="reflect"),
    "contiguous": lambda t: t.x.T.contiguous(),
    "clone": lambda t: t.x.clone() * 2,
    "double": lambda t: t.x.float() * 2,
    "as_strided": lambda t: t.x.as_strided((2, 2), (1, 2)),
    "tile": lambda t: t.torch.tile(t.v, (2,)),
    "repeat_interleave": lambda t: t.v.repeat_interleave(2),
    "broadcast": lambda t: sum(t.torch.broadcast_tensors(t.x, t.v)),
    "meshgrid": lambda t: t.torch.meshgrid(t.v, t.v, indexing="ij")[0] * 2,
    # indices and masks
    "index": lambda t: t.x[t.at],
    "index of columns": lambda t: t.x[:, t.at],
    "index by mask": lambda t: t.x[t.mask],
    "gather": lambda t: t.x.gather(1, t.labels[:, None]),
    "index_select": lambda t: t.x.index_select(0, t.at),
    "take": lambda t: t.x.take(t.at),
    "masked_select": lambda t: t.x.masked_select(t.mask),
    "masked_fill": lambda t: t.x.masked_fill(t.mask, -1e3),
    "masked_fill tensor": lambda t: t.x.masked_fill(t.mask, t.s),
    "where": lambda t: t.torch.where(t.mask, t.x, t.y),
    "where number": lambda t: t.torch.where(t.mask, t.x, 0.0),
    "scatter": lambda t: t.x.scatter(1, t.labels[:, None], 2.0),
    "scatter_add": lambda t: t.x.scatter_add(1, t.labels[:, None], t.y[:, :1]),
    "index_add": lambda t: t.x.index_add(0, t.at, t.y[:2]),
    "index_put": lambda t: t.x.index_put((t.at,), t.y[:2]),
    "embedding": lambda t: t.F.embedding(t.labels, t.m),
    "embedding_bag": lambda t: t.F.embedding_bag(t.labels[None], t.m),
    "one_hot": lambda t: (t.F.one_hot(t.labels, 4) * t.x).sum(),
    "take_along_dim": lambda t: t.torch.take_along_dim(t.x, t.labels[:, None], 1),
    # in place
    "add in place": lambda t: (t.x * 2).add_(1).exp(),
    "mul in place": lambda t: (t.x + t.y).mul_(3),
    "sub in place": lambda t: (t.x * 2).sub_(t.y),
    "div in place": lambda t: (t.x * 2).div_(4),
    "pow in place": lambda t: (t.p * 2).pow_(2),
    "relu in place": lambda t: t.torch.relu_(t.x * 2),
    "exp in place": lambda t: (t.x * 2).exp_(),
    "tanh in place": lambda t: (t.x * 2).tanh_(),
    "clamp in place": lambda t: (t.x * 2).clamp_(-1, 1),
    "masked_fill in place": lambda t: (t.x * 2).masked_fill_(t.mask, 0.5),
    "zero in place": lambda t: (t.x * 2).zero_() + t.y,
    "fill in place": lambda t: (t.x * 2).fill_(3.0) * t.y,
    "copy in place": lambda t: (t.x * 2).copy_(t.y) * 3,
    "written slice": lambda t: t.written(lambda z: z[0].copy_(t.v)),
    "written element": lambda t: t.written(lambda z: z.__setitem__((1, 2), t.s)),
    "written in place, used before": lambda t: t.before_and_after(t.x),
    # losses
    "mse_loss": lambda t: t.F.mse_loss(t.x, t.k),
    "mse_loss of both": lambda t: t.F.mse_loss(t.x, t.y, reduction="sum"),
    "mse_loss none": lambda t: t.F.mse_loss(t.x, t.y, reduction="none"),
    "l1_loss": lambda t: t.F.l1_loss(t.x, t.k),
    "smooth_l1_loss": lambda t: t.F.smooth_l1_loss(t.x, t.k, beta=0.5),
    "huber_loss": lambda t: t.F.huber_loss(t.x, t.k, delta=0.5),
    "cross_entropy": lambda t: t.F.cross_entropy(t.x, t.labels),
    "cross_entropy smoothed": lambda t: t.F.cross_entropy(t.x, t.labels, label_smoothing=0.1),
    "cross_entropy weighted": lambda t: t.F.cross_entropy(t.x, t.labels, weight=t.k[0].abs()),
    "cross_entropy of probabilities": lambda t: t.F.cross_entropy(t.x, t.k.softmax(1)),
    "nll_loss": lambda t: t.F.nll_loss(t.x.log_softmax(1), t.labels, reduction="sum"),
    "binary_cross_entropy": lambda t: t.F.binary_cross_entropy(t.u, t.mask.to(t.u)),
    "binary_cross_entropy_with_logits": lambda t: t.F.binary_cross_entropy_with_logits(t.x, t.mask.to(t.x)),
    "kl_div": lambda t: t.F.kl_div(t.x.log_softmax(1), t.k.softmax(1), reduction="batchmean"),
    "hinge_embedding_loss": lambda t: t.F.hinge_embedding_loss(t.x, t.k.sign()),
    "margin_ranking_loss": lambda t: t.F.margin_ranking_loss(t.x, t.y, t.k.sign(), margin=0.5),
    "margin_ranking_loss of numbers": lambda t: t.F.margin_ranking_loss(t.s, t.r, t.torch.ones_like(t.s), margin=0.5),
    "soft_margin_loss": lambda t: t.F.soft_margin_loss(t.x, t.k.sign()),
    "multi_margin_loss": lambda t: t.F.multi_margin_loss(t.x, t.labels),
    "multilabel_soft_margin_loss": lambda t: t.F.multilabel_soft_margin_loss(t.x, t.mask.to(t.x)),
    "triplet_margin_loss": lambda t: t.F.triplet_margin_loss(t.x, t.y, t.p),
    "cosine_embedding_loss": lambda t: t.F.cosine_embedding_loss(t.x, t.y, t.k[:, 0].sign()),
    "cosine_similarity": lambda t: t.F.cosine_similarity(t.x, t.y),
    "poisson_nll_loss": lambda t: t.F.poisson_nll_loss(t.x, t.k.abs()),
    "gaussian_nll_loss": lambda t: t.F.gaussian_nll_loss(t.x, t.k, t.p),
    "ctc_loss": lambda t: t.F.ctc_loss(
        t.i[0].permute(1, 0, 2).log_softmax(2), t.torch.tensor([[1, 2], [3, 4]]), (6, 6), (2, 2)
    ),
    # layers as functions
    "linear": lambda t: t.F.linear(t.x, t.m),
    "linear with bias": lambda t: t.F.linear(t.x, t.m, t.v),
    "linear of three axes": lambda t: t.F.linear(t.x[None], t.m, t.v),
    "bilinear": lambda t: t.F.bilinear(t.x, t.y, t.m[None]),
    "conv2d": lambda t: t.F.conv2d(t.i, t.i[:, :, :3, :3], t.v[:2]),
    "conv2d without bias": lambda t: t.F.conv2d(t.i, t.i[:, :, :3, :3], stride=2, padding=1),
    "conv1d": lambda t: t.F.conv1d(t.i[0], t.i[0][:, :, :3], dilation=2),
    "conv_transpose2d": lambda t: t.F.conv_transpose2d(t.i, t.i[:, :, :3, :3]),
    "max_pool2d": lambda t: t.F.max_pool2d(t.i, 2),
    "avg_pool2d": lambda t: t.F.avg_pool2d(t.i, 2, padding=1, count_include_pad=False),
    "adaptive_avg_pool2d": lambda t: t.F.adaptive_avg_pool2d(t.i, 3),
    "adaptive_max_pool2d": lambda t: t.F.adaptive_max_pool2d(t.i, 3),
    "max_pool1d": lambda t: t.F.max_pool1d(t.i[0], 2),
    "lp_pool2d": lambda t: t.F.lp_pool2d(t.i.abs(), 2, 2),
    "interpolate": lambda t: t.F.interpolate(t.i, scale_factor=2, mode="nearest"),
    "interpolate bilinear": lambda t: t.F.interpolate(t.i, scale_factor=2, mode="bilinear", align_corners=True),
    "pixel_shuffle": lambda t: t.F.pixel_shuffle(t.i.reshape(1, 4, 6, 6), 2),
    "image patches": lambda t: t.F.unfold(t.i, 3),
    "grid_sample": lambda t: t.F.grid_sample(t.i, t.i[:, :, :, :2].permute(0, 2, 1, 3).tanh(), align_corners=False),
    "layer_norm": lambda t: t.F.layer_norm(t.x, (4,), t.v, t.v),
    "layer_norm alone": lambda t: t.F.layer_norm(t.x, (4,)),
    "rms_norm": lambda t: t.F.rms_norm(t.x, (4,), t.v),
    "group_norm": lambda t: t.F.group_norm(t.i, 2),
    "instance_norm": lambda t: t.F.instance_norm(t.i),
    "batch_norm": lambda t: t.F.batch_norm(t.x, None, None, t.v, t.v, training=True),
    "batch_norm evaluated": lambda t: t.F.batch_norm(t.x, t.k[0], t.k[0].abs() + 1, t.v, t.v),
    "normalize": lambda t: t.F.normalize(t.x, dim=1),
    "local_response_norm": lambda t: t.F.local_response_norm(t.i, 2),
    "dropout": lambda t: t.F.dropout(t.x, 0.5, training=True),
    "dropout2d": lambda t: t.F.dropout2d(t.i, 0.5, training=True),
    "alpha_dropout": lambda t: t.F.alpha_dropout(t.x, 0.5, training=True),
    "rrelu": lambda t: t.F.rrelu(t.x, training=True),
    "attention": lambda t: t.F.scaled_dot_product_attention(t.i, t.i, t.i),
    "attention causal": lambda t: t.F.scaled_dot_product_attention(t.i, t.i * 2, t.i, is_causal=True),
    "attention with dropout": lambda t: t.F.scaled_dot_product_attention(t.i, t.i, t.i, dropout_p=0.2),
    "gumbel_softmax": lambda t: t.F.gumbel_softmax(t.x, hard=True),
    # complex, distributions, other
    "normal sample": lambda t: t.torch.distributions.Normal(t.s, t.p).rsample(),
    "log_prob": lambda t: t.torch.distributions.Normal(t.s, t.p).log_prob(t.k),
    "entropy": lambda t: t.torch.distributions.Categorical(logits=t.x).entropy(),
    "fft": lambda t: t.torch.fft.rfft(t.x).abs(),
    "complex": lambda t: t.torch.view_as_real(t.torch.complex(t.x, t.y) * (1 + 2j)),
    "bucket of a polynomial": lambda t: 3 * t.s**2 - 2 * t.s + 1,
    "half": lambda t: t.x.half() * 300 * t.x.half() * 300,
    "bfloat16": lambda t: (t.x.bfloat16() * t.y.bfloat16() + 1).float().sum(),
    "half overflow": lambda t: 1 / (t.big.half() * t.big.half() + 1),
}

FUNCTIONS = {
    "x": "neg abs exp expm1 sin cos tan sinh cosh tanh asinh atan sigmoid erf square sign floor relu exp2 selu celu",
    "p": "log log2 log10 log1p sqrt rsqrt reciprocal lgamma digamma",
    "u": "asin acos atanh erfinv logit",
}
"""Functions of one tensor, by the tensor that they are defined for."""


def function(name, operand):
    """An operation of the table: a function of this name."""
    return lambda t: getattr(t.torch, name)(getattr(t, operand))


OPERATIONS |= {name: function(name, operand) for operand, names in FUNCTIONS.items() for name in names.split()}

ACTIVATIONS = """
Tanh Sigmoid GELU SiLU ELU SELU CELU Mish LeakyReLU PReLU Softplus Softsign Hardswish ReLU6 LogSigmoid Tanhshrink
Softmin Hardshrink RReLU
"""
LOSSES = """
MSELoss L1Loss SmoothL1Loss HuberLoss BCEWithLogitsLoss PoissonNLLLoss SoftMarginLoss KLDivLoss
MultiLabelSoftMarginLoss
"""

MODELS = {}


def activated(name):
    """A network with an activation of this name."""
    return lambda t: t.fitted(t.nn.Sequential(t.nn.Linear(4, 5), getattr(t.nn, name)(), t.nn.Linear(5, 2)))


def scored(name, target):
    """A layer under a loss of this name; `target` gives what the loss takes besides."""
    return lambda t: getattr(t.nn, name)()(t.nn.Linear(4, 4)(t.k), target(t))


MODELS |= {f"mlp {name}": activated(name) for name in ACTIVATIONS.split()}
MODELS |= {f"trained by {name}": scored(name, lambda t: t.mask.to(t.k.dtype)) for name in LOSSES.split()}
MODELS |= {f"trained by {x}": scored(x, lambda t: t.labels) for x in ("CrossEntropyLoss", "NLLLoss", "MultiMarginLoss")}


def model(name):
    """Enter a model under a name."""

    def enter(function):
        MODELS[name] = function
        return function

    return enter


for _name, _make in {
    "linear": lambda t: t.nn.Linear(4, 2),
    "mlp relu": lambda t: t.nn.Sequential(t.nn.Linear(4, 5), t.nn.ReLU(), t.nn.Linear(5, 2)),
    "mlp relu in place": lambda t: t.nn.Sequential(t.nn.Linear(4, 5), t.nn.ReLU(inplace=True), t.nn.Linear(5, 2)),
    "mlp dropout": lambda t: t.nn.Sequential(t.nn.Linear(4, 5), t.nn.Dropout(0.5), t.nn.Linear(5, 2)),
    "mlp layer norm": lambda t: t.nn.Sequential(t.nn.Linear(4, 5), t.nn.LayerNorm(5), t.nn.Tanh(), t.nn.Linear(5, 2)),
    "mlp rms norm": lambda t: t.nn.Sequential(t.nn.Linear(4, 5), t.nn.RMSNorm(5), t.nn.Linear(5, 2)),
    "mlp batch norm": lambda t: t.nn.Sequential(t.nn.Linear(4, 5), t.nn.BatchNorm1d(5), t.nn.ReLU(), t.nn.Linear(5, 2)),
    "mlp batch norm eval": lambda t: t.nn.Sequential(t.nn.Linear(4, 5), t.nn.BatchNorm1d(5), t.nn.Linear(5, 2)).eval(),
    "mlp group norm": lambda t: t.nn.Sequential(t.nn.Linear(4, 6), t.nn.GroupNorm(2, 6), t.nn.Linear(6, 2)),
    "mlp weight norm": lambda t: t.nn.Sequential(t.weight_norm(t.nn.Linear(4, 5)), t.nn.Tanh(), t.nn.Linear(5, 2)),
    "mlp spectral norm": lambda t: t.nn.Sequential(t.spectral_norm(t.nn.Linear(4, 5)), t.nn.Linear(5, 2)),
    "mlp double": lambda t: t.nn.Sequential(t.nn.Linear(4, 5), t.nn.Tanh(), t.nn.Linear(5, 2)),
    "mlp shared": lambda t: t.nn.Sequential(*[t.nn.Linear(4, 4)] * 3),
    "mlp identity": lambda t: t.nn.Sequential(t.nn.Linear(4, 4), t.nn.Identity(), t.nn.Flatten(), t.nn.Linear(4, 2)),
    "softmax layer": lambda t: t.nn.Sequential(t.nn.Linear(4, 3), t.nn.Softmax(1)),
    "log softmax layer": lambda t: t.nn.Sequential(t.nn.Linear(4, 3), t.nn.LogSoftmax(1)),
    "glu layer": lambda t: t.nn.Sequential(t.nn.Linear(4, 4), t.nn.GLU()),
}.items():
    MODELS[_name] = (lambda make: lambda t: t.fitted(make(t)))(_make)

for _name, _make, _shape in (
    (
        "conv net",
        lambda t: [t.nn.Conv2d(2, 3, 3), t.nn.ReLU(), t.nn.MaxPool2d(2), t.nn.Flatten(), t.nn.Linear(12, 2)],
        "i",
    ),
    ("conv padding", lambda t: [t.nn.Conv2d(2, 3, 3, padding=1, bias=False), t.nn.BatchNorm2d(3), t.nn.ReLU()], "i"),
    (
        "conv strided",
        lambda t: [t.nn.Conv2d(2, 4, 3, stride=2, groups=2), t.nn.AdaptiveAvgPool2d(1), t.nn.Flatten()],
        "i",
    ),
    ("conv circular", lambda t: [t.nn.Conv2d(2, 3, 3, padding=1, padding_mode="circular")], "i"),
    ("conv 1d", lambda t: [t.nn.Flatten(2), t.nn.Conv1d(2, 3, 5), t.nn.Tanh(), t.nn.AvgPool1d(2)], "i"),
    ("conv transposed", lambda t: [t.nn.ConvTranspose2d(2, 3, 2, stride=2), t.nn.Sigmoid()], "i"),
    ("upsample", lambda t: [t.nn.Upsample(scale_factor=2), t.nn.Conv2d(2, 1, 3)], "i"),
    ("instance norm", lambda t: [t.nn.Conv2d(2, 3, 3), t.nn.InstanceNorm2d(3, affine=True), t.nn.ReLU()], "i"),
    ("group norm", lambda t: [t.nn.Conv2d(2, 4, 3), t.nn.GroupNorm(2, 4), t.nn.SiLU()], "i"),
    ("batch norm eval", lambda t: [t.nn.Conv2d(2, 3, 3), t.nn.BatchNorm2d(3).eval(), t.nn.ReLU()], "i"),
    ("dropout 2d", lambda t: [t.nn.Conv2d(2, 3, 3), t.nn.Dropout2d(0.5)], "i"),
    ("pixel shuffle", lambda t: [t.nn.Conv2d(2, 4, 3, padding=1), t.nn.PixelShuffle(2)], "i"),
    ("reflection pad", lambda t: [t.nn.ReflectionPad2d(1), t.nn.Conv2d(2, 1, 3), t.nn.ZeroPad2d(1)], "i"),
    ("fold", lambda t: [t.nn.Unfold(3), t.nn.Fold((6, 6), 3), t.nn.Conv2d(2, 1, 1)], "i"),
):
    MODELS[_name] = (lambda make, shape: lambda t: (t.nn.Sequential(*make(t))(getattr(t, shape).detach()) ** 2).mean())(
        _make, _shape
    )

for _cell in ["LSTM", "GRU", "RNN"]:
    MODELS[_cell] = (
        lambda cell: lambda t: getattr(t.nn, cell)(4, 3, batch_first=True)(t.k[None])[0][:, -1].sum() * 1.0
    )(_cell)
    MODELS[f"{_cell} bidirectional"] = (
        lambda cell: lambda t: getattr(t.nn, cell)(4, 3, num_layers=2, bidirectional=True)(t.k[None])[0].pow(2).mean()
    )(_cell)
    MODELS[f"{_cell} cell"] = (lambda cell: lambda t: t.unrolled(getattr(t.nn, cell + "Cell")(4, 3)))(_cell)


@model("embedding")
def _(t):
    return t.F.cross_entropy(t.nn.Linear(3, 5)(t.nn.Embedding(5, 3)(t.labels)), t.labels)


@model("embedding bag")
def _(t):
    return t.nn.Linear(3, 1)(t.nn.EmbeddingBag(5, 3)(t.labels[None])).sum()


@model("multi-head attention")
def _(t):
    found, weights = t.nn.MultiheadAttention(4, 2)(t.k, t.k, t.k)
    return found.sum() + weights.std()


@model("multi-head attention with dropout")
def _(t):
    return t.nn.MultiheadAttention(4, 2, dropout=0.1)(t.k, t.k, t.k, need_weights=False)[0].sum()


@model("transformer encoder")
def _(t):
    return t.nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)(t.k[None]).pow(2).mean()


@model("transformer decoder")
def _(t):
    return t.nn.TransformerDecoderLayer(4, 2, 8, dropout=0.0)(t.k[:, None], t.k[:, None]).sum()


@model("residual")
def _(t):
    layer = t.nn.Linear(4, 4)
    x = t.k
    for _ in range(3):
        x = x + t.F.relu(layer(x))
    return x.mean()


@model("autoencoder")
def _(t):
    found = t.nn.Sequential(t.nn.Linear(4, 2), t.nn.ReLU(), t.nn.Linear(2, 4))(t.k)
    return ((found - t.k) ** 2).mean()


@model("variational autoencoder")
def _(t):
    mean, log_variance = t.nn.Linear(4, 4)(t.k).chunk(2, 1)
    z = mean + (0.5 * log_variance).exp() * t.torch.randn_like(mean)
    divergence = -0.5 * (1 + log_variance - mean.pow(2) - log_variance.exp()).sum()
    return t.F.mse_loss(t.nn.Linear(2, 4)(z), t.k) + divergence


@model("policy gradient")
def _(t):
    distribution = t.torch.distributions.Categorical(logits=t.nn.Linear(4, 4)(t.k))
    return -(distribution.log_prob(t.labels) * t.k[:, 0]).mean() - 0.01 * distribution.entropy().mean()


@model("gradient penalty")
def _(t):
    net = t.nn.Sequential(t.nn.Linear(4, 5), t.nn.Tanh(), t.nn.Linear(5, 1))
    (slope,) = t.torch.autograd.grad(net(t.x).sum(), t.x, create_graph=True)
    return ((slope.norm(2, 1) - 1) ** 2).mean()


@model("weight decay by hand")
def _(t):
    layer = t.nn.Linear(4, 2)
    return t.F.mse_loss(layer(t.k), t.k[:, :2]) + 0.01 * sum((p**2).sum() for p in layer.parameters())


@model("linear regression by hand")
def _(t):
    return ((t.k @ t.v + t.s - 1.0) ** 2).mean()


@model("logistic regression by hand")
def _(t):
    p = 1 / (1 + t.torch.exp(-(t.k @ t.v + t.s)))
    return -(t.mask[:, 0] * p.log() + ~t.mask[:, 0] * (1 - p).log()).mean()


@model("a neuron of numbers")
def _(t):
    return t.torch.tanh(t.s * 2.0 + t.r * -3.0 + 6.88)


@model("siamese triplet")
def _(t):
    net = t.nn.Linear(4, 3)
    return t.nn.TripletMarginLoss()(net(t.k), net(t.k * 2), net(t.k - 1))


@model("mixture by softmax")
def _(t):
    return (t.nn.Linear(4, 3)(t.k).softmax(1)[..., None] * t.nn.Linear(4, 6)(t.k).view(3, 3, 2)).sum(1).var()


@model("checkpointed")
def _(t):
    checkpoint = import_module("torch.utils.checkpoint").checkpoint
    net = t.nn.Sequential(t.nn.Linear(4, 4), t.nn.Tanh())
    return checkpoint(net, t.x, use_reentrant=False).sum()


@model("half precision")
def _(t):
    return t.nn.Linear(4, 2).half()(t.k.half()).float().pow(2).mean()


@model("autocast")
def _(t):
    with t.torch.autocast("cpu", dtype=t.torch.bfloat16):
        return t.F.mse_loss(
            t.nn.Sequential(t.nn.Linear(4, 4), t.nn.ReLU(), t.nn.Linear(4, 4)).float()(t.k.float()), t.k.float()
        )


@model("gpt")
def gpt(t):
    """A GPT of two blocks, as the courses write it, of some 115 operations."""
    nn, F, torch, n, heads, size = t.nn, t.F, t.torch, 8, 2, 5

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm, self.after = nn.LayerNorm(n), nn.LayerNorm(n)
            self.attend, self.project = nn.Linear(n, 3 * n), nn.Linear(n, n)
            self.expand, self.contract = nn.Linear(n, 4 * n), nn.Linear(4 * n, n)
            self.register_buffer("seen", torch.tril(torch.ones(size, size)).bool())

        def forward(self, x):
            batch, time, _ = x.shape
            q, k, v = self.attend(self.norm(x)).split(n, dim=2)
            q, k, v = (one.view(batch, time, heads, n // heads).transpose(1, 2) for one in (q, k, v))
            weights = (q @ k.transpose(-2, -1)) * (n // heads) ** -0.5
            weights = F.softmax(weights.masked_fill(~self.seen[:time, :time], float("-inf")), dim=-1)
            mixed = (weights @ v).transpose(1, 2).contiguous().view(batch, time, n)
            x = x + self.project(mixed)
            return x + self.contract(F.gelu(self.expand(self.after(x))))

    words, places = nn.Embedding(7, n), nn.Embedding(size, n)
    blocks, norm, head = nn.Sequential(Block(), Block()), nn.LayerNorm(n), nn.Linear(n, 7, bias=False)
    text = torch.randint(0, 7, (2, size))
    scores = head(norm(blocks(words(text) + places(torch.arange(size)))))
    return F.cross_entropy(scores.view(-1, 7), text.view(-1))
