"""Find the feeds that a web page announces, or that its platform documents."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import parse_qs, urlsplit

from daily8.news import urls
from daily8.news.links import read_links
from daily8.news.markup import tags, visible
from daily8.news.sanitise import plain
from daily8.news.types import FeedLink

MAX_LENGTH = 2 * 1024 * 1024
"""Characters of the page that are looked at."""
MAX_TAGS = 20_000
"""Links of the page that are looked at."""
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
_LESSER = re.compile(r"comment|replies|تعليق", re.IGNORECASE)
_HTML_LANGUAGE = re.compile(r"<html\b[^>]{0,500}?\slang\s*=\s*[\"']?([A-Za-z]{2,8})", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feeds?|rdf|index\.xml|feed\.json)(?:[/._-]|$)|\.(?:rss|atom|rdf)$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|output)=(?:rss2?|atom|feed)(?:&|$)", re.IGNORECASE)
_NO_FEED = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|css|js|pdf|mp3|mp4|zip|ico)$", re.IGNORECASE)


def feed_links(html: str, url: str, link_header: str = "") -> tuple[FeedLink, ...]:
    """Give the feeds that a page announces, best first; ``url`` is the page's own address.

    ``<link rel=alternate>`` with the type of a feed counts (WHATWG HTML, link type "alternate"), ``rel=feed``
    and the same in the HTTP header ``Link`` (RFC 8288); feeds in other languages than the page's come last
    but for feeds of comments. Where there is none, links that look as if they led to a feed stand in.
    """
    text = visible(html[:MAX_LENGTH])
    spoken = (found := _HTML_LANGUAGE.search(text[:20_000])) and found[1].lower()
    base, known = url, False
    announced: list[tuple[int, int, FeedLink]] = []
    guessed: list[tuple[int, int, FeedLink]] = []
    found_tags = [("link", {**link.values, "href": link.target}) for link in read_links(link_header, url)]
    found_tags += islice(tags(text), MAX_TAGS)
    for order, (name, given) in enumerate(found_tags):
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
        relations = given.get("rel", "").lower().split()
        rank = _announced(name, relations, kind, address)
        lesser = 20 if _LESSER.search(f"{title or ''} {address}") else 0
        if rank is not None:
            language = given.get("hreflang", "").lower().partition("-")[0]
            lesser += 10 if language and spoken and language != spoken else 0
            announced.append((rank + lesser, order, link))
        elif name == "a" and len(guessed) < 1000 and (kind in _SURE or _looks_like_a_feed(address)):
            guessed.append((lesser, order, link))
    return _best(announced) or _best(guessed)


def _announced(name: str, relations: list[str], kind: str, address: str) -> int | None:
    """Give how good an announcement is, 0 the best; None for what announces no feed."""
    if name != "link" or not {"alternate", "feed"} & set(relations) or "stylesheet" in relations:
        return None
    if kind in _SURE:
        return _TYPES[kind]
    # WordPress announces its REST and oEmbed answers with the same types.
    if kind in _TYPES:
        return _TYPES[kind] if _looks_like_a_feed(address) and "/wp-json" not in address else None
    # Links of no type count where they call themselves feeds, or cannot be taken for anything else.
    if not kind and ("feed" in relations or _looks_like_a_feed(address)):
        return 2 if "feed" in relations else 5
    return None


def _best(found: list[tuple[int, int, FeedLink]]) -> tuple[FeedLink, ...]:
    links: dict[str, FeedLink] = {}
    for _, _, link in sorted(found, key=lambda row: row[:2]):
        links.setdefault(urls.canonical(link.url), link)
    return tuple(links.values())[:MAX_LINKS]


def _looks_like_a_feed(address: str) -> bool:
    path, _, query = address.partition("#")[0].partition("://")[2].partition("?")
    path = path.partition("/")[2].rstrip("/")
    return not _NO_FEED.search(path) and bool(_FEED_PATH.search(path) or _FEED_QUERY.search(query))


_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
_PLAYLIST = re.compile(r"(?:PL|UU|FL|OL|LL)[\w-]{10,60}", re.ASCII)
_NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)
_YOUTUBE = frozenset({"youtube.com", "m.youtube.com"})
_VIMEO_PAGES = frozenset(
    {"categories", "channels", "groups", "watch", "upgrade", "features", "blog", "help", "log_in"}
)
_SAYS_CHANNEL = re.compile(
    r"(?:itemprop=\"(?:channelId|identifier)\"\s+content=\"|\"externalId\":\"|"
    r"rel=\"canonical\"\s+href=\"https://www\.youtube\.com/channel/)(UC[\w-]{22})\"",
    re.ASCII,
)
_CONSENT = frozenset({"consent.youtube.com", "consent.google.com", "consent.yahoo.com"})


def documented_feed(url: str) -> str | None:
    """Give the feed of a page on a platform that documents how its feeds are addressed; None for any other.

    Nothing is guessed: each form is the platform's own word. YouTube: the address that its channel pages
    announce. Reddit: its help page "RSS". GitHub: ``/releases.atom`` as its release pages announce. Vimeo:
    help, "RSS feeds". Medium: help, "Using RSS feeds". Substack: support, "RSS feed for my publication".
    Tumblr: help, "RSS". Blogger: help, "Feed URL". Bluesky: its notes
    of December 2023, for profiles by identifier.
    """
    clean = urls.absolute(url)
    if clean is None:
        return None
    parts = urlsplit(clean)
    site = (parts.hostname or "").removeprefix("www.")
    path = [part for part in parts.path.split("/") if part]
    if site in _YOUTUBE:
        return _youtube(path, parse_qs(parts.query))
    if not all(_NAME.fullmatch(part.removeprefix("@").replace(":", "")) for part in path):
        return None
    return _on_its_own_site(site, path) or _on_a_shared_site(site, path)


def _youtube(path: list[str], query: dict[str, list[str]]) -> str | None:
    feeds = "https://www.youtube.com/feeds/videos.xml"
    match path:
        case ["channel", channel, *_] if _CHANNEL.fullmatch(channel):
            return f"{feeds}?channel_id={channel}"
        case ["playlist"] if _PLAYLIST.fullmatch(listed := query.get("list", [""])[0]):
            return f"{feeds}?playlist_id={listed}"
    return None


def _on_its_own_site(site: str, path: list[str]) -> str | None:
    """Read addresses of platforms that give each publication a name below theirs."""
    name, _, platform = site.partition(".")
    if path or not name:
        return None
    tail = {
        "substack.com": "feed",
        "tumblr.com": "rss",
        "medium.com": "feed",
        "blogspot.com": "feeds/posts/default",
    }
    return f"https://{site}/{tail[platform]}" if platform in tail else None


def _on_a_shared_site(site: str, path: list[str]) -> str | None:
    match site, path:
        case (("reddit.com" | "old.reddit.com"), ["r" | "user" as kind, name]):
            return f"https://www.reddit.com/{kind}/{name}/.rss"
        case "github.com", [owner, name, "releases" | "tags" as what]:
            return f"https://github.com/{owner}/{name}/{what}.atom"
        case "vimeo.com", [name] if not name.isdigit() and name not in _VIMEO_PAGES:
            return f"https://vimeo.com/{name}/videos/rss"
        case "medium.com", [name] if name.startswith("@"):
            return f"https://medium.com/feed/{name}"
        case "bsky.app", ["profile", identifier] if identifier.startswith("did:plc:"):
            return f"https://bsky.app/profile/{identifier}/rss"
    return None


def channel_feed(html: str, url: str) -> str | None:
    """Give the feed of a YouTube channel from its page, by the identifier that the page states as its own."""
    if urls.host(url).removeprefix("www.") not in _YOUTUBE:
        return None
    found = {match[1] for match in _SAYS_CHANNEL.finditer(html[:MAX_LENGTH])}
    return _youtube(["channel", found.pop()], {}) if len(found) == 1 else None


def asks_for_consent(url: str) -> bool:
    """Tell whether a page stands before the one that was asked for, and asks for consent to cookies."""
    return urls.host(url) in _CONSENT
