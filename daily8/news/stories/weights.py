"""Weigh features: what is rare among the reports so far says more than what is common."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log, sqrt

MOST_FEATURES = 96
"""Of one report; the lightest beyond are left out."""
PRIOR = 100.0
"""Reports that are thought to have been before the first, lest the words of the first be taken for common."""
SKELETONS = 0.8
"""What a skeleton weighs beside a word."""
MOST_LANGUAGES = 100
MOST_COUNTED = 300_000
"""Features of a language that are counted; beyond, counts are halved and those of one are forgotten."""


@dataclass(frozen=True, slots=True)
class Vector:
    """A report as features with weights, heaviest first, of length 1."""

    names: tuple[str, ...]
    weights: array[float]

    def items(self) -> zip[tuple[str, float]]:
        """Give each feature with its weight."""
        return zip(self.names, self.weights, strict=True)


NOTHING = Vector((), array("f"))


@dataclass(slots=True)
class Counts:
    """In how many reports of one language each feature stood."""

    reports: float = 0.0
    of: dict[str, float] = field(default_factory=dict)


class Frequencies:
    """How common each feature is, by language: what is common in one may be rare in another."""

    def __init__(self) -> None:
        self.languages: dict[str, Counts] = {}

    def counts(self, language: str) -> Counts:
        """Give the counts of a language; beyond so many, languages share theirs."""
        found = self.languages.get(language)
        if found is None:
            if len(self.languages) >= MOST_LANGUAGES:
                language = ""
            found = self.languages.setdefault(language, Counts())
        return found

    def take(self, bag: Mapping[str, float], language: str) -> None:
        """Count a report."""
        counts = self.counts(language)
        counts.reports += 1
        of = counts.of
        for name in bag:
            of[name] = of.get(name, 0.0) + 1.0
        if len(of) > MOST_COUNTED:
            counts.reports /= 2
            counts.of = {name: count / 2 for name, count in of.items() if count > 1}

    def weigh(self, bag: Mapping[str, float], language: str, *, plain: bool = False) -> Vector:
        """Give the vector of a report: ``(1 + ln tf) * ln((N + 1) / (df + 0.5))``, skeletons for less.

        With ``plain`` the bag holds weights instead of numbers of times, which are taken as they are.
        """
        counts = self.counts(language)
        total, of = counts.reports + PRIOR + 1.0, counts.of
        found = []
        for name, tf in bag.items():
            weight = log(total / (of.get(name, 0.0) + 0.5))
            if plain:
                weight *= tf
            elif tf != 1.0:
                weight *= 1.0 + log(tf)
            if weight > 0.0:
                found.append((-weight * SKELETONS if name[0] == "~" else -weight, name))
        found.sort()
        del found[MOST_FEATURES:]
        length = sqrt(sum([weight * weight for weight, _ in found])) or 1.0
        return Vector(
            tuple([name for _, name in found]), array("f", [-weight / length for weight, _ in found])
        )
