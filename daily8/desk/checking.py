"""Somebody asks whether sources are well: fetch them now, say what is found, change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daily8.net.cage import Caged
from daily8.net.egress import FEED_ACCEPT, PAGE_ACCEPT, FetchFailed
from daily8.net.outside import Outside
from daily8.news.charset import decode
from daily8.news.excerpts import sentence
from daily8.news.feeds import NotAFeed, parse_feed
from daily8.news.listing import checked, read_listing
from daily8.news.statuses import explain_status
from daily8.news.types import Feed


@dataclass(frozen=True, slots=True)
class Checkup:
    """How a source is."""

    url: str
    well: bool
    detail: str
    """One plain sentence."""
    entries: int = 0
    newest: datetime | None = None
    moved_to: str = ""


async def check(world: Outside, url: str, links: str = "") -> Checkup:
    """Fetch a source as a first reader would, and say how it is.

    ``links`` is the form of the addresses of its articles, where a page is watched.
    """
    if links and not await world.robots.allowed(url):
        return Checkup(url, False, "The publisher's robots.txt does not let programs read this page now.")
    try:
        answer = await world.door.fetch(url, accept=PAGE_ACCEPT if links else FEED_ACCEPT)
    except FetchFailed as error:
        return Checkup(url, False, str(error))
    moved = answer.url if answer.hops else ""
    if answer.status != 200:
        return Checkup(url, False, explain_status(answer.status), moved_to=moved)
    try:
        feed = await world.cage.acall(
            _read, answer.body, answer.url, answer.headers.get("content-type"), links
        )
    except NotAFeed as error:
        return Checkup(url, False, sentence(str(error)), moved_to=moved)
    except Caged as error:
        return Checkup(url, False, f"It was set aside because {error.reason}.", moved_to=moved)
    newest = max((entry.published for entry in feed.entries if entry.published), default=None)
    count = len(feed.entries)
    if links and not count:
        return Checkup(url, False, f"No link of the page is like {links}.", moved_to=moved)
    what = "Watched page" if links else f"{feed.kind} feed"
    detail = f"{what} with {count} {'entry' if count == 1 else 'entries'}."
    return Checkup(url, True, detail, count, newest, moved)


def _read(body: bytes, url: str, content_type: str | None, links: str) -> Feed:
    if links:
        return read_listing(decode(body, content_type), url, checked(links))
    return parse_feed(body, url, content_type)
