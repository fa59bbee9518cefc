"""The shapes that travel to programs, each made from a frozen value of the store. They only ever grow."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field

from daily8.api.answers import address
from daily8.news import players, types, wishes
from daily8.news.revisions import Change
from daily8.news.types import block_to_json
from daily8.store import values

Id = Annotated[str, Field(pattern="^[0-9a-f]{32}$", description="32 hex digits.")]
Html = Annotated[str, Field(description="Sanitised inline HTML.")]


class Problem(Schema):
    """What is wrong."""

    error: Annotated[str, Field(description="One plain sentence.")]


class Publisher(Schema):
    """Who publishes."""

    slug: str
    href: Annotated[str, Field(description="This resource.")]
    page: Annotated[str, Field(description="Its page for people, on this site.")]
    name: str
    home: Annotated[str, Field(description="Its own site.")]
    country: Annotated[str, Field(description="ISO 3166-1 alpha-2; empty where unknown.")]
    language: str
    kind: str
    owner: str

    @classmethod
    def of(cls, value: values.PublisherView) -> Self:
        """Draw a publisher."""
        return cls(
            slug=value.slug,
            href=address("api:publisher", value.slug),
            page=address("publisher", value.slug),
            name=value.name,
            home=value.home,
            country=value.country,
            language=value.language,
            kind=value.kind,
            owner=value.owner,
        )


class PictureFile(Schema):
    """A stored file of a picture, in WebP."""

    url: str
    width: Annotated[int, Field(description="Pixels.")]


class Picture(Schema):
    """A picture; it has no files before it was fetched, which happens when a page shows it."""

    id: Id
    files: Annotated[list[PictureFile], Field(description="Smallest first.")]
    width: Annotated[int, Field(description="Of the original, in pixels; 0 before it was fetched.")]
    height: int
    colour: Annotated[str, Field(description="Average, as #rrggbb, or empty.")]
    alt: str
    caption: str
    credit: str

    @classmethod
    def of(cls, value: values.PictureView) -> Self:
        """Draw a picture."""
        files = [PictureFile(url=address("media", value.id, width), width=width) for width in value.widths]
        return cls(
            id=value.id.hex,
            files=files,
            width=value.width,
            height=value.height,
            colour=value.colour,
            alt=value.alt,
            caption=value.caption,
            credit=value.credit,
        )


class ArticleSummary(Schema):
    """An article in a list."""

    id: Id
    href: Annotated[str, Field(description="This resource, with everything about the article.")]
    page: Annotated[str, Field(description="Its page for people, on this site.")]
    title: str
    publisher: Publisher
    published_at: datetime
    language: str
    kind: Annotated[str, Field(description="text, video, podcast, gallery or live.")]
    text: Annotated[str, Field(description="At most 200 characters of plain text.")]
    picture: Picture | None
    duration: Annotated[int | None, Field(description="Seconds of a video or a podcast.")]

    @classmethod
    def of(cls, value: values.Card) -> Self:
        """Draw a card."""
        return cls(
            id=value.id.hex,
            href=article_href(value.id),
            page=address("article", value.id),
            title=value.title,
            publisher=Publisher.of(value.publisher),
            published_at=value.published_at,
            language=value.language,
            kind=value.kind,
            text=value.text,
            picture=Picture.of(value.picture) if value.picture else None,
            duration=value.duration,
        )


class ArticleList(Schema):
    """Articles, newest first."""

    articles: list[ArticleSummary]
    older: Annotated[str | None, Field(description="Give it as `older` for what follows; null at the end.")]
    next: Annotated[str | None, Field(description="The address of what follows.")]

    @classmethod
    def of(cls, value: values.CardPage, following: str | None) -> Self:
        """Draw a page of a list; ``following`` is the address of the next one."""
        return cls(articles=list(map(ArticleSummary.of, value.cards)), older=value.older, next=following)


class Enclosure(Schema):
    """A file that the publisher attached: an episode, a video."""

    url: str
    type: str | None
    length: Annotated[int | None, Field(description="Bytes, as the publisher states them.")]
    duration: Annotated[int | None, Field(description="Seconds.")]
    bitrate: Annotated[int | None, Field(description="Kilobits a second, of one of several sizes.")]

    @classmethod
    def of(cls, value: types.Enclosure) -> Self:
        """Draw an enclosure."""
        return cls(
            url=value.url,
            type=value.type,
            length=value.length,
            duration=value.duration,
            bitrate=value.bitrate,
        )


class Player(Schema):
    """What plays a film or an episode."""

    form: Annotated[
        Literal["frame", "video", "stream", "audio", "link"],
        Field(description="A frame of another site, a file, a stream (HLS), a sound; link: only elsewhere."),
    ]
    url: Annotated[str, Field(description="Where a person would open it.")]
    source: Annotated[str, Field(description="The address of the frame or the file; empty for a link.")]
    provider: Annotated[str, Field(description="youtube or vimeo; empty for a file.")]
    type: str
    duration: Annotated[int | None, Field(description="Seconds.")]

    @classmethod
    def of(cls, value: players.Player) -> Self:
        """Draw a player."""
        return cls(
            form=value.form,
            url=value.url,
            source=value.source,
            provider=value.provider,
            type=value.type,
            duration=value.duration,
        )


class Episode(Schema):
    """What an article is within its programme."""

    season: int | None
    number: int | None
    people: list[str]


class Chapter(Schema):
    """A part of an episode."""

    start: Annotated[float, Field(description="Seconds from the beginning.")]
    title: str
    url: str | None


class Line(Schema):
    """Some sentences of a transcript."""

    start: Annotated[float | None, Field(description="Seconds; null in a transcript without times.")]
    speaker: str | None
    text: Annotated[str, Field(description="Plain text.")]


class Paragraph(Schema):
    type: Literal["paragraph"]
    html: Html


class Heading(Schema):
    type: Literal["heading"]
    html: Html
    level: Annotated[int, Field(ge=1, le=6)] = 2


class Quote(Schema):
    type: Literal["quote"]
    html: list[Html]
    source: str | None = None


class ListBlock(Schema):
    type: Literal["list"]
    items: list[Html]
    ordered: bool = False


class Table(Schema):
    type: Literal["table"]
    rows: list[list[Html]]
    header: Annotated[bool, Field(description="Whether the first row is a head.")] = False
    caption: str | None = None


class Image(Schema):
    type: Literal["image"]
    url: Annotated[str, Field(description="At its publisher; `pictures` tells what is stored of it here.")]
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    width: int | None = None
    height: int | None = None


class Embed(Schema):
    type: Literal["embed"]
    provider: str
    url: str
    id: str | None = None
    author: str | None = None
    text: str | None = None
    duration: Annotated[int | None, Field(description="Seconds.")] = None


class Rule(Schema):
    type: Literal["rule"]


Block = Annotated[
    Paragraph | Heading | Quote | ListBlock | Table | Image | Embed | Rule, Field(discriminator="type")
]


class Revision(Schema):
    """A text that an article's page had."""

    number: int
    seen_at: Annotated[datetime, Field(description="When it was seen here; it may be older.")]
    kind: Annotated[
        str,
        Field(
            description="What changed since the one before: first, none, typo, correction, update, "
            "rewritten, or reread where only the reading of the page changed."
        ),
    ]
    silent: Annotated[bool, Field(description="Whether its publisher did not say that it changed.")]
    updated_at: Annotated[
        datetime | None, Field(description="Of the article, as its publisher stated it with this text.")
    ]
    title: str
    page: Annotated[str, Field(description="What it changed, for people, on this site.")]

    @classmethod
    def of(cls, article: UUID, value: Change) -> Self:
        """Draw a version of an article."""
        return cls(
            number=value.number,
            seen_at=value.seen_at,
            kind=value.kind,
            silent=value.silent,
            updated_at=value.updated_at,
            title=value.title,
            page=address("version", article, value.number),
        )


class Wish(Schema):
    """Something that a publisher asks, in a form for machines, of those who show or use an article."""

    limits: Annotated[
        str,
        Field(description="full, excerpt, picture, index, ai, ai-pictures or train; empty where nothing."),
    ]
    name: Annotated[str, Field(description="Such as nosnippet, max-snippet, noai, tdm-reservation or rsl.")]
    place: Annotated[
        str, Field(description="header, page, feed, robots, tdmrep; operator: set on this site.")
    ]
    value: str
    seen_at: Annotated[datetime | None, Field(description="When it was last read.")]
    articles: Annotated[
        int | None, Field(description="Of a source: of its newest 200 articles, those of which it is asked.")
    ] = None

    @classmethod
    def of(cls, value: types.Wish, limits: str, articles: int | None = None) -> Self:
        """Draw a wish with one of the things that it limits."""
        return cls(
            limits=limits,
            name=value.name,
            place=value.place,
            value=value.value,
            seen_at=value.seen_at,
            articles=articles,
        )


class Permissions(Schema):
    """What may be done with an article, by what its publisher asks and what was agreed."""

    may_show_full: bool
    excerpt_most: Annotated[
        int | None, Field(description="Characters of an excerpt; 0: no text; null: as many as usual.")
    ]
    picture: Annotated[Literal["full", "small", "none"], Field(description="Which pictures may be shown.")]
    may_index: bool
    may_use_ai: Annotated[bool, Field(description="Whether a model may read it: no more than may be shown.")]
    may_use_ai_on_pictures: bool
    may_train: Annotated[Literal[False], Field(description="Nothing is trained on others' articles.")]
    reasons: list[Wish]

    @classmethod
    def of(cls, value: wishes.Permissions) -> Self:
        """Draw permissions."""
        return cls(
            may_show_full=value.may_show_full,
            excerpt_most=value.excerpt_most,
            picture=value.picture,
            may_index=value.may_index,
            may_use_ai=value.may_use_ai,
            may_use_ai_on_pictures=value.may_use_ai_on_pictures,
            may_train=value.may_train,
            reasons=[Wish.of(wish, limit) for limit, found in value.reasons.items() for wish in found],
        )


class Article(Schema):
    """An article, as far as its source's rights let this reader see it."""

    id: Id
    href: str
    page: Annotated[str, Field(description="Its page for people, on this site.")]
    url: Annotated[str, Field(description="The original.")]
    canonical_url: str
    title: str
    dek: str
    publisher: Publisher
    authors: list[str]
    published_at: datetime
    updated_at: datetime | None
    arrived_at: datetime
    language: str
    kind: str
    section: str
    display: Annotated[
        Literal["full", "excerpt", "link"],
        Field(description="What may be seen: all, the excerpt, or title and link."),
    ]
    ready: Annotated[bool, Field(description="Whether its page was read; before, the feed's text stands in.")]
    cause: Annotated[str, Field(description="Why there is no full text, in one sentence, or empty.")]
    blocks: list[Block]
    excerpt: str
    picture: Picture | None
    pictures: Annotated[
        dict[str, Picture], Field(description="Stored pictures of the blocks, by the address in the block.")
    ]
    enclosures: list[Enclosure]
    player: Annotated[Player | None, Field(description="Of a film or an episode.")]
    episode: Episode | None
    chapters: list[Chapter]
    transcript: list[Line]
    transcript_url: Annotated[str, Field(description="The publisher's own file, or empty.")]
    paywalled: bool
    live: bool
    revision: Annotated[int, Field(description="Counts the texts that its page had; 0 before the first.")]
    revisions: Annotated[list[Revision], Field(description="Those that are kept, newest first.")]
    hashtags: list[str]
    related: list[ArticleSummary]
    may_use_ai: Annotated[bool, Field(description="As in `permissions`.")]
    permissions: Permissions
    limited: Annotated[
        str,
        Field(description="Why no more is shown: the wish that decides, rights or visibility; else empty."),
    ]

    @classmethod
    def of(cls, value: values.ArticlePage) -> Self:
        """Draw an article."""
        return cls.model_validate(
            {
                "id": value.id.hex,
                "href": article_href(value.id),
                "page": address("article", value.id),
                "url": value.url,
                "canonical_url": value.canonical_url,
                "title": value.title,
                "dek": value.dek,
                "publisher": Publisher.of(value.publisher),
                "authors": value.authors,
                "published_at": value.published_at,
                "updated_at": value.updated_at,
                "arrived_at": value.arrived_at,
                "language": value.language,
                "kind": value.kind,
                "section": value.section,
                "display": value.display,
                "ready": value.ready,
                "cause": value.cause,
                "blocks": [block_to_json(block) for block in value.blocks],
                "excerpt": value.excerpt,
                "picture": Picture.of(value.picture) if value.picture else None,
                "pictures": {url: Picture.of(picture) for url, picture in value.pictures.items()},
                "enclosures": list(map(Enclosure.of, value.enclosures)),
                "player": Player.of(value.player) if value.player else None,
                "episode": asdict(value.episode) if value.episode else None,
                "chapters": [asdict(chapter) for chapter in value.timed.chapters],
                "transcript": [asdict(line) for line in value.timed.transcript],
                "transcript_url": value.timed.transcript_url,
                "paywalled": value.paywalled,
                "live": value.live,
                "revision": value.revision,
                "revisions": [Revision.of(value.id, change) for change in reversed(value.changes)],
                "hashtags": value.hashtags,
                "related": [ArticleSummary.of(near.card) for near in value.related],
                "may_use_ai": value.permissions.may_use_ai,
                "permissions": Permissions.of(value.permissions),
                "limited": value.limited,
            }
        )


class Source(Schema):
    """What brings the news of a publisher: how it is, and when it is asked next and why."""

    id: Id
    href: str
    page: Annotated[str, Field(description="Its page for people, on this site.")]
    title: str
    url: Annotated[str, Field(description="Of the feed, or of the page that is watched.")]
    home: str
    publisher: Publisher
    language: str
    format: str
    state: Annotated[str, Field(description="unverified, active, paused or gone.")]
    rights: Annotated[str, Field(description="unknown, full, excerpt or link.")]
    cause: Annotated[str, Field(description="Of the last failure, in one sentence; empty when all is well.")]
    next_at: Annotated[datetime | None, Field(description="When it is asked next; null: never again.")]
    why: Annotated[str, Field(description="Why it is asked then.")]
    fetched_at: datetime | None
    succeeded_at: datetime | None
    articles: Annotated[int, Field(description="That it brought first.")]
    folders: list[list[str]]
    way: Annotated[str, Field(description="How its news comes: feed, page (watched) or mail.")]
    links: Annotated[
        str,
        Field(description="Of a watched page: the form of the addresses of its articles, such as /news/*."),
    ]
    parts: Annotated[int, Field(description="Of a sitemap index: how many of its parts are followed.")]
    ailing: Annotated[bool, Field(description="Whether it has failed for a week without a break.")]
    ai: Annotated[
        str, Field(description="Whether models may read its articles: asked (as it asks), agreed or never.")
    ]

    @classmethod
    def of(cls, value: values.SourceView) -> Self:
        """Draw a source."""
        return cls(
            id=value.id.hex,
            href=address("api:source", value.id.hex),
            page=address("source", value.id),
            title=value.title,
            url=value.url,
            home=value.home,
            publisher=Publisher.of(value.publisher),
            language=value.language,
            format=value.format,
            state=value.state,
            rights=value.rights,
            cause=value.cause,
            next_at=value.next_at,
            why=value.why,
            fetched_at=value.fetched_at,
            succeeded_at=value.succeeded_at,
            articles=value.articles,
            folders=[list(path) for path in value.folders],
            way=value.way,
            links=value.links,
            parts=value.parts,
            ailing=value.ailing,
            ai=value.ai,
        )


class Fetch(Schema):
    """One fetch of a source."""

    at: datetime
    status: Annotated[int | None, Field(description="Of HTTP; null where there was no answer.")]
    seconds: float
    size: Annotated[int, Field(description="Bytes, decoded.")]
    arrivals: Annotated[int, Field(description="Articles that were new.")]
    cause: str
    next_at: Annotated[datetime | None, Field(description="When it was to be asked next, by this fetch.")]
    why: Annotated[str, Field(description="Why then.")]
    via: Annotated[
        str,
        Field(
            description="How the document came: empty where it was asked for, else looked, pushed or mailed."
        ),
    ]
    conditional: Annotated[bool, Field(description="Whether only what has changed was asked for.")]

    @classmethod
    def of(cls, value: values.FetchView) -> Self:
        """Draw a fetch."""
        return cls(
            at=value.at,
            status=value.status,
            seconds=value.seconds,
            size=value.size,
            arrivals=value.arrivals,
            cause=value.cause,
            next_at=value.next_at,
            why=value.why,
            via=value.via,
            conditional=value.conditional,
        )


class SourceDetail(Schema):
    """A source with its last fetches, newest first."""

    source: Source
    fetches: list[Fetch]
    wishes: Annotated[
        list[Wish], Field(description="What its publisher asks; one for each thing that it limits.")
    ]


class SourceList(Schema):
    """Sources, newest first."""

    sources: list[Source]
    total: Annotated[int, Field(description="Of all pages of the list.")]
    older: Annotated[str | None, Field(description="Give it as `older` for what follows; null at the end.")]
    next: Annotated[str | None, Field(description="The address of what follows.")]


class PublisherDetail(Schema):
    """A publisher with its sources and its articles, newest first."""

    publisher: Publisher
    sources: list[Source]
    articles: list[ArticleSummary]
    older: Annotated[str | None, Field(description="Give it as `older` for what follows; null at the end.")]
    next: Annotated[str | None, Field(description="The address of what follows.")]


def article_href(article: UUID) -> str:
    """Give the address of an article in the interface."""
    return address("api:article", article.hex)
