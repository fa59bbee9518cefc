"""What templates need to draw pictures, players and form fields."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.forms import BoundField
from django.urls import reverse

from daily8.news.types import Embed
from daily8.store.values import PictureView

SHADES = 8
USUAL_WIDTH = 640
"""Asked for where it is not known yet which widths there will be."""
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}", re.ASCII)
_VIMEO_ID = re.compile(r"[0-9]{1,12}", re.ASCII)


def shade(name: str) -> int:
    """Give one of `SHADES` colours for a publisher, always the same."""
    return zlib.crc32(name.encode()) % SHADES


@dataclass(frozen=True, slots=True)
class ImageSource:
    """Attributes of an ``img``."""

    src: str
    srcset: str
    width: int
    height: int


def sources_of(picture: PictureView) -> ImageSource:
    """Give the addresses of a picture, and the space it takes; 16:9 is reserved where that is unknown."""
    widths = picture.widths or (USUAL_WIDTH,)
    folder = reverse("media", args=(picture.id, 0)).removesuffix("0")
    addresses = {width: f"{folder}{width}" for width in widths}
    src = addresses[min(widths, key=lambda width: abs(width - USUAL_WIDTH))]
    srcset = ", ".join(f"{address} {width}w" for width, address in addresses.items())
    known = picture.width > 0 and picture.height > 0
    return ImageSource(
        src=src,
        srcset=srcset if len(widths) > 1 else "",
        width=picture.width if known else 1280,
        height=picture.height if known else 720,
    )


def _youtube(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host == "youtu.be":
        return parts.path.strip("/")
    if host in {"youtube.com", "youtube-nocookie.com"}:
        first, _, rest = parts.path.strip("/").partition("/")
        if first == "watch":
            return parse_qs(parts.query).get("v", [""])[0]
        if first in {"embed", "shorts", "live"}:
            return rest
    return ""


def _frame(provider: str, film: str) -> str:
    if provider == "youtube" and _YOUTUBE_ID.fullmatch(film):
        return f"https://www.youtube-nocookie.com/embed/{film}?autoplay=1&rel=0"
    if provider == "vimeo" and _VIMEO_ID.fullmatch(film):
        return f"https://player.vimeo.com/video/{film}?autoplay=1&dnt=1"
    return ""


def film(address: str) -> str:
    """Give the address of the frame that plays a film page of YouTube; empty for any other page."""
    return _frame("youtube", _youtube(address))


def player(embed: Embed) -> str:
    """Give the address of the frame that plays an embed on a click; empty where the policy knows none."""
    return _frame(embed.provider, embed.id or "") or film(embed.url)


def input_of(field: BoundField) -> dict[str, Any]:
    """Give what a field's widget would draw (type, name, value, attributes): our own template draws it."""
    data: dict[str, Any] = field.subwidgets[0].data
    return data
