"""Stage *extract*: read the page of an article and record its text."""

from __future__ import annotations

from datetime import timedelta

from daily8.net.cage import Caged
from daily8.net.egress import PAGE_ACCEPT, FetchFailed, Response
from daily8.net.outside import Outside
from daily8.news.statuses import explain_status
from daily8.news.types import Extracted, Image
from daily8.pipeline import documents
from daily8.pipeline.threads import StoreThreads
from daily8.store import arrivals, articles
from daily8.store.arrivals import PageResult
from daily8.store.hosts import DuePage, DuePicture, HostClaim

PAGE_LIMIT = 5_000_000
"""Decoded bytes."""
TRIES = 6
PICTURES_MOST = 30
"""Pictures of one article that are kept in mind."""
_PASSING = frozenset({408, 425, 429})


async def read(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DuePage, *, lease: timedelta
) -> None:
    """Read a page that its publisher lets programs read, and record what it gave.

    :raises daily8.store.hosts.Fenced: when another worker took the host over.
    """
    verdict = await world.robots.verdict(due.url)
    if verdict == "unknown":
        cause = "The publisher's robots.txt could not be read, so the page waits."
        await postpone(world, store, claim, due, cause, lease=lease)
        return
    if verdict == "disallowed":
        cause = (
            "The publisher's robots.txt asks programs not to read this page, so the feed's own text is shown."
        )
        await store(arrivals.set_aside, claim, due, cause, now=world.now(), lease=lease)
        return
    try:
        answer = await world.door.fetch(
            due.url, accept=PAGE_ACCEPT, limit=PAGE_LIMIT, deadline=world.manners.deadline
        )
    except FetchFailed as error:
        await postpone(world, store, claim, due, str(error), passing=error.passing, lease=lease)
        return
    if answer.status != 200:
        passing = answer.status >= 500 or answer.status in _PASSING
        cause = explain_status(answer.status)
        await postpone(world, store, claim, due, cause, passing=passing, lease=lease)
        return
    await _record(world, store, claim, due, answer, lease)


async def _record(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DuePage, answer: Response, lease: timedelta
) -> None:
    entry = await store(articles.evidence, due.article)
    try:
        page = await world.cage.acall(
            documents.read_page, answer.body, answer.url, answer.headers.get("content-type"), entry
        )
    except Caged as error:
        cause = f"The page was set aside because {error.reason}."
        await store(arrivals.set_aside, claim, due, cause, now=world.now(), lease=lease)
        return
    result = PageResult(
        extracted=page.extracted,
        excerpt=page.excerpt,
        recipe=documents.RECIPE,
        pictures={url: world.domain(url) for url in _pictures(page.extracted)},
    )
    await store(arrivals.record_page, claim, due, result, now=world.now(), lease=lease)


def _pictures(extracted: Extracted) -> list[str]:
    lead = [extracted.image.url] if extracted.image else []
    inside = [block.url for block in extracted.blocks if isinstance(block, Image)]
    return list(dict.fromkeys(lead + inside))[:PICTURES_MOST]


async def postpone(
    world: Outside,
    store: StoreThreads,
    claim: HostClaim,
    due: DuePage | DuePicture,
    cause: str,
    *,
    passing: bool = True,
    lease: timedelta,
) -> None:
    """Try a page or a picture again later; set it aside when that cannot help, or was tried often enough."""
    now = world.now()
    if not passing or due.tries + 1 >= TRIES:
        await store(arrivals.set_aside, claim, due, cause, now=now, lease=lease)
        return
    wait = world.manners.trouble * 2.0**due.tries * (1 + world.chance() / 2)
    until = now + timedelta(seconds=min(wait, world.manners.ceiling))
    await store(arrivals.put_off, claim, due, cause, until=until, now=now, lease=lease)
