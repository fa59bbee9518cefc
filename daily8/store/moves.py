"""Sources that move to another address, and two that turn out to be one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from daily8.store.models import Alias, Article, Delivery, Entry, Fetch, Poll, Source, Subscription


@dataclass(frozen=True, slots=True)
class Home:
    """An address at which a source is asked."""

    url: str
    key: str
    """Canonical form of the address."""
    host: str
    """Name under which manners are kept."""


def move(source: UUID, home: Home, now: datetime) -> None:
    """Ask a source at another address from now on; its old one stays its own.

    Where another source is asked there already, the two become one: the older, with all that both had.
    Belongs in the transaction that records the fetch that proved the move, after its state was written; who
    calls tells the new host when the source is due.
    """
    twin = Source.objects.filter(key=home.key).exclude(id=source).values_list("id", flat=True).first()
    # Rows are locked in one order, so that two workers never wait for each other.
    rows = Source.objects.filter(id__in=[source, twin] if twin else [source])
    mine, *others = sorted(rows.order_by("id").select_for_update(), key=lambda row: row.id != source)
    old = mine.key
    kept = _merge(mine, others[0]) if others else mine
    kept.url, kept.key, kept.host = home.url, home.key, home.host
    kept.save(update_fields=["url", "key", "host"])
    Alias.objects.filter(key=home.key).delete()
    Alias.objects.update_or_create(key=old, defaults={"source": kept, "since": now})


def _merge(mine: Source, other: Source) -> Source:
    """Make one of two sources: the older keeps its place and gets all that the other had."""
    kept, lost = sorted((mine, other), key=lambda row: (row.added_at, row.id))
    known = Entry.objects.filter(source=kept).values("key")
    Entry.objects.filter(source=lost).exclude(key__in=known).update(source=kept)
    for rows in (Article.objects, Fetch.objects, Delivery.objects, Alias.objects):
        rows.filter(source=lost).update(source=kept)
    Source.objects.filter(parent=lost).exclude(id=kept.id).update(parent=kept)
    if not Subscription.objects.filter(source=kept).exists():
        Subscription.objects.filter(source=lost).update(source=kept)
    # What was just fetched is known best by the row of the one that was asked.
    if kept.id != mine.id:
        Poll.objects.filter(source=kept).delete()
        Poll.objects.filter(source=mine).update(source=kept)
    _join(kept, lost)
    lost.delete()
    return kept


def _join(kept: Source, lost: Source) -> None:
    for name in ("title", "home", "language", "format"):
        setattr(kept, name, getattr(kept, name) or getattr(lost, name))
    if kept.rights == Source.Rights.UNKNOWN:
        kept.rights = lost.rights
    if Source.State.ACTIVE in (kept.state, lost.state):
        kept.state = Source.State.ACTIVE
    kept.folders = _both(kept.folders, lost.folders)
    kept.interests = _both(kept.interests, lost.interests)
    if kept.parent_id is None or lost.parent_id is None:
        kept.parent_id = None  # one of them stood for itself, and nobody's source becomes a part
    kept.save()


def _both(one: list[Any], two: list[Any]) -> list[Any]:
    return one + [value for value in two if value not in one]
