"""Centroids by their features: which of them a report may belong to, and how near it is to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from math import sqrt

from daily8.news.stories.weights import Vector

BUDGET = 1_500
"""Centroids that are looked at by the features of one report, rarest features first."""
LOOKED_UP = 32
"""Features of a report, its heaviest, by which centroids are looked for."""
HEAVIEST = 12
"""Features of a whole story by which another is looked for."""
NEAREST = 12
"""Of them, those that are scored exactly."""


class Centroid:
    """The sum of some reports' vectors."""

    __slots__ = ("first", "norm", "size", "sum")

    def __init__(self, first: Vector) -> None:
        self.first = first
        self.size = 1
        self.norm = 1.0
        """The square of the sum's length."""
        self.sum: dict[str, float] | None = None
        """Only where there is more than one report: most have one, and a vector is smaller."""

    def weights(self) -> Mapping[str, float]:
        """Give the sum as a mapping."""
        return self.sum if self.sum is not None else dict(self.first.items())

    def dot(self, given: Mapping[str, float]) -> float:
        """Give the dot product of its sum and a report's vector."""
        mine = self.sum
        if mine is None:
            return sum([given[name] * weight for name, weight in self.first.items() if name in given])
        return sum([mine[name] * weight for name, weight in given.items() if name in mine])

    def cosine(self, given: Mapping[str, float]) -> float:
        """Give its cosine with a report's vector, 0 to 1."""
        return self.dot(given) / sqrt(self.norm)

    def common(self, vector: Vector) -> tuple[tuple[str, float], ...]:
        """Give the features that a report shares, heaviest first, with their parts of the cosine."""
        mine, length = self.weights(), sqrt(self.norm)
        both = [
            (name, round(mine[name] * weight / length, 4)) for name, weight in vector.items() if name in mine
        ]
        return tuple(sorted(both, key=lambda one: (-one[1], one[0])))

    def add(self, vector: Vector) -> list[str]:
        """Take a report's vector in; gives the features that are new."""
        if self.sum is None:
            self.sum = dict(self.first.items())
        dot, mine = 0.0, self.sum
        new = []
        for name, weight in vector.items():
            had = mine.get(name)
            if had is None:
                new.append(name)
                mine[name] = weight
            else:
                dot += had * weight
                mine[name] = had + weight
        self.norm += 2.0 * dot + 1.0
        self.size += 1
        return new


def centroid(vectors: Iterable[Vector]) -> Centroid:
    """Give the centroid of at least one vector."""
    first, *others = vectors
    found = Centroid(first)
    for vector in others:
        found.add(vector)
    return found


class Index:
    """Centroids under numbers, found by feature."""

    def __init__(self) -> None:
        self.centroids: dict[int, Centroid] = {}
        self._by_name: dict[str, list[int]] = {}

    def put(self, number: int, found: Centroid) -> None:
        """Hold a centroid under a number that is free."""
        self.centroids[number] = found
        for name in found.first.names if found.sum is None else found.sum:
            self._post(name, number)

    def add(self, number: int, vector: Vector) -> None:
        """Add a report to the centroid of a number, or begin one."""
        found = self.centroids.get(number)
        if found is None:
            self.put(number, Centroid(vector))
            return
        for name in found.add(vector):
            self._post(name, number)

    def count(self, name: str) -> int:
        """Count the centroids that have a feature."""
        return len(self._by_name.get(name, ()))

    def _post(self, name: str, number: int) -> None:
        at = self._by_name.get(name)
        if at is None:
            self._by_name[name] = [number]
        else:
            at.append(number)

    def leave(self, number: int) -> None:
        """Let a centroid go, if it is held."""
        found = self.centroids.pop(number, None)
        for name in found.weights() if found else ():
            at = self._by_name[name]
            if len(at) > 1:
                at.remove(number)
            else:
                del self._by_name[name]

    def merge(self, into: int, other: int) -> None:
        """Add the centroid of one number to that of another, if both are held; else rename it."""
        added = self.centroids.get(other)
        if added is None:
            return
        self.leave(other)
        found = self.centroids.get(into)
        if found is None:
            self.put(into, added)
            return
        if found.sum is None:
            found.sum = dict(found.first.items())
        dot, mine = 0.0, found.sum
        for name, weight in added.weights().items():
            had = mine.get(name)
            if had is None:
                self._post(name, into)
            dot += (had or 0.0) * weight
            mine[name] = (had or 0.0) + weight
        found.norm += 2.0 * dot + added.norm
        found.size += added.size

    def near(self, vector: Vector, own: Centroid | None = None) -> list[tuple[float, int]]:
        """Give each centroid that shares features with a report: its cosine and number, nearest first.

        With ``own``, a centroid that the report is going to be added to, both together are looked for.
        """
        if own is None:
            given, length = dict(vector.items()), 1.0
        else:
            given, length = _together(vector, own)
        by_name, centroids = self._by_name, self.centroids
        lists = [
            (len(at), weight * weight, at)
            for name, weight in islice(given.items(), LOOKED_UP)
            if (at := by_name.get(name)) is not None
        ]
        lists.sort(key=_count)
        found: dict[int, float] = {}
        left = BUDGET
        for count, part, at in lists:
            left -= count
            if left < 0 and found:
                break
            for number in at if count < BUDGET else at[-BUDGET:]:
                found[number] = found.get(number, 0.0) + part
        scored = [(-centroids[number].cosine(given) / length, number) for number in _heaviest(found)]
        scored.sort()
        return [(-score, number) for score, number in scored]


def _heaviest(found: Mapping[int, float]) -> Iterable[int]:
    """Give the numbers of the greatest values; of equal ones, the lower numbers."""
    if len(found) <= NEAREST:
        return found
    # Sorting bare numbers is several times faster than sorting by a key, and few reach the last that counts.
    least = sorted(found.values())[-NEAREST]
    return [number for _, number in sorted([(-v, n) for n, v in found.items() if v >= least])[:NEAREST]]


def _count(one: tuple[int, float, list[int]]) -> int:
    return one[0]


def _together(vector: Vector, own: Centroid) -> tuple[dict[str, float], float]:
    """Give the heaviest features of a centroid with a report added, and the length of the whole."""
    both = dict(own.weights())
    dot = 0.0
    for name, weight in vector.items():
        had = both.get(name, 0.0)
        dot += had * weight
        both[name] = had + weight
    heaviest = sorted(both.items(), key=lambda one: (-one[1], one[0]))[:HEAVIEST]
    return dict(heaviest), sqrt(own.norm + 2.0 * dot + 1.0)
