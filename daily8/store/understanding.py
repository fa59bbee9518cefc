"""What is found out of articles, written down: language, category, hashtags, entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daily8.news.understanding import GENERATION, Given, Tag, Understood
from daily8.store import progress
from daily8.store.models import Arrival, Entity, Hashtag, Progress, Tagging, Understanding
from daily8.store.reports import given
from daily8.store.wakeups import wake_after

TEXT_MOST = 20_000
"""Characters of a text that are read to find out what it is about."""


def claim(now: datetime, *, lease: timedelta, limit: int) -> tuple[UUID, dict[UUID, Given]]:
    """Take articles to be understood; give the token of the claim, and each with what is said of it."""
    token, ids = progress.claim(now, lease=lease, limit=limit)
    return token, given(ids, most=TEXT_MOST)


def record(token: UUID, found: Mapping[UUID, Understood], *, started: datetime, now: datetime) -> int:
    """Write what was found out of articles that are still the claim's own; give their number.

    An article that has no story yet is to be assigned next, any other to be related anew. One that changed
    since the claim ``started`` stays due.
    """
    with transaction.atomic():
        rows = list(progress.held(token, list(found)))
        mine = {row.article_id: found[row.article_id] for row in rows}
        _write(mine)
        assigned = set(Arrival.objects.filter(article__in=mine).values_list("article_id", flat=True))
        for row in rows:
            if row.understand_at is not None and row.understand_at <= started:
                row.understand_at = None
            row.generation, row.tries = GENERATION, 0
            row.claimed_until = row.claim_token = None
            if row.article_id in assigned:
                row.relate_at = now
            else:
                row.assign_at = now
        columns = ["understand_at", "assign_at", "relate_at", "generation", "tries"]
        Progress.objects.bulk_update(rows, [*columns, "claimed_until", "claim_token"])
        if rows:
            wake_after("assign")
    return len(rows)


def _write(found: Mapping[UUID, Understood]) -> None:
    Understanding.objects.bulk_create(
        [
            Understanding(article_id=id_, language=one.language, category=one.category, recipe=one.recipe)
            for id_, one in sorted(found.items())
        ],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["language", "category", "recipe"],
    )
    Tagging.objects.filter(article__in=found).delete()
    Entity.objects.filter(article__in=found).delete()
    ids = _hashtags([tag for one in found.values() for tag in one.hashtags])
    Tagging.objects.bulk_create(
        [
            Tagging(article_id=id_, hashtag_id=ids[tag.key], place=place, recipe=one.recipe)
            for id_, one in sorted(found.items())
            for place, tag in enumerate({tag.key: tag for tag in one.hashtags}.values())
        ]
    )
    Entity.objects.bulk_create(
        [
            Entity(
                article_id=id_, key=each.key, name=each.name, kind=each.kind, place=place, recipe=one.recipe
            )
            for id_, one in sorted(found.items())
            for place, each in enumerate({each.key: each for each in one.entities}.values())
        ]
    )


def _hashtags(tags: Sequence[Tag]) -> dict[str, UUID]:
    """Give the ids of hashtags, new ones with their names; a name that is missing is filled in once known."""
    wanted = {tag.key: dict(tag.names) for tag in tags}
    if not wanted:
        return {}
    Hashtag.objects.bulk_create(
        [
            Hashtag(key=key, name_en=names.get("en", ""), name_ar=names.get("ar", ""))
            for key, names in sorted(wanted.items())
        ],
        ignore_conflicts=True,
    )
    rows = list(Hashtag.objects.filter(key__in=wanted).order_by("key"))
    for column, language in (("name_en", "en"), ("name_ar", "ar")):
        for row in rows:
            if (name := wanted[row.key].get(language)) and not getattr(row, column):
                Hashtag.objects.filter(id=row.id, **{column: ""}).update(**{column: name})
    return {row.key: row.id for row in rows}
