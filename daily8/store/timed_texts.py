"""Timed texts of episodes: kept as their feed gives them, or read from the files that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from daily8.news.types import Chapter, Line, TimedFile
from daily8.news.urls import domain
from daily8.store import hosts
from daily8.store.hosts import DueTimed, HostClaim
from daily8.store.models import Errand, TimedText
from daily8.store.values import Timed

RECENT = timedelta(days=30)
"""Files of older episodes are not read: a new source may bring hundreds of them at once."""
IN_THE_FEED = "feed"
"""The recipe of what stands in the feed itself."""

Told = tuple[UUID, datetime | None, Sequence[Chapter], Sequence[TimedFile]]
"""An article, when it was published, its chapters, and the files that its feed names."""


def keep(told: Iterable[Told], *, now: datetime) -> dict[str, datetime]:
    """Note what a feed gives of episodes, and make the files of recent ones due; give when by host."""
    wanted: dict[tuple[UUID, str], TimedText] = {}
    late: set[UUID] = set()
    for article, published, chapters, files in told:
        wanted |= {(article, row.kind): row for row in _rows(article, chapters, files)}
        if published is not None and now - published > RECENT:
            late.add(article)
    if not wanted:
        return {}
    # Another worker may bring the same article at this moment: both then get the rows of the first.
    TimedText.objects.bulk_create([wanted[key] for key in sorted(wanted)], ignore_conflicts=True)
    again: dict[UUID, str] = {}
    first: dict[UUID, str] = {}
    moved: list[TimedText] = []
    given: list[TimedText] = []
    for row in TimedText.objects.filter(article__in={article for article, _ in wanted}).order_by("id"):
        new = wanted.get((row.article_id, row.kind))
        if new is None:
            continue
        differs = _said(row) != _said(new)
        if differs:
            new.id = row.id
            (moved if new.url else given).append(new)
        if new.url and row.article_id not in late:
            host = domain(new.url, own_suffixes=settings.EGRESS_SUFFIXES)
            (again if differs else first)[row.id] = host
    # What a file said is kept until it is read anew: that of an old episode never is.
    TimedText.objects.bulk_update(moved, ["url", "type", "language"])
    TimedText.objects.bulk_update(given, ["url", "type", "language", "content", "recipe"])
    hosts.send(Errand.Kind.TIMED, first, now)
    hosts.again(Errand.Kind.TIMED, again, now)
    return dict.fromkeys((*first.values(), *again.values()), now)


def _said(row: TimedText) -> tuple[str, str, object]:
    """Give what tells whether a feed says something else: queries of addresses may be signed anew."""
    return row.url.partition("?")[0], row.type, None if row.url else row.content


def _rows(article: UUID, chapters: Sequence[Chapter], files: Sequence[TimedFile]) -> list[TimedText]:
    found = {
        file.kind: TimedText(
            article_id=article,
            kind=file.kind,
            url=file.url,
            type=file.type or "",
            language=file.language or "",
        )
        for file in files
    }
    if chapters:  # they are here: no file is needed for them
        content = [asdict(chapter) for chapter in chapters]
        kind = TimedText.Kind.CHAPTERS
        found["chapters"] = TimedText(article_id=article, kind=kind, content=content, recipe=IN_THE_FEED)
    return list(found.values())


def sort_of(timed: UUID) -> tuple[str, str]:
    """Give the kind of a timed text, and the media type that its feed states."""
    row = TimedText.objects.get(id=timed)
    return row.kind, row.type


def record(
    claim: HostClaim,
    due: DueTimed,
    rows: Sequence[Mapping[str, Any]],
    recipe: str,
    *,
    now: datetime,
    lease: timedelta,
) -> None:
    """Store what a file said, unless the feed names another one by now, or says it itself.

    :raises daily8.store.hosts.Fenced: when another worker took the host over; nothing is written.
    """
    with transaction.atomic():
        TimedText.objects.filter(id=due.timed, url=due.url).update(content=[*map(dict, rows)], recipe=recipe)
        hosts.finish(due)
        hosts.hold(claim, now=now, lease=lease)


def of(article: UUID) -> Timed:
    """Give the chapters and the transcript of an article, as far as they are here."""
    rows = {row.kind: row for row in TimedText.objects.filter(article=article)}
    chapters, transcript = rows.get("chapters"), rows.get("transcript")
    return Timed(
        chapters=tuple(Chapter(**row) for row in chapters.content or ()) if chapters else (),
        transcript=tuple(Line(**row) for row in transcript.content or ()) if transcript else (),
        transcript_url=transcript.url if transcript else "",
        language=transcript.language if transcript else "",
    )
