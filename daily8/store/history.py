"""The history of an article: which texts it had, and what each changed, as far as a reader may see it."""

from __future__ import annotations

from uuid import UUID

from daily8.news.revisions import Difference, Version, compare
from daily8.store.articles import display
from daily8.store.models import Article, Revision
from daily8.store.revisions import changes_of, version
from daily8.store.sources import publisher_view
from daily8.store.values import HistoryPage


def history(article_id: UUID, number: int | None, *, signed_in: bool, visibility: str) -> HistoryPage | None:
    """Give the versions of an article and what one changed: the numbered one, or the newest.

    ``None`` for an unknown article, or a version that is not kept.
    """
    row = Article.objects.select_related("publisher__icon__picture", "source").filter(id=article_id).first()
    if row is None:
        return None
    changes = changes_of(row)
    at = next((n for n, change in enumerate(changes) if change.number == number), None)
    if number is None and changes:
        at = len(changes) - 1
    if at is None and (number is not None or changes):
        return None
    shown = changes[at] if at is not None else None
    before = changes[at - 1] if at else None
    shows, limited = display(row, signed_in=signed_in, visibility=visibility)
    difference = None
    if shown and before:
        difference = _difference(row, before.number, shown.number, whole=shows == "full")
    return HistoryPage(
        id=row.id,
        title=row.title,
        publisher=publisher_view(row.publisher),
        language=row.language,
        url=row.url,
        canonical_url=row.canonical_url or row.url,
        display=shows,
        limited=limited,
        published_at=row.published_at,
        changes=changes,
        shown=shown,
        before=before,
        difference=difference,
    )


def _difference(row: Article, old: int, new: int, *, whole: bool) -> Difference:
    """Compare two versions; of an article that may not be shown whole, only their headlines."""
    rows = Revision.objects.filter(article=row, number__in=(old, new)).order_by("number")
    before, after = (
        version(each, row.language) if whole else Version(each.title, language=row.language) for each in rows
    )
    return compare(before, after)
