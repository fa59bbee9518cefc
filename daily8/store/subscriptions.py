"""Subscriptions to hubs: what is wanted, was asked, was confirmed and was pushed (W3C WebSub).

Rows are locked in one order, here and where fetches are recorded, so that workers, hubs and people never wait
for each other in a circle: a source's, its articles', that of its poll, its subscription's, the errand's,
hosts'.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from daily8.news import websub
from daily8.news.hints import read_hints
from daily8.store import deliveries, hosts
from daily8.store.deliveries import Document
from daily8.store.hosts import DueHub, HostClaim
from daily8.store.models import Delivery, Errand, Poll, Source, Subscription
from daily8.store.values import SubscriptionView
from daily8.store.wakeups import wake

PENDING_MOST = 20
"""Pushes of one source that may wait to be read."""

_State = Subscription.State
_POLLED = (Source.State.UNVERIFIED, Source.State.ACTIVE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a document said that pushes of it can be had."""

    hubs: Mapping[str, str]
    """The name under which manners are kept, by address of the hub; best first."""
    topic: str
    reachable: bool
    """Whether a hub can reach this site: if not, it is only kept in mind."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be said to a hub."""

    subscription: UUID
    mode: Literal["subscribe", "unsubscribe"]
    hub: str
    topic: str
    token: str
    secret: str
    tries: int
    """Made so far without success."""
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Callback:
    """A subscription as its hub calls it."""

    subscription: UUID
    source: UUID
    topic: str
    secret: str
    live: bool
    """Whether pushes are taken: it is confirmed, its lease runs, its source is asked."""


def want(source: UUID, wanted: Wanted | None, *, now: datetime) -> dict[str, datetime]:
    """Take note of the hubs that a document of a source announces; give what became due, by host.

    Belongs in the transaction that records the document, after its poll was written. The hub in use is kept
    while it is among those announced; one that is no longer is left, and what is announced then is asked
    after that.
    """
    row = Subscription.objects.select_for_update().filter(source_id=source).first()
    if row and wanted and row.hub in wanted.hubs and row.topic == wanted.topic:
        return _resume(row, wanted, now)
    if row and row.state in (_State.ASKED, _State.ACTIVE):
        return _leave(row, now)
    if row and row.state == _State.LEAVING:
        return {}
    if row:
        _forget(row)
    return _begin(source, wanted, now) if wanted and wanted.hubs else {}


def _begin(source: UUID, wanted: Wanted, now: datetime) -> dict[str, datetime]:
    hub, host = next(iter(wanted.hubs.items()))
    row = Subscription.objects.create(
        source_id=source,
        hub=hub,
        topic=wanted.topic,
        token=token_urlsafe(32),
        secret=token_urlsafe(48),
    )
    return _send(row, host, now) if wanted.reachable else {}


def _resume(row: Subscription, wanted: Wanted, now: datetime) -> dict[str, datetime]:
    if row.state == _State.LEAVING:
        _change(row, state=_State.WANTED, tries=0, cause="", asked_at=None)
    elif row.state != _State.WANTED or _errand(row).exists():
        return {}
    return _send(row, wanted.hubs[row.hub], now) if wanted.reachable else {}


def leave(sources: Iterable[UUID], *, now: datetime) -> dict[str, datetime]:
    """End the subscriptions of sources that are asked no more; give what became due, by host."""
    due: dict[str, datetime] = {}
    rows = Subscription.objects.filter(source__in=list(sources))
    _hold_polls(rows)
    rows = rows.select_for_update().order_by("id")
    for row in rows:
        if row.state in (_State.ASKED, _State.ACTIVE):
            due |= _leave(row, now)
        elif row.state != _State.LEAVING:
            _forget(row)
    return due


def ask(claim: HostClaim, due: DueHub, *, now: datetime, lease: timedelta) -> Ask | None:
    """Say what a hub is to be asked, and note that it is being asked: it may call back before it answers.

    ``None`` where nothing is to be asked any more.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        row = _locked(due.subscription, paced=True)
        state = _next_state(row, now) if row else None
        if row is None or state is None:
            Subscription.objects.filter(id=due.subscription).delete()
            Errand.objects.filter(id=due.errand).delete()
            hosts.hold(claim, now=now, lease=lease)
            return None
        lapsed = row.state == _State.ACTIVE and state == _State.ASKED
        paced = _own_pace(row, now) if lapsed else {}
        kept = row.lease_until if state == _State.ACTIVE else None
        _change(row, state=state, asked_at=now, lease_until=kept)
        hosts.hold(claim, now=now, lease=lease, due=paced)
    mode: Literal["subscribe", "unsubscribe"] = "unsubscribe" if state == _State.LEAVING else "subscribe"
    return Ask(row.id, mode, row.hub, row.topic, row.token, row.secret, row.tries, now)


def _next_state(row: Subscription, now: datetime) -> str | None:
    """Say in which state a subscription is while its hub is asked; ``None`` for one that nobody needs."""
    if row.state == _State.LEAVING:
        return _State.LEAVING
    if not Source.objects.filter(id=row.source_id, state__in=_POLLED).exists():
        return _State.LEAVING if row.state == _State.ACTIVE else None
    runs = row.state == _State.ACTIVE and row.lease_until is not None and row.lease_until > now
    return _State.ACTIVE if runs else _State.ASKED


def answered(
    claim: HostClaim, asked: Ask, *, cause: str, until: datetime, pause: bool, now: datetime, lease: timedelta
) -> None:
    """Note what a hub answered to `ask`, and look again at ``until`` unless it calls back before.

    ``cause`` says in one plain sentence what is awaited or what went wrong. With ``pause`` it was tried often
    enough: tries begin anew at ``until``, and one who wanted to leave has left.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        row = _locked(asked.subscription)
        if row and row.asked_at == asked.asked_at:  # else the hub has called back, or all has changed
            _settle(row, cause, until, pause=pause, now=now)
        hosts.hold(claim, now=now, lease=lease)


def _settle(row: Subscription, cause: str, until: datetime, *, pause: bool, now: datetime) -> None:
    if pause and row.state == _State.LEAVING:
        _forget(row)
        return
    _change(row, tries=0 if pause else row.tries + 1, cause=cause)
    if pause and row.state == _State.ASKED:
        _change(row, state=_State.WANTED, asked_at=None)
    if row.state == _State.ACTIVE and row.lease_until:  # that pushes end must be seen when they do
        until = max(min(until, row.lease_until), now)
    _errand(row).update(due_at=until)


def forget(claim: HostClaim, due: DueHub, *, now: datetime, lease: timedelta) -> None:
    """Give a subscription up without a word, for no hub can reach this site; it is still kept in mind.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        row = _locked(due.subscription, paced=True)
        Errand.objects.filter(id=due.errand).delete()
        paced = _own_pace(row, now) if row else {}
        if row:
            _change(row, state=_State.WANTED, tries=0, cause="", asked_at=None, lease_until=None)
        hosts.hold(claim, now=now, lease=lease, due=paced)


def find(subscription: UUID, token: str, *, now: datetime) -> Callback | None:
    """Give the subscription that a hub calls, if it knows the token; in a time that tells nothing of it."""
    row = Subscription.objects.select_related("source").filter(id=subscription).first()
    if not hmac.compare_digest((row.token if row else "").encode(), token.encode()) or row is None:
        return None
    live = (
        row.state == _State.ACTIVE
        and row.lease_until is not None
        and row.lease_until > now
        and row.source.state in _POLLED
    )
    return Callback(row.id, row.source_id, row.topic, row.secret, live)


def confirm(callback: Callback, *, seconds: int, now: datetime, chance: float) -> bool:
    """Begin a lease, or renew it, if it was asked for or is running; tell whether it was.

    A hub may also ask of its own accord whether a running subscription is still meant.
    """
    with transaction.atomic():
        row = _locked(callback.subscription)
        if row is None or row.state not in (_State.ASKED, _State.ACTIVE):
            return False
        until = now + timedelta(seconds=seconds)
        _change(row, state=_State.ACTIVE, lease_until=until, asked_at=None, tries=0, cause="")
        _later(row, now + timedelta(seconds=websub.renewal(seconds, chance)))
    return True


def left(callback: Callback) -> bool:
    """End a subscription, if that was asked for; tell whether it was."""
    with transaction.atomic():
        row = _locked(callback.subscription)
        if row is None or row.state != _State.LEAVING:
            return False
        _forget(row)
    return True


def deny(callback: Callback, cause: str, *, again: datetime, now: datetime) -> None:
    """Note that a hub will not, or no longer, send news; it is asked once more at ``again``."""
    with transaction.atomic():
        row = _locked(callback.subscription, paced=True)
        if row is None:
            return
        if row.state == _State.LEAVING:
            _forget(row)
            return
        paced = _own_pace(row, now)
        _change(row, state=_State.DENIED, lease_until=None, asked_at=None, tries=0, cause=cause)
        _later(row, again, paced)


def _later(row: Subscription, at: datetime, paced: Mapping[str, datetime] = MappingProxyType({})) -> None:
    """Ask a hub again at a time, and tell hosts of that and of what else became due."""
    host = _errand(row).values_list("host", flat=True).first()
    _errand(row).update(due_at=at)
    if due := {host: at, **paced} if host else paced:
        hosts.tell(due)


def push(callback: Callback, document: Document, *, now: datetime) -> bool:
    """Keep what a hub sent until it is read; tell whether there was room."""
    if deliveries.pending(callback.source) >= PENDING_MOST:
        return False
    with transaction.atomic():
        Subscription.objects.filter(id=callback.subscription).update(pushed_at=now, silent=False)
        deliveries.bring(callback.source, Delivery.Kind.PUSHED, document, now=now)
        wake("fetch")
    return True


def pushed(source: UUID, since: datetime) -> bool:
    """Tell whether a hub has sent anything of a source since a time, be it read or not."""
    return Subscription.objects.filter(source=source, pushed_at__gt=since).exists()


def doubt(source: UUID) -> None:
    """Count a hub that did not send what a poll found for nothing, until its next push."""
    Subscription.objects.filter(source=source).update(silent=True)


def miss(source: UUID, *, now: datetime) -> dict[str, datetime]:
    """Ask a source at its own pace again, for a push of it brought nothing; give what became due, by host.

    Belongs in the transaction that records the push.
    """
    rows = Subscription.objects.filter(source=source)
    _hold_polls(rows)
    row = rows.select_for_update().first()
    return _own_pace(row, now) if row else {}


def turn_away(callback: Callback, *, now: datetime) -> None:
    """Note a push that could not be taken: what it told of is asked for."""
    with transaction.atomic():
        if due := miss(callback.source, now=now):
            hosts.tell(due)
            wake("fetch")


def refuse(callback: Callback) -> None:
    """Count a push whose signature was wrong or missing."""
    Subscription.objects.filter(id=callback.subscription).update(refused=F("refused") + 1)


def view(source: UUID) -> SubscriptionView | None:
    """Give the state of a source's subscription, for its page."""
    row = Subscription.objects.filter(source=source).first()
    if row is None:
        return None
    return SubscriptionView(row.hub, row.state, row.cause, row.lease_until, row.pushed_at, row.refused)


def _locked(subscription: UUID, *, paced: bool = False) -> Subscription | None:
    """Lock a subscription; with ``paced``, before it the poll of its source, whose pace may be changed."""
    rows = Subscription.objects.filter(id=subscription)
    if paced:
        _hold_polls(rows)
    return rows.select_for_update().first()


def _hold_polls(rows: QuerySet[Subscription]) -> None:
    polls = Poll.objects.filter(source__subscription__in=rows).select_for_update(of=("self",))
    list(polls.order_by("source_id").values_list("source_id"))


def _leave(row: Subscription, now: datetime) -> dict[str, datetime]:
    host = _errand(row).values_list("host", flat=True).first()
    if host is None:
        _forget(row)
        return {}
    paced = _own_pace(row, now)
    _change(row, state=_State.LEAVING, tries=0, cause="", asked_at=None, lease_until=None)
    return paced | _send(row, host, now)


def _own_pace(row: Subscription, now: datetime) -> dict[str, datetime]:
    """Ask a source that was asked seldom, for it was pushed, at its own pace again: its host, to be told.

    Its poll is locked by who calls.
    """
    poll = Poll.objects.select_related("source").filter(source_id=row.source_id).first()
    if row.state != _State.ACTIVE or poll is None or poll.next_at is None:
        return {}
    if poll.source.state not in _POLLED or (poll.why or {}).get("code") != "pushed":
        return {}  # whatever else holds it back still does
    hints = read_hints(poll.hints)
    fresh = hints.fresh.left({})
    wait = max(poll.interval * poll.pressure, hints.ttl or 0.0, fresh[1] if fresh else 0.0)
    at = max(now, (poll.fetched_at or now) + timedelta(seconds=wait))
    if at >= poll.next_at:
        return {}
    poll.next_at, poll.why = at, {"code": "rhythm", "seconds": poll.interval}
    poll.save(update_fields=["next_at", "why"])
    return {poll.source.host: at}


def _errand(row: Subscription) -> QuerySet[Errand]:
    return Errand.objects.filter(kind=Errand.Kind.HUB, subject=row.id, verdict=None)


def _send(row: Subscription, host: str, at: datetime) -> dict[str, datetime]:
    hosts.again(Errand.Kind.HUB, {row.id: host}, at)
    return {host: at}


def _change(row: Subscription, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _forget(row: Subscription) -> None:
    Errand.objects.filter(kind=Errand.Kind.HUB, subject=row.id).delete()
    row.delete()
