"""What a publisher said of the pace of a source: it holds until the publisher says otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any

from daily8.news.freshness import Freshness

_TTL_MOST = 10**8
"""Minutes."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a source has lately published."""

    gap: float
    """Usual seconds between entries."""
    newest: datetime

    def at(self, now: datetime) -> float:
        """Give the seconds between entries that are to be expected: the gap, or half of the silence since."""
        return max(self.gap, (now - self.newest).total_seconds() / 2)


def rhythm(times: Sequence[datetime], now: datetime) -> Rhythm | None:
    """Find the rhythm of a source: the median gap of its ten newest entries.

    Times after ``now`` are not believed. ``None`` for fewer than three that can be.
    """
    newest = sorted((t for t in set(times) if t <= now), reverse=True)[:10]
    if len(newest) < 3:
        return None
    return Rhythm(median((a - b).total_seconds() for a, b in pairwise(newest)), newest[0])


@dataclass(frozen=True, slots=True)
class Hints:
    """What the last document of a source and the headers since then said of its pace."""

    fresh: Freshness = field(default_factory=Freshness)
    ttl: float | None = None
    """Seconds, of ``ttl`` or ``sy:updatePeriod`` by ``sy:updateFrequency``."""
    skip_hours: tuple[int, ...] = ()
    """GMT, 0 to 23."""
    skip_days: tuple[int, ...] = ()
    """GMT, Monday 0 to Sunday 6."""
    rhythm: Rhythm | None = None

    def stored(self) -> dict[str, Any]:
        """Give the hints as JSON, without what is not said."""
        said: dict[str, Any] = {
            "fresh": self.fresh.stored(),
            "ttl": self.ttl,
            "skip_hours": self.skip_hours,
            "skip_days": self.skip_days,
            "rhythm": self.rhythm and (self.rhythm.gap, self.rhythm.newest.isoformat()),
        }
        return {name: value for name, value in said.items() if value not in (None, (), {})}


def read_hints(stored: Mapping[str, Any] | None) -> Hints:
    """Read what `Hints.stored` gave; of nothing, that nothing was said."""
    if not stored:
        return Hints()
    found = stored.get("rhythm")
    return Hints(
        fresh=Freshness(**stored.get("fresh", {})),
        ttl=stored.get("ttl"),
        skip_hours=tuple(stored.get("skip_hours", ())),
        skip_days=tuple(stored.get("skip_days", ())),
        rhythm=Rhythm(found[0], datetime.fromisoformat(found[1])) if found else None,
    )


def ttl_seconds(minutes: int | None) -> float | None:
    """Give the seconds of a feed's ``ttl``; ``None`` for one that is not above zero."""
    return min(minutes, _TTL_MOST) * 60.0 if minutes is not None and minutes > 0 else None
