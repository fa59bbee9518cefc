"""Which versions of an article are kept, and what its page says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

ChangeKind = Literal["first", "none", "typo", "correction", "update", "rewritten", "reread"]
MOST = 40
"""Versions of one article."""
LIVE_APART = timedelta(hours=1)
_SLIGHT = frozenset({"none", "typo", "reread"})
_CHANGED = frozenset({"correction", "update", "rewritten"})


@dataclass(frozen=True, slots=True)
class Change:
    """A version of an article as lists tell of it."""

    number: int
    seen_at: datetime
    """When we saw it: it may have stood there for some time."""
    kind: ChangeKind
    """What changed since the version before; ``reread`` where only our way of reading the page did."""
    silent: bool = False
    """Whether its publisher did not say that it changed."""
    updated_at: datetime | None = None
    """Of the article, as its publisher stated it with this text."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the page of an article says of its last change."""

    at: datetime
    """As the publisher says; where the change is ``silent``, when we saw it."""
    silent: bool


def replaces_newest(kept: Sequence[Change], *, live: bool, now: datetime) -> bool:
    """Tell whether a new version takes the place of the newest one; ``kept`` are in order of time.

    Of live coverage the first, the newest and one an hour are kept: the newest gives way while the one before
    it is less than an hour old.
    """
    return live and len(kept) > 1 and now - kept[-2].seen_at < LIVE_APART


def spared(kept: Sequence[Change], most: int = MOST) -> int | None:
    """Name the version that goes when there are too many; ``None`` while there is room.

    The first and the newest always stay. Of the others the oldest slight one goes; where there is none, the
    one that stood for the shortest time.
    """
    if len(kept) <= most:
        return None
    middle = list(pairwise(kept[1:]))
    slight = [version for version, _ in middle if version.kind in _SLIGHT]
    if slight:
        return slight[0].number
    return min(middle, key=lambda pair: pair[1].seen_at - pair[0].seen_at)[0].number


def notice(changes: Sequence[Change], *, published: datetime, updated: datetime | None) -> Notice | None:
    """Say what a page tells of the last change of its article; ``None`` where there is nothing to tell.

    ``changes`` are in order of time, ``updated`` is what the publisher says now. An update that only mended
    slips is not told; neither is one that is said to be no later than the publication.
    """
    weighty = [change for change in changes if change.kind in _CHANGED]
    last = weighty[-1] if weighty else None
    if changes and changes[-1].kind == "typo":
        updated = next(c.updated_at for c in reversed(changes) if c.kind not in _SLIGHT or c is changes[0])
    if last and last.silent and (updated is None or updated <= last.seen_at):
        return Notice(last.seen_at, silent=True)
    if updated and updated > published:
        return Notice(updated, silent=False)
    return Notice(last.seen_at, silent=False) if last else None
