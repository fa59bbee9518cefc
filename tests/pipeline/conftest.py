"""A replayed web, and a world outside that leads to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from daily8.desk.subscribing import Wanted, add
from daily8.net.cage import Cage
from daily8.net.egress import Door
from daily8.net.guard import Egress, parse_hosts
from daily8.net.outside import Outside
from daily8.net.robots import Robots
from daily8.news.schedule import Manners
from daily8.pipeline import fetch
from daily8.pipeline.threads import StoreThreads
from daily8.replay.rows import corpus_from_rows
from daily8.replay.server import ReplayServer
from tests.faults.server import FaultServer

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
Row = Mapping[str, Any]


@pytest.fixture(scope="session")
def cage() -> Iterator[Cage]:
    """The children in which documents are parsed, shared by the tests of a process."""
    with Cage(workers=1) as found:
        yield found


class Line:
    """A service without faces: a replayed web, and what is due on it."""

    def __init__(self, server: ReplayServer, cage: Cage) -> None:
        self.server = server
        self.cage = cage
        self.moment = NOW
        self.speed = 10_000.0
        self.manners = Manners()
        self.egress = parse_hosts(server.hosts_map)
        self.private: frozenset[tuple[str, int]] = frozenset()
        self.door: dict[str, Any] = {}
        """What else the door is made with."""

    @asynccontextmanager
    async def world(self) -> AsyncIterator[Outside]:
        """Open the world outside, with the time that the test says it is."""
        async with Door(Egress(self.egress, self.private), "Daily8/test", **self.door) as door:
            yield Outside(
                door=door,
                cage=self.cage,
                robots=Robots(door),
                manners=self.manners.hurried(self.speed),
                now=lambda: self.moment,
                chance=lambda: 0.0,
                own_suffixes=("replay.test", "bad.test"),
            )

    def subscribe(self, urls: Iterable[str] | None = None, **facts: str) -> None:
        """Add sources: all of the replayed web, or those named."""
        wanted = (
            [Wanted(url, **facts) for url in urls]  # type: ignore[arg-type]
            if urls is not None
            else [
                Wanted(
                    p.feed,
                    home=p.home,
                    publisher=p.name,
                    country=p.country or "",
                    language=p.language or "",
                    **facts,  # type: ignore[arg-type]
                )
                for p in self.server.publishers
            ]
        )

        async def run() -> None:
            async with self.world() as world:
                await asyncio.to_thread(self._in_thread, add, world, wanted)

        asyncio.run(run())

    @staticmethod
    def _in_thread(function: Callable[..., Any], *args: Any) -> None:
        from django.db import connections

        try:
            function(*args)
        finally:
            connections.close_all()

    def drain(self) -> int:
        """Do what is due, and give the number of hosts that were served."""

        async def run() -> int:
            store = StoreThreads(2)
            try:
                async with self.world() as world:
                    return await fetch.drain(world, store, asyncio.Event())
            finally:
                store.close()

        return asyncio.run(run())


@pytest.fixture
def line(transactional_db: None, cage: Cage, settings: Any) -> Iterator[Callable[..., Line]]:
    """Make a line over the given rows of a corpus."""
    settings.EGRESS_SUFFIXES = ("replay.test",)
    servers: list[ReplayServer] = []

    def make(rows: Iterable[Row], **options: Any) -> Line:
        server = ReplayServer(corpus_from_rows(rows), now=NOW, public_port=80, **options)
        server.__enter__()
        servers.append(server)
        return Line(server, cage)

    yield make
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture
def beside(line: Callable[..., Line]) -> Callable[[FaultServer], Line]:
    """Make a line to a healthy publisher, with the hosts of a hostile server (``*.bad.test``) beside it."""

    def make(server: FaultServer) -> Line:
        there = line([row(1)])
        there.egress = parse_hosts(f"{there.server.hosts_map}, *.bad.test=127.0.0.1:{server.port}")
        return there

    return make


def at(name: str) -> str:
    return f"http://{name}.bad.test/{name}"


def row(number: int, publisher: str = "harbour-post", **values: Any) -> dict[str, Any]:
    """Make a row of a corpus: an article of a fictional publisher."""
    text = "\n\n".join(
        f"Paragraph {n} of article {number} tells how the ferry came in late and why nobody minded much; "
        f"the harbour master had counted {n * 7 + number} passengers before the bell was rung."
        for n in range(1, 6)
    )
    return {
        "id": f"{publisher}-{number}",
        "publisher": publisher,
        "lang": "en",
        "published": f"-{number * 10}m",
        "title": f"Ferry number {number} reaches the harbour at last",
        "text": text,
        "author": "Ada Quill",
        "image": f"/img/ferry-{number}.jpg",
        **values,
    }
