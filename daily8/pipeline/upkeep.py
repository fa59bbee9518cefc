"""What is done from time to time: wake stages that have work, and keep the machine's rows few."""

from __future__ import annotations

from datetime import datetime, timedelta

from daily8.store import hosts, pictures, polls, sessions
from daily8.store.wakeups import wake

FETCHES_KEPT = timedelta(days=30)


def tick(now: datetime) -> bool:
    """Wake the stages on which something is due, whatever wake-up was lost; tell whether there was any."""
    due = hosts.any_due(now)
    if due:
        wake("fetch")
    return due


def prune(now: datetime, *, pictures_limit: int) -> dict[str, int]:
    """Delete what nobody needs: old fetches, pictures over the limit in bytes, sessions that ended."""
    return {
        "fetches": polls.trim(now - FETCHES_KEPT),
        "pictures": pictures.prune(pictures_limit),
        "sessions": sessions.prune(now),
    }
