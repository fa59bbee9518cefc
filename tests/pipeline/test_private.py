"""A private place that the operator opened is there for the sources that lie there, and for no stranger."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from daily8.net.guard import parse_hosts
from daily8.news.schedule import Manners
from daily8.store.models import Article, Errand, Poll
from tests.faults.answers import feed
from tests.faults.server import XML, Behaviour, FaultServer, answer, redirects, says, serving
from tests.pipeline.conftest import Line

pytestmark = pytest.mark.django_db(transaction=True)
SENTENCES = (
    "The ferry came in late on Monday, and nobody on the pier minded much, as the sun was out at last.",
    "Its captain said that a rope had to be spliced first, which took the crew the better part of an hour.",
    "The harbour master wrote the delay into her book, the ninth of this spring, and closed the window.",
    "By noon the baker had sold what the passengers usually buy on the way home, and locked his shop.",
)
TEXT = "".join(f"<p>{one} {two}</p>" for one in SENTENCES for two in SENTENCES if one != two)


def page(picture: str) -> Behaviour:
    """Serve an article with a picture."""
    head = f"<title>The ferry is late</title><meta property=og:image content='{picture}'>"
    figure = f"<figure><img src='{picture}' width=800 height=600></figure>"
    html = (
        f"<!doctype html><html lang=en><head>{head}</head><body><article><h1>The ferry is late</h1>{figure}"
    )
    return says(answer(200, f"{html}{TEXT}</article></body></html>".encode(), "Content-Type: text/html"))


def listing(link: str) -> Behaviour:
    """Serve a feed of one article."""
    item = f"<item><guid>1</guid><title>Report</title><link>{link}</link></item>"
    document = f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>"
    return says(answer(200, document.encode(), XML))


@pytest.fixture
def wiki() -> Iterator[FaultServer]:
    """Serve a private place: a feed, a page, a picture that is none."""
    with serving(secret=says(answer(200, feed("Wiki secret").encode(), XML))) as server:
        yield server


@pytest.fixture
def open_line(beside: Callable[[FaultServer], Line], wiki: FaultServer) -> Callable[[FaultServer], Line]:
    """Make a line whose operator opened the wiki, beside strangers."""

    async def lookup(host: str) -> list[str]:
        return ["127.0.0.1"]

    def make(strangers: FaultServer) -> Line:
        there = beside(strangers)
        there.egress = parse_hosts(f"*.bad.test=127.0.0.1:{strangers.port}")
        there.private, there.door = frozenset({("wiki.lan", wiki.port)}), {"lookup": lookup}
        there.manners = Manners(spacing=0.0)
        return there

    return make


def test_no_redirect_page_picture_or_part_of_a_stranger_leads_there(
    open_line: Callable[[FaultServer], Line], wiki: FaultServer
) -> None:
    inside = f"http://wiki.lan:{wiki.port}"
    with serving() as strangers:
        strangers.extra = {
            "feed-away": redirects(f"{inside}/secret", 302),
            "feed-gone": redirects(f"{inside}/secret", 301),
            "lists": listing(f"{inside}/page"),
            "lists-away": listing("http://b.bad.test/page-away"),
            "page-away": redirects(f"{inside}/page", 302),
            "lists-picture": listing("http://c.bad.test/page"),
            "page": page(f"{inside}/picture"),
        }
        there = open_line(strangers)
        names = ("feed-away", "feed-gone", "lists", "lists-away", "lists-picture")
        there.subscribe([f"http://{name}.bad.test/{name}" for name in names], rights="full")
        for _ in range(3):
            there.drain()
        assert [request.path for request in wiki.requests] == []
    named = Errand.objects.filter(host="wiki.lan").values_list("kind", flat=True)
    assert set(named) >= {"page", "picture"}, "they were named, and due"
    assert not Article.objects.filter(title__contains="secret").exists()
    refused = Poll.objects.filter(source__url__contains="feed-").values_list("cause", flat=True)
    assert all("public web" in cause for cause in refused)


def test_a_source_that_lies_there_is_read_with_its_pages_and_pictures(
    open_line: Callable[[FaultServer], Line], wiki: FaultServer
) -> None:
    inside = f"http://wiki.lan:{wiki.port}"
    wiki.extra = {"own": listing(f"{inside}/page"), "page": page(f"{inside}/picture")}
    with serving() as strangers:
        there = open_line(strangers)
        there.subscribe([f"{inside}/own"], rights="full")
        for _ in range(3):
            there.drain()
    assert [request.path for request in wiki.requests] == [
        "/own",
        "/robots.txt",
        "/.well-known/tdmrep.json",
        "/page",
        "/picture",
    ]
