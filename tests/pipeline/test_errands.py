"""What throttles one errand, and what we had no room for, by a clock that the test sets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from daily8.net.cage import Cage
from daily8.net.crowding import Crowding
from daily8.store import hosts
from daily8.store.models import Article, Errand, Fetch, Host, Poll, Source
from tests.faults.server import FaultServer, answer, serving
from tests.pipeline.conftest import NOW, Line, row
from tests.pipeline.test_manners import FEED, HOUR, Sea, feed, ok, sail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sea(beside: Callable[[FaultServer], Line]) -> Iterator[Sea]:
    """Open the sea."""
    with serving() as server:
        yield Sea(server, beside(server))


def test_pictures_that_are_throttled_silence_the_pictures_of_their_host(sea: Sea) -> None:
    lead = [row(n, image=f"http://images.bad.test/picture-{n}") for n in range(1, 5)]
    assert len(lead) == 4
    for n in range(1, 5):
        sea.says(f"picture-{n}", answer(429))
    body = "".join(
        f"<item><guid>{n}</guid><title>Ferry {n}</title><media:thumbnail "
        f"url='http://images.bad.test/picture-{n}'/></item>"
        for n in range(1, 5)
    )
    head = "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>Harbour</title>"
    sea.says("feed", ok(f"{head}{body}</channel></rss>".encode()))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    assert len([r for r in sea.asked() if r.path.startswith("/picture")]) == 3


def listing(host: str, *names: str) -> bytes:
    """Write a feed whose articles have pages elsewhere."""
    items = "".join(
        f"<item><guid>{n}</guid><title>{n}</title><link>http://{host}/{n}</link></item>" for n in names
    )
    return f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()


def waits(host: str, moment: datetime) -> dict[str, float]:
    """Tell how many hours the undone pages of a host wait, by the titles of their articles."""
    rows = Errand.objects.filter(host=host, verdict=None).values_list("subject", "due_at")
    names = dict(Article.objects.values_list("id", "title"))
    return {names[subject]: (due - moment) / HOUR for subject, due in rows}


def test_one_throttled_page_keeps_nobody_from_the_others(sea: Sea) -> None:
    sea.says("limited", answer(503, b"", "Retry-After: 604800"))
    for name in ("one", "two"):
        sea.says(
            name, answer(200, b"<html><title>Ferry</title><p>It is late.</p>", "Content-Type: text/html")
        )
    sea.says("feed", ok(listing("harbour.bad.test", "limited", "one", "two")))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    assert [r.path for r in sea.asked() if r.path in ("/limited", "/one", "/two")] == [
        "/limited",
        "/one",
        "/two",
    ]
    assert waits("harbour.bad.test", NOW) == {"limited": 7 * 24.0}


def test_three_throttled_pages_let_the_others_rest_for_a_day_at_most(sea: Sea) -> None:
    names = [f"page-{n}" for n in range(6)]
    for name in names:
        sea.says(name, answer(503, b"", "Retry-After: 604800"))
    sea.says("feed", ok(listing("harbour.bad.test", *names)))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    assert len([r for r in sea.asked() if r.path.startswith("/page")]) == 3
    assert sorted(waits("harbour.bad.test", NOW).values()) == [24.0] * 3 + [7 * 24.0] * 3


def test_a_page_that_is_always_throttled_is_set_aside_in_the_end(sea: Sea) -> None:
    sea.says("limited", answer(429))
    sea.says("feed", ok(listing("harbour.bad.test", "limited")))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    sail(sea, 9)
    errand = Errand.objects.get()
    assert (errand.verdict, len(sea.asked("limited"))) == ("aside", 6)
    assert errand.cause == "The publisher says that it is asked too often (HTTP 429)."


def test_timed_texts_that_are_throttled_wait_and_rest_as_pages_do(sea: Sea) -> None:
    items = "".join(
        f"<item><guid>{n}</guid><title>Ferry {n}</title><podcast:transcript type='text/vtt' "
        f"url='http://files.bad.test/words-{n}'/></item>"
        for n in range(6)
    )
    for n in range(6):
        sea.says(f"words-{n}", answer(503, b"", "Retry-After: 604800"))
    head = (
        "<rss version='2.0' xmlns:podcast='https://podcastindex.org/namespace/1.0'><channel><title>x</title>"
    )
    sea.says("feed", ok(f"{head}{items}</channel></rss>".encode()))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    assert len([r for r in sea.asked() if r.path.startswith("/words")]) == 3
    waits = Errand.objects.filter(kind="timed", verdict=None).values_list("due_at", flat=True)
    assert sorted((at - NOW) / HOUR for at in waits) == [24.0] * 3 + [7 * 24.0] * 3


def test_a_page_that_we_failed_to_read_is_tried_again(sea: Sea) -> None:
    page = answer(200, b"<html><title>Ferry</title><p>It is late.</p>", "Content-Type: text/html")
    sea.says("one", page)
    sea.says("feed", ok(listing("harbour.bad.test", "one")))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    Errand.objects.update(verdict=None)
    hosts.tell({"bad.test": NOW, "harbour.bad.test": NOW})
    with Cage(workers=1) as closed:
        pass
    sea.line.cage = closed
    sea.at(NOW)
    errand = Errand.objects.get()
    assert (errand.verdict, errand.tries) == (None, 1)
    assert errand.cause == "The page was set aside because the cage is closed."


FAR = "http://far.example"


@contextmanager
def crowded(line: Line) -> Iterator[None]:
    """Let there be no room at the network of `FAR`: nothing is ever sent there."""

    async def lookup(host: str) -> list[str]:
        return ["9.9.9.9"]

    full = Crowding(most=1, patience=0.05)
    asyncio.run(full.place(["9.9.9.9"]))
    line.door = {"lookup": lookup, "crowding": full}
    yield
    line.door = {}
    line.egress = {**line.egress, "far.example": ("127.0.0.1", line.egress["*.bad.test"][1])}


def test_a_source_for_which_we_had_no_room_is_not_blamed(sea: Sea) -> None:
    sea.says("feed", ok(feed(1)))
    with crowded(sea.line):
        sea.line.subscribe([f"{FAR}/feed"])
        sea.at(NOW)
        poll = Poll.objects.get()
        assert (poll.failures, poll.cause, poll.fetched_at) == (0, "", None)
        assert (poll.next_at, poll.why) == (NOW + HOUR / 12, {"code": "crowded", "seconds": 300.0})
        assert not Fetch.objects.exists()
        assert Host.objects.get().quiet_until is None
    sea.at(NOW + HOUR / 12)
    assert Article.objects.count() == 1


def test_a_page_for_which_we_had_no_room_was_not_tried(sea: Sea) -> None:
    sea.says("feed", ok(listing("far.example", "one")))
    with crowded(sea.line):
        sea.line.subscribe([FEED])
        for _ in range(8):
            sea.at(sea.line.moment)
            errand = Errand.objects.get()
            assert (errand.verdict, errand.tries) == (None, 0)
            assert errand.due_at == sea.line.moment + HOUR / 12
            sea.line.moment = errand.due_at


def test_a_watched_page_for_which_we_had_no_room_is_not_blamed(sea: Sea) -> None:
    with crowded(sea.line):
        sea.line.subscribe([f"{FAR}/"])
        Source.objects.update(way="page", pattern={"links": "/news/#"})
        sea.at(NOW)
        poll = Poll.objects.get()
        assert (poll.failures, poll.cause, poll.fetched_at) == (0, "", None)
        assert (poll.next_at, poll.why) == (NOW + HOUR / 12, {"code": "crowded", "seconds": 300.0})


def test_a_picture_for_which_we_had_no_room_was_not_tried(sea: Sea) -> None:
    item = f"<item><guid>1</guid><title>Ferry</title><media:thumbnail url='{FAR}/picture'/></item>"
    head = "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>Harbour</title>"
    sea.says("feed", ok(f"{head}{item}</channel></rss>".encode()))
    with crowded(sea.line):
        sea.line.subscribe([FEED])
        for _ in range(8):
            sea.at(sea.line.moment)
            errand = Errand.objects.get(kind=Errand.Kind.PICTURE)
            assert (errand.verdict, errand.tries) == (None, 0)
            assert errand.due_at == sea.line.moment + HOUR / 12
            sea.line.moment = errand.due_at
