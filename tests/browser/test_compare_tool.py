"""What if in the live view: keep a setting, compare with it, and go back and forth among the settings there were."""

import pytest
from tooling import watch

from cgviz import Value, explore
from cgviz.graph import trace
from cgviz.run.expression import parse
from cgviz.text import number, typeset

TEXT, START = "(a*b + c)*d", {"a": 2.0, "b": -3.0, "c": 10.0, "d": -2.0}


@pytest.fixture
def page(browser):
    page = browser.new_page()
    watch(page, pytest.fail)
    page.set_content(explore(TEXT, **START).to_html())
    page.get_by_role("button", name="What if", exact=True).wait_for()
    yield page
    page.close()


def nodes(**changed):
    root = parse(TEXT)(**{name: Value(x, name) for name, x in (START | changed).items()})
    root.backward()
    return trace(root).nodes


def use(page, name):
    page.get_by_role("button", name=name, exact=True).press("Enter")


def put(page, settle=True, **numbers):
    page.evaluate("numbers => cgviz.inputs.set(numbers)", numbers)
    if settle:  # by the page's own clock: on a busy machine its timers come late, but in their order
        page.evaluate("() => new Promise(done => setTimeout(done, 450))")


def inputs(page):
    return page.evaluate("cgviz.inputs.numbers")


def test_the_notes_are_the_differences_of_pythons_numbers(page):
    use(page, "What if")
    use(page, "Keep this")
    assert page.locator(".cg-above").count() == 0
    put(page, a=2.5, d=-1, settle=False)
    for choice, which in (("data", "data"), ("grad", "grad")):
        page.get_by_label("show").select_option(choice)
        expected = {}
        for now, then in zip(nodes(a=2.5, d=-1.0), nodes(), strict=True):
            change = getattr(now, which) - getattr(then, which)
            if change:
                expected[str(now.index)] = "+" * (change > 0) + typeset(number(change))
        shown = dict(
            page.locator(".cg-above").evaluate_all(
                "notes => notes.map(note => [note.closest('[data-node]').dataset.node, note.textContent])"
            )
        )
        assert shown == expected
    use(page, "Back to kept")
    assert inputs(page) == START
    assert page.locator(".cg-above").count() == 0


def test_undo_and_redo_also_of_what_moved_while_no_tool_was_open(page):
    put(page, a=3)
    put(page, settle=False, a=3.5)  # on its way: not a setting
    put(page, a=4)
    use(page, "What if")
    put(page, b=1, settle=False)  # a setting by being left with undo
    use(page, "Undo")
    assert inputs(page) == START | {"a": 4}
    use(page, "Undo")
    assert inputs(page) == START | {"a": 3}
    use(page, "Redo")
    use(page, "Redo")
    assert inputs(page) == START | {"a": 4, "b": 1}
    assert page.get_by_role("button", name="Redo").get_attribute("aria-disabled") == "true"
    use(page, "First")
    assert inputs(page) == START
    use(page, "Redo")
    put(page, c=0)  # another way from here: what was to be done again is gone
    assert page.get_by_role("button", name="Redo").get_attribute("aria-disabled") == "true"
    use(page, "Undo")
    assert inputs(page) == START | {"a": 3}


def test_at_most_fifty_settings_and_the_first_is_never_lost(page):
    use(page, "What if")
    for k in range(60):
        put(page, a=k / 10, settle=False)
        use(page, "Undo")  # settles
        use(page, "Redo")
    assert "Setting 50 of 50" in page.locator(".cg-panel").inner_text()
    use(page, "First")
    assert inputs(page) == START


def test_the_table_says_now_and_kept(page):
    use(page, "What if")
    height = page.locator(".cg-panel").bounding_box()["height"]
    use(page, "Keep this")
    put(page, a=2.5, settle=False)
    lines = [line.locator("th, td").all_inner_texts() for line in page.locator(".cg-table tbody tr").all()]
    assert lines[0] == ["a", "2.5", "2", "+0.5"] and lines[1] == ["b", "−3", "−3", ""]
    values = [typeset(number(found[-1].data)) for found in (nodes(a=2.5), nodes())]
    assert lines[-1][0] == "L" and lines[-1][1:3] == values
    assert page.locator(".cg-panel").bounding_box()["height"] == height


def test_where_the_output_has_no_value_the_table_has_none_and_nothing_can_be_kept(browser):
    page = browser.new_page()
    watch(page, pytest.fail)
    page.set_content(explore("log(a - b)", a=2, b=1).to_html())
    use(page, "What if")
    keep = page.get_by_role("button", name="Keep this", exact=True)
    for a, output, disabled in ((0.5, "–", "true"), (3, "0.6931", "false")):
        put(page, a=a)
        assert page.locator("table tr:has(th:text-is('L')), table tr:has(td:text-is('L'))").inner_text().split()[
            :2
        ] == ["L", output]
        assert (keep.get_attribute("aria-disabled") or "false") == disabled
    page.close()
