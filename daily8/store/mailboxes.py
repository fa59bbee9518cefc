"""Mailboxes of newsletters: how far they are read, and which newsletters wait for an editor's word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from daily8.news.identity import entry_key
from daily8.news.types import Entry
from daily8.store import deliveries, hosts, sources
from daily8.store.deliveries import Document
from daily8.store.models import Delivery, Errand, Mailbox, Poll, Publisher, Source
from daily8.store.models import Entry as EntryRow
from daily8.store.sources import NewSource
from daily8.store.values import MailboxView, Newsletters, WaitingView
from daily8.store.wakeups import wake

WAITS = "This newsletter waits for an editor's word."
KEPT = 20
"""Mails of a newsletter that waits; older ones go."""
KEPT_SIZE = 1_000_000
"""Bytes of such a mail."""
WAITING_MOST = 100
"""Newsletters that may wait: who knows the mailbox's address can send what they like."""


@dataclass(frozen=True, slots=True)
class MailboxState:
    """How far a mailbox is read."""

    name: str
    uidvalidity: int
    uid: int
    failures: int


@dataclass(frozen=True, slots=True)
class Issue:
    """A mail of a newsletter, and the source that it is or will be."""

    source: NewSource
    id: str
    """Message-ID: what arrives twice is taken once."""
    raw: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the mails of a visit."""

    due: int = 0
    """Of newsletters that are read."""
    waiting: int = 0


def claim(names: Iterable[str], now: datetime, *, until: datetime) -> list[MailboxState]:
    """Take the mailboxes that are due; until then nobody else does. Those that are new are due at once."""
    names = list(names)
    with transaction.atomic():
        Mailbox.objects.bulk_create([Mailbox(name=name) for name in names], ignore_conflicts=True)
        rows = Mailbox.objects.filter(Q(next_at=None) | Q(next_at__lte=now), name__in=names)
        found = list(rows.select_for_update(skip_locked=True).order_by("name"))
        Mailbox.objects.filter(name__in=[row.name for row in found]).update(next_at=until)
    return [MailboxState(row.name, row.uidvalidity, row.uid, row.failures) for row in found]


def fail(state: MailboxState, cause: str, *, now: datetime, next_at: datetime) -> None:
    """Note why a mailbox could not be read, and when it is tried again."""
    Mailbox.objects.filter(name=state.name).update(
        cause=cause, failures=state.failures + 1, fetched_at=now, next_at=next_at
    )


def record(
    state: MailboxState,
    issues: Sequence[Issue],
    *,
    uidvalidity: int,
    uid: int,
    cause: str = "",
    trusting: bool,
    now: datetime,
    next_at: datetime,
) -> Taken:
    """Keep the mails of a visit and how far it came, in one transaction; make due what is read.

    A newsletter that is new waits for `confirm`, unless ``trusting``. Nothing is kept where another visit
    came first.
    """
    with transaction.atomic():
        row = Mailbox.objects.select_for_update().get(name=state.name)
        if (row.uidvalidity, row.uid) != (state.uidvalidity, state.uid):
            return Taken()
        known = _sources(issues, trusting=trusting, now=now)
        taken = [_keep(known[issue.source.key], issue, now) for issue in issues if issue.source.key in known]
        row.uidvalidity, row.uid, row.cause, row.fetched_at, row.next_at = (
            uidvalidity,
            uid,
            cause,
            now,
            next_at,
        )
        row.failures = state.failures + 1 if cause else 0
        row.save()
        due = taken.count(True)
        if due:
            wake("fetch")
    return Taken(due, taken.count(False))


def _sources(issues: Sequence[Issue], *, trusting: bool, now: datetime) -> Mapping[str, Source]:
    """Give the sources of mails by key; make those that are missing, as many as may wait."""
    wanted = {issue.source.key: issue.source for issue in issues}
    there = set(Source.objects.filter(key__in=wanted).values_list("key", flat=True))
    room = len(wanted) if trusting else max(0, WAITING_MOST - _waiting().count())
    new = [source for key, source in wanted.items() if key not in there][:room]
    if new:
        sources.add(new, due=dict.fromkeys((source.key for source in new), now))
        rows = Source.objects.filter(key__in=[source.key for source in new])
        Poll.objects.filter(source__in=rows).update(next_at=None, cause="" if trusting else WAITS)
        if not trusting:
            rows.update(state=Source.State.PAUSED)
    return {row.key: row for row in Source.objects.filter(key__in=wanted)}


def _keep(source: Source, issue: Issue, now: datetime) -> bool | None:
    """Keep a mail; tell whether it is due, waits (``False``), or is known or not wanted (``None``)."""
    url = f"mid:{issue.id}"  # RFC 2392
    key = entry_key(Entry(id=issue.id))
    if (
        source.state == Source.State.GONE
        or EntryRow.objects.filter(source=source, key=key).exists()
        or Delivery.objects.filter(source=source, url=url).exists()
    ):
        return None
    document = Document(url, {"content-type": "message/rfc822"}, issue.raw)
    if source.state != Source.State.PAUSED:
        deliveries.bring(source.id, Delivery.Kind.MAILED, document, now=now)
        return True
    if len(issue.raw) > KEPT_SIZE:
        return None
    Delivery.objects.create(
        source=source,
        kind=Delivery.Kind.MAILED,
        url=document.url,
        headers=dict(document.headers),
        body=document.body,
        arrived_at=now,
    )
    kept = Delivery.objects.filter(source=source).order_by("-arrived_at", "-id").values_list("id", flat=True)
    Delivery.objects.filter(id__in=list(kept[KEPT:])).delete()
    return False


def _waiting() -> QuerySet[Source]:
    return Source.objects.filter(sources.WAITING)


def confirm(source: UUID, now: datetime) -> bool:
    """Read a newsletter from now on, its mails that waited too; tell whether there was such a one."""
    with transaction.atomic():
        row = _mailed(source)
        if row is None:
            return False
        row.state = Source.State.UNVERIFIED
        row.save(update_fields=["state"])
        Poll.objects.filter(source=row).update(cause="")
        mails = list(Delivery.objects.filter(source=row).values_list("id", flat=True))
        if mails:
            hosts.send(Errand.Kind.DELIVERY, dict.fromkeys(mails, row.host), now)
            hosts.tell({row.host: now})
            wake("fetch")
    return True


def refuse(source: UUID) -> bool:
    """Leave a newsletter alone from now on, and forget its mails; tell whether there was such a one."""
    with transaction.atomic():
        row = _mailed(source)
        if row is None:
            return False
        row.state = Source.State.GONE
        row.save(update_fields=["state"])
        Poll.objects.filter(source=row).update(cause="")
        Delivery.objects.filter(source=row).delete()
    return True


def _mailed(source: UUID) -> Source | None:
    return Source.objects.select_for_update().filter(id=source, way=Source.Way.MAIL).first()


def prune(before: datetime) -> int:
    """Forget mails that wait since a time, and newsletters without any; give the number of mails."""
    with transaction.atomic():
        old = Delivery.objects.filter(
            arrived_at__lt=before, source__way=Source.Way.MAIL, source__state=Source.State.PAUSED
        ).delete()[0]
        empty = _waiting().filter(~Exists(Delivery.objects.filter(source=OuterRef("pk"))), articles=None)
        publishers = list(empty.values_list("publisher_id", flat=True))
        empty.delete()
        Publisher.objects.filter(id__in=publishers, sources=None, articles=None).delete()
    return old


def overview() -> Newsletters:
    """Give the mailboxes and the newsletters that wait, those that wrote last first."""
    waiting = (
        _waiting()
        .select_related("publisher")
        .annotate(mails=Count("deliveries"), latest=Max("deliveries__arrived_at"))
        .order_by("-latest", "title")
    )
    return Newsletters(
        mailboxes=tuple(
            # Whose it is stands on no page.
            MailboxView(row.name.rpartition("@")[2], row.fetched_at, row.next_at, row.cause)
            for row in Mailbox.objects.order_by("name")
        ),
        waiting=tuple(
            WaitingView(row.id, row.title, row.publisher.domain, row.key, row.mails, row.latest)
            for row in waiting
        ),
    )
