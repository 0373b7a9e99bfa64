"""Try a hub with a class of N: each starts a server, opens a lesson, runs it, moves sliders; prints how long it took.

    CGVIZ_HUB_TOKEN=… python deploy/load.py 20 --hub http://127.0.0.1:8000

It runs beside the hub, in its environment (tornado and psutil come with it), and stops the servers that it started.
"""

import argparse
import asyncio
import json
import math
import os
import statistics
import sys
import time
import uuid
from collections.abc import Awaitable
from pathlib import Path

import psutil
from open_servers import Hub
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from cgviz.start.folder import originals

LESSON = "01-*.ipynb"
SHOW = 'from cgviz import explore\nview = explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2)'
MOVE = "view.inputs['a'] = {}"  # what the kernel does when the page tells it of a move
LONGEST = 300  # seconds for one cell, when everybody runs at once


class Student:
    """One who learns: a name, and the kernel on her server."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.hub, self.name = hub, name
        self.page = hub.address.removesuffix("/hub/api") + f"/user/{name}"

    async def ask(self, path: str, method: str = "GET", body: object = None) -> object:
        """What her own server answers."""
        request = HTTPRequest(
            self.page + path,
            method=method,
            body=None if body is None else json.dumps(body),
            headers={"Authorization": f"token {self.hub.token}"},
            request_timeout=LONGEST,
        )
        return json.loads((await AsyncHTTPClient().fetch(request)).body)

    async def open_kernel(self) -> None:
        """Start a kernel, and connect to it as the page does."""
        kernel = await self.ask("/api/kernels", "POST", {"name": "python3"})
        address = f"{self.page}/api/kernels/{kernel['id']}/channels?session_id={uuid.uuid4().hex}"
        head = {"Authorization": f"token {self.hub.token}"}
        self.socket = await websocket_connect(HTTPRequest(address.replace("http", "ws", 1), headers=head))
        await self.run("1")

    async def run(self, code: str) -> None:
        """Run a cell; raises `RuntimeError` if it fails."""
        name = uuid.uuid4().hex
        head = {"msg_id": name, "username": "", "session": name, "msg_type": "execute_request", "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        message = {"header": head, "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": []}
        await self.socket.write_message(json.dumps({**message, "content": {**content, "stop_on_error": False}}))
        replied = idle = False
        while not (replied and idle):
            text = await asyncio.wait_for(self.socket.read_message(), LONGEST)
            if text is None:
                raise RuntimeError(f"the kernel of {self.name} is gone")
            answer = json.loads(text) if isinstance(text, str) else {}
            if answer.get("parent_header", {}).get("msg_id") != name:
                continue
            if answer["msg_type"] == "execute_reply":
                replied = True
                if answer["content"]["status"] != "ok":
                    raise RuntimeError(f"{self.name}: {answer['content'].get('evalue')}")
            idle = idle or (answer["msg_type"], answer["content"].get("execution_state")) == ("status", "idle")


def cells() -> list[str]:
    """The code of the first lesson."""
    (lesson,) = originals().glob(LESSON)
    found = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]


async def timed(job: Awaitable) -> float:
    """How long a job took, in seconds."""
    start = time.monotonic()
    await job
    return time.monotonic() - start


async def attend(student: Student, moves: int, all_here: asyncio.Barrier, times: dict[str, list[float]]) -> None:
    """Kernel, lesson, and then, when all are there, the moves."""

    async def run_lesson() -> None:
        for cell in cells():
            await student.run(cell)
        await student.run(SHOW)

    times["a kernel"].append(await timed(student.open_kernel()))
    times["lesson 1"].append(await timed(run_lesson()))
    await all_here.wait()
    for move in range(moves):
        times["a move, by the kernel"].append(await timed(student.run(MOVE.format(move % 20 / 2 - 5))))
        await asyncio.sleep(0.3)


async def start_all(hub: Hub, names: list[str]) -> list[float]:
    """Start all servers at once, as a class does that signs in; how long each waited."""

    async def start(name: str) -> None:
        while not await asyncio.to_thread(hub.start, name):
            await asyncio.sleep(0.5)
        while not await asyncio.to_thread(hub.ready, name):
            await asyncio.sleep(0.5)

    return await asyncio.gather(*(timed(start(name)) for name in names))


def memory() -> str:
    """What a student's server and her kernel take, shared pages divided among those who share them, in MB."""
    found: dict[str, list[float]] = {"a server": [], "a kernel": []}
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        kind = "a kernel" if "ipykernel_launcher" in line else "a server" if "jupyterhub-singleuser" in line else ""
        if kind:
            used = process.memory_full_info()
            found[kind].append(getattr(used, "pss", used.rss) / 1e6)
    return ", ".join(f"{kind} {statistics.mean(held):.0f} MB" for kind, held in found.items() if held)


async def main(count: int, moves: int, hub: Hub) -> None:
    """Start, run, move; print the table."""
    names = [f"student{number:03d}" for number in range(count)]
    times: dict[str, list[float]] = {"a server": [], "a kernel": [], "lesson 1": [], "a move, by the kernel": []}
    begun = time.monotonic()
    times["a server"] = await start_all(hub, names)
    all_here = asyncio.Barrier(count + 1)

    async def tell() -> None:
        await all_here.wait()
        print(f"{count} students are ready after {time.monotonic() - begun:.0f} s; {memory()}", flush=True)

    try:
        await asyncio.gather(tell(), *(attend(Student(hub, name), moves, all_here, times) for name in names))
    finally:
        for name in names:
            await asyncio.to_thread(hub.ask, f"/users/{name}/server", "DELETE")
    for what, taken in times.items():
        taken.sort()
        late = taken[math.ceil(0.95 * len(taken)) - 1]
        print(f"{what}: median {statistics.median(taken):.2f} s, 95 % within {late:.2f} s, the last {taken[-1]:.2f} s")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("students", type=int)
    reader.add_argument("--moves", type=int, default=15)
    reader.add_argument("--hub", default="http://127.0.0.1:8000")
    options = reader.parse_args()
    token = os.environ.get("CGVIZ_HUB_TOKEN") or sys.exit("load: CGVIZ_HUB_TOKEN is not set.")
    asyncio.run(main(options.students, options.moves, Hub(options.hub, token)))
