"""The values of a replayed corpus: publishers, articles, and the corpus that holds them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from daily8.news.types import ArticleKind

FeedFormat = Literal["rss", "atom", "rdf", "json"]

FEED_PATHS: dict[FeedFormat, str] = {
    "rss": "/feed.xml",
    "atom": "/atom.xml",
    "rdf": "/index.rdf",
    "json": "/feed.json",
}
FORMATS: tuple[FeedFormat, ...] = ("rss", "atom", "rss", "json", "rss", "rdf")
"""The formats that publishers get in turn: half of them RSS 2.0, as on the open web."""

DOMAIN = "replay.test"
"""Reserved for tests (RFC 6761 section 6.2): no such name resolves on the open web."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher of the corpus and the facts that its rows tell."""

    key: str
    """The name under which the rows know it."""
    slug: str
    """One ASCII host label, unique in the corpus."""
    name: str
    format: FeedFormat
    language: str | None = None
    country: str | None = None
    owner: str | None = None
    kind: str | None = None
    port: int = 80
    """The port in its addresses."""

    @property
    def host(self) -> str:
        """Give the host name, without port."""
        return f"{self.slug}.{DOMAIN}"

    @property
    def origin(self) -> str:
        """Give scheme, host and port, without a slash at the end."""
        return f"http://{self.host}" + ("" if self.port == 80 else f":{self.port}")

    @property
    def home(self) -> str:
        """Give the address of the front page."""
        return f"{self.origin}/"

    @property
    def feed(self) -> str:
        """Give the address of the feed."""
        return self.origin + FEED_PATHS[self.format]


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the corpus. Times are whole seconds; a relative one is kept as its distance to now."""

    id: str
    publisher: str
    """The slug of its publisher."""
    path: str
    """Path and query on the publisher's host, decoded."""
    title: str
    language: str | None = None
    time: datetime | None = None
    """When it appears; without it, and without `offset`, it is there from the beginning and undated."""
    offset: timedelta | None = None
    updated: datetime | None = None
    updated_offset: timedelta | None = None
    kind: ArticleKind = "text"
    authors: tuple[str, ...] = ()
    dek: str | None = None
    text: str | None = None
    html: str | None = None
    image: str | None = None
    """The name of its photograph under ``/img/``, without ending."""
    motif: str | None = None
    tags: tuple[str, ...] = ()
    section: str | None = None
    video: str | None = None
    audio: str | None = None
    duration: int | None = None
    """Seconds."""
    rights: str | None = None
    captions: tuple[str, ...] = ()
    """Of its photographs, the first one's first."""
    credit: str | None = None
    page: Callable[[], bytes] | None = None
    """Reads the page to be served as it is."""


@dataclass(frozen=True)
class Corpus:
    """Publishers in the order of their first row, articles in the order of time, and what was left out."""

    publishers: tuple[Publisher, ...]
    articles: tuple[Article, ...]
    problems: tuple[str, ...] = ()
    """One sentence for every row or file that could not be used."""

    @cached_property
    def relative(self) -> bool:
        """Tell whether any article's time hangs on now."""
        return any(a.offset is not None for a in self.articles)

    @cached_property
    def first(self) -> datetime | None:
        """Give the earliest settled time."""
        return min((a.time for a in self.articles if a.time), default=None)

    @cached_property
    def last(self) -> datetime | None:
        """Give the latest settled time, updates included."""
        return max((t for a in self.articles for t in (a.time, a.updated) if t), default=None)

    def at(self, now: datetime, *, shift: bool = False) -> Corpus:
        """Settle relative times against `now`; with `shift`, move the absolute ones: the last becomes now."""
        now = now.replace(microsecond=0)
        moved = now - self.last if shift and self.last else timedelta()

        def settle(time: datetime | None, offset: timedelta | None) -> datetime | None:
            if offset is not None:
                return now + offset
            return time + moved if time else None

        articles = [
            _settled(a, settle(a.time, a.offset), settle(a.updated, a.updated_offset)) for a in self.articles
        ]
        return dataclasses.replace(self, articles=in_time_order(articles))

    def on_port(self, port: int) -> Corpus:
        """Give the same corpus with `port` in the addresses of its publishers."""
        return dataclasses.replace(
            self, publishers=tuple(dataclasses.replace(p, port=port) for p in self.publishers)
        )


def _settled(article: Article, time: datetime | None, updated: datetime | None) -> Article:
    if updated is not None and time is not None and updated <= time:
        updated = None  # an update before the publication tells nothing
    return dataclasses.replace(article, time=time, updated=updated, offset=None, updated_offset=None)


def in_time_order(articles: list[Article]) -> tuple[Article, ...]:
    """Sort by time: first the undated, then the absolute, then the relative ones; ties keep their order."""

    def key(article: Article) -> tuple[int, float]:
        if article.offset is not None:
            return 2, article.offset.total_seconds()
        return (1, article.time.timestamp()) if article.time else (0, 0.0)

    return tuple(sorted(articles, key=key))
