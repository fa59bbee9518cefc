"""What the headers of an answer ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from daily8.news.links import read_links
from daily8.news.types import Wish
from daily8.news.wishes.directives import directives
from daily8.news.wishes.licences import TYPE, named
from daily8.news.wishes.uses import refused

MOST = 40
"""Wishes of one answer or page that are kept."""
PLACE = "header"
_OF_CONTENT = frozenset({"noai", "noimageai", "noml"})
"""Rules for robots that concern what an answer holds, not how a page is listed."""


def in_answer(headers: Mapping[str, str], tags: Iterable[str], url: str, token: str) -> tuple[Wish, ...]:
    """Read what the answer with a page asks.

    ``tags`` are the values of its ``X-Robots-Tag``, one by one where they came so: whom a rule names it names
    for its own header only.
    """
    found = [wish for tag in tags for wish in directives(tag, token, place=PLACE)]
    found += _reserved(headers, url)
    return kept(found)


def in_feed_answer(headers: Mapping[str, str], url: str, token: str) -> tuple[Wish, ...]:
    """Read what the answer with a feed asks about its contents.

    How a feed itself is listed by search engines (many come with ``noindex``) says nothing of its articles.
    """
    tags = directives(headers.get("x-robots-tag", ""), token, place="feed")
    found = [wish for wish in tags if wish.name in _OF_CONTENT]
    found += (replace(wish, place="feed") for wish in _reserved(headers, url))
    return kept(found)


def _reserved(headers: Mapping[str, str], url: str) -> Iterator[Wish]:
    """Read TDMRep (section 6.2), AI preferences and a named licence of RSL (section 4.5)."""
    yield from reservation(headers.get("tdm-reservation", ""), headers.get("tdm-policy", ""), place=PLACE)
    for name in ("content-usage", "content-signal"):
        yield from refused(headers.get(name, ""), name, place=PLACE)
    for link in read_links(headers.get("link", ""), url):
        kind = link.values.get("type", "").partition(";")[0].strip().lower()
        if "license" in link.relations and kind == TYPE:
            yield named(link.target, place=PLACE)


def reservation(stated: str, policy: str, *, place: str) -> Iterator[Wish]:
    """Read the statement of TDMRep: ``1`` reserves, ``0`` does not, all else says nothing (section 5)."""
    if "1" in (part.strip() for part in stated[:200].split(",")):
        yield Wish("tdm-reservation", place, policy.strip()[:200])


def kept(wishes: Iterable[Wish]) -> tuple[Wish, ...]:
    """Keep each wish once, a bounded number of them."""
    return tuple(dict.fromkeys(wishes))[:MOST]
