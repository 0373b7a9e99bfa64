"""A page of its own, to be opened, printed or sent: it asks nobody for anything, and runs no script."""

from __future__ import annotations

import os
import secrets
from html import escape
from pathlib import Path

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 1rem 0 .3rem }
table { border-collapse: collapse } td, th { text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top }
.done { color: #1a7f37 } .open { opacity: .7 } code { font-size: .95em }
@media (prefers-color-scheme: dark) { .done { color: #4ac26b } }
@media print { body { margin: 0; max-width: none } @page { size: A4; margin: 14mm } }
"""
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


class Handout:
    """A page with a `title` and a `body` of HTML; `save` writes it, and `file` is where, if no other name is given."""

    def __init__(self, title: str, body: str, file: str, style: str = "") -> None:
        self.title, self.body, self.file, self.style = title, body, file, style

    def to_html(self) -> str:
        """The page as text."""
        return PAGE.format(policy=POLICY, title=escape(self.title), style=STYLE + self.style, body=self.body)

    def save(self, path: str | Path = "") -> Path:
        """Write the page, at once or not at all, and return where. Raises `OSError` where it cannot be written."""
        place = Path(path or self.file)
        temporary = place.with_name(f"{place.name}.{secrets.token_hex(4)}.tmp")
        try:
            temporary.write_text(self.to_html(), encoding="utf-8", newline="\n")
            os.replace(temporary, place)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return place

    def __repr__(self) -> str:
        return f"{self.title}: a page; .save() writes it to {self.file}"

    def _repr_html_(self) -> str:
        held = escape(self.to_html(), quote=True)
        frame = f'<iframe sandbox title="{escape(self.title, quote=True)}" srcdoc="{held}"'
        return f'{frame} style="width:100%;height:26rem;border:1px solid #8c959f"></iframe><p>{escape(repr(self))}</p>'
