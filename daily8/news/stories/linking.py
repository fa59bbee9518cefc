"""Tell how surely a report, or the story it is in, and a story of other languages tell of one event.

A cosine alone links whatever looks alike, and within one topic nearly all reports share something (the
place, the occasion, a word like *win*). So concepts are weighed by how few of the *stories that are live now*
have them, not by how few reports: a story that was told a hundred times counts once. Then each concept that
stands in a good part of both sides is a piece of evidence: one that is rare among stories halves the doubt, a
more common one takes less of it.
"""

from __future__ import annotations

from math import exp, log, sqrt

from daily8.news.stories.index import Centroid, Index
from daily8.news.stories.weights import Vector

RARE = 3.0
"""``ln`` of live stories by those with a concept, from which it is full evidence: one of twenty."""
TELLING = 2.0
"""The same, from which a name, a place or a number tells of more than the topic: about one story of seven."""
PART = 0.02
"""Product of a concept's mean weights on both sides from which it is said by enough of their reports."""
DOUBT = 0.5
"""Each full piece of evidence leaves this part of the doubt."""
NAMELESS = 0.8
"""What remains of a likeness without a telling name, place or number."""
LEAST_LIVE = 30.0
"""Stories that are thought to live at least, lest what the first ones share be taken for common."""
TAU = 18.0
"""Hours in which a likeness falls to 1/e."""
_WORD = "word:"


class Linking:
    """One side of a comparison: a report with the story it has been put into, if any."""

    def __init__(self, vector: Vector, own: Centroid | None, index: Index) -> None:
        self._index = index
        self._live = max(len(index.centroids) + 1.0, LEAST_LIVE)
        self._rarities: dict[str, float] = {}
        self._means: dict[str, float] = dict(own.weights()) if own else {}
        for name, weight in vector.items():
            self._means[name] = self._means.get(name, 0.0) + weight
        size = own.size + 1 if own else 1
        self._means = {name: weight / size for name, weight in self._means.items()}
        self._weights = {name: weight * self._rarity(name) for name, weight in self._means.items()}
        self._length = sqrt(sum([weight * weight for weight in self._weights.values()]))

    def likeness(self, other: Centroid, hours: float) -> float:
        """Give the likeness to a story that the index holds, 0 to 1; ``hours`` lie between the two."""
        dot, square, evidence, named = 0.0, 0.0, 0.0, False
        size, means, rarity = other.size, self._means, self._rarity
        for name, weight in other.weights().items():
            rare = rarity(name)
            its = weight * rare / size
            square += its * its
            mine = means.get(name)
            if mine is None:
                continue
            dot += mine * rare * its
            if mine * weight / size >= PART:
                evidence += min(rare / RARE, 1.0) ** 2
            named = named or (rare >= TELLING and not name.startswith(_WORD))
        length = self._length * sqrt(square)
        if not length:
            return 0.0
        sure: float = 1.0 - DOUBT**evidence
        return dot / length * sure * (1.0 if named else NAMELESS) * exp(-hours / TAU)

    def _rarity(self, name: str) -> float:
        found = self._rarities.get(name)
        if found is None:
            found = self._rarities[name] = max(0.0, log(self._live / (self._index.count(name) + 0.5)))
        return found
