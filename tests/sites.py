"""Fictional sites on loopback, page by page as a test writes them, and a service that reads them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from daily8.net.cage import Cage
from daily8.net.egress import Door
from daily8.net.guard import Egress
from daily8.net.outside import Outside
from daily8.net.robots import Robots
from daily8.news.schedule import Manners
from daily8.pipeline import fetch
from daily8.pipeline.threads import StoreThreads
from tests.faults.server import FaultServer, Request, answer, serving

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
T = TypeVar("T")

HTML = "text/html; charset=utf-8"
XML = "application/xml"


class Sites:
    """Pages by host and path; each answers 304 to who knows it."""

    def __init__(self, server: FaultServer, cage: Cage) -> None:
        self.server = server
        self.cage = cage
        self.moment = NOW
        self.pages: dict[str, tuple[bytes, str, tuple[str, ...]]] = {}
        self.statuses: dict[str, int] = {}
        """What addresses answer instead of their pages."""

    def put(self, url: str, body: str | bytes, kind: str = HTML, *headers: str) -> None:
        """Write a page; its address without the scheme."""
        self.pages[url] = (body.encode() if isinstance(body, str) else body, kind, headers)

    async def behave(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """Answer a request."""
        host = (request.header("Host") or b"").decode().partition(":")[0]
        found = self.pages.get(f"{host}{request.path}")
        status = self.statuses.get(f"{host}{request.path}")
        if found is None or status:
            writer.write(answer(status or 404))
        else:
            body, kind, headers = found
            tag = f'"{hashlib.blake2b(body, digest_size=6).hexdigest()}"'
            same = request.header("If-None-Match") == tag.encode()
            told = [f"Content-Type: {kind}", f"ETag: {tag}", *headers]
            if any(header.startswith("Location:") for header in headers):
                writer.write(answer(301, b"", *headers))
            else:
                writer.write(answer(304, b"", *told) if same else answer(200, body, *told))
        await writer.drain()

    def asked(self, url: str = "") -> list[Request]:
        """Give the requests for an address without its scheme, or all of them."""
        return [
            request
            for request in self.server.requests
            if url in ("", f"{(request.header('Host') or b'').decode().partition(':')[0]}{request.path}")
        ]

    @asynccontextmanager
    async def world(self) -> AsyncIterator[Outside]:
        """Open the world outside: nothing but these sites."""
        hosts = {"*.example": ("127.0.0.1", self.server.port)}
        async with Door(Egress(hosts=hosts), "Daily8/test") as door:
            yield Outside(
                door=door,
                cage=self.cage,
                robots=Robots(door),
                manners=Manners().hurried(10_000.0),
                now=lambda: self.moment,
                chance=lambda: 0.0,
            )

    def run(self, call: Callable[[Outside], Awaitable[T]]) -> T:
        """Do something with the world outside."""

        async def inside() -> T:
            async with self.world() as world:
                return await call(world)

        return asyncio.run(inside())

    def drain(self) -> int:
        """Do what is due."""

        async def call(world: Outside) -> int:
            store = StoreThreads(2)
            try:
                return await fetch.drain(world, store, asyncio.Event())
            finally:
                store.close()

        return self.run(call)


@contextmanager
def open_sites(cage: Cage) -> Iterator[Sites]:
    """Serve sites on loopback."""
    server = FaultServer()
    sites = Sites(server, cage)
    server.first = None
    every: Any = _Every(sites)
    server.extra = every
    with serving(server):
        yield sites


class _Every(dict[str, Any]):
    """All paths are answered by the sites."""

    def __init__(self, sites: Sites) -> None:
        super().__init__()
        self._behave = sites.behave

    def get(self, key: str, default: Any = None) -> Any:
        return self._behave


TITLES = (
    "Ferry to the islands runs again after the storm",
    "Harbour master counts a record of nine hundred passengers",
    "Town council votes to keep the old lighthouse burning",
    "School children plant two thousand trees along the dyke",
    "Fishing fleet stays in port as the wind turns north",
    "New bridge over the estuary opens a month early",
    "Library lends its first telescope to a night fisher",
    "Bakery on the quay closes after eighty years",
)


def article(title: str, *, head: str = "") -> str:
    """Write the page of an article."""
    text = "".join(
        f"<p>Paragraph {n} tells how the boat came in late and why nobody minded much; the harbour master "
        f"had counted {n * 7} passengers before the bell was rung and the band began to play.</p>"
        for n in range(1, 7)
    )
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )


def front(*links: tuple[str, str], head: str = "") -> str:
    """Write a page that lists articles: addresses and titles."""
    items = "".join(f'<article><h2><a href="{url}">{title}</a></h2></article>' for url, title in links)
    return (
        f"<!doctype html><html lang=en><head><title>Harbour Post</title>{head}</head><body>"
        f'<nav><a href="/news">News</a><a href="/sport">Sport</a></nav><main>{items}</main></body></html>'
    )


def feed(*links: tuple[str, str]) -> str:
    """Write an RSS feed: addresses and titles."""
    items = "".join(f"<item><title>{t}</title><link>{u}</link><guid>{u}</guid></item>" for u, t in links)
    return f"<rss version='2.0'><channel><title>Harbour Post</title>{items}</channel></rss>"
