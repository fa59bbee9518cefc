"""Watched pages: which links are their articles, and how a person changes that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daily8.news.listing import (
    BadPattern,
    Pattern,
    Seen,
    pattern_from_json,
    pattern_to_json,
    seen_from_json,
)
from daily8.store import sources
from daily8.store.models import Poll, Source
from daily8.store.wakeups import wake


@dataclass(frozen=True, slots=True)
class WatchedPage:
    """A page that is read as a list of articles."""

    source: UUID
    title: str
    url: str
    pattern: Pattern
    seen: tuple[Seen, ...]
    """Its links as they were when it was last read; empty before that."""
    read_at: datetime | None


def find(source: UUID) -> WatchedPage | None:
    """Give a watched page; ``None`` for a source that is none."""
    row = Source.objects.filter(id=source, way=Source.Way.PAGE).select_related("poll", "publisher").first()
    if row is None:
        return None
    try:
        pattern = pattern_from_json(row.pattern)
    except BadPattern:  # of an older version; it waits to be mended
        pattern = Pattern("/*")
    return WatchedPage(
        source=row.id,
        title=row.title or row.publisher.name,
        url=row.url,
        pattern=pattern,
        seen=seen_from_json(row.pattern.get("seen")),
        read_at=row.poll.succeeded_at,
    )


def adjust(source: UUID, pattern: Pattern, now: datetime) -> bool:
    """Watch a page by another pattern from now on; tell whether it is there.

    It is asked again soon, if that was not done in the last minutes, and once for the whole page: of one that
    has not changed, the new pattern finds other links. Only its newest become articles, as at the beginning.
    """
    with transaction.atomic():
        rows = Source.objects.select_for_update(no_key=True)
        row = rows.filter(id=source, way=Source.Way.PAGE).first()
        if row is None:
            return False
        row.pattern = {**pattern_to_json(pattern), "seen": row.pattern.get("seen", [])}
        row.save(update_fields=["pattern"])
        Poll.objects.filter(source=row).update(etag=None, last_modified=None)
    sources.refresh([source], now, not_since=now - sources.BY_HAND)
    wake("fetch")
    return True
