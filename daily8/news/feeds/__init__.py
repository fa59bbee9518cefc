"""Read any feed: RSS 0.9x, 1.0 and 2.0, RDF, Atom 0.3 and 1.0, JSON Feed, news sitemaps and their indexes."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

from daily8.news.charset import decode
from daily8.news.feeds import fallback, jsonfeed, sitemap, tree, xml
from daily8.news.feeds.as_json import entry_to_json, feed_to_json
from daily8.news.feeds.refusals import MAX_BODY, NotAFeed, is_web_page, unreadable
from daily8.news.feeds.xml import MAX_ENTRIES
from daily8.news.types import Feed

__all__ = [
    "MAX_BODY",
    "MAX_ENTRIES",
    "NotAFeed",
    "entry_to_json",
    "feed_to_json",
    "own_reading",
    "parse_feed",
]

_END = re.compile(r"</(?:[\w-]+:)?(?:rss|channel|feed|rdf|urlset|sitemapindex)\s*>", re.IGNORECASE)
_TAIL = 4000
"""Characters in which a document's last tag must stand: notes of a server may follow it."""
_ENTRY_TAG = re.compile(r"<(?:[\w-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)


def parse_feed(body: bytes, url: str | None = None, content_type: str | None = None) -> Feed:
    """Read a feed. ``url`` is where it came from, ``content_type`` the HTTP header.

    Addresses come out absolute, HTML sanitised, titles and names as plain text, times with zone, the newest
    `MAX_ENTRIES` entries in the feed's order. A strict reader of our own goes first; what is broken beyond
    mending goes to feedparser, and then to a recovering parser.

    :raises NotAFeed: with one plain sentence, for what is empty, too large, or no feed.
    """
    if len(body) > MAX_BODY:
        raise NotAFeed(f"this document is larger than {MAX_BODY // 1024 // 1024} MB, too large for a feed")
    text = decode(_unpacked(body), content_type)
    if not text.strip():
        raise NotAFeed("the document is empty")
    if is_web_page(text):
        raise unreadable(text)
    found = own_reading(text, url) or _read_broken(text, url)
    if found is None:
        raise unreadable(text)
    if found.kind != "json" and _END.search(text[-_TAIL:]) is None:
        return replace(found, complete=False)
    return found


def _unpacked(body: bytes) -> bytes:
    """Give a document as it was before gzip, as sitemaps are served; of one broken off, what there is.

    :raises NotAFeed: for one that grows beyond `MAX_BODY`.
    """
    if not body.startswith(b"\x1f\x8b\x08"):
        return body
    unpacking = zlib.decompressobj(wbits=31)
    try:
        found = unpacking.decompress(body, MAX_BODY + 1)
    except zlib.error:
        raise NotAFeed("this document is packed, and its packing is broken") from None
    if len(found) > MAX_BODY:
        raise NotAFeed(f"this document is larger than {MAX_BODY // 1024 // 1024} MB, too large for a feed")
    return found


def own_reading(text: str, url: str | None = None) -> Feed | None:
    """Read a feed with our own readers: JSON, and XML that is well-formed or nearly so.

    None where they have doubt: the document is too broken, or entries stand in it and none was found.

    :raises NotAFeed: for broken JSON and JSON of another kind.
    """
    found = jsonfeed.read(text, url)
    if found is not None:
        return found
    root = tree.parse(text)
    if root is None:
        return None
    found = sitemap.read(root, url) or xml.read(root, url)
    return None if found is not None and not found.entries and _ENTRY_TAG.search(text) else found


def _read_broken(text: str, url: str | None) -> Feed | None:
    """Read what can be read of a broken feed."""
    found = fallback.read(text, url)
    if found is not None and found.entries:
        return found
    root = tree.recovered(text)
    rest = None if root is None else sitemap.read(root, url) or xml.read(root, url)
    return rest if rest is not None and rest.entries else None
