"""What a fetch of a source brought, written in one transaction with the arrivals it caused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from daily8.news import schedule
from daily8.store import arrivals, deliveries, hosts
from daily8.store.arrivals import Draft
from daily8.store.hosts import DueDelivery, DuePoll, HostClaim
from daily8.store.models import Fetch, Poll, Publisher, Source
from daily8.store.wakeups import wake


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What a feed says of itself."""

    title: str = ""
    home: str = ""
    language: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class PollResult:
    """How a fetch went."""

    poll: schedule.Poll | None
    """``None`` for what came by itself: the schedule stays as it was."""
    status: int | None
    seconds: float
    size: int
    cause: str = ""
    """Why it failed, in one plain sentence; empty when it went well."""
    etag: str | None = None
    last_modified: str | None = None
    """Validators to send next time: those of this answer if it was read, else the ones before."""
    facts: FeedFacts | None = None
    """Of a 200 that was a feed."""
    via: str = ""
    """How the document came, of `Delivery.Kind`; empty for a poll."""
    conditional: bool = False
    """Whether validators were sent."""


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

    ``delivery`` is the document that came by itself, if one did: it is forgotten with the same stroke.
    Validators are stored with the parsed items or not at all: what a 304 would hide is never lost.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        arrived = arrivals.arrive(due, new, changed, seen, now=now, patience=patience)
        poll = result.poll
        if poll:
            _write_state(due, result, poll, now)
        if result.facts:
            _write_facts(due, result.facts)
        Fetch.objects.create(
            source_id=due.source,
            at=now,
            status=result.status,
            seconds=result.seconds,
            size=result.size,
            arrivals=arrived.count,
            cause=result.cause,
            via=result.via,
            conditional=result.conditional,
            next_at=poll.at if poll and not poll.gone else None,
            why=_why(poll) if poll else None,
        )
        if delivery:
            deliveries.finish(delivery)
        hosts.hold(claim, now=now, lease=lease, due=arrived.due)
        if arrived.due:
            wake("fetch")
    return arrived.count


def _why(poll: schedule.Poll) -> dict[str, str | float]:
    return {"code": poll.why.code, "seconds": poll.why.seconds}


def _write_state(due: DuePoll, result: PollResult, poll: schedule.Poll, now: datetime) -> None:
    Poll.objects.filter(source_id=due.source).update(
        next_at=None if poll.gone else poll.at,
        why=_why(poll),
        interval=poll.interval,
        failures=poll.failures,
        gone_since=poll.gone_since,
        pressure=poll.pressure,
        pressed_at=poll.pressed_at,
        etag=result.etag,
        last_modified=result.last_modified,
        fetched_at=now,
        status=result.status,
        cause=result.cause,
        **({} if result.cause else {"succeeded_at": now}),
        **({"whole_at": now} if result.status == 200 else {}),
    )
    if poll.gone:
        Source.objects.filter(id=due.source).update(state=Source.State.GONE)


def _write_facts(due: DuePoll, facts: FeedFacts) -> None:
    """Take over what a feed says of itself, where nothing better is known."""
    source = Source.objects.select_related("publisher").get(id=due.source)
    source.title = source.title or facts.title
    source.home = source.home or facts.home
    source.language = source.language or facts.language
    source.format = facts.format or source.format
    if source.state == Source.State.UNVERIFIED:
        source.state = Source.State.ACTIVE
    source.save(update_fields=["title", "home", "language", "format", "state"])
    publisher: Publisher = source.publisher
    if not publisher.language and source.language:
        publisher.language = source.language
        publisher.save(update_fields=["language"])


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
