"""A slow line to a server on this machine: every byte arrives later, in both directions, and in order."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from typing import Any


@contextlib.contextmanager
def delayed(port: int, seconds: float) -> Iterator[int]:
    """Forward a new port, which is given, to this one, as long as the block runs; each direction takes `seconds`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.suppress(asyncio.CancelledError):  # the end of the block is the end of every connection
            await asyncio.gather(_carry(reader, there[1], seconds), _carry(there[0], writer, seconds))

    server = _within(loop, asyncio.start_server(connected, "127.0.0.1", 0))
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        _within(loop, _end(server))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _within(loop: asyncio.AbstractEventLoop, work: Coroutine) -> Any:
    return asyncio.run_coroutine_threadsafe(work, loop).result()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Read without waiting for what is on its way: the line is slow, not narrow."""
    on_the_way: asyncio.Queue = asyncio.Queue()
    clock = asyncio.get_running_loop().time

    async def deliver() -> None:
        while True:
            due, sent = await on_the_way.get()
            await asyncio.sleep(due - clock())
            if not sent:
                return
            writer.write(sent)
            await writer.drain()

    delivery = asyncio.create_task(deliver())
    with contextlib.suppress(ConnectionError):
        sent = b"."
        while sent:
            sent = await reader.read(65536)
            on_the_way.put_nowait((clock() + seconds, sent))
    with contextlib.suppress(ConnectionError):
        await delivery
    writer.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
