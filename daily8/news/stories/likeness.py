"""Say what two reports have in common, for the console."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from daily8.news.stories.holding import Taken
from daily8.news.stories.values import Settings
from daily8.news.stories.weights import Vector


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near two reports are by each measure, and the features that they share, heaviest first."""

    score: float
    """Cosine of their words, 0 to 1, fallen by the hours between them."""
    shared_score: float
    """The same of what languages can share."""
    hours: float
    """Between them; 0 where a time is unknown."""
    words: tuple[tuple[str, float], ...]
    """Features with the part of the cosine that they give."""
    shared: tuple[tuple[str, float], ...]


def compare(one: Taken, other: Taken, settings: Settings) -> Likeness:
    """Compare two reports."""
    hours = 0.0 if one.time is None or other.time is None else abs(one.time - other.time)
    fallen = exp(-hours / settings.tau)
    words, shared = common(one.words, other.words), common(one.shared, other.shared)
    return Likeness(
        sum(part for _, part in words) * fallen,
        sum(part for _, part in shared) * fallen,
        hours,
        words,
        shared,
    )


def common(one: Vector, other: Vector) -> tuple[tuple[str, float], ...]:
    """Give the features of both with the product of their weights, heaviest first."""
    weights = dict(other.items())
    both = [(name, weight * weights[name]) for name, weight in one.items() if name in weights]
    return tuple(sorted(both, key=lambda part: (-part[1], part[0])))
