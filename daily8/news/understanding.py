"""Find out of a report what it is about: one function, so that each part is called in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from daily8.news.categories import classify
from daily8.news.entities import entities
from daily8.news.hashtags import Background, Hashtag, hashtags
from daily8.news.hashtags.phrases import NOTHING, terms_of
from daily8.news.language import of_article
from daily8.news.reports import Report

GENERATION = 1
"""Rises with any part: what was understood by an older one is understood again."""
ENTITIES_MOST = 30
"""Of one article, the weightiest."""
RECIPE = f"understanding/{GENERATION}"


@dataclass(frozen=True, slots=True)
class Given:
    """A report, and what its publisher says of it."""

    report: Report
    section: str = ""
    tags: tuple[str, ...] = ()
    country: str = ""
    """Of the publisher, ISO 3166-1 alpha-2."""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag as a report bears it."""

    key: str
    """What tells it apart in whatever language it is met."""
    names: tuple[tuple[str, str], ...]
    """By language: ``en``, ``ar``."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something that a report names."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What was found out of a report; what is not known is empty."""

    language: str
    category: str = ""
    hashtags: tuple[Tag, ...] = ()
    entities: tuple[Named, ...] = ()
    recipe: str = RECIPE
    terms: frozenset[str] = frozenset()
    """All terms of its text, by which others are told what is common."""


def understand(given: Given, background: Background = NOTHING) -> Understood:
    """Find out of a report what it is about; what is common in ``background`` makes no hashtag."""
    report = given.report
    language = of_article(report.title, report.text, [report.language]).language
    spoken = replace(report, language=language)
    category = classify(spoken, section=given.section, tags=given.tags, country=given.country)
    found = entities(spoken, authors=given.authors)
    return Understood(
        language,
        category.name,
        tuple(_tag(tag, language) for tag in hashtags(spoken, found, given.tags, background)),
        tuple(Named(one.key, one.name, one.kind) for one in found[:ENTITIES_MOST]),
        terms=terms_of(spoken.title, spoken.text),
    )


def _tag(tag: Hashtag, language: str) -> Tag:
    names = {**({language: tag.text} if language else {}), **dict(tag.names)}
    return Tag(tag.slug, tuple((code, name.removeprefix("#")) for code, name in sorted(names.items())))
