"""Decide whether a source has moved: permanent redirects are believed when they last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from daily8.news.urls import canonical

SIGHTINGS = 3
"""Good fetches in a row that led to one place before it is believed."""
STANDING = timedelta(hours=48)
"""How long they must have led there."""
_PERMANENT = (301, 308)


@dataclass(frozen=True, slots=True)
class Moving:
    """Where permanent redirects lead, until that is believed."""

    to: str = ""
    seen: int = 0
    """Good fetches in a row that led there."""
    since: datetime | None = None


def lasting(hops: Sequence[tuple[int, str]], url: str) -> str:
    """Give the address that an answer's redirects lead to for good; empty where they do not.

    ``hops`` are (status, the address that sent us on), first to last; ``url`` is where the answer came from.
    Every hop must be permanent (301 and 308, RFC 9110 section 15.4), and none may lead from https to http.
    """
    if not hops or any(status not in _PERMANENT for status, _ in hops):
        return ""
    places = [*(place for _, place in hops), url]
    if any(here.startswith("https:") and there.startswith("http:") for here, there in pairwise(places)):
        return ""
    return url if canonical(url) != canonical(places[0]) else ""


def sighted(before: Moving, to: str, now: datetime) -> Moving:
    """Count a good fetch: one that led to ``to`` for good, or with an empty ``to`` one that did not."""
    if not to:
        return Moving()
    if to != before.to or before.since is None:
        return Moving(to, 1, now)
    return Moving(to, before.seen + 1, min(before.since, now))


def believed(moving: Moving, now: datetime, *, speed: float = 1.0) -> bool:
    """Say whether the redirects have led to one place often and long enough; ``speed`` is a replay's."""
    return moving.seen >= SIGHTINGS and moving.since is not None and now - moving.since >= STANDING / speed
