"""What is done to strangers' documents inside the cage, for those who wait: functions of plain values."""

from __future__ import annotations

from daily8.news.charset import decode
from daily8.news.feeds import parse_feed
from daily8.news.listing import checked, read_listing
from daily8.news.packing import unpacked
from daily8.news.repair import Guide, Reading
from daily8.news.repair import read as read_article
from daily8.news.storing import storable
from daily8.news.types import Entry, Feed


def read(body: bytes, url: str, content_type: str | None, links: str) -> Feed:
    """Read a feed, or a page as a list of the links that are like ``links``.

    :raises daily8.news.feeds.NotAFeed: for a document that is none.
    """
    if links:
        return read_listing(decode(body, content_type), url, checked(links))
    return parse_feed(body, url, content_type)


def read_kept(body: bytes, url: str, content_type: str | None, entry: Entry, guide: Guide) -> Reading:
    """Read an article page that was kept (``body`` is packed).

    :raises ValueError: for one that is damaged.
    """
    return storable(read_article(unpacked(body), url, content_type, entry, guide))


__all__ = ["Reading", "read", "read_kept"]
