"""Read a document of a source, by the way its news comes: a feed, a sitemap and its parts, a watched page,
a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from daily8.net.egress import FEED_ACCEPT, PAGE_ACCEPT, Response
from daily8.net.outside import Outside
from daily8.news.feeds import NotAFeed
from daily8.news.identity import Decision
from daily8.news.parts import Part, choose_parts, news_rows
from daily8.pipeline import documents
from daily8.pipeline.documents import ReadFeed
from daily8.store.hosts import DuePoll

ROBOTS_SAY_NO = "The publisher's robots.txt asks programs not to read this page, so it is not watched."
ROBOTS_UNKNOWN = "The publisher's robots.txt could not be read, so the page waits."
NESTED = "This part of a sitemap index is an index itself, and is not followed."
NO_PARTS = "No part of this sitemap index lies on its own site and holds news."


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document of a source gave."""

    read: ReadFeed
    times: tuple[datetime, ...] = ()
    """When its news was published: its rhythm."""
    parts: tuple[Part, ...] | None = None
    """Of a sitemap index: what of it is followed."""
    seen: Mapping[str, Any] = field(default_factory=dict)
    """Of a watched page: what the next reading and its editors want to know of this one."""


def accepts(due: DuePoll) -> str:
    """Give what is asked for: a page or a feed."""
    return PAGE_ACCEPT if due.way == "page" else FEED_ACCEPT


def agent(world: Outside, due: DuePoll) -> str:
    """Say who asks: one who reads pages, or one who fetches a feed for those who subscribed to it."""
    if due.way == "page":
        return world.door.agent_for_pages
    # The last digits: the first ones of sources that were added together are the same.
    return world.door.agent_for_feed(due.source.hex[-8:], 1)


async def refused(world: Outside, due: DuePoll, *, inside: bool = False) -> tuple[str, bool] | None:
    """Say why a source may not be asked now, and whether that may pass; ``None`` where it may.

    A feed is fetched for those who subscribed to it; a page that is watched is crawled, so robots.txt counts.
    """
    if due.way != "page":
        return None
    verdict = await world.robots.verdict(due.url, inside=inside)
    if verdict == "allowed":
        return None
    return (ROBOTS_UNKNOWN, True) if verdict == "unknown" else (ROBOTS_SAY_NO, False)


async def read(world: Outside, due: DuePoll, answer: Response) -> Reading:
    """Read a document in the cage.

    :raises NotAFeed: for one that is not what the source is.
    :raises daily8.net.cage.Caged: for one that cannot be read within the limits.
    """
    if due.way == "page":
        return await _page(world, due, answer)
    if due.way == "mail":
        return Reading(await world.cage.acall(documents.read_mail, answer.body))
    found = await world.cage.acall(
        documents.read_feed, answer.body, answer.url, answer.headers.get("content-type")
    )
    feed = found.feed
    if feed.kind == "sitemap-index":
        return _index(world, due, found)
    if feed.kind == "sitemap":
        found = replace(found, feed=replace(feed, entries=news_rows(feed, world.now())))
    return Reading(found, _times(found))


async def _page(world: Outside, due: DuePoll, answer: Response) -> Reading:
    # Where a redirect led, another robots.txt may say no.
    if answer.hops and await world.robots.verdict(answer.url) != "allowed":
        raise NotAFeed(ROBOTS_SAY_NO)
    content_type = answer.headers.get("content-type")
    found, seen = await world.cage.acall(
        documents.read_list, answer.body, answer.url, content_type, dict(due.pattern)
    )
    return Reading(
        found, tuple(entry.published for entry in found.feed.entries if entry.published), seen=seen
    )


def _times(found: ReadFeed) -> tuple[datetime, ...]:
    return tuple(entry.published for entry in found.feed.entries if entry.published)


def _index(world: Outside, due: DuePoll, found: ReadFeed) -> Reading:
    if due.part:
        raise NotAFeed(NESTED)
    feed = found.feed
    parts = choose_parts(replace(feed, url=due.url), world.domain)
    if not parts:
        raise NotAFeed(NO_PARTS)
    times = tuple(entry.updated for entry in feed.entries if entry.updated)
    return Reading(replace(found, feed=replace(feed, entries=()), excerpts={}), times, parts)


def decided(due: DuePoll, decision: Decision) -> Decision:
    """Say what of a decision counts: how a list page words its items today changes none of them, and a mail
    is the whole of its article: what stands on the web is not read for it.
    """
    if due.way == "mail":
        whole, anew = (
            tuple(replace(arrival, has_page=False) for arrival in arrivals)
            for arrivals in (decision.new, decision.changed)
        )
        return replace(decision, new=whole, changed=anew)
    if due.way != "page":
        return decision
    same = tuple(arrival.key for arrival in decision.changed)
    return replace(decision, changed=(), seen=(*decision.seen, *same))
