"""Notebook 7, in whose page JupyterLab's parts stand otherwise: it takes keys before the page hears of them."""

import hosts
import lab as harness
import nbformat
import pytest

CELLS = (
    'from cgviz import explore\nexplore("(a*b + c)*d", a=2, b=-3, c=10, d=-2)',
    'from cgviz import descend\ndescend("x**2", x=3, rate=0.1)',
)


@pytest.fixture(scope="module")
def notebook(browser, tmp_path_factory):
    hosts.need("notebook")
    home = tmp_path_factory.mktemp("notebook")
    (home / "notebooks").mkdir()
    written = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    written.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(written, home / "notebooks" / "n.ipynb")
    command = (
        "notebook", "--no-browser", "--ip=127.0.0.1", "--port=PORT", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", "--ServerApp.password=", "--ServerApp.allow_root=True",
        f"--ServerApp.root_dir={home / 'notebooks'}", "--JupyterNotebookApp.expose_app_in_browser=True",
    )  # fmt: skip
    with hosts.serving(home, *command) as address:
        page = hosts.window(browser)
        page.goto(f"{address}/notebooks/n.ipynb")
        page.wait_for_function("() => window.jupyterapp", timeout=60_000)
        page.evaluate("() => window.jupyterapp.restored.then(() => true)")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function(harness.IDLE, timeout=60_000)
        yield harness.Notebook(page).run_all()
        page.close()


def test_sliders_move_by_keys_which_do_nothing_to_the_cell(notebook):
    view = notebook.view()
    view.becomes(a=("2", "6"), L=("-8", "1"))
    cells = notebook.page.locator(".jp-Cell").count()
    view.slider(0).press("ArrowRight")
    view.becomes(a=("2.1", "6"), L=("-7.4", "1"))
    view.slider(0).press("x")  # elsewhere in command mode it cuts the cell
    view.box(1).fill("12,5")
    view.box(1).press("Enter")
    view.becomes(b=("12.5", "-4.2"), L=("-72.5", "1"))
    assert notebook.page.locator(".jp-Cell").count() == cells
    assert notebook.errors() == []


def test_the_tools_and_a_descent_work(notebook):
    notebook.view().place.get_by_role("button", name="Check").click()
    notebook.view().place.locator(".cg-panel svg").first.wait_for()
    descent = notebook.view(1)
    descent.place.get_by_role("button", name="one step on").click()
    descent.becomes(x=("2.4", "4.8"))
    assert notebook.errors() == []
