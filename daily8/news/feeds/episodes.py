"""What an entry is within its programme: season, number and people, chapters, and files of timed text.

iTunes podcast tags; the podcast namespace (podcastindex.org/namespace/1.0); Podlove Simple Chapters 1.2.
"""

from __future__ import annotations

from typing import Literal

from lxml import etree

from daily8.news import urls
from daily8.news.feeds import tree
from daily8.news.feeds.parts import Parts, media_type, once
from daily8.news.sanitise import plain
from daily8.news.timed_texts import TITLE_MOST, best_transcript, in_order, seconds
from daily8.news.types import Chapter, Episode, TimedFile

PEOPLE_MOST = 12
_FILES_MOST = 20
_NAME_MOST = 100
"""Characters of a person's name."""
_TELLING = frozenset(
    {"podcast:season", "itunes:season", "podcast:episode", "itunes:episode", "podcast:person"}
)


def episode(parts: Parts) -> Episode | None:
    """Read season, number and people; ``None`` where the entry tells none of them."""
    if _TELLING.isdisjoint(parts.known):
        return None
    found = Episode(
        season=_number(parts, "podcast:season", "itunes:season"),
        number=_number(parts, "podcast:episode", "itunes:episode"),
        people=once(_name(child) for _, child in parts.all("podcast:person"))[:PEOPLE_MOST],
    )
    return found if found != Episode() else None


def _number(parts: Parts, *names: str) -> int | None:
    text = parts.text(*names) or ""
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 6 else None


def _name(child: etree._Element) -> str:
    return plain(tree.text_of(child)[:1000])[:_NAME_MOST]


def chapters(parts: Parts) -> tuple[Chapter, ...]:
    """Read the chapters that stand in the feed itself."""
    if "psc:chapters" not in parts.known:
        return ()
    found = []
    for _, group in parts.all("psc:chapters"):
        for name, child in tree.children(group):
            start = seconds(child.get("start"))
            title = plain((child.get("title") or "")[:1000])[:TITLE_MOST]
            if name == "psc:chapter" and start is not None and title:
                href = child.get("href")
                found.append(Chapter(start, title, urls.absolute(href, parts.base(child)) if href else None))
    return in_order(found)


def timed_files(parts: Parts) -> tuple[TimedFile, ...]:
    """Read the addresses of the chapters and of the best transcript."""
    if "podcast:chapters" not in parts.known and "podcast:transcript" not in parts.known:
        return ()
    found = _files(parts, "chapters")[:1]
    if offered := _files(parts, "transcript"):
        best = best_transcript(offered, parts.language("dc:language", "language"))
        found += [best] if best else []
    return tuple(found)


def _files(parts: Parts, kind: Literal["chapters", "transcript"]) -> list[TimedFile]:
    found = []
    for _, child in parts.all(f"podcast:{kind}")[:_FILES_MOST]:
        address = urls.absolute(child.get("url"), parts.base(child)) if child.get("url") else None
        if address:
            language = tree.language(child.get("language"))
            found.append(TimedFile(kind, address, media_type(child) or None, language))
    return found
