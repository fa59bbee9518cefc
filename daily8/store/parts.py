"""Parts of sitemap indexes: followed while the index names them, hidden behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from daily8.news.parts import Part
from daily8.news.reasons import ASKED_TO_WAIT
from daily8.news.urls import canonical
from daily8.store.models import Article, Fetch, Poll, Source

_State = Source.State


def follow(index: UUID, parts: Sequence[Part], *, now: datetime) -> dict[str, datetime]:
    """Follow the parts of an index that was read, and no others; give what became due, by host.

    Belongs in the transaction that records the index. A part that is new is due at once, and one that the
    index says changed since it was fetched, be it gone; one that is named no longer rests, without a place
    in time unless its publisher asked us to wait, until it is named again.
    An address that is a source of its own stays one.
    """
    wanted = {canonical(part.url): part for part in parts}
    parent = Source.objects.get(id=index)
    due = _begin(parent, wanted, now)
    rows = list(Source.objects.select_for_update().filter(parent=parent).order_by("id"))
    asleep = (_State.PAUSED, _State.GONE)
    resting = [row.id for row in rows if row.key not in wanted and row.state not in asleep]
    Source.objects.filter(id__in=resting).update(state=_State.PAUSED)
    placed = Poll.objects.filter(source__in=resting)
    placed.exclude(why__code__in=ASKED_TO_WAIT, next_at__gt=now).update(next_at=None)
    due += _again([row.id for row in rows if row.key in wanted and row.state == _State.PAUSED], now)
    due += _again(_back([row for row in rows if row.key in wanted and row.state == _State.GONE], wanted), now)
    for row in rows:
        changed = wanted[row.key].changed if row.key in wanted else None
        if changed is not None:
            due += (
                Poll.objects.filter(source=row, failures=0, fetched_at__lt=min(changed, now), next_at__gt=now)
                .exclude(why__code__in=ASKED_TO_WAIT)
                .update(next_at=now)
            )
    return {parent.host: now} if due else {}


def _back(gone: Iterable[Source], wanted: dict[str, Part]) -> list[UUID]:
    """Give those parts of which the index says that they changed since they were found to be gone."""
    since = dict(Poll.objects.filter(source__in=gone).values_list("source", "fetched_at"))
    changed = {row.id: wanted[row.key].changed for row in gone}
    return [part for part, at in changed.items() if at and (since[part] is None or since[part] < at)]


def _again(sleeping: Sequence[UUID], now: datetime) -> int:
    """Wake parts, due at once where nobody asked us to wait; give their number."""
    Source.objects.filter(id__in=sleeping).update(state=_State.UNVERIFIED)
    rows = Poll.objects.filter(source__in=sleeping)
    rows.filter(gone_since__isnull=False).update(gone_since=None, failures=0)
    rows.exclude(why__code__in=ASKED_TO_WAIT, next_at__gt=now).update(next_at=now)
    return len(sleeping)


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


def pause(index: UUID) -> list[UUID]:
    """Let the parts of an index that is asked no more rest with it, each in its place in time; give them."""
    rows = Source.objects.filter(parent=index, state__in=[_State.UNVERIFIED, _State.ACTIVE])
    ids = list(rows.order_by("id").select_for_update().values_list("id", flat=True))
    Source.objects.filter(id__in=ids).update(state=_State.PAUSED)
    return ids


def resume(index: UUID) -> list[UUID]:
    """Wake the parts of an index that is asked again, but those that it named no longer; give them."""
    rows = Source.objects.filter(parent=index, state=_State.PAUSED, poll__next_at__isnull=False)
    ids = list(rows.order_by("id").select_for_update(of=("self",)).values_list("id", flat=True))
    Source.objects.filter(id__in=ids).update(state=_State.UNVERIFIED)
    return ids


def prune(before: datetime) -> int:
    """Delete the parts that have rested or been gone since ``before`` and brought nothing; give their number.

    Of those that brought articles only the fetches go. Parts that rest with their index stay as they are.
    """
    rows = Source.objects.filter(parent__isnull=False, state__in=[_State.PAUSED, _State.GONE])
    rows = rows.annotate(asked_at=Coalesce("poll__fetched_at", "added_at"))
    over = rows.filter(poll__next_at=None, asked_at__lt=before)
    with transaction.atomic():
        ids = list(over.order_by("id").select_for_update(of=("self",)).values_list("id", flat=True))
        Fetch.objects.filter(source__in=ids).delete()
        brought = Exists(Article.objects.filter(source=OuterRef("pk")))
        empty = Source.objects.filter(~brought, id__in=ids)
        count = len(empty)
        empty.delete()
    return count
