"""Publishers: who they are, and their page."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from daily8.store import articles, sources
from daily8.store.models import Article, Publisher, Source
from daily8.store.values import PublisherPage


def page(slug: str, *, older: str | None = None, limit: int = 24) -> PublisherPage | None:
    """Give the page of a publisher with its articles, newest first.

    :raises daily8.store.paging.BadPage: for an ``older`` that no page gave.
    """
    # PostgreSQL refuses NUL in a text.
    shown = Source.objects.exclude(sources.HIDDEN)
    rows = Publisher.objects.filter(Exists(shown.filter(publisher=OuterRef("pk"))))
    row = rows.select_related("icon__picture").filter(slug=slug.replace("\x00", "")).first()
    if row is None:
        return None
    return PublisherPage(
        publisher=sources.publisher_view(row),
        list=articles.card_page(Article.objects.filter(publisher=row), older, limit),
        sources=sources.views(shown.filter(publisher=row, parent=None).order_by("title", "id")[:50]),
    )
