"""Write a feed as the JSON object that `daily8 parse` prints."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from daily8.news.types import Enclosure, Entry, Feed


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _enclosure(enclosure: Enclosure) -> dict[str, Any]:
    return {
        "url": enclosure.url,
        "type": enclosure.type,
        "length": enclosure.length,
        "duration": enclosure.duration,
        "bitrate": enclosure.bitrate,
    }


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """Give an entry as a JSON object: times RFC 3339 with zone, durations seconds, absent values null."""
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "published": _time(entry.published),
        "updated": _time(entry.updated),
        "authors": list(entry.authors),
        "summary": entry.summary,
        "content": entry.content,
        "language": entry.language,
        "categories": list(entry.categories),
        "enclosures": [_enclosure(enclosure) for enclosure in entry.enclosures],
        "image": entry.image,
        "kind": entry.kind,
        "wishes": [{"name": wish.name, "value": wish.value} for wish in entry.wishes],
        "episode": asdict(entry.episode) if entry.episode else None,
        "chapters": [asdict(chapter) for chapter in entry.chapters],
        "timed": [asdict(file) for file in entry.timed],
    }


def feed_to_json(feed: Feed, url: str | None = None) -> dict[str, Any]:
    """Give a feed as a JSON object. ``url`` is where it came from, for a feed that names no own address.

    ``ttl`` is minutes, as publishers write it.
    """
    return {
        "kind": feed.kind,
        "title": feed.title,
        "description": feed.description,
        "url": feed.url or url,
        "home": feed.home,
        "language": feed.language,
        "hub": feed.hub,
        "ttl": feed.ttl,
        "skip_hours": list(feed.skip_hours),
        "skip_days": list(feed.skip_days),
        "image": feed.image,
        "entries": [entry_to_json(entry) for entry in feed.entries],
    }
