"""Say in one sentence why a document is no feed."""

from __future__ import annotations

import re

from daily8.news.feeds.mend import bare

MAX_BODY = 5 * 1024 * 1024
"""Bytes; a larger document is refused."""


class NotAFeed(ValueError):
    """The document cannot be read as a feed; its text is one plain sentence for a person."""


_HTML = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+|<!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_FEED = re.compile(r"<(?:rss|feed|rdf:rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")


def is_web_page(text: str) -> bool:
    """Say whether a document begins as HTML does, and not as a feed with a stray document type."""
    return _HTML.match(text[:4096]) is not None and _FEED.search(text[:4096]) is None


def unreadable(text: str) -> NotAFeed:
    """Tell what a document that no reader could make a feed of looks like."""
    head = bare(text)[:4096].lstrip()
    if not head:
        return NotAFeed("the document is empty")
    if is_web_page(text) or is_web_page(head):
        return NotAFeed("this is a web page, not a feed")
    root = _ROOT.search(head)
    name = root[1].rpartition(":")[2].lower() if root else ""
    if name == "opml":
        return NotAFeed("this is a list of subscriptions (OPML), not a feed")
    if name in {"rss", "feed", "rdf", "urlset", "sitemapindex", "channel"}:
        if re.search(rf"</(?:\w+:)?{name}\s*>", text[-4096:], re.IGNORECASE) is None:
            return NotAFeed("the feed breaks off before its first entry is complete")
        return NotAFeed("the feed is too damaged to be read")
    if head[0] in "{[":
        return NotAFeed("this is JSON, but not a JSON Feed")
    if name and head.startswith("<"):
        return NotAFeed(f"this is a document of another kind (<{name[:40]}>), not a feed")
    return NotAFeed("this is plain text or something else, not a feed")
