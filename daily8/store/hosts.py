"""Hosts and what is due on them: claimed in batches, served by one worker at a time, fenced by a token."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Min

from daily8.news.schedule import State
from daily8.store.models import Article, Errand, Host, Picture, Poll, Source

CLAIM_MOST = 200
"""Hosts claimed at once."""
ERRANDS_MOST = 20
"""Pages and pictures taken from one host in one claim, so that a lease stays short."""


class Fenced(Exception):
    """The host was taken over by another worker: what this one brought is not written."""


@dataclass(frozen=True, slots=True)
class DuePoll:
    """A source to be asked."""

    source: UUID
    url: str
    title: str
    language: str
    publisher: UUID
    rights: str
    interests: tuple[str, ...]
    etag: str | None
    last_modified: str | None
    state: State
    verified: bool


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page to be read."""

    errand: int
    article: UUID
    url: str
    tries: int


@dataclass(frozen=True, slots=True)
class DuePicture:
    """A picture to be fetched."""

    errand: int
    picture: UUID
    url: str
    tries: int


Due = DuePoll | DuePage | DuePicture


@dataclass(frozen=True, slots=True)
class HostClaim:
    """A host in hand, with what is due on it in the order in which it is served."""

    name: str
    token: UUID
    started_at: datetime | None
    due: tuple[Due, ...]


def claim(now: datetime, *, lease: timedelta, limit: int = CLAIM_MOST) -> list[HostClaim]:
    """Take up to ``limit`` due hosts that nobody holds, with what is due on them.

    A claim that is neither renewed nor released in ``lease`` is anybody's again.
    """
    token = uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE store_host SET claimed_until = %(until)s, claim_token = %(token)s
            WHERE name IN (
                SELECT name FROM store_host
                WHERE next_at <= %(now)s AND (claimed_until IS NULL OR claimed_until <= %(now)s)
                ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            ) RETURNING name, started_at
            """,
            {"now": now, "until": now + lease, "token": token, "limit": limit},
        )
        started: dict[str, datetime | None] = dict(cursor.fetchall())
    names = sorted(started)
    if not names:
        return []
    due: dict[str, list[Due]] = {name: [] for name in names}
    for poll in (
        Poll.objects.filter(source__host__in=names, next_at__lte=now)
        .select_related("source")
        .order_by("next_at")
    ):
        due[poll.source.host].append(_due_poll(poll))
    for name, errand in _due_errands(names, now):
        due[name].append(errand)
    return [HostClaim(name, token, started[name], tuple(due[name])) for name in names]


def _due_poll(poll: Poll) -> DuePoll:
    source = poll.source
    return DuePoll(
        source=source.id,
        url=source.url,
        title=source.title,
        language=source.language,
        publisher=source.publisher_id,
        rights=source.rights,
        interests=tuple(source.interests),
        etag=poll.etag,
        last_modified=poll.last_modified,
        state=State(poll.interval, poll.failures, poll.gone_since, poll.pressure, poll.pressed_at),
        verified=source.state == Source.State.ACTIVE,
    )


def _due_errands(names: list[str], now: datetime) -> Iterable[tuple[str, DuePage | DuePicture]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT due.host, due.id, due.kind, due.subject, due.tries
            FROM unnest(%(names)s::text[]) AS wanted(name), LATERAL (
                SELECT * FROM store_errand
                WHERE host = wanted.name AND verdict IS NULL AND due_at <= %(now)s
                ORDER BY due_at, id LIMIT %(most)s
            ) AS due
            """,
            {"names": names, "now": now, "most": ERRANDS_MOST},
        )
        rows = cursor.fetchall()
    pages = [row[3] for row in rows if row[2] == Errand.Kind.PAGE]
    pictures = [row[3] for row in rows if row[2] == Errand.Kind.PICTURE]
    urls = dict(Article.objects.filter(id__in=pages).values_list("id", "url")) if pages else {}
    urls |= dict(Picture.objects.filter(id__in=pictures).values_list("id", "url")) if pictures else {}
    for host, errand, kind, subject, tries in rows:
        if url := urls.get(subject):
            due = DuePage if kind == Errand.Kind.PAGE else DuePicture
            yield host, due(errand, subject, url, tries)


def hold(
    claim: HostClaim, *, now: datetime, lease: timedelta, due: Mapping[str, datetime] | None = None
) -> None:
    """Renew a claim as the last act of a transaction, and tell hosts what became due on them.

    ``due`` gives the earliest time by host. Rows are locked in the order of their names, so that two
    workers that tell each other's hosts never wait for each other.

    :raises Fenced: when the host is no longer ours; the transaction is to be rolled back.
    """
    _announce({claim.name: None, **(due or {})})
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


def release(claim: HostClaim) -> None:
    """Give a host back and set when it is due next. A host that was taken over is left alone."""
    with transaction.atomic():
        # The row is locked first: the times read after that include whatever others told this host.
        row = Host.objects.select_for_update().filter(name=claim.name, claim_token=claim.token).first()
        if row is None:
            return
        poll = Poll.objects.filter(source__host=claim.name).aggregate(at=Min("next_at"))["at"]
        errand = Errand.objects.filter(host=claim.name, verdict=None).aggregate(at=Min("due_at"))["at"]
        row.next_at = min((at for at in (poll, errand) if at), default=None)
        row.claimed_until = row.claim_token = None
        row.save(update_fields=["next_at", "claimed_until", "claim_token"])


def any_due(now: datetime) -> bool:
    """Tell whether a host is due that nobody holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT FROM store_host
               WHERE next_at <= %(now)s AND (claimed_until IS NULL OR claimed_until <= %(now)s))""",
            {"now": now},
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def finish(errand: int, *, cause: str = "", aside: bool = False) -> None:
    """Give an errand its verdict: done, or set aside because of ``cause``."""
    verdict = Errand.Verdict.ASIDE if aside else Errand.Verdict.DONE
    Errand.objects.filter(id=errand).update(verdict=verdict, cause=cause)


def put_off(errand: int, *, until: datetime, tries: int, cause: str) -> None:
    """Try an errand again at ``until``."""
    Errand.objects.filter(id=errand).update(due_at=until, tries=tries, cause=cause)


def send(kind: str, subjects: Mapping[UUID, str], due_at: datetime) -> None:
    """Make errands of one kind due, unless they exist: hosts by subject."""
    Errand.objects.bulk_create(
        [Errand(kind=kind, subject=subject, host=host, due_at=due_at) for subject, host in subjects.items()],
        ignore_conflicts=True,
    )


def again(kind: str, subjects: Iterable[UUID], due_at: datetime, *, verdict: str | None = None) -> None:
    """Make errands due once more: those of one verdict, or whatever it was."""
    rows = Errand.objects.filter(kind=kind, subject__in=list(subjects))
    if verdict:
        rows = rows.filter(verdict=verdict)
    rows.update(verdict=None, due_at=due_at, tries=0, cause="")
