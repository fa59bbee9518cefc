"""Gather the files and the picture of an entry: enclosures, Atom links, Media RSS, iTunes, Google Play."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from daily8.news.feeds import tree
from daily8.news.feeds.parts import Link, Parts, media_type
from daily8.news.types import Enclosure

MAX_ENCLOSURES = 50
_MAX_PICTURES = 200

_COLONS = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})(?:\.\d+)?")
_UNITS = re.compile(
    r"(?:P(?:0D)?T)?(?:(\d+)\s*h[^\W\d]*)?,?\s*(?:(\d+)\s*m[^\W\d]*)?,?\s*"
    r"(?:(\d+)(?:\.\d+)?\s*s[^\W\d]*)?",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"\d{1,7}(?:\.\d+)?")
_FILES = frozenset({"media:content", "media:thumbnail", "media:group", "media:player"})
_PICTURES = ("itunes:image", "googleplay:image", "itunes:link", "image")
STREAMS = frozenset({"application/vnd.apple.mpegurl", "application/x-mpegurl"})
"""Types of a film in pieces (HLS, RFC 8216 section 4)."""
_FLASH = "application/x-shockwave-flash"


def duration(text: str | None) -> int | None:
    """Read a length of time in seconds: `3600`, `1:00:00`, `60:00`, `1h 2m`, `62 min`, `PT1H2M`."""
    text = text.strip()[:40] if text else ""
    if not text:
        return None
    if (match := _COLONS.fullmatch(text)) is not None:
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3]) or None
    if _SECONDS.fullmatch(text):
        return int(float(text)) or None
    match = _UNITS.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (min(int(part or 0), 99999) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds or None


def number(text: str | None) -> int | None:
    """Read a size in bytes; zero and nonsense are None."""
    if not text:
        return None
    text = text.strip().replace(",", "")
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 16 else None


def kind_of(enclosures: Iterable[Enclosure]) -> str | None:
    """Give the kind of article that files make: a film goes before a sound."""
    kinds = {(e.type or "").partition("/")[0] if e.type not in STREAMS else "video" for e in enclosures}
    return "video" if "video" in kinds else "podcast" if "audio" in kinds else None


class Files:
    """The files and pictures of an entry."""

    def __init__(self, parts: Parts, links: list[Link]) -> None:
        self.parts = parts
        self.length = duration(parts.text("itunes:duration"))
        self.files: dict[str, Enclosure] = {}
        self.pictures: list[tuple[int, int, str]] = []
        """Rank (0 best), width negated, address."""
        self.film = "yt:videoid" in parts.known
        for _, child in parts.all("enclosure", "atom:enclosure"):
            url = parts.address(child.get("url") or child.get("href"), child)
            self._put(url, media_type(child), child.get("length"), duration(child.get("duration")))
        for link in links:
            if link.relation == "enclosure":
                self._put(link.href, link.type, link.length)
        for name, child in parts.all("media:content", "media:thumbnail", "media:group", "media:player"):
            self._look(name, child, 2)
        for _, child in parts.all(*_PICTURES):
            self._picture(child)

    @property
    def enclosures(self) -> tuple[Enclosure, ...]:
        """The files, each address once."""
        return tuple(self.files.values())

    @property
    def image(self) -> str | None:
        """The best picture: one of the article, before a thumbnail, before that of the programme."""
        return min(self.pictures)[2] if self.pictures else None

    @property
    def kind(self) -> str | None:
        """The kind of article that they make it."""
        return "video" if self.film else kind_of(self.files.values())

    def _put(
        self,
        url: str | None,
        kind: str,
        size: str | None,
        seconds: int | None = None,
        bitrate: int | None = None,
    ) -> None:
        if url is None or len(self.files) >= MAX_ENCLOSURES:
            return
        plays = kind.startswith(("audio", "video")) or not kind
        length = seconds or (self.length if plays else None)
        self.files.setdefault(url, Enclosure(url, kind or None, number(size), length, bitrate))
        if kind.startswith("image"):
            self.pictures.append((1, 0, url))

    def _look(self, name: str, child: etree._Element, depth: int) -> None:
        """Look at an element of Media RSS and those inside it (Media RSS 1.5.1, sections 4 and 5)."""
        url = self.parts.address(child.get("url"), child)
        if url is not None and len(self.pictures) < _MAX_PICTURES and self._put_media(name, child, url):
            return
        if depth and name in {"media:group", "media:content"} and len(child):
            for grandchild in child:
                if isinstance(tag := grandchild.tag, str):
                    inner = tree.short(tag)
                    if inner in _FILES:
                        self._look(inner, grandchild, depth - 1)

    def _put_media(self, name: str, child: etree._Element, url: str) -> bool:
        """Take a file or a picture; say whether it is a picture, which holds nothing better than itself."""
        if name == "media:player":
            # Where there is a player and no text, the entry is the film.
            self.film = self.film or "content:encoded" not in self.parts.known
            return False
        if name == "media:thumbnail":
            self.pictures.append((2, -(number(child.get("width")) or 0), url))
            return False
        medium = child.get("medium")
        kind = "" if medium == "image" else media_type(child)
        medium = (medium or kind.partition("/")[0]).lower()
        if name == "media:content" and medium == "image":
            self.pictures.append((0, -(number(child.get("width")) or 0), url))
            return True
        if name == "media:content" and kind == _FLASH:
            self.film = True
        elif name == "media:content" and medium in {"audio", "video"}:
            seconds, bitrate = duration(child.get("duration")), number(child.get("bitrate"))
            self._put(url, kind or f"{medium}/*", child.get("fileSize"), seconds, bitrate)
        return False

    def _picture(self, child: etree._Element) -> None:
        if (child.get("rel") or "image") != "image" or len(self.pictures) >= _MAX_PICTURES:
            return
        reference = child.get("href") or child.get("url")
        if not reference:
            inner = Parts(child, None, atom=False).text("url") if len(child) else None
            reference = inner or tree.text_of(child)
        if (url := self.parts.address(reference, child)) is not None:
            self.pictures.append((3, 0, url))
