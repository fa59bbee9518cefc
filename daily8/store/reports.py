"""Articles in the form from which stories, relations and hashtags are decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from daily8.news.blocks import blocks_from_html, blocks_to_text
from daily8.news.language import code
from daily8.news.reports import Report
from daily8.news.types import block_from_json
from daily8.news.understanding import Given
from daily8.store.models import Article, Revision


def given(articles: Iterable[UUID], *, most: int) -> dict[UUID, Given]:
    """Give articles as reports, with what their publishers say of them."""
    return {
        row.id: Given(
            report(row, row.newest[0] if row.newest else None, most=most),
            section=row.section,
            tags=tuple(map(str, row.tags)),
            country=row.publisher.country,
            authors=tuple(map(str, row.authors)),
        )
        for row in _loaded(articles)
    }


def reports(articles: Iterable[UUID], *, most: int) -> dict[UUID, Report]:
    """Give articles as reports, each with at most ``most`` characters of its text."""
    return {
        row.id: report(row, row.newest[0] if row.newest else None, most=most) for row in _loaded(articles)
    }


def _loaded(articles: Iterable[UUID]) -> Iterable[Any]:
    """Load articles with their publisher and, as ``newest``, their newest revision."""
    newest = Revision.objects.order_by("article_id", "-number").distinct("article_id")
    rows = Article.objects.filter(id__in=list(articles)).select_related("publisher")
    return rows.prefetch_related(Prefetch("revisions", queryset=newest, to_attr="newest"))


def report(row: Article, revision: Revision | None, *, most: int) -> Report:
    """Give an article as a report: dek and text, by its page where that was read, else by its feed."""
    if revision and row.verdict != "none":
        blocks = tuple(map(block_from_json, revision.blocks))
    else:
        blocks = blocks_from_html(row.content or row.summary, row.url or None)
    text = blocks_to_text(blocks) or row.excerpt
    if row.dek and not text.startswith(row.dek):
        text = f"{row.dek}\n\n{text}" if text else row.dek
    return Report(
        row.id.hex,
        row.title,
        text[:most],
        code(row.language),
        row.published_at,
        row.publisher.domain,
        row.canonical_url or row.url,
    )
