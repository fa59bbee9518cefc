"""Relations as they are found: which articles wait, what came before them, what is written of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from daily8.store.assigning import Arrived, arrived
from daily8.store.models import Arrival, Membership, Progress, Relation

MATES = 60
"""Articles of the same story that are compared: the newest."""
REFRESHED = 8
"""Older articles that are related anew because of a new one, at most."""
_LATER = timedelta(minutes=15)
_YOUNG = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DueRelation:
    """An article that is to be related to others."""

    article: UUID
    due_at: datetime
    """As it was taken: who asks anew meanwhile changes it, and is not overlooked."""
    arrival: Arrived
    mates: tuple[Arrived, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """An article that has to do with another."""

    other: UUID
    relation: str
    score: float
    reason: Mapping[str, object]


def due(now: datetime, *, limit: int) -> list[DueRelation]:
    """Give articles that wait to be related, the earliest first, each with those of its story."""
    rows = Progress.objects.filter(relate_at__lte=now).order_by("relate_at", "article_id")
    times = dict(rows.values_list("article_id", "relate_at")[:limit])
    own = Arrival.objects.filter(article__in=times, article__membership__isnull=False).order_by("seq")
    return [
        DueRelation(row.article_id, times[row.article_id] or now, arrived(row), _mates(row)) for row in own
    ]


def _mates(row: Arrival) -> tuple[Arrived, ...]:
    story = Membership.objects.filter(article=row.article_id).values("story")
    rows = Arrival.objects.filter(article__membership__story__in=story).exclude(seq=row.seq)
    return tuple(map(arrived, rows.order_by("-seq")[:MATES]))


def last_seq() -> int:
    """Give the place of the newest arrival; 0 where there is none."""
    return Arrival.objects.aggregate(last=Max("seq"))["last"] or 0


def arrivals(after: int, *, limit: int) -> list[Arrived]:
    """Give arrivals after a place, in their order."""
    return list(map(arrived, Arrival.objects.filter(seq__gt=after).order_by("seq")[:limit]))


def record(found: DueRelation, near: Sequence[Near], *, recipe: str, now: datetime) -> None:
    """Write what an article is related to in place of what was known; done twice it is done once.

    When it is written for the first time, the nearest older articles are to be related anew.
    """
    with transaction.atomic():
        row = Progress.objects.select_for_update(no_key=True).filter(article=found.article).first()
        if row is None:
            return
        known = Relation.objects.filter(article=found.article)
        first = not known.exists()
        known.delete()
        Relation.objects.bulk_create(
            [
                Relation(
                    article_id=found.article,
                    other_id=each.other,
                    relation=each.relation,
                    score=each.score,
                    reason=dict(each.reason),
                    place=place,
                    recipe=recipe,
                )
                for place, each in enumerate(near)
            ]
        )
        if row.relate_at == found.due_at:
            row.relate_at = None
            row.save(update_fields=["relate_at"])
        if first:
            _refresh([each.other for each in near[:REFRESHED]], now)


def _refresh(others: Sequence[UUID], now: datetime) -> None:
    rows = Progress.objects.filter(article__in=others, relate_at=None, article__arrived_at__gt=now - _YOUNG)
    ids = list(
        rows.order_by("article_id")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .values_list("article_id", flat=True)
    )
    Progress.objects.filter(article__in=ids).update(relate_at=now + _LATER)
