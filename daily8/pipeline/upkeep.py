"""What is done from time to time: wake stages that have work, and keep the machine's rows few."""

from __future__ import annotations

from datetime import datetime, timedelta

from daily8.store import arrivals, deliveries, hosts, pictures, polls, sessions, wakeups

FETCHES_KEPT = timedelta(days=30)
ENTRIES_KEPT = timedelta(days=90)
"""How long an entry is remembered after it left its feed."""

DELIVERIES_KEPT = timedelta(days=7)
"""How long a document that could not be read is kept for another try."""


def tick(now: datetime) -> bool:
    """Wake the stages on which something is due, whatever wake-up was lost; tell whether there was any."""
    due = hosts.any_due(now)
    if due:
        wakeups.wake("fetch")
    return due


def prune(now: datetime, *, pictures_limit: int) -> dict[str, int]:
    """Delete what nobody needs: old fetches, pictures over the limit in bytes, sessions that ended."""
    return {
        "fetches": polls.trim(now - FETCHES_KEPT),
        "pictures": pictures.prune(pictures_limit),
        "entries": arrivals.prune(now - ENTRIES_KEPT),
        "deliveries": deliveries.prune(now - DELIVERIES_KEPT),
        "sessions": sessions.prune(now),
        "jobs": wakeups.prune(),
    }
