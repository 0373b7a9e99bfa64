"""The page's files as modules: what each imports, exports and declares; in which order they stand when they are joined.

Learners need no bundler, so the files are joined here: import lines are left out and `export` before a declaration, for
in one scope everybody has every name. What would then mean something else than it means in modules is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .script import TEXT, UNREAD, WORD, Token, compact, tokens

DECLARING = ("const", "let", "var", "class", "function", "async")


class Import(NamedTuple):
    """The `names` that are imported from the file at `path`; none where it is imported for what it does."""

    path: Path
    names: tuple[str, ...]


class Module(NamedTuple):
    """A file: what it imports, exports, has as `default` and has `declared` at its top; and the rest, its `body`."""

    path: Path
    imports: tuple[Import, ...]
    exports: tuple[str, ...]
    default: str
    declared: tuple[str, ...]
    body: str

    @property
    def alone(self) -> bool:
        """Whether nobody can ask for its names: then it stands in a block of its own, and no other file sees them."""
        return not self.exports and not self.default


def read(path: Path) -> Module:
    """Read one file. Raises `ValueError` where it imports or exports in a way that cannot be joined."""
    try:
        return _module(path, path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None


def read_ahead(paths: Iterable[Path]) -> None:
    """Read these files one by one while a notebook's kernel has nothing else to do; elsewhere do nothing.

    The first view of a kernel waits for all of them: some 0.2 s, which pass here while a reader reads.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # no kernel: nobody reads between two lines of a script
        return
    left = iter(paths)

    def go_on() -> None:
        if (path := next(left, None)) is not None:
            with suppress(OSError, ValueError):  # who needs the file is told
                read(path)
            loop.call_soon(go_on)

    loop.call_soon(go_on)


def reach(entry: Path) -> list[Module]:
    """The modules that a file needs and the file itself, each after those that it imports.

    Raises `ValueError` where files import one another in a circle, or a name that the other file does not export.
    """
    found: dict[Path, Module] = {}
    _visit(entry, (), found)
    return list(found.values())


def _visit(path: Path, way: tuple[Path, ...], found: dict[Path, Module]) -> None:
    if path in way:
        circle = " → ".join(one.name for one in (*way[way.index(path) :], path))
        raise ValueError(f"the page's files import one another in a circle: {circle}")
    if path in found:
        return
    if not path.is_file():
        raise ValueError(f"{way[-1].name} imports from {path.name}, and there is no such file" if way else f"no {path}")
    module = read(path)
    for wanted in module.imports:
        _visit(wanted.path, (*way, path), found)
        for name in wanted.names:
            if name not in found[wanted.path].exports:
                raise ValueError(f"{path.name} imports {name!r} from {wanted.path.name}, which does not export it")
    found[path] = module


def join(modules: Iterable[Module], taken: Mapping[str, Path] | None = None) -> str:
    """The text of these modules in one scope, in which there are the names that they have `taken` from other files.

    Raises `ValueError` where two of them declare the same name, or one of them such a name.
    """
    homes: dict[str, Path] = dict(taken or {})
    texts = []
    for module in modules:
        for name in () if module.alone else module.declared:
            if name in homes:
                raise ValueError(
                    f"{name!r} is declared in {homes[name].name} and in {module.path.name}, which share one scope "
                    "when they are joined: give one of the two another name"
                )
            homes[name] = module.path
        texts.append(f"{{\n{module.body}\n}}" if module.alone else module.body)
    return "\n".join(text for text in texts if text)


@cache
def _module(path: Path, text: str) -> Module:
    imports: list[Import] = []
    exports: list[str] = []
    default, kept = "", []
    for statement in Statements(tokens(text)):
        first = _first(statement)
        if first is None or first.text not in ("import", "export"):
            kept += statement
            continue
        rest = [token for token in statement if token.kind not in UNREAD and token is not first]
        if first.text == "import":
            imports.append(_import(path, rest))
        elif rest and rest[0].text == "default":
            if len(rest) != 3 or rest[1].kind != WORD or rest[2].text != ";":
                raise ValueError("say what is exported as `export default name;`, at the end of the file")
            default = rest[1].text
        elif rest and rest[0].text in DECLARING:
            exports += _list_declared(rest)
            kept += [token for token in statement if token is not first]
        else:
            raise ValueError("export a name where it is declared: `export const name = …`")
    declared = [name for statement in Statements(kept) for name in _list_declared(statement)]
    return Module(path, tuple(imports), tuple(exports), default, tuple(declared), compact(kept))


def _first(statement: list[Token]) -> Token | None:
    return next((token for token in statement if token.kind not in UNREAD), None)


class Statements:
    """The statements at the top of a file, each as its tokens; one ends with a semicolon or a closing brace.

    That is finer than the language, where `if (a) { … } else { … }` is one, but cuts no import, export or declaration.
    """

    def __init__(self, found: Iterable[Token]) -> None:
        self.found = found

    def __iter__(self) -> Iterator[list[Token]]:
        statement: list[Token] = []
        first = ""
        for token in self.found:
            statement.append(token)
            if not first and token.kind not in UNREAD:
                first = token.text
            if token.depth == 0 and (token.text == ";" or (token.text == "}" and _closes(first, statement))):
                yield statement
                statement, first = [], ""
        if statement:
            yield statement


def _closes(first: str, statement: list[Token]) -> bool:
    """Whether a statement that begins with this word ends with its closing brace: a function, a class, a block."""
    if first != "export":
        return first not in ("const", "let", "var", "import")
    words = (token.text for token in statement if token.kind == WORD)
    return [next(words, ""), next(words, "")][1] in ("function", "class", "async")


def _import(path: Path, rest: list[Token]) -> Import:
    texts = [token.text for token in rest]
    if texts[-1:] != [";"] or rest[-2].kind != TEXT:
        raise ValueError('import as in `import { name } from "./file.js";`')
    source = path.parent.joinpath(texts[-2][1:-1]).resolve()
    if len(texts) == 2:
        return Import(source, ())
    if texts[0] != "{" or texts[-4:-2] != ["}", "from"] or not texts[-2][1:].startswith("."):
        raise ValueError('import as in `import { name } from "./file.js";`')
    names = [token for token in rest[1:-4] if token.text != ","]
    if any(token.text == "as" for token in names):
        raise ValueError("a name is imported as it is exported: `as` would be lost when files are joined")
    return Import(source, tuple(token.text for token in names))


def _list_declared(statement: list[Token]) -> list[str]:
    """The names that a statement at the top of a file declares."""
    first = _first(statement)
    if first is None or first.text not in ("export", *DECLARING):
        return []
    parts = [token for token in statement if token.kind not in UNREAD]
    words = [token.text for token in parts if token.kind == WORD]
    if parts and parts[0].text == "export":
        parts, words = parts[1:], words[1:]
    if not parts or parts[0].text not in DECLARING:
        return []
    if parts[0].text in ("function", "class", "async"):
        return [next(word for word in words if word not in DECLARING)]
    names: list[str] = []
    awaits, pattern = True, 0  # a name is awaited after `const` and after each comma that separates declarations
    for token in parts[1:]:
        if token.depth == 0 and token.text == ",":
            awaits = True
        elif token.depth == 0 and token.text == "=":
            awaits = False
        elif awaits and token.kind == WORD:
            pattern = token.depth
            names.append(token.text)
    if pattern and ":" in [token.text for token in parts]:
        raise ValueError(f"what is taken apart at the top of a file keeps its names: {' '.join(words[:4])} …")
    return names
