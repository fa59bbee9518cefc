"""Texts that are made anew from what is stored: pages by a newer recipe, HTML by a newer policy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from daily8.news.sanitise import POLICY_VERSION
from daily8.news.types import block_from_json
from daily8.store import arrivals, hosts, kept, pictures, progress, revisions, sites, vectors, wishes
from daily8.store.arrivals import PageResult
from daily8.store.kept import DueReading, Keep
from daily8.store.models import Article, KeptPage, Revision
from daily8.store.wakeups import wake_after

_POLICY = re.compile(r"\bpolicy \d+")
"""In the recipe of a revision."""


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
        arrivals.retake(row, result, page.said)
        row.save()
        vectors.tell([row.id])
        told: dict[str, datetime] = {}
        shows = wishes.shown(row).shows_pictures
        if shows and result.extracted.quality.verdict != "none" and result.pictures:
            lead = row.image["url"] if row.image else None
            urls = list(dict.fromkeys((*([lead] if lead else []), *result.pictures)))
            told = pictures.keep(row.id, urls, lead=lead, now=now)
        # Other bytes than those that were read are nobody's: the page stays as it was kept.
        kept.keep(row, replace(page, body=due.body), result.extracted.quality, now=now, read_at=read_at)
        progress.again([row.id], now)
        if told:  # hosts last, as everywhere: others hold one while they wait for a site
            hosts.tell(told)
            wake_after("fetch")
    return True


@dataclass(frozen=True, slots=True)
class Stored:
    """All HTML that is stored of an article."""

    article: UUID
    url: str
    summary: str
    content: str
    revisions: tuple[tuple[int, list[dict[str, Any]], list[dict[str, Any]]], ...]
    """Blocks by the revision's row, and what was left out of them."""


def older_policy(limit: int, after: UUID | None = None) -> list[Stored]:
    """Give articles whose HTML went through an older sanitising policy, those behind ``after``."""
    rows = Article.objects.filter(policy__lt=POLICY_VERSION).order_by("id").prefetch_related("revisions")
    if after:
        rows = rows.filter(id__gt=after)
    return [
        Stored(
            row.id,
            row.url,
            row.summary,
            row.content,
            tuple((revision.id, revision.blocks, revision.aside) for revision in row.revisions.all()),
        )
        for row in rows[:limit]
    ]


def any_older_policy() -> bool:
    """Tell whether any HTML went through an older sanitising policy."""
    return Article.objects.filter(policy__lt=POLICY_VERSION).exists()


def record_cleaned(found: Sequence[tuple[Stored, Stored]]) -> None:
    """Write HTML that was sanitised again, given before and after; what changed meanwhile is left alone.

    An article of which anything was left alone stays due.
    """
    with transaction.atomic():
        rows = Article.objects.select_for_update().order_by("id").in_bulk([old.article for old, _ in found])
        for old, new in found:
            row = rows.get(old.article)
            if row is None or (row.summary, row.content) != (old.summary, old.content):
                continue
            texts = zip(old.revisions, new.revisions, strict=True)
            # Each is tried, whatever became of the others.
            clean = [_clean_revision(number, before, after) for (number, *before), (_, *after) in texts]
            if all(clean):
                row.policy = POLICY_VERSION
            row.summary, row.content = new.summary, new.content
            row.save(update_fields=["summary", "content", "policy"])


def _clean_revision(number: int, before: list[Any], after: list[Any]) -> bool:
    """Write one text; tell whether nothing of it is left that went through an older policy."""
    revision = Revision.objects.select_for_update().filter(id=number).first()
    if revision is None:
        return True
    if [revision.blocks, revision.aside] != before:
        return False
    blocks, revision.aside = after
    revision.recipe = _POLICY.sub(f"policy {POLICY_VERSION}", revision.recipe)
    revisions.rewrite(revision, [*map(block_from_json, blocks)])
    return True
