"""Breaches of the protocol itself: connections, framing, headers, redirects."""

from __future__ import annotations

import asyncio
from weakref import WeakSet

from tests.faults.speaking import (
    FEED,
    Behaviour,
    Request,
    answer,
    chunked,
    drips,
    hangs,
    keeping,
    redirects,
    reset,
    says,
)

_OPEN = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: keep-alive\r\n\r\n%s"


async def resets(request: Request, writer: asyncio.StreamWriter) -> None:
    """Break the connection off with RST amid the body."""
    writer.write(answer(200, b"half", length=1000))
    await writer.drain()
    await asyncio.sleep(0.05)
    reset(writer)


async def resets_at_once(request: Request, writer: asyncio.StreamWriter) -> None:
    """Break the connection off with RST before a word was said."""
    reset(writer)


async def half_closed(request: Request, writer: asyncio.StreamWriter) -> None:
    """Send headers, close the sending side, keep the other open."""
    writer.write(answer(200, length=1000))
    writer.write_eof()
    await asyncio.sleep(3600)


async def whole_then_open(request: Request, writer: asyncio.StreamWriter) -> None:
    """Send all of a body without its length, and leave the connection open: nobody can tell that it ended."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + FEED)
    await writer.drain()
    await asyncio.sleep(3600)


async def hops(request: Request, writer: asyncio.StreamWriter) -> None:
    """``/hops?n``: n redirects, then a feed."""
    left = int(request.path.partition("?")[2] or 0)
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


@keeping
async def answers_twice(request: Request, writer: asyncio.StreamWriter) -> None:
    """Send a second answer that nobody asked for, to be taken for that of the next request."""
    writer.write(_OPEN % (len(FEED), FEED) + _OPEN % (8, b"poisoned"))
    await writer.drain()


@keeping
async def stays_open(request: Request, writer: asyncio.StreamWriter) -> None:
    """Answer well, and keep the connection for the next request."""
    writer.write(_OPEN % (len(FEED), FEED))
    await writer.drain()


@keeping
async def closes_when_asked_again(request: Request, writer: asyncio.StreamWriter) -> None:
    """Answer once and keep the connection; close it without a word at the next request."""
    if writer in _asked:
        writer.close()
    else:
        _asked.add(writer)
        writer.write(_OPEN % (len(FEED), FEED))
        await writer.drain()


_asked: WeakSet[asyncio.StreamWriter] = WeakSet()

CONNECTIONS: dict[str, Behaviour] = {
    "fine": says(answer(200, FEED, "Content-Type: application/rss+xml; charset=utf-8")),
    "mirrors": mirrors,
    "stays-open": stays_open,
    "answers-twice": answers_twice,
    "closes-when-asked-again": closes_when_asked_again,
    "empty": says(),
    "resets": resets,
    "resets-at-once": resets_at_once,
    "hangs": hangs,
    "half-closed": half_closed,
    "whole-then-open": whole_then_open,
    "drips-status": drips(b"HTTP/1.1 200 O", b"K", 0.2),
    "drips-headers": drips(b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n", 0.2),
    "drips-body": drips(answer(200, length=1_000_000), b"x", 0.2),
    "drips-chunks": drips(chunked(), b"1\r\nx\r\n", 0.2),
    "floods-100": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0.01),
}
"""What a server can do with a connection."""

FRAMING: dict[str, Behaviour] = {
    "too-big-stated": says(answer(200, b"x", length=10**12)),
    "too-big-streamed": drips(answer(200, length=""), b"x" * 65_536, 0),
    "endless-chunks": drips(chunked(), b"2000\r\n" + b"x" * 0x2000 + b"\r\n", 0),
    "huge-chunk-size": says(chunked(b"FFFFFFFFFFFFFFFF\r\n", b"x" * 100)),
    "bad-chunk-size": says(chunked(b"zz\r\nxx\r\n0\r\n\r\n")),
    "chunk-size-of-a-megabyte": says(chunked(b"1" * 1_000_000, b"\r\nx")),
    "chunks-without-an-end": says(chunked(b"5\r\nabcde\r\n")),
    "chunks-with-a-long-trailer": says(chunked(b"0\r\n", b"X-Trailer: 1\r\n" * 200_000, b"\r\n")),
    "length-and-chunks": says(
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"
    ),
    "length-too-long": says(answer(200, b"short", length=100)),
    "length-too-short": says(answer(200, FEED, length=20)),
    "length-negative": says(answer(200, FEED, length=-1)),
    "length-twice": says(answer(200, FEED, "Content-Length: 5", length=6)),
    "length-in-words": says(answer(200, FEED, length="many")),
    "length-in-arabic": says(answer(200, FEED, length="84").replace(b"84", "٨٤".encode())),
    "no-length": says(answer(200, FEED, length="")),
    "http-0.9": says(b"<html>hello"),
    "http-9.9": says(answer(200, FEED).replace(b"HTTP/1.1", b"HTTP/9.9")),
    "not-http": says(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    "status-999": says(answer(999, b"?")),
    "status-42": says(b"HTTP/1.1 42 Odd\r\n\r\n"),
}
"""What a server can say of where its answer ends, and of what it is."""

HEADERS: dict[str, Behaviour] = {
    "long-header": says(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000_000 + b"\r\n\r\n"),
    "many-headers": says(b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 1_000_000 + b"\r\n"),
    "header-without-a-name": says(b"HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 0\r\n\r\n"),
    "header-with-nul": says(b'HTTP/1.1 200 OK\r\nETag: "a\x00b"\r\nContent-Length: 0\r\n\r\n'),
    "header-in-latin-1": says(
        b'HTTP/1.1 200 OK\r\nETag: "\xe9"\r\nX-Name: \xe9\r\nContent-Length: 0\r\n\r\n'
    ),
    "switches-protocols": says(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nxx"),
    "early-hints": says(b"HTTP/1.1 103 Early Hints\r\n\r\n", answer(200, FEED)),
    "cookies": says(answer(302, b"", "Location: /fine", "Set-Cookie: a=b; Path=/")),
}
"""What a server can write into the head of its answer."""

REDIRECTS: dict[str, Behaviour] = {
    "redirects-to-itself": redirects("/redirects-to-itself"),
    "redirects-in-a-ring": redirects("/redirects-in-a-ring-2"),
    "redirects-in-a-ring-2": redirects("/redirects-in-a-ring", 307),
    "redirects-without-end": redirects("/hops?21", 301),
    "redirects-to-file": redirects("file:///etc/passwd"),
    "redirects-to-script": redirects("javascript:alert(1)"),
    "redirects-to-sentinel": redirects("http://127.0.0.1:{port}/fine"),
    "redirects-to-metadata": redirects("http://169.254.169.254/latest/meta-data/"),
    "redirects-to-a-user": redirects("http://user:secret@fine.bad.test/fine"),
    "redirects-with-a-split": redirects("/fine%0d%0aX-Injected:%201"),
    "redirects-nowhere": says(answer(302, b"no Location")),
    "redirects-to-nothing": says(answer(302, b"", "Location: ")),
    "hops": hops,
}
"""Where a server can send its callers."""

WIRE = CONNECTIONS | FRAMING | HEADERS | REDIRECTS
