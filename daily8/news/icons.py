"""The icon that a page declares of its site."""

from __future__ import annotations

import re

from daily8.news import urls
from daily8.news.markup import tags, visible

SMALLEST = 32
"""Pixels."""
_BEST = 64
"""Pixels: sharp on any screen where icons are shown, and no larger than that needs."""
_LOOKED_AT = 300_000
"""Characters of a page."""
_RELATIONS = frozenset({"icon", "apple-touch-icon", "apple-touch-icon-precomposed"})
_RASTER = frozenset({"image/png", "image/jpeg", "image/jpg", "image/webp", "image/gif", "image/avif"})
_RASTER_NAME = re.compile(r"\.(?:png|jpe?g|webp|gif|avif)$", re.IGNORECASE)
_OTHER_NAME = re.compile(r"\.(?:svgz?|ico|cur|bmp)$", re.IGNORECASE)
_SIZE = re.compile(r"([0-9]{1,4})x([0-9]{1,4})", re.IGNORECASE)
_TOUCH = 180
"""Pixels of an ``apple-touch-icon`` that does not say its size."""


def declared_icon(html: str, url: str) -> str | None:
    """Give the raster icon that a page declares, of at least 32 pixels as far as it says; or None.

    ``<link rel=icon>`` and ``apple-touch-icon`` (WHATWG HTML, link type "icon"). No address is guessed:
    ``/favicon.ico`` is asked for by nobody here. SVG is never taken, for it can hold programs.
    """
    base = url
    found: list[tuple[bool, tuple[int, int], int, str]] = []
    for name, given in tags(visible(html[:_LOOKED_AT])):
        if name == "base":
            base = urls.absolute(given.get("href"), url) or base
        relations = given.get("rel", "").lower().split()
        if name != "link" or not _RELATIONS & set(relations):
            continue
        address = urls.absolute(given.get("href"), base)
        path = (address or "").partition("?")[0]
        kind = given.get("type", "").partition(";")[0].strip().lower()
        if address is None or _OTHER_NAME.search(path) or (kind and kind not in _RASTER):
            continue
        width = _width(given.get("sizes", ""), touch="icon" not in relations)
        if width is not None and width < SMALLEST:
            continue
        known = width is not None or bool(kind) or _RASTER_NAME.search(path) is not None
        found.append((not known, _distance(width), len(found), address))
    return min(found)[3] if found else None


def _width(sizes: str, *, touch: bool) -> int | None:
    """Give the size that fits best of those stated, in pixels."""
    widths = [min(int(a), int(b)) for a, b in _SIZE.findall(sizes[:200])]
    if not widths:
        return _TOUCH if touch else None
    return min(widths, key=_distance)


def _distance(width: int | None) -> tuple[int, int]:
    """Order sizes: the smallest that is sharp first, then those larger, then those smaller."""
    if width is None:
        return 1, 0
    return (0, width) if width >= _BEST else (2, -width)
