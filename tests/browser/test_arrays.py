"""Arrays in the live view: their cells follow the kernel's numbers as the numbers of other nodes do."""

import json

from tooling import shown, watch

from cgviz import Tensor
from cgviz.graph import summarize, trace
from cgviz.live.serialization import state


def test_cells_follow_the_numbers_and_are_drawn_as_python_draws_them(browser):
    def root(data):
        found = (Tensor(data, label="a") * Tensor([[2.0, 3.0]], label="b")).sum()
        found.backward()
        return found

    page = browser.new_page()
    wrong = []
    watch(page, wrong.append)
    first, second = root([[1.0, -2.0], [0.0, 4.0]]), root([[-7.0, 0.2], [0.5, 0.0]])
    page.set_content(shown(first))
    page.locator(".cg-choices button").first.wait_for()
    cells = page.locator("[data-cells='0.data']")

    def drawn():
        paths = "path => [path.getAttribute('class'), path.getAttribute('d')]"
        return cells.locator("text").all_text_contents(), cells.evaluate(
            "(place) => [...place.querySelectorAll('path')].map(" + paths + ")"
        )

    assert drawn()[0] == ["1", "−2", "0", "4"]
    new = state(summarize(trace(second)), [0, 1, 2, 3])
    page.evaluate("([state]) => { cgviz.model.set('state', state); cgviz.receive(new Set(['state'])); }", [new])
    there = drawn()
    page.set_content(shown(second))
    page.locator(".cg-choices button").first.wait_for()
    assert there == drawn() and there[0] == ["−7", "0.2", "0.5", "0"]
    assert not wrong and json.dumps(new)
    page.close()
