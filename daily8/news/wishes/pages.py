"""What a page asks in its own text: meta elements, licences, and regions that are no snippet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from daily8.news.markup import attributes, tags, visible
from daily8.news.types import Wish
from daily8.news.urls import absolute
from daily8.news.wishes.directives import directives
from daily8.news.wishes.headers import kept, reservation
from daily8.news.wishes.licences import TYPE, inline, named
from daily8.news.wishes.snippets import regions

PLACE = "page"
_LOOKED_AT = 300_000
"""Characters of a page in which its statements are looked for."""
_MOST_TAGS = 2000
_META = re.compile(r"<meta\b([^<>]*+)>", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b([^<>]*+)>", re.IGNORECASE)
_SCRIPT_END = re.compile("</script", re.IGNORECASE)
_LICENCES = 5
"""Licences inside one page that are read."""


@dataclass(frozen=True, slots=True)
class PageWishes:
    """What a page asks."""

    wishes: tuple[Wish, ...] = ()
    unsaid: tuple[str, ...] | None = ()
    """What is to be left out of excerpts (`daily8.news.wishes.snippets.regions`)."""


def in_page(html: str, url: str, token: str) -> PageWishes:
    """Read what a page asks of ``token``, our name in lower case, and of everybody. Never raises."""
    head = html[:_LOOKED_AT]
    found = [*_metas(head, token), *_licences(head, url)]
    return PageWishes(kept(found), regions(html))


def _metas(head: str, token: str) -> Iterator[Wish]:
    reserved = policy = ""
    for number, match in enumerate(_META.finditer(visible(head))):
        if number >= _MOST_TAGS:
            break
        given = attributes(match[1])
        name, content = given.get("name", "").strip().lower(), given.get("content", "")
        if name in ("robots", token, f"{token}-fetch"):
            yield from directives(content, token, place=PLACE)
        elif name == "tdm-reservation":
            reserved = f"{reserved},{content}"[:200]
        elif name == "tdm-policy":
            policy = content
    yield from reservation(reserved, policy, place=PLACE)


def _licences(head: str, url: str) -> Iterator[Wish]:
    if TYPE not in head:
        return
    for number, (name, given) in enumerate(tags(visible(head))):
        if number >= _MOST_TAGS:
            break
        licence = name == "link" and _is_licence(given) and "license" in given.get("rel", "").lower().split()
        if licence and (address := absolute(given.get("href"), url)):
            yield named(address, place=PLACE)
    openers = (
        each for each in islice(_SCRIPT.finditer(head), _MOST_TAGS) if _is_licence(attributes(each[1]))
    )
    for opener in islice(openers, _LICENCES):
        end = _SCRIPT_END.search(head, opener.end())
        if end is None:  # nor is there one behind the next opener
            break
        yield from inline(head[opener.end() : end.start()], place=PLACE)


def _is_licence(given: Mapping[str, str]) -> bool:
    return given.get("type", "").partition(";")[0].strip().lower() == TYPE
