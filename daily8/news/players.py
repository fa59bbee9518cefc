"""How a film or a recording is played on our pages: by what, from where, and by a link where it cannot be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from daily8.news.embeds import embed_at
from daily8.news.feeds.media import STREAMS
from daily8.news.types import Block, Embed, Enclosure

Form = Literal["frame", "video", "stream", "audio", "link"]
"""A frame of another site, a file of moving pictures, a list of their pieces (HLS, RFC 8216), a sound; or
nothing that a page of ours can play."""

_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}", re.ASCII)
_VIMEO_ID = re.compile(r"[0-9]{1,12}", re.ASCII)
_STREAM_ENDS = ".m3u8"
_BITRATE_MOST = 3_000
"""Kilobits a second: 1080 lines look well with them, and most lines carry them."""
_PLAYED = frozenset({"video/mp4", "video/webm", "video/x-m4v", "video/*", "video/ogg"})
_FILMS = frozenset({"youtube", "vimeo", "video"})


@dataclass(frozen=True, slots=True)
class Player:
    """What plays a film or a recording. Nothing of it is loaded before a click."""

    form: Form
    url: str
    """Where a person would open it."""
    source: str = ""
    """The address of the frame or of the file; empty for a link."""
    provider: str = ""
    """``youtube`` or ``vimeo``; empty for a file of the publisher's."""
    type: str = ""
    duration: int | None = None
    """Seconds."""
    block: int | None = None
    """Which block of the text it stands for."""


def frame(provider: str, film: str) -> str:
    """Give the address of the frame that plays a film; empty where our policy knows no such frame."""
    if provider == "youtube" and _YOUTUBE_ID.fullmatch(film):
        return f"https://www.youtube-nocookie.com/embed/{film}?autoplay=1&rel=0"
    if provider == "vimeo" and _VIMEO_ID.fullmatch(film):
        return f"https://player.vimeo.com/video/{film}?autoplay=1&dnt=1"
    return ""


def of_embed(embed: Embed) -> Player | None:
    """Give the player of an embed; ``None`` for one that is no film or recording that we can play."""
    # Stored blocks may be older than what we know of addresses today.
    known = embed if frame(embed.provider, embed.id or "") else embed_at(embed.url) or embed
    if source := frame(known.provider, known.id or ""):
        return Player("frame", embed.url, source, known.provider, duration=embed.duration)
    if embed.provider in {"audio", "video"}:
        return _of_file(embed.provider, embed.url, "", embed.duration)
    return None


def _of_file(medium: str, url: str, kind: str, duration: int | None) -> Player | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    # The policy of our pages takes sound and films over https only.
    if parts.scheme != "https" or not parts.hostname:
        return Player("link", url, type=kind, duration=duration) if parts.scheme == "http" else None
    form: Form = "audio" if medium == "audio" else "video"
    if kind in STREAMS or parts.path.lower().endswith(_STREAM_ENDS):
        form = "stream"
    return Player(form, url, url, type=kind, duration=duration)


def lead(
    kind: str,
    url: str,
    enclosures: Sequence[Enclosure],
    blocks: Sequence[Block],
    duration: int | None = None,
) -> Player | None:
    """Choose what an article is played by; ``None`` where there is nothing to play.

    Its own address, if that is a film's; then a file that its feed names; then, for an article that is a
    film or an episode, the first in its text.
    """
    if kind not in {"video", "podcast"}:
        return _of_enclosures(kind, enclosures)
    own = embed_at(url)
    found = of_embed(own) if own is not None and own.provider in _FILMS and kind == "video" else None
    found = found or _of_enclosures(kind, enclosures) or _of_blocks(kind, blocks)
    if found is None or found.duration:
        return found
    stated = next((e.duration for e in enclosures if e.duration), None)
    return replace(found, duration=stated or duration)


def _of_enclosures(kind: str, enclosures: Sequence[Enclosure]) -> Player | None:
    wanted = "audio" if kind == "podcast" else "video"
    files = [e for e in enclosures if _medium(e) == wanted]
    files = files or [e for e in enclosures if _medium(e)]
    if not files:
        return None
    best = min(files, key=_preference)
    return _of_file(_medium(best), best.url, best.type or "", best.duration)


def _medium(enclosure: Enclosure) -> str:
    kind = enclosure.type or ""
    if kind in STREAMS:
        return "video"
    first = kind.partition("/")[0]
    if first in {"audio", "video"}:
        return first
    known = embed_at(enclosure.url) if not kind or kind == "application/octet-stream" else None
    return known.provider if known is not None and known.provider in {"audio", "video"} else ""


def _preference(enclosure: Enclosure) -> tuple[bool, bool, int]:
    """Order files: https, of a type that browsers play, then the best that is not too heavy."""
    moving = (enclosure.type or "").startswith("video")
    bitrate = enclosure.bitrate or 0
    heavy = bitrate - _BITRATE_MOST if bitrate > _BITRATE_MOST else 0
    plays = not moving or enclosure.type in _PLAYED
    return not enclosure.url.startswith("https:"), not plays, heavy or -bitrate


def _of_blocks(kind: str, blocks: Sequence[Block]) -> Player | None:
    for index, block in enumerate(blocks):
        found = of_embed(block) if isinstance(block, Embed) else None
        if found is not None and (found.form == "audio") == (kind == "podcast"):
            return replace(found, block=index)
    return None
