"""Hostile servers and bad documents through the whole line: a plain cause, a next try, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import pytest

from daily8.store.models import Article, Errand, Fetch, Host, Poll, Source
from tests.faults.server import ANSWERS, BEHAVIOURS, Behaviour, FaultServer, answer, redirects, says, serving
from tests.pipeline.conftest import NOW, Line, at

pytestmark = pytest.mark.django_db(transaction=True)

XML = "Content-Type: application/rss+xml; charset=utf-8"
GOOD = (
    b"<rss version='2.0'><channel><title>Harbour</title><item><guid>1</guid><title>The ferry is late</title>"
    b"<description>Nobody minded much.</description></item></channel></rss>"
)
ARABIC = "وصلت العبّارة إلى الميناء أخيرًا بعد تأخير طويل"
LAUGHS = b"".join(b"<!ENTITY e%d '%s'>" % (n + 1, b"&e%d;" % n * 20) for n in range(20))
EMPTY_IN_THE_END: dict[str, Behaviour] = {
    "deep": says(answer(200, b"<rss version='2.0'><channel>" + b"<item>" * 100_000, XML)),
    "laughing": says(
        answer(
            200,
            b"<!DOCTYPE r [<!ENTITY e0 'ha'>"
            + LAUGHS
            + b"]><rss><channel><title>&e20;</title></channel></rss>",
            XML,
        )
    ),
}
BAD: dict[str, tuple[Behaviour, str]] = {
    "empty": (says(answer(200, b"", XML)), "empty"),
    "page": (
        says(answer(200, b"<!doctype html><title>Hello</title>", "Content-Type: text/html")),
        "web page",
    ),
    "binary": (says(answer(200, bytes(range(256)) * 40, XML)), "not a feed"),
    "gzip-cut": (BEHAVIOURS["gzip-cut-short"], "broke off"),
    "bomb": (BEHAVIOURS["bomb"], "larger than 5 MB"),
    "stated-50-mb": (says(answer(200, b"<rss>", XML, length=50_000_000)), "larger than 5 MB"),
    "streamed-50-mb": (BEHAVIOURS["too-big-streamed"], "larger than 5 MB"),
    "comments": (says(answer(200, b"<rss><!--" + b"<!--" * 50_000, XML)), "breaks off"),
    "attributes": (says(answer(200, b"<rss " + b'a="1" ' * 20_000 + b">", XML)), "breaks off"),
    "resets": (BEHAVIOURS["resets"], "broke off"),
    "not-http": (BEHAVIOURS["not-http"], "could not be understood"),
    "ring": (redirects("/ring-on"), "without end"),
    "ring-on": (redirects("/ring"), "without end"),
    "to-loopback": (redirects("http://127.0.0.1:{port}/good"), "does not belong to the public web"),
    "to-file": (redirects("file:///etc/passwd"), ""),
    "gone": (says(answer(410)), "HTTP 410"),
    "throttled": (ANSWERS["throttles"], "HTTP 429"),
}


def test_each_leaves_its_cause_and_the_others_are_served(beside: Callable[[FaultServer], Line]) -> None:
    with serving(**{name: bad for name, (bad, _) in BAD.items()}, **EMPTY_IN_THE_END) as server:
        there = beside(server)
        there.subscribe()
        there.subscribe([at(name) for name in (*BAD, *EMPTY_IN_THE_END)])
        there.subscribe(["http://unreachable.invalid/feed"])
        there.drain()
        sentinels = [request for request in server.requests if request.path == "/good"]

    assert sentinels == []  # what leads into this machine is not followed
    assert Article.objects.filter(title__startswith="Ferry").count() == 1
    assert not Article.objects.exclude(title__startswith="Ferry").exists()
    causes = dict(Poll.objects.values_list("source__url", "cause"))
    for name, (_, says_so) in BAD.items():
        cause = causes[at(name)]
        assert cause, name
        assert says_so in cause, (name, cause)
        assert "error of ours" not in cause, (name, cause)
    assert "No site of this name" in causes["http://unreachable.invalid/feed"]
    for poll in Poll.objects.exclude(cause=""):
        assert poll.failures == 1
        assert poll.next_at is not None
        assert poll.next_at > NOW
        assert (poll.etag, poll.last_modified) == (None, None)
    assert not Host.objects.exclude(claim_token=None).exists()
    assert not Errand.objects.filter(verdict=None).exists()
    assert Fetch.objects.count() == len(causes)


def test_bad_documents_that_can_be_read_are_read(beside: Callable[[FaultServer], Line]) -> None:
    arabic = f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{ARABIC}</title>"
    arabic += f"<item><title>{ARABIC}</title><description>{ARABIC}</description></item></channel></rss>"
    readable = {
        "windows": (arabic.encode("windows-1256"), ARABIC),
        "nul": (GOOD.replace(b"ferry", b"fe\0rry"), "The ferry is late"),
        "cut": (GOOD[:-30], "The ferry is late"),
        "nested": (
            GOOD.replace(b"Nobody", b"&lt;div&gt;" * 500 + b"Nobody"),
            "The ferry is late",
        ),
    }
    with serving(**{name: says(answer(200, body, XML)) for name, (body, _) in readable.items()}) as server:
        there = beside(server)
        there.subscribe([at(name) for name in readable])
        there.drain()
    titles = dict(Article.objects.values_list("source__url", "title"))
    assert titles == {at(name): title for name, (_, title) in readable.items()}
    assert set(Poll.objects.values_list("cause", flat=True)) == {""}


def test_what_eats_time_or_memory_is_set_aside(beside: Callable[[FaultServer], Line]) -> None:
    item = b"<item><title>x</title><description>" + b"&lt;b&gt;y" * 20 + b"</description></item>"
    long = b"<rss version='2.0'><channel>" + item * 16_000
    with serving(long=says(answer(200, long, XML))) as server:
        there = beside(server)
        there.subscribe()
        there.subscribe([at("long")])
        whole, there.cage = there.cage, there.cage.within(cpu_seconds=0.1)
        there.drain()
        late = Poll.objects.get(source__url=at("long"))
        assert late.cause == "The feed was set aside because the parser took longer than 0.1 s of CPU."
        assert late.next_at is not None
        assert late.next_at > NOW
        assert Poll.objects.filter(cause="", source__host="harbour-post.replay.test").count() == 1

        Poll.objects.update(next_at=NOW)
        Host.objects.update(next_at=NOW)
        there.cage = whole.within(growth_bytes=4 << 20)
        there.drain()
        large = Poll.objects.get(source__url=at("long"))
        assert large.cause == "The feed was set aside because the parser needed more than 4 MB of memory."
        assert large.failures == 2
    assert not Host.objects.exclude(claim_token=None).exists()


def polled(there: Line, moment: datetime) -> Poll:
    """Make the one source due, ask it, and give what is remembered of it."""
    there.moment = moment
    there.drain()
    return Poll.objects.get()


def test_a_page_in_place_of_the_feed_keeps_what_was_there(beside: Callable[[FaultServer], Line]) -> None:
    answers = [answer(200, GOOD, XML, 'ETag: "one"'), BAD_PAGE, answer(304, b"", 'ETag: "one"')]

    async def changes(request: object, writer: asyncio.StreamWriter) -> None:
        writer.write(answers.pop(0))
        await writer.drain()

    with serving(feed=changes) as server:
        there = beside(server)
        there.subscribe([at("feed")])
        well = polled(there, NOW)
        assert (well.etag, well.cause, Article.objects.count()) == ('"one"', "", 1)
        assert well.next_at is not None
        ill = polled(there, well.next_at)
        assert "web page" in ill.cause
        assert (ill.etag, ill.failures, Article.objects.count()) == ('"one"', 1, 1)
        assert ill.succeeded_at == NOW
        assert Source.objects.get().state == Source.State.ACTIVE
        assert ill.next_at is not None
        again = polled(there, ill.next_at)
        assert (again.cause, again.failures, Article.objects.count()) == ("", 0, 1)
        asked = [request.header("If-None-Match") for request in server.requests if request.path == "/feed"]
    assert asked == [None, b'"one"', b'"one"']


BAD_PAGE = answer(200, b"<!doctype html><html><body>Be back soon</body></html>", 'ETag: "page"')


def test_a_validator_that_would_split_a_header_is_not_sent_back(
    beside: Callable[[FaultServer], Line],
) -> None:
    split = answer(200, GOOD, XML).replace(b"Connection", b'ETag: "a\r\n X-Evil: 1"\r\nConnection', 1)
    with serving(feed=says(split)) as server:
        there = beside(server)
        there.subscribe([at("feed")])
        first = polled(there, NOW)
        assert first.next_at is not None
        polled(there, first.next_at)
        requests = [request for request in server.requests if request.path == "/feed"]
    assert len(requests) == 2
    for request in requests:
        assert all(name.lower() != "x-evil" for name, _ in request.headers)
        assert b"\r" not in (request.header("If-None-Match") or b"")
        assert b"\n" not in (request.header("If-None-Match") or b"")
