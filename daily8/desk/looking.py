"""Somebody asks what is at an address: a feed, a page that announces one, or a page that is a list itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from daily8.net.cage import Caged
from daily8.net.egress import FEED_ACCEPT, FetchFailed, Response
from daily8.net.outside import Outside
from daily8.news.charset import decode
from daily8.news.discovery import asks_for_consent, channel_feed, documented_feed, feed_links
from daily8.news.excerpts import sentence
from daily8.news.extract import extract
from daily8.news.feeds import NotAFeed, parse_feed
from daily8.news.listing import CONFIDENT, BadPattern, Pattern, checked, find_pattern, read_listing
from daily8.news.parts import best_sitemaps, choose_parts, news_rows
from daily8.news.statuses import explain_status
from daily8.news.types import Feed, FeedLink
from daily8.news.urls import absolute

_TRIED = 3
"""Feeds of a page that are tried, best first."""
_SITEMAPS_TRIED = 2


class NoFeed(Exception):
    """There is no feed at an address; the text says what is there and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed, or a page that can be watched like one, and how it was found."""

    url: str
    feed: Feed
    answer: Response
    """The document, so that it need not be fetched again."""
    page: str = ""
    """The page that announced it; empty where the address itself was the feed's."""
    pattern: Pattern | None = None
    """Of a page without a feed: which of its links are articles."""
    note: str = ""
    """What was found instead of a feed, in one plain sentence; empty for a feed."""


@dataclass(slots=True)
class _Asked:
    """The requests of one look: one host is asked with the spacing of the manners, one address once."""

    world: Outside
    place: tuple[str, int] | None = None
    """The private place that is looked at, if it is one: what is found there leads to no other."""
    last: dict[str, datetime] = field(default_factory=dict)
    answers: dict[str, Response] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)
    """Sites whose robots.txt was asked for."""

    async def bring(self, url: str) -> Response:
        """Fetch an address, once."""
        if url in self.answers:
            return self.answers[url]
        await self.turn(url)
        try:
            answer = await self.world.door.fetch(
                url, accept=f"{FEED_ACCEPT}, text/html;q=0.5", inside=self._inside(url)
            )
        except FetchFailed as error:
            raise NoFeed(f"{url}: {error}") from error
        if answer.status != 200:
            raise NoFeed(f"{url}: {explain_status(answer.status)}")
        self.answers[url] = answer
        return answer

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """Give the sitemaps that the robots.txt of a site names."""
        await self._once_a_site(url)
        return await self.world.robots.sitemaps(url, inside=self._inside(url))

    async def may_watch(self, url: str) -> bool:
        """Tell whether robots.txt lets programs read a page."""
        await self._once_a_site(url)
        return await self.world.robots.allowed(url, inside=self._inside(url))

    def _inside(self, url: str) -> bool:
        return self.place is not None and self.world.door.private(url) == self.place

    async def _once_a_site(self, url: str) -> None:
        parts = urlsplit(url)
        if (site := f"{parts.scheme}://{parts.netloc}") not in self.heard:
            self.heard.add(site)
            await self.turn(url)

    async def turn(self, url: str) -> None:
        """Wait until the host of an address may be asked again."""
        host, spacing = self.world.domain(url), self.world.manners.spacing
        if host in self.last:
            waited = (self.world.now() - self.last[host]).total_seconds()
            # A clock that was set back must not make anybody wait for long.
            await asyncio.sleep(max(0.0, min(spacing - waited, spacing)))
        self.last[host] = self.world.now()


async def look(world: Outside, address: str, *, page: bool = False, links: str = "") -> Found:
    """Find the feed at an address, or on the page there; else watch the page, if it is a list of articles.

    With ``page`` the page itself is wanted, whatever it announces; ``links`` is the form of the addresses
    of its articles, found by itself where it is not given.

    :raises NoFeed: when there is neither; the text says what is there instead.
    """
    url = absolute(address if "://" in address else f"https://{address}")
    if url is None:
        raise NoFeed(f"{address!r} is not an address of the web; write it as https://...")
    asked = _Asked(world, world.door.private(url))
    if page or links:
        return await _watch(asked, await asked.bring(url), url, links)
    url = documented_feed(url) or url
    answer = await asked.bring(url)
    if asks_for_consent(answer.url):
        raise NoFeed(
            f"{url} asks every visitor for consent to cookies before it shows its page, which a program "
            "cannot give; name the address of the feed or of the channel (https://www.youtube.com/channel/UC...)."
        )
    try:
        return Found(_lasting(url, answer), await _parse(world, answer), answer)
    except NotAFeed as error:
        cause = sentence(str(error))
    announced = await _announced(world, answer)
    async for found in _tried(asked, announced[:_TRIED], answer.url):
        return found
    if "web page" not in cause:
        raise NoFeed(f"{url}: {cause}")
    return await _without_a_feed(asked, answer, url, announced=bool(announced))


async def _without_a_feed(asked: _Asked, answer: Response, url: str, *, announced: bool) -> Found:
    """Take the sitemap of a site or the list on a page: for a front page the one before the other."""
    front = urlsplit(answer.url).path in ("", "/")
    sitemap = await _sitemap(asked, answer) if front else None
    if sitemap:
        return sitemap
    try:
        return await _watch(asked, answer, url, "", sure=True)
    except NoFeed as error:
        sitemap = None if front else await _sitemap(asked, answer)
        if sitemap:
            return sitemap
        if announced:
            raise NoFeed(f"{url} is a web page; none of the feeds that it announces can be read.") from error
        raise


def _lasting(url: str, answer: Response) -> str:
    """Give the address to keep: redirects are followed for good only where all of them are permanent."""
    return answer.url if answer.hops and all(status in (301, 308) for status, _ in answer.hops) else url


async def _tried(asked: _Asked, links: Iterable[str], page: str) -> AsyncIterator[Found]:
    """Give the feeds at addresses, one after the other, as far as they can be read."""
    for link in links:
        try:
            answer = await asked.bring(link)
            yield Found(_lasting(link, answer), await _parse(asked.world, answer), answer, page)
        except (NotAFeed, NoFeed):
            continue


async def _sitemap(asked: _Asked, answer: Response) -> Found | None:
    """Find the sitemap of news that the robots.txt of a site names."""
    world = asked.world
    named = best_sitemaps(await asked.sitemaps(answer.url))
    async for found in _tried(asked, named[:_SITEMAPS_TRIED], answer.url):
        feed = found.feed
        if feed.kind == "sitemap-index" and choose_parts(replace(feed, url=found.url), world.domain):
            return replace(found, note="There is no feed, so the site's index of sitemaps is followed.")
        if feed.kind == "sitemap" and news_rows(feed, world.now()):
            return replace(found, note="There is no feed, so the site's sitemap of news is followed.")
    return None


async def _watch(asked: _Asked, answer: Response, url: str, links: str, *, sure: bool = False) -> Found:
    """Watch a page as a list of articles; with ``sure`` only if no person need look at what was found."""
    world = asked.world
    try:
        given = checked(links) if links else None
    except BadPattern as error:
        raise NoFeed(str(error)) from error
    try:
        listed = await world.cage.acall(
            _listed, answer.body, answer.url, answer.headers.get("content-type"), given, sure=sure
        )
    except Caged as error:
        raise NoFeed(f"{answer.url}: it was set aside because {error.reason}.") from error
    if listed is None or not listed[1].entries:
        raise NoFeed(
            f"{url} is a web page that announces no feed, and no list of articles was found on it."
            if not links
            else f"No link on {url} is like {links}."
        )
    if not await asked.may_watch(answer.url):
        raise NoFeed(f"{url} has no feed, and its robots.txt asks programs not to read the page itself.")
    pattern, feed = listed
    count = len(feed.entries)
    links_found = f"{count} {'link' if count == 1 else 'links'} like {pattern.links}"
    note = f"No feed; the page itself is watched: {links_found}."
    return Found(_lasting(url, answer), feed, answer, pattern=pattern, note=note)


def _listed(
    body: bytes, url: str, content_type: str | None, given: Pattern | None, *, sure: bool
) -> tuple[Pattern, Feed] | None:
    html = decode(body, content_type)
    pattern = given or find_pattern(html, url)
    if pattern is None:
        return None
    if sure and (pattern.score < CONFIDENT or extract(html, url).quality.verdict == "article"):
        return None
    return pattern, read_listing(html, url, pattern)


async def _parse(world: Outside, answer: Response) -> Feed:
    try:
        return await world.cage.acall(parse_feed, answer.body, answer.url, answer.headers.get("content-type"))
    except Caged as error:
        raise NoFeed(f"{answer.url}: it was set aside because {error.reason}.") from error


async def _announced(world: Outside, answer: Response) -> tuple[str, ...]:
    content_type, header = answer.headers.get("content-type"), answer.headers.get("link", "")
    try:
        links, channel = await world.cage.acall(_links, answer.body, answer.url, content_type, header)
    except Caged:
        return ()
    return tuple(dict.fromkeys((*([channel] if channel else ()), *(link.url for link in links))))


def _links(
    body: bytes, url: str, content_type: str | None, header: str
) -> tuple[tuple[FeedLink, ...], str | None]:
    html = decode(body, content_type)
    return feed_links(html, url, header), channel_feed(html, url)
