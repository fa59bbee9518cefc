"""What arrives: new articles from a feed, and the texts that their pages give."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from daily8.news.types import Block, Enclosure, Extracted, Image, block_to_json
from daily8.store import hosts
from daily8.store.hosts import DuePage, DuePicture, DuePoll, HostClaim
from daily8.store.models import Article, ArticlePicture, Entry, Errand, Picture, Revision


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry of a feed on its way to become an article, or to tell that one has changed."""

    key: str
    digest: str
    article: str
    url: str
    page_host: str
    """Host of its page under which manners are kept; empty where there is no page to read."""
    title: str
    dek: str
    authors: tuple[str, ...]
    kind: str
    language: str
    tags: tuple[str, ...]
    image: Image | None
    enclosures: tuple[Enclosure, ...]
    summary: str
    content: str
    excerpt: str
    published_at: datetime
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """What of a fetch was new."""

    count: int
    """Articles that are new to the site."""
    hosts: frozenset[str]
    """Hosts on which pages became due."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """What reading a page gave."""

    extracted: Extracted
    excerpt: str
    recipe: str
    pictures: Mapping[str, str]
    """Hosts of the pictures to keep, by address; the lead image first."""


def arrive(due: DuePoll, new: Sequence[Draft], changed: Sequence[Draft], *, now: datetime) -> Arrived:
    """Write what a fetch brought: articles, their entries, and the pages to be read.

    An article that the site knows through another source gets an entry more and is not new.
    """
    drafts = {draft.article: draft for draft in reversed(new)}
    known = set(Article.objects.filter(key__in=drafts).values_list("key", flat=True))
    fresh = sorted((draft for key, draft in drafts.items() if key not in known), key=lambda d: d.article)
    # Another worker may bring the same article at this moment: both then get the row of the first.
    Article.objects.bulk_create([_article(due, draft, now) for draft in fresh], ignore_conflicts=True)
    ids = dict(Article.objects.filter(key__in=drafts).values_list("key", "id"))
    Entry.objects.bulk_create(
        [
            Entry(source_id=due.source, key=d.key, article_id=ids[d.article], digest=d.digest, seen_at=now)
            for d in (*new, *changed)
            if d.article in ids
        ],
        update_conflicts=True,
        unique_fields=["source", "key"],
        update_fields=["digest", "seen_at"],
    )
    pages = {ids[draft.article]: draft.page_host for draft in fresh if draft.page_host}
    hosts.send(Errand.Kind.PAGE, pages, now)
    again = _changed(due, changed, now)
    return Arrived(len(fresh), frozenset(pages.values()) | again)


def _article(due: DuePoll, draft: Draft, now: datetime) -> Article:
    return Article(
        publisher_id=due.publisher,
        source_id=due.source,
        key=draft.article,
        arrived_at=now,
        **_told(draft),
        published_at=min(draft.published_at, now),
        updated_at=draft.updated_at,
    )


def _told(draft: Draft) -> dict[str, Any]:
    return {
        "url": draft.url,
        "title": draft.title,
        "dek": draft.dek,
        "authors": list(draft.authors),
        "kind": draft.kind,
        "language": draft.language,
        "tags": list(draft.tags),
        "image": asdict(draft.image) if draft.image else None,
        "enclosures": [asdict(enclosure) for enclosure in draft.enclosures],
        "summary": draft.summary,
        "content": draft.content,
        "excerpt": draft.excerpt,
    }


def _changed(due: DuePoll, changed: Sequence[Draft], now: datetime) -> frozenset[str]:
    """Take over what a feed says anew of its entries, and ask for their pages once more."""
    if not changed:
        return frozenset()
    drafts = {draft.key: draft for draft in changed}
    entries = Entry.objects.filter(source_id=due.source, key__in=drafts).select_related("article")
    rows, pages = [], {}
    for entry in entries.order_by("article_id"):
        draft, row = drafts[entry.key], entry.article
        if row.source_id != due.source:
            continue  # the source that brought it first speaks for it
        told = _told(draft)
        if row.verdict == "article":  # its page is the better witness of these
            told = {name: told[name] for name in ("summary", "content", "enclosures", "tags")}
        for name, value in told.items():
            setattr(row, name, value)
        row.updated_at = draft.updated_at or row.updated_at
        rows.append(row)
        if draft.page_host:
            pages[row.id] = draft.page_host
    Article.objects.bulk_update(rows, [*_told(changed[0]), "updated_at"])
    hosts.again(Errand.Kind.PAGE, pages, now)
    return frozenset(pages.values())


def record_page(
    claim: HostClaim, due: DuePage, result: PageResult, *, now: datetime, lease: timedelta
) -> None:
    """Write what a page gave: the article's facts, a revision if its text changed, and its pictures.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update().get(id=due.article)
        _take(row, result, now)
        row.save()
        _revise(row, result, now)
        pictures = _keep_pictures(row, result, now)
        hosts.finish(due.errand)
        hosts.hold(claim, now=now, lease=lease, due=dict.fromkeys(pictures, now))


def _take(row: Article, result: PageResult, now: datetime) -> None:
    found = result.extracted
    for name in ("title", "dek", "section", "canonical_url", "language"):
        if value := getattr(found, name):
            setattr(row, name, value)
    row.authors = list(found.authors) or row.authors
    row.tags = list(dict.fromkeys((*row.tags, *found.tags)))
    if found.kind != "text":
        row.kind = found.kind
    if found.image:
        row.image = asdict(found.image)
    if found.published:
        row.published_at = min(found.published, row.arrived_at)
    if found.updated and found.updated > row.published_at:
        row.updated_at = min(found.updated, now)
    row.excerpt = result.excerpt or row.excerpt
    row.paywalled, row.live = found.paywalled, found.live
    row.verdict = found.quality.verdict
    row.quality = {
        "score": found.quality.score,
        "reasons": list(found.quality.reasons),
        "recipe": result.recipe,
    }


def _revise(row: Article, result: PageResult, now: datetime) -> None:
    blocks = [block_to_json(block) for block in result.extracted.blocks]
    if not blocks:
        return
    digest = _digest(row.title, row.dek, result.extracted.blocks)
    newest = row.revisions.order_by("-number").values_list("number", "digest").first()
    if newest and newest[1] == digest:
        return
    Revision.objects.create(
        article=row,
        number=(newest[0] if newest else 0) + 1,
        seen_at=now,
        title=row.title,
        dek=row.dek,
        blocks=blocks,
        digest=digest,
        recipe=result.recipe,
    )


def _digest(title: str, dek: str, blocks: Sequence[Block]) -> str:
    said = json.dumps([title, dek, *map(block_to_json, blocks)], ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _keep_pictures(row: Article, result: PageResult, now: datetime) -> list[str]:
    """Note the pictures of an article; only the lead image is fetched before somebody asks for it."""
    urls = list(result.pictures)
    if not urls:
        return []
    Picture.objects.bulk_create([Picture(url=url) for url in sorted(urls)], ignore_conflicts=True)
    pictures = dict(Picture.objects.filter(url__in=urls).values_list("url", "id"))
    lead = row.image["url"] if row.image else None
    ArticlePicture.objects.bulk_create(
        [
            ArticlePicture(article=row, picture_id=pictures[url], lead=url == lead, recipe=result.recipe)
            for url in urls
        ],
        update_conflicts=True,
        unique_fields=["article", "picture"],
        update_fields=["lead", "recipe"],
    )
    if lead not in pictures:
        return []
    hosts.send(Errand.Kind.PICTURE, {pictures[lead]: result.pictures[lead]}, now)
    return [result.pictures[lead]]


def set_aside(
    claim: HostClaim, due: DuePage | DuePicture, cause: str, *, now: datetime, lease: timedelta
) -> None:
    """Give up an errand because of ``cause``, a plain sentence.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        hosts.finish(due.errand, cause=cause, aside=True)
        hosts.hold(claim, now=now, lease=lease)


def put_off(
    claim: HostClaim,
    due: DuePage | DuePicture,
    cause: str,
    *,
    until: datetime,
    now: datetime,
    lease: timedelta,
) -> None:
    """Try an errand again at ``until`` because of ``cause``.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        hosts.put_off(due.errand, until=until, tries=due.tries + 1, cause=cause)
        hosts.hold(claim, now=now, lease=lease)


def entry_of(article: UUID) -> Article:
    """Give the row whose feed text is evidence beside its page."""
    return Article.objects.get(id=article)
