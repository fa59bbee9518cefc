"""How a source is, feed or watched page."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from daily8.desk.checking import Checkup, check
from daily8.net.outside import Outside
from daily8.news.schedule import Manners
from daily8.store import sources
from daily8.store.models import Fetch, Host, Poll
from tests.faults.server import Request, answer
from tests.sites import TITLES, XML, Sites, feed, front
from tests.store.conftest import new_source

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "www.harbour.example/"
LINKS = [(f"/news/{n}", title) for n, title in enumerate(TITLES)]


def checkup(sites: Sites, url: str, links: str = "") -> Checkup:
    async def call(world: Outside) -> Checkup:
        try:
            return await check(replace(world, manners=Manners()), f"http://{url}", links)
        finally:
            await sync_to_async(connections.close_all)()

    return sites.run(call)


def test_a_feed_is_well(sites: Sites) -> None:
    sites.put(HOME + "feed.xml", feed(*LINKS), XML)
    assert checkup(sites, HOME + "feed.xml").detail == "rss feed with 8 entries."


def test_a_watched_page_is_read_by_its_pattern(sites: Sites) -> None:
    sites.put(HOME, front(*LINKS))
    well = checkup(sites, HOME, "/news/#")
    assert (well.well, well.detail, well.entries) == (True, "Watched page with 8 entries.", 8)
    ill = checkup(sites, HOME, "/video/#")
    assert (ill.well, ill.detail) == (False, "No link of the page is like /video/#.")
    assert not checkup(sites, HOME).well


def test_robots_are_asked_before_a_watched_page(sites: Sites) -> None:
    sites.put(HOME, front(*LINKS))
    sites.put(HOME + "robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    assert "robots.txt" in checkup(sites, HOME, "/news/#").detail
    assert not sites.asked(HOME)


def test_a_known_source_is_asked_only_for_what_has_changed(sites: Sites) -> None:
    url = f"http://{HOME}feed.xml"
    sites.put(HOME + "feed.xml", feed(*LINKS), XML)
    wanted = new_source("harbour", url=url, key=url, host="harbour.example")
    sources.add([wanted], due={url: sites.moment})
    later = sites.moment + timedelta(days=1)
    tag = hashlib.blake2b(feed(*LINKS).encode(), digest_size=6).hexdigest()
    Poll.objects.update(etag=f'"{tag}"', next_at=later, why={"code": "rhythm", "seconds": 60.0})
    first = checkup(sites, HOME + "feed.xml")
    assert (first.well, first.detail) == (True, "Unchanged since the last fetch; all is well.")
    again = checkup(sites, HOME + "feed.xml")
    assert (again.well, again.detail) == (True, "It was fetched less than five minutes ago: all was well.")
    assert len(sites.asked(HOME + "feed.xml")) == 1
    assert sources.refresh(None, sites.moment, not_since=sites.moment - sources.BY_HAND) == 0

    Poll.objects.update(fetched_at=None, why={"code": "retry-after", "seconds": 86400.0})
    assert "asked to be left alone until" in checkup(sites, HOME + "feed.xml").detail
    Poll.objects.update(why={"code": "rhythm", "seconds": 60.0})
    Host.objects.update(quiet_until=later, quiet_why="The site does not answer.")
    silent = checkup(sites, HOME + "feed.xml").detail
    assert silent == "The site does not answer. It is asked again after 2026-11-23 12:00 UTC."
    assert len(sites.asked(HOME + "feed.xml")) == 1
    assert sources.refresh(None, sites.moment, not_since=sites.moment - sources.BY_HAND) == 0
    assert not Fetch.objects.exists()


def throttle(sites: Sites, *headers: str) -> None:
    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(429, b"", *headers))
        await writer.drain()

    sites.server.extra = {"feed.xml": behave}


def test_what_a_throttled_check_hears_is_kept(sites: Sites) -> None:
    url = f"http://{HOME}feed.xml"
    sources.add([new_source("harbour", url=url, key=url, host="harbour.example")], due={url: sites.moment})
    throttle(sites, "Retry-After: 172800")
    assert checkup(sites, HOME + "feed.xml").detail == (
        "The publisher says that it is asked too often (HTTP 429)."
    )
    poll = Poll.objects.get()
    assert poll.next_at == sites.moment + timedelta(days=2)
    assert poll.why == {"code": "retry-after", "seconds": 172800.0}
    sites.moment += timedelta(hours=1)
    assert "asked to be left alone until 2026-11-24 12:00" in checkup(sites, HOME + "feed.xml").detail
    assert sources.refresh(None, sites.moment, not_since=sites.moment) == 0

    far = sites.moment + timedelta(days=5)  # nothing brings it nearer
    Poll.objects.update(next_at=far, fetched_at=None, why={"code": "rhythm", "seconds": 60.0})
    throttle(sites)
    checkup(sites, HOME + "feed.xml")
    poll.refresh_from_db()
    assert (poll.next_at, (poll.why or {})["code"]) == (far, "throttled")


def test_the_next_request_keeps_its_distance_to_a_check(sites: Sites) -> None:
    url = f"http://{HOME}feed.xml"
    sources.add([new_source("harbour", url=url, key=url, host="harbour.example")], due={url: sites.moment})
    sites.put(HOME + "feed.xml", feed(*LINKS), XML)
    checkup(sites, HOME + "feed.xml")
    assert Host.objects.get().started_at == sites.moment


def test_a_watched_page_is_asked_by_who_reads_pages(sites: Sites) -> None:
    sites.put(HOME, front(*LINKS))
    url = f"http://{HOME}"
    checkup(sites, HOME, "/news/#")
    sources.add([new_source("harbour", url=url, key=url, host="harbour.example")], due={url: sites.moment})
    checkup(sites, HOME, "/news/#")
    agents = {request.header("User-Agent") for request in sites.asked(HOME)}
    assert len(sites.asked(HOME)) == 2
    assert agents == {b"Daily8-fetch/test"}
