"""Decide which entries of a feed are new, which have changed, and which article each of them is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    has_page: bool
    """Whether its address is a page of its own."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What of a feed is to be written; the entries whose keys are ``seen`` are as they were."""

    new: tuple[Arrival, ...]
    changed: tuple[Arrival, ...]
    seen: tuple[str, ...]


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


def entry_digest(entry: Entry) -> str:
    """Give a digest of what the feed says of an entry.

    Its publication time is no part of it, nor are the queries of media addresses: they may be signed anew
    for every answer.
    """
    said = (entry.url, entry.title, entry.summary, entry.content, entry.updated, entry.authors)
    media = (enclosure.url.partition("?")[0] for enclosure in entry.enclosures)
    asked = (f"{wish.name} {wish.value}" for wish in entry.wishes)
    # What few feeds say is counted where they say it only: what others are known by stays as it is.
    timed = (f"{file.kind} {file.url.partition('?')[0]}" for file in entry.timed)
    parts = (f"{chapter.start} {chapter.title}" for chapter in entry.chapters)
    text = "\x1f".join([*map(str, said), *media, *asked, *timed, *parts])
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def told_apart(entries: Sequence[Entry], home: str | None = None) -> list[tuple[str, str, Entry]]:
    """Give (key, address, entry) of each entry that can be told, once: by its first standing.

    The key is the entry's id, unless the feed gives one id to entries of several addresses; the address is
    empty for an entry without a page of its own: the feed's home, or an address that entries of several
    titles share (a show's page, under each of its episodes).
    """
    urls: dict[str, set[str]] = {}
    titles: dict[str, set[str]] = {}
    addresses = [canonical(entry.url) if entry.url else "" for entry in entries]
    for entry, address in zip(entries, addresses, strict=True):
        if address:
            urls.setdefault(entry.id or "", set()).add(address)
            titles.setdefault(address, set()).add((entry.title or "").casefold())
    front = canonical(home) if home else None
    found: dict[str, tuple[str, str, Entry]] = {}
    for entry, address in zip(entries, addresses, strict=True):
        shared = bool(address) and (len(titles[address]) > 1 or (address == front and len(entries) > 1))
        own = "" if shared else address
        one_of_many = entry.id and len(urls.get(entry.id, ())) > 1
        key = entry_key(replace(entry, id=None) if one_of_many else entry)
        if key and (entry.url or entry.title or entry.enclosures):
            if shared and not entry.id:
                key = _short(f"{key} {(entry.title or '').casefold()}")
            found.setdefault(key, (key, own, entry))
    return list(found.values())


def keys(entries: Sequence[Entry], home: str | None = None) -> list[str]:
    """Give the keys of the entries that can be told, for looking up what is known of them."""
    return [key for key, _, _ in told_apart(entries, home)]


def decide(
    source: str, entries: Sequence[Entry], known: Mapping[str, str], home: str | None = None
) -> Decision:
    """Decide what of a feed is new or changed.

    ``source`` names the source for good; ``known`` gives the digest of each entry known by its key; ``home``
    is the address of the site that the feed names.
    """
    new: list[Arrival] = []
    changed: list[Arrival] = []
    seen: list[str] = []
    for key, address, entry in told_apart(entries, home):
        article = _short(address) if address else f"{source} {key}"
        arrival = Arrival(entry, key, entry_digest(entry), article, bool(address))
        if key not in known:
            new.append(arrival)
        elif known[key] != arrival.digest:
            changed.append(arrival)
        else:
            seen.append(key)
    return Decision(tuple(new), tuple(changed), tuple(seen))


def _short(key: str) -> str:
    # An index row of PostgreSQL holds some 2,700 bytes; identifiers of strangers may be longer.
    raw = key.replace("\x00", "")
    if len(raw) <= 500:
        return raw
    return f"{raw[:400]}#{hashlib.blake2b(raw.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"
