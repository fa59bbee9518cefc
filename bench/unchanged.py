"""A web of unchanged feeds in a process of its own: 200 to who asks first, 304 to who sends the validator.

It does as little as can be, so that who asks is measured and not who answers. Every host has a loopback
address of its own: ``127.1.0.1``, ``127.1.0.2``, ...
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from multiprocessing.connection import Connection

_ITEM = (
    "<item><guid>{n}</guid><title>Ferry number {n} reaches the harbour</title>"
    "<link>http://harbour.example/{n}</link><pubDate>Sun, 01 Jun 2025 0{n}:00:00 GMT</pubDate>"
    "<description>The ferry came in late, and nobody minded much.</description></item>"
)
_ITEMS = "".join(_ITEM.format(n=n) for n in range(5))
_FEED = f'<rss version="2.0"><channel><title>Harbour</title>{_ITEMS}</channel></rss>'.encode()
_TAG = '"five-ferries"'
_VALIDATORS = f"ETag: {_TAG}\r\nLast-Modified: Sun, 01 Jun 2025 05:00:00 GMT\r\n"
_ABOUT = f"Content-Type: application/rss+xml\r\nContent-Length: {len(_FEED)}\r\n"
_WHOLE = f"HTTP/1.1 200 OK\r\n{_ABOUT}{_VALIDATORS}\r\n".encode() + _FEED
_SAME = f"HTTP/1.1 304 Not Modified\r\n{_VALIDATORS}\r\n".encode()


class _Answering(asyncio.Protocol):
    """Answers by the head of a request alone; one that is never answered belongs to a hung host."""

    def __init__(self, hanging: set[str], hung: set[str], counts: Counter[str]) -> None:
        self._hanging = hanging
        self._hung = hung
        self._counts = counts
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._mine = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        if self._mine in self._hung:
            return
        self._head += data
        while (end := self._head.find(b"\r\n\r\n")) >= 0:
            head, self._head = self._head[:end], self._head[end + 4 :]
            if head.startswith((b"GET /counts ", b"GET /hang ")):
                if b"/hang" in head[:9]:
                    self._hung |= self._hanging
                self._tell()
                continue
            same = _TAG.encode() in head
            self._counts["304" if same else "200"] += 1
            self._transport.write(_SAME if same else _WHOLE)

    def _tell(self) -> None:
        """Say how many answers of which status were given since this was last asked."""
        body = json.dumps(self._counts).encode()
        self._counts.clear()
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def _serve(hosts: int, hanging: frozenset[str], core: int | None, pipe: Connection) -> None:
    if core is not None:
        os.sched_setaffinity(0, {core})

    async def run() -> None:
        listener = socket.create_server(("0.0.0.0", 0), backlog=4096)
        shared: tuple[set[str], set[str], Counter[str]] = (set(hanging), set(), Counter())
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Answering(*shared), sock=listener)
        pipe.send(listener.getsockname()[1])
        async with server:
            await asyncio.to_thread(pipe.poll, None)

    asyncio.run(run())


@dataclass(frozen=True)
class Unchanged:
    """Where the feeds are."""

    port: int
    hosts: int

    def address(self, host: int) -> str:
        """Give the loopback address of a host."""
        return f"127.1.{host // 250}.{host % 250 + 1}"

    @property
    def map(self) -> str:
        """Give a replay map: every host by a name of its own."""
        return ",".join(f"host-{n}.replay.test={self.address(n)}:{self.port}" for n in range(self.hosts))

    def counts(self) -> dict[str, int]:
        """Give how many answers of which status were given since this was last asked."""
        return self._ask("/counts")

    def hang(self) -> None:
        """Let those hosts hang from now on that are to."""
        self._ask("/hang")

    def _ask(self, path: str) -> dict[str, int]:
        line = HTTPConnection(self.address(0), self.port, timeout=10)
        line.request("GET", path)
        found: dict[str, int] = json.loads(line.getresponse().read())
        line.close()
        return found

    def by_name(self, feeds: int) -> Sequence[str]:
        """Give the addresses of feeds under the names of the map."""
        return [f"http://host-{n % self.hosts}.replay.test/feed.xml?{n}" for n in range(feeds)]

    def by_number(self, feeds: int) -> Sequence[str]:
        """Give the same addresses as who has no map reaches them."""
        return [f"http://{self.address(n % self.hosts)}:{self.port}/feed.xml?{n}" for n in range(feeds)]


@contextmanager
def unchanged(hosts: int, *, hung: int = 0, core: int | None = None) -> Iterator[Unchanged]:
    """Serve so many hosts, of which the last ``hung`` never answer once they were told to hang."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    web = Unchanged(0, hosts)
    silent = frozenset(web.address(n) for n in range(hosts - hung, hosts))
    process = context.Process(target=_serve, args=(hosts, silent, core, there), daemon=True)
    process.start()
    there.close()
    try:
        yield Unchanged(here.recv(), hosts)
    finally:
        here.close()
        process.terminate()
        process.join(10)
