"""What is done to strangers' documents inside the cage: module-level functions of plain values."""

from __future__ import annotations

from dataclasses import dataclass

from daily8.news.blocks import blocks_to_text
from daily8.news.excerpts import clamp
from daily8.news.extract import EXTRACTOR, extract
from daily8.news.feeds import parse_feed
from daily8.news.identity import told_apart
from daily8.news.language import detect, primary
from daily8.news.sanitise import POLICY_VERSION, plain
from daily8.news.storing import storable
from daily8.news.types import Entry, Extracted, Feed

EXCERPT = 300
RECIPE = f"{EXTRACTOR} policy {POLICY_VERSION}"


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """A feed, with the plain text of each entry cut to an excerpt, by the entry's key."""

    feed: Feed
    excerpts: dict[str, str]
    language: str
    """Of the feed: as it says, else as its texts are surely written, else empty."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """An article page, with the start of its text."""

    extracted: Extracted
    excerpt: str


def read_feed(body: bytes, url: str, content_type: str | None) -> ReadFeed:
    """Read a feed.

    :raises daily8.news.feeds.NotAFeed: for a document that is none.
    """
    feed = storable(parse_feed(body, url, content_type))
    excerpts = {
        key: clamp(plain(entry.summary or entry.content or ""), EXCERPT)
        for key, _, entry in told_apart(feed.entries, feed.home)
    }
    titles = " ".join(entry.title or "" for entry in feed.entries[:20])
    return ReadFeed(
        feed, excerpts, primary(feed.language) or detect(f"{titles} {' '.join(excerpts.values())}")
    )


def read_page(body: bytes, url: str, content_type: str | None, entry: Entry) -> ReadPage:
    """Read an article page, with what its feed says of it as a witness."""
    extracted = storable(extract(body, url, content_type, entry))
    text = extracted.dek or blocks_to_text(extracted.blocks[:8])
    return ReadPage(extracted, clamp(text, EXCERPT))
