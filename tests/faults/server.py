"""A server of raw sockets that behaves badly by name: ``/<behaviour>`` of the table `BEHAVIOURS`.

Nothing of an HTTP library stands between a test and the bytes on the wire.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import struct
import tempfile
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Fine</title></channel></rss>"

# Signs nothing but itself; made for these tests, trusted by nobody.
SELF_SIGNED = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIaRAxiYHccD4vzJ7
OM3JIQ/yPNsfmDGn6T4J6pKI/yqhRANCAAQ25bn/W7yCr5J8sFAF8ZIaqnJxc1xH
AFVnW4KdJ4Tt1jbCDkVMOgjqTn4uAXXrOlmbuy3IXJVID8sek5H7iy8c
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBvjCCAWWgAwIBAgIUZzPoJoQKDgzg1fq4GfNb0oU/PkcwCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXc2VsZi1zaWduZWQuZmF1bHRzLnRlc3QwIBcNMjYxMTIyMTcz
MjI3WhgPMjEyNjEwMjkxNzMyMjdaMCIxIDAeBgNVBAMMF3NlbGYtc2lnbmVkLmZh
dWx0cy50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENuW5/1u8gq+SfLBQ
BfGSGqpycXNcRwBVZ1uCnSeE7dY2wg5FTDoI6k5+LgF16zpZm7styFyVSA/LHpOR
+4svHKN3MHUwHQYDVR0OBBYEFDX/wiE2nfL1V4il03P6yyDNTgN/MB8GA1UdIwQY
MBaAFDX/wiE2nfL1V4il03P6yyDNTgN/MA8GA1UdEwEB/wQFMAMBAf8wIgYDVR0R
BBswGYIXc2VsZi1zaWduZWQuZmF1bHRzLnRlc3QwCgYIKoZIzj0EAwIDRwAwRAIg
IBa7PZTWEwd9PKuW8qVTdJydA8AUQ4B44txK5H4clk4CICWgA3L9GiWZ5NjwgBbg
BcWxapueUVuyY//tnGlufRcZ
-----END CERTIFICATE-----
"""


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


def answer(status: int, body: bytes = b"", *headers: str, length: object = None) -> bytes:
    """Write an answer out; ``length`` replaces the true Content-Length, an empty string leaves it away."""
    lines = [f"HTTP/1.1 {status} Some", *headers]
    stated = len(body) if length is None else length
    if stated != "":
        lines.append(f"Content-Length: {stated}")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


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


async def resets(request: Request, writer: asyncio.StreamWriter) -> None:
    """Break the connection off with RST amid the body."""
    writer.write(answer(200, b"half", length=1000))
    await writer.drain()
    await asyncio.sleep(0.05)
    _reset(writer)


async def resets_at_once(request: Request, writer: asyncio.StreamWriter) -> None:
    """Break the connection off with RST before a word was said."""
    _reset(writer)


def _reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def hangs(request: Request, writer: asyncio.StreamWriter) -> None:
    """Take the request and never answer."""
    await asyncio.sleep(3600)


async def half_closed(request: Request, writer: asyncio.StreamWriter) -> None:
    """Send headers, close the sending side, keep the other open."""
    writer.write(answer(200, length=1000))
    writer.write_eof()
    await asyncio.sleep(3600)


def redirects(to: str, status: int = 302, body: bytes = b"", *headers: str) -> Behaviour:
    """Send elsewhere; ``{port}`` in the address is the server's own."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        writer.write(answer(status, body, f"Location: {to.format(port=port)}", *headers))
        await writer.drain()

    return behave


async def hops(request: Request, writer: asyncio.StreamWriter) -> None:
    """``/hops?n``: n redirects, then a feed."""
    left = int(request.path.partition("?")[2])
    if left:
        writer.write(answer(301, b"", f"Location: /hops?{left - 1}"))
    else:
        writer.write(answer(200, FEED))
    await writer.drain()


async def mirrors(request: Request, writer: asyncio.StreamWriter) -> None:
    """Answer with validators, and 304 to who sends the same back."""
    etag, modified = b'W/"a b,c;d~\xc3\xa9"', b"Sun, 06 Nov 1994 8:49:37 GMT"
    if request.header("If-None-Match") == etag and request.header("If-Modified-Since") == modified:
        writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\nConnection: close\r\n\r\n")
    else:
        validators = b"ETag: " + etag + b"\r\nLast-Modified: " + modified
        writer.write(answer(200, FEED).replace(b"Connection", validators + b"\r\nConnection"))
    await writer.drain()


def _bomb(size: int) -> bytes:
    """Pack zeros without ever holding them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join([*(packer.compress(block) for _ in range(size >> 20)), packer.flush()])


BOMB = _bomb(64 << 20)
PACKED = gzip.compress(FEED)

BEHAVIOURS: dict[str, Behaviour] = {
    "fine": says(answer(200, FEED, "Content-Type: application/rss+xml; charset=utf-8")),
    "mirrors": mirrors,
    "gzip": says(answer(200, PACKED, "Content-Encoding: gzip")),
    "gzip-in-bytes": says(
        answer(200, b"", "Content-Encoding: gzip", length=len(PACKED)),
        *(PACKED[at : at + 1] for at in range(len(PACKED))),
    ),
    "gzip-of-two-members": says(
        answer(200, gzip.compress(FEED[:20]) + gzip.compress(FEED[20:]), "Content-Encoding: x-gzip")
    ),
    "gzip-with-rubbish": says(answer(200, PACKED + b"rubbish", "Content-Encoding: gzip")),
    "gzip-that-is-plain": says(answer(200, FEED, "Content-Encoding: gzip")),
    "gzip-cut-short": says(answer(200, PACKED[:-20], "Content-Encoding: gzip")),
    "gzip-damaged": says(answer(200, PACKED[:-8] + bytes(8), "Content-Encoding: gzip")),
    "gzip-twice-named": says(answer(200, gzip.compress(PACKED), "Content-Encoding: gzip, gzip")),
    "gzip-in-gzip": says(answer(200, gzip.compress(PACKED), "Content-Encoding: gzip")),
    "deflate": says(answer(200, zlib.compress(FEED), "Content-Encoding: deflate")),
    "deflate-raw": says(answer(200, zlib.compress(FEED)[2:-4], "Content-Encoding: deflate")),
    "brotli-unasked": says(answer(200, b"\x1b\x03\x00", "Content-Encoding: br")),
    "zstd-unasked": says(answer(200, b"\x28\xb5\x2f\xfd", "Content-Encoding: zstd")),
    "bomb": says(answer(200, BOMB, "Content-Encoding: gzip")),
    "bomb-in-bomb": says(answer(200, gzip.compress(BOMB), "Content-Encoding: gzip")),
    "bomb-twice-named": says(answer(200, gzip.compress(BOMB), "Content-Encoding: gzip, gzip")),
    "bomb-on-redirect": redirects("/fine", 302, BOMB, "Content-Encoding: gzip"),
    "bomb-of-members": says(answer(200, gzip.compress(b"") * 200_000, "Content-Encoding: gzip")),
    "too-big-stated": says(answer(200, b"x", length=10**12)),
    "too-big-streamed": drips(answer(200, length=""), b"x" * 65_536, 0),
    "endless-chunks": drips(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2000\r\n" + b"x" * 0x2000 + b"\r\n", 0
    ),
    "huge-chunk-size": says(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n" + b"x" * 100
    ),
    "bad-chunk-size": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nxx\r\n0\r\n\r\n"),
    "length-and-chunks": says(
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"
    ),
    "length-too-long": says(answer(200, b"short", length=100)),
    "length-too-short": says(answer(200, FEED, length=20)),
    "length-negative": says(answer(200, FEED, length=-1)),
    "length-twice": says(answer(200, FEED, "Content-Length: 5", length=6)),
    "length-in-words": says(answer(200, FEED, length="many")),
    "no-length": says(answer(200, FEED, length="")),
    "empty": says(),
    "empty-200": says(answer(200)),
    "http-0.9": says(b"<html>hello"),
    "not-http": says(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    "status-999": says(answer(999, b"?")),
    "status-42": says(b"HTTP/1.1 42 Odd\r\n\r\n"),
    "long-header": says(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000_000 + b"\r\n\r\n"),
    "many-headers": says(b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 1_000_000 + b"\r\n"),
    "header-with-nul": says(b'HTTP/1.1 200 OK\r\nETag: "a\x00b"\r\nContent-Length: 0\r\n\r\n'),
    "header-in-latin-1": says(
        b'HTTP/1.1 200 OK\r\nETag: "\xe9"\r\nX-Name: \xe9\r\nContent-Length: 0\r\n\r\n'
    ),
    "switches-protocols": says(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nxx"),
    "early-hints": says(b"HTTP/1.1 103 Early Hints\r\n\r\n", answer(200, FEED)),
    "resets": resets,
    "resets-at-once": resets_at_once,
    "hangs": hangs,
    "half-closed": half_closed,
    "drips-status": drips(b"HTTP/1.1 200 O", b"K", 0.2),
    "drips-headers": drips(b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n", 0.2),
    "drips-body": drips(answer(200, length=1_000_000), b"x", 0.2),
    "drips-chunks": drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.2),
    "floods-100": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0.01),
    "redirects-to-itself": redirects("/redirects-to-itself"),
    "redirects-in-a-ring": redirects("/redirects-in-a-ring-2"),
    "redirects-in-a-ring-2": redirects("/redirects-in-a-ring", 307),
    "redirects-to-file": redirects("file:///etc/passwd"),
    "redirects-to-script": redirects("javascript:alert(1)"),
    "redirects-to-sentinel": redirects("http://127.0.0.1:{port}/fine"),
    "redirects-nowhere": says(answer(302, b"no Location")),
    "hops": hops,
    "not-found": says(answer(404, b"x" * 1000)),
    "server-error": says(answer(500, b"x" * 1000)),
    "throttles": says(answer(429, b"", "Retry-After: 120")),
    "cookies": says(answer(302, b"", "Location: /fine", "Set-Cookie: a=b; Path=/")),
}


class FaultServer:
    """Serves `BEHAVIOURS` on loopback inside the running event loop, and remembers what was asked."""

    def __init__(self, *, tls: bool = False, host: str = "127.0.0.1") -> None:
        self._tls = tls
        self._host = host
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[Request] = []
        self.connections = 0
        self.extra: dict[str, Behaviour] = {}

    async def __aenter__(self) -> Self:
        context = None
        if self._tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, "both.pem")
                file.write_text(SELF_SIGNED)
                context.load_cert_chain(file)
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
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass  # the client has left, or the test is over
        finally:
            self._tasks.discard(task)
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].split(b"\r\n")
        path = first.split(b" ")[1].decode()
        pairs = (line.partition(b": ") for line in lines)
        request = Request(path, tuple((name.decode(), value) for name, _, value in pairs))
        self.requests.append(request)
        name = path.partition("?")[0].lstrip("/")
        behave = self.extra.get(name) or BEHAVIOURS.get(name) or says(answer(404))
        await behave(request, writer)
