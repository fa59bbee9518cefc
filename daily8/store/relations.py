"""What an article is related to: its story, its hashtags, other articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from daily8.news.relation import Reason
from daily8.store.copies import without_copies
from daily8.store.models import Relation, Story, Tagging
from daily8.store.values import StoryLink

RELATED = 6
"""Related articles on the page of one."""
HASHTAGS = 12


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an article on its page."""

    story: StoryLink | None
    """Where others report of it too."""
    hashtags: tuple[str, ...]
    related: tuple[tuple[UUID, Reason], ...]
    """Others and why they are related, the nearest first."""


def around(article: UUID, *, language: str) -> Around:
    """Give what an article is related to; names of hashtags in its own language where they have one there."""
    tags = Tagging.objects.filter(article=article).order_by("place").select_related("hashtag")[:HASHTAGS]
    related = Relation.objects.filter(article=article).order_by("place")
    told = dict(related.values_list("other_id", "reason"))
    near = without_copies(list(told), shown=[article])
    return Around(
        story_of(article),
        tuple(_name(tag, language) for tag in tags),
        tuple((other, _reason(told[other])) for other in near[:RELATED]),
    )


def _name(tag: Tagging, language: str) -> str:
    names = (tag.hashtag.name_ar, tag.hashtag.name_en)
    own, other = names if language == "ar" else names[::-1]
    return own or other or tag.hashtag.key


def _reason(told: Mapping[str, Any]) -> Reason:
    seconds = told.get("seconds")
    return Reason(told.get("turn", "background"), tuple(told.get("about", ())), seconds)


def story_of(article: UUID) -> StoryLink | None:
    """Give the story of an article, where others report of it too."""
    rows = Story.objects.filter(members__article=article).annotate(n=Count("members__story__members"))
    row = rows.values_list("id", "n").first()
    return StoryLink(*row) if row and row[1] > 1 else None
