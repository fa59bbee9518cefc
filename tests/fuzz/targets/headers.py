"""What a server says of time in its headers, and what the schedule makes of it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from daily8.news import freshness, reasons, schedule
from daily8.news.schedule import Manners, Outcome, State

_NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
_NAMES = (
    "Retry-After",
    "Cache-Control",
    "Age",
    "Expires",
    "Date",
    "Link",
    "ETag",
    "Last-Modified",
    "Content-Type",
)
_STATUSES = (200, 304, 429, 503, 500, 404, 410, 301, 206)
SEEDS = (
    b"\x00Cache-Control: public, max-age=7200\nAge: 60\nDate: Sun, 01 Jun 2025 12:00:00 GMT",
    b"\x01Expires: Sun, 01 Jun 2025 18:00:00 GMT\nDate: Sunday, 01-Jun-25 12:00:00 GMT",
    b"\x02Retry-After: 99999999999",
    b"\x03Retry-After: Thu Dec 31 23:59:59 2099\nDate: nonsense",
    b"\x04Retry-After: -5\nCache-Control: no-cache, max-age=1e9",
    b'\x00Link: <https://hub.example/>; rel="hub", </self>; rel=self\nCache-Control: max-age="60", s-maxage=9',
    b"\x06Expires: 0",
)
WORDS = (
    *(name.encode() + b": " for name in _NAMES),
    *(
        b"max-age=",
        b"s-maxage=",
        b"no-store",
        b"no-cache",
        b"\n",
        b"=",
        b'"',
        b",",
        b"9" * 30,
        b"-1",
        b"0",
        b"1.5",
    ),
    *(
        b"Sun, 01 Jun 2025 12:00:00 GMT",
        b"0001",
        b"9999",
        b"+9999",
        b"\xff",
        "١٢".encode(),
        b"inf",
        b"nan",
        b"; rel=hub",
    ),
)


def one(data: bytes) -> None:
    """Read bytes as a status and headers, and decide when to ask again."""
    status = _STATUSES[(data[0] if data else 0) % len(_STATUSES)]
    lines = data[1:].decode("utf-8", "surrogateescape").split("\n")
    headers = {name: value.strip() for name, colon, value in (line.partition(":") for line in lines) if colon}
    for name in _NAMES:
        when = freshness.http_date(headers.get(name, ""))
        assert when is None or when.utcoffset() == timedelta(0)
    wait = freshness.retry_after(headers, _NOW)
    assert wait is None or (wait > 0 and math.isfinite(wait)), wait
    fresh = freshness.Freshness().after(headers, _NOW).left(headers)
    assert fresh is None or (fresh[1] > 0 and math.isfinite(fresh[1])), fresh
    manners = Manners()
    for failures in (0, 3, 10**6):
        for chance in (0.0, 1.0):
            outcome = Outcome(status, headers, readable=status in {200, 304})
            state = State(7200.0, failures, pressure=8.0, pressed_at=_NOW)
            poll = schedule.next_poll(
                now=_NOW, outcome=outcome, manners=manners, chance=chance, previous=state
            )
            seconds = (poll.at - _NOW).total_seconds()
            assert manners.publisher_floor <= seconds <= manners.longest, (headers, seconds)
            assert reasons.explain(poll.why)
