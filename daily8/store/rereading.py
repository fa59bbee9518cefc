"""Texts that are made anew from what is stored: pages by a newer recipe, HTML by a newer policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daily8.news.sanitise import POLICY_VERSION
from daily8.news.types import block_from_json
from daily8.store import arrivals, hosts, kept, pictures, revisions, sites, wishes
from daily8.store.arrivals import PageResult
from daily8.store.kept import DueReading, Keep
from daily8.store.models import Article, KeptPage, Revision
from daily8.store.wakeups import wake


def record(due: DueReading, result: PageResult, page: Keep, *, now: datetime) -> bool:
    """Write what reading a kept page again gave; tell whether it was written.

    It is not when somebody else took the page, or its site's rules changed meanwhile. The publisher changed
    nothing: the newest revision is made anew in place, and no new one is added.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update().filter(id=due.article).first()
        sites.lock(due.domain)
        held = KeptPage.objects.filter(
            article=due.article, claim_token=due.token, claimed_until__isnull=False
        )
        read_at = held.values_list("read_at", flat=True).first()
        if row is None or read_at is None:
            return False
        arrivals.retake(row, result)
        row.save()
        shows = wishes.shown(row).shows_pictures
        if shows and result.extracted.quality.verdict != "none" and result.pictures:
            lead = row.image["url"] if row.image else None
            urls = list(dict.fromkeys((*([lead] if lead else []), *result.pictures)))
            told = pictures.keep(row.id, urls, lead=lead, now=now)
            if told:
                hosts.tell(told)
                wake("fetch")
        # Other bytes than those that were read are nobody's: the page stays as it was kept.
        kept.keep(row, replace(page, body=due.body), result.extracted.quality, now=now, read_at=read_at)
    return True


@dataclass(frozen=True, slots=True)
class Stored:
    """All HTML that is stored of an article."""

    article: UUID
    url: str
    summary: str
    content: str
    revisions: tuple[tuple[int, list[dict[str, Any]]], ...]
    """Blocks by the revision's row."""


def older_policy(limit: int) -> list[Stored]:
    """Give articles whose HTML went through an older sanitising policy."""
    rows = Article.objects.filter(policy__lt=POLICY_VERSION).prefetch_related("revisions")
    return [
        Stored(
            row.id,
            row.url,
            row.summary,
            row.content,
            tuple((revision.id, revision.blocks) for revision in row.revisions.all()),
        )
        for row in rows[:limit]
    ]


def any_older_policy() -> bool:
    """Tell whether any HTML went through an older sanitising policy."""
    return Article.objects.filter(policy__lt=POLICY_VERSION).exists()


def record_cleaned(found: Sequence[tuple[Stored, Stored]]) -> None:
    """Write HTML that was sanitised again, given before and after; what changed meanwhile is left alone."""
    with transaction.atomic():
        rows = Article.objects.select_for_update().order_by("id").in_bulk([old.article for old, _ in found])
        for old, new in found:
            row = rows.get(old.article)
            if row is None or (row.summary, row.content) != (old.summary, old.content):
                continue
            row.summary, row.content, row.policy = new.summary, new.content, POLICY_VERSION
            row.save(update_fields=["summary", "content", "policy"])
            for (number, before), (_, blocks) in zip(old.revisions, new.revisions, strict=True):
                if before != blocks:
                    _clean_revision(number, before, blocks)


def _clean_revision(number: int, before: list[dict[str, Any]], blocks: list[dict[str, Any]]) -> None:
    revision = Revision.objects.select_for_update().filter(id=number).first()
    if revision is None or revision.blocks != before:
        return
    revisions.rewrite(revision, [*map(block_from_json, blocks)])
