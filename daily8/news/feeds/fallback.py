"""Read with feedparser what is too broken for a strict reader.

It is slow, and quadratic in some inputs; such documents are kept from it.
"""

from __future__ import annotations

import io
import re
from calendar import timegm
from datetime import UTC, datetime
from typing import Any

import feedparser

from daily8.news import urls
from daily8.news.feeds.media import MAX_ENCLOSURES, duration, number
from daily8.news.feeds.mend import bare
from daily8.news.feeds.parts import MAX_CATEGORIES, MAX_TEXT, once
from daily8.news.feeds.xml import MAX_ENTRIES
from daily8.news.sanitise import plain, sanitise
from daily8.news.types import Enclosure, Entry, Feed, FeedKind

MAX_LENGTH = 2 * 1024 * 1024
"""Characters; what is longer is not given to feedparser."""
_MAX_TAG = 16384
_MAX_ATTRIBUTES = 200
_MAX_COMMENTS = 500
_MAX_DEPTH = 200
_MAX_TAGS = 20_000
"""Feedparser needs some 30 microseconds for each."""
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]*+(>?)")
_REFERENCE = re.compile(r"&#(?:[xX]0*+([0-9a-fA-F]*+)|0*+(\d*+));")


def is_tame(text: str) -> bool:
    """Say whether a document is free of what makes feedparser take minutes. Linear."""
    if len(text) > MAX_LENGTH or text.count("<!") > _MAX_COMMENTS + 4 * text.count("]]>"):
        return False
    if text.count("<") > _MAX_TAGS:
        return False
    depth = 0
    for match in _TAG.finditer(text):
        piece = match[0]
        if len(piece) > _MAX_TAG or piece.count("=") > _MAX_ATTRIBUTES:
            return False
        if match[1]:
            depth = max(0, depth - 1)
        elif not piece.endswith("/>"):
            depth += 1
            if depth > _MAX_DEPTH:
                return False
    return True


def read(text: str, url: str | None) -> Feed | None:
    """Read a broken feed; give None where feedparser finds no feed in it."""
    if not is_tame(text):
        return None
    headers = {"content-type": "application/xml; charset=utf-8"}
    data: Any = feedparser.parse(
        io.BytesIO(_REFERENCE.sub(_real, bare(text)).encode("utf-8", "replace")),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    version = str(data.get("version") or "")
    if not version and not data.entries:
        return None
    kind: FeedKind = (
        "atom" if version.startswith("atom") else "rdf" if version in {"rss090", "rss10"} else "rss"
    )
    feed = data.feed
    home = urls.absolute(feed.get("link"), url)
    return Feed(
        kind=kind,
        title=_plain(feed.get("title")),
        description=_plain(feed.get("subtitle")),
        url=_relation(feed, "self", url),
        home=home,
        language=feed.get("language") or None,
        hub=_relation(feed, "hub", url),
        ttl=number(feed.get("ttl")),
        image=urls.absolute((feed.get("image") or {}).get("href"), url),
        entries=tuple(_entry(row, url or home) for row in data.entries[:MAX_ENTRIES]),
    )


def _real(match: re.Match[str]) -> str:
    """Drop a reference to what is no character: feedparser fails on it."""
    digits = match[1] or match[2] or "0"
    code = int(digits, 16 if match[1] else 10) if len(digits) < 8 else -1
    return match[0] if 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _plain(value: str | None) -> str | None:
    return plain(value)[:MAX_TEXT] or None if value else None


def _relation(row: Any, relation: str, url: str | None) -> str | None:
    links = (link for link in row.get("links", ()) if relation in str(link.get("rel")).split())
    return next((found for link in links if (found := urls.absolute(link.get("href"), url))), None)


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(value), UTC) if value else None
    except (ValueError, OverflowError, OSError):
        return None


def _html(value: str | None, base: str | None) -> str | None:
    return sanitise(value, base).strip() or None if value else None


def _entry(row: Any, base: str | None) -> Entry:
    url = urls.absolute(row.get("link"), base)
    base = url or base
    contents = [str(part.get("value") or "") for part in row.get("content", ())]
    length = duration(row.get("itunes_duration"))
    files: dict[str, Enclosure] = {}
    for part in [*row.get("enclosures", ()), *row.get("media_content", ())][:MAX_ENCLOSURES]:
        address = urls.absolute(part.get("href") or part.get("url"), base)
        if address is not None:
            size = number(part.get("length") or part.get("filesize"))
            files.setdefault(address, Enclosure(address, part.get("type") or None, size, length))
    pictures = [*row.get("media_thumbnail", ()), row.get("image") or {}]
    images = (urls.absolute(part.get("url") or part.get("href"), base) for part in pictures)
    return Entry(
        id=row.get("id") or None,
        url=url,
        title=_plain(row.get("title")),
        published=_moment(row.get("published_parsed")),
        updated=_moment(row.get("updated_parsed")) if "updated" in row else None,
        authors=once(plain(str(a.get("name") or a.get("email") or "")) for a in row.get("authors", ())),
        summary=_html(row.get("summary"), base),
        content=_html(max(contents, key=len, default=None), base),
        language=row.get("language") or None,
        categories=once(plain(str(tag.get("term") or "")) for tag in row.get("tags", ()))[:MAX_CATEGORIES],
        enclosures=tuple(files.values()),
        image=next((image for image in images if image), None),
    )
