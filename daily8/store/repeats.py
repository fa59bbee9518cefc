"""Which texts a site repeats: counted over the edges of its articles, learned once they are sure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Count

from daily8.news.repeats import ARTICLES, DAYS, RECIPE, Edge, is_repeated
from daily8.store import revisions, sites
from daily8.store.models import Article, EdgeBlock, KeptPage, RepeatedBlock, Revision
from daily8.store.wakeups import wake_after


def count(row: Article, domain: str, found: Sequence[Edge], now: datetime) -> frozenset[str]:
    """Count the edges of an article, learn what its site repeats, and give all of them that it repeats.

    What is learned makes the stored pages that hold it due. Stands in a transaction that holds
    `daily8.store.sites.lock`.
    """
    texts = {edge.mark: edge.text for edge in found}
    EdgeBlock.objects.filter(article=row).exclude(mark__in=texts).delete()
    day = row.published_at.astimezone(UTC).date()
    EdgeBlock.objects.bulk_create(
        [EdgeBlock(article=row, domain=domain, mark=mark, day=day, recipe=RECIPE) for mark in texts],
        ignore_conflicts=True,
    )
    if not texts:
        return frozenset()
    known = set(RepeatedBlock.objects.filter(domain=domain, mark__in=texts).values_list("mark", flat=True))
    counts = (
        EdgeBlock.objects.filter(domain=domain, mark__in=set(texts) - known)
        .values("mark")
        .annotate(articles=Count("id"), days=Count("day", distinct=True))
        .filter(articles__gte=ARTICLES, days__gte=DAYS)
        .order_by("mark")
    )
    of = EdgeBlock.objects.filter(domain=domain).values("article").distinct().count() if counts else 0
    new = [
        RepeatedBlock(
            domain=domain,
            mark=one["mark"],
            text=texts[one["mark"]],
            articles=one["articles"],
            days=one["days"],
            learned_at=now,
            recipe=RECIPE,
        )
        for one in counts
        if is_repeated(texts[one["mark"]], one["articles"], one["days"], of)
    ]
    if new:
        RepeatedBlock.objects.bulk_create(new)
        holding = EdgeBlock.objects.filter(domain=domain, mark__in=[block.mark for block in new])
        sites.make_due(KeptPage.objects.filter(article__in=holding.values("article")))
        wake_after("reread")
    if not known and not new:
        return frozenset()
    return frozenset(block.mark for block in sites.repeated(domain, marks=texts) if not block.kept)


def any_returning() -> bool:
    """Tell whether a text that an editor keeps is to be put back anywhere."""
    return RepeatedBlock.objects.filter(returning=True).exists()


def put_back(limit: int) -> bool:
    """Put what editors keep back into texts that leave it out; tell whether more may be left to do."""
    with transaction.atomic():
        row = RepeatedBlock.objects.filter(returning=True).order_by("id").first()
        if row is None:
            return False
        texts = Revision.objects.exclude(aside=[]).filter(aside__contains=[{"mark": row.mark}])
        found = list(texts.select_for_update().order_by("id")[:limit])
        for revision in found:
            revisions.put_back(revision, row.mark)
        if not found:
            RepeatedBlock.objects.filter(id=row.id).update(returning=False)
    return True


def prune(before: date) -> int:
    """Forget the edges of articles of an earlier day; give their number. What was learned stays."""
    return EdgeBlock.objects.filter(day__lt=before).delete()[0]
