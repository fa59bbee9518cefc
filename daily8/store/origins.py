"""What named an address that is due: the sources, and the articles between."""

from __future__ import annotations

from django.db.models import QuerySet

from daily8.store.hosts import DuePage, DuePicture, DuePoll, DueTimed
from daily8.store.models import Article, Source


def of(due: DuePoll | DuePage | DuePicture | DueTimed) -> list[tuple[str, ...]]:
    """Give the addresses that led to what is due: of each source, with its index and its article."""
    match due:
        case DuePoll():
            return _chains(Source.objects.filter(id=due.source), "parent__url", "url")
        case DuePage():
            return _chains(Article.objects.filter(id=due.article), "source__parent__url", "source__url")
        case DueTimed():
            named = Article.objects.filter(timed_texts=due.timed)
            return _chains(named, "source__parent__url", "source__url")
        case DuePicture():
            shown = Article.objects.filter(pictures__picture=due.picture)
            icon_of = Source.objects.filter(publisher__icon__picture=due.picture)
            found = _chains(shown, "source__parent__url", "source__url", "url")
            return found + _chains(icon_of, "parent__url", "url")


def _chains(rows: QuerySet[Source] | QuerySet[Article], *columns: str) -> list[tuple[str, ...]]:
    return [tuple(filter(None, row)) for row in rows.values_list(*columns)]
