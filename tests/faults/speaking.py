"""How a server of raw sockets speaks: a behaviour takes one request, and writes bytes as it likes."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Fine</title></channel></rss>"
XML = "Content-Type: application/rss+xml; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """What a client sent: the path, and the headers as they stood on the wire."""

    path: str
    headers: tuple[tuple[str, bytes], ...]

    def header(self, name: str) -> bytes | None:
        """Give the value of a header that came at most once."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) <= 1
        return found[0] if found else None


Behaviour = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]
B = TypeVar("B", bound=Behaviour)

_keeping: set[Behaviour] = set()


def keeping(behave: B) -> B:
    """Mark a behaviour after which the connection stays open for the next request."""
    _keeping.add(behave)
    return behave


def keeps(behave: Behaviour) -> bool:
    """Tell whether the connection stays open after a behaviour."""
    return behave in _keeping


def answer(status: int, body: bytes = b"", *headers: str, length: object = None) -> bytes:
    """Write an answer out; ``length`` replaces the true Content-Length, an empty string leaves it away."""
    lines = [f"HTTP/1.1 {status} Some", *headers]
    stated = len(body) if length is None else length
    if stated != "":
        lines.append(f"Content-Length: {stated}")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


def chunked(*pieces: bytes) -> bytes:
    """Write a feed's answer in chunks, as they stand; the last one is not added."""
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(pieces)


def says(*pieces: bytes) -> Behaviour:
    """Send bytes and close."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return behave


def drips(start: bytes, drop: bytes, pause: float) -> Behaviour:
    """Send ``start``, then one drop after another without end."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(pause)

    return behave


def redirects(to: str, status: int = 302, body: bytes = b"", *headers: str) -> Behaviour:
    """Send elsewhere; ``{port}`` in the address is the server's own."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        writer.write(answer(status, body, f"Location: {to.format(port=port)}", *headers))
        await writer.drain()

    return behave


async def hangs(request: Request, writer: asyncio.StreamWriter) -> None:
    """Take the request and never answer."""
    await asyncio.sleep(3600)


def reset(writer: asyncio.StreamWriter) -> None:
    """Break a connection off with RST."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
