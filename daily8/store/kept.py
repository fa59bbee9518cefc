"""Pages that are kept, to be read again without asking for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum

from daily8.news.repair import GENERATION, Guide
from daily8.news.repeats import Edge
from daily8.news.types import Entry, Quality
from daily8.store import articles, repeats, sites
from daily8.store.models import Article, KeptPage

CLAIM_MOST = 20
TRIES = 3
"""Times that reading a page again may end without an answer."""
_PRUNED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Keep:
    """A page that was read, with what reading it again needs."""

    domain: str
    url: str
    content_type: str
    body: bytes
    """Packed; empty for one that is not kept."""
    said: Entry
    """What the feed said when it was read."""
    guide: Guide
    """By which it was read."""
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class DueReading:
    """A kept page that is to be read again."""

    article: UUID
    token: UUID | None
    """Of the claim; ``None`` for a page that is merely looked at."""
    domain: str
    url: str
    content_type: str
    body: bytes
    entry: Entry
    guide: Guide


@dataclass(frozen=True, slots=True)
class Material:
    """What reading a page needs beside the page."""

    entry: Entry
    guide: Guide
    behind: bool
    """Whether its kept page was read by an older recipe: that is made good first, so that what has changed
    since is the publisher's doing alone."""


def material(article: UUID, domain: str, url: str) -> Material:
    """Give what reading the page of an article needs."""
    row = Article.objects.get(id=article)
    page = KeptPage.objects.filter(article=article).defer("body").first()
    entry = _entry(row, page.said) if page else articles.told(row)
    return Material(entry, sites.guide(domain, url), page is not None and page.generation < GENERATION)


def keep(
    row: Article, page: Keep, quality: Quality, *, now: datetime, read_at: datetime | None = None
) -> None:
    """Keep a page as it was read, and count what its site repeats.

    Where more is known of its site by now than when it was read, it is due again. ``read_at`` is the time of
    its fetch. Stands in the transaction that records the reading.
    """
    sites.lock(page.domain)
    repeated = repeats.count(row, page.domain, page.edges, now)
    clean = repeated <= page.guide.learned and sites.number(page.domain) == page.guide.number
    if not page.body:
        KeptPage.objects.filter(article=row).delete()
        return
    facts: dict[str, Any] = {
        "domain": page.domain,
        "url": page.url,
        "content_type": page.content_type,
        "score": quality.score,
        "verdict": quality.verdict,
        "said": _said(page.said),
        "generation": GENERATION if clean else 0,
        "tries": 0,
        "claimed_until": None,
        "claim_token": None,
    }
    if read_at is None:
        facts |= {"body": page.body, "size": len(page.body), "read_at": now}
    KeptPage.objects.update_or_create(article=row, defaults=facts)


def retold(told: Mapping[UUID, Entry]) -> None:
    """Keep what feeds say anew of articles with their pages; what a feed no longer says is not taken back."""
    pages = KeptPage.objects.filter(article__in=told).defer("body").order_by("article_id")
    for page in pages.select_for_update():
        page.said |= _said(told[page.article_id])
        page.save(update_fields=["said"])


_PLAIN = ("title", "authors", "language", "categories", "image", "kind")
_TIMES = ("published", "updated")


def _said(entry: Entry) -> dict[str, Any]:
    said = {name: value for name in _PLAIN if (value := getattr(entry, name))}
    return said | {name: at.isoformat() for name in _TIMES if (at := getattr(entry, name))}


def _entry(row: Article, said: dict[str, Any]) -> Entry:
    """Give what the feed said: the article's row now says what its page did."""
    values: dict[str, Any] = {name: said.get(name) for name in _PLAIN}
    values |= {name: tuple(said.get(name) or ()) for name in ("authors", "categories")}
    values |= {name: datetime.fromisoformat(said[name]) if name in said else None for name in _TIMES}
    return replace(articles.told(row), **values)


def any_due(now: datetime) -> bool:
    """Tell whether a kept page is to be read again."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return KeptPage.objects.filter(free, generation__lt=GENERATION).exists()


def claim(
    now: datetime, *, lease: timedelta, limit: int = CLAIM_MOST, article: UUID | None = None
) -> list[DueReading]:
    """Take kept pages to be read again, changed rules first, then the newest; or one article's."""
    token = uuid4()
    one = "AND article_id = %(article)s" if article else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH free AS MATERIALIZED (
                SELECT article_id FROM store_keptpage
                WHERE generation < %(generation)s
                    AND (claimed_until IS NULL OR claimed_until <= %(now)s) {one}
                ORDER BY generation, read_at DESC LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            )
            UPDATE store_keptpage SET claimed_until = %(until)s, claim_token = %(token)s
            FROM free WHERE store_keptpage.article_id = free.article_id
            RETURNING store_keptpage.article_id
            """,  # noqa: S608 - a constant of ours
            {
                "until": now + lease,
                "token": token,
                "generation": GENERATION,
                "now": now,
                "limit": limit,
                "article": article,
            },
        )
        ids = [row[0] for row in cursor.fetchall()]
    rows = KeptPage.objects.filter(article__in=ids, claim_token=token).select_related("article")
    return readings(list(rows), token)


def readings(rows: Sequence[KeptPage], token: UUID | None = None) -> list[DueReading]:
    """Give kept pages with what reading them needs; only with a ``token`` may they be written."""
    known = {domain: sites.known(domain) for domain in sorted({row.domain for row in rows})}
    return [
        DueReading(
            row.article_id,
            token,
            row.domain,
            row.url,
            row.content_type,
            bytes(row.body),
            _entry(row.article, row.said),
            known[row.domain].guide(row.url),
        )
        for row in rows
    ]


def let_go(due: DueReading) -> None:
    """Give a page back that cannot be read at all by today's recipe: it stays as it is."""
    _held(due).update(generation=GENERATION, tries=0, claimed_until=None, claim_token=None)


def failed(due: DueReading) -> None:
    """Note that reading a page ended without an answer; it is due again after its lease, and a few times."""
    _held(due).update(tries=F("tries") + 1)
    if _held(due).filter(tries__gte=TRIES).exists():
        let_go(due)


def _held(due: DueReading) -> QuerySet[KeptPage]:
    return KeptPage.objects.filter(article=due.article, claim_token=due.token, claimed_until__isnull=False)


def prune(before: datetime, *, limit: int) -> int:
    """Delete pages read before a time, and the oldest beyond ``limit`` bytes in all; give their number."""
    gone = _deleted("SELECT article_id FROM store_keptpage WHERE read_at < %s", before)
    if (KeptPage.objects.aggregate(n=Sum("size"))["n"] or 0) <= limit:
        return gone
    over = """
        SELECT article_id FROM (
            SELECT article_id, sum(size) OVER (ORDER BY read_at DESC, article_id) AS total
            FROM store_keptpage
        ) AS summed WHERE total > %s
    """
    return gone + _deleted(over, limit)


def _deleted(which: str, value: datetime | int) -> int:
    """Delete pages in small steps, and pass over those that others hold: they go another time."""
    gone = 0
    with connection.cursor() as cursor:
        cursor.execute(which, [value])
        ids = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(ids), _PRUNED_AT_ONCE):
            cursor.execute(
                """
                DELETE FROM store_keptpage WHERE article_id IN (
                    SELECT article_id FROM store_keptpage WHERE article_id = ANY(%s)
                    ORDER BY article_id FOR UPDATE SKIP LOCKED
                )
                """,
                [ids[start : start + _PRUNED_AT_ONCE]],
            )
            gone += int(cursor.rowcount)
    return gone
