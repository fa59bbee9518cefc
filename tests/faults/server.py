"""A server of raw sockets that behaves badly by name: ``/<behaviour>`` of the table `BEHAVIOURS`.

Nothing of an HTTP library stands between a test and the bytes on the wire.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from tests.faults import tls
from tests.faults.answers import ANSWERS
from tests.faults.packing import PACKING
from tests.faults.speaking import (
    FEED,
    XML,
    Behaviour,
    Request,
    answer,
    drips,
    hangs,
    keeps,
    redirects,
    says,
)
from tests.faults.tls import SELF_SIGNED
from tests.faults.wire import WIRE

__all__ = [
    "ANSWERS",
    "BEHAVIOURS",
    "FEED",
    "SELF_SIGNED",
    "XML",
    "Behaviour",
    "FaultServer",
    "Request",
    "answer",
    "drips",
    "hangs",
    "redirects",
    "says",
    "serving",
]

BEHAVIOURS: dict[str, Behaviour] = WIRE | PACKING
"""Breaches of the protocol: what comes of them is decided at the door. `ANSWERS` keep to the protocol."""

_TLS_BEGINS = b"\x16"
_CLIENT_SPEAKS_TLS = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class FaultServer:
    """Serves `BEHAVIOURS` and `ANSWERS` on loopback inside the running loop, and remembers what was asked.

    ``tls`` chooses the certificate by the name that is asked for (`tests.faults.tls.CERTIFICATES`).
    """

    def __init__(self, *, tls: bool = False, host: str = "127.0.0.1") -> None:
        self._tls = tls
        self._host = host
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[Request] = []
        self.connections = 0
        self.extra: dict[str, Behaviour] = {}
        self.first: Behaviour | None = None
        """How the first request of ``http://<behaviour>.*/<behaviour>`` is answered, whatever it is."""

    async def __aenter__(self) -> Self:
        context = tls.server_context() if self._tls else None
        self._server = await asyncio.start_server(self._accept, self._host, 0, ssl=context, limit=1 << 20)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._serve(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass  # the client has left, or the test is over
        finally:
            self._tasks.discard(task)
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; tell whether the connection stays open for another."""
        start = await reader.readexactly(1)
        if start == _TLS_BEGINS:
            writer.write(_CLIENT_SPEAKS_TLS)
            await writer.drain()
            return False
        head = start + await reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].split(b"\r\n")
        path = first.split(b" ")[1].decode()
        pairs = (line.partition(b": ") for line in lines)
        request = Request(path, tuple((name.decode(), value) for name, _, value in pairs))
        known = any(earlier.path == path for earlier in self.requests)
        self.requests.append(request)
        own = (request.header("Host") or b"").startswith(path[1:].encode() + b".")
        behave = self.first if self.first and own and not known else self._behaviour(path)
        await behave(request, writer)
        return keeps(behave)

    def _behaviour(self, path: str) -> Behaviour:
        name = path.partition("?")[0].lstrip("/")
        return self.extra.get(name) or BEHAVIOURS.get(name) or ANSWERS.get(name) or says(answer(404))


@contextmanager
def serving(server: FaultServer | None = None, /, **behaviours: Behaviour) -> Iterator[FaultServer]:
    """Serve behaviours by path in a thread with a loop of its own."""
    server = server or FaultServer()
    server.extra.update(behaviours)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        async with server:
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()
