"""In what turn a host is asked for what is due on it, and what one of its names or sources does to others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connections

from daily8.news.schedule import Manners
from daily8.pipeline import fetch
from daily8.pipeline.threads import StoreThreads
from daily8.store import deliveries
from daily8.store.deliveries import Document
from daily8.store.models import Delivery, Fetch, Host, Poll, Source
from tests.faults.server import XML, Behaviour, FaultServer, Request, answer, hangs, says, serving
from tests.pipeline.conftest import NOW, Line

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITE = "harbour.bad.test"
PAGE = says(answer(200, b"<html><title>Ferry</title><p>It is late.</p>", "Content-Type: text/html"))


def feed(*links: str) -> bytes:
    """Write a feed of our own."""
    items = "".join(
        f"<item><guid>{n}</guid><title>Ferry {n}</title>{link}</item>" for n, link in enumerate(links)
    )
    return f"<rss version='2.0'><channel><title>Harbour</title>{items}</channel></rss>".encode()


def link(path: str) -> str:
    return f"<link>http://{SITE}/{path}</link>"


ALIVE = says(answer(200, feed(""), XML, 'ETag: "one"'))


class Quay:
    """A server, a line that asks it, and when it was asked for what."""

    def __init__(self, server: FaultServer, line: Line) -> None:
        self.server, self.line = server, line
        line.speed, line.manners = 1.0, Manners(spacing=0.0)
        self.times: list[tuple[str, float]] = []

    def leads(self, *names: str) -> None:
        """Let names of one registrable domain lead here."""
        self.line.egress = {f"{name}.shared.example": ("127.0.0.1", self.server.port) for name in names}

    def serves(self, **paths: Behaviour) -> None:
        for path, behave in paths.items():
            self.server.extra[path.replace("_", ".")] = self._timed(path, behave)

    def _timed(self, path: str, behave: Behaviour) -> Behaviour:
        async def timed(request: Request, writer: asyncio.StreamWriter) -> None:
            self.times.append((path, time.monotonic()))
            await behave(request, writer)

        return timed

    def asked(self) -> list[str]:
        return [path for path, _ in self.times]

    def start(self, most: int, until: Callable[[], bool], *, cancel: bool = False) -> None:
        """Serve hosts, as many at once, until something is so; then stop, or break off."""

        async def run() -> None:
            store, stopping = StoreThreads(2), asyncio.Event()
            try:
                async with self.line.world() as world:
                    work = asyncio.create_task(fetch.drain(world, store, stopping, most=most))
                    async with asyncio.timeout(10):
                        while not until():
                            await asyncio.sleep(0.02)
                    stopping.set() if not cancel else work.cancel()
                    await asyncio.gather(work, return_exceptions=True)
            finally:
                await asyncio.to_thread(store.close)

        asyncio.run(run())


@pytest.fixture
def quay(beside: Callable[[FaultServer], Line]) -> Iterator[Quay]:
    """Open the quay."""
    with serving() as server:
        yield Quay(server, beside(server))


def test_names_that_are_gone_do_not_starve_one_that_lives(quay: Quay) -> None:
    async def nowhere(host: str) -> Sequence[str]:
        raise OSError("no such name")

    quay.serves(alive=ALIVE)
    quay.leads("alive")
    quay.line.door = {"lookup": nowhere}
    quay.line.subscribe([f"http://dead{n}.shared.example/f" for n in range(40)])
    quay.line.subscribe(["http://alive.shared.example/alive"])
    Poll.objects.filter(source__url__contains="dead").update(next_at=NOW - HOUR)
    hours = []
    while quay.line.moment < NOW + 12 * HOUR:
        before = len(quay.times)
        quay.line.drain()
        hours += [(quay.line.moment - NOW) // HOUR] * (len(quay.times) - before)
        host = Host.objects.get(name="shared.example")
        assert (host.quiet_until, host.troubles) == (None, 0)
        assert host.next_at is not None
        quay.line.moment = host.next_at
    assert hours == [0, 1, 2, 4, 8]  # as its pace wants it


def test_a_name_that_hangs_does_not_silence_its_neighbour(quay: Quay) -> None:
    quay.line.manners = Manners(spacing=0.0, deadline=0.4)
    quay.serves(hung=hangs, alive=ALIVE)
    quay.leads("slow", "www")
    quay.line.subscribe([f"http://slow.shared.example/hung?{n}" for n in range(3)])
    Poll.objects.update(next_at=NOW - HOUR)
    quay.line.subscribe(["http://www.shared.example/alive"])
    Host.objects.update(next_at=NOW)
    quay.line.drain()
    assert quay.asked()[:3] == ["hung", "hung", "alive"]
    host = Host.objects.get(name="shared.example")
    assert (host.quiet_until, host.troubles) == (None, 0)


def test_a_trial_begins_with_what_answered_last(quay: Quay) -> None:
    quay.line.manners = Manners(spacing=0.0, deadline=0.4)
    quay.serves(hung=hangs, alive=ALIVE)
    quay.leads("www", *(f"slow{n}" for n in range(30)))
    quay.line.subscribe([f"http://slow{n}.shared.example/hung" for n in range(30)])
    Poll.objects.update(next_at=NOW - HOUR)
    quay.line.subscribe(["http://www.shared.example/alive"])
    Poll.objects.filter(source__url__contains="alive").update(succeeded_at=NOW - DAY)
    Host.objects.update(next_at=NOW, troubles=5)
    quay.start(1, lambda: len(quay.times) >= 2)
    assert quay.asked()[:2] == ["alive", "hung"]
    assert Host.objects.get(name="shared.example").troubles == 0


def test_a_host_rests_when_no_name_of_it_answers(quay: Quay) -> None:
    quay.line.manners = Manners(spacing=0.0, deadline=0.4)
    quay.serves(hung=hangs)
    quay.leads(*(f"slow{n}" for n in range(3)))
    quay.line.subscribe([f"http://slow{n}.shared.example/hung" for n in range(3)])
    quay.line.drain()
    host = Host.objects.get(name="shared.example")
    assert (len(quay.times), host.quiet_until, host.troubles) == (3, NOW + HOUR, 1)


def test_a_source_that_was_looked_at_is_not_asked_as_it_was_before_that(quay: Quay) -> None:
    quay.serves(alive=ALIVE)
    quay.line.subscribe([f"http://{SITE}/alive"])
    document = Document(f"http://{SITE}/alive", {"etag": '"one"'}, feed(""))
    deliveries.bring(Source.objects.get().id, Delivery.Kind.LOOKED, document, now=NOW)
    Poll.objects.update(next_at=NOW + HOUR)
    quay.line.moment = NOW + 2 * HOUR  # nobody worked meanwhile
    quay.line.drain()
    assert quay.asked() == []
    assert list(Fetch.objects.values_list("via", flat=True)) == ["looked"]


def test_robots_txt_is_asked_for_at_a_distance_too(quay: Quay) -> None:
    quay.line.manners = Manners(spacing=0.4)
    quay.serves(feed=says(answer(200, feed(link("page")), XML)), page=PAGE, robots_txt=says(answer(404)))
    quay.line.subscribe([f"http://{SITE}/feed"])
    quay.line.moment += timedelta(seconds=1)
    quay.line.drain()
    assert quay.asked() == ["feed", "robots_txt", "page"]
    assert min(b - a for (_, a), (_, b) in pairwise(quay.times)) > 0.35


def test_a_host_that_wants_a_long_distance_is_given_back_meanwhile(quay: Quay) -> None:
    robots = answer(200, b"User-agent: *\nCrawl-delay: 40", "Content-Type: text/plain")
    quay.serves(
        feed=says(answer(200, feed(link("page1"), link("page2")), XML)),
        page1=PAGE,
        page2=PAGE,
        robots_txt=says(robots),
    )
    quay.line.subscribe([f"http://{SITE}/feed"])
    pages: dict[int, int] = {}

    async def run() -> None:
        store = StoreThreads(2)
        try:
            async with quay.line.world() as world:
                for seconds in (0, 15, 40, 79, 80, 119, 120):
                    quay.line.moment = NOW + timedelta(seconds=seconds)
                    await fetch.drain(world, store, asyncio.Event())
                    pages[seconds] = sum("page" in path for path in quay.asked())
        finally:
            await asyncio.to_thread(store.close)

    quay.line.manners = Manners(spacing=0.1)
    asyncio.run(run())
    # At 40 the site is asked what it reserves, which is a request as any other.
    assert pages == {0: 0, 15: 0, 40: 0, 79: 0, 80: 1, 119: 1, 120: 2}
    assert quay.asked().count("robots_txt") == 1
    assert not Host.objects.exclude(claim_token=None).exists()


def test_hosts_that_are_merely_spaced_hold_no_place(quay: Quay) -> None:
    quay.line.manners = Manners(spacing=9.0)
    quay.serves(feed=ALIVE)
    quay.line.subscribe([f"http://busy{n}.bad.test/feed?{m}" for n in range(2) for m in range(2)])
    quay.line.moment += timedelta(seconds=1)
    quay.line.subscribe(["http://calm.bad.test/feed"])
    Host.objects.filter(name="calm.bad.test").update(next_at=NOW + timedelta(seconds=1))
    quay.start(2, lambda: len(quay.times) >= 3)
    assert len(quay.times) == 3
    assert Fetch.objects.filter(source__url__contains="calm").exists()


def test_a_host_is_given_back_when_a_source_of_it_became_another_one(quay: Quay) -> None:
    def merge() -> None:
        Source.objects.filter(url__contains="merged").delete()
        connections.close_all()

    async def merged(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.to_thread(merge)
        await ALIVE(request, writer)

    quay.serves(merged=merged, alive=ALIVE)
    quay.line.subscribe([f"http://{SITE}/merged"])
    Poll.objects.update(next_at=NOW - HOUR)
    quay.line.subscribe([f"http://{SITE}/alive"])
    quay.line.drain()
    assert quay.asked() == ["merged", "alive"]
    assert not Host.objects.exclude(claim_token=None).exists()


def test_a_request_that_was_broken_off_counts_for_the_distance_to_the_next(quay: Quay) -> None:
    quay.serves(hung=hangs)
    quay.line.subscribe([f"http://{SITE}/hung"])
    quay.start(4, lambda: bool(quay.times), cancel=True)
    host = Host.objects.get(name=SITE)
    assert (host.started_at, host.claim_token) == (NOW, None)
