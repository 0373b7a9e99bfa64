"""What Sphinx is told of the site. `build.py` starts it, with the folder of the pages and where the lessons run."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

import cgviz
from docs.site.pages import ROOT, repository
from docs.site.signatures import stubs

project = "cgviz"
author = "The cgviz authors"
project_copyright = author
version = release = cgviz.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx-mathjax-offline"]
exclude_patterns = ["_build"]
nb_execution_mode = "off"  # `execution.py` has run them
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # our outputs need no widget manager, and none is to be fetched
nb_mime_priority_overrides = [("html", "text/html", 0), ("html", "image/svg+xml", 1)]
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 6
myst_dmath_double_inline = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
add_module_names = False
default_role = "py:obj"  # in our docstrings a name in single backticks is a name
suppress_warnings = ["ref.python"]  # such a name may be that of several attributes: `data` of Value and of Tensor
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = f"cgviz {version}"
html_static_path = [str(ROOT / "docs" / "site" / "static")]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {"source_repository": repository() + "/", "source_branch": "HEAD", "top_of_page_buttons": []}
templates_path: list[str] = []
pygments_style, pygments_dark_style = "tango", "monokai"


def signature_of_stub(_app: Any, _what: str, name: str, *_: Any) -> tuple[str, None] | None:
    """Give what the rows have made the signature that the stubs write for it."""
    found = stubs().get(name)
    return (found[0], None) if found else None


def escape_bars(_app: Any, _what: str, _name: str, _thing: Any, _options: Any, lines: list[str]) -> None:
    """Let ``|x|`` stand as it is written: to docutils it would name a substitution."""
    lines[:] = [in_plain_text(line) for line in lines]


def in_plain_text(line: str) -> str:
    r"""Return a line of a docstring whose bars are bars.

    >>> print(in_plain_text("Compute |x|, `a | b`"))
    Compute \|x\|, `a | b`
    """
    return "`".join(part if k % 2 else part.replace("|", r"\|") for k, part in enumerate(line.split("`")))


def add_try_it(app: Any, tree: nodes.document, name: str) -> None:
    """Put beside each example a link that opens its page, as a notebook, in the site that needs no server."""
    address = try_it(app.config.cgviz_lite, name)
    if name == "index" or not address:
        return
    for cell in tree.findall(lambda node: isinstance(node, nodes.container) and "cell_input" in node["classes"]):
        html = f'<a class="cg-try" href="{address}" title="open this page as a notebook in the browser">try it</a>'
        cell.insert(0, nodes.raw("", html, format="html"))


def try_it(lite: str, name: str) -> str:
    """Return where the page `name` opens as a notebook, seen from the page itself; nothing if nowhere.

    >>> try_it("../lite", "docs/gpt"), try_it("../lite", "lessons/02-a-node")
    ('../../lite/lab/index.html?path=docs/gpt.ipynb', '../../lite/lab/index.html?path=02-a-node.ipynb')
    """
    if not lite:
        return ""
    up = "" if "://" in lite else "../" * name.count("/")
    return f"{up}{lite}/lab/index.html?path={re.sub('^lessons/', '', name)}.ipynb"


def setup(app: Any) -> dict[str, bool]:
    """Add what is ours to Sphinx."""
    app.add_config_value("cgviz_lite", "", "html")
    app.connect("autodoc-process-signature", signature_of_stub)
    app.connect("autodoc-process-docstring", escape_bars)
    app.connect("doctree-resolved", add_try_it)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
