"""What stands on the front pages, worked out every minute so that no page waits for it."""

from __future__ import annotations

from datetime import datetime

from daily8.news.fronts import REACH, front_pages
from daily8.store import fronts


def renew(now: datetime) -> int:
    """Order the stories of every edition anew; give the number of editions."""
    editions = fronts.editions()
    for edition, standings in front_pages(fronts.reported(now - REACH), editions, now):
        fronts.record(edition, standings)
    fronts.leave(editions)
    return len(editions)
