"""The notebook's magics, ``%graph``, ``%%graph``, ``%explore`` and ``%%explore``, which ``%load_ext cgviz`` adds."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class

from .graph import NodeLike, identity, is_model, is_node, read_names
from .live import Explorer, explore
from .live.controls.fixed import fix
from .pictures import Picture, draw
from .run.grammar import ExpressionError
from .run.replay import Replay
from .run.run import names_of, prepare
from .text import one_of

VALUE = r"""("[^"]*"|'[^']*'|\S+)"""
OPTION = re.compile(rf"\s*--(\w+)[= ]\s*{VALUE}\s*")
RANGE = r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|fixed\([^()]*\)"
LEAF = re.compile(rf"(?:^|[\s,])([^\W\d]\w*)\s*=\s*({RANGE}|[^\s=;()\[\]{{}}*+/]+?),?\s*$")
FIXED = re.compile(r"fixed\((.*)\)")
LAST = "_cgviz_last"
EMPTY = {
    "line": "%explore needs an expression, as in: %explore a*b + c a=2 b=-3 c=10",
    "cell": "%%explore needs the steps of an expression below its first line, as in: e = a*b",
}
EXAMPLES = {
    "rankdir": "TB",
    "format": "png",
    "fold": "layer",
    "tool": "predict",
    "at": "e",
    "hide": "gradients",
    "zoom": "1.5",
    "lock": "a,b",
    "note": '"a: used twice"',
    "edges": "weight",
}
DRAWN = ("rankdir", "format", "fold", "note", "edges")
READY = ("rankdir", "tool", "at", "hide", "zoom", "lock", "note", "edges")
"""The options of ``%graph`` and of ``%explore``."""


@magics_class
class GraphMagics(Magics):
    """The magics, bound to one IPython shell."""

    @line_cell_magic
    def graph(self, line: str, cell: str | None = None) -> Picture | None:
        """Draw the graph of a value, with the names that the notebook gave to its nodes.

        %graph L                    draws the graph of the variable L
        %graph a*b + c              draws the graph of an expression of the notebook's variables
        %graph --rankdir TB L       from top to bottom (LR, TB, RL, BT)
        %graph --format png L       as svg, png, pdf, html, txt or dot
        %graph --fold layer L       each layer of a network as one box (or neuron, network, your own groups)
        %graph --note "a: used twice" L   a note beside a node; several of them are options of their own

        %graph --edges weight L     edges by the size and sign of their local derivative (or gradient)

        %%graph [--rankdir …] [--format …] [--fold …] [--note …] [--edges …]
        runs the cell and draws its last expression (or what its last line assigned)
        """
        options, line = _options(line, DRAWN)
        if cell is not None:
            if line:
                raise UsageError(
                    f"%%graph takes only {', '.join('--' + name for name in DRAWN)} on its first line, got {line!r}"
                )
            return self._draw_cell(cell, options)
        if not line:
            raise UsageError("%graph needs a value to draw, as in: %graph L")
        try:
            root = self.shell.ev(line)
        except (NameError, SyntaxError) as error:
            if isinstance(error, NameError):
                raise UsageError(f"%graph draws a value of the notebook: {error}") from None
            raise UsageError(
                f"%graph draws a value of the notebook, as in: %graph L; {line!r} is none. "
                f"For numbers and sliders: %explore {line}"
            ) from None
        return self._picture(root, options)

    @line_cell_magic
    def explore(self, line: str, cell: str | None = None) -> Explorer:
        """Explore an expression with sliders: its graph, values and gradients follow every move.

        %explore (a*b + c)*d a=2 b=-3 c=10 d=-2
        %explore e = a*b; L = e + c  a=2 b=(-5, 5) c=(0, 10, 0.5)
        %explore a*b + c a=[1, 2, 4] b=3 c=fixed(10)    one of three numbers; a number without a slider
        %explore f a=2              f: a function of the notebook
        %explore L                  L: a value of the notebook, its leaves become the sliders
        %explore --rankdir TB …     from top to bottom
        %explore --tool predict --hide gradients --at e --zoom 1.5 --lock a,b --note "a: used twice" …
                                    opens ready, as explore's options of these names say (--lock all locks all)

        %%explore a=2 b=-3 [--rankdir …] [--tool …] …
        reads the steps of an expression, one a line, the last of them the result: e = a*b, then L = e + 1

        A leaf without a number takes the notebook's variable of that name.
        """
        options, text = _options(line, READY)
        text, leaves = _leaves(text, self.shell.user_ns)
        if cell is not None:
            if text:
                raise UsageError(
                    f"%%explore takes only numbers and options such as --rankdir on its first line, got {text!r}"
                )
            text = cell.strip()
        if not text:
            raise UsageError(EMPTY["line" if cell is None else "cell"])
        try:
            subject = self._subject(text)
            function, numbers, _ = prepare(subject, leaves)
            named: dict[str, Any] = _read_options(options)
            leaves = self._read_variables(names_of(function)) | numbers | leaves
            return explore(subject, **named, **leaves)
        except (ExpressionError, TypeError, ValueError) as error:
            raise UsageError(str(error)) from None

    def _draw_cell(self, cell: str, options: dict[str, list[str]]) -> Picture | None:
        keep = _KeepLast()
        self.shell.ast_transformers.append(keep)
        try:
            result = self.shell.run_cell(cell)
        finally:
            self.shell.ast_transformers.remove(keep)
        root = self.shell.user_ns.pop(LAST, None)
        if not result.success:
            raise _Shown(type(result.error_in_exec or result.error_before_exec).__name__)
        if not keep.found:
            raise UsageError("%%graph draws the last expression of the cell, but the cell does not end with one")
        return self._picture(root, options)

    def _picture(self, root: NodeLike, options: dict[str, list[str]]) -> Picture:
        try:
            return draw(root, names=self._names(), **_read_options(options))
        except (TypeError, ValueError) as error:
            raise UsageError(str(error)) from None

    def _names(self) -> dict[int, str]:
        """What the notebook calls its objects; the name given first counts."""
        hidden = self.shell.user_ns_hidden
        named = [(k, v) for k, v in self.shell.user_ns.items() if not k.startswith("_") and k not in hidden]
        names = {identity(value): name for name, value in reversed(named)}
        for _, model in reversed(named):
            if is_model(model):
                names = dict(read_names(model)) | names
        return names

    def _subject(self, text: str) -> Any:
        found = self.shell.user_ns.get(text)
        if is_node(found):
            return Replay(found, self._names())
        return found if callable(found) and not isinstance(found, type) else text

    def _read_variables(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The numbers that the notebook's variables hold, Values among them."""
        found = {name: self.shell.user_ns[name] for name in names if name in self.shell.user_ns}
        found = {name: getattr(value, "data", value) for name, value in found.items()}
        return {name: value for name, value in found.items() if type(value) in (int, float)}


class _Shown(Exception):
    """Ends the outer cell when the inner one has failed, so that "Run All" stops; the traceback has been shown."""

    def _render_traceback_(self) -> list[str]:
        return [f"(the cell ended with {self}, shown above, so there is nothing to draw)"]


class _KeepLast(ast.NodeTransformer):
    """Keeps what the last line of a cell computes, in place of printing it."""

    def __init__(self) -> None:
        self.found = False

    def visit(self, tree: ast.AST) -> ast.AST:
        if not isinstance(tree, ast.Module) or not tree.body:
            return tree
        last = tree.body[-1]
        target = ast.Name(LAST, ast.Store())
        if isinstance(last, ast.Expr):
            tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
        elif isinstance(last, ast.Assign):
            last.targets.insert(0, target)
        else:
            return tree
        self.found = True
        return ast.fix_missing_locations(tree)


def _options(line: str, known: tuple[str, ...]) -> tuple[dict[str, list[str]], str]:
    """Take ``--rankdir TB`` and the like from the start or the end of a line, each with all that was given for it."""
    options: dict[str, list[str]] = {}
    last = re.compile(rf"(?:^|\s)--({'|'.join(known)})(?:[= ]\s*{VALUE})?\s*$")
    while match := OPTION.match(line) or last.search(line):
        name, value = match.groups()
        if name not in known:
            raise UsageError(f"unknown option --{name} ({one_of('--' + k for k in known)})")
        if not value:
            raise UsageError(f"--{name} needs a value, as in: --{name} {EXAMPLES[name]}")
        options.setdefault(name, []).append(value[1:-1] if value[0] in "\"'" else value)
        line = line[: match.start()] + line[match.end() :]
    return options, line.strip()


def _read_options(options: Mapping[str, list[str]]) -> dict[str, Any]:
    """The options as Python has them; of several values for one the last counts, and all of the notes."""
    found: dict[str, Any] = {name: values[-1] for name, values in options.items()}
    if "note" in found:
        pairs = [text.partition(":") for text in options["note"]]
        for text, (_, colon, _) in zip(options["note"], pairs, strict=True):
            if not colon:
                raise ValueError(f"--note is written as in --note {EXAMPLES['note']}, got {text!r}")
        found["note"] = {label.strip(): text.strip() for label, _, text in pairs}
    if "lock" in found:
        found["lock"] = found["lock"] == "all" or [name.strip() for name in found["lock"].split(",")]
    if "zoom" in found:
        with suppress(ValueError):  # a word, which `explore` judges
            found["zoom"] = float(found["zoom"])
    return found


def _leaves(line: str, known: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Take ``a=2 b=(0, 5) c=n`` from the end of a line, `n` a number that is `known`; the rest is the expression."""
    leaves: dict[str, Any] = {}
    while match := LEAF.search(line):
        before, (name, written) = line[: match.start()].rstrip(), match.groups()
        value = known.get(written)
        if type(value) not in (int, float):
            held = FIXED.fullmatch(written)
            try:
                value = ast.literal_eval(held[1] if held else written)
            except (ValueError, SyntaxError):
                if before and before[-1] not in ";,":  # after a semicolon it is a step of the expression
                    kinds = "a number, a range such as (0, 5), a list of numbers or fixed(…)"
                    raise UsageError(f"{name}: expected {kinds}, got {written!r}") from None
                break
            value = fix(value) if held else value
        leaves = {name: value} | leaves
        line = before
    return line.strip().rstrip(";,"), leaves


def load(shell: InteractiveShell) -> None:
    """Add the magics to a shell."""
    shell.register_magics(GraphMagics)


def unload(shell: InteractiveShell) -> None:
    """Take the magics away again."""
    for kind, names in GraphMagics.magics.items():
        for name in names:
            shell.magics_manager.magics[kind].pop(name, None)
    shell.magics_manager.registry.pop("GraphMagics", None)
