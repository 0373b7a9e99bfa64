"""How a view opens: with which tool, at which node, what is hidden or on the edges, how large, and what is locked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from ..chain_rule.local_derivatives import add_local_derivatives
from ..graph import Graph, Node, NodeLike, is_node, trace
from ..graph.node_search import find_node
from ..pictures.edge_strengths import KINDS
from ..pictures.flags import check_notes, follow, read_notes
from ..text import kind, one_of, shorten
from . import javascript

OPTIONS = ("tool", "at", "hide", "zoom", "lock", "note", "edges")
"""What `explore` takes of all this."""
HIDDEN = {"gradients": "grad", "values": "data", "gradient": "grad", "value": "data"}
"""What can be hidden: all of them, or one, that of the node `at`; and the field that it is."""
QUIZ, PATHS = "Predict", "Explain"
"""The tool that asks for what is hidden, and the one that lights the paths of its node."""
EDGES = (*KINDS, "numbers", "formulas")
"""What can be on the edges: size and sign, or the local derivatives."""
SMALLEST, LARGEST = 0.2, 4.0


class Unseen:
    """What stands where a number is hidden."""

    def __repr__(self) -> str:
        return "?"


class UnknownNodeError(ValueError):
    """The graph has no node of this label."""


class Opening(NamedTuple):
    """The options as they were given, checked as far as they can be without a graph."""

    tool: str = ""
    at: Any = None
    hide: str = ""
    zoom: float = 0.0
    lock: tuple[str, ...] | bool = ()
    note: Any = None
    origin: Any = None  # the finished graph whose objects may stand for nodes
    edges: str = ""

    @classmethod
    def read(
        cls,
        tool: Any = None,
        at: Any = None,
        hide: Any = None,
        zoom: Any = None,
        lock: Any = None,
        note: Any = None,
        origin: Any = None,
        edges: Any = None,
    ) -> Opening:
        """Check what was given. Raises `TypeError` or `ValueError`, saying what is allowed.

        >>> Opening.read(tool="predict", zoom="fit")[:4]
        ('Predict', None, 'gradients', -1.0)
        """
        one = hide in ("gradient", "value")
        if hide is not None and hide not in HIDDEN:
            raise ValueError(f"hide: there is no {_written(hide)}; it {one_of(map(repr, HIDDEN))}")
        if one and at is None:
            raise ValueError(f"hide='{hide}' hides that of one node: say which, as in at=\"a\"")
        if edges is not None and edges not in EDGES:
            raise ValueError(f"edges: there is no {_written(edges)}; it {one_of(map(repr, EDGES))}")
        check_notes(note)
        name = _tool(tool)
        hide = hide or ("gradients" if name == QUIZ else "")
        if edges == "gradient" and hide.startswith("gradient"):
            raise ValueError(f"edges='gradient' would show by width and colour what hide={hide!r} hides")
        return cls(name, at, hide, _zoom(zoom), _names(lock), note, origin, edges or "")

    def check_inputs(self, names: Collection[str]) -> tuple[str, ...]:
        """The inputs that are locked. Raises `ValueError` for a name that is none of them."""
        if isinstance(self.lock, bool):
            return tuple(names) if self.lock else ()
        for name in self.lock:
            if name not in names:
                raise ValueError(f"lock: there is no input '{shorten(name)}'; there {_list(names)}")
        return self.lock

    def find(self, graph: Graph, root: NodeLike) -> tuple[int | None, dict[int, str]]:
        """The node `at`, and the notes, by index. Raises `UnknownNodeError`, saying what there is."""
        root = graph if isinstance(root, Graph) else root  # records alone, perhaps of whole arrays
        try:
            at = None if self.at is None else find_node(graph, root, self._replay(self.at))
        except KeyError as error:
            raise UnknownNodeError(f"at: {error.args[0]}") from None
        try:
            return at, read_notes({self._replay(key): text for key, text in (self.note or {}).items()}, graph, root)
        except ValueError as error:
            raise UnknownNodeError(str(error)) from None

    def _replay(self, wanted: Any) -> Any:
        """A node of the finished graph that is explored is known by its place: each run makes others in its place."""
        if self.origin is None or not is_node(wanted):
            return wanted
        with suppress(KeyError):  # which is told better of the graph that is shown
            return find_node(trace(self.origin), self.origin, wanted)
        return wanted

    def picture(self, graph: Graph, at: int | None) -> dict[str, Any]:
        """What a still picture is made of that looks as the view does when it opens, as arguments of `Picture`."""
        return {
            "graph": self.mask(add_local_derivatives(graph) if self.edges else graph, at),
            "local": self.edges not in ("", *KINDS),
            "edges": self.edges if self.edges in KINDS else None,
            "lit": at if self.tool == PATHS else None,
        }

    def mask(self, graph: Graph, at: int | None) -> Graph:
        """The graph as it is first seen: what is hidden is not in it."""
        if not self.hide:
            return graph
        field, one = HIDDEN[self.hide], self.hide in ("gradient", "value")
        nodes = (
            _blank(node, field) if (node.index == at if one else _asked(node, field, graph)) else node
            for node in graph.nodes
        )
        return graph.replace_parts(tuple(nodes))


class Marks:
    """What an opening says of nodes: found in the first structure, followed into others, where labels tell them.

    `lost` is a sentence about a node that is not there, where it is too late to refuse it.
    """

    def __init__(self, ready: Opening) -> None:
        self.ready, self.lost = ready, ""
        self._first: Graph | None = None
        self._at: int | None = None
        self._begin: int | None = None
        self._notes: dict[int, str] = {}

    def find(self, graph: Graph, root: NodeLike, late: bool = False) -> None:
        """Find them in the first graph. Raises `UnknownNodeError`, unless it is `late`: first runs failed."""
        if self._first is None:
            try:
                self._at, self._notes = self.ready.find(graph, root)
            except UnknownNodeError as error:
                if not late:
                    raise
                self.lost = str(error)
            self._first = graph

    def begin(self, i: int | None) -> None:
        """The node of the first graph that is in sight at first, where the view is not asked to open at another."""
        self._begin = i

    def find_beginning(self, whole: Graph, shown: Graph) -> int | None:
        """That node in what is `shown`, which is the same structure with groups folded."""
        if self._begin is None or self._first is None or self._first.signature != whole.signature:
            return None
        return next(iter(follow({self._begin: ""}, whole, shown)), None)

    def follow(self, whole: Graph, shown: Graph) -> tuple[int | None, dict[int, str]]:
        """The node to begin with, and the notes, by index of what is `shown`: that graph with groups folded."""
        at = {} if self._at is None else {self._at: ""}
        if self._first is not None and self._first.signature != whole.signature:
            at, notes = follow(at, self._first, whole), follow(self._notes, self._first, whole)
        else:
            notes = self._notes
        return next(iter(follow(at, whole, shown)), None), follow(notes, whole, shown)


def _asked(node: Node, field: str, graph: Graph) -> bool:
    """Whether a number is hidden with all others: the gradients but the output's, the values that are computed."""
    if getattr(getattr(node, field), "shape", ()):
        return False  # of an array nothing is asked
    if field == "data":
        return bool(node.operands)
    return node.grad is not None and node is not graph.root


def _blank(node: Node, field: str) -> Node:
    return node._replace(data=Unseen()) if field == "data" else node._replace(grad=Unseen())


def _tool(wanted: Any) -> str:
    """The name on a tool's button, from that in any letters or from the name of its file."""
    if wanted is None:
        return ""
    tools = javascript.tools()
    if isinstance(wanted, str):
        plain = _letters(wanted)
        for file, name in tools.items():
            if plain in (_letters(name), file):
                return name
    raise ValueError(
        f"tool: there is no {_written(wanted)}; it {one_of(repr(name.lower()) for name in tools.values())}"
    )


def _zoom(wanted: Any) -> float:
    """How large: a factor, -1 for all of it in the full width, 0 for as it comes."""
    if wanted is None:
        return 0.0
    if wanted == "fit":
        return -1.0
    number = isinstance(wanted, (int, float)) and not isinstance(wanted, bool)
    if not number or not SMALLEST <= wanted <= LARGEST:
        raise ValueError(
            f"zoom: expected a number from {SMALLEST:g} to {LARGEST:g}, where 1 is the size of the text, or 'fit'; "
            f"got {_written(wanted)}"
        )
    return float(wanted)


def _names(wanted: Any) -> tuple[str, ...] | bool:
    if wanted is None or isinstance(wanted, bool):
        return bool(wanted)
    names = (wanted,) if isinstance(wanted, str) else tuple(wanted) if isinstance(wanted, Iterable) else (wanted,)
    if not all(isinstance(name, str) for name in names):
        raise TypeError(f"lock: expected True, the name of an input, or a list of names; got {_written(wanted)}")
    return names


def _letters(text: str) -> str:
    return "".join(ch for ch in text.lower() if ch.isalnum())


def _written(x: Any) -> str:
    return repr(x) if isinstance(x, (int, float)) else f"'{shorten(x)}'" if isinstance(x, str) else kind(x)


def _list(names: Collection[str]) -> str:
    return f"{'is' if len(names) == 1 else 'are'} {', '.join(map(shorten, names))}" if names else "are none"
