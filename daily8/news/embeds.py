"""Posts and films of other sites that stand in an article: recognised by their address, never loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

from daily8.news.types import Embed
from daily8.news.urls import absolute


@dataclass(frozen=True, slots=True)
class _Provider:
    name: str
    hosts: str
    """Pattern of the whole host."""
    path: str
    """Pattern that finds the id in path and query."""
    url: str
    """The address that a person would open."""


_PROVIDERS = tuple(
    (re.compile(rf"(?:[\w-]+\.)*(?:{p.hosts})"), re.compile(p.path), p)
    for p in (
        _Provider(
            "youtube",
            r"youtube\.com|youtube-nocookie\.com",
            r"^/(?:(?:embed|e|v|shorts|live|watch)/|watch/?\?(?:.*&)?v=)(?!videoseries|live_stream)([\w-]{11})(?=[?&/#]|$)",
            "https://www.youtube.com/watch?v={}",
        ),
        _Provider(
            "youtube",
            r"youtu\.be",
            r"^/([\w-]{11})(?=[?&/#]|$)",
            "https://www.youtube.com/watch?v={}",
        ),
        _Provider(
            "vimeo",
            r"vimeo\.com",
            r"^/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/|album/\d+/video/|event/\d+/videos/)?"
            r"(\d{5,12})(?=[?&/#]|$)",
            "https://vimeo.com/{}",
        ),
        _Provider(
            "dailymotion",
            r"dailymotion\.com|dai\.ly",
            r"(?:/video/|[?&]video=|^/)(x?\w{5,10})(?=[?&/#_]|$)",
            "https://www.dailymotion.com/video/{}",
        ),
        _Provider("x", r"twitter\.com|x\.com", r"/status(?:es)?/(\d{5,20})", "https://x.com/i/status/{}"),
        _Provider("x", r"platform\.twitter\.com", r"[?&]id=(\d{5,20})", "https://x.com/i/status/{}"),
        _Provider(
            "instagram",
            r"instagram\.com",
            r"/(?:p|reel|tv)/([\w-]{5,40})",
            "https://www.instagram.com/p/{}/",
        ),
        _Provider(
            "tiktok",
            r"tiktok\.com",
            r"/(?:video|embed(?:/v2)?|v)/(\d{8,22})",
            "https://www.tiktok.com/@/video/{}",
        ),
        _Provider("threads", r"threads\.(?:net|com)", r"/post/([\w-]{5,30})", "https://www.threads.com/t/{}"),
        _Provider(
            "spotify",
            r"open\.spotify\.com",
            r"/((?:track|episode|show|album|playlist)/\w{15,30})",
            "https://open.spotify.com/{}",
        ),
        _Provider(
            "bluesky",
            r"bsky\.app",
            r"/((?:embed/)?[\w:.]+/(?:post|app\.bsky\.feed\.post)/\w+)",
            "https://bsky.app/{}",
        ),
        _Provider(
            "reddit", r"reddit\.com|redditmedia\.com", r"/(r/\w+/comments/\w+)", "https://www.reddit.com/{}/"
        ),
        _Provider("telegram", r"t\.me", r"^/(\w{4,40}/\d+)", "https://t.me/{}"),
        _Provider("streamable", r"streamable\.com", r"^/(?:[eo]/)?(\w{4,8})$", "https://streamable.com/{}"),
    )
)
# Whose post it is stands in the query of a player's address.
_INDIRECT = (
    (
        "facebook",
        re.compile(r"(?:www\.)?facebook\.com"),
        re.compile(r"^/plugins/(?:post|video)\.php"),
        "href",
    ),
    ("soundcloud", re.compile(r"w\.soundcloud\.com"), re.compile(r"^/player"), "url"),
)
_DIRECT = (
    (
        "facebook",
        re.compile(r"(?:www\.|m\.)?facebook\.com"),
        re.compile(r"/(?:posts|videos|watch|reel|photo)[/.?]"),
    ),
    ("soundcloud", re.compile(r"soundcloud\.com"), re.compile(r"^/[\w-]+/[\w-]+")),
)
_FILES = (
    ("video", re.compile(r"\.(?:mp4|m4v|webm|mov|m3u8)$")),
    ("audio", re.compile(r"\.(?:mp3|m4a|ogg|oga|opus|aac|wav)$")),
)


def embed_at(address: str | None, base: str | None = None) -> Embed | None:
    """Give the card of a post, film or recording at an address, or ``None`` for any other address."""
    url = absolute(address or "", base)
    if not url:
        return None
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    where = f"{parts.path}?{parts.query}" if parts.query else parts.path
    for hosts, path, provider in _PROVIDERS:
        if hosts.fullmatch(host) and (found := path.search(where)):
            key = found.group(1)
            open_at = (
                provider.url.format(quote(key, safe="/:")) if provider.name != "tiktok" else _tiktok(url, key)
            )
            return Embed(provider.name, open_at, key)
    for name, hosts, path, query in _INDIRECT:
        if hosts.fullmatch(host) and path.search(where):
            inner = absolute(unquote(parse_qs(parts.query).get(query, [""])[0]))
            return Embed(name, inner) if inner else None
    for name, hosts, path in _DIRECT:
        if hosts.fullmatch(host) and path.search(where):
            return Embed(name, url)
    return next((Embed(kind, url) for kind, ends in _FILES if ends.search(parts.path.lower())), None)


def _tiktok(url: str, key: str) -> str:
    user = re.search(r"/(@[\w.]+)/", url)
    return f"https://www.tiktok.com/{user.group(1) if user else '@'}/video/{key}"
