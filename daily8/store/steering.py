"""What editors do with a source by hand: ask it now, pause it, resume it, let it count for more or less."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from daily8.news.ranking import WEIGHTS
from daily8.store import hosts, parts, sources, subscriptions
from daily8.store.models import Poll, Source
from daily8.store.wakeups import wake


def ask(source: UUID, now: datetime) -> bool:
    """Make a source due; tell whether it may be asked now (`daily8.store.sources.refresh`)."""
    asked = sources.refresh([source], now, not_since=now - sources.BY_HAND) > 0
    if asked:
        wake("fetch")
    return asked


def pause(source: UUID, now: datetime) -> bool:
    """Ask a source no more until it is resumed; tell whether it was being asked.

    Its place in time stays, and its hub is told to send no more. Parts of an index rest with it.
    """
    with transaction.atomic():
        rows = _steered(source).filter(state__in=[Source.State.UNVERIFIED, Source.State.ACTIVE])
        ids = sorted(rows.select_for_update(no_key=True).values_list("id", flat=True))
        Source.objects.filter(id__in=ids).update(state=Source.State.PAUSED)
        ids += [part for index in ids for part in parts.pause(index)]
        if due := subscriptions.leave(ids, now=now):
            hosts.tell(due)
            wake("fetch")
    return bool(ids)


def resume(source: UUID, now: datetime) -> bool:
    """Ask a paused source again, when it is due, with the parts that rested; tell whether it was paused."""
    with transaction.atomic():
        rows = _steered(source).filter(state=Source.State.PAUSED)
        ids = sorted(rows.select_for_update(no_key=True).values_list("id", flat=True))
        ids += [part for index in ids for part in parts.resume(index)]
        held = Source.objects.filter(id__in=ids)
        held.filter(poll__succeeded_at=None).update(state=Source.State.UNVERIFIED)
        held.filter(poll__succeeded_at__isnull=False).update(state=Source.State.ACTIVE)
        polls = Poll.objects.filter(source__in=ids)
        polls.filter(next_at=None).update(next_at=now)
        if due := dict(polls.order_by("-next_at").values_list("source__host", "next_at")):
            hosts.tell({host: at for host, at in due.items() if at})
            wake("fetch")
    return bool(ids)


def weigh(source: UUID, word: str) -> bool:
    """Let the reports of a source, and of the parts of an index, count for more or less on front pages and in
    the choice of what leads a story (`daily8.news.ranking.WEIGHTS`); tell whether it is there.

    :raises ValueError: for a word that says no weight.
    """
    weight = {str(name): number for name, number in WEIGHTS.items()}.get(word)
    if weight is None:
        raise ValueError(f"there is no weight {word!r}")
    return Source.objects.filter(Q(id=source) | Q(parent=source)).update(weight=weight) > 0


def _steered(source: UUID) -> QuerySet[Source]:
    # What comes by mail is taken or left by its own rules, and parts go with their index.
    return Source.objects.filter(id=source).filter(parent=None).exclude(way=Source.Way.MAIL)
