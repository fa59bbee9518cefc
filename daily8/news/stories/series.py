"""Tell pieces of a series from reports: what recurs, whatever happens, must not chain into a story.

Three signs. *Set phrases* of newsrooms (live updates, horoscopes, prices of the day) count for nothing, and
a title that is made of nothing else is one of a series. A title whose *skeleton*, without digits and dates,
its publisher used on two earlier days, or with two earlier dates or hours, is one of a series. And where two
earlier titles of a publisher are the same but for a word or two that are not at their end, they have a
*template*: only what fills it counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import floor
from typing import Any

from babel import Locale, UnknownLocaleError

from daily8.news.stories.words import Word, words

DAYS = 3
"""On so many days a skeleton is that of a series."""
FILLS = 2
"""So many earlier titles with other fillings show a template."""
RECENT = 24
"""Titles of a publisher that a new one is compared with."""
LEAST_SAME, SAME_SHARE, MOST_FILLING = 3, 0.6, 2
"""Words that a template has, their share of a title, and words that fill it."""
MOST_PUBLISHERS = 5_000
LONGEST_COMPARED = 30
"""Words of a title that are compared."""
MOST_KEPT = 100_000
"""Titles and templates that are remembered; beyond, the older half is forgotten."""

_CLOCK = re.compile(r"\b\d{1,2}(?:[:.]\d{2}|\s?(?:am|pm|uhr|h)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a title counts."""

    is_series: bool
    counting: tuple[Word, ...]
    """Its words without set phrases and templates."""
    counts_text: bool
    """Not where the title is a template: so is the text."""
    title: str
    """Where its skeleton is remembered; empty where it is not."""
    publisher: str
    bare: tuple[str, ...]
    """Its words without digits, dates and set phrases."""
    mark: str
    """The day, and the date or hour, of this piece."""


class Memory:
    """What publishers' titles were: the first few days of each skeleton, the words of the newest."""

    def __init__(self) -> None:
        self.days: dict[str, list[str]] = {}
        self.recent: dict[str, list[list[str]]] = {}

    def known(self, key: str, mark: str) -> int:
        """Count the days, dates and hours of a skeleton, with one more."""
        marks = self.days.get(key, ())
        return len(marks) + (mark not in marks)

    def take(self, reading: Reading) -> None:
        """Remember a title that was read."""
        if reading.title:
            marks = self.days.pop(reading.title, [])
            if reading.mark not in marks and len(marks) < DAYS:
                marks.append(reading.mark)
            self.days[reading.title] = marks
            _bound(self.days, MOST_KEPT)
        if reading.publisher and reading.bare:
            titles = self.recent.pop(reading.publisher, [])
            if [*reading.bare] not in titles:
                titles.append([*reading.bare])
            self.recent[reading.publisher] = titles[-RECENT:]
            _bound(self.recent, MOST_PUBLISHERS)


def _bound(held: dict[str, Any], most: int) -> None:
    if len(held) > most:
        for old in [*held][: most // 2]:
            del held[old]


def read_title(
    title: Sequence[Word], written: str, publisher: str, language: str, hours: float | None, memory: Memory
) -> Reading:
    """Read a title: whether it is that of a series, and what of it counts."""
    dates = _dates(language)
    always, left = _without_phrases(title)
    bare = [word.folded for word in left if not word.folded.isdecimal() and word.folded not in dates]
    idle = bool(title) and len(left) < len(title) and not any(_says(word, publisher) for word in bare)
    skeleton = " ".join([w.folded for w in title if not w.folded.isdecimal() and w.folded not in dates])
    mark = _mark(title, written, dates, hours)
    key = f"{publisher}\x1f{skeleton}" if skeleton and mark else ""
    recurs = bool(key) and memory.known(key, mark) >= DAYS
    filling = _filling(bare[:LONGEST_COMPARED], memory.recent.get(publisher, ())) if publisher else None
    return Reading(
        always or idle or recurs,
        tuple(left if filling is None else [word for word in left if word.folded in filling]),
        filling is None,
        key,
        publisher,
        tuple(bare[:LONGEST_COMPARED]),
        mark,
    )


def _filling(own: Sequence[str], titles: Sequence[Sequence[str]]) -> set[str] | None:
    """Give what fills the template that a title has with earlier ones; ``None`` where it has none."""
    fills: set[tuple[str, ...]] = set()
    mine: set[str] = set()
    for other in titles:
        if other[-1] != own[-1] if own else True:
            continue
        head = _same(own, other)
        tail = min(_same(own[::-1], other[::-1]), len(own) - head, len(other) - head)
        here, there = own[head : len(own) - tail], other[head : len(other) - tail]
        if head + tail < max(LEAST_SAME, SAME_SHARE * len(own)) or not here or not there:
            continue
        if max(len(here), len(there)) <= MOST_FILLING:
            fills.add(tuple(there))
            mine.update(here)
    return mine.difference(*fills) if len(fills) >= FILLS else None


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the words with which both begin."""
    found = 0
    for mine, its in zip(one, other, strict=False):
        if mine != its:
            break
        found += 1
    return found


def _mark(title: Sequence[Word], written: str, dates: frozenset[str], hours: float | None) -> str:
    """Tell pieces of a series apart: by the day, and by the date or hour that the title names."""
    named = [word.folded for word in title if word.folded in dates]
    clock = _CLOCK.findall(written)
    if named:
        named += [word.folded for word in title if word.folded.isdecimal()]
    day = "" if hours is None else str(floor(hours / 24))
    return "/".join([day, *named, *clock]) if day or named or clock else ""


def _says(word: str, publisher: str) -> bool:
    """Tell whether a word says anything beside a set phrase."""
    return len(word) > 2 and word not in _phrases().idle and word not in publisher.casefold()


def _without_phrases(title: Sequence[Word]) -> tuple[bool, list[Word]]:
    """Leave set phrases out; tells whether one of them is that of a series."""
    phrases = _phrases()
    left: list[Word] = []
    always, at = False, 0
    while at < len(title):
        found = max(
            (p for p in phrases.by_first.get(title[at].folded, ()) if _stands(p, title, at)),
            key=len,
            default=(),
        )
        if found:
            always = always or found in phrases.series
            at += len(found)
        else:
            left.append(title[at])
            at += 1
    while left and left[0].folded in phrases.edge:
        del left[0]
    while left and left[-1].folded in phrases.edge:
        del left[-1]
    return always, left


def _stands(phrase: tuple[str, ...], title: Sequence[Word], at: int) -> bool:
    return len(title) >= at + len(phrase) and all(
        word == title[at + n].folded for n, word in enumerate(phrase)
    )


@dataclass(frozen=True, slots=True)
class _Phrases:
    series: frozenset[tuple[str, ...]]
    by_first: dict[str, list[tuple[str, ...]]]
    edge: frozenset[str]
    idle: frozenset[str]


@cache
def _phrases() -> _Phrases:
    found: dict[str, set[tuple[str, ...]]] = {"series": set(), "set": set(), "edge": set(), "idle": set()}
    section = ""
    for line in (files("daily8.news.stories") / "data" / "phrases.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            found[section].add(tuple([word.folded for word in words(line)]))
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(found["series"] | found["set"]):
        by_first.setdefault(phrase[0], []).append(phrase)
    edge, idle = (frozenset(" ".join(one) for one in found[name]) for name in ("edge", "idle"))
    return _Phrases(frozenset(found["series"]), by_first, edge, idle)


@lru_cache(maxsize=256)
def _dates(language: str) -> frozenset[str]:
    """Give the names of months and days in a language and in English, folded (CLDR)."""
    found: set[str] = set()
    for name in ("en", *(("ar", "ar_LB", "ar_MA") if language == "ar" else (language,))):
        try:
            locale = Locale.parse(name)
        except (ValueError, UnknownLocaleError):
            continue
        for names in (locale.months["format"], locale.months["stand-alone"], locale.days["format"]):
            for width in ("wide", "abbreviated"):
                for told in names.get(width, {}).values():
                    found.update(word.folded for word in words(told) if not word.folded.isdecimal())
    return frozenset(found)
