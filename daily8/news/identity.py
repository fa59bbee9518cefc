"""Decide which entries of a feed are new, which have changed, and which article each of them is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from daily8.news.types import Entry
from daily8.news.urls import canonical


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry that is new to its source, or that changed."""

    entry: Entry
    key: str
    """Tells the entry within its source."""
    digest: str
    """Of what the feed says of it."""
    article: str
    """Tells the article on the whole site: its canonical address, else source and entry."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What of a feed is to be written; `seen` entries are as they were."""

    new: tuple[Arrival, ...]
    changed: tuple[Arrival, ...]
    seen: int


def entry_key(entry: Entry) -> str | None:
    """Give what tells an entry within its source: its id, else its canonical address, else title and day.

    ``None`` for an entry that has none of them: there is nothing to show of it.
    """
    if entry.id:
        return _short(entry.id)
    if entry.url:
        return _short(canonical(entry.url))
    if entry.title:
        day = entry.published.date().isoformat() if entry.published else ""
        return _short(f"{day} {entry.title.casefold()}")
    return None


def article_key(source: str, entry: Entry, key: str) -> str:
    """Give what tells the article on the whole site."""
    return _short(canonical(entry.url)) if entry.url else f"{source} {key}"


def entry_digest(entry: Entry) -> str:
    """Give a digest of what the feed says of an entry; its publication time is no part of it."""
    said = (entry.url, entry.title, entry.summary, entry.content, entry.updated, entry.authors)
    parts = [*map(str, said), *(e.url for e in entry.enclosures)]
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def keys(entries: Iterable[Entry]) -> list[str]:
    """Give the keys of the entries that can be told, for looking up what is known of them."""
    return [key for entry in entries if (key := entry_key(entry))]


def decide(source: str, entries: Iterable[Entry], known: Mapping[str, str]) -> Decision:
    """Decide what of a feed is new or changed.

    ``source`` names the source for good; ``known`` gives the digest of each entry known by its key. An
    entry that stands twice in one feed counts once, by its first standing.
    """
    new: list[Arrival] = []
    changed: list[Arrival] = []
    done: set[str] = set()
    seen = 0
    for entry in entries:
        key = entry_key(entry)
        if key is None or key in done or not (entry.url or entry.title or entry.enclosures):
            continue
        done.add(key)
        arrival = Arrival(entry, key, entry_digest(entry), article_key(source, entry, key))
        if key not in known:
            new.append(arrival)
        elif known[key] != arrival.digest:
            changed.append(arrival)
        else:
            seen += 1
    return Decision(tuple(new), tuple(changed), seen)


def _short(key: str) -> str:
    # An index row of PostgreSQL holds some 2,700 bytes; identifiers of strangers may be longer.
    raw = key.replace("\x00", "")
    if len(raw) <= 500:
        return raw
    return f"{raw[:400]}#{hashlib.blake2b(raw.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"
