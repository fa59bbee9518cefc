"""What travels up from the store of stories: frozen values, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from daily8.news.storyline import Growth, Reason, State, Turn
from daily8.store.values import Card, PublisherView


@dataclass(frozen=True, slots=True)
class StoryPage:
    """Everything on the page of a story."""

    id: UUID
    headline: str
    language: str
    """Of the headline; empty where an editor gave it."""
    state: State
    lead: Card
    reasons: tuple[Reason, ...]
    """Why this article leads."""
    cards: tuple[Card, ...]
    """The other articles, the newest first; of very many the newest, of copies one."""
    reports: int
    """With copies."""
    voices: int
    """Publishers with a report of their own."""
    publishers: tuple[PublisherView, ...]
    """In the order in which they first reported; of very many the first."""
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    first: Card | None
    """The first report, where its card is at hand."""
    first_at: datetime
    newest_at: datetime
    turns: tuple[Turn, ...]
    growth: Growth
    hashtags: tuple[tuple[str, str], ...]
    """Names and their language, the most frequent first."""
    entities: tuple[tuple[str, str], ...]
    """Names and kinds, the most frequent first."""
    copies: int
    """Articles that repeat others of the story."""


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story in a list of the console."""

    id: UUID
    headline: str
    language: str
    reports: int
    publishers: int
    newest_at: datetime
    locked: bool


@dataclass(frozen=True, slots=True)
class StoryList:
    """A page of stories, those with the newest reports first."""

    stories: tuple[StoryLine, ...]
    older: str | None


@dataclass(frozen=True, slots=True)
class MemberLine:
    """An article of a story, with the figures of its decision."""

    article: UUID
    seq: int
    title: str
    language: str
    publisher: str
    published_at: datetime
    decision: Mapping[str, Any]
    """As `daily8.news.stories.values.decision_to_json` gave it."""
    story: tuple[UUID, str] | None = None
    """The one that it was put into on arrival, and its headline, where that is another today."""
    runner_up: tuple[UUID, str] | None = None
    trouble: str = ""
    """What went wrong each time that it was to be read, so that it stands by itself."""


@dataclass(frozen=True, slots=True)
class ActLine:
    """Something that was done to a story."""

    kind: str
    origin: str
    by: str
    at: datetime
    why: str
    state: str
    """``waiting``, ``done`` or ``refused``."""
    refused: str
    story: UUID
    other: UUID | None
    articles: int
    headline: str
    score: float | None
    """That repair found."""


@dataclass(frozen=True, slots=True)
class StoryDesk:
    """A story as editors see it."""

    id: UUID
    headline: str
    own_headline: str
    """An editor's; empty where the first article gives it."""
    language: str
    locked: bool
    reports: int
    members: tuple[MemberLine, ...]
    acts: tuple[ActLine, ...]
    merged: tuple[UUID, ...]
    """Addresses that lead here."""
    waiting: bool
    """Whether something that was said is not carried out yet."""
