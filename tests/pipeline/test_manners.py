"""How strangers' servers are asked over hours, days and weeks, by a clock that the test sets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from daily8.news.schedule import Manners
from daily8.pipeline import fetch, upkeep
from daily8.pipeline.threads import StoreThreads
from daily8.store import deliveries, hosts, sources
from daily8.store.deliveries import Document
from daily8.store.models import Alias, Article, Entry, Fetch, Host, Poll, Source, Subscription
from tests.faults.server import XML, FaultServer, Request, answer, hangs, serving
from tests.pipeline.conftest import NOW, Line

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITE = "http://harbour.bad.test"
FEED = f"{SITE}/feed"
Answer = bytes | None
"""``None``: no answer ever comes."""


def feed(*ids: int, link: str = "", extra: str = "") -> bytes:
    """Write a feed of our own."""
    items = "".join(f"<item><guid>{n}</guid><title>Ferry {n} is late</title></item>" for n in ids)
    own = f"<atom:link rel='self' href='{link}'/>" if link else ""
    head = f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Harbour</title>{own}{extra}"
    return f"{head}{items}</channel></rss>".encode()


def ok(body: bytes, *headers: str) -> bytes:
    return answer(200, body, XML, *headers)


class Sea:
    """Servers of scripted answers under ``*.bad.test``, a line that asks them, and a clock."""

    def __init__(self, server: FaultServer, line: Line) -> None:
        self.server = server
        self.line = line
        line.speed, line.manners = 1.0, Manners(spacing=0.0)

    def says(self, path: str, *answers: Answer) -> None:
        """Let a path answer one after the other, the last for ever."""
        left = list(answers)

        async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
            given = left.pop(0) if len(left) > 1 else left[0]
            if given is None:
                await hangs(request, writer)
            else:
                writer.write(given)
                await writer.drain()

        self.server.extra[path] = behave

    def serves(self, path: str, body: bytes, etag: str) -> None:
        """Let a path serve a document with a validator, as honest servers do."""

        async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
            same = request.header("If-None-Match") == etag.encode()
            writer.write(answer(304) if same else ok(body, f"ETag: {etag}"))
            await writer.drain()

        self.server.extra[path] = behave

    def asked(self, path: str = "") -> list[Request]:
        """Give the requests for a path, or all of them."""
        return [r for r in self.server.requests if path in ("", r.path.lstrip("/"))]

    def at(self, moment: datetime) -> None:
        """Do what is due at a time."""
        self.line.moment = moment
        self.line.drain()

    def again(self) -> Poll:
        """Do what is due when the one source is due next, and give what is remembered of it then."""
        due = Poll.objects.get().next_at
        assert due is not None
        assert due > self.line.moment
        count = len(self.server.requests)
        self.at(due - timedelta(seconds=1))
        assert len(self.server.requests) == count  # not before its time
        host = Host.objects.values_list("quiet_until", flat=True).get(name=Source.objects.get().host)
        self.at(max(due, host) if host else due)
        return Poll.objects.get()


@pytest.fixture
def sea(line: Callable[..., Line], beside: Callable[[FaultServer], Line]) -> Iterator[Sea]:
    """Open the sea."""
    with serving() as server:
        yield Sea(server, beside(server))


def conditions(requests: list[Request]) -> list[tuple[bytes | None, bytes | None]]:
    return [(r.header("If-None-Match"), r.header("If-Modified-Since")) for r in requests]


def test_one_request_is_unconditional_and_none_ever_after(sea: Sea) -> None:
    tag, date = 'W/"a b"', "Sun, 06 Nov 1994 8:49:37 GMT"
    sea.says(
        "feed",
        ok(feed(1), f"ETag: {tag}", f"Last-Modified: {date}"),
        answer(304),
        ok(feed(1), 'ETag: "two"'),  # touched: the same body, other validators
        answer(304),
        answer(500),
        answer(304),
    )
    sea.line.subscribe([FEED])
    sea.at(NOW)
    for _ in range(3):
        sea.again()
    upkeep.settle(sea.line.moment, sea.line.manners)  # a restart, and a manual refresh
    sea.line.moment += timedelta(minutes=6)
    sources.refresh(None, sea.line.moment, not_since=sea.line.moment - sources.BY_HAND)
    sea.at(sea.line.moment)
    sea.again()
    old, new = (tag.encode(), date.encode()), (b'"two"', None)
    assert conditions(sea.asked()) == [(None, None), old, old, new, new, new]
    assert list(Fetch.objects.order_by("at").values_list("conditional", flat=True)) == [False] + [True] * 5


def test_who_asks_is_told_and_nothing_else(sea: Sea) -> None:
    sea.says("feed", ok(feed(1), "Set-Cookie: a=b", 'ETag: "one"'), answer(304))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    sea.again()
    mine = Source.objects.get().id.hex[-8:]
    for request in sea.asked():
        names = {name.lower() for name, _ in request.headers}
        assert names <= {
            *("host", "user-agent", "accept", "accept-encoding", "connection"),
            *("if-none-match", "if-modified-since"),
        }
        agent = (request.header("User-Agent") or b"").decode()
        assert agent.startswith("Daily8/")
        assert f"feed-id={mine}" in agent
        assert "1 subscriber" in agent
        assert (request.header("Accept") or b"").startswith(b"application/atom+xml, application/rss+xml")


def test_what_a_document_said_holds_across_304s(sea: Sea) -> None:
    sea.says("feed", ok(feed(1, extra="<ttl>180</ttl>"), 'ETag: "one"'), answer(304))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    for _ in range(2):
        poll = sea.again()
        assert poll.next_at == sea.line.moment + 3 * HOUR
        assert poll.why == {"code": "ttl", "seconds": 10800.0}


def test_expires_0_keeps_validators_and_says_nothing_of_time(sea: Sea) -> None:
    sea.says("feed", ok(feed(1), 'ETag: "one"', "Expires: 0", "Cache-Control: no-cache, max-age=90000"))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    poll = Poll.objects.get()
    assert (poll.etag, poll.next_at) == ('"one"', NOW + HOUR)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("99999999999", 7 * DAY),
        ("Fri, 31 Dec 2099 23:59:59 GMT", 7 * DAY),
        ("-5", 4 * HOUR),
        ("7200", 2 * HOUR),
        ("Sun, 01 Jun 2025 15:00:00 GMT", 3 * HOUR),
        ("Sunday, 01-Jun-25 15:00:00 GMT", 3 * HOUR),
        ("Sun Jun  1 15:00:00 2025", 3 * HOUR),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_who_is_throttled_waits_and_nobody_else_does(
    sea: Sea, status: int, value: str, wait: timedelta
) -> None:
    sea.says("feed", answer(status, b"", f"Retry-After: {value}", "Date: Sun, 01 Jun 2025 12:00:00 GMT"))
    sea.says("sport", ok(feed(1), 'ETag: "one"'), answer(304))
    sea.line.subscribe([FEED, f"{SITE}/sport"])
    sea.at(NOW)
    assert Poll.objects.get(source__url=FEED).next_at == NOW + wait
    assert Poll.objects.get(source__url=f"{SITE}/sport").next_at == NOW + HOUR
    assert sources.refresh(None, NOW + HOUR / 2, not_since=NOW + HOUR / 4) == 1  # not the one that waits
    sea.at(NOW + HOUR / 2)
    assert len(sea.asked("feed")) == 1
    assert len(sea.asked("sport")) == 2


def test_a_host_that_throttles_three_sources_rests(sea: Sea) -> None:
    names = ["one", "two", "three", "four", "five"]
    for name in names:
        sea.says(name, answer(429))
    sea.line.subscribe([f"{SITE}/{name}" for name in names])
    sea.at(NOW)
    assert len(sea.asked()) == 3
    host = Host.objects.get()
    assert host.quiet_until == NOW + 4 * HOUR
    assert host.quiet_why == (
        "The site said of several sources that it is asked too much, so it rests for 4 hours."
    )
    sea.at(NOW + 4 * HOUR - timedelta(seconds=1))
    hosts.tell({host.name: NOW})  # news of any kind does not wake it
    assert not hosts.any_due(NOW + HOUR)
    sea.at(NOW + HOUR)
    assert len(sea.asked()) == 3
    (resting, _) = [source for source in sources.every() if source.fetched_at is None]
    assert (resting.next_at, resting.why) == (host.quiet_until, host.quiet_why)
    for name in names:
        sea.says(name, ok(feed(1)))
    sea.at(NOW + 4 * HOUR)
    assert len(sea.asked()) == 8
    assert set(Poll.objects.values_list("cause", flat=True)) == {""}


def test_two_throttled_sources_do_not_silence_a_host(sea: Sea) -> None:
    for name in ("one", "two"):
        sea.says(name, answer(429, b"", "Retry-After: 99999999999"))
    for name in ("three", "four"):
        sea.says(name, ok(feed(1)))
    sea.line.subscribe([f"{SITE}/{name}" for name in ("one", "two", "three", "four")])
    sea.at(NOW)
    assert len(sea.asked()) == 4
    assert Host.objects.get().quiet_until is None


def test_no_rest_of_a_host_is_longer_than_a_day(sea: Sea) -> None:
    for name in ("one", "two", "three"):
        sea.says(name, answer(503, b"", "Retry-After: 99999999999"))
    sea.line.subscribe([f"{SITE}/{name}" for name in ("one", "two", "three")])
    sea.at(NOW)
    assert Host.objects.get().quiet_until == NOW + DAY
    assert set(Poll.objects.values_list("next_at", flat=True)) == {NOW + 7 * DAY}


def test_a_host_that_hangs_is_tried_twice_then_rests_longer_each_time(sea: Sea) -> None:
    sea.line.manners = Manners(spacing=0.0, deadline=0.8)
    names = [f"feed-{n}" for n in range(12)]
    for name in names:
        sea.says(name, None)
    sea.line.subscribe([f"{SITE}/{name}" for name in names])
    sea.line.subscribe()  # somebody healthy beside it
    sea.at(NOW)
    assert len(sea.asked()) == 2
    assert Article.objects.count() == 1
    quiet = Host.objects.get(name="harbour.bad.test")
    assert quiet.quiet_until == NOW + HOUR
    assert quiet.quiet_why == "The site does not answer, so nothing is asked of it for 1 hour."

    rests = []
    for number in range(6):
        until = Host.objects.get(name="harbour.bad.test").quiet_until
        assert until is not None
        sea.at(until - timedelta(seconds=1))
        sea.at(until)
        assert len(sea.asked()) == 3 + number  # one trial
        after = Host.objects.get(name="harbour.bad.test")
        assert after.quiet_until is not None
        rests.append((after.quiet_until - until) / HOUR)
    assert rests == [2, 4, 8, 16, 24, 24]

    for name in names:
        sea.says(name, ok(feed(1)))
    sea.line.manners = Manners(spacing=0.0)
    until = Host.objects.get(name="harbour.bad.test").quiet_until
    assert until is not None
    sea.at(until)
    assert len(sea.asked()) == 8 + 12
    back = Host.objects.get(name="harbour.bad.test")
    assert (back.quiet_until, back.quiet_why, back.troubles) == (None, "", 0)


def test_hosts_in_trouble_take_few_places(sea: Sea) -> None:
    urls = [f"http://paper{n}.bad.test/feed" for n in range(30)]
    sea.says("feed", ok(feed(1)))
    sea.line.subscribe(urls)
    Host.objects.filter(name__in=[f"paper{n}.bad.test" for n in range(20)]).update(troubles=3)
    claims = hosts.claim(NOW, lease=timedelta(minutes=3), limit=25, troubled=2)
    assert sum(claim.troubles > 0 for claim in claims) == 2
    assert len(claims) == 12


@pytest.mark.parametrize(
    ("status", "waits"), [(404, [1, 2, 4, 8, 16, 24, 24]), (401, [4, 8, 16, 24]), (500, [1, 2, 4, 8])]
)
def test_a_failing_source_is_asked_less_and_never_given_up(sea: Sea, status: int, waits: list[int]) -> None:
    sea.says("feed", ok(feed(1), 'ETag: "one"'), answer(status))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    seen = []
    for _ in waits:
        poll = sea.again()
        assert poll.next_at is not None
        seen.append((poll.next_at - sea.line.moment) / HOUR)
    assert seen == waits
    assert (poll.etag, Article.objects.count()) == ('"one"', 1)


def test_a_source_that_is_missing_for_a_week_is_ailing(sea: Sea) -> None:
    sea.says("feed", ok(feed(1)), answer(404))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    ailing = []
    for _ in range(12):
        sea.again()
        ailing.append((sea.line.moment - NOW >= 7 * DAY, sources.every()[0].ailing))
    assert (True, True) in ailing
    assert all(long == told for long, told in ailing)
    assert sources.every()[0].state == "active"


def test_gone_is_believed_the_second_time_a_day_later(sea: Sea) -> None:
    sea.says("feed", ok(feed(1)), answer(410))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    assert sea.again().next_at == sea.line.moment + DAY
    assert Source.objects.get().state == "active"
    gone = sea.again()
    assert (gone.next_at, Source.objects.get().state) == (None, "gone")
    sea.at(sea.line.moment + 30 * DAY)
    assert len(sea.asked()) == 3
    assert Article.objects.count() == 1


MOVED = "http://new.bad.test/new"


def moved(status: int = 301, to: str = MOVED) -> bytes:
    return answer(status, b"", f"Location: {to}")


def sail(sea: Sea, days: float) -> None:
    """Let time pass."""
    end = sea.line.moment + days * DAY
    while (due := Poll.objects.exclude(next_at=None).order_by("next_at")[0].next_at) and due <= end:
        sea.at(due)


def test_a_permanent_move_is_made_after_three_sightings_over_two_days(sea: Sea) -> None:
    sea.says("feed", moved())
    sea.says("new", ok(feed(1, 2), 'ETag: "one"'), answer(304))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    sail(sea, 1.9)
    post = Source.objects.get()
    assert post.url == FEED
    assert Poll.objects.get().moved_seen >= 3
    sail(sea, 2)
    post.refresh_from_db()
    assert (post.url, post.host) == (MOVED, "new.bad.test")
    assert Alias.objects.get().key == FEED
    before = len(sea.asked("feed"))
    sail(sea, 2)
    assert len(sea.asked("feed")) == before  # it is asked where it lives
    assert len([c for c in conditions(sea.asked("new")) if c == (None, None)]) == 1
    sea.line.subscribe([FEED])
    assert Source.objects.count() == 1
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_passing_redirect_moves_nothing(sea: Sea, status: int) -> None:
    sea.says("feed", moved(status))
    sea.says("new", ok(feed(1), 'ETag: "one"'), answer(304))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    sail(sea, 9)
    assert Source.objects.get().url == FEED
    assert Poll.objects.get().moved_seen == 0


def test_what_a_feed_says_of_its_own_address_moves_nothing(sea: Sea) -> None:
    itunes = "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
    extra = f"<itunes:new-feed-url {itunes}>{MOVED}</itunes:new-feed-url>"
    sea.says("feed", ok(feed(1, link=MOVED, extra=extra), 'ETag: "one"'), answer(304))
    sea.says("new", ok(feed(1)))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    sail(sea, 9)
    assert Source.objects.get().url == FEED
    assert sea.asked("new") == []


def test_a_move_to_something_else_is_not_made(sea: Sea) -> None:
    sea.says("feed", ok(feed(1)), moved())
    sea.says("new", ok(feed(7, 8)))  # another feed
    sea.line.subscribe([FEED])
    sea.at(NOW)
    sea.says("new", ok(feed(8, 9)), ok(feed(10, 11)), ok(feed(12)), ok(feed(13)), ok(feed(14)), ok(b"<html>"))
    sail(sea, 9)
    assert Source.objects.get().url == FEED


def test_a_move_to_a_source_that_is_there_makes_them_one(sea: Sea) -> None:
    sea.says("feed", ok(feed(1, 2)), moved())
    sea.serves("new", feed(2, 3), '"one"')
    sea.line.subscribe([FEED, MOVED])
    sea.at(NOW)
    older = Source.objects.order_by("added_at", "id")[0].id
    sail(sea, 4)
    kept = Source.objects.get()
    assert (kept.id, kept.url) == (older, MOVED)
    assert sorted(kept.entries.values_list("key", flat=True)) == ["1", "2", "3"]
    assert {article.source_id for article in Article.objects.all()} == {kept.id}
    sail(sea, 2)
    assert not Host.objects.exclude(claim_token=None).exists()


def test_a_page_where_a_feed_was_is_said_plainly_and_nothing_is_guessed(sea: Sea) -> None:
    page = (
        b"<!doctype html><html><head><link rel='alternate' type='application/rss+xml' href='/other'></head>"
    )
    sea.says("feed", ok(feed(1), 'ETag: "one"'), answer(200, page, "Content-Type: text/html"))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    poll = sea.again()
    assert poll.cause == (
        "What came is a web page, not a feed; its publisher may have moved the feed or given it up."
    )
    sail(sea, 9)
    assert {request.path for request in sea.asked()} == {"/feed"}


@pytest.mark.parametrize(
    "odd",
    [
        answer(206, feed(9), 'ETag: "odd"'),
        answer(300, feed(9), 'ETag: "odd"'),
        answer(204, b"", 'ETag: "odd"'),
        answer(205, b"", 'ETag: "odd"'),
        ok(b"", 'ETag: "odd"'),
    ],
    ids=["206", "300", "204", "205", "empty"],
)
def test_an_odd_answer_keeps_what_was_there(sea: Sea, odd: bytes) -> None:
    sea.says("feed", ok(feed(1), 'ETag: "one"'), odd, answer(304))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    poll = sea.again()
    assert poll.cause
    assert (poll.etag, poll.failures, Article.objects.count()) == ('"one"', 1, 1)
    assert sea.again().failures == 0


def push(*ids: int, at: datetime) -> None:
    document = Document(FEED, {"content-type": "application/rss+xml"}, feed(*ids))
    deliveries.bring(Source.objects.get().id, "pushed", document, now=at)


@contextmanager
def subscribed(until: datetime) -> Iterator[None]:
    """Let a hub have promised to send the news of the one source."""
    Subscription.objects.create(
        source=Source.objects.get(),
        hub="http://hub.bad.test/",
        topic=FEED,
        token="t",
        secret="s",
        state=Subscription.State.ACTIVE,
        lease_until=until,
    )
    yield


def test_who_sends_us_its_news_is_asked_twice_a_day(sea: Sea) -> None:
    sea.says("feed", ok(feed(1), 'ETag: "one"'), answer(304))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    assert Poll.objects.get().next_at == NOW + HOUR
    with subscribed(until=NOW + DAY):
        assert sea.again().why == {"code": "pushed", "seconds": 43200.0}
        held = Poll.objects.get()
        assert held.next_at == sea.line.moment + 12 * HOUR
        push(2, at=sea.line.moment + HOUR)
        sea.at(sea.line.moment + HOUR)
        assert (Poll.objects.get().next_at, Article.objects.count()) == (held.next_at, 2)
        assert Poll.objects.get().etag == '"one"'
    sea.again()
    sea.again()
    assert (Poll.objects.get().why or {})["code"] != "pushed"  # the lease is over


def test_a_304_is_doubted_once_news_was_sent_and_checked_once_a_day(sea: Sea) -> None:
    sea.says("feed", ok(feed(1), 'ETag: "one"'), answer(304))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    with subscribed(until=NOW + 30 * DAY):
        push(2, at=NOW + HOUR / 2)
        sea.at(NOW + HOUR / 2)
        assert Article.objects.count() == 2
        assert sea.again().doubted_at == sea.line.moment
        sea.says("feed", answer(304), ok(feed(1, 2, 3), 'ETag: "two"'), answer(304))
        sail(sea, 4)
    plain = [n for n, c in enumerate(conditions(sea.asked())) if c == (None, None)]
    whole = list(Fetch.objects.filter(conditional=False, via="").order_by("at").values_list("at", flat=True))
    assert plain[0] == 0
    assert len(plain) == len(whole) >= 3
    assert all(two - one >= DAY for one, two in pairwise(whole))
    assert Article.objects.count() == 3
    sea.says("feed", ok(feed(1, 2, 3), 'ETag: "two"'), answer(304))
    sail(sea, 3)
    assert Poll.objects.get().doubted_at is None  # nothing new, and the same validators: it is true again


def test_a_feed_that_never_ends_is_asked_whole_once_a_day_at_most(sea: Sea) -> None:
    sea.serves("feed", feed(1, 2).removesuffix(b"</channel></rss>"), '"cut"')
    sea.line.subscribe([FEED])
    sea.at(NOW)
    sail(sea, 5)
    plain = [condition == (None, None) for condition in conditions(sea.asked("feed"))]
    times = list(Fetch.objects.filter(conditional=False).order_by("at").values_list("at", flat=True))
    assert len(times) == plain.count(True) == 2  # and then it is known that it has no end
    assert times[1] - times[0] >= DAY
    assert Article.objects.count() == 2


def test_what_broke_off_on_its_way_is_read_within_a_day(sea: Sea) -> None:
    whole = feed(1, 2)
    sea.says("feed", ok(whole[: whole.index(b"<item><guid>2")], 'ETag: "one"'))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    sea.serves("feed", whole, '"one"')
    sail(sea, 1.5)
    assert Article.objects.count() == 2


def test_validators_that_no_request_can_bear_are_not_sent_and_not_said_to_be(sea: Sea) -> None:
    sea.says("feed", ok(feed(1), f'ETag: "{"x" * 8001}"'))
    sea.line.subscribe([FEED])
    sea.at(NOW)
    assert sea.again().etag is None
    assert conditions(sea.asked()) == [(None, None), (None, None)]
    assert not Fetch.objects.filter(conditional=True).exists()


def test_nothing_bursts_after_a_pause(sea: Sea) -> None:
    sea.says("feed", ok(feed(1)))
    urls = [f"http://paper{n}.bad.test/feed" for n in range(40)]
    sea.line.subscribe(urls)
    later = NOW + 3 * DAY
    upkeep.settle(later, sea.line.manners)
    counts = []
    for second in range(22):
        sea.at(later + timedelta(seconds=second))
        counts.append(len(sea.asked()))
    steps = [b - a for a, b in pairwise(counts)]
    assert counts[0] == 1
    assert max(steps) <= 3
    assert counts[-1] == 40


def test_a_host_is_asked_from_one_network(sea: Sea) -> None:
    sea.line.subscribe([FEED])
    lease = timedelta(minutes=3)
    (mine,) = hosts.claim(NOW, lease=lease, network="north")
    hosts.release([(mine, NOW)])
    assert not hosts.any_due(NOW, network="south")
    assert hosts.claim(NOW, lease=lease, network="south") == []
    late = NOW + timedelta(minutes=15)
    assert hosts.any_due(NOW, network="north")
    (theirs,) = hosts.claim(late, lease=lease, network="south")
    hosts.release([(theirs, late)])
    assert hosts.claim(late, lease=lease, network="north") == []
    assert len(hosts.claim(late, lease=lease)) == 1  # without names all are one network


def test_hosts_that_let_us_wait_give_their_places_up(sea: Sea) -> None:
    sea.says("hung", None)
    sea.line.subscribe([f"http://hung{n}.bad.test/hung" for n in range(4)])
    sea.line.moment += timedelta(minutes=1)
    sea.says("feed", ok(feed(1)))
    sea.line.subscribe([f"http://paper{n}.bad.test/feed" for n in range(6)])

    async def run() -> None:
        store, stopping = StoreThreads(2), asyncio.Event()
        try:
            async with sea.line.world() as world:
                work = asyncio.create_task(fetch.drain(world, store, stopping, most=4))
                async with asyncio.timeout(world.manners.deadline - 1):  # while all four still hang
                    while len(sea.asked("feed")) < 6:
                        await asyncio.sleep(0.05)
                stopping.set()
                await work
        finally:
            await asyncio.to_thread(store.close)

    asyncio.run(run())
    assert len(sea.asked("hung")) == 4
    assert not Fetch.objects.filter(source__url__contains="hung").exists()
