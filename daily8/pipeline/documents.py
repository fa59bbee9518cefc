"""What is done to strangers' documents inside the cage: module-level functions of plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

from daily8.news import listing, newsletters, websub
from daily8.news.blocks import block_text, cleaned
from daily8.news.charset import decode
from daily8.news.excerpts import clamp
from daily8.news.extract import EXTRACTOR
from daily8.news.feeds import NotAFeed, parse_feed
from daily8.news.hashtags import Background
from daily8.news.icons import declared_icon
from daily8.news.identity import told_apart
from daily8.news.language import detect, primary
from daily8.news.newsletters import Envelope, as_feed, read_message
from daily8.news.packing import packed, unpacked
from daily8.news.repair import Guide, Reading, read
from daily8.news.sanitise import POLICY_VERSION, plain, sanitise
from daily8.news.storing import storable
from daily8.news.timed_texts import read_chapters, read_transcript
from daily8.news.types import Entry, Extracted, Feed, Wish, block_from_json, block_to_json
from daily8.news.understanding import Given, Understood, understand
from daily8.news.urls import canonical
from daily8.news.wishes import PageWishes, in_page, unsaid

EXCERPT = 300
PRODUCT = "daily8"
"""Our name in robots.txt, where nobody gives another."""
FIRST_MOST = 30
"""Links of a page that become articles when it is read for the first time: the rest is old."""
_PASSED_MOST = 500
NO_LINKS = "No link of this page is like the pattern of its articles; the pattern can be changed."
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

    excerpt: str
    reading: Reading
    recipe: str
    icon: str | None = None
    """That the page declares of its site."""
    body: bytes = b""
    """The page packed, to be kept; empty for one that is too large or was kept before."""
    wishes: tuple[Wish, ...] = ()
    """What the page asks of those who show or use it."""
    unsaid: bool = False
    """Whether it asks to leave something out of excerpts, so that no other than this one may be shown."""

    @property
    def extracted(self) -> Extracted:
        return self.reading.extracted


def read_feed(body: bytes, url: str, content_type: str | None) -> ReadFeed:
    """Read a feed.

    :raises daily8.news.feeds.NotAFeed: for a document that is none.
    """
    return _described(storable(parse_feed(body, url, content_type)))


def _described(feed: Feed) -> ReadFeed:
    excerpts = {
        key: clamp(plain(entry.summary or entry.content or ""), EXCERPT)
        for key, _, entry in told_apart(feed.entries, feed.home)
    }
    titles = " ".join(entry.title or "" for entry in feed.entries[:20])
    return ReadFeed(
        feed, excerpts, primary(feed.language) or detect(f"{titles} {' '.join(excerpts.values())}")
    )


def read_list(
    body: bytes, url: str, content_type: str | None, stored: Mapping[str, Any]
) -> tuple[ReadFeed, dict[str, Any]]:
    """Read a page that lists articles, by what is stored of its pattern and of the last reading.

    Give with it what is to be stored of this one: the links ``seen``, for trying other patterns, and marks of
    those that were ``passed`` over at the first reading, so that they do not become news later.

    :raises daily8.news.feeds.NotAFeed: for a page on which no link is like the pattern.
    """
    try:
        pattern = listing.pattern_from_json(stored)
    except listing.BadPattern as error:
        raise NotAFeed(str(error)) from error
    html = decode(body, content_type)
    feed = storable(listing.read_listing(html, url, pattern))
    if not feed.entries:
        raise NotAFeed(NO_LINKS)
    old = stored.get("passed")
    passed = [*old] if isinstance(old, list) else [*map(_mark, feed.entries[FIRST_MOST:])]
    known = set(passed)
    kept = tuple(entry for entry in feed.entries if _mark(entry) not in known)
    seen = storable(listing.seen_to_json(listing.seen_links(html, url)))
    hub, topic = storable(websub.in_page(html, url))
    feed = replace(feed, entries=kept, hub=hub, url=topic or feed.url)
    return _described(feed), {"passed": passed[:_PASSED_MOST], "seen": seen}


def _mark(entry: Entry) -> str:
    return hashlib.blake2b(canonical(entry.url or "").encode("utf-8", "replace"), digest_size=6).hexdigest()


def read_envelope(body: bytes, vouched_by: str) -> Envelope:
    """Read whose newsletter a mail is.

    :raises daily8.news.newsletters.NotANewsletter: for other mail.
    """
    return storable(newsletters.read_envelope(body, vouched_by))


def read_mail(body: bytes) -> ReadFeed:
    """Read an issue of a newsletter as a feed of one entry.

    :raises daily8.news.newsletters.NotANewsletter: for other mail.
    """
    return _described(as_feed(read_message(body)))


def read_page(
    body: bytes,
    url: str,
    content_type: str | None,
    entry: Entry,
    guide: Guide,
    token: str = PRODUCT,
    *,
    keep: bool = True,
) -> ReadPage:
    """Read an article page by what is known of its site, with what its feed says of it as a witness.

    ``token`` is our name in robots.txt, by which the page may ask something of us. Where it is to be kept,
    it comes back packed.
    """
    html = decode(body, content_type)
    asked = storable(in_page(html, url, token))
    page = _read(html, url, entry, guide, asked)
    icon = storable(declared_icon(html, url))
    return replace(page, icon=icon, body=packed(body) if keep else b"", wishes=asked.wishes)


def read_again(body: bytes, url: str, content_type: str | None, entry: Entry, guide: Guide) -> ReadPage:
    """Read an article page that was kept (``body`` is packed)."""
    html = decode(unpacked(body), content_type)
    return _read(html, url, entry, guide, storable(in_page(html, url, PRODUCT)))


def _read(html: str, url: str, entry: Entry, guide: Guide, asked: PageWishes) -> ReadPage:
    reading = storable(read(html, url, None, entry, guide))
    extracted = reading.extracted
    texts = filter(None, (unsaid(block_text(block), asked.unsaid) for block in extracted.blocks))
    text = unsaid(extracted.dek or "", asked.unsaid) or "\n\n".join(islice(texts, 8))
    recipe = f"{RECIPE} rules {guide.number}" if guide.rules else RECIPE
    return ReadPage(clamp(text, EXCERPT), reading, recipe, unsaid=asked.unsaid != ())


def clean_again(
    base: str, html: Sequence[str], texts: Sequence[Sequence[dict[str, Any]]]
) -> tuple[list[str], list[list[dict[str, Any]]]]:
    """Sanitise stored HTML, and stored blocks of texts, once more; ``base`` is their article's address."""
    return (
        [storable(sanitise(one, base or None)) for one in html],
        [_cleaned_blocks(blocks, base or None) for blocks in texts],
    )


def _cleaned_blocks(blocks: Sequence[dict[str, Any]], base: str | None) -> list[dict[str, Any]]:
    fit = (cleaned(block_from_json(block), base) for block in blocks)
    return [block_to_json(storable(block)) for block in fit if block is not None]


def read_timed(
    kind: str, body: bytes, url: str, content_type: str | None, stated: str | None
) -> tuple[dict[str, Any], ...]:
    """Read a file of timed text, ``chapters`` or ``transcript``, as rows of plain values.

    :raises daily8.news.timed_texts.NotTimedText: for anything else.
    """
    if kind == "chapters":
        return tuple(asdict(chapter) for chapter in storable(read_chapters(body, url)))
    return tuple(asdict(line) for line in storable(read_transcript(body, url, content_type, stated)))


def understand_all(given: Sequence[tuple[Given, Background]]) -> list[Understood]:
    """Find out what reports are about, each held against what is common where it comes from."""
    return [storable(understand(*each)) for each in given]
