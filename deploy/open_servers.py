"""Start the servers of a class before it begins, so that nobody waits when all sign in at once.

    CGVIZ_HUB_TOKEN=… python deploy/open_servers.py --hub http://127.0.0.1:8000 ada ben cleo
    CGVIZ_HUB_TOKEN=… python deploy/open_servers.py --hub http://127.0.0.1:8000 < names.txt

The hub must know the token (`jupyterhub_config.py` takes it from the same variable). The standard library is enough.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

PATIENCE = 600  # seconds for all of them
PAUSE = 0.5
BUSY = 429  # the hub starts as many as it wants to at the same time; ask again


class Hub:
    """A hub's own interface, with a token of one of its services."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address.rstrip("/") + "/hub/api", token

    def ask(self, path: str, method: str = "GET") -> tuple[int, Any]:
        """The status and the answer to a request; raises `SystemExit` with a sentence where there is no hub."""
        head = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(self.address + path, method=method, headers=head)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                text = reply.read()
                return reply.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            if error.code in (401, 403):
                sys.exit("open_servers: the hub does not take this token: start both with the same CGVIZ_HUB_TOKEN.")
            return error.code, error.reason
        except (urllib.error.URLError, OSError) as error:
            sys.exit(f"open_servers: no hub answers at {self.address}: {getattr(error, 'reason', error)}.")

    def start(self, name: str) -> bool:
        """Ask for a learner's server; tell whether the hub has begun, or had before."""
        self.ask(f"/users/{quote(name, safe='')}", "POST")
        status, why = self.ask(f"/users/{quote(name, safe='')}/server", "POST")
        if status in (201, 202, 400):  # 400: it runs already
            return True
        if status == BUSY:
            return False
        sys.exit(f"open_servers: the hub does not start the server of {name}: {why}.")

    def ready(self, name: str) -> bool:
        """Tell whether the learner's server answers."""
        status, user = self.ask(f"/users/{quote(name, safe='')}")
        return status == 200 and bool((user.get("servers") or {}).get("", {}).get("ready"))


def open_servers(hub: Hub, names: Sequence[str]) -> list[str]:
    """Start them all and wait; return the names of those that are not ready in the end."""
    waiting, starting = list(names), []
    end = time.monotonic() + PATIENCE
    while (waiting or starting) and time.monotonic() < end:
        starting = [name for name in starting if not hub.ready(name)]
        while waiting and hub.start(waiting[0]):
            starting.append(waiting.pop(0))
        print(f"\r{len(names) - len(waiting) - len(starting)} of {len(names)} are ready ", end="", flush=True)
        time.sleep(PAUSE)
    print()
    return waiting + starting


def main() -> int:
    """Read the names, start their servers, and say which did not come."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("names", nargs="*", help="the learners; without any they are read from the standard input")
    reader.add_argument("--hub", default="http://127.0.0.1:8000", help="where the hub answers")
    options = reader.parse_args()
    token = os.environ.get("CGVIZ_HUB_TOKEN") or sys.exit("open_servers: CGVIZ_HUB_TOKEN is not set.")
    names = list(dict.fromkeys(options.names or sys.stdin.read().split()))
    start = time.monotonic()
    late = open_servers(Hub(options.hub, token), names)
    print(f"{len(names) - len(late)} servers are ready, after {time.monotonic() - start:.0f} s")
    if late:
        print(f"not ready: {', '.join(late)} (the hub's log says why)", file=sys.stderr)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
