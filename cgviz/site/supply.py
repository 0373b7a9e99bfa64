"""Where the site's files come from: a folder of the person's own, an earlier build, the network; each by its hash."""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from cgviz.start.install import NetworkError, SetupError

TIMEOUT = 60


class Supply:
    """Hands over files, each with one of the hashes that are known for it.

    `own` is the folder that ``--wheels`` names, `kept` where what has been fetched is kept for the next time.
    """

    def __init__(self, own: Path | None, kept: Path) -> None:
        if own is not None and not own.is_dir():
            raise SetupError(f"there is no folder {own}: --wheels takes the folder with the files of Pyodide.")
        self.own, self.kept = own, kept

    def find(self, name: str, hashes: Iterable[str]) -> Path | None:
        """Return the file of that name, or None where neither folder has it.

        Raises SetupError where the person's own folder holds another one under this name.
        """
        known = set(hashes)
        if self.own is not None and (path := self.own / name).is_file():
            found = fingerprint(path)
            if found not in known:
                raise SetupError(
                    f"{path} is not the file of that name that the site needs: its sha256 is {found[:16]}…, and should "
                    f"be {' or '.join(f'{each[:16]}…' for each in sorted(known))}; take it away or get it anew."
                )
            return path
        path = self.kept / name
        return path if path.is_file() and fingerprint(path) in known else None

    def fetch(self, name: str, sha256: str, folder_url: str) -> Path:
        """Return the file, from the network if need be.

        Raises NetworkError where it cannot be reached, SetupError where what comes is another file.
        """
        if found := self.find(name, [sha256]):
            return found
        content = download(f"{folder_url.rstrip('/')}/{name}")
        found_hash = hashlib.sha256(content).hexdigest()
        if found_hash != sha256:
            raise SetupError(
                f"what was fetched as {name} is another file: its sha256 is {found_hash[:16]}…, and should be "
                f"{sha256[:16]}…; nothing of it is used, so try again from another network."
            )
        return self.keep(name, content)

    def keep(self, name: str, content: bytes) -> Path:
        """Keep a file that was fetched, in one step, and return where."""
        self.kept.mkdir(parents=True, exist_ok=True)
        path, half = self.kept / name, self.kept / f"{name}.part"
        half.write_bytes(content)
        os.replace(half, path)
        return path


def fingerprint(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


def download(url: str) -> bytes:
    """Return what stands at an address; raises NetworkError that says what to do without."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
            return bytes(answer.read())
    except OSError as problem:  # URLError is one, and so is a connection that breaks off
        reason = problem.reason if isinstance(problem, urllib.error.URLError) else problem
        raise NetworkError(
            f"{url.rsplit('/', 1)[-1]} could not be fetched ({reason}): check the network (behind a proxy, set "
            "HTTPS_PROXY), or name a folder that has the file, with --wheels."
        ) from None
