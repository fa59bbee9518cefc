"""How far articles have come: what of each is to be understood, put into a story, and related."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from daily8.news.understanding import GENERATION
from daily8.store.models import Progress

TRIES = 3
"""Times that understanding an article may end without an answer."""


def begin(articles: Iterable[UUID], at: datetime) -> None:
    """Let new articles be understood at a time: at the latest then, whether their pages were read or not."""
    Progress.objects.bulk_create(
        [Progress(article_id=article, understand_at=at) for article in sorted(articles)],
        ignore_conflicts=True,
    )


def again(articles: Iterable[UUID], now: datetime) -> None:
    """Let articles be understood now: there is more of their texts, or another one."""
    wanted = sorted(articles)
    begin(wanted, now)
    rows = Progress.objects.filter(article__in=wanted).exclude(understand_at__lte=now)
    locked = rows.order_by("article_id").select_for_update(no_key=True)
    Progress.objects.filter(article__in=list(locked.values_list("article_id", flat=True))).update(
        understand_at=now, tries=0
    )


def outdated(now: datetime, limit: int, *, generation: int = GENERATION) -> int:
    """Let articles that were understood by an older recipe be understood again; give their number."""
    rows = Progress.objects.filter(generation__lt=generation, generation__gt=0, understand_at=None)
    with transaction.atomic():
        locked = rows.order_by("-article_id").select_for_update(skip_locked=True, no_key=True)
        ids = list(locked.values_list("article_id", flat=True)[:limit])
        return Progress.objects.filter(article__in=ids).update(understand_at=now)


def claim(now: datetime, *, lease: timedelta, limit: int) -> tuple[UUID, list[UUID]]:
    """Take articles to be understood, the earliest first; give the token of the claim, and their ids."""
    token = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH free AS MATERIALIZED (
                SELECT article_id FROM store_progress
                WHERE understand_at <= %(now)s AND (claimed_until IS NULL OR claimed_until <= %(now)s)
                ORDER BY understand_at, article_id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
            )
            UPDATE store_progress row SET claimed_until = %(until)s, claim_token = %(token)s
            FROM free WHERE row.article_id = free.article_id
            RETURNING row.article_id
            """,
            {"now": now, "until": now + lease, "token": token, "limit": limit},
        )
        return token, sorted(row[0] for row in cursor.fetchall())


def held(token: UUID, articles: Sequence[UUID]) -> QuerySet[Progress]:
    """Give the rows of a claim that are still its own, locked; stands in the transaction that writes."""
    rows = Progress.objects.filter(article__in=articles, claim_token=token, claimed_until__isnull=False)
    return rows.order_by("article_id").select_for_update(no_key=True)


def failed(token: UUID, articles: Sequence[UUID]) -> None:
    """Note that understanding articles ended without an answer; they are due again after their lease."""
    rows = Progress.objects.filter(article__in=articles, claim_token=token)
    rows.update(tries=F("tries") + 1)


def exhausted(token: UUID, articles: Sequence[UUID]) -> list[UUID]:
    """Give those of a claim that were tried often enough."""
    rows = Progress.objects.filter(article__in=articles, claim_token=token, tries__gte=TRIES)
    return sorted(rows.values_list("article_id", flat=True))


def any_to_understand(now: datetime) -> bool:
    """Tell whether an article is to be understood."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return Progress.objects.filter(free, understand_at__lte=now).exists()


def any_outdated(*, generation: int = GENERATION) -> bool:
    """Tell whether an article was understood by an older recipe and waits for nothing yet."""
    rows = Progress.objects.filter(generation__lt=generation, generation__gt=0, understand_at=None)
    return rows.exists()


def any_to_relate(now: datetime) -> bool:
    """Tell whether an article is to be related to others."""
    return Progress.objects.filter(relate_at__lte=now).exists()
