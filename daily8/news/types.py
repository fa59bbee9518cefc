"""The values that travel between the floors: feeds, entries, blocks, extracted articles."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

FeedKind = Literal["rss", "atom", "rdf", "json", "sitemap", "sitemap-index", "opml", "page", "mail"]
ArticleKind = Literal["text", "video", "podcast", "gallery", "live"]
Verdict = Literal["article", "excerpt", "none"]


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a publisher asks, in a form for machines, of those who show or use an article."""

    name: str
    """As its own specification calls it: ``nosnippet``, ``max-snippet``, ``tdm-reservation``, ``rsl``, ..."""
    place: str
    """Where it stands: ``header``, ``page``, ``feed``, ``robots``, ``tdmrep``; ``operator``: set by ours."""
    value: str = ""
    seen_at: datetime | None = None
    """When it was last read."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that an entry carries: an episode, a video, a picture."""

    url: str
    type: str | None = None
    """Media type in lower case, without parameters."""
    length: int | None = None
    """Bytes, as the publisher states them."""
    duration: int | None = None
    """Seconds."""
    bitrate: int | None = None
    """Kilobits a second, where a feed offers one film in several sizes."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of an episode."""

    start: float
    """Seconds from the beginning."""
    title: str
    url: str | None = None
    """What it is about, elsewhere."""


@dataclass(frozen=True, slots=True)
class Line:
    """Some sentences of a transcript."""

    text: str
    start: float | None = None
    """Seconds from the beginning; ``None`` in a transcript without times."""
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class TimedFile:
    """A file of timed text that a feed names: the chapters of an episode, or its transcript."""

    kind: Literal["chapters", "transcript"]
    url: str
    type: str | None = None
    """Media type in lower case, without parameters."""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """What an entry is within its programme."""

    season: int | None = None
    number: int | None = None
    people: tuple[str, ...] = ()
    """Hosts and guests."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, cleaned: addresses absolute, HTML sanitised, times with zone.

    ``title`` is plain text; ``summary`` and ``content`` are sanitised HTML. ``content`` is the full text
    where the feed carries one (``content:encoded``, ``atom:content``, ``content_html``), else ``None``.
    """

    id: str | None = None
    url: str | None = None
    title: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    summary: str | None = None
    content: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    kind: str | None = None
    """``sitemap`` for a row of a sitemap index; else the kind of article where the feed tells it."""
    wishes: tuple[Wish, ...] = ()
    """What the feed asks of those who use it."""
    episode: Episode | None = None
    chapters: tuple[Chapter, ...] = ()
    """Those that stand in the feed itself."""
    timed: tuple[TimedFile, ...] = ()
    """At most one of each kind."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed document says, whatever its format."""

    kind: FeedKind
    title: str | None = None
    description: str | None = None
    url: str | None = None
    """The feed's own address, where it names one (``rel=self``)."""
    home: str | None = None
    language: str | None = None
    hub: str | None = None
    """WebSub hub."""
    ttl: int | None = None
    """Minutes between polls that the publisher asks for (``ttl``, or ``sy:`` period / frequency)."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day in GMT, 0 to 23, in which the feed does not change."""
    skip_days: tuple[int, ...] = ()
    """Days of the week in GMT, Monday 0 to Sunday 6."""
    image: str | None = None
    complete: bool = True
    """Whether the document came to its end; of one that broke off, its server may have more."""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page announces."""

    url: str
    title: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``html`` is sanitised inline HTML (a, em, strong, code, sub, sup, br, abbr, ...), never a block."""

    html: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the body; the title is none of them."""

    html: str
    level: int = 2
    """2 to 4."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation set apart: its paragraphs, and who said it where the page tells."""

    html: tuple[str, ...]
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; each item is sanitised inline HTML."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; each cell is sanitised inline HTML."""

    rows: tuple[tuple[str, ...], ...]
    header: bool = False
    """Whether the first row is a head."""
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as its page shows it."""

    url: str
    alt: str | None = None
    caption: str | None = None
    """Plain text."""
    credit: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Embed:
    """A post or a film of another site, as a card: nothing is loaded from there before a click."""

    provider: str
    """``youtube``, ``vimeo``, ``x``, ``instagram``, ``audio``, ``video``, ``link``, ..."""
    url: str
    id: str | None = None
    author: str | None = None
    text: str | None = None
    duration: int | None = None
    """Seconds of a film or a recording, where its page tells."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A break between parts."""


Block = Paragraph | Heading | Quote | ListBlock | Table | Image | Embed | Rule

BLOCKS: dict[str, type[Block]] = {
    "paragraph": Paragraph,
    "heading": Heading,
    "quote": Quote,
    "list": ListBlock,
    "table": Table,
    "image": Image,
    "embed": Embed,
    "rule": Rule,
}
_NAMES = {cls: name for name, cls in BLOCKS.items()}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value


def block_to_json(block: Block) -> dict[str, Any]:
    """Give a block as a JSON object with its name under ``type`` and absent values left out."""
    values = {f.name: getattr(block, f.name) for f in dataclasses.fields(block)}
    return {"type": _NAMES[type(block)], **{k: v for k, v in values.items() if v is not None}}


def block_from_json(data: dict[str, Any]) -> Block:
    """Read a block that `block_to_json` wrote.

    :raises KeyError: for a type that is not one of `BLOCKS`.
    """
    cls = BLOCKS[data["type"]]
    known = {f.name for f in dataclasses.fields(cls)}
    return cls(**{k: _tuples(v) for k, v in data.items() if k in known})


@dataclass(frozen=True, slots=True)
class Quality:
    """The gate's judgement of an extracted text."""

    score: float
    """0 (nothing usable) to 1 (surely the whole article)."""
    verdict: Verdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article as its page gives it. The body is typed blocks; text and HTML are drawn from them."""

    title: str | None = None
    dek: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    kind: ArticleKind = "text"
    section: str | None = None
    tags: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    image: Image | None = None
    canonical_url: str | None = None
    paywalled: bool = False
    live: bool = False
    duration: int | None = None
    """Seconds of a film or an episode."""
    quality: Quality = Quality(0.0, "none")
    description: str | None = None
    """What the publisher states of it, even where the text begins so."""
    site_name: str | None = None
    """What the publisher calls itself."""
    direction: Literal["ltr", "rtl"] | None = None
    """How the text is written: stated, else by its letters."""
    amp_url: str | None = None
    syndicated_from: str | None = None
    """Address of the original, where the page says that it is a copy."""
