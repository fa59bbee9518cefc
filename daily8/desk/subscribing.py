"""Somebody adds a source: find its feed, learn who publishes it, store it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from asgiref.sync import sync_to_async

from daily8.desk.looking import Found, look
from daily8.net.outside import Outside
from daily8.news.language import primary
from daily8.news.listing import Pattern, pattern_to_json
from daily8.news.starter import StarterSource, catalogue
from daily8.news.types import Feed
from daily8.news.urls import ADDRESS_MOST, absolute, canonical, host
from daily8.store import sources
from daily8.store.deliveries import Document
from daily8.store.sources import Added, NewSource
from daily8.store.wakeups import wake


@dataclass(frozen=True, slots=True)
class Wanted:
    """A source as somebody names it, with what they know of it and of its publisher."""

    url: str
    title: str = ""
    home: str = ""
    publisher: str = ""
    country: str = ""
    language: str = ""
    kind: str = ""
    owner: str = ""
    rights: str = "unknown"
    interests: tuple[str, ...] = ()
    folders: tuple[tuple[str, ...], ...] = ()
    pattern: Pattern | None = None
    """Of a page that is watched: which of its links are articles."""


class BadSource(Exception):
    """An address that cannot be a source; the text says why."""


async def subscribe(
    world: Outside,
    address: str,
    *,
    folders: tuple[tuple[str, ...], ...] = (),
    page: bool = False,
    links: str = "",
) -> tuple[Added, Found]:
    """Add the source at an address: a feed, a page that announces one, or a page that is watched.

    What was looked at is kept, and read as the source's first document: it is not fetched twice.
    ``page`` and ``links`` are as for `daily8.desk.looking.look`.

    :raises daily8.desk.looking.NoFeed: when there is neither; the text says what is there instead.
    """
    found = await look(world, address, page=page, links=links)
    wanted = Wanted(found.url, found.feed.title or "", found.page, folders=folders, pattern=found.pattern)
    return await sync_to_async(add)(world, [wanted], found={found.url: found}), found


def add(world: Outside, wanted: Sequence[Wanted], *, found: Mapping[str, Found] | None = None) -> Added:
    """Add sources. Those that were not looked at are fetched in turn, and verified by that."""
    looked = found or {}
    new: list[NewSource] = []
    documents: dict[str, Document] = {}
    for source in wanted:
        seen = looked.get(source.url)
        new.append(describe(world, source, seen.feed if seen else None))
        if seen:
            answer = seen.answer
            documents[new[-1].key] = Document(answer.url, answer.headers, answer.body)
    moment = world.now()
    added = sources.add(new, due=dict.fromkeys((source.key for source in new), moment), looked=documents)
    if added.new:
        wake("fetch")
    return added


def describe(world: Outside, wanted: Wanted, feed: Feed | None = None) -> NewSource:
    """Say what is known of a source: what is said of it, then its feed, then the starter catalogue.

    :raises BadSource: for an address that is none, or that no fetch may reach.
    """
    url = absolute(wanted.url)
    if url is None:
        raise BadSource(f"{wanted.url!r} is not an address of the web; write it as https://...")
    key = canonical(url)
    if len(key) > ADDRESS_MOST:
        raise BadSource(f"{url[:60]}... is longer than {ADDRESS_MOST} characters, the most that is kept.")
    if not world.door.opens(url):
        raise BadSource(
            f"{url[:200]} does not belong to the public web, so it is not added; "
            "if it is a place of yours, open it with DAILY8_EGRESS_PRIVATE."
        )
    home, publisher = _publisher(world, url, wanted, feed)
    known = _by_domain().get(publisher)
    title = wanted.title or (feed.title if feed else None) or ""
    return NewSource(
        url=url,
        key=key,
        host=world.domain(url),
        publisher_domain=publisher,
        publisher_name=wanted.publisher or (known.publisher if known else "") or title or host(home or url),
        title=title,
        home=home,
        language=primary(
            wanted.language or (feed.language if feed else None) or (known.language if known else None)
        ),
        country=wanted.country or (known.country if known else ""),
        kind=wanted.kind or (known.kind if known else ""),
        owner=wanted.owner or (known.owner if known else "") or "",
        format=feed.kind if feed else "",
        rights=wanted.rights,
        interests=wanted.interests or (known.interests if known else ()),
        folders=wanted.folders,
        way="page" if wanted.pattern else "feed",
        pattern=pattern_to_json(wanted.pattern) if wanted.pattern else {},
    )


def _publisher(world: Outside, url: str, wanted: Wanted, feed: Feed | None) -> tuple[str, str]:
    """Give the home of a source's publisher, and the domain that tells the publisher apart.

    A feed may name any site as its home, so its word counts only for its own domain: else nobody would be
    safe from being spoken for. A feed that names a strange home stands for itself.
    """
    if home := absolute(wanted.home):
        return home, world.domain(home)
    home = absolute(feed.home if feed else None) or ""
    if not home or world.domain(home) == world.domain(url):
        return home, world.domain(url)
    return home, canonical(url).partition("://")[2]


@cache
def _by_domain() -> dict[str, StarterSource]:
    return {source.domain: source for source in reversed(catalogue())}


def from_catalogue(row: StarterSource) -> Wanted:
    """Take a row of the starter catalogue."""
    return Wanted(
        url=row.url,
        title=row.title,
        home=row.home,
        publisher=row.publisher,
        country=row.country,
        language=row.language,
        kind=row.kind,
        owner=row.owner or "",
        interests=row.interests,
    )
