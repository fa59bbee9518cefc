"""Somebody asks whether sources are well: fetch them now, say what is found, keep what its publisher asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asgiref.sync import sync_to_async

from daily8.desk import documents
from daily8.net.cage import Caged
from daily8.net.egress import FEED_ACCEPT, PAGE_ACCEPT, FetchFailed, Response
from daily8.net.outside import Outside
from daily8.news.excerpts import sentence
from daily8.news.feeds import NotAFeed
from daily8.news.schedule import Outcome, next_poll
from daily8.news.statuses import explain_status
from daily8.store import sources
from daily8.store.sources import Held


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


def _not_now(known: Held, now: datetime) -> str:
    """Say why a source is not to be asked now; empty where it may be."""
    if known.silent_until and known.silent_until > now:
        until = f"{known.silent_until:%Y-%m-%d %H:%M} UTC."
        if known.silent_why:
            return f"{known.silent_why} It is asked again after {until}"
        return f"Its publisher asked to be left alone until {until}"
    if known.fetched_at and known.fetched_at <= now < known.fetched_at + sources.BY_HAND:
        return f"It was fetched less than five minutes ago: {known.cause or 'all was well.'}"
    return ""


async def _ask(world: Outside, url: str, known: Held | None, *, page: bool) -> Response:
    accept, agent = (PAGE_ACCEPT, world.door.agent_for_pages) if page else (FEED_ACCEPT, None)
    if known is None:
        return await world.door.fetch(url, accept=accept, user_agent=agent, inside=True)
    await sync_to_async(sources.looked_at)(known.id, world.now())
    return await world.door.fetch(
        url,
        etag=known.validators.etag,
        last_modified=known.validators.last_modified,
        accept=accept,
        user_agent=agent or world.door.agent_for_feed(known.id.hex[-8:], 1),
        inside=True,
    )


async def _heed(world: Outside, known: Held, answer: Response) -> None:
    """Leave a source alone for as long as its publisher asks, as a poll would."""
    outcome = Outcome(answer.status, answer.headers, readable=False)
    poll = next_poll(now=world.now(), outcome=outcome, manners=world.manners, chance=world.chance())
    await sync_to_async(sources.put_off)(known.id, poll.at, poll.why)


async def check(world: Outside, url: str, links: str = "") -> Checkup:
    """Fetch a source and say how it is.

    ``links`` is the form of the addresses of its articles, where a page is watched. Of a source that is known
    only what has changed is asked for, not within minutes of the last time, and not while its publisher
    wants to be left alone.
    """
    known = await sync_to_async(sources.held)(url)
    if known and (told := _not_now(known, world.now())):
        return Checkup(url, not known.cause, told)
    if links and not await world.robots.allowed(url, inside=True):
        return Checkup(url, False, "The publisher's robots.txt does not let programs read this page now.")
    try:
        answer = await _ask(world, url, known, page=bool(links))
    except FetchFailed as error:
        return Checkup(url, False, str(error))
    moved = answer.url if answer.hops else ""
    if answer.status == 304 and known and known.validators:
        return Checkup(url, True, "Unchanged since the last fetch; all is well.", moved_to=moved)
    if known and answer.status in (429, 503):
        await _heed(world, known, answer)
    if answer.status != 200:
        return Checkup(url, False, explain_status(answer.status), moved_to=moved)
    try:
        feed = await world.cage.acall(
            documents.read, answer.body, answer.url, answer.headers.get("content-type"), links
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
