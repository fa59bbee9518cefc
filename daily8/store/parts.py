"""Parts of sitemap indexes: followed while the index names them, hidden behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from daily8.news.parts import Part
from daily8.news.urls import canonical
from daily8.store.models import Poll, Source

_ASKED_TO_WAIT = ("retry-after", "throttled")


def follow(index: UUID, parts: Sequence[Part], *, now: datetime) -> dict[str, datetime]:
    """Follow the parts of an index that was read, and no others; give what became due, by host.

    Belongs in the transaction that records the index. A part that is new is due at once, and one that the
    index says changed since it was fetched; one that is named no longer rests until it is named again.
    An address that is a source of its own stays one.
    """
    wanted = {canonical(part.url): part for part in parts}
    parent = Source.objects.get(id=index)
    due = _begin(parent, wanted, now)
    rows = list(Source.objects.select_for_update().filter(parent=parent).order_by("id"))
    asleep = (Source.State.PAUSED, Source.State.GONE)
    resting = [row.id for row in rows if row.key not in wanted and row.state not in asleep]
    Source.objects.filter(id__in=resting).update(state=Source.State.PAUSED)
    again = [row.id for row in rows if row.key in wanted and row.state == Source.State.PAUSED]
    Source.objects.filter(id__in=again).update(state=Source.State.UNVERIFIED)
    due += Poll.objects.filter(source__in=again).update(next_at=now)
    for row in rows:
        changed = wanted[row.key].changed if row.key in wanted else None
        if changed is not None:
            due += (
                Poll.objects.filter(source=row, failures=0, fetched_at__lt=min(changed, now), next_at__gt=now)
                .exclude(why__code__in=_ASKED_TO_WAIT)
                .update(next_at=now)
            )
    return {parent.host: now} if due else {}


def _begin(parent: Source, wanted: dict[str, Part], now: datetime) -> int:
    known = set(Source.objects.filter(key__in=wanted).values_list("key", flat=True))
    fresh = sorted(key for key in wanted if key not in known)
    Source.objects.bulk_create(
        [
            Source(
                publisher_id=parent.publisher_id,
                parent=parent,
                url=wanted[key].url,
                key=key,
                host=parent.host,
                title=parent.title,
                home=parent.home,
                language=parent.language,
                rights=parent.rights,
                interests=parent.interests,
            )
            for key in fresh
        ],
        ignore_conflicts=True,
    )
    rows = Source.objects.filter(key__in=fresh, parent=parent)
    return len(
        Poll.objects.bulk_create([Poll(source=row, next_at=now) for row in rows], ignore_conflicts=True)
    )


def of(index: UUID) -> Q:
    """Give the condition under which a source is an index or one of its parts."""
    return Q(id=index) | Q(parent=index)
