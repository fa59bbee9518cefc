"""The corpus's own clock."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from daily8.replay.articles import Corpus

Start = Literal["start", "end"] | datetime

_LATEST = datetime(2299, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CorpusClock:
    """A clock that shows `start` at first and runs `speed` times as fast as the real one.

    `now` is the fixed moment against which relative times of the corpus are settled.
    """

    start: datetime
    speed: float
    now: datetime

    def at(self, elapsed: float) -> datetime:
        """Give the corpus time after `elapsed` real seconds; it stands still at the end of the year 2299."""
        seconds = elapsed * self.speed
        if seconds >= (_LATEST - self.start).total_seconds():
            return _LATEST
        return self.start + timedelta(seconds=seconds)


def clock_for(
    corpus: Corpus,
    *,
    now: datetime,
    speed: float | None = None,
    start: Start | None = None,
    shift: bool = False,
) -> CorpusClock:
    """Set the clock for a corpus that is not settled yet; `shift` as in `Corpus.at`.

    Without `start` it begins at `now` where times are relative; else, for a `speed` that was given, at the
    first article, and otherwise at the last, so that all is out.

    :raises ValueError: for a speed that is not a positive finite number.
    """
    if speed is not None and not (math.isfinite(speed) and speed > 0):
        raise ValueError("The speed of a replay must be a positive number.")
    settled = corpus.at(now, shift=shift)
    first, last = settled.first or now, settled.last or now
    if isinstance(start, datetime):
        begin = start
    elif start == "start" or (start is None and speed is not None and not corpus.relative):
        begin = first
    elif start == "end" or not corpus.relative:
        begin = last
    else:
        begin = now
    return CorpusClock(begin.astimezone(UTC), speed or 1.0, now)
