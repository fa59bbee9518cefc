"""Hosts and what is due on them: claimed in batches, served by one worker at a time, fenced by a token."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from daily8.news.hints import Hints, read_hints
from daily8.news.moves import Moving
from daily8.news.schedule import State
from daily8.news.source_life import Known, Validators
from daily8.store.models import Article, Delivery, Errand, Fetch, Host, Picture, Subscription, TimedText

CLAIM_MOST = 200
"""Hosts claimed at once."""
ABANDONED = timedelta(minutes=15)
"""How long a host may be overdue before another network takes it over."""
THROTTLED = 3
"""Sources of a host, or pages, pictures and timed texts, that must be throttled before its others rest."""
ERRANDS_MOST = 20
"""Sources, and pages and pictures, taken from one host in one claim: others wait for their turn."""


_POLLED = ("unverified", "active")
"""States of sources that are asked: one that is paused or gone keeps its place in time and is passed over."""
_WANTED = (Errand.Kind.PAGE, Errand.Kind.PICTURE, Errand.Kind.TIMED, Errand.Kind.LOOK)
"""What articles want of hosts: it rests together."""


class Fenced(Exception):
    """The host was taken over by another worker: what this one brought is not written."""


@dataclass(frozen=True, slots=True)
class DuePoll:
    """A source to be asked."""

    source: UUID
    url: str
    host: str
    language: str
    publisher: UUID
    publisher_domain: str
    rights: str
    known: Known
    """What is remembered of it from one fetch to the next."""
    subscribed_until: datetime | None = None
    """Until when a hub sends us its news; ``None`` where none does, or is not seen to."""
    way: str = "feed"
    """`Source.Way`: what kind of document is read."""
    pattern: Mapping[str, Any] = field(default_factory=dict)
    """Of a watched page."""
    part: bool = False
    """Whether it is a part of a sitemap index."""


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page to be read."""

    errand: int
    article: UUID
    url: str
    tries: int
    due_at: datetime
    """As it was taken: who asks anew meanwhile changes it, and is not overlooked."""


@dataclass(frozen=True, slots=True)
class DueLook(DuePage):
    """A page that was read, to be looked at again: its text may have changed without a word in its feed.

    ``tries`` says how many looks there were.
    """

    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True, slots=True)
class DuePicture:
    """A picture to be fetched."""

    errand: int
    picture: UUID
    url: str
    tries: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A document that came by itself, to be read: nothing is asked for it."""

    errand: int
    delivery: UUID
    url: str
    """Of its source."""
    tries: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DueHub:
    """A hub to be asked for pushes."""

    errand: int
    subscription: UUID
    url: str
    tries: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DueTimed:
    """The file of a timed text, to be read."""

    errand: int
    timed: UUID
    url: str
    tries: int
    due_at: datetime


DueErrand = DuePage | DuePicture | DueDelivery | DueHub | DueTimed
Due = DuePoll | DueErrand


@dataclass(frozen=True, slots=True)
class HostClaim:
    """A host in hand, with what is due on it in the order in which it is served."""

    name: str
    token: UUID
    started_at: datetime | None
    due: tuple[Due, ...]
    troubles: int = 0
    """Rests in a row that ended without an answer: above none, the first request is a trial."""


def claim(
    now: datetime,
    *,
    lease: timedelta,
    limit: int = CLAIM_MOST,
    troubled: int | None = None,
    but: Iterable[str] = (),
    network: str = "",
) -> list[HostClaim]:
    """Take up to ``limit`` due hosts that nobody holds, with what is due on them.

    A claim that is neither renewed nor released in ``lease`` is anybody's again; hosts named by ``but`` are
    passed over all the same: who is late with one must not take it a second time. A host that rests is passed
    over. ``troubled`` bounds how many are taken that did not answer lately. A host that is asked from
    another ``network`` is left to it, unless it is overdue by `ABANDONED`: a publisher should see one of us.
    """
    token = uuid4()
    given = {"now": now, "until": now + lease, "token": token, "but": list(but), "network": network}
    given["abandoned"] = now - ABANDONED
    with transaction.atomic():
        few = limit if troubled is None else min(troubled, limit)
        taken = _take({**given, "troubled": True, "limit": few}) if few > 0 else []
        taken += _take({**given, "troubled": False, "limit": limit - len(taken)})
    if not taken:
        return []
    due: dict[str, list[Due]] = {name: [] for name, _, _ in taken}
    names = sorted(due)
    polls = _due_polls(names, [name for name, _, troubles in taken if troubles], now)
    for name, errand in _due_errands(names, now):
        due[name].append(errand)
    for poll in polls:
        due[poll.host].append(poll)
    return [
        HostClaim(name, token, started, tuple(sorted(due[name], key=_turn)), troubles)
        for name, started, troubles in sorted(taken)
    ]


def _turn(due: Due) -> int:
    """Sources come first."""
    return 0 if isinstance(due, DuePoll) else 1


def _take(given: dict[str, Any]) -> list[tuple[str, datetime | None, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH free AS MATERIALIZED (
                SELECT name FROM store_host
                WHERE next_at <= %(now)s AND (claimed_until IS NULL OR claimed_until <= %(now)s)
                    AND (quiet_until IS NULL OR quiet_until <= %(now)s)
                    AND (network IN ('', %(network)s) OR %(network)s = '' OR next_at <= %(abandoned)s)
                    AND (troubles > 0) = %(troubled)s AND name <> ALL(%(but)s)
                ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            )
            UPDATE store_host SET claimed_until = %(until)s, claim_token = %(token)s,
                network = COALESCE(NULLIF(%(network)s, ''), network)
            FROM free WHERE store_host.name = free.name
            RETURNING store_host.name, started_at, troubles
            """,
            given,
        )
        return [(name, started, troubles) for name, started, troubles in cursor.fetchall()]


_SOURCE = """
    SELECT source.id, source.url, source.host, source.language, source.publisher_id, publisher.domain,
        source.rights, poll.interval, poll.failures, poll.gone_since, poll.pressure, poll.pressed_at,
        poll.hints, poll.etag, poll.last_modified, poll.moved_to, poll.moved_seen, poll.moved_since,
        poll.doubted_at, poll.whole_at, push.lease_until, source.way, source.pattern, source.parent_id
    FROM store_source source
    JOIN store_publisher publisher ON publisher.id = source.publisher_id
    JOIN store_poll poll ON poll.source_id = source.id
    LEFT JOIN store_subscription push
        ON push.source_id = source.id AND push.state = 'active' AND NOT push.silent
"""


def _due_polls(names: list[str], troubled: list[str], now: datetime) -> list[DuePoll]:
    """Give the sources that are due on hosts; of those in trouble first what answered last.

    One that was looked at waits until that is read, for then its validators are known.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT due.* FROM unnest(%(names)s::text[]) AS wanted(name), LATERAL (
                {_SOURCE}
                WHERE source.host = wanted.name AND poll.next_at <= %(now)s
                    AND source.state = ANY(%(polled)s)
                    AND NOT EXISTS (
                        SELECT FROM store_delivery looked
                        JOIN store_errand errand ON errand.subject = looked.id
                        WHERE looked.source_id = source.id AND looked.kind = 'looked'
                            AND errand.verdict IS NULL AND errand.due_at <= %(now)s
                    )
                ORDER BY CASE WHEN wanted.name = ANY(%(troubled)s) THEN poll.succeeded_at END
                    DESC NULLS LAST, poll.next_at LIMIT %(most)s
            ) AS due
            """,  # noqa: S608 - composed of constants
            {
                "names": names,
                "troubled": troubled,
                "now": now,
                "most": ERRANDS_MOST,
                "polled": list(_POLLED),
            },
        )
        return [_due_poll(row) for row in cursor.fetchall()]


def due_poll(source: UUID) -> DuePoll | None:
    """Give what the stage wants of a source."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_SOURCE} WHERE source.id = %s", [source])
        row = cursor.fetchone()
    return _due_poll(row) if row else None


def _due_poll(row: Sequence[Any]) -> DuePoll:
    source, url, host, language, publisher, domain, rights = row[:7]
    interval, failures, gone_since, pressure, pressed_at, hints = row[7:13]
    etag, last_modified, moved_to, moved_seen, moved_since, doubted_at, whole_at = row[13:20]
    leased, way, pattern, parent = row[20:]
    said = read_hints(json.loads(hints)) if hints else Hints()
    known = Known(
        state=State(interval, failures, gone_since, pressure, pressed_at, said),
        validators=Validators(etag, last_modified),
        moving=Moving(moved_to, moved_seen, moved_since),
        doubted_at=doubted_at,
        whole_at=whole_at,
    )
    return DuePoll(
        source=source,
        url=url,
        host=host,
        language=language,
        publisher=publisher,
        publisher_domain=domain,
        rights=rights,
        known=known,
        subscribed_until=leased,
        way=way,
        pattern=json.loads(pattern) if pattern != "{}" else {},
        part=parent is not None,
    )


_SORTS: dict[str, type[DueErrand]] = {
    Errand.Kind.PAGE: DuePage,
    Errand.Kind.PICTURE: DuePicture,
    Errand.Kind.DELIVERY: DueDelivery,
    Errand.Kind.HUB: DueHub,
    Errand.Kind.TIMED: DueTimed,
    Errand.Kind.LOOK: DueLook,
}


def _due_errands(names: list[str], now: datetime) -> Iterable[tuple[str, DueErrand]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT due.host, due.id, due.kind, due.subject, due.tries, due.due_at, due.etag, due.last_modified
            FROM unnest(%(names)s::text[]) AS wanted(name), LATERAL (
                SELECT * FROM store_errand
                WHERE host = wanted.name AND verdict IS NULL AND due_at <= %(now)s
                -- Who waits for pushes waits for news; what has been read already waits for all others.
                ORDER BY kind <> 'hub', kind = 'look', due_at, id LIMIT %(most)s
            ) AS due
            """,
            {"names": names, "now": now, "most": ERRANDS_MOST},
        )
        rows = cursor.fetchall()
    urls = _addresses(rows)
    lost = [row[1] for row in rows if not urls.get(row[3])]
    if lost:  # they would stay due, and their host with them
        cause = "There is no longer an address to read."
        Errand.objects.filter(id__in=lost).update(verdict=Errand.Verdict.ASIDE, cause=cause)
    for host, errand, kind, subject, tries, due_at, etag, last_modified in rows:
        if url := urls.get(subject):
            due = _SORTS[kind](errand, subject, url, tries, due_at)
            if isinstance(due, DueLook):
                due = replace(due, validators=Validators(etag, last_modified))
            yield host, due


def _addresses(rows: list[tuple[Any, ...]]) -> dict[UUID, str]:
    """Give the addresses of errands by their subject, in one query a kind."""
    wanted: dict[str, list[UUID]] = {}
    for row in rows:
        wanted.setdefault(row[2], []).append(row[3])
    urls: dict[UUID, str] = {}
    for kind, model, column in (
        (Errand.Kind.PAGE, Article, "url"),
        (Errand.Kind.LOOK, Article, "url"),
        (Errand.Kind.PICTURE, Picture, "url"),
        (Errand.Kind.DELIVERY, Delivery, "source__url"),
        (Errand.Kind.HUB, Subscription, "hub"),
        (Errand.Kind.TIMED, TimedText, "url"),
    ):
        if ids := wanted.get(kind):
            urls |= dict(model._default_manager.filter(id__in=ids).values_list("id", column))
    return urls


def hold(
    claim: HostClaim, *, now: datetime, lease: timedelta, due: Mapping[str, datetime] | None = None
) -> None:
    """Renew a claim as the last act of a transaction, and tell hosts what became due on them.

    ``due`` gives the earliest time by host. Rows are locked in the order of their names, so that two
    workers that tell each other's hosts never wait for each other.

    :raises Fenced: when the host is no longer ours; the transaction is to be rolled back.
    """
    if due:
        # Its own row is locked in its place among the others; alone it needs no order.
        _announce({claim.name: None, **due})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_host SET claimed_until = %s, started_at = %s WHERE name = %s AND claim_token = %s",
            [now + lease, now, claim.name, claim.token],
        )
        if not cursor.rowcount:
            raise Fenced(f"{claim.name} was taken over by another worker")


def tell(due: Mapping[str, datetime]) -> None:
    """Tell hosts, by name, the earliest time at which something became due on them."""
    _announce(due)


def started(host: str, at: datetime) -> None:
    """Note that a host was asked outside of a claim: the next request keeps its distance to that too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_host SET started_at = GREATEST(started_at, %s) WHERE name = %s", [at, host]
        )


def _announce(due: Mapping[str, datetime | None]) -> None:
    names = sorted(due)
    with connection.cursor() as cursor:
        # LEAST passes over NULL: a host told no time keeps its own.
        cursor.execute(
            """
            INSERT INTO store_host (name, next_at)
            SELECT * FROM unnest(%s::text[], %s::timestamptz[])
            ON CONFLICT (name) DO UPDATE SET next_at = LEAST(store_host.next_at, excluded.next_at)
            """,
            [names, [due[name] for name in names]],
        )


def renew(claims: Iterable[HostClaim], *, until: datetime) -> None:
    """Keep claims that are in hand, in one statement; those that were taken over are left alone."""
    held = sorted((claim.name, claim.token) for claim in claims)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE store_host SET claimed_until = %s
            FROM unnest(%s::text[], %s::uuid[]) AS held(name, token)
            WHERE store_host.name = held.name AND store_host.claim_token = held.token
            """,
            [until, [name for name, _ in held], [token for _, token in held]],
        )


def release(claims: Sequence[tuple[HostClaim, datetime]]) -> list[None]:
    """Give hosts back, each with the earliest time at which it may be due again, and set when that is.

    A host that was taken over is left alone. One that has more to do queues up behind those that wait now.
    """
    given = sorted((claim.name, claim.token, now) for claim, now in claims)
    columns = [list(column) for column in zip(*given, strict=True)]
    with transaction.atomic(), connection.cursor() as cursor:
        # Rows are locked first: the times read after that include whatever others told these hosts.
        cursor.execute(
            """
            SELECT host.name FROM store_host host
            JOIN unnest(%s::text[], %s::uuid[]) AS given(name, token)
                ON host.name = given.name AND host.claim_token = given.token
            ORDER BY host.name FOR UPDATE OF host
            """,
            columns[:2],
        )
        held = {row[0] for row in cursor.fetchall()}
        if held:
            _give_back([(name, now) for name, _, now in given if name in held])
    return [None] * len(claims)


def _give_back(held: list[tuple[str, datetime]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE store_host host
            SET claimed_until = NULL, claim_token = NULL, next_at = (
                SELECT GREATEST(min(due.at), given.now, host.quiet_until) FROM (
                    SELECT min(poll.next_at) AS at
                    FROM store_poll poll JOIN store_source source ON source.id = poll.source_id
                    WHERE source.host = host.name AND source.state = ANY(%(polled)s)
                    UNION ALL
                    SELECT min(due_at) FROM store_errand WHERE host = given.name AND verdict IS NULL
                ) due HAVING min(due.at) IS NOT NULL
            )
            FROM unnest(%(names)s::text[], %(times)s::timestamptz[]) AS given(name, now)
            WHERE host.name = given.name
            """,
            {"names": [n for n, _ in held], "times": [t for _, t in held], "polled": list(_POLLED)},
        )


def any_due(now: datetime, *, network: str = "") -> bool:
    """Tell whether there is a host to be claimed (`claim`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT FROM store_host
               WHERE next_at <= %(now)s AND (claimed_until IS NULL OR claimed_until <= %(now)s)
                   AND (quiet_until IS NULL OR quiet_until <= %(now)s)
                   AND (network IN ('', %(network)s) OR %(network)s = '' OR next_at <= %(abandoned)s))""",
            {"now": now, "network": network, "abandoned": now - ABANDONED},
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def rest(claim: HostClaim, until: datetime, why: str) -> None:
    """Ask nothing of a host until then, for it gives no answer; ``why`` is one plain sentence."""
    rows = Host.objects.filter(name=claim.name, claim_token=claim.token)
    rows.update(quiet_until=until, quiet_why=why, troubles=F("troubles") + 1)


def revive(claim: HostClaim) -> None:
    """Note that a host answers again."""
    Host.objects.filter(name=claim.name, claim_token=claim.token).update(
        quiet_until=None, quiet_why="", troubles=0
    )


def throttled(claim: HostClaim, until: datetime, why: str, *, since: datetime) -> bool:
    """Let a host rest until then if it said of `THROTTLED` sources since then that it is asked too much.

    Fewer may be one publisher's wish, or malice, among others on the host. Tell whether it rests.
    """
    said = Fetch.objects.filter(source__host=claim.name, status__in=(429, 503), at__gt=since)
    if said.values("source").distinct().count() < THROTTLED:
        return False
    rows = Host.objects.filter(name=claim.name, claim_token=claim.token)
    rows.update(quiet_until=Greatest("quiet_until", until), quiet_why=why)
    return True


def finish(due: DueErrand, *, cause: str = "", aside: bool = False) -> None:
    """Give an errand its verdict: done, or set aside because of ``cause``.

    Not if it was asked for anew while it was in hand: then it stays due.
    """
    verdict = Errand.Verdict.ASIDE if aside else Errand.Verdict.DONE
    Errand.objects.filter(id=due.errand, due_at=due.due_at).update(verdict=verdict, cause=cause)


def put_off(due: DueErrand, *, until: datetime, cause: str, tried: bool = True) -> None:
    """Try an errand again at ``until``; it has been tried once more, unless it was not even asked for."""
    rows = Errand.objects.filter(id=due.errand, due_at=due.due_at)
    rows.update(due_at=until, tries=due.tries + tried, cause=cause)


def waiting(host: str, causes: Sequence[str], now: datetime) -> int:
    """Count what of a host's articles waits at this time because of one of some causes."""
    rows = Errand.objects.filter(host=host, kind__in=_WANTED, verdict=None, due_at__gt=now)
    return rows.filter(cause__in=causes).count()


def quieten(host: str, until: datetime) -> None:
    """Leave what articles want of a host alone until then: its publisher asked for it, of several."""
    Errand.objects.filter(host=host, kind__in=_WANTED, verdict=None, due_at__lt=until).update(due_at=until)


def send(kind: str, subjects: Mapping[UUID, str], due_at: datetime) -> None:
    """Make errands of one kind due, unless they exist: hosts by subject."""
    Errand.objects.bulk_create(_errands(kind, subjects, due_at), ignore_conflicts=True)


def look(article: UUID, host: str, at: datetime, *, looks: int, validators: Validators, cause: str) -> None:
    """Look at a page that has been read once more at a time, with the validators that it came with."""
    row = Errand(kind=Errand.Kind.LOOK, subject=article, host=host, due_at=at, tries=looks, cause=cause)
    row.etag, row.last_modified = validators.etag or "", validators.last_modified or ""
    Errand.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["subject", "kind"],
        update_fields=["host", "due_at", "verdict", "tries", "cause", "etag", "last_modified"],
    )


def again(kind: str, subjects: Mapping[UUID, str], due_at: datetime) -> None:
    """Make errands due, once more where they exist, whatever their verdict was: hosts by subject."""
    Errand.objects.bulk_create(
        _errands(kind, subjects, due_at),
        update_conflicts=True,
        unique_fields=["subject", "kind"],
        update_fields=["host", "due_at", "verdict", "tries", "cause"],
    )


def _errands(kind: str, subjects: Mapping[UUID, str], due_at: datetime) -> list[Errand]:
    # In one order everywhere, so that two workers never wait for each other.
    return [
        Errand(kind=kind, subject=subject, host=host, due_at=due_at)
        for subject, host in sorted(subjects.items())
    ]
