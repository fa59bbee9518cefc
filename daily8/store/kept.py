"""Pages that are kept, to be read again without asking for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q, Sum

from daily8.news.repair import GENERATION, Guide
from daily8.news.repeats import Edge
from daily8.news.types import Entry, Quality
from daily8.store import articles, repeats, sites
from daily8.store.models import Article, KeptPage

CLAIM_MOST = 20


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
    behind = KeptPage.objects.filter(article=article, generation__lt=GENERATION).exists()
    return Material(articles.evidence(article), sites.guide(domain, url), behind)


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
        "generation": GENERATION if clean else 0,
        "claimed_until": None,
        "claim_token": None,
    }
    if read_at is None:
        facts |= {"body": page.body, "size": len(page.body), "read_at": now}
    first = {"said": _said(page.said)}
    KeptPage.objects.update_or_create(article=row, defaults=facts, create_defaults={**facts, **first})


_PLAIN = ("title", "authors", "language", "categories", "image", "kind")
_TIMES = ("published", "updated")


def _said(entry: Entry) -> dict[str, Any]:
    said = {name: value for name in _PLAIN if (value := getattr(entry, name))}
    return said | {name: at.isoformat() for name in _TIMES if (at := getattr(entry, name))}


def _entry(row: Article, said: dict[str, Any]) -> Entry:
    """Give what the feed said at first: the article's row now says what its page did."""
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
            UPDATE store_keptpage SET claimed_until = %(until)s, claim_token = %(token)s
            WHERE article_id IN (
                SELECT article_id FROM store_keptpage
                WHERE generation < %(generation)s
                    AND (claimed_until IS NULL OR claimed_until <= %(now)s) {one}
                ORDER BY generation, read_at DESC LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            ) RETURNING article_id
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
    guides: dict[tuple[str, str], Guide] = defaultdict()
    found = []
    for row in rows:
        place = (row.domain, row.url)
        if place not in guides:
            guides[place] = sites.guide(*place)
        found.append(
            DueReading(
                row.article_id,
                token,
                row.domain,
                row.url,
                row.content_type,
                bytes(row.body),
                _entry(row.article, row.said),
                guides[place],
            )
        )
    return found


def let_go(due: DueReading) -> None:
    """Give a page back that cannot be read at all by today's recipe: it stays as it is."""
    KeptPage.objects.filter(article=due.article, claim_token=due.token, claimed_until__isnull=False).update(
        generation=GENERATION, claimed_until=None, claim_token=None
    )


def prune(before: datetime, *, limit: int) -> int:
    """Delete pages read before a time, and the oldest beyond ``limit`` bytes in all; give their number."""
    gone = KeptPage.objects.filter(read_at__lt=before).delete()[0]
    if (KeptPage.objects.aggregate(n=Sum("size"))["n"] or 0) <= limit:
        return int(gone)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM store_keptpage WHERE article_id IN (
                SELECT article_id FROM (
                    SELECT article_id, sum(size) OVER (ORDER BY read_at DESC, article_id) AS total
                    FROM store_keptpage
                ) AS summed WHERE total > %s
            )
            """,
            [limit],
        )
        return int(gone) + int(cursor.rowcount)
