"""Ask a source what is new: fetch, parse in the cage, decide, record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from daily8.net.agents import token
from daily8.net.cage import Caged
from daily8.net.egress import FetchFailed, Response
from daily8.net.outside import Outside
from daily8.news import identity
from daily8.news.excerpts import sentence
from daily8.news.feeds import NotAFeed
from daily8.news.feeds.media import kind_of
from daily8.news.freshness import retry_after
from daily8.news.hints import rhythm
from daily8.news.identity import Arrival, Decision
from daily8.news.language import primary
from daily8.news.moves import lasting
from daily8.news.reasons import DAY, Reason, explain
from daily8.news.schedule import Outcome, crowded
from daily8.news.source_life import Fetched, Validators, step, to_send
from daily8.news.statuses import explain_status
from daily8.news.types import Image, Wish
from daily8.news.urls import ADDRESS_MOST, canonical
from daily8.news.wishes import in_feed_answer
from daily8.pipeline import hubs, pages, reading
from daily8.pipeline.documents import ReadFeed
from daily8.pipeline.inside import at_home
from daily8.pipeline.reading import Reading
from daily8.pipeline.silence import Quiet, heard
from daily8.pipeline.threads import StoreThreads
from daily8.store import hosts, polls, sources, subscriptions
from daily8.store.arrivals import Draft
from daily8.store.hosts import DueDelivery, DuePoll, Fenced, HostClaim
from daily8.store.moves import Home
from daily8.store.polls import FeedFacts, PollResult, Unchanged

FEED_LIMIT = 5_000_000
"""Decoded bytes."""
NONE_SENT = Validators()
PAGE_INSTEAD = "What came is a web page, not a feed; its publisher may have moved the feed or given it up."
READ_ANEW = timedelta(hours=6)
"""The least time between two readings of one page, however often its feed says that it changed."""


async def poll(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DuePoll, *, lease: timedelta
) -> bool:
    """Fetch a source and record how it went; tell whether it was asked.

    :raises daily8.store.hosts.Fenced: when another worker took the host over.
    :raises daily8.pipeline.silence.Quiet: when the whole host is to be left alone.
    :raises daily8.pipeline.silence.Silent: when there was no answer.
    """
    inside = await at_home(world, store, due)
    if refusal := await reading.refused(world, due, inside=inside):
        if refusal[1] and not world.robots.known(due.url):  # robots.txt was not even asked for
            await _no_room(world, store, claim, due, lease)
        else:
            await fail(world, store, claim, due, refusal[0], passing=refusal[1], lease=lease)
        return False
    sent = to_send(due.known, world.now(), world.manners)
    try:
        answer = await world.door.fetch(
            due.url,
            etag=sent.etag,
            last_modified=sent.last_modified,
            accept=reading.accepts(due),
            limit=FEED_LIMIT,
            deadline=world.manners.deadline,
            user_agent=reading.agent(world, due),
            inside=inside,
        )
    except FetchFailed as error:
        if error.code == "crowded":
            await _no_room(world, store, claim, due, lease)
        else:
            await fail(world, store, claim, due, str(error), passing=error.passing, lease=lease, sent=sent)
        heard(error)
        return error.code != "crowded"
    if answer.status == 304 and sent:
        await _unchanged(world, store, claim, due, answer, lease)
    elif answer.status == 200:
        await take(world, store, claim, due, answer, lease=lease, sent=sent)
    else:
        cause = explain_status(answer.status)
        await fail(world, store, claim, due, cause, answer=answer, lease=lease, sent=sent)
        await _spare(world, store, claim, answer)
    return True


async def _no_room(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DuePoll, lease: timedelta
) -> None:
    """Put a source off that could not be asked because too many of its network were."""
    now = world.now()
    until, why = crowded(now, world.manners, world.chance())
    await store(polls.put_off, claim, due, until, why, now=now, lease=lease)


async def _spare(world: Outside, store: StoreThreads, claim: HostClaim, answer: Response) -> None:
    """Leave a whole host alone for a time once it says of several sources that it is asked too much.

    :raises daily8.pipeline.silence.Quiet: when it does.
    """
    if answer.status not in (429, 503):
        return
    now, manners = world.now(), world.manners
    day = timedelta(seconds=manners.ceiling)
    wait = min(max(retry_after(answer.headers, now) or 0.0, manners.refusal * manners.speed), DAY)
    why = explain(Reason("host-throttled", wait))
    until = now + timedelta(seconds=wait / manners.speed)
    if await store(hosts.throttled, claim, until, why, since=now - day):
        raise Quiet(claim.name)


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
    sent: Validators = NONE_SENT,
) -> None:
    """Record a fetch that brought no feed because of ``cause``. Validators stay as they were."""
    now = world.now()
    outcome = Outcome(
        status=answer.status if answer else None,
        headers=answer.headers if answer else {},
        passing=passing,
        readable=False,
    )
    result = _result(world, due, Fetched(outcome, bool(sent)), answer, now, cause=cause, via=via)
    await store(polls.record, claim, due, result, now=now, lease=lease, delivery=delivery)


async def _unchanged(
    world: Outside, store: StoreThreads, claim: HostClaim, due: DuePoll, answer: Response, lease: timedelta
) -> None:
    now = world.now()
    subscribed = _subscribed(due, now)
    fetched = Fetched(
        Outcome(304, answer.headers, subscribed=subscribed),
        conditional=True,
        led_to=lasting(answer.hops, answer.url),
        pushed=subscribed and await store(polls.pushed, due.source, due.known.whole_at),
    )
    result = _result(world, due, fetched, answer, now)
    if result.home or due.way == "page":  # whose pattern may be changed at this moment
        await store(polls.record, claim, due, result, now=now, lease=lease)
    elif not await store.together(polls.unchanged, Unchanged(claim, due, result, now, lease)):
        raise Fenced(f"{claim.name} was taken over by another worker")


def _subscribed(due: DuePoll, now: datetime) -> bool:
    return due.subscribed_until is not None and due.subscribed_until > now


async def _unpushed(store: StoreThreads, due: DuePoll, decision: Decision, now: datetime) -> bool:
    """Tell whether a poll brought news that was published since the last one while its hub said nothing."""
    since = due.known.whole_at
    if since is None or not _subscribed(due, now):
        return False
    if not any((at := _stated(arrival)) and at > since for arrival in decision.new):
        return False
    return not await store(subscriptions.pushed, due.source, since)


def _stated(arrival: Arrival) -> datetime | None:
    return arrival.entry.published or arrival.entry.updated


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
    sent: Validators = NONE_SENT,
) -> None:
    """Read a document of a source and record what it brought.

    ``delivery`` and ``via`` are of a document that came by itself: one that was looked at counts as a poll,
    the others leave the schedule and the validators as they are.
    """
    refused = partial(
        fail, world, store, claim, due, answer=answer, lease=lease, delivery=delivery, via=via, sent=sent
    )
    try:
        found = await reading.read(world, due, answer)
    except NotAFeed as error:
        page = due.way == "feed" and "web page" in str(error)
        await refused(PAGE_INSTEAD if page else sentence(str(error)))
    except Caged as error:
        cause = f"The feed was set aside because {error.reason}."
        # Of what was sent there is no other copy: it is read again before it is given up.
        if error.passing and delivery and _by_itself(via) and delivery.tries + 1 < pages.TRIES:
            await pages.postpone(world, store, claim, delivery, cause, lease=lease)
        else:
            await refused(cause)
    else:
        await _arrive(
            world, store, claim, due, answer, found, lease=lease, delivery=delivery, via=via, sent=sent
        )


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
    sent: Validators,
) -> None:
    read, feed, now = found.read, found.read.feed, world.now()
    known = await store(sources.known, due.source, identity.keys(feed.entries, feed.home))
    decision = reading.decided(due, identity.decide(str(due.source), feed.entries, known, feed.home))
    unpushed = not via and await _unpushed(store, due, decision, now)
    outcome = Outcome(
        200,
        answer.headers,
        complete=feed.complete,
        ttl=feed.ttl,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
        new=len(decision.new),
        rhythm=rhythm(found.times, now),
        subscribed=_subscribed(due, now) and not unpushed,
    )
    fetched = Fetched(
        outcome,
        conditional=bool(sent),
        led_to=lasting(answer.hops, answer.url),
        # It is the source's if it holds what is known of it, or names the address as its own.
        shares=bool(known) or (feed.url is not None and canonical(feed.url) == canonical(due.url)),
    )
    pushes = hubs.wanted(world, due, answer, feed)
    facts = FeedFacts(
        feed.title or "", feed.home or "", read.language, feed.kind, pushes, found.parts, found.seen
    )
    result = replace(_result(world, due, fetched, answer, now, facts=facts, via=via), unpushed=unpushed)
    asked = in_feed_answer(answer.headers, answer.url, token(world.door.user_agent))
    new, changed = (
        [_draft(world, due, read, arrival, asked) for arrival in arrivals]
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
    fetched: Fetched,
    answer: Response | None,
    now: datetime,
    *,
    cause: str = "",
    facts: FeedFacts | None = None,
    via: str = "",
) -> PollResult:
    by_itself = _by_itself(via)
    decided = step(due.known, fetched, now=now, manners=world.manners, chance=world.chance())
    return PollResult(
        step=None if by_itself else decided,
        # A part of a sitemap index is where its index says.
        home=None if by_itself or due.part else _home(world, decided.moved_to),
        status=fetched.outcome.status,
        seconds=answer.seconds if answer else 0.0,
        size=len(answer.body) if answer else 0,
        cause=cause,
        facts=facts,
        via=via,
        conditional=fetched.conditional,
    )


def _by_itself(via: str) -> bool:
    """Tell whether a document was sent by somebody else, rather than asked for."""
    return via not in ("", "looked")


def _home(world: Outside, url: str) -> Home | None:
    key = canonical(url) if url else ""
    return Home(url, key, world.domain(url)) if 0 < len(key) <= ADDRESS_MOST else None


def _draft(world: Outside, due: DuePoll, read: ReadFeed, arrival: Arrival, asked: tuple[Wish, ...]) -> Draft:
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
        published_at=_stated(arrival),
        updated_at=entry.updated if entry.updated != entry.published else None,
        wishes=(*asked, *entry.wishes),
        episode=entry.episode,
        # Who may be linked to only gives no texts.
        chapters=entry.chapters if due.rights != "link" else (),
        timed=tuple(f for f in entry.timed if due.rights != "link" and len(f.url) <= ADDRESS_MOST),
    )


def _kind(arrival: Arrival) -> str:
    if arrival.entry.kind in {"text", "video", "podcast", "gallery", "live"}:
        return str(arrival.entry.kind)
    return kind_of(arrival.entry.enclosures) or "text"
