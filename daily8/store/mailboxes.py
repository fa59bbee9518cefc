"""Mailboxes of newsletters: how far they are read, and which newsletters wait for an editor's word."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Length

from daily8.news.identity import entry_key
from daily8.news.newsletters import SHARED
from daily8.news.types import Entry
from daily8.store import deliveries, hosts, sources
from daily8.store.deliveries import Document
from daily8.store.models import Article, Delivery, Errand, Mailbox, Poll, Publisher, Source
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
KEPT_ALL = 200_000_000
"""Bytes of all mails that wait."""
FULL = "There is no more room for newsletters that wait: accept some, or leave some alone."
LARGE = "A mail of a newsletter that waits was too large to be kept."


@dataclass(frozen=True, slots=True)
class MailboxState:
    """How far a mailbox is read."""

    name: str
    uidvalidity: int
    uid: int
    failures: int
    stuck: int = 0
    """Visits in a row that ended at the mail above ``uid``."""


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


def claim(names: Iterable[str], now: datetime, *, until: datetime) -> MailboxState | None:
    """Take a mailbox that is due, if there is one; until then nobody else does. New ones are due at once."""
    names = list(names)
    with transaction.atomic():
        Mailbox.objects.bulk_create([Mailbox(name=name) for name in names], ignore_conflicts=True)
        rows = Mailbox.objects.filter(Q(next_at=None) | Q(next_at__lte=now), name__in=names)
        row = rows.select_for_update(skip_locked=True).order_by("name").first()
        if row is None:
            return None
        Mailbox.objects.filter(name=row.name).update(next_at=until)
    return MailboxState(row.name, row.uidvalidity, row.uid, row.failures, row.stuck)


def fail(state: MailboxState, cause: str, *, now: datetime, next_at: datetime, stuck: bool = False) -> None:
    """Note why a mailbox could not be read, and when it is tried again; with ``stuck`` it was for a mail."""
    Mailbox.objects.filter(name=state.name).update(
        cause=cause,
        failures=state.failures + 1,
        stuck=state.stuck + stuck,
        fetched_at=now,
        next_at=next_at,
    )


def record(
    state: MailboxState,
    issues: Sequence[Issue],
    *,
    uidvalidity: int,
    uid: int,
    cause: str = "",
    stuck: bool = False,
    trusting: bool,
    now: datetime,
    next_at: datetime,
) -> Taken:
    """Keep the mails of a visit and how far it came, in one transaction; make due what is read.

    A newsletter that is new waits for `confirm`, unless ``trusting``. With ``stuck`` the visit ended at the
    mail above ``uid``, because of ``cause``. Nothing is kept where another visit came first.
    """
    with transaction.atomic():
        row = Mailbox.objects.select_for_update().get(name=state.name)
        if (row.uidvalidity, row.uid) != (state.uidvalidity, state.uid):
            return Taken()
        room = _Room(KEPT_ALL - _weight())
        known = _sources(issues, room, trusting=trusting, now=now)
        kept = [
            (known[issue.source.key].host, _keep(known[issue.source.key], issue, room, now))
            for issue in issues
            if issue.source.key in known
        ]
        came = (uidvalidity, uid)
        row.stuck = 0 if not stuck else state.stuck + 1 if came == (state.uidvalidity, state.uid) else 1
        row.uidvalidity, row.uid = came
        row.cause, row.fetched_at, row.next_at = cause or room.cause, now, next_at
        row.failures = state.failures + 1 if cause else 0
        row.save()
        due = {host: now for host, is_due in kept if is_due}
        if due:
            hosts.tell(due)
            wake("fetch")
    taken = [is_due for _, is_due in kept]
    return Taken(taken.count(True), taken.count(False))


@dataclass(slots=True)
class _Room:
    """What room is left for mails that wait."""

    left: int
    """Bytes."""
    cause: str = ""
    """Why something was not kept."""


def _weight() -> int:
    """Give the bytes of all mails that wait."""
    mails = Delivery.objects.filter(source__way=Source.Way.MAIL, source__state=Source.State.PAUSED)
    return mails.aggregate(bytes=Sum(Length("body")))["bytes"] or 0


def _sources(issues: Sequence[Issue], room: _Room, *, trusting: bool, now: datetime) -> Mapping[str, Source]:
    """Give the sources of mails by key; make those that are missing, as many as may wait."""
    wanted = {issue.source.key: issue.source for issue in issues}
    there = set(Source.objects.filter(key__in=wanted).values_list("key", flat=True))
    new = [source for key, source in wanted.items() if key not in there]
    if not trusting:
        new = new[: _places(len(new), wanted, room)]
    if new:
        _add(new, trusting=trusting, now=now)
    return {row.key: row for row in Source.objects.filter(key__in=wanted)}


def _places(number: int, but: Iterable[str], room: _Room) -> int:
    """Give how many newsletters more may wait; make room, at need, where the oldest sent a single mail."""
    free = max(0, WAITING_MOST - _waiting().count())
    if number <= free:
        return number
    room.cause = FULL
    rows = _waiting().filter(articles=None).exclude(key__in=list(but))
    rows = rows.annotate(mails=Count("deliveries"), latest=Max("deliveries__arrived_at")).filter(mails__lte=1)
    oldest = rows.order_by("latest", "added_at").values_list("id", flat=True)
    return min(number, free + _forget(list(oldest[: number - free])))


def _forget(ids: Iterable[UUID]) -> int:
    """Forget newsletters that wait still, and their publishers; give their number."""
    rows = _waiting().filter(id__in=list(ids)).order_by("id").select_for_update(skip_locked=True)
    found = list(rows.values_list("id", "publisher_id"))
    Source.objects.filter(id__in=[source for source, _ in found]).delete()
    publishers = [publisher for _, publisher in found]
    Publisher.objects.filter(id__in=publishers, sources=None, articles=None).delete()
    return len(found)


def _add(new: Sequence[NewSource], *, trusting: bool, now: datetime) -> None:
    """Make newsletters, each of a publisher of its own: who writes it is not known yet."""
    Publisher.objects.bulk_create(
        [
            Publisher(domain=source.key, slug=_own_slug(source.key), name=source.publisher_name)
            for source in sorted(new, key=lambda source: source.key)
        ],
        ignore_conflicts=True,
    )
    keys = [source.key for source in new]
    sources.add([replace(s, publisher_domain=s.key) for s in new], due=dict.fromkeys(keys, now))
    rows = Source.objects.filter(key__in=keys)
    if trusting:
        for row in rows.order_by("key"):
            _join(row)
    else:
        rows.update(state=Source.State.PAUSED)
        Poll.objects.filter(source__in=rows).update(cause=WAITS)


def _own_slug(key: str) -> str:
    # No word of a stranger's: the names that readers know are not to be taken before somebody looks.
    return f"mail-{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"


def _join(row: Source) -> None:
    """Give a newsletter that is read to the publisher of its sender's domain; make that if it is missing.

    From the domains of `SHARED` many publishers send: there each newsletter is a publisher's own.
    """
    own = row.publisher
    if own.domain != row.key:
        return
    domain = row.host.removeprefix(deliveries.MAIL)
    domain = row.key.removeprefix(deliveries.MAIL) if domain in SHARED else domain
    told = NewSource(
        url=row.url,
        key=row.key,
        host=row.host,
        publisher_domain=domain,
        publisher_name=own.name or row.title,
        language=row.language,
        way=Source.Way.MAIL,
    )
    row.publisher_id = sources.publishers_of([told])[domain]
    row.save(update_fields=["publisher"])
    Publisher.objects.filter(id=own.id, sources=None, articles=None).delete()


def _keep(source: Source, issue: Issue, room: _Room, now: datetime) -> bool | None:
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
        deliveries.bring(source.id, Delivery.Kind.MAILED, document, now=now, tell=False)
        return True
    size = len(issue.raw)
    if size > KEPT_SIZE or size > room.left:
        room.cause = LARGE if size > KEPT_SIZE else FULL
        return None
    room.left -= size
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
        _join(row)
        Poll.objects.filter(source=row).update(cause="")
        mails = list(Delivery.objects.filter(source=row).values_list("id", flat=True))
        if mails:
            hosts.send(Errand.Kind.DELIVERY, dict.fromkeys(mails, row.host), now)
            hosts.tell({row.host: now})
            wake("fetch")
    return True


def refuse(source: UUID) -> bool:
    """Leave a newsletter alone from now on, and forget its mails; tell whether there was such a one.

    Where nothing of it was ever read, the words in which it spoke of itself are forgotten too.
    """
    with transaction.atomic():
        row = _mailed(source)
        if row is None:
            return False
        row.state = Source.State.GONE
        if not Article.objects.filter(source=row).exists():
            row.title = row.home = ""
            Publisher.objects.filter(id=row.publisher_id, domain=row.key).update(name="", home="")
        row.save(update_fields=["state", "title", "home"])
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
        _forget(empty.values_list("id", flat=True))
    return old


def overview() -> Newsletters:
    """Give the mailboxes and the newsletters that wait, those that wrote last first."""
    waiting = (
        _waiting()
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
            WaitingView(
                row.id, row.title, row.host.removeprefix(deliveries.MAIL), row.key, row.mails, row.latest
            )
            for row in waiting
        ),
        full=FULL if len(waiting) >= WAITING_MOST or _weight() > KEPT_ALL - KEPT_SIZE else "",
    )
