"""Find out of a report what it is about: one function, so that each part is called in one place."""

from __future__ import annotations

from dataclasses import dataclass

from daily8.news.language import code, detect
from daily8.news.reports import Report

GENERATION = 1
"""Rises with any part: what was understood by an older one is understood again."""
RECIPE = f"understanding/{GENERATION}"


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


def understand(report: Report) -> Understood:
    """Find out of a report what it is about: in its stated language, else in that of its words."""
    return Understood(code(report.language) or detect(f"{report.title}\n{report.text}"))
