"""Rules for robots as pages and answers state them: ``X-Robots-Tag`` and ``<meta name=robots>``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from daily8.news.dates import parse_date
from daily8.news.types import Wish

MOST = 60
"""Rules of one statement that are read."""
_LONGEST = 8000
"""Characters of one statement."""
_VALUE_MOST = 100
_FLAGS = frozenset(
    {
        *("nosnippet", "noarchive", "nocache", "noindex", "none", "noimageindex"),
        *("noai", "noimageai", "noml"),
    }
)
_VALUED = frozenset({"max-snippet", "max-image-preview", "unavailable_after"})
_OTHER_VALUED = frozenset({"max-video-preview"})
_NAMED = re.compile(r"([^\s:,]{1,100}+)[ \t]*+:(.*)", re.DOTALL)
_ALL = frozenset({"*", "all", "robots"})
"""Names under which everybody is meant."""
_MINUS_ONE = re.compile(r"-[0-9]+")


def directives(text: str, token: str, *, place: str) -> Iterator[Wish]:
    """Read the rules of one statement that concern ``token``, our name in lower case.

    A rule may name whom it concerns, and those after it concern the same (``otherbot: noindex, nofollow``)
    until another is named. Names and values count in any case (Google, "Robots meta tag, data-nosnippet, and
    X-Robots-Tag specifications"). What allows is passed over.
    """
    ours = True
    dated = ""
    for piece in text[:_LONGEST].split(",")[:MOST]:
        if dated and (at := parse_date(f"{dated},{piece}")):  # "Saturday, 02-Aug-2025 15:00:00 GMT"
            dated = ""
            if ours:
                yield Wish("unavailable_after", place, at.isoformat())
            continue
        dated = ""
        words = piece.strip()
        name, value = _split(words)
        if name and name not in _VALUED and name not in _OTHER_VALUED:
            ours = name in _ALL or name in (token, f"{token}-fetch")
            words = value
            name, value = _split(words)
        if name == "unavailable_after" and not parse_date(value):
            dated = value
        elif ours:
            yield from _rule(name, value, words, place)


def _split(words: str) -> tuple[str, str]:
    found = _NAMED.match(words)
    return (found[1].lower(), found[2].strip()) if found else ("", "")


def _rule(name: str, value: str, words: str, place: str) -> Iterator[Wish]:
    if name == "unavailable_after":
        if at := parse_date(value):
            yield Wish(name, place, at.isoformat())
    elif name in _VALUED:
        first, _, rest = value.lower().partition(" ")
        if first and not _MINUS_ONE.fullmatch(first) and first != "large":
            yield Wish(name, place, first[:_VALUE_MOST])
        yield from _flags(rest, place)
    elif not name:
        yield from _flags(words, place)


def _flags(words: str, place: str) -> Iterator[Wish]:
    for word in words.lower().split()[:MOST]:
        if word in _FLAGS:
            yield Wish(word, place)
