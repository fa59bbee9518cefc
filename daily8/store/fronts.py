"""Front pages: what is reported lately, where stories stand in each edition, and the page itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum

from daily8.news import fronts
from daily8.news.fronts import Edition, Reported
from daily8.news.ranking import GROWING, Reason
from daily8.news.storyline import Member, represented
from daily8.store import articles, copies
from daily8.store.models import Assigner, FrontRun, Membership, Source, Standing, Tagging
from daily8.store.values import FrontPage, TopStory

READ_MOST = 50_000
"""Reports, the newest, that decide of the front pages."""
LEADS = 4
"""Stories that make the top of a front page: with fewer, the newest articles do."""
HASHTAGS_MOST = 4
"""Of an article, those that say most."""


def reported(since: datetime) -> dict[str, list[Reported]]:
    """Give what was reported since then, by stories."""
    rows = (
        Membership.objects.filter(article__published_at__gt=since)
        .exclude(article__title="")
        .order_by("-article__published_at", "-article_id")
        .values_list(
            "story_id",
            "article_id",
            "article__title",
            "article__publisher_id",
            "article__publisher__country",
            "article__language",
            "article__published_at",
            "article__verdict",
            "article__image__url",
            "article__copy__leader",
            "article__understanding__category",
            "article__source__weight",
        )[:READ_MOST]
    )
    tags = _tags(since)
    found: dict[str, list[Reported]] = defaultdict(list)
    for story, id_, title, publisher, country, language, at, verdict, image, leader, category, weight in rows:
        member = Member(
            id=id_.hex,
            title=title,
            publisher=publisher.hex,
            language=language,
            at=at,
            full=verdict == "article",
            image=bool(image),
            copy_of=leader.hex if leader else "",
            weight=weight,
        )
        one = Reported(member, country, category=category or "", hashtags=tuple(tags.get(id_, ())))
        found[story.hex].append(one)
    return {story: _represented(reported) for story, reported in found.items()}


def _represented(every: Sequence[Reported]) -> list[Reported]:
    if not any(one.member.copy_of for one in every):
        return list(every)
    members = represented([one.member for one in every])
    return [replace(one, member=member) for one, member in zip(every, members, strict=True)]


def _tags(since: datetime) -> Mapping[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = Tagging.objects.filter(article__published_at__gt=since, place__lt=HASHTAGS_MOST)
    for article, key in rows.values_list("article_id", "hashtag__key")[: READ_MOST * HASHTAGS_MOST]:
        found[article].append(key)
    return found


def editions() -> list[Edition]:
    """Give every edition that has sources: the world, languages, and countries in their languages."""
    pairs = {
        (language.partition("-")[0], country)
        for language, country in Source.objects.values_list("language", "publisher__country").distinct()
    }
    languages = {language for language, _ in pairs}
    return [
        Edition(),
        *(Edition(language) for language in sorted(languages) if language),
        *(Edition(language, country) for language, country in sorted(pairs) if language and country),
    ]


def record(edition: Edition, standings: Sequence[fronts.Standing]) -> None:
    """Let stories stand on a front page in this order, and no others."""
    with transaction.atomic():
        Standing.objects.filter(edition=edition.key).delete()
        Standing.objects.bulk_create(
            Standing(
                edition=edition.key,
                place=place,
                story_id=UUID(hex=one.story),
                lead_id=UUID(hex=one.lead),
                score=one.rank.score,
                growth=one.rank.growth,
                reasons=[[reason.code, reason.number] for reason in one.rank.reasons],
                reports=one.reports,
                publishers=one.publishers,
                recipe=fronts.RECIPE,
            )
            for place, one in enumerate(standings)
        )


def mark() -> str:
    """Give what decides of the front pages, in numbers: another where stories or sources changed.

    What was read better meanwhile (a picture, a copy found) does not show in it.
    """
    decided = Assigner.objects.values_list("era", "seq", "place").first() or (0, 0, 0)
    told = Source.objects.aggregate(n=Count("*"), weights=Sum("weight"))
    return f"{fronts.RECIPE} {decided} {told['n']} {told['weights']}"


def last() -> tuple[datetime, str] | None:
    """Give when the front pages were last worked out, and the `mark` of then; ``None`` for never."""
    row = FrontRun._default_manager.first()
    return (row.worked_at, row.mark) if row else None


def worked(at: datetime, mark: str, *, seconds: float, editions: int) -> None:
    """Write down that the front pages were worked out."""
    told = {"worked_at": at, "mark": mark, "seconds": seconds, "editions": editions}
    FrontRun._default_manager.update_or_create(id=1, defaults=told)


def leave(editions: Sequence[Edition]) -> None:
    """Forget the front pages of all other editions."""
    Standing.objects.exclude(edition__in=[edition.key for edition in editions]).delete()


def page(
    *, language: str | None, country: str | None, older: str | None, limit: int, top: int, below: int = 0
) -> FrontPage:
    """Give the front page of an edition: so many stories on top, then the newest articles, or those after.

    Of these there are ``limit``, or ``below`` where at least `LEADS` stories stand above them.

    :raises daily8.store.paging.BadPage: for an ``older`` that no page gave.
    """
    stories = () if older else tops(language=language, country=country, most=top)
    if below and len(stories) >= LEADS:
        limit = below
    latest = articles.latest(
        language=language, country=country, older=older, limit=limit, but=[one.lead.id for one in stories]
    )
    return FrontPage(stories, latest)


def tops(
    *, language: str | None, country: str | None, most: int, trending: bool = False
) -> tuple[TopStory, ...]:
    """Give the stories that matter most in an edition, or those that grow fastest."""
    rows = Standing.objects.filter(edition=Edition(language or "", (country or "").upper()).key)
    if trending:
        rows = rows.filter(growth__gte=GROWING).order_by("-growth", "place")
    else:
        rows = rows.order_by("place")
    found = list(rows[:most])
    # Editors may part what is one text.
    leads = copies.without_copies([row.lead_id for row in found])
    cards = articles.cards(leads)
    return tuple(
        TopStory(
            id=row.story_id,
            lead=cards[row.lead_id],
            reports=row.reports,
            publishers=row.publishers,
            growth=row.growth,
            reasons=tuple(Reason(code, number) for code, number in row.reasons),
        )
        for row in found
        if row.lead_id in cards
    )
