"""What a fetch of a source brought, written in one transaction with the arrivals it caused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from daily8.news import schedule
from daily8.news.parts import Part
from daily8.news.reasons import Reason
from daily8.news.source_life import Step
from daily8.store import arrivals, deliveries, hosts, moves, parts, subscriptions
from daily8.store.arrivals import Draft
from daily8.store.hosts import DueDelivery, DuePoll, Fenced, HostClaim
from daily8.store.models import Delivery, Fetch, Poll, Publisher, Source
from daily8.store.moves import Home
from daily8.store.subscriptions import Wanted
from daily8.store.wakeups import wake


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What a feed says of itself."""

    title: str = ""
    home: str = ""
    language: str = ""
    format: str = ""
    pushes: Wanted | None = None
    """Where pushes of it can be had."""
    parts: tuple[Part, ...] | None = None
    """Of a sitemap index: those of its parts that are to be followed."""
    seen: Mapping[str, Any] = field(default_factory=dict)
    """Of a watched page: what is remembered of this reading, beside its pattern."""


@dataclass(frozen=True, slots=True)
class PollResult:
    """How a fetch went."""

    step: Step | None
    """``None`` for what came by itself: the schedule and the validators stay as they were."""
    status: int | None
    seconds: float
    size: int
    cause: str = ""
    """Why it failed, in one plain sentence; empty when it went well."""
    home: Home | None = None
    """Where the source lives from now on, if it has moved."""
    facts: FeedFacts | None = None
    """Of a 200 that was a feed."""
    via: str = ""
    """How the document came, of `Delivery.Kind`; empty for a poll."""
    conditional: bool = False
    """Whether validators were sent."""
    unpushed: bool = False
    """Whether it brought news that a hub should have sent and did not."""


def record(
    claim: HostClaim,
    due: DuePoll,
    result: PollResult,
    *,
    new: Sequence[Draft] = (),
    changed: Sequence[Draft] = (),
    seen: Sequence[str] = (),
    now: datetime,
    lease: timedelta,
    patience: timedelta = timedelta(hours=6),
    delivery: DueDelivery | None = None,
) -> int:
    """Write how a fetch went, what arrived and when the source is due next; give the number of arrivals.

    ``delivery`` is the document that came by itself, if one did: it is forgotten with the same stroke, and
    with all that it brought where its source was left alone meanwhile.
    Validators are stored with the parsed items or not at all: what a 304 would hide is never lost.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        state, pattern = _held(due)
        if delivery and state == Source.State.GONE:
            deliveries.finish(delivery)
            hosts.hold(claim, now=now, lease=lease)
            return 0
        arrived = arrivals.arrive(due, new, changed, seen, now=now, patience=patience)
        adjusted = due.way == Source.Way.PAGE and not _alike(pattern, due.pattern)
        if result.facts:
            _write_facts(due, result.facts, seen={} if adjusted else result.facts.seen)
        if result.step:
            _write_state(due, result, result.step, now)
        if adjusted:  # what this reading saw, the new pattern has not read
            Poll.objects.filter(source_id=due.source).update(etag=None, last_modified=None)
        Fetch.objects.create(source_id=due.source, **_fetch(result, now, arrived.count))
        if delivery:
            deliveries.finish(delivery)
        told = {**arrived.due, **_subscribe(due, result, now)}
        if result.step and claim.name != due.host:  # who gives its own host back looks when that is due
            told[due.host] = min(result.step.poll.at, told.get(due.host, result.step.poll.at))
        if result.facts and result.facts.parts is not None:
            told |= parts.follow(due.source, result.facts.parts, now=now)
        if result.home and result.step:
            moves.move(due.source, result.home, now)
            told[result.home.host] = min(result.step.poll.at, told.get(result.home.host, result.step.poll.at))
        hosts.hold(claim, now=now, lease=lease, due=told)
        if told:
            wake("fetch")
    return arrived.count


def _held(due: DuePoll) -> tuple[str, Mapping[str, Any]]:
    """Give the state and the pattern that a source has by now.

    It is locked before anything that its documents bring, of which two may be read at once; who pauses it,
    leaves it alone or changes its pattern waits for this transaction.
    """
    rows = Source.objects.filter(id=due.source).select_for_update(no_key=True)
    found = rows.values_list("state", "pattern").first()
    if found is None:
        raise Fenced(f"{due.url} was made one with another source")
    return found


def _alike(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    """Tell whether two patterns choose the same links of a page."""
    return all(one.get(name) == two.get(name) for name in ("links", "within", "least_words"))


def _subscribe(due: DuePoll, result: PollResult, now: datetime) -> dict[str, datetime]:
    if result.step and result.step.poll.gone:
        return subscriptions.leave([due.source], now=now)
    if result.unpushed:
        subscriptions.doubt(due.source)
    if result.via == Delivery.Kind.PUSHED and result.cause:
        return subscriptions.miss(due.source, now=now)
    # A push may be a part of the feed, and says nothing by not naming a hub.
    if result.facts and result.via in ("", "looked"):
        return subscriptions.want(due.source, result.facts.pushes, now=now)
    return {}


def _why(poll: schedule.Poll) -> dict[str, str | float]:
    return {"code": poll.why.code, "seconds": poll.why.seconds}


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A poll that found nothing new, to be written with others."""

    claim: HostClaim
    due: DuePoll
    result: PollResult
    now: datetime
    lease: timedelta


_UNCHANGED = sql.SQL("""
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb)
    AS row(name text, token uuid, now timestamptz, until timestamptz)
), states AS (
    SELECT value, (value ->> 'source_id')::uuid AS source FROM jsonb_array_elements(%s::jsonb) AS row(value)
), first AS MATERIALIZED (  -- polls before hosts, as everywhere
    SELECT source_id FROM store_poll WHERE source_id IN (SELECT source FROM states)
    ORDER BY source_id FOR UPDATE
), locked AS MATERIALIZED (  -- in the order of names, as everywhere
    SELECT host.name, given.now, given.until
    FROM store_host host JOIN given ON host.name = given.name AND host.claim_token = given.token
    WHERE (SELECT count(*) FROM first) >= 0
    ORDER BY host.name FOR UPDATE OF host
), held AS (
    UPDATE store_host host SET claimed_until = locked.until, started_at = locked.now
    FROM locked WHERE host.name = locked.name RETURNING host.name
), ours AS (
    SELECT source.id FROM store_source source JOIN held ON held.name = source.host
), polled AS (
    UPDATE store_poll poll
    SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(NULL::store_poll, states.value))
    FROM states WHERE poll.source_id = states.source AND poll.source_id IN (SELECT id FROM ours)
)
INSERT INTO store_fetch ({logged})
SELECT {logged} FROM jsonb_populate_recordset(NULL::store_fetch, %s::jsonb)
WHERE source_id IN (SELECT id FROM ours) RETURNING source_id
""")


def unchanged(polls: Sequence[Unchanged]) -> list[bool]:
    """Write polls that brought no document, of different hosts, in one statement; tell which were written.

    One that was not was fenced: another worker took its host over.
    """
    held, states, fetches = [], [], []
    for item in polls:
        source, claim = str(item.due.source), item.claim
        held.append(
            {"name": claim.name, "token": claim.token, "now": item.now, "until": item.now + item.lease}
        )
        step = item.result.step
        if step is None:
            raise ValueError("a poll without a decision on the next one")
        states.append({"source_id": source, **_state(item.result, step, item.now)})
        fetches.append({"source_id": source, **_fetch(item.result, item.now, 0)})
    query = _written(tuple(states[0]), tuple(fetches[0]))
    with connection.cursor() as cursor:
        cursor.execute(query, [_json(held), _json(states), _json(fetches)])
        written = {row[0] for row in cursor.fetchall()}
    return [item.due.source in written for item in polls]


@cache
def _written(state: tuple[str, ...], fetch: tuple[str, ...]) -> str:
    columns = _names(name for name in state if name != "source_id")
    return _UNCHANGED.format(columns=columns, logged=_names(fetch)).as_string()


def _names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


_json = json.JSONEncoder(default=str, ensure_ascii=False).encode


def _write_state(due: DuePoll, result: PollResult, step: Step, now: datetime) -> None:
    if step.poll.gone:
        Source.objects.filter(id=due.source).update(state=Source.State.GONE)
        parts.pause(due.source)
    Poll.objects.filter(source_id=due.source).update(**_state(result, step, now))


def _state(result: PollResult, step: Step, now: datetime) -> dict[str, Any]:
    """Give the columns of a poll's row as it is after a fetch."""
    poll, known = step.poll, step.known
    state = {
        "next_at": None if poll.gone else poll.at,
        "why": _why(poll),
        "interval": known.state.interval,
        "failures": known.state.failures,
        "gone_since": known.state.gone_since,
        "pressure": known.state.pressure,
        "pressed_at": known.state.pressed_at,
        "hints": known.state.hints.stored() or None,
        "etag": known.validators.etag,
        "last_modified": known.validators.last_modified,
        "moved_to": known.moving.to,
        "moved_seen": known.moving.seen,
        "moved_since": known.moving.since,
        "doubted_at": known.doubted_at,
        "whole_at": known.whole_at,
        "fetched_at": now,
        "status": result.status,
        "cause": result.cause,
    }
    return state if result.cause else {**state, "succeeded_at": now}


def _fetch(result: PollResult, now: datetime, arrivals: int) -> dict[str, Any]:
    """Give the columns of the row of a fetch."""
    poll = result.step.poll if result.step else None
    return {
        "at": now,
        "status": result.status,
        "seconds": result.seconds,
        "size": result.size,
        "arrivals": arrivals,
        "cause": result.cause,
        "via": result.via,
        "conditional": result.conditional,
        "next_at": poll.at if poll and not poll.gone else None,
        "why": _why(poll) if poll else None,
    }


def _write_facts(due: DuePoll, facts: FeedFacts, *, seen: Mapping[str, Any]) -> None:
    """Take over what a feed says of itself, where nothing better is known."""
    source = Source.objects.select_related("publisher").get(id=due.source)
    source.title = source.title or facts.title
    source.home = source.home or facts.home
    source.language = source.language or facts.language
    source.format = facts.format or source.format
    source.pattern = {**source.pattern, **seen}
    if source.state == Source.State.UNVERIFIED:
        source.state = Source.State.ACTIVE
    source.save(update_fields=["title", "home", "language", "format", "state", "pattern"])
    publisher: Publisher = source.publisher
    if not publisher.language and source.language:
        publisher.language = source.language
        publisher.save(update_fields=["language"])


def put_off(
    claim: HostClaim, due: DuePoll, until: datetime, why: Reason, *, now: datetime, lease: timedelta
) -> None:
    """Ask a source at ``until`` that could not be asked now: nothing is known of it that was not known.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        rows = Poll.objects.filter(source_id=due.source, next_at__lt=until)
        rows.update(next_at=until, why={"code": why.code, "seconds": why.seconds})
        hosts.hold(claim, now=now, lease=lease)


def pushed(source: UUID, since: datetime | None) -> bool:
    """Tell whether news of a source was sent to us since a time."""
    rows = Fetch.objects.filter(source_id=source, via=Delivery.Kind.PUSHED, arrivals__gt=0)
    return (rows.filter(at__gt=since) if since else rows).exists()


def trim(before: datetime, keep: int = 30) -> int:
    """Delete fetches older than ``before`` beyond the newest ``keep`` of their source; give their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM store_fetch WHERE id IN (
                SELECT id FROM (
                    SELECT id, at, row_number() OVER (PARTITION BY source_id ORDER BY at DESC) AS place
                    FROM store_fetch
                ) ranked WHERE place > %s AND at < %s
            )
            """,
            [keep, before],
        )
        return int(cursor.rowcount)
