"""Facts that news of all languages names: countries, cities, people, organisations, teams, competitions.

Each has a stable id that languages share (``country:EG``, ``city:cairo``, ``org:un``, ``person:...``,
``team:...``, ``event:...``, ``place:...``, ``region:...``); people of a country and the country have one id.
Tables lie in ``data/`` and are read at the first look-up, in about 0.1 seconds.

Forms in the tables: ``*`` stands for any ending; ``!`` marks a form that is another word too and counts only
beside something sure of the same country or the same thing; ``!!`` an abbreviation that counts in capitals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from daily8.news.gazetteer import tables
from daily8.news.gazetteer.folding import Word, is_arabic, words
from daily8.news.gazetteer.lexicon import Found, Lexicon

Kind = Literal["person", "organisation", "place", "event"]
KINDS: Mapping[str, Kind] = {
    "person": "person", "org": "organisation", "team": "organisation", "event": "event",
}  # fmt: skip
"""What the first part of an id says; all others are places."""
_PROPER = frozenset({"person", "org", "city", "team"})
"""Written with a capital in every language of Latin or Cyrillic script."""
_FILES = ("countries.tsv", "places.tsv", "organisations.tsv", "persons.tsv", "sports.tsv", "cities.tsv")
_INFLECTED = frozenset({"sl", "hr", "sr", "bs", "pl", "cs", "sk", "tr", "lt", "lv", "hu", "fi", "et"})
"""Languages of Latin script whose names have case endings."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact."""

    id: str
    kind: Kind
    name: str
    """In English."""
    name_ar: str
    """In Arabic; empty where it is not known."""
    country: str = ""
    """ISO 3166-1 alpha-2 of a city."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry named in a text."""

    id: str
    start: int
    """Number of its first word (see ``words`` of `folding`)."""
    end: int
    """Number of the word after its last."""
    surface: str
    """Its words as they were written, without marks, joined by spaces."""


def entries() -> Mapping[str, Entry]:
    """Give all entries by id."""
    return _entries()


def name(key: str, language: str = "en") -> str:
    """Give the name of an entry in English or Arabic, English where there is no other.

    :raises KeyError: for an id that is not known.
    """
    found = _entries()[key]
    return (language == "ar" and found.name_ar) or found.name


def find(text: str, language: str = "") -> list[Mention]:
    """Give what a text names, in its order, without overlap; only its first 4,000 characters are read.

    ``language`` is a primary code; without one English forms count, and Arabic and Russian ones in any case.
    """
    return find_in(words(text), language)


def find_in(told: Sequence[Word], language: str = "") -> list[Mention]:
    """Give what a text names, for words that are already split."""
    found = [each for each in _lexicon(language).find(told) if _stands(each, told)]
    sure = {each.phrase.meaning for each in found if not each.phrase.unsure}
    near = sure | {_country(each) for each in sure}
    return [
        Mention(
            each.phrase.meaning,
            each.start,
            each.end,
            " ".join(word.written for word in told[each.start : each.end]),
        )
        for each in found
        if not each.phrase.unsure or each.phrase.meaning in near or _country(each.phrase.meaning) in near
    ]


def _stands(found: Found, told: Sequence[Word]) -> bool:
    if not found.phrase.upper:
        return True
    return all(word.written.isupper() for word in told[found.start : found.end])


def _country(key: str) -> str:
    found = _entries().get(key)
    return f"country:{found.country}" if found and found.country else key


def _rows() -> Iterator[dict[str, str]]:
    for file in _FILES:
        yield from tables.rows("daily8.news.gazetteer", file)


@cache
def _entries() -> dict[str, Entry]:
    return {
        row["id"]: Entry(
            row["id"],
            KINDS.get(row["id"].partition(":")[0], "place"),
            row["name"],
            row["name_ar"],
            row.get("country", ""),
        )
        for row in _rows()
    }


def _lexicon(language: str) -> Lexicon:
    return _of(language if language in tables.LANGUAGES or language in _INFLECTED else "en")


@cache
def _of(language: str) -> Lexicon:
    """Make the lexicon of a language: its own column over what all languages have in common."""
    made = Lexicon(base=_base(language in _INFLECTED))
    column = language if language in tables.LANGUAGES and language not in ("ar", "ru") else "en"
    for row in _rows():
        for form in tables.forms(row.get(column, "")):
            _add(made, form, row["id"])
    return made


@cache
def _base(inflected: bool) -> Lexicon:
    made = Lexicon()
    for row in _rows():
        proper = row["id"].partition(":")[0] in _PROPER
        for form in tables.forms(row.get("any", "")):
            open_end = inflected and proper and form[-1:].isalpha() and len(form.split()[-1]) > 4
            _add(made, form + "*" * open_end, row["id"])
        for column in ("ar", "ru"):
            for form in tables.forms(row.get(column, "")):
                _add(made, form, row["id"])
    return made


def _add(lexicon: Lexicon, form: str, key: str) -> None:
    bare = form.rstrip("!")
    lexicon.add(
        bare,
        key,
        capital=not is_arabic(bare) and key.partition(":")[0] in _PROPER,
        unsure=len(form) - len(bare) == 1,
        upper=len(form) - len(bare) == 2,
    )
