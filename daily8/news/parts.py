"""Choose which parts of a sitemap index are followed, and which rows of a large sitemap are news."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from daily8.news.types import Entry, Feed
from daily8.news.urls import canonical

MOST_PARTS = 4
"""Parts of an index that are followed at once: the newest."""
RECENT = timedelta(days=3)
"""Rows of a sitemap that states no titles are news for so long after their last change."""

_NEWS = re.compile(r"(?:^|[^a-z])(?:news|google-?news|latest|articles?|stor(?:y|ies)|posts?)(?:[^a-z]|$)")
_SURELY_NEWS = re.compile(r"(?:^|[^a-z])(?:google-?)?news(?:[^a-z]|$)|أخبار")
_NO_NEWS = re.compile(
    r"(?:^|[^a-z])(?:categor(?:y|ies)|tags?|topics?|authors?|users?|pages?|images?|videos?|products?|statics?|"
    r"sections?|terms?|taxonom(?:y|ies)|locations?|events?|archives?|galler(?:y|ies)|tax)(?:[^a-z]|$)"
)
_DAY = re.compile(r"((?:19|20)[0-9]{2})[-_/]?(0[1-9]|1[0-2])(?:[-_/]?(0[1-9]|[12][0-9]|3[01]))?(?![0-9])")
_NUMBER = re.compile(r"([0-9]{1,9})\D*$")
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sitemap index that is worth following."""

    url: str
    changed: datetime | None
    """``lastmod`` of its row."""


def choose_parts(index: Feed, domain: Callable[[str], str]) -> tuple[Part, ...]:
    """Choose the parts of an index that hold its newest news, at most `MOST_PARTS`.

    Those named after news are preferred, those named after anything else left out; of the rest the newest
    count: by ``lastmod``, else by a date in the name, else by their place. ``domain`` tells sites apart:
    parts on other sites than the index's are never followed (sitemaps.org, "Sitemap file location").
    """
    own = domain(index.url or "")
    rows = [(_name(row.url), row) for row in index.entries if row.url and own and domain(row.url) == own]
    news = [(name, row) for name, row in rows if _SURELY_NEWS.search(name)]
    others = [(name, row) for name, row in rows if not _NO_NEWS.search(name)]
    likely = news or [(name, row) for name, row in others if _NEWS.search(name)] or others
    # Where all else is equal the first comes first: the sort is stable.
    likely.sort(key=lambda part: _age(*part), reverse=True)
    found: dict[str, Part] = {}
    for _, row in likely:
        if row.url:
            found.setdefault(canonical(row.url), Part(row.url, row.updated))
    return tuple(found.values())[:MOST_PARTS]


def _name(url: str) -> str:
    """Give what names a part: its address behind the host."""
    return url.partition("://")[2].partition("/")[2].lower()


def _age(name: str, row: Entry) -> tuple[datetime, datetime, int]:
    dated = _EVER
    for match in _DAY.finditer(name):
        try:
            dated = max(dated, datetime(int(match[1]), int(match[2]), int(match[3] or 1), tzinfo=UTC))
        except ValueError:
            continue
    # Programs that number their parts begin a new one when the last is full: the highest is the newest.
    number = _NUMBER.search(name) if dated == _EVER else None
    return row.updated or _EVER, dated, int(number[1]) if number else 0


def news_rows(sitemap: Feed, now: datetime) -> tuple[Entry, ...]:
    """Give the rows of a sitemap that are news.

    Rows with a title are (news sitemaps); of others, which may be any page of the site, those that changed
    in the last days. Their title is that of their page, once it was read.
    """
    since = now - RECENT
    return tuple(
        row for row in sitemap.entries if row.title or (row.updated is not None and row.updated >= since)
    )


def best_sitemaps(addresses: Sequence[str]) -> tuple[str, ...]:
    """Order the sitemaps that a robots.txt names: those named after news first."""
    return tuple(sorted(dict.fromkeys(addresses), key=lambda url: not _SURELY_NEWS.search(_name(url))))
