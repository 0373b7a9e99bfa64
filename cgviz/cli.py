"""The command line: ``cgviz draw "(a*b + c)*d" a=2 b=-3 c=10 d=-2``."""

from __future__ import annotations

import argparse
import errno
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from . import __version__
from .chain_rule.explanation import explain
from .pictures import draw, film
from .pictures.film_of_graph import STILLS
from .pictures.layout.placement import RANKDIRS
from .run.expression import parse
from .run.run import Run, check_inputs

UNREAD = 141
"""The exit code of a program whose output nobody reads: 128, and the number of the signal SIGPIPE."""

EXAMPLE = """examples:
  cgviz draw "(a*b + c)*d" a=2 b=-3 c=10 d=-2
  cgviz draw "e = a*b; L = tanh(e)" a=2 b=-3 --explain -o L.svg
  cgviz film "(a*b + c)*d" a=2 b=-3 c=10 d=-2 -o backward.gif
  cgviz film "x**2" x=3 --descend --rate 0.1 -o descent.gif
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0, or 2 after a sentence on what was wrong with the arguments.

    Where nobody reads what is printed any more (``| head -1``), it ends without a word, as other programs do.
    """
    parser = _parser()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # where ∂ cannot be written, a question mark is
    # An expression may begin with a minus, which argparse takes for an option unless something stands before it.
    args = parser.parse_args([re.sub(r"^-(?!-|[oh]$)", " -", arg) for arg in (sys.argv[1:] if argv is None else argv)])
    if args.command is None:
        parser.print_help()
        return 0
    try:
        code = args.run(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would say it at its own end
        return UNREAD
    except (ValueError, TypeError, OSError) as error:
        if os.name == "nt" and getattr(error, "errno", None) == errno.EINVAL:  # how Windows says it of a closed pipe
            return UNREAD
        print(f"cgviz: {_sentence(error)}", file=sys.stderr)
        return 2


def _draw(args: argparse.Namespace) -> int:
    expression = parse(args.expression)
    run = Run(expression)
    run.update(**check_inputs(expression.names, _numbers(args.numbers)))
    picture = draw(run.graph, rankdir=args.rankdir)
    print(picture)
    if args.explain:
        print()
        print(explain(run.graph))
    if args.output is not None:
        print(f"written: {picture.save(args.output)}")
    return 0


def _film(args: argparse.Namespace) -> int:
    expression = parse(args.expression)
    numbers = _numbers(args.numbers)
    if args.descend:
        if args.stills:
            raise ValueError("--stills shows the steps of forward and backward: leave out --descend")
        from .live import descend

        descend(expression, numbers, rate=args.rate, steps=args.steps).film(args.output)
    else:
        run = Run(expression)
        run.update(**check_inputs(expression.names, numbers))
        film(run.root, args.output, rankdir=args.rankdir, stills=args.stills)
    print(f"written: {args.output}")
    return 0


def _bench(args: argparse.Namespace) -> int:
    script = Path(__file__).parent.parent / "benchmarks" / "run.py"
    if not script.is_file():
        raise FileNotFoundError("the benchmarks are part of the project's source: run this from a checkout of it")
    return subprocess.run([sys.executable, str(script), *["--write"] * args.write]).returncode


def _numbers(texts: Sequence[str]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for text in texts:
        name, equals, number = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise ValueError(f"expected name=number, such as a=2, got {text!r}")
        if name in numbers:
            raise ValueError(f"'{name}' is given twice")
        try:
            numbers[name] = float(number)
        except ValueError:
            raise ValueError(f"{name}: expected a number, got {number!r}") from None
    return numbers


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.strerror}: {error.filename}"
    return str(error)


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="cgviz", description="See computational graphs and their gradients.", epilog=EXAMPLE, formatter_class=raw
    )
    parser.add_argument("--version", action="version", version=f"cgviz {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")
    drawing = commands.add_parser(
        "draw",
        help="print the table of an expression with its gradients, or write its picture",
        epilog=EXAMPLE,
        formatter_class=raw,
    )
    drawing.add_argument("expression", help="such as '(a*b + c)*d', or steps: 'e = a*b; L = e + c'")
    drawing.add_argument("numbers", nargs="*", metavar="name=number", help="the number of each leaf")
    drawing.add_argument(
        "-o", "--output", metavar="FILE", help="write a picture: .svg, .png, .pdf, .html, .txt or .dot"
    )
    drawing.add_argument("--rankdir", default="LR", metavar="LR", help=f"direction: {', '.join(RANKDIRS)}")
    drawing.add_argument("--explain", action="store_true", help="say by the chain rule where each gradient comes from")
    drawing.set_defaults(run=_draw)
    filming = commands.add_parser(
        "film",
        help="film forward and backward through an expression, or its descent",
        epilog=EXAMPLE,
        formatter_class=raw,
    )
    filming.add_argument("expression", help="such as '(a*b + c)*d', or steps: 'e = a*b; L = e + c'")
    filming.add_argument("numbers", nargs="*", metavar="name=number", help="the number of each leaf")
    filming.add_argument(
        "-o", "--output", metavar="FILE", required=True, help="write a film: .gif, .webp, .png (animated) or .mp4"
    )
    filming.add_argument("--stills", metavar="svg", choices=STILLS, help="write a folder of stills instead: svg or png")
    filming.add_argument("--rankdir", default="LR", metavar="LR", help=f"direction: {', '.join(RANKDIRS)}")
    filming.add_argument("--descend", action="store_true", help="film gradient descent from these numbers")
    filming.add_argument("--rate", type=float, default=0.1, metavar="0.1", help="the learning rate of the descent")
    filming.add_argument("--steps", type=int, default=20, metavar="20", help="the number of its steps")
    filming.set_defaults(run=_film)
    bench = commands.add_parser("bench", help="measure speed and memory against other libraries (from a checkout)")
    bench.add_argument("--write", action="store_true", help="write the page benchmarks/README.md anew")
    bench.set_defaults(run=_bench)
    commands.add_parser("lessons", help="open the lessons in JupyterLab", add_help=False)
    commands.add_parser("site", help="build the lessons as a site without a server (from a checkout)", add_help=False)
    commands.add_parser("test", help="run all tests (from a checkout)", add_help=False)
    commands.add_parser("docs", help="build the documentation as a site (from a checkout)", add_help=False)
    return parser
