"""Large graphs in the page: all of them is computed, and only what is in sight is written."""

from tooling import settle, watch

from cgviz import explore
from cgviz.text import number, typeset

# Which nodes were written into while the slider moved, and which of them are near the frame.
WRITTEN = """to => {
    const svg = document.querySelector('svg.cg-svg');
    const seen = new MutationObserver(() => {});
    seen.observe(svg, { subtree: true, characterData: true, childList: true, attributes: true });
    const range = document.querySelector('input[type=range]');
    range.value = to;
    range.dispatchEvent(new Event('input'));
    const nodes = new Set(seen.takeRecords().map(({ target }) => (target.closest ? target : target.parentElement).closest('.cg-node')));
    const frame = document.querySelector('.cg-frame').getBoundingClientRect();
    const near = (node) => {
        const box = node.getBoundingClientRect();
        return box.right > frame.left - 260 && box.left < frame.right + 260;
    };
    return [nodes.size, [...nodes].filter((node) => !near(node)).length, svg.querySelectorAll('.cg-node').length];
}"""  # noqa: E501


def shown(browser, explorer, wrong, width=900):
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.set_default_timeout(20_000)
    watch(page, wrong.append)
    page.set_content(explorer.to_html())
    page.get_by_role("button", name="Explain").wait_for()
    settle(page)
    return page


def chain(length):
    def f(a, b):
        for k in range(length):
            a = (a * 0.9 + b).tanh() if k % 2 else a + b
        return a

    return f


def test_of_a_graph_that_is_wider_than_its_frame_only_what_is_near_it_is_written(browser):
    wrong = []
    page = shown(browser, explore(chain(60), a=0.5, b=0.2), wrong)
    page.evaluate("() => document.querySelector('.cg-frame').scrollTo(0, 0)")  # where the slider's number counts
    page.wait_for_timeout(400)
    written, away, there = page.evaluate(WRITTEN, 0.75)
    assert 0 < written < there / 2 and away == 0
    page.close()
    assert wrong == []


def test_a_graph_of_which_a_part_is_drawn_follows_without_a_kernel(browser):
    wrong = []
    explorer = explore(chain(1000), a=0.5, b=0.2, fold=False)
    assert len(explorer.view.graph["shown"]) < len(explorer.graph.nodes) / 10
    page = shown(browser, explorer, wrong)
    field = page.get_by_label("type a number for b")
    for b in (-0.3, 0.01):
        field.fill(str(b))
        field.press("Enter")
        explorer.inputs["b"] = b
        root = explorer.graph.root
        page.locator(f"[data-slot='{root.index}.data']", has_text=typeset(number(root.data))).first.wait_for()
        page.wait_for_timeout(400)
        there = page.evaluate(
            "() => Object.fromEntries([...document.querySelectorAll('[data-slot]')].map(e => [e.dataset.slot, e.textContent]))"  # noqa: E501
        )
        for i in explorer.view.graph["shown"]:
            assert there[f"{i}.data"] == typeset(number(explorer.graph.nodes[i].data))
    page.close()
    assert wrong == []
