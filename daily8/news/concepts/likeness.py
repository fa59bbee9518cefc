"""Weigh the concepts that two reports of different languages share.

Within one topic nearly all headlines share something (the place, the event, a word like *win*), so a cosine
alone links what only looks alike. Three things tell one event from another: how rare the shared concepts are
in both languages, how many distinct ones there are, and whether a name or a number is among them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

STRONG = 3.0
"""Product of two weights with idf from which a shared concept is evidence."""
NAMELESS = 0.7
"""What remains of a likeness without a shared name, place or number."""
DOUBT = 0.5
"""Each piece of evidence leaves this part of the doubt."""
NOTHING = 0.3
"""What remains of a likeness without evidence."""
TAU = 24.0
"""Hours in which a likeness falls to 1/e."""
_WORD = "word:"


class Weighed(NamedTuple):
    """Concepts of one report with idf, and their length."""

    weights: Mapping[str, float]
    norm: float


@dataclass(slots=True)
class Rarity:
    """How often each concept was seen, in all and by language: streaming document frequencies.

    A concept counts as frequent if it is so in the report's own language: vocabularies differ in width.
    """

    seen: int = 0
    everywhere: Counter[str] = field(default_factory=Counter)
    reports: Counter[str] = field(default_factory=Counter)
    within: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, concepts: Mapping[str, float], language: str) -> None:
        """Count one report."""
        self.seen += 1
        self.reports[language] += 1
        self.everywhere.update(concepts.keys())
        self.within.setdefault(language, Counter()).update(concepts.keys())

    def weigh(self, concepts: Mapping[str, float], language: str) -> Weighed:
        """Give each concept the weight ``w * ln((N + 1) / (df + 0.5))``, never below 0."""
        own, scale = self.within.get(language, Counter()), self.seen / max(1, self.reports[language])
        weights = {
            key: weight
            * max(0.0, math.log((self.seen + 1) / (max(self.everywhere[key], own[key] * scale) + 0.5)))
            for key, weight in concepts.items()
        }
        return Weighed(weights, math.sqrt(sum(weight * weight for weight in weights.values())))


def likeness(one: Weighed, other: Weighed, hours: float = 0.0) -> float:
    """Tell how surely two reports of different languages are of one event, 0 to 1.

    ``hours`` lie between them. Take the best match of a report and a threshold: the measure ranks, and is no
    probability.
    """
    if not one.norm or not other.norm:
        return 0.0
    dot, evidence, named = 0.0, 0, False
    for key in sorted(one.weights.keys() & other.weights.keys()):  # sums of floats depend on their order
        product = one.weights[key] * other.weights[key]
        dot += product
        if product >= STRONG:
            evidence += 1
            named = named or not key.startswith(_WORD)
    sure = 1.0 - DOUBT**evidence if evidence else NOTHING
    return dot / (one.norm * other.norm) * sure * (1.0 if named else NAMELESS) * math.exp(-abs(hours) / TAU)
