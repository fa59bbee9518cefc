"""Pictures in pages: their best address, what they show, whose they are."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from daily8.news.tree import squeeze, text_of
from daily8.news.types import Image
from daily8.news.urls import absolute

WIDEST = 2048
"""Pixels; of a picture's versions the largest up to this width is taken."""
SMALLEST = 90
"""Pixels; what says that it is smaller, in width or height, is an ornament."""

_SOURCES = (
    *("src", "data-src", "data-original", "data-lazy-src", "data-lazy", "data-hi-res-src", "data-full-src"),
    *(
        "data-image",
        "data-img-src",
        "data-url",
        "data-lazyload",
        "data-litespeed-src",
        "data-orig-file",
        "content",
    ),
)
_SETS = ("srcset", "data-srcset", "data-lazy-srcset", "data-lazyset")
_ORNAMENT = re.compile(
    r"(?:^|[/_.\-?=&])(?:spacer|blank|pixel|transparent|placeholder|logos?|icons?|avatars?|emojis?|sprite|loader|"
    r"loading|gravatar|authors?|newsletters?|favicon|1x1|clear|badge|button|tracking|beacon)(?:[/_.\-?=&\d@]|$)|\.svg(?:$|[?#])|^data:|doubleclick|"
    r"scorecardresearch|facebook\.com/tr",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"[\s,]*(\S+)(?:\s+(?:(\d+(?:\.\d+)?)([wx]))?[^,\s]*)?")
_CREDIT_CLASS = re.compile(
    r"credit|copyright|photographer|(?:^|[-_\s])(?:rights?|source|quelle|agency|fotograf|byline|author|c)(?:$|[-_\s])|"
    r"image-?source|__source|urheber|attribution",
    re.IGNORECASE,
)
_CREDIT_TEXT = re.compile(
    r"\s*[(\[|/–—-]?\s*((?:©|\(c\)|(?:foto|photo|bild|image|picture|pic|credit|quelle|source|fonte|fuente|crédit|"
    r"kredit|kuva|zdjęcie|фото|صورة|تصوير|المصدر|撮影|写真)s?\b\s*(?:by|par|von|credit|©|/)?\s*[:：©])"
    r"\s*[^()\[\]]{2,120}|©\s*[^()\[\]]{2,120})[)\]]?\s*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:©|\(c\)|(?:foto|photo|bild|image|picture|credit|quelle|source|fonte|fuente|crédit|copyright|фото|صورة|تصوير)s?"
    r"\s*(?:by|par|von|credit)?\s*[:：©]|©)\s*",
    re.IGNORECASE,
)
_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-z]*\d[0-9a-z]{11,}", re.IGNORECASE
)
_SIZE = re.compile(
    r"(?:[-_.@](?:\d{2,4}x\d{2,4}|\d{2,4}w|w\d{2,4}|scaled|\d{1,4}|large|medium|small|original|thumb\w*))+$",
    re.IGNORECASE,
)


def image_of(element: HtmlElement, base: str | None) -> Image | None:
    """Give the picture of an ``img`` or ``picture`` element, or ``None`` for ornaments and empty ones."""
    img = element if element.tag != "picture" else next(element.iter("img", "amp-img"), element)
    width, height = _number(img.get("width")), _number(img.get("height"))
    if (width and width < SMALLEST) or (height and height < SMALLEST):
        if not any(s.get(name) for s in (img, *element.iter("source")) for name in _SETS):
            return None
        width = height = None
    url = _best(element, img, base)
    if url is None:
        return None
    return Image(url=url, alt=squeeze(img.get("alt"))[:500] or None, width=width, height=height)


def _number(text: str | None) -> int | None:
    found = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", text or "")
    return int(found.group(1)) or None if found else None


def _best(element: HtmlElement, img: HtmlElement, base: str | None) -> str | None:
    """Choose among an image's versions: the widest within reason, else its plain source."""
    versions: list[tuple[float, str]] = []
    holders = [img]
    parent = img.getparent()
    if element.tag == "picture" or (parent is not None and parent.tag == "picture"):
        holders += list((element if element.tag == "picture" else parent).iter("source"))
    for holder in holders:
        for name in _SETS:
            versions += srcset(holder.get(name) or "")
    wide = [(w, u) for w, u in versions if usable(u)]
    fitting = [v for v in wide if v[0] <= WIDEST] or wide
    plain = next((s for name in _SOURCES if (s := (img.get(name) or "").strip()) and usable(s)), None)
    if fitting and (not plain or max(fitting)[0] >= 300):
        return absolute(max(fitting, key=lambda v: v[0])[1], base)
    return absolute(plain, base) if plain else None


def srcset(value: str) -> list[tuple[float, str]]:
    """Read a ``srcset`` (HTML, section 4.8.4.2.1): pairs of width in pixels and address; a density is 600."""
    found = []
    at, text = 0, value[:20_000].strip()
    while at < len(text) and (match := _ENTRY.match(text, at)):
        url, number, unit = match.group(1), float(match.group(2) or 1), match.group(3)
        if url.endswith(","):
            url, number, unit, at = url.rstrip(","), 1.0, None, match.end(1)
        else:
            at = match.end()
        found.append((number if unit == "w" else number * 600, url))
    return found


def usable(url: str) -> bool:
    """Tell whether an address can be of a picture that shows something."""
    return bool(url) and len(url) < 2000 and not _ORNAMENT.search(url)


def figure_image(figure: HtmlElement, base: str | None) -> Image | None:
    """Give a figure's picture with caption and credit parted."""
    image = next((i for e in figure.iter("picture", "img", "amp-img") if (i := image_of(e, base))), None)
    if image is None:
        return None
    caption, credit = caption_of(figure)
    return Image(image.url, image.alt, caption, credit, image.width, image.height)


def caption_of(figure: HtmlElement) -> tuple[str | None, str | None]:
    """Part what stands under a picture into caption and credit, plain text."""
    captions = list(figure.iter("figcaption")) or [
        e
        for e in figure.iter()
        if isinstance(e.tag, str) and re.search(r"caption|legend", e.get("class") or "", re.IGNORECASE)
    ]
    if not captions:
        return None, None
    holder = captions[0]
    whole = text_of(holder)
    credit = ""
    for element in figure.iter("span", "small", "cite", "div", "p", "em", "i", "footer", "a", "strong"):
        said = text_of(element)
        small = element.tag == "small" and element.getparent() is holder
        if (
            said
            and len(said) <= 200
            and said != whole
            and (small or _CREDIT_CLASS.search(element.get("class") or ""))
        ):
            credit = said
            break
    caption = whole.replace(credit, " ") if credit else whole
    if not credit and (found := _CREDIT_TEXT.search(whole)):
        credit, caption = found.group(1), whole[: found.start()]
    credit = _LABEL.sub("", _LABEL.sub("", squeeze(credit))).strip(" ()[]/|")
    caption = squeeze(caption).strip(" |")
    return caption[:1000] or None, credit[:200] or None


def file_marks(url: str) -> set[str]:
    """Give what names a picture's file whatever its size, crop and host: stem and long ids of its path."""
    inner = re.search(r"[?&/](?:url|src|image)=(https?[^&]+)", url)
    path = unquote(urlsplit(unquote(inner.group(1)) if inner else url).path).lower().rstrip("/")
    stem = re.sub(r"(?:\.(?:jpe?g|png|webp|gif|avif|jfif))+$", "", path.rsplit("/", 1)[-1].split("=")[0])
    short = _SIZE.sub("", stem) or stem
    marks = {m.group(0) for m in _ID.finditer(path)}
    if len(short) >= 6:
        marks.add(short)
    return {
        m
        for m in marks or {path}
        if not re.fullmatch(
            r"\d{3,4}x\d+|(?:19|20)\d{6}|2147483647|(?:image|photo|default|original|large)\w{0,3}", m
        )
    }


def same_picture(a: str, b: str) -> bool:
    """Tell whether two addresses are of one picture in different sizes."""
    return a == b or bool(file_marks(a) & file_marks(b))
