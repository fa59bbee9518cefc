"""Which versions of an article are kept: each change that matters, of live coverage one an hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

MOST = 40
"""Versions of one article."""
LIVE_APART = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A version that is kept."""

    number: int
    seen_at: datetime
    slight: bool
    """Whether it only mended slips, or was only read in another way."""


def replaces_newest(kept: Sequence[Kept], *, live: bool, now: datetime) -> bool:
    """Tell whether a new version takes the place of the newest one; ``kept`` are in order of time.

    Of live coverage the first, the newest and one an hour are kept: the newest gives way while the one before
    it is less than an hour old.
    """
    return live and len(kept) > 1 and now - kept[-2].seen_at < LIVE_APART


def spared(kept: Sequence[Kept], most: int = MOST) -> int | None:
    """Name the version that goes when there are too many; ``None`` while there is room.

    The first and the newest always stay. Of the others the oldest slight one goes; where there is none, the
    one that stood for the shortest time.
    """
    if len(kept) <= most:
        return None
    middle = list(pairwise(kept[1:]))
    slight = [version for version, _ in middle if version.slight]
    if slight:
        return slight[0].number
    return min(middle, key=lambda pair: pair[1].seen_at - pair[0].seen_at)[0].number
