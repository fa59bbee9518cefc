"""What is done from time to time: wake stages that have work, and keep the machine's rows few."""

from __future__ import annotations

from datetime import datetime, timedelta

from daily8.news.schedule import Manners
from daily8.pipeline.assigning import REPAIR_EVERY
from daily8.store import (
    arrivals,
    assigning,
    clocks,
    deliveries,
    embedding,
    hosts,
    kept,
    mailboxes,
    parts,
    pictures,
    polls,
    progress,
    repeats,
    rereading,
    sessions,
    vectors,
    wakeups,
    wishes,
)

FETCHES_KEPT = timedelta(days=30)
ENTRIES_KEPT = timedelta(days=90)
"""How long an entry is remembered after it left its feed."""

DELIVERIES_KEPT = timedelta(days=7)
"""How long a document that could not be read is kept for another try."""
MAILS_KEPT = timedelta(days=30)
"""How long a newsletter that nobody confirmed waits."""
PARTS_KEPT = timedelta(days=30)
"""How long a part of a sitemap index that brought nothing is remembered after it was last asked."""
EDGES_KEPT = timedelta(days=30)
"""How long the edges of an article are compared with those of others of its site."""
ARRIVALS_WHOLE = timedelta(days=30)
"""How long copies of an article are looked for by all of its text that was kept: a copy is a week older or
younger than its original at most, and may come late."""

_OUTDATED_AT_ONCE = 500
"""Articles that are understood anew by a newer recipe between two ticks."""

_JUMP = 60.0
"""Seconds by which a clock moves otherwise than time passes before that is a jump."""
_LATE = timedelta(minutes=1)
_APART = timedelta(seconds=0.5)
_WINDOW = timedelta(minutes=10)
_LEASE = timedelta(minutes=3)
_REACH = 1.1
"""How much further than its longest wait a source may be due, by chance."""


class Pulse:
    """Notices that the clock was set, or that the machine slept."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    def jumped(self, now: datetime, monotonic: float) -> bool:
        """Tell whether the clock moved otherwise than time, in seconds, has passed since the last call."""
        last, self._last = self._last, (now, monotonic)
        if last is None:
            return False
        return abs((now - last[0]).total_seconds() - (monotonic - last[1])) > _JUMP


def settle(now: datetime, manners: Manners) -> None:
    """Let nothing burst, and nothing wait for ever, after a start, a restore, or a clock that was wrong."""
    furthest = timedelta(seconds=manners.longest * _REACH) + _LATE
    clocks.mend(now, furthest=furthest, anew=timedelta(seconds=manners.floor), lease=_LEASE)
    speed = manners.speed
    clocks.spread(now, late=_LATE / speed, apart=_APART / speed, window=_WINDOW / speed)


def tick(now: datetime, *, network: str = "", embeds: bool = False) -> bool:
    """Wake the stages on which something is due, whatever wake-up was lost; tell whether there was any.

    Articles whose time is over are no longer shown from here on. ``embeds`` says whether there is a provider
    of embeddings.
    """
    while wishes.any_lapsed(now) and wishes.lapse(now):
        pass
    due = hosts.any_due(now, network=network)
    if due:
        wakeups.wake("fetch")
    if kept.any_due(now) or rereading.any_older_policy() or repeats.any_returning():
        wakeups.wake("reread")
    if progress.any_outdated():
        progress.outdated(now, _OUTDATED_AT_ONCE)
    if progress.any_to_understand(now):
        wakeups.wake("understand")
    if progress.any_to_relate(now):
        wakeups.wake("relate")
    if assigning.any_due(now, repair_every=REPAIR_EVERY):
        wakeups.wake("assign")
    if embeds and embedding.any_due(now):
        wakeups.wake("embed")
    return due


def prune(now: datetime, *, pictures_limit: int, pages_kept: timedelta, pages_limit: int) -> dict[str, int]:
    """Delete what nobody needs any more, and pictures and pages over their bytes; give numbers by kind."""
    vectors.enlist()
    return {
        "fetches": polls.trim(now - FETCHES_KEPT),
        "parts": parts.prune(now - PARTS_KEPT),
        "pictures": pictures.prune(pictures_limit),
        "pages": kept.prune(now - pages_kept, limit=pages_limit),
        "edges": repeats.prune((now - EDGES_KEPT).date()),
        "entries": arrivals.prune(now - ENTRIES_KEPT),
        "deliveries": deliveries.prune(now - DELIVERIES_KEPT),
        "mails": mailboxes.prune(now - MAILS_KEPT),
        "vectors": vectors.prune(now),
        "sessions": sessions.prune(now),
        "arrivals": assigning.cut(now - ARRIVALS_WHOLE),
        "jobs": wakeups.prune(),
    }
