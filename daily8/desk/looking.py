"""Somebody asks what is at an address: a feed, or a page that announces one."""

from __future__ import annotations

from dataclasses import dataclass

from daily8.net.cage import Caged
from daily8.net.egress import FEED_ACCEPT, FetchFailed, Response
from daily8.net.outside import Outside
from daily8.news.charset import decode
from daily8.news.discovery import feed_links
from daily8.news.excerpts import sentence
from daily8.news.feeds import NotAFeed, parse_feed
from daily8.news.statuses import explain_status
from daily8.news.types import Feed, FeedLink
from daily8.news.urls import absolute

_TRIED = 3
"""Feeds of a page that are tried, best first."""


class NoFeed(Exception):
    """There is no feed at an address; the text says what is there and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed, and how it was found."""

    url: str
    feed: Feed
    page: str = ""
    """The page that announced it; empty where the address itself was the feed's."""


async def look(world: Outside, address: str) -> Found:
    """Find the feed at an address, or on the page there.

    :raises NoFeed: when there is none.
    """
    url = absolute(address if "://" in address else f"https://{address}")
    if url is None:
        raise NoFeed(f"{address!r} is not an address of the web; write it as https://...")
    answer = await _fetch(world, url)
    try:
        return Found(_lasting(url, answer), await _parse(world, answer))
    except NotAFeed as error:
        links = await _links(world, answer)
        if not links:
            raise NoFeed(f"{url}: {sentence(str(error))}") from error
    for link in links[:_TRIED]:
        try:
            found = await _fetch(world, link.url)
            return Found(_lasting(link.url, found), await _parse(world, found), answer.url)
        except (NotAFeed, NoFeed):
            continue
    raise NoFeed(f"{url} is a web page; none of the feeds that it announces can be read.")


def _lasting(url: str, answer: Response) -> str:
    """Give the address to keep: redirects are followed for good only where all of them are permanent."""
    return answer.url if answer.hops and all(status in (301, 308) for status, _ in answer.hops) else url


async def _fetch(world: Outside, url: str) -> Response:
    try:
        answer = await world.door.fetch(url, accept=f"{FEED_ACCEPT}, text/html;q=0.5")
    except FetchFailed as error:
        raise NoFeed(f"{url}: {error}") from error
    if answer.status != 200:
        raise NoFeed(f"{url}: {explain_status(answer.status)}")
    return answer


async def _parse(world: Outside, answer: Response) -> Feed:
    try:
        return await world.cage.acall(parse_feed, answer.body, answer.url, answer.headers.get("content-type"))
    except Caged as error:
        raise NoFeed(f"{answer.url}: it was set aside because {error.reason}.") from error


async def _links(world: Outside, answer: Response) -> tuple[FeedLink, ...]:
    try:
        return await world.cage.acall(_announced, answer.body, answer.url, answer.headers.get("content-type"))
    except Caged:
        return ()


def _announced(body: bytes, url: str, content_type: str | None) -> tuple[FeedLink, ...]:
    return feed_links(decode(body, content_type), url)
