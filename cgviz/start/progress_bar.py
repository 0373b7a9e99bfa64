"""How far an installation has come, told by what is there and not by a guess: packages fetched, packages installed.

Standard library only. In a terminal a line follows pip; elsewhere nothing is shown until the stage ends.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from pathlib import Path
from typing import IO

WIDTH = 24
PAUSE = 0.5  # seconds from one look at the environment to the next
FETCHED = re.compile(r"\s*Collecting \S")
IGNORED = re.compile(r"\s*Ignoring \S+: markers .* don't match")
INSTALLS = re.compile(r"\s*Installing collected packages: (.*)")


class ProgressBar:
    """Follows pip: give it each line of its output. `count` is how many packages the lock names, for any machine.

    Fetching and installing take about as long as one another, so each is half of the bar.
    """

    def __init__(self, count: int, env: Path, stream: IO[str] | None = None) -> None:
        self.count, self.env, self.stream = count, env, stream or sys.stderr
        self.fetched = self.present = 0
        self.installs = 0  # how many pip has said that it installs
        self.start, self.before = time.monotonic(), installed(env)
        self.over = threading.Event()
        self.shown = ""

    def read(self, line: str) -> None:
        """Take in a line of pip's output."""
        if IGNORED.match(line):  # for another system, or another Python
            self.count -= 1
        elif FETCHED.match(line):
            self.fetched = min(self.fetched + 1, self.count)
        elif match := INSTALLS.match(line):
            self.installs, self.fetched = len(match[1].split(", ")), self.count

    def __str__(self) -> str:
        """What is told: a bar, both counts and the time since the start.

        >>> bar = ProgressBar(4, Path("nowhere"))
        >>> for line in ("Ignoring colorama: markers 'win32' don't match your environment", "Collecting anyio==4.16.0"):
        ...     bar.read(line)
        >>> str(bar)
        '[####                    ] 1 of 3 packages fetched, 0 s'
        """
        done = 0.5 * self.fetched / max(self.count, 1) + 0.5 * self.present / max(self.installs, 1)
        if self.installs:
            told = f"{self.present} of {self.installs} installed"
        else:
            told = f"{self.fetched} of {self.count} packages fetched"
        bar = ("#" * int(WIDTH * min(done, 1))).ljust(WIDTH)
        return f"[{bar}] {told}, {time.monotonic() - self.start:.0f} s"

    def __enter__(self) -> ProgressBar:
        if self.stream.isatty():
            threading.Thread(target=self._follow, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._show("")

    def _follow(self) -> None:
        while not self.over.wait(PAUSE):
            if self.installs:
                self.present = min(installed(self.env) - self.before, self.installs)
            self._show(str(self))

    def _show(self, text: str) -> None:
        """Put a text after the title of the stage, in the place of the last one."""
        if self.stream.isatty() and (text or self.shown):
            back = "\b" * len(self.shown)
            self.stream.write(back + text.ljust(len(self.shown)) + "\b" * max(0, len(self.shown) - len(text)))
            self.stream.flush()
            self.shown = text


def installed(env: Path) -> int:
    """Count the packages that are installed in an environment."""
    places = ("lib/python3*/site-packages", "Lib/site-packages")  # on Windows the second, elsewhere the first
    return len({path.name for place in places for path in env.glob(f"{place}/*.dist-info")})
