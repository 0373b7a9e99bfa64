"""The tools of the live view by name, in the order of their buttons, as the page's files say."""

import re

from cgviz.live.javascript import STATIC


def text(name):
    return (STATIC / name).read_text(encoding="utf-8")


FILES = re.findall(r'^import "\./(tools/.+)";$', text("toolbox.js"), re.MULTILINE)
TOOLS = tuple(re.search(r'\boffer\(\{\s+name: "(.+?)"', text(name))[1] for name in FILES)
COMPUTING = tuple(name for name in TOOLS if name not in ("What if", "Save"))
"""Those that compute with the numbers of the picture, and refuse a graph with which the page cannot."""
