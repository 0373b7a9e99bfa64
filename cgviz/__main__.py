"""``python3 -m cgviz ...``: one command that sets everything up and then does what was asked.

On a fresh machine nothing but Python is there, so this file uses the standard library alone and makes the environment
first. It also has to be *readable* to Pythons too old for the rest (3.8 and up), or they could not be told so.
"""

import os
import sys

UNREAD = 141  # the exit code of a program whose output nobody reads: 128, and the number of the signal SIGPIPE
OLDEST = (3, 11)

# What each command needs to be installed: "lessons" is what a learner needs, "test" adds the tools of the tests, "docs"
# what builds the pages of the documentation; "site", what builds the site of the lessons, is an environment of its own.
# Anything that is not listed (--help, --version, a misspelling) is answered at once, with nothing installed.
NEEDS = {
    "lessons": "lessons",
    "draw": "lessons",
    "film": "lessons",
    "bench": "test",
    "test": "test",
    "docs": "docs",
    "site": "site",
}


def main(argv: "list[str] | None" = None) -> int:
    """Run one command and return its exit code: 0 well, 1 failed, 2 wrongly asked for, 130 interrupted."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if sys.version_info < OLDEST:
        print(too_old(sys.version_info), file=sys.stderr)
        return 2

    from cgviz.start.install import SetupError

    try:
        try:
            return dispatch(argv)
        finally:  # here, and not at Python's own end: where nobody reads any more, that would be told
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:  # ``| head -1``: no more than that was wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except SetupError as problem:
        print("cgviz: {}".format(problem), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)  # the terminal has just printed ^C
        return 130


def too_old(version: "tuple") -> str:
    """Return the sentence for a Python that is too old, naming what was found and what is needed."""
    launcher = "py -3.11" if sys.platform == "win32" else "python3.11"
    return (
        "cgviz: this is Python {}.{}, and cgviz needs {}.{} or newer: install one from python.org or your system's "
        "packages, then start it by name, for example `{} -m cgviz lessons`.".format(
            version[0], version[1], OLDEST[0], OLDEST[1], launcher
        )
    )


def dispatch(argv: "list[str]") -> int:
    """Set up what the command needs, then hand over to the code that does it; return its exit code."""
    from cgviz.start.environment import ensure

    name = argv[0] if argv else None
    asks_for_help = "-h" in argv[1:] or "--help" in argv[1:]
    if name in NEEDS and not asks_for_help:
        ensure(NEEDS[name], argv)
        if "--set-up-only" in argv[1:]:
            print("cgviz: everything is set up.", file=sys.stderr)
            return 0
    if name == "lessons":
        from cgviz.start.lessons import main as run
    elif name == "test":
        from cgviz.start.tests import main as run
    elif name == "docs":
        from cgviz.start.documentation import main as run
    elif name == "site":
        from cgviz.site.command import main as run
    else:
        from cgviz.cli import main as run

        return run(argv) or 0
    return run(argv[1:])


if __name__ == "__main__":
    sys.exit(main())
