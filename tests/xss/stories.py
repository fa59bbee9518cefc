"""Stories whose every word is a payload: headlines, hashtags, names, reasons, and what was done and why."""

from __future__ import annotations

from typing import Any

from daily8.news.stories.values import OPENED, SCORE, Decision, decision_to_json
from daily8.pipeline import fronts
from daily8.store.models import (
    Arrival,
    Article,
    Entity,
    Hashtag,
    Membership,
    Relation,
    Standing,
    Story,
    StoryAct,
    Tagging,
)
from tests.sites import NOW

TOGETHER = 12
"""Articles of one story."""
LED = 4
"""Stories from which on a front page begins with them."""


def found(texts: list[str], *, most: int = 10) -> None:
    """Put articles into stories, and let editors have said payloads of them."""
    articles = list(Article.objects.select_related("publisher").order_by("id")[: most * TOGETHER])
    words = iter(texts * (1 + 6 * len(articles) // len(texts)))
    for first in range(0, len(articles), TOGETHER):
        members = articles[first : first + TOGETHER]
        story = Story.objects.create(
            opened_seq=first + 1, opened_at=NOW, headline=next(words)[:300] if first else ""
        )
        for seq, row in enumerate(members, first + 1):
            _join(row, seq, story, next(words), next(words))
        for word in (next(words), next(words)):
            StoryAct.objects.create(
                kind="headline", story=story, origin="editor", by=word, why=word, headline=word[:300], at=NOW
            )
            StoryAct.objects.create(kind="lock", story=story, origin="editor", by=word, refused=word, at=NOW)
        for place, row in enumerate(members[1:]):
            Relation.objects.create(
                article=members[0],
                other=row,
                relation="same_event",
                score=0.5,
                reason={"turn": "same_event", "about": [next(words)], "seconds": 1.0},
                place=place,
                recipe="r",
            )

    fronts.renew(max(row.published_at for row in articles))
    assert Standing.objects.filter(edition="en-").count() >= LED, "front pages begin with stories"


def _join(row: Article, seq: int, story: Story, one: str, other: str) -> None:
    Arrival.objects.create(
        seq=seq,
        article=row,
        title=one,
        text=other,
        publisher=row.publisher.domain,
        published_at=row.published_at,
        taken_at=NOW,
    )
    opened = seq == story.opened_seq
    told: dict[str, Any] = decision_to_json(
        Decision(seq, story.opened_seq, opened, OPENED if opened else SCORE, 0.3, 0.2, features=((one, 0.1),))
    )
    Membership.objects.create(
        article=row, seq=seq, story=story, decision=told | {"rule": other}, trouble=one, recipe="r"
    )
    tag = Hashtag.objects.create(key=f"{seq} {one}", name_en=one, name_ar=other if seq % 2 else "")
    Tagging.objects.create(article=row, hashtag=tag, place=0, recipe="r")
    Entity.objects.create(article=row, key=other, name=one, kind="person", place=0, recipe="r")
