"""Stories as their pages show them: one call gives everything that a page needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count

from daily8.news import storyline
from daily8.news.storyline import Member
from daily8.store import articles
from daily8.store.models import Entity, Membership, Publisher, Story, Tagging
from daily8.store.sources import publisher_view
from daily8.store.story_values import StoryPage
from daily8.store.values import Card

CARDS = 40
"""Articles that are shown of a story, beside the one that leads: of copies one."""
READ_MOST = 2_000
"""Of a story with more reports, the newest so many tell who leads and how it went; all are counted."""
NAMES_MOST = 16
PUBLISHERS_MOST = 60


def leads_to(story: UUID) -> UUID | None:
    """Give the story into which one was merged; ``None`` for one that stands, or is unknown."""
    return Story.objects.filter(id=story).values_list("forward_to", flat=True).first()


def page(story: UUID, *, language: str, now: datetime) -> StoryPage | None:
    """Give everything on the page of a story, for readers of a language.

    ``None`` for an unknown one, one that was merged (`leads_to`) and one without articles.
    """
    row = _whole(story)
    growth = storyline.growth(row.hours) if row else None
    members = _members(story) if growth else []
    led = storyline.lead(members, language=language)
    if row is None or led is None or growth is None or row.first_at is None:
        return None
    newest = sorted(members, key=lambda one: (one.at, one.id), reverse=True)
    group = {one.id: one.copy_of or one.id for one in members}
    own = [one for one in newest if not one.copy_of and one.id != group[led.id]]
    shown = [led.id, row.first, *(one.id for one in own)]
    cards = articles.cards([UUID(hex=id_) for id_ in dict.fromkeys(shown)][: CARDS + 2])
    lead = cards[UUID(hex=led.id)]
    places = _publishers(members)
    return StoryPage(
        id=row.id,
        headline=row.headline or lead.title,
        language="" if row.headline else lead.language,
        state=storyline.state(members, now, since=row.first_at),
        lead=lead,
        reasons=led.reasons,
        cards=_others(cards, led.id, own),
        reports=row.reports,
        publishers=tuple(publisher_view(one) for one in places[:PUBLISHERS_MOST]),
        voices=row.publishers,
        countries=tuple(dict.fromkeys(one.country for one in places if one.country)),
        languages=tuple(name for name, _ in Counter(m.language for m in members if m.language).most_common()),
        first=cards.get(UUID(hex=row.first)),
        first_at=row.first_at,
        newest_at=newest[0].at,
        turns=storyline.turns(members),
        growth=growth,
        hashtags=_hashtags(row.id, language),
        entities=_entities(row.id),
        copies=row.copies,
    )


@dataclass(frozen=True, slots=True)
class _Whole:
    """A story, and what is counted over all of its reports, however many there are."""

    id: UUID
    headline: str
    reports: int
    publishers: int
    copies: int
    first: str
    first_at: datetime | None
    hours: dict[datetime, int]


def _whole(story: UUID) -> _Whole | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH told AS MATERIALIZED (
                SELECT a.id, a.published_at AS at, a.publisher_id, led.article_id AS copied
                FROM store_membership m JOIN store_article a ON a.id = m.article_id
                LEFT JOIN store_copy c ON c.article_id = a.id
                -- A copy of what lies in another story has its words here alone.
                LEFT JOIN store_membership led ON led.article_id = c.leader_id AND led.story_id = m.story_id
                WHERE m.story_id = %(story)s AND a.title <> ''
            ), hours AS (
                SELECT floor(extract(epoch FROM at) / 3600)::bigint AS hour, count(*) AS n
                FROM told GROUP BY 1
            )
            SELECT s.id, s.headline, t.reports, t.publishers, t.copies, f.id, f.at,
                (SELECT array_agg(ARRAY[hour, n]) FROM hours)
            FROM store_story s
            CROSS JOIN (
                SELECT count(*) AS reports,
                    count(DISTINCT publisher_id) FILTER (WHERE copied IS NULL) AS publishers,
                    count(copied) AS copies
                FROM told
            ) t
            LEFT JOIN (SELECT id, at FROM told ORDER BY at, id LIMIT 1) f ON TRUE
            WHERE s.id = %(story)s AND s.forward_to_id IS NULL
            """,
            {"story": story},
        )
        row = cursor.fetchone()
    if row is None:
        return None
    id_, headline, reports, publishers, copies, first, at, hours = row
    told = {datetime.fromtimestamp(hour * 3600, UTC): n for hour, n in hours or ()}
    return _Whole(id_, headline, reports, publishers, copies, first.hex if first else "", at, told)


def _members(story: UUID) -> list[Member]:
    rows = Membership.objects.filter(story=story).exclude(article__title="").order_by("-seq")
    found = rows.values_list(
        "article_id",
        "article__title",
        "article__publisher_id",
        "article__language",
        "article__published_at",
        "article__verdict",
        "article__image__url",
        "article__copy__leader",
        "article__source__weight",
    )[:READ_MOST]
    every = [
        Member(
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
        for id_, title, publisher, language, at, verdict, image, leader, weight in found
    ]
    return storyline.represented(every)


def _others(cards: Mapping[UUID, Card], lead: str, newest: Sequence[Member]) -> tuple[Card, ...]:
    found = (cards.get(UUID(hex=one.id)) for one in newest if one.id != lead)
    return tuple(card for card in found if card)[:CARDS]


def _publishers(members: Sequence[Member]) -> list[Publisher]:
    """Give the publishers of reports, in the order in which they first reported."""
    ordered = sorted(members, key=lambda one: (one.at, one.id))
    ids = [UUID(hex=id_) for id_ in dict.fromkeys(one.publisher for one in ordered)]
    rows = Publisher.objects.select_related("icon__picture").in_bulk(ids)
    return [rows[id_] for id_ in ids]


def _hashtags(story: UUID, language: str) -> tuple[tuple[str, str], ...]:
    rows = (
        Tagging.objects.filter(article__membership__story=story)
        .values("hashtag__name_en", "hashtag__name_ar", "hashtag__key")
        .annotate(n=Count("id"))
        .order_by("-n", "hashtag__key")[:NAMES_MOST]
    )
    found = []
    for row in rows:
        names = {"en": row["hashtag__name_en"], "ar": row["hashtag__name_ar"]}
        order = [language, *(code for code in names if code != language)]
        code = next((code for code in order if names.get(code)), "")
        found.append((names.get(code) or row["hashtag__key"], code))
    return tuple(found)


def _entities(story: UUID) -> tuple[tuple[str, str], ...]:
    rows = Entity.objects.filter(article__membership__story=story).values_list("key", "name", "kind")
    counts: Counter[str] = Counter()
    told: dict[str, tuple[str, str]] = {}
    for key, name, kind in rows.order_by("article_id", "place")[: READ_MOST * 4]:
        counts[key] += 1
        told.setdefault(key, (name, kind))
    return tuple(told[key] for key, _ in counts.most_common(NAMES_MOST))
