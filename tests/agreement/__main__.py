"""Ask all engines for expressions made at random: ``python -m tests.agreement 100000``, or ``--case 1234`` for one."""

import argparse
import importlib
import importlib.util
import shutil
import sys
import time
import warnings

from cgviz import Tensor, Value

from . import engines
from .comparison import AT_ONCE, Found, compare
from .judge import verdict
from .plans import make


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=2000, help="how many expressions")
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    parser.add_argument("--case", type=int, help="the number of one, of which everyone's answer is shown")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    nodejs = shutil.which("node")
    torch = importlib.import_module("torch") if importlib.util.find_spec("torch") else None
    if given.case is not None:
        show(make(given.case), nodejs, torch)
        return 0
    absent = [name for name, there in (("Node.js", nodejs), ("PyTorch", torch)) if not there]
    start = time.monotonic()
    whole = Found({}, {})
    for first in range(given.first, given.first + given.count, AT_ONCE):
        part = compare(range(first, min(first + AT_ONCE, given.first + given.count)), nodejs, torch)
        for key, n in part.counts.items():
            whole.counts[key] = whole.counts.get(key, 0) + n
            whole.examples[key] = (whole.examples.get(key, []) + part.examples[key])[:5]
        if sys.stderr.isatty():
            print(f"\r{first + AT_ONCE - given.first}", end="", file=sys.stderr)
    print(f"{given.count} expressions from number {given.first}, {time.monotonic() - start:.0f} s")
    if absent:
        print(f"not there, and not asked: {', '.join(absent)}")
    for (engine, said), n in sorted(whole.counts.items()):
        print(f"{engine:20} {n:8}  {said}   e.g. {', '.join(map(str, whole.examples[engine, said][:3]))}")
    for (engine, _), plans in whole.wrong.items():
        print(f"NOT EXPLAINED: {engine}: --case {plans[0]}")
    return 1 if whole.wrong else 0


def show(plan, nodejs, torch):
    """One expression, and what everyone makes of it."""
    print(plan.kind, dict(zip(plan.names, plan.leaves, strict=True)), plan.text.replace("; ", "\n  "), sep="\n  ")
    ours, graph = engines.eager(plan, Value), engines.record(plan)
    scale = engines.scale(plan, graph[0]) if graph else 1.0
    print("Value    ", ours, "50 digits:", verdict(plan, ours, scale))
    print("Tensor   ", engines.eager(plan, Tensor))
    if graph:
        print("Program  ", engines.again(plan, graph[0]))
        print("in arrays", engines.in_arrays(plan, graph[0]))
        print("over     ", engines.batched(plan, graph[0], graph[2]))
        print("page     ", nodejs and engines.on_the_page([plan], [graph], nodejs)[0])
    print("micrograd", engines.by_micrograd(plan))
    print("PyTorch  ", torch and engines.by_torch(plan, torch))


if __name__ == "__main__":
    raise SystemExit(main())
