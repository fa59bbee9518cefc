"""Ask a source what is new: fetch, parse in the cage, decide, record."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from daily8.net.cage import Caged
from daily8.net.egress import FetchFailed, Response
from daily8.net.outside import Outside
from daily8.news import identity, schedule
from daily8.news.excerpts import sentence
from daily8.news.feeds import NotAFeed
from daily8.news.identity import Arrival
from daily8.news.language import primary
from daily8.news.schedule import Outcome
from daily8.news.statuses import explain_status
from daily8.news.types import Image
from daily8.pipeline import hubs, reading
from daily8.pipeline.documents import ReadFeed
from daily8.pipeline.reading import Reading
from daily8.pipeline.threads import StoreThreads
from daily8.store import polls, sources
from daily8.store.arrivals import Draft
from daily8.store.hosts import DueDelivery, DuePoll, Fenced, HostClaim
from daily8.store.polls import FeedFacts, PollResult, Unchanged

FEED_LIMIT = 5_000_000
"""Decoded bytes."""
READ_ANEW = timedelta(hours=6)
"""The least time between two readings of one page, however often its feed says that it changed."""


async def poll(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DuePoll, *, lease: timedelta
) -> None:
    """Fetch a source and record how it went.

    :raises daily8.store.hosts.Fenced: when another worker took the host over.
    """
    if refusal := await reading.refused(world, due):
        await fail(world, store, claim, due, refusal[0], passing=refusal[1], lease=lease)
        return
    try:
        answer = await world.door.fetch(
            due.url,
            etag=due.etag,
            last_modified=due.last_modified,
            accept=reading.accepts(due),
            limit=FEED_LIMIT,
            deadline=world.manners.deadline,
        )
    except FetchFailed as error:
        await fail(world, store, claim, due, str(error), passing=error.passing, lease=lease)
        return
    if answer.status == 304 and (due.etag or due.last_modified):
        await _unchanged(world, store, claim, due, answer, lease)
    elif answer.status == 200:
        await take(world, store, claim, due, answer, lease=lease)
    else:
        cause = explain_status(answer.status)
        await fail(world, store, claim, due, cause, answer=answer, lease=lease)


async def fail(
    world: Outside,
    store: StoreThreads,
    claim: HostClaim,
    due: DuePoll,
    cause: str,
    *,
    answer: Response | None = None,
    passing: bool = True,
    lease: timedelta,
    delivery: DueDelivery | None = None,
    via: str = "",
) -> None:
    """Record a fetch that brought no feed because of ``cause``. Validators stay as they were."""
    now = world.now()
    outcome = Outcome(
        status=answer.status if answer else None,
        headers=answer.headers if answer else {},
        passing=passing,
        readable=False,
    )
    result = _result(world, due, outcome, answer, now, cause=cause, via=via)
    await store(polls.record, claim, due, result, now=now, lease=lease, delivery=delivery)


async def _unchanged(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DuePoll, answer: Response, lease: timedelta
) -> None:
    now = world.now()
    outcome = Outcome(304, answer.headers)
    result = _result(
        world,
        due,
        outcome,
        answer,
        now,
        # A 304 may renew the validators (RFC 9111 section 4.3.4).
        etag=answer.headers.get("etag") or due.etag,
        last_modified=answer.headers.get("last-modified") or due.last_modified,
    )
    if not await store.together(polls.unchanged, Unchanged(claim, due, result, now, lease)):
        raise Fenced(f"{claim.name} was taken over by another worker")


async def take(
    world: Outside,
    store: StoreThreads,
    claim: HostClaim,
    due: DuePoll,
    answer: Response,
    *,
    lease: timedelta,
    delivery: DueDelivery | None = None,
    via: str = "",
) -> None:
    """Read a document of a source and record what it brought.

    ``delivery`` and ``via`` are of a document that came by itself: one that was looked at counts as a poll,
    the others leave the schedule and the validators as they are.
    """
    refused = partial(fail, world, store, claim, due, answer=answer, lease=lease, delivery=delivery, via=via)
    try:
        found = await reading.read(world, due, answer)
    except NotAFeed as error:
        await refused(sentence(str(error)))
    except Caged as error:
        await refused(f"The feed was set aside because {error.reason}.")
    else:
        await _arrive(world, store, claim, due, answer, found, lease=lease, delivery=delivery, via=via)


async def _arrive(
    world: Outside,
    store: StoreThreads,
    claim: HostClaim,
    due: DuePoll,
    answer: Response,
    found: Reading,
    *,
    lease: timedelta,
    delivery: DueDelivery | None,
    via: str,
) -> None:
    read, feed, now = found.read, found.read.feed, world.now()
    known = await store(sources.known, due.source, identity.keys(feed.entries, feed.home))
    decision = reading.decided(due, identity.decide(str(due.source), feed.entries, known, feed.home))
    outcome = Outcome(
        200,
        answer.headers,
        ttl=feed.ttl,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
        new=len(decision.new),
        rhythm=schedule.rhythm(found.times, now),
    )
    pushes = hubs.wanted(world, due, answer, feed)
    facts = FeedFacts(
        feed.title or "", feed.home or "", read.language, feed.kind, pushes, found.parts, found.seen
    )
    result = _result(
        world,
        due,
        outcome,
        answer,
        now,
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        facts=facts,
        via=via,
    )
    new, changed = (
        [_draft(world, due, read, arrival) for arrival in arrivals]
        for arrivals in (decision.new, decision.changed)
    )
    await store(
        polls.record,
        claim,
        due,
        result,
        new=new,
        changed=changed,
        seen=decision.seen,
        now=now,
        lease=lease,
        patience=READ_ANEW / world.manners.speed,
        delivery=delivery,
    )


def _result(
    world: Outside,
    due: DuePoll,
    outcome: Outcome,
    answer: Response | None,
    now: datetime,
    *,
    cause: str = "",
    etag: str | None = None,
    last_modified: str | None = None,
    facts: FeedFacts | None = None,
    via: str = "",
) -> PollResult:
    by_itself = via not in ("", "looked")
    decided = schedule.next_poll(
        now=now, outcome=outcome, manners=world.manners, chance=world.chance(), previous=due.state
    )
    return PollResult(
        poll=None if by_itself else decided,
        status=outcome.status,
        seconds=answer.seconds if answer else 0.0,
        size=len(answer.body) if answer else 0,
        cause=cause,
        etag=due.etag if cause else etag,
        last_modified=due.last_modified if cause else last_modified,
        facts=facts,
        via=via,
        conditional=not via and bool(due.etag or due.last_modified),
    )


def _draft(world: Outside, due: DuePoll, read: ReadFeed, arrival: Arrival) -> Draft:
    entry = arrival.entry
    image = entry.image
    return Draft(
        key=arrival.key,
        digest=arrival.digest,
        article=arrival.article,
        url=entry.url or "",
        domain=world.domain(entry.url) if entry.url else "",
        has_page=arrival.has_page and due.rights != "link",
        title=entry.title or "",
        dek="",
        authors=entry.authors,
        kind=_kind(arrival),
        language=primary(entry.language) or read.language or due.language,
        tags=entry.categories,
        image=Image(image) if image else None,
        enclosures=entry.enclosures,
        summary=entry.summary or "",
        content=entry.content or "",
        excerpt=read.excerpts.get(arrival.key, ""),
        published_at=entry.published or entry.updated,
        updated_at=entry.updated if entry.updated != entry.published else None,
    )


def _kind(arrival: Arrival) -> str:
    if arrival.entry.kind in {"text", "video", "podcast", "gallery", "live"}:
        return str(arrival.entry.kind)
    types = {(enclosure.type or "").partition("/")[0] for enclosure in arrival.entry.enclosures}
    return "podcast" if "audio" in types else "video" if "video" in types else "text"
