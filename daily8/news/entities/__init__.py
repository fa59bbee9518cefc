"""Entities: the people, organisations, places and events that a text names."""

from __future__ import annotations

from collections.abc import Iterable

from daily8.news.entities import arabic, capitals
from daily8.news.entities.capitals import Sighting
from daily8.news.entities.folding import alike, fold, skeleton
from daily8.news.entities.furniture import BRANDS, cleaned, set_aside
from daily8.news.entities.gathering import applied, gather
from daily8.news.entities.known import Names, names_of
from daily8.news.entities.values import KINDS, Entity, Kind, Known
from daily8.news.reports import Report

__all__ = [
    "BRANDS",
    "KINDS",
    "NOUN_CAPITALS",
    "Entity",
    "Kind",
    "Known",
    "Names",
    "alike",
    "applied",
    "entities",
    "fold",
    "names_of",
    "skeleton",
]

TITLE = 600
TEXT = 20_000
"""Characters that are looked at."""
NOUN_CAPITALS = frozenset({"de", "lb"})
"""Languages that write all nouns with capitals."""
_ENDS = frozenset('.!?…"”»:;')


def entities(report: Report, names: Names | None = None, authors: Iterable[str] = ()) -> tuple[Entity, ...]:
    """Find what a report names, the weightiest first; the same for the same report.

    Its publisher, its site, its writers and the agencies of credits are no entities of it. Texts in scripts
    without capitals other than Arabic give only what they write in another script.
    """
    known = names or names_of(report.language)
    title = report.title[:TITLE]
    text = cleaned(report.text[:TEXT])
    nouns = report.language in NOUN_CAPITALS
    told: list[Sighting] = []
    at = 0
    for paragraph in text.split("\n"):
        heading = len(paragraph) < 120 and paragraph.rstrip()[-1:] not in _ENDS
        if capitals.shouting(paragraph):
            told += [one for one in _sightings(paragraph, known, True, at) if one.known]
        elif paragraph and not (heading and capitals.title_cased(paragraph)):
            told += _sightings(paragraph, known, nouns, at)
        at += len(paragraph) + 1
    titled: list[Sighting] = []
    if not _says_nothing(title):
        titled = _sightings(title, known, nouns, 0)
    else:
        titled = [one for one in _sightings(title, known, True, 0) if one.known]
    return gather(titled, told, title, text, set_aside(report.publisher, report.url, authors))


def _says_nothing(text: str) -> bool:
    """Tell whether the capitals of a line are those of a heading."""
    return capitals.shouting(text) or capitals.title_cased(text)


def _sightings(text: str, names: Names, nouns: bool, offset: int) -> list[Sighting]:
    found = list(capitals.sightings(text, names, nouns=nouns, offset=offset))
    if arabic.ARABIC.search(text):
        found += arabic.sightings(text, names, offset)
    return found
