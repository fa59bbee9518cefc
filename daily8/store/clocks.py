"""Bring what is due back into reach of the clock: after a pause, a restore, or a clock that was wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from daily8.store.models import Errand, Host, Poll

_SKEW = timedelta(minutes=1)
"""How far the clocks of two machines may be apart."""
_MOMENTS = (
    *("gone_since", "pressed_at", "moved_since", "doubted_at", "whole_at"),
    *("fetched_at", "succeeded_at"),
)
"""Columns of a poll that tell of the past."""


def spread(now: datetime, *, late: timedelta, apart: timedelta, window: timedelta) -> int:
    """Spread the hosts that are overdue by more than ``late``, in their order; give their number.

    They come ``apart`` from each other, all of them within ``window``.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH overdue AS (
                SELECT name, count(*) OVER () AS number,
                    row_number() OVER (ORDER BY next_at, name) - 1 AS place
                FROM store_host
                WHERE next_at < %(late)s AND (claimed_until IS NULL OR claimed_until <= %(now)s)
                    AND (quiet_until IS NULL OR quiet_until <= %(now)s)
            )
            UPDATE store_host host
            SET next_at = %(now)s
                + make_interval(secs => LEAST(%(window)s, number * %(apart)s) * place / number)
            FROM overdue
            WHERE host.name = overdue.name AND (claimed_until IS NULL OR claimed_until <= %(now)s)
            """,
            {
                "now": now,
                "late": now - late,
                "apart": apart.total_seconds(),
                "window": window.total_seconds(),
            },
        )
        return int(cursor.rowcount)


def mend(now: datetime, *, furthest: timedelta, anew: timedelta, lease: timedelta) -> int:
    """Bring back what lies further ahead than any rule allows, for the clock was wrong; give its number.

    Nothing becomes early by it: polls and errands beyond ``furthest`` are due after ``anew`` at the soonest,
    polls spread over the same span after that. What is said to have happened later than now happened now. A
    claim that would last for hours ends after ``lease``.
    """
    for moment in _MOMENTS:
        Poll.objects.filter(**{f"{moment}__gt": now + _SKEW}).update(**{moment: now})
    beyond, then = now + furthest, now + anew
    found = _polls(now, beyond, anew)
    # A hub is asked again when its lease is nearly over, and leases may be long.
    errands = Errand.objects.filter(verdict=None, due_at__gt=beyond).exclude(kind=Errand.Kind.HUB)
    found += errands.update(due_at=then)
    found += Host.objects.filter(quiet_until__gt=beyond).update(quiet_until=then)
    found += Host.objects.filter(claimed_until__gt=now + lease + timedelta(hours=1)).update(
        claimed_until=now + lease
    )
    _hosts(beyond)
    return found


def _polls(now: datetime, beyond: datetime, anew: timedelta) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH beyond AS (
                SELECT source_id,
                    row_number() OVER (ORDER BY next_at, source_id)::float / count(*) OVER () AS part
                FROM store_poll WHERE next_at > %(beyond)s
            )
            UPDATE store_poll poll
            SET next_at = %(now)s + make_interval(secs => %(anew)s * (1 + part)), why = %(why)s::jsonb
            FROM beyond WHERE poll.source_id = beyond.source_id
            """,
            {
                "now": now,
                "beyond": beyond,
                "anew": anew.total_seconds(),
                "why": '{"code": "clock", "seconds": 0}',
            },
        )
        return int(cursor.rowcount)


def _hosts(beyond: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE store_host host SET next_at = due.at
            FROM (
                SELECT host, min(at) AS at FROM (
                    SELECT source.host, poll.next_at AS at
                    FROM store_poll poll JOIN store_source source ON source.id = poll.source_id
                    WHERE source.state IN ('unverified', 'active')
                    UNION ALL SELECT host, due_at FROM store_errand WHERE verdict IS NULL
                ) wanted GROUP BY host
            ) due
            WHERE host.name = due.host AND host.next_at > %(beyond)s AND host.next_at > due.at
            """,
            {"beyond": beyond},
        )
