"""What travels up from the store: frozen values, ready to be shown. Addresses are UUIDs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from daily8.news import relation
from daily8.news.players import Player
from daily8.news.ranking import Reason
from daily8.news.revisions import Change, Difference, Notice
from daily8.news.types import Block, Chapter, Enclosure, Episode, Line, Wish
from daily8.news.wishes import OPEN, Permissions
from daily8.news.wishes.permissions import Limit

Display = Literal["full", "excerpt", "link"]


@dataclass(frozen=True, slots=True)
class PictureView:
    """A stored picture. Without widths it has not been fetched yet: `/media/<id>/<width>` asks for it."""

    id: UUID
    widths: tuple[int, ...] = ()
    width: int = 0
    height: int = 0
    colour: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class PublisherView:
    """A publisher and its facts; empty where unknown."""

    slug: str
    name: str
    home: str = ""
    country: str = ""
    language: str = ""
    kind: str = ""
    owner: str = ""
    icon: PictureView | None = None
    """That its own pages declare; ``None`` until it is stored."""


@dataclass(frozen=True, slots=True)
class Card:
    """An article in a list."""

    id: UUID
    title: str
    publisher: PublisherView
    published_at: datetime
    language: str
    kind: str
    text: str = ""
    """At most 200 characters of plain text."""
    picture: PictureView | None = None
    duration: int | None = None
    """Seconds of a video or a podcast."""


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page of a list; ``older`` continues it (`older=` in the address), ``None`` at the end."""

    cards: tuple[Card, ...]
    older: str | None = None


@dataclass(frozen=True, slots=True)
class EditionView:
    """A country and a language in which somebody publishes."""

    country: str
    language: str
    sources: int


@dataclass(frozen=True, slots=True)
class HomePage:
    """The newest articles of an edition."""

    list: CardPage
    editions: tuple[EditionView, ...]
    sources: int
    """How many sources there are at all: none means a service that was just born."""


@dataclass(frozen=True, slots=True)
class TopStory:
    """A story on a front page."""

    id: UUID
    lead: Card
    """The report that stands for it in the edition."""
    reports: int
    publishers: int
    growth: float
    """As `daily8.news.ranking.Rank` has it."""
    reasons: tuple[Reason, ...]
    """Why it stands there, the most telling first."""


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The front page of an edition."""

    top: tuple[TopStory, ...]
    """Those that matter most now, the first first; none on further pages."""
    latest: HomePage


@dataclass(frozen=True, slots=True)
class Timed:
    """Chapters and transcript of an episode."""

    chapters: tuple[Chapter, ...] = ()
    transcript: tuple[Line, ...] = ()
    transcript_url: str = ""
    """Of the publisher's own file, whether it was read or not."""
    language: str = ""
    """Of the transcript; empty where it is the article's."""


@dataclass(frozen=True, slots=True)
class StoryLink:
    """The story of an article."""

    id: UUID
    reports: int
    """With the article's own."""


@dataclass(frozen=True, slots=True)
class RelatedCard:
    """An article beside another, and why it stands there."""

    card: Card
    reason: relation.Reason


@dataclass(frozen=True, slots=True)
class CopyLink:
    """Another article with the same text."""

    article: UUID
    publisher: str
    leads: bool
    """Whether it stands for all of them in lists."""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything on the page of an article."""

    id: UUID
    title: str
    publisher: PublisherView
    published_at: datetime
    updated_at: datetime | None
    arrived_at: datetime
    dek: str
    authors: tuple[str, ...]
    language: str
    kind: str
    section: str
    url: str
    """The original, for people."""
    canonical_url: str
    display: Display
    """What its source's rights and the site's visibility let this reader see."""
    ready: bool
    """Whether its page was read; until then the feed's own text stands in."""
    blocks: tuple[Block, ...]
    excerpt: str
    picture: PictureView | None
    pictures: dict[str, PictureView]
    """Stored pictures of the blocks, by their address."""
    enclosures: tuple[Enclosure, ...]
    paywalled: bool
    live: bool
    cause: str
    """Why there is no full text, in one plain sentence; empty where there is."""
    revision: int
    changes: tuple[Change, ...] = ()
    """The texts that its page had, in order of time."""
    notice: Notice | None = None
    """What is said of its last change."""
    reading: tuple[float, str] | None = None
    """For editors: the score of its reading, and the site under which it is repaired."""
    player: Player | None = None
    """Of a film or an episode."""
    episode: Episode | None = None
    timed: Timed = Timed()
    hashtags: tuple[str, ...] = ()
    related: tuple[RelatedCard, ...] = ()
    """The nearest first."""
    story: StoryLink | None = None
    """Where others report of it too."""
    copies: tuple[CopyLink, ...] = ()
    """Where its text stands too: first the one that leads, where that is not this one."""
    permissions: Permissions = OPEN
    """What its publisher and its source's rights allow, with the reasons."""
    limited: str = ""
    """Why no more is shown: the name of the wish that decides, ``rights`` or ``visibility``; else empty."""
    more: tuple[Card, ...] = ()
    """Other news, when nothing is related."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The texts that an article had, and what one of them changed."""

    id: UUID
    title: str
    publisher: PublisherView
    language: str
    url: str
    canonical_url: str
    display: Display
    """What this reader may see: only of an article in full more than its headlines."""
    limited: str
    """Why no more is shown, as on the article's page; empty where all is."""
    published_at: datetime
    changes: tuple[Change, ...]
    """In order of time."""
    shown: Change | None
    """The version whose change is shown; ``None`` where no text was kept yet."""
    before: Change | None
    """The one that it is compared with; ``None`` for the first."""
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class PublisherPage:
    """A publisher, its sources and its newest articles."""

    publisher: PublisherView
    list: CardPage
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source in a list."""

    id: UUID
    title: str
    url: str
    home: str
    publisher: PublisherView
    language: str
    format: str
    state: str
    rights: str
    cause: str
    """Of the last failure, in one plain sentence; empty when all is well."""
    next_at: datetime | None
    why: str
    """Why `next_at` is when it is."""
    fetched_at: datetime | None
    succeeded_at: datetime | None
    articles: int
    ailing: bool = False
    """Whether it has failed for a week without a break."""
    folders: tuple[tuple[str, ...], ...] = ()
    way: str = "feed"
    """``feed``, ``page`` or ``mail``: how its news comes."""
    links: str = ""
    """Of a watched page: the form of the addresses of its articles."""
    parts: int = 0
    """Of a sitemap index: how many of its parts are followed."""
    ai: str = "asked"
    """Whether models may read its articles: as its publisher asks, ``agreed`` or ``never``."""
    weight: float = 1.0
    """What its reports count for, 0 to 4."""


@dataclass(frozen=True, slots=True)
class FetchView:
    """One fetch of a source."""

    at: datetime
    status: int | None
    seconds: float
    size: int
    arrivals: int
    cause: str
    next_at: datetime | None
    why: str
    via: str = ""
    """How its document came: empty for a poll, else ``looked``, ``pushed`` or ``mailed``."""
    conditional: bool = False
    """Whether the server was asked only for what has changed."""


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A subscription to the pushes of a hub."""

    hub: str
    state: str
    """``wanted``, ``asked``, ``active``, ``denied`` or ``leaving``."""
    cause: str
    """Why it is not active, in one plain sentence; empty where there is nothing to say."""
    lease_until: datetime | None
    pushed_at: datetime | None
    """Last push that was taken."""
    refused: int
    """Pushes whose signature was wrong or missing."""


@dataclass(frozen=True, slots=True)
class WishView:
    """Something that is asked of articles of a source."""

    wish: Wish
    """With the last time at which it was seen."""
    limits: tuple[Limit, ...]
    """What it limits; none where it is of no concern here."""
    articles: int
    """Of the newest 200, those of which it is asked."""


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A source and how its fetches went."""

    source: SourceView
    fetches: tuple[FetchView, ...]
    """The last 30, newest first."""
    subscription: SubscriptionView | None = None
    """``None`` where its publisher offers no pushes, as far as is known."""
    wishes: tuple[WishView, ...] = ()
    """What its publisher asks of those who show or use its articles."""


@dataclass(frozen=True, slots=True)
class SourceList:
    """A page of sources, and how many there are in all."""

    sources: tuple[SourceView, ...]
    older: str | None
    total: int


@dataclass(frozen=True, slots=True)
class StageView:
    """The state of one stage, for the console and `doctor`."""

    stage: str
    due: int
    """Now."""
    waiting: int
    """For a later time."""
    in_hand: int
    aside: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The service at a glance, for the console and `doctor`."""

    publishers: int
    sources: int
    failing: int
    articles: int
    newest_at: datetime | None
    pictures: int
    picture_bytes: int
    stages: tuple[StageView, ...]
    fronts_at: datetime | None = None
    """When the front pages were last worked out."""
    fronts_seconds: float = 0.0
    """That it took then."""


@dataclass(frozen=True, slots=True)
class MailboxView:
    """A mailbox of newsletters and how its last visit went."""

    name: str
    fetched_at: datetime | None
    next_at: datetime | None
    cause: str


@dataclass(frozen=True, slots=True)
class WaitingView:
    """A newsletter that waits for an editor's word."""

    id: UUID
    title: str
    domain: str
    """Of its sender."""
    key: str
    """The sender's domain and the newsletter's name there."""
    mails: int
    latest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Newsletters:
    """The mailboxes, and the newsletters that wait."""

    mailboxes: tuple[MailboxView, ...]
    waiting: tuple[WaitingView, ...]
    full: str
    """Why no more can wait, in one plain sentence; empty while there is room."""
