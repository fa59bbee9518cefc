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
MOST_COUNTED = 400_000
"""Features that are counted; beyond, all counts are halved and what was seen once is forgotten."""


@dataclass(frozen=True, slots=True)
class Vector:
    """A report as features with weights, heaviest first, of length 1."""

    names: tuple[str, ...]
    weights: array[float]

    def items(self) -> zip[tuple[str, float]]:
        """Give each feature with its weight."""
        return zip(self.names, self.weights, strict=True)


@dataclass(slots=True)
class Frequencies:
    """In how many reports each feature stood."""

    reports: float = 0.0
    counts: dict[str, float] = field(default_factory=dict)

    def take(self, bag: Mapping[str, float]) -> None:
        """Count a report."""
        self.reports += 1
        counts = self.counts
        for name in bag:
            counts[name] = counts.get(name, 0.0) + 1.0
        if len(counts) > MOST_COUNTED:
            self.reports /= 2
            self.counts = {name: count / 2 for name, count in counts.items() if count > 1}

    def weigh(self, bag: Mapping[str, float]) -> Vector:
        """Give the vector of a report: ``(1 + ln tf) * ln((N + 1) / (df + 0.5))``, skeletons by half."""
        total, counts = self.reports + PRIOR + 1.0, self.counts
        found = []
        for name, tf in bag.items():
            weight = (1.0 + log(tf)) * log(total / (counts.get(name, 0.0) + 0.5)) if tf > 0 else 0.0
            if weight > 0.0:
                found.append((-weight * 0.5 if name[0] == "~" else -weight, name))
        found.sort()
        del found[MOST_FEATURES:]
        length = sqrt(sum(weight * weight for weight, _ in found)) or 1.0
        return Vector(tuple(name for _, name in found), array("f", [-weight / length for weight, _ in found]))
