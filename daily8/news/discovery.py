"""Find the feeds that a web page announces."""

from __future__ import annotations

import re
from html import unescape

from daily8.news import urls
from daily8.news.sanitise import plain
from daily8.news.types import FeedLink

MAX_LENGTH = 2 * 1024 * 1024
"""Characters of the page that are looked at."""
MAX_LINKS = 50

_TYPES = {
    "application/rss+xml": 0,
    "application/atom+xml": 0,
    "application/feed+json": 1,
    "application/rdf+xml": 2,
    "application/x-rss+xml": 2,
    "text/rss+xml": 2,
    "application/json": 3,
    "application/xml": 4,
    "text/xml": 4,
}
_SURE = frozenset(kind for kind, rank in _TYPES.items() if rank < 3)
_TAG = re.compile(
    r"<(link|a|base)"
    r"((?:[\s/]++[^\s/>=<]++(?:\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'|[^\s>\"'<]*+))?+)++)[\s/]*+>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([^\s/>=]++)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)'|([^\s>\"'<]*+))")
_HIDDEN_NAMES = ("script", "style", "template", "noscript", "textarea")
_HIDDEN = re.compile(rf"<({'|'.join(_HIDDEN_NAMES)})\b|<!--", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _HIDDEN_NAMES} | {"": re.compile("-->")}
_LESSER = re.compile(r"comment|replies|تعليق", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feeds?|rdf|index\.xml|feed\.json)(?:[/._-]|$)|\.(?:rss|atom|rdf)$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|output)=(?:rss2?|atom|feed)(?:&|$)", re.IGNORECASE)
_NO_FEED = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|css|js|pdf|mp3|mp4|zip|ico)$", re.IGNORECASE)


def feed_links(html: str, url: str) -> tuple[FeedLink, ...]:
    """Give the feeds that a page announces, best first; ``url`` is the page's own address.

    ``<link rel=alternate>`` with the type of a feed counts (WHATWG HTML, link type "alternate"); feeds of
    comments come last. Where there is none, links that look as if they led to a feed are given instead.
    """
    text = _visible(html[:MAX_LENGTH])
    base, known = url, False
    announced: list[tuple[int, int, FeedLink]] = []
    guessed: list[tuple[int, int, FeedLink]] = []
    for order, match in enumerate(_TAG.finditer(text)):
        name, given = match[1].lower(), _attributes(match[2])
        if name == "base":
            base = base if known else urls.absolute(given.get("href"), url) or base
            known = True
            continue
        address = urls.absolute(given.get("href"), base)
        if address is None:
            continue
        kind = given.get("type", "").partition(";")[0].strip().lower()
        title = plain(given.get("title", ""))[:300] or None
        link = FeedLink(address, title, kind or None)
        rank = _TYPES.get(kind)
        relations = given.get("rel", "").lower().split()
        lesser = 10 if _LESSER.search(f"{title or ''} {address}") else 0
        if rank is not None and _announces(name, relations, kind, address):
            announced.append((rank + lesser, order, link))
        elif name == "a" and len(guessed) < 1000 and (kind in _SURE or _looks_like_a_feed(address)):
            guessed.append((lesser, order, link))
    return _best(announced) or _best(guessed)


def _announces(name: str, relations: list[str], kind: str, address: str) -> bool:
    if name != "link" or not {"alternate", "feed"} & set(relations) or "stylesheet" in relations:
        return False
    # WordPress announces its REST and oEmbed answers with the same types.
    return kind in _SURE or (_looks_like_a_feed(address) and "/wp-json" not in address)


def _best(found: list[tuple[int, int, FeedLink]]) -> tuple[FeedLink, ...]:
    links: dict[str, FeedLink] = {}
    for _, _, link in sorted(found, key=lambda row: row[:2]):
        links.setdefault(urls.canonical(link.url), link)
    return tuple(links.values())[:MAX_LINKS]


def _looks_like_a_feed(address: str) -> bool:
    path, _, query = address.partition("#")[0].partition("://")[2].partition("?")
    path = path.partition("/")[2].rstrip("/")
    return not _NO_FEED.search(path) and bool(_FEED_PATH.search(path) or _FEED_QUERY.search(query))


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text[:8192]):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    return found


def _visible(text: str) -> str:
    """Cut out scripts, styles and comments: what stands in them is no announcement. Linear."""
    out: list[str] = []
    at = 0
    hopeless: set[str] = set()
    for match in _HIDDEN.finditer(text):
        name = (match[1] or "").lower()
        if match.start() < at or name in hopeless:
            continue
        end = _ENDS[name].search(text, match.end())
        if end is None:
            hopeless.add(name)
            continue
        out.append(text[at : match.start()])
        at = end.end()
    out.append(text[at:])
    return "".join(out)
