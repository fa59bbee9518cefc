"""Stories: one with its reports, how it went on and who reports of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Self
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from daily8.api.answers import Missing, address
from daily8.api.parameters import Country, Hex, Limit
from daily8.api.parameters import Language as EditionLanguage
from daily8.api.schemas import ArticleSummary, Id, Problem, Publisher
from daily8.news import storyline
from daily8.store import fronts, stories, values
from daily8.store.story_values import StoryPage

router = Router(tags=["stories"])


class Turn(Schema):
    """A burst of reports after a pause: something new became known."""

    at: datetime
    article: Annotated[Id, Field(description="Of the report that opened it.")]
    title: str
    reports: int
    publishers: int

    @classmethod
    def of(cls, value: storyline.Turn) -> Self:
        """Draw a turn."""
        return cls(
            at=value.at,
            article=value.id,
            title=value.title,
            reports=value.reports,
            publishers=value.publishers,
        )


class Growth(Schema):
    """How many reports came over time."""

    since: datetime
    hours: Annotated[int, Field(description="That each of the counts covers.")]
    counts: list[int]


class StoryEntity(Schema):
    name: str
    kind: str


class Story(Schema):
    """A story: all articles that report of one event."""

    id: Id
    href: Annotated[str, Field(description="This resource.")]
    page: Annotated[str, Field(description="Its page for people, on this site.")]
    headline: str
    state: Annotated[str, Field(description="breaking, developing or settled.")]
    reports: int
    first_at: datetime
    newest_at: datetime
    lead: ArticleSummary
    reasons: Annotated[
        list[str],
        Field(
            description="Why it leads: original, language, full, repeated, first, image, follows; the "
            "strongest first."
        ),
    ]
    articles: Annotated[list[ArticleSummary], Field(description="The others, newest first; at most 40.")]
    publishers: Annotated[list[Publisher], Field(description="In the order in which they first reported.")]
    countries: list[str]
    languages: list[str]
    turns: list[Turn]
    growth: Growth
    hashtags: list[str]
    entities: list[StoryEntity]
    copies: Annotated[int, Field(description="Articles that repeat the words of others of the story.")]

    @classmethod
    def of(cls, value: StoryPage) -> Self:
        """Draw a story."""
        return cls(
            id=value.id.hex,
            href=address("api:story", value.id.hex),
            page=address("story", value.id),
            headline=value.headline,
            state=value.state,
            reports=value.reports,
            first_at=value.first_at,
            newest_at=value.newest_at,
            lead=ArticleSummary.of(value.lead),
            reasons=list(value.reasons),
            articles=list(map(ArticleSummary.of, value.cards)),
            publishers=list(map(Publisher.of, value.publishers)),
            countries=list(value.countries),
            languages=list(value.languages),
            turns=list(map(Turn.of, value.turns)),
            growth=Growth(**asdict(value.growth)),
            hashtags=[name for name, _ in value.hashtags],
            entities=[StoryEntity(name=name, kind=kind) for name, kind in value.entities],
            copies=value.copies,
        )


class Reason(Schema):
    """Why a story stands on a front page."""

    code: Annotated[
        str,
        Field(
            description="growing, publishers, countries, languages, edition, weight, new or original; the "
            "most telling first."
        ),
    ]
    number: int


class TopStory(Schema):
    """A story on the front page of an edition."""

    id: Id
    href: Annotated[str, Field(description="The story.")]
    page: Annotated[str, Field(description="Its page for people, on this site.")]
    lead: ArticleSummary
    reports: int
    publishers: int
    growth: Annotated[
        float,
        Field(description="By how many standard deviations it grew in two hours; from 2 on it is trending."),
    ]
    reasons: list[Reason]

    @classmethod
    def of(cls, value: values.TopStory) -> Self:
        """Draw a story of a front page."""
        return cls(
            id=value.id.hex,
            href=address("api:story", value.id.hex),
            page=address("story", value.id),
            lead=ArticleSummary.of(value.lead),
            reports=value.reports,
            publishers=value.publishers,
            growth=round(value.growth, 3),
            reasons=[Reason(code=one.code, number=one.number) for one in value.reasons],
        )


class TopStories(Schema):
    """The stories of a front page, those that matter most first."""

    stories: list[TopStory]


Trending = Annotated[bool, Query(False, description="Those that grow fastest, of those that grow.")]


@router.get("", response={200: TopStories, 400: Problem}, url_name="stories", operation_id="listStories")
def top(
    request: HttpRequest,
    language: EditionLanguage = None,
    country: Country = None,
    trending: Trending = False,
    limit: Limit = 24,
) -> TopStories:
    """Give the stories that matter most now in an edition; ``trending``: those that grow fastest."""
    found = fronts.tops(language=language, country=country, trending=trending, most=limit)
    return TopStories(stories=list(map(TopStory.of, found)))


Language = Annotated[
    str,
    StringConstraints(pattern="^[a-zA-Z]{0,3}$", to_lower=True),
    Query("", description="ISO 639, such as ar: an article in it leads, where there is one."),
]


@router.get(
    "/{story}", response={200: Story, 308: None, 404: Problem}, url_name="story", operation_id="getStory"
)
def story(request: HttpRequest, story: Hex, language: Language = "") -> Story | HttpResponse:
    """Give a story. One that was merged into another leads on to that (308)."""
    found = UUID(hex=story)
    value = stories.page(found, language=language, now=datetime.now(UTC))
    if value is None:
        if into := stories.leads_to(found):
            return HttpResponsePermanentRedirect(address("api:story", into.hex), preserve_request=True)
        raise Missing("There is no such story.")
    return Story.of(value)
