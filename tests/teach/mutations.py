"""Try small slips in right answers, one after another, and list those that a check takes for right: a command.

    python tests/teach/mutations.py lesson03 lesson06      (all lessons without names)

Each slip is one that people make: another operator, a number one off, a case left out, an order exchanged, a line
forgotten, a number cut to a whole one. What it lists is to be judged: some slips change nothing that is asked.
"""

from __future__ import annotations

import ast
import copy
import sys
import types
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1])]

from cgviz.teach.registry import lessons, of_lesson  # noqa: E402
from cgviz.teach.sandbox import limits  # noqa: E402

SECONDS = 3.0
OTHERS = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.Pow: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.MatMult: (ast.Mult,),
}
COMPARED = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt,),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
WRAPS = ("int(X)", "abs(X)", "round(X)", "round(X, 3)", "max(0, X)", "min(X, 100)", "float('%.4g' % X)", "X or 1")


def slips(node: ast.AST) -> Iterator[ast.AST]:
    """What could stand in the place of a node."""
    if isinstance(node, ast.BinOp):
        for other in OTHERS.get(type(node.op), ()):
            yield ast.BinOp(node.left, other(), node.right)
        if type(node.op) in (ast.Sub, ast.Div, ast.Pow, ast.MatMult, ast.Mult, ast.Add):
            yield ast.BinOp(node.right, node.op, node.left)
        yield node.left
        yield node.right
        for text in WRAPS:
            whole = ast.parse(text, mode="eval").body
            hole = next(part for part in ast.walk(whole) if isinstance(part, ast.Name) and part.id == "X")
            yield Replace(hole, node).visit(whole)
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=node.lineno)
        for other in OTHERS.get(type(node.op), ()):
            yield ast.AugAssign(node.target, other(), node.value)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARED.get(type(node.ops[0]), ()):
            yield ast.Compare(node.left, [other()], node.comparators)
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        yield from node.values
    if isinstance(node, ast.UnaryOp):
        yield node.operand
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(-node.value if node.value else 2)
    if isinstance(node, ast.Constant) and type(node.value) is str and node.value:
        yield ast.Constant(node.value + "x")
        yield ast.Constant("")
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield ast.Constant(not node.value)
    if isinstance(node, (ast.Tuple, ast.List)) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield type(node)(node.elts[::-1], node.ctx)
        yield type(node)(node.elts[:1], node.ctx)
        yield ast.Set(node.elts)
    if isinstance(node, (ast.If, ast.IfExp)):
        for held in (True, False):
            changed = copy.deepcopy(node)
            changed.test = ast.Constant(held)
            yield changed
    if isinstance(node, ast.Call) and len(node.args) == 2 and not node.keywords:
        yield ast.Call(node.func, node.args[::-1], [])
    if isinstance(node, ast.Call) and node.keywords:
        for i in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, node.keywords[:i] + node.keywords[i + 1 :])
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords and isinstance(node.func, ast.Name):
        yield node.args[0]
    if isinstance(node, ast.Return) and node.value is not None:
        yield ast.Return(None)
        yield ast.Expr(node.value)
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.For)) and not (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ):
        yield ast.Pass()


class Replace(ast.NodeTransformer):
    """Puts another node in the place of one."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def short(text: str) -> str:
    return " ".join(text.split())[:70]


def defined(answer: object, tree: ast.Module) -> set[str]:
    """The names of the file that an answer is made of: its class and their parents, its function."""
    there = {part.name for part in tree.body if isinstance(part, (ast.FunctionDef, ast.ClassDef))}
    classes = [one.__name__ for one in getattr(answer, "__mro__", ())]
    names = {*classes, getattr(answer, "__name__", "")} & there
    while True:  # and what these call
        used = {node.id for part in tree.body if getattr(part, "name", "") in names for node in ast.walk(part)
                if isinstance(node, ast.Name)} & there  # fmt: skip
        if used <= names:
            return names
        names |= used


def try_lesson(lesson: str) -> tuple[int, list[str]]:
    """How many slips were tried on a lesson's right answers, and those that passed."""
    path = HERE / "answers" / f"{lesson}.py"
    source = path.read_text(encoding="utf-8")
    base = run(ast.parse(source))
    exercises = {one.name: one for one in of_lesson(lesson)}
    tried, passed = 0, []
    for name, (right, _) in base["ANSWERS"].items():
        for place, answer in enumerate(right[:2]):
            if not isinstance(answer, (type, types.FunctionType)):
                continue
            tree = ast.parse(source)
            wanted = defined(answer, tree)
            seen: set[str] = set()
            places = [(i, j, k) for k, part in enumerate(tree.body) if getattr(part, "name", None) in wanted
                      for i, node in enumerate(ast.walk(part)) for j, _ in enumerate(slips(node))]  # fmt: skip
            for i, j, k in places:
                changed = ast.parse(source)
                node = list(ast.walk(changed.body[k]))[i]
                new = list(slips(node))[j]
                where = f"{changed.body[k].name}:{getattr(node, 'lineno', 0)}"
                what = f"{where}: {short(ast.unparse(node))}  ->  {short(ast.unparse(new))}"
                if what in seen or ast.unparse(node) == ast.unparse(new):
                    continue
                seen.add(what)
                changed.body[k] = Replace(node, new).visit(changed.body[k])
                ast.fix_missing_locations(changed)
                try:
                    made = run(changed)["ANSWERS"][name][0][place]
                except Exception:
                    continue
                tried += 1
                if exercises[name].check(made).ok:
                    passed.append(f"{lesson} | {name} | {what}")
    return tried, passed


def run(tree: ast.Module) -> dict:
    names: dict = {"__name__": "answers"}
    exec(compile(tree, "answers", "exec"), names)
    return names


def main(asked: list[str]) -> None:
    limits.SECONDS = SECONDS
    whole = 0
    for lesson in asked or lessons():
        tried, passed = try_lesson(lesson)
        whole += tried
        print(f"{lesson}: {tried} slips tried, {len(passed)} taken for right", *passed, sep="\n", flush=True)
    print(f"{whole} slips in all")


if __name__ == "__main__":
    main(sys.argv[1:])
