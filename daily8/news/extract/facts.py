"""The smaller facts of an article: language, section, tags, canonical address, kind, paywall, live."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import urlsplit

from daily8.news.drawing import Drawn
from daily8.news.embeds import embed_at
from daily8.news.extract.evidence import Evidence, several, string
from daily8.news.extract.linked import address, reference, types
from daily8.news.feeds.media import duration
from daily8.news.language import detect, primary
from daily8.news.tree import squeeze
from daily8.news.types import ArticleKind, Embed, Image
from daily8.news.urls import absolute, canonical

MOST_TAGS = 30
LEAST_LETTERS = 40
"""Letters below which a text tells neither script nor direction."""
_PLAYED = frozenset({"VideoObject", "AudioObject", "PodcastEpisode"})
_SCRIPTS = (
    (re.compile(r"[\u0600-\u06ff]"), {"ar", "fa", "ur", "ps", "ckb", "ku", "ug", "sd"}),
    (re.compile(r"[\u0400-\u04ff]"), {"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg"}),
    (re.compile(r"[\u0590-\u05ff]"), {"he", "iw", "yi"}),
    (re.compile(r"[\u0370-\u03ff]"), {"el"}),
    (re.compile(r"[\u3040-\u30ff]"), {"ja"}),
    (re.compile(r"[\uac00-\ud7af]"), {"ko"}),
    (re.compile(r"[\u0900-\u097f]"), {"hi", "mr", "ne"}),
)
_CLOSED_TIERS = frozenset({"locked", "metered", "paid", "premium", "subscriber", "subscription"})
_LIVE = re.compile(r"/(?:live|live-?blog|live-?updates?|live-?ticker|liveticker)(?:[/-]|$)", re.IGNORECASE)


def language(evidence: Evidence, text: str) -> str | None:
    """Give the text's language (primary subtag): what the page states, unless its script says otherwise."""
    stated = (
        string(evidence.article.get("inLanguage")),
        evidence.tree.get("lang") or evidence.tree.get("xml:lang"),
        evidence.said("og:locale", "content-language", "language", "dc.language"),
        evidence.entry.language if evidence.entry else None,
    )
    named = next((code for value in stated if re.fullmatch(r"[a-z]{2,3}", code := primary(value))), None)
    if named and _fits(named, text):
        return named
    return detect(text) or named


def _fits(code: str, text: str) -> bool:
    letters = sum(c.isalpha() for c in text[:2000])
    for script, codes in _SCRIPTS:
        if letters >= LEAST_LETTERS and len(script.findall(text[:2000])) > 0.5 * letters:
            return code in codes
    return True


def section(evidence: Evidence) -> str | None:
    """Give the section that the publisher files the article under."""
    stated = several(evidence.article.get("articleSection"))
    named = string(stated) or evidence.said(
        "article:section", "og:article:section", "parsely-section", "section"
    )
    return squeeze(named)[:100] or None if named else None


def tags(evidence: Evidence) -> tuple[str, ...]:
    """Give the publisher's own keywords, in order, each once."""
    texts: list[str] = []
    for value in several(evidence.article.get("keywords")):
        text = string(value)
        texts += re.split(r"[,;،、]", text) if text else []
    if not texts:
        texts = [v for name in ("article:tag", "og:article:tag") for v in evidence.meta.get(name, ())]
    if not texts and (said := evidence.said("news_keywords", "parsely-tags", "keywords")):
        texts = re.split(r"[,;،、]", said)
    if not texts and evidence.entry:
        texts = list(evidence.entry.categories)
    unique: dict[str, str] = {}
    for text in texts:
        tag = squeeze(text).strip("#\"' ")
        if 2 <= len(tag) <= 60 and ":" not in tag:
            unique.setdefault(tag.casefold(), tag)
    return tuple(unique.values())[:MOST_TAGS]


def canonical_url(evidence: Evidence) -> str | None:
    """Give the address that the page calls its own; a front page named by an article is no address of it."""
    stated = [
        *evidence.links.get("canonical", ()),
        evidence.said("og:url"),
        address(evidence.article.get("mainEntityOfPage")),
        address(evidence.article.get("url")),
    ]
    for value in stated:
        url = absolute(value or "", evidence.base)
        if url and (urlsplit(url).path.strip("/") or urlsplit(url).query or not _has_path(evidence.url)):
            return canonical(url)
    return canonical(evidence.url) if evidence.url else None


def site_name(evidence: Evidence) -> str | None:
    """Give what the publisher calls itself in its structured data, else for sharing."""
    houses = reference(evidence.article.get("publisher"), evidence.nodes)
    stated = (string(houses), evidence.said("og:site_name"), evidence.said("application-name"))
    return next((squeeze(name)[:100] for name in stated if name and not name.startswith("http")), None)


def direction(evidence: Evidence, text: str) -> Literal["ltr", "rtl"] | None:
    """Give the direction of writing: right to left if stated, else that of the letters, else as stated.

    Nobody states right to left by accident; left to right is often what a template was born with.
    """
    body = evidence.tree.find("body")
    said = [(element.get("dir") or "").lower() for element in (body, evidence.tree) if element is not None]
    if "rtl" in said:
        return "rtl"
    letters = [c for c in text[:600] if c.isalpha()]
    if len(letters) >= LEAST_LETTERS:
        backward = sum(unicodedata.bidirectional(c) in {"R", "AL"} for c in letters)
        return "rtl" if backward > 0.5 * len(letters) else "ltr"
    return "ltr" if "ltr" in said else None


def amp_url(evidence: Evidence) -> str | None:
    """Give the address of the page's AMP twin (``rel=amphtml``)."""
    return next((absolute(href, evidence.base) for href in evidence.links.get("amphtml", ())), None)


def syndicated_from(evidence: Evidence) -> str | None:
    """Give the address of the original of a copy: stated so, or a canonical address on another site."""
    stated = (
        evidence.said("syndication-source", "original-source"),
        address(evidence.article.get("isBasedOn")),
    )
    url = next((u for value in stated if value and (u := absolute(value, evidence.base))), None)
    own = canonical_url(evidence)
    url = url or own
    if not url or not evidence.url:
        return None
    return canonical(url) if _site(url) != _site(evidence.url) else None


def _site(url: str) -> str:
    """Give the last two names of a host, three where the last two are short as in ``co.uk``."""
    names = (urlsplit(url).hostname or "").split(".")
    short = len(names) > 2 and len(names[-1]) == 2 and len(names[-2]) <= 3
    return ".".join(names[-3:] if short else names[-2:])


def _has_path(url: str | None) -> bool:
    return bool(url and urlsplit(url).path.strip("/"))


def is_live(evidence: Evidence) -> bool:
    """Tell whether the page is a live blog."""
    return "LiveBlogPosting" in types(evidence.article) or bool(
        _LIVE.search(urlsplit(evidence.url or "").path)
    )


def is_paywalled(evidence: Evidence) -> bool:
    """Tell whether the publisher says that one pays (schema.org ``isAccessibleForFree``, content tiers)."""
    parts = [evidence.article, *(p for p in several(evidence.article.get("hasPart")) if isinstance(p, dict))]
    for part in parts:
        free = part.get("isAccessibleForFree")
        if free is False or (isinstance(free, str) and free.strip().lower() in {"false", "no", "0"}):
            return True
    tier = evidence.said("article:content_tier", "content_tier", "cxenseparse:pageclass", "paywall") or ""
    return tier.lower() in _CLOSED_TIERS


def film(evidence: Evidence) -> Embed | None:
    """Give the film that a page states as the article's own: in its JSON-LD, else by ``og:video``."""
    for node in _media(evidence, "video"):
        if "VideoObject" not in types(node):
            continue
        stated = [address(node.get(name)) for name in ("embedUrl", "contentUrl", "url")]
        known = (embed_at(url, evidence.url) for url in stated)
        if found := next(filter(None, known), None):
            return replace(found, duration=duration(_text(node.get("duration"))))
    return embed_at(evidence.said("og:video:secure_url", "og:video:url", "og:video"), evidence.url)


def length(evidence: Evidence) -> int | None:
    """Give the seconds of the film or the recording that a page states as the article's own."""
    for node in _media(evidence, "video", "audio", "associatedMedia"):
        if types(node) & _PLAYED and (found := duration(_text(node.get("duration")))):
            return found
    return duration(evidence.said("og:video:duration", "video:duration", "music:duration"))


def _media(evidence: Evidence, *names: str) -> list[dict[str, Any]]:
    # Films of other nodes may be those of a list beside the article.
    named = (node for name in names for node in reference(evidence.article.get(name), evidence.nodes))
    return [node for node in (*named, *evidence.nodes[:1]) if isinstance(node, dict)]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def kind(evidence: Evidence, drawn: list[Drawn], characters: int) -> ArticleKind:
    """Tell what kind of article it is from its type and what fills it."""
    if is_live(evidence):
        return "live"
    named = types(evidence.article)
    stated = (evidence.said("og:type") or "").lower()
    main = {t for node in evidence.nodes[:1] for t in types(node)}
    blocks = [d.block for d in drawn]
    if named & {"PodcastEpisode"} or main & {"PodcastEpisode", "AudioObject"} or stated.startswith("music"):
        return "podcast"
    entry = evidence.entry
    if entry and any((e.type or "").startswith("audio/") for e in entry.enclosures):
        return "podcast"
    if stated.startswith("video") or main & {"VideoObject"} or (entry and entry.kind == "video"):
        return "video"
    films = sum(
        isinstance(b, Embed) and b.provider in {"youtube", "vimeo", "video", "dailymotion"} for b in blocks
    )
    if films and characters < 600:
        return "video"
    if named & {"ImageGallery", "MediaGallery"}:
        return "gallery"
    pictures = sum(isinstance(b, Image) for b in blocks)
    return "gallery" if pictures >= 8 and characters < 150 * pictures else "text"
