"""What stands on the front pages, worked out beforehand so that no page waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from daily8.news.fronts import REACH, front_pages
from daily8.store import fronts

AGE_MOST = timedelta(minutes=5)
"""Voices fade, and texts and pictures come later than the report: no front page grows older than this."""


def keep(now: datetime) -> bool:
    """Work the front pages out where something changed or they are old; tell whether that was needed.

    A clock that was set back makes them due, too.
    """
    before = fronts.last()
    if before and before[1] == fronts.mark() and timedelta(0) <= now - before[0] < AGE_MOST:
        return False
    renew(now)
    return True


def renew(now: datetime) -> int:
    """Order the stories of every edition anew; give the number of editions."""
    begun, mark = monotonic(), fronts.mark()  # what changes meanwhile is seen next time
    editions = fronts.editions()
    for edition, standings in front_pages(fronts.reported(now - REACH), editions, now):
        fronts.record(edition, standings)
    fronts.leave(editions)
    fronts.worked(now, mark, seconds=monotonic() - begun, editions=len(editions))
    return len(editions)
