"""How articles were read, for those who repair it: doubtful ones, site by site, and one site in whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Avg, Count, Q

from daily8.news.repair import GENERATION, Rules
from daily8.news.types import Block, block_from_json
from daily8.store import kept, sites
from daily8.store.kept import DueReading
from daily8.store.models import Article, KeptPage, Revision
from daily8.store.models.reading import LOW_SCORE
from daily8.store.sites import Repeated, Version

LATELY = timedelta(days=14)
SITES_MOST = 100
LOW_MOST = 30
SAMPLES = 3
_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Judged:
    """An article with what was thought of its reading."""

    article: UUID
    title: str
    language: str
    url: str
    domain: str
    score: float
    verdict: str
    reasons: tuple[str, ...]
    recipe: str
    witness: str
    """Whose text won (`daily8.news.repair.Witness`); empty where that is not known."""
    read_at: datetime
    repairable: bool = True
    """Whether its page is kept."""


@dataclass(frozen=True, slots=True)
class SiteReading:
    """How the pages of a site were read lately."""

    domain: str
    pages: int
    low: int
    """Of them doubtful."""
    mean: float
    """Of their scores."""
    rules: bool
    """Whether editors say something of it."""


@dataclass(frozen=True, slots=True)
class ReadingsPage:
    """Where reading goes wrong."""

    sites: tuple[SiteReading, ...]
    """The ones with most doubtful pages first."""
    low: tuple[Judged, ...]
    """Doubtful articles, the newest first."""
    due: int
    """Pages that wait to be read again."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A stored page to try rules on, and its article as readers have it."""

    judged: Judged
    authors: tuple[str, ...]
    published_at: datetime
    picture: str
    """Address of the lead image; empty where there is none."""
    blocks: tuple[Block, ...]
    due: DueReading


@dataclass(frozen=True, slots=True)
class SitePage:
    """Everything that is known of a site."""

    domain: str
    rules: Rules
    """Those under the path that was asked for."""
    paths: tuple[str, ...]
    """For which there are rules."""
    pages: int
    due: int
    samples: tuple[Sample, ...]
    repeated: tuple[Repeated, ...]
    versions: tuple[Version, ...]
    low: tuple[Judged, ...]


def overview(now: datetime) -> ReadingsPage:
    """Give the sites whose pages were read lately, and the doubtful articles."""
    rows = (
        KeptPage.objects.filter(read_at__gt=now - LATELY)
        .values("domain")
        .annotate(
            pages=Count("article"), low=Count("article", filter=Q(score__lt=LOW_SCORE)), mean=Avg("score")
        )
        .order_by("-low", "mean", "domain")[:SITES_MOST]
    )
    ruled = {rules.domain for rules in sites.every()}
    return ReadingsPage(
        tuple(SiteReading(r["domain"], r["pages"], r["low"], r["mean"], r["domain"] in ruled) for r in rows),
        _low(KeptPage.objects.all()),
        KeptPage.objects.filter(generation__lt=GENERATION).count(),
    )


def _low(rows: Any) -> tuple[Judged, ...]:
    found = rows.filter(score__lt=LOW_SCORE).select_related("article").defer("body").order_by("-read_at")
    return tuple(judged(row.article, row) for row in found[:LOW_MOST])


def judged(row: Article, page: KeptPage | None) -> Judged:
    """Give what was thought of an article's reading."""
    quality = row.quality or {}
    return Judged(
        article=row.id,
        title=row.title,
        language=row.language,
        url=page.url if page else row.url,
        domain=page.domain if page else "",
        score=float(quality.get("score", 0.0)),
        verdict=row.verdict,
        reasons=tuple(quality.get("reasons", ())),
        recipe=str(quality.get("recipe", "")),
        witness=str(quality.get("witness", "")),
        read_at=page.read_at if page else row.read_at or row.arrived_at,
        repairable=page is not None,
    )


def of_article(row: Article) -> Judged | None:
    """Give what was thought of an article's reading; ``None`` where its page was not read."""
    if not row.verdict:
        return None
    return judged(row, KeptPage.objects.filter(article=row).defer("body").first())


def site(domain: str, *, path: str = "", article: UUID | None = None) -> SitePage | None:
    """Give everything that is known of a site, with pages to try rules on, ``article`` the first of them.

    ``None`` for one of which nothing is known.
    """
    rules = sites.current(domain)
    pages = KeptPage.objects.filter(domain=domain)
    versions = sites.history(domain)
    count = pages.count()
    if not count and not versions:
        return None
    here = next((r for r in rules if r.path == path), Rules(domain, path))
    return SitePage(
        domain=domain,
        rules=here,
        paths=tuple(r.path for r in rules),
        pages=count,
        due=pages.filter(generation__lt=GENERATION).count(),
        samples=_samples(pages, path, article),
        repeated=sites.repeated(domain, rules),
        versions=versions,
        low=_low(pages),
    )


def _samples(pages: Any, path: str, article: UUID | None) -> tuple[Sample, ...]:
    """Choose pages: the one that was asked for, then the most doubtful of the newest."""
    newest = pages.order_by("-read_at").values_list("article", "url", "score")[:_LOOKED_AT]
    near = [(score, id_) for id_, url, score in newest if _under(url, path)]
    ids = [id_ for _, id_ in sorted(near, key=lambda pair: pair[0])]
    if article and pages.filter(article=article).exists():
        ids = [article, *(id_ for id_ in ids if id_ != article)]
    found = {row.article_id: row for row in pages.filter(article__in=ids[:SAMPLES]).select_related("article")}
    rows = [found[id_] for id_ in ids[:SAMPLES] if id_ in found]
    return tuple(_sample(row, due) for row, due in zip(rows, kept.readings(rows), strict=True))


def _under(url: str, path: str) -> bool:
    try:
        return not path or urlsplit(url).path.startswith(path)
    except ValueError:
        return False


def _sample(row: KeptPage, due: DueReading) -> Sample:
    article = row.article
    newest = Revision.objects.filter(article=article).order_by("-number").first()
    blocks: Iterable[dict[str, Any]] = newest.blocks if newest and article.verdict != "none" else ()
    return Sample(
        judged=judged(article, row),
        authors=tuple(article.authors),
        published_at=article.published_at,
        picture=article.image["url"] if article.image else "",
        blocks=tuple(map(block_from_json, blocks)),
        due=due,
    )
