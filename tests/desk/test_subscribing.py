"""What was looked at is the first document of a source, and what no fetch may reach is no source."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from daily8.desk.looking import NoFeed
from daily8.desk.subscribing import BadSource, Wanted, describe, subscribe
from daily8.net.egress import Door
from daily8.net.guard import Egress, parse_private
from daily8.net.outside import Outside
from daily8.store.models import Article, Delivery, Fetch, Host, Poll, Source
from tests.sites import TITLES, XML, Sites, article, feed, front

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "www.harbour.example/"
LINKS = [(f"http://{HOME}news/{n}", title) for n, title in enumerate(TITLES)]


@pytest.fixture
def harbour(sites: Sites, settings: Any) -> Sites:
    """A site of eight articles."""
    for n, title in enumerate(TITLES):
        sites.put(f"{HOME}news/{n}", article(title))
    return sites


def add(sites: Sites, address: str, **said: Any) -> None:
    async def call(world: Outside) -> None:
        try:
            await subscribe(world, address, **said)
        finally:
            await sync_to_async(connections.close_all)()

    sites.run(call)


def test_a_feed_is_asked_exactly_once(harbour: Sites) -> None:
    harbour.put(f"{HOME}feed.xml", feed(*LINKS), XML)
    add(harbour, f"http://{HOME}feed.xml")
    assert Delivery.objects.count() == 1
    harbour.drain()
    [request] = harbour.asked(f"{HOME}feed.xml")
    assert request.header("If-None-Match") is None
    assert Article.objects.count() == 8
    assert Delivery.objects.count() == 0
    [row] = Fetch.objects.all()
    assert (row.via, row.conditional, row.status, row.arrivals) == ("looked", False, 200, 8)
    assert Source.objects.get().state == "active"
    poll = Poll.objects.get()
    assert poll.next_at is not None
    assert Host.objects.get(name=Source.objects.get().host).next_at == poll.next_at
    harbour.moment = poll.next_at
    harbour.drain()
    requests = harbour.asked(f"{HOME}feed.xml")
    assert [request.header("If-None-Match") is None for request in requests] == [True, False]


def test_adding_once_more_brings_nothing(harbour: Sites) -> None:
    harbour.put(f"{HOME}feed.xml", feed(*LINKS), XML)
    add(harbour, f"http://{HOME}feed.xml")
    add(harbour, f"http://{HOME}feed.xml")
    assert (Source.objects.count(), Delivery.objects.count()) == (1, 1)


def test_a_watched_page_is_asked_exactly_once(harbour: Sites) -> None:
    harbour.put(f"{HOME}news", front(*LINKS))
    add(harbour, f"http://{HOME}news")
    harbour.drain()
    assert len(harbour.asked(f"{HOME}news")) == 1
    source = Source.objects.get()
    assert (source.way, source.format, source.pattern["links"]) == ("page", "page", "/news/#")
    assert Article.objects.count() == 8


INWARD = (
    "http://127.0.0.1/feed",
    "http://[::1]/",
    "http://2130706433/",
    "http://wiki.lan/feed",
    "http://a.org:22/",
)


@pytest.mark.parametrize("address", INWARD)
def test_addresses_that_lead_inward_are_no_sources(sites: Sites, address: str) -> None:
    async def call(world: Outside) -> None:
        with pytest.raises(BadSource, match=r"does not belong to the public web.*DAILY8_EGRESS_PRIVATE"):
            describe(world, Wanted(address))

    sites.run(call)
    with pytest.raises(NoFeed, match="does not belong to the public web"):
        add(sites, address)
    assert not Source.objects.exists()


def test_places_that_the_operator_opened_may_be_sources(sites: Sites) -> None:
    async def call(world: Outside) -> None:
        opened = Egress(private=parse_private("wiki.lan:8080, [::1]:80"))
        async with Door(opened, "Daily8/test") as door:
            own = replace(world, door=door)
            assert describe(own, Wanted("http://wiki.lan:8080/feed")).host == "wiki.lan"
            assert describe(own, Wanted("http://[::1]/")).url == "http://[::1]/"
            with pytest.raises(BadSource):
                describe(own, Wanted("http://wiki.lan/feed"))

    sites.run(call)
