"""The plots beside the graph: figures without global state, that say in words what colours say."""

import io

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgba

from cgviz.nn import MLP, Step, moons, train
from cgviz.pictures.palette import BLUE, ORANGE
from cgviz.pictures.plot import THEMES, boundary, losses

XS, YS = moons(60, seed=1)


@pytest.fixture(scope="module")
def net():
    net = MLP(2, [8, 1], seed=1)
    train(net, XS, YS, 15, progress=False)
    return net


def pixels(figure):
    out = io.BytesIO()
    figure.savefig(out, format="raw")
    width, height = figure.canvas.get_width_height()
    return np.frombuffer(out.getvalue(), np.uint8).reshape(height, width, 4)


def contrast(a, b):
    def light(colour):
        rgb = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgba(colour)[:3]]
        return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]

    low, high = sorted((light(a), light(b)))
    return (high + 0.05) / (low + 0.05)


def test_the_boundary_says_what_is_where(net):
    wrong = sum((net(x).data > 0) != (y > 0) for x, y in zip(XS, YS, strict=True))
    assert wrong
    figure = boundary(net, XS, YS, names=("width", "height"))
    axes = figure.axes[0]
    assert axes.get_title(loc="left") == f"{60 - wrong} of 60 samples on the right side"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("width", "height")
    said = [text.get_text() for text in axes.get_legend().get_texts()]
    assert said == ["class +1", "class -1", "on the wrong side", "score 0"]
    marks = [tuple(map(tuple, c.get_paths()[0].vertices.round(2))) for c in axes.collections[-3:-1]]
    assert marks[0] != marks[1]  # the classes differ by shape
    low, high = np.min(XS, axis=0), np.max(XS, axis=0)
    assert axes.get_xlim()[0] < low[0] < high[0] < axes.get_xlim()[1]


def test_the_tint_is_the_networks_own_decision(net):
    figure = boundary(net, XS, YS)
    found, axes = pixels(figure), figure.axes[0]
    checked = 0
    for place in [(-1.1, 1.0), (2.0, -0.6), (-0.9, -0.4), (1.6, 1.0), (0.0, -0.5), (0.4, 0.6)]:
        score = net(place).data
        if abs(score) < 0.5:
            continue
        x, y = axes.transData.transform(place)
        red, _, blue, _ = map(int, found[found.shape[0] - 1 - int(y), int(x)])
        assert (blue > red) == (score > 0), place
        checked += 1
    assert checked >= 3


def test_nothing_global_is_touched(net):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    before, figures = dict(matplotlib.rcParams), pyplot.get_fignums()
    boundary(net, XS, YS)
    losses([Step(1, 1.0, 0.5, 1.0)])
    assert dict(matplotlib.rcParams) == before
    assert pyplot.get_fignums() == figures


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_marks_stand_out_in_both_themes(theme):
    look = THEMES[theme]
    assert contrast(look["ink"], look["page"]) > 7
    for label, tint in (("1", BLUE), ("-1", ORANGE)):
        ground = np.array(to_rgba(look["page"])) * 0.64 + np.array(to_rgba(tint)) * 0.36
        assert contrast(look[label], look["page"]) > 3
        assert contrast(look[label], ground) > 2.5


def test_a_network_that_decides_nothing_is_plotted_too():
    net = MLP(2, [2, 1], seed=0)
    for p in net.parameters():
        p.data = 0.0
    figure = boundary(net, XS[:1], [0])
    pixels(figure)
    assert figure.axes[0].get_title(loc="left") == "1 of 1 samples on the right side"


def test_the_losses_are_the_historys():
    history = [Step(n, 1 / n, 0.5 + n / 100, 1.0) for n in range(1, 41)]
    first, second = losses(history, theme="dark").axes
    assert first.lines[0].get_ydata().tolist() == [step.loss for step in history]
    assert second.lines[0].get_ydata().tolist() == pytest.approx([100 * step.accuracy for step in history])
    assert first.get_yscale() == "log"
    assert (first.get_ylabel(), second.get_ylabel(), second.get_xlabel()) == ("loss", "right, %", "step")
    assert first.get_title(loc="left") == "loss 0.025 as step 40 began"


def test_histories_can_be_joined_and_need_no_accuracy():
    (axes,) = losses([Step(1, 2.0, None, 1.0), Step(2, 1.0, None, 1.0), Step(1, 0.5, None, 1.0)]).axes
    assert axes.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert axes.get_yscale() == "linear" and axes.get_xlabel() == "step"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda net: boundary(MLP(3, [1]), [[1, 2, 3]], [1]), "plotted for 2 features, the samples have 3"),
        (lambda net: boundary(net, XS, [3] * 60), "labels are -1 and 1, or 0 and 1; label 0 is 3"),
        (lambda net: boundary(net, XS, YS, theme="pink"), "unknown theme: 'pink' (must be one of 'light', 'dark')"),
        (lambda net: losses([]), "there are no steps to plot: the history is empty"),
    ],
)  # fmt: skip
def test_bad_arguments_are_said(net, make, said):
    with pytest.raises(ValueError) as caught:
        make(net)
    assert said in str(caught.value)


def test_a_notebook_shows_a_figure_though_nobody_imported_pyplot():
    formatters = pytest.importorskip("IPython.core.formatters")
    figure = boundary(MLP(2, [4, 1], seed=0), *moons(20))
    data, metadata = formatters.DisplayFormatter().format(figure)
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"] == {"width": 720, "height": 480}
    image = pytest.importorskip("PIL.Image").open(io.BytesIO(data["image/png"]))
    assert image.size == (1440, 960) and len(image.convert("RGB").getcolors(10**6)) > 20
