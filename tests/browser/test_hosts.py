"""What a view does in hosts that cannot be run here, held against pages that are as those hosts are."""

import pytest

from cgviz import explore
from cgviz.live import javascript as source

EXPLORER = explore("e = a*b; L = e*d + log(a) + 1", a=2, b=-3, d=-2)
LIGHT = ":root { --jp-content-font-color1: rgba(0, 0, 0, 0.87); --jp-layout-color0: #fff; --jp-layout-color1: #fff }"
DARK = "body { background: #1e1e1e !important; color: #ccc }"
VSCODE = '<body class="vscode-dark" data-vscode-theme-kind="vscode-dark">'


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("root", "body", "style"),
    [
        ('<html lang="en">', VSCODE, DARK + LIGHT),
        ('<html lang="en">', VSCODE, DARK),
        ('<html lang="en" theme="dark">', "<body>", DARK + LIGHT),
        ('<html lang="en" theme="dark">', "<body>", DARK),
    ],
    ids=["VS Code", "VS Code without Jupyter's colours", "Colab", "Colab without Jupyter's colours"],
)
def test_a_dark_page_with_light_colours_for_widgets_stays_readable(browser, tmp_path, scheme, root, body, style):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    text = EXPLORER.to_html("A graph").replace("<body>", body).replace('<html lang="en">', root)
    (tmp_path / "page.html").write_text(text.replace("</style>", f"{style}</style>", 1), encoding="utf-8")
    page = browser.new_page(color_scheme=scheme)
    page.goto((tmp_path / "page.html").as_uri())
    page.locator(".cg-choices button").first.wait_for()
    for name in ("Step", "Explain", "Slice"):
        page.get_by_role("button", name=name, exact=True).click()
        page.locator(".cg-node").first.click()
        found = axe.Axe().run(page).response["violations"]
        assert [(fault["id"], node["target"]) for fault in found for node in fault["nodes"]] == []
    ink, ground = page.evaluate(
        "() => { const s = getComputedStyle(document.querySelector('.cg-view')); return [s.color, s.backgroundColor]; }"
    )
    assert abs(brightness(page, ink) - brightness(page, ground)) > 0.6  # of the picture, which axe does not measure
    page.close()


def brightness(page, colour):
    """How bright a colour of CSS is over white, from 0 to 1."""
    draw = """colour => { const c = document.createElement('canvas').getContext('2d');
        for (const one of ['white', colour]) { c.fillStyle = one; c.fillRect(0, 0, 1, 1); }
        return c.getImageData(0, 0, 1, 1).data[0] / 255; }"""
    return page.evaluate(draw, colour)


MODULE = "export default { names: { word: 'here' }, render: ({ el }) => { el.textContent = 'no'; } };"
LATER = "export default ({ word }, below) => ({ render: ({ el }) => { el.textContent = below.render && word; } });"
ASK = """async ([loader, module, later, finds]) => {
    const heard = [], sent = [];
    const model = {
        get: (name) => ({ parts: ['view', 'descent'], styles: ['view'] })[name] ?? 'IPY_MODEL_box',
        on: (event, act) => heard.push(act), off: (event, act) => heard.splice(heard.indexOf(act), 1),
        send: (said) => {
            sent.push(said);
            for (const act of [...heard]) act({ parts: said.wanted, texts: [module, later], styles: [] });
        },
        widget_manager: { get_model: { never: () => new Promise(() => {}), no: async () => { throw new Error('no'); },
            yes: async () => ({ get: (name) => ({ view: module, descent: later })[name] ?? '.cg { }' }),
            empty: async () => ({ get: () => '' }) }[finds] },
    };
    if (finds === 'none') delete model.widget_manager;
    const { render } = (await import(URL.createObjectURL(new Blob([loader], { type: 'text/javascript' })))).default;
    const el = document.createElement('p');
    await render({ model, el });
    return [el.textContent, sent, heard.length];
}"""


@pytest.mark.parametrize("finds", ["yes", "no", "none", "never", "empty"])
def test_a_view_gets_its_module_from_the_kernel_where_the_page_has_no_toolbox(browser, finds):
    page = browser.new_page()
    asked = [] if finds == "yes" else [{"wanted": ["view", "descent"]}]
    assert page.evaluate(ASK, [source.module("loader"), MODULE, LATER, finds]) == ["here", asked, 0]
    page.close()


def test_an_answer_of_the_kernel_that_cannot_be_used_is_told(browser):
    page = browser.new_page()
    told, *_ = page.evaluate(ASK.replace(", styles: []", ""), [source.module("loader"), MODULE, LATER, "no"])
    assert told.startswith("This picture's script did not load: ") and told.endswith(" Run the cell again.")
    page.close()
