"""Decide when a source is fetched next, and say why."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median
from typing import Literal

DAY = 86_400.0
_DIGITS = re.compile(r"[0-9]{1,10}", re.ASCII)
_MAX_AGE = re.compile(r'max-age\s*=\s*"?([0-9]{1,10})', re.ASCII | re.IGNORECASE)
_JITTER = 0.1
_TROUBLED_JITTER = 0.5
_PRESSURE_STEP = 1.5
_PRESSURE_MOST = 8.0


@dataclass(frozen=True, slots=True)
class Manners:
    """How politely strangers' servers are asked. All values are seconds."""

    spacing: float = 5.0
    """Between two starts on one host."""
    floor: float = 3600.0
    """Least time between two polls of a source, where its publisher does not ask for less."""
    ceiling: float = DAY
    """Most time between two polls of a source, unless a Retry-After asks for more."""
    publisher_floor: float = 900.0
    """Least time between two polls of a source whose publisher asks for less than `floor`."""
    deadline: float = 20.0
    """Wall time of one fetch in all, redirects and body included; never hurried."""
    trouble: float = 3600.0
    """First wait after a server error or no answer; doubled at each further one."""
    refusal: float = 4 * 3600.0
    """First wait after 401, 403, or 429 and 503 that name no time; doubled at each further one."""
    longest: float = 7 * DAY
    """The furthest that a Retry-After is obeyed."""
    speed: float = 1.0
    """How many times faster than the world's the clock of a replay runs."""

    def hurried(self, speed: float) -> Manners:
        """Divide every span of the schedule by a replay speed; a publisher's own spans follow it.

        :raises ValueError: for a speed that is not above zero.
        """
        if not speed > 0:
            raise ValueError(f"a replay speed must be above zero, not {speed}")
        names = ("spacing", "floor", "ceiling", "publisher_floor", "trouble", "refusal", "longest")
        spans = {name: getattr(self, name) / speed for name in names}
        return dataclasses.replace(self, **spans, speed=self.speed * speed)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one fetch of a source brought."""

    status: int | None = None
    """Of the final answer; ``None`` when there was none (time-out, no such name, broken TLS)."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the final answer; names in any case."""
    passing: bool = True
    """Of a fetch without an answer: whether trying again may help."""
    readable: bool = True
    """Of a 200: whether its body was a feed."""
    ttl: int | None = None
    """Minutes, as `daily8.news.types.Feed` has it."""
    skip_hours: tuple[int, ...] = ()
    """GMT, 0 to 23."""
    skip_days: tuple[int, ...] = ()
    """GMT, Monday 0 to Sunday 6."""
    new: int = 0
    """Entries not seen before."""
    rhythm: float | None = None
    """Seconds between recent entries, as `rhythm` gives it."""


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of a source from one poll to the next."""

    interval: float = 0.0
    """Seconds between polls while all is well; 0 before the first."""
    failures: int = 0
    """Fetches in a row that brought no feed."""
    gone_since: datetime | None = None
    """When the first 410 of an unbroken row came."""
    pressure: float = 1.0
    """By what the interval is stretched after 429s, at the time `pressed_at`."""
    pressed_at: datetime | None = None


ReasonCode = Literal[
    "rhythm",
    "lively",
    "quiet",
    "floor",
    "ceiling",
    "max-age",
    "expires",
    "ttl",
    "retry-after",
    "skip-hours",
    "skip-days",
    "throttled",
    "server-error",
    "no-answer",
    "not-possible",
    "unreadable",
    "refused",
    "not-found",
    "gone-once",
    "gone",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the next poll is when it is: a code to translate, and the seconds that it speaks of."""

    code: ReasonCode
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Poll:
    """When a source is fetched next, why, and what to remember until then."""

    at: datetime
    interval: float
    failures: int
    why: Reason
    gone: bool = False
    """The address was confirmed gone (410 twice, a day apart): it is polled no more."""
    gone_since: datetime | None = None
    pressure: float = 1.0
    pressed_at: datetime | None = None

    @property
    def state(self) -> State:
        """Give what the next call of `next_poll` wants as ``previous``."""
        return State(self.interval, self.failures, self.gone_since, self.pressure, self.pressed_at)


SENTENCES: dict[ReasonCode, str] = {
    "rhythm": "This source has lately published about every {span}.",
    "lively": "The last fetch brought news, so the source is asked sooner: every {span}.",
    "quiet": "The last fetch brought nothing new, so the source is asked less often: every {span}.",
    "floor": "A source is not asked more often than every {span}.",
    "ceiling": "A source is asked at least every {span}.",
    "max-age": "The publisher says that its answer stays fresh for {span} (Cache-Control).",
    "expires": "The publisher says that its answer stays fresh for {span} (Expires).",
    "ttl": "The feed asks to be fetched every {span} (ttl).",
    "retry-after": "The publisher asked to wait for {span} (Retry-After).",
    "skip-hours": "The feed says that it does not change before then (skipHours).",
    "skip-days": "The feed says that it does not change before then (skipDays).",
    "throttled": "The publisher said that it is asked too much; the next try is in {span}.",
    "server-error": "The publisher's server failed; the next try is in {span}.",
    "no-answer": "The publisher's server did not answer; the next try is in {span}.",
    "not-possible": "This address cannot be fetched as it stands; the next try is in {span}.",
    "unreadable": "What came was not a feed; the next try is in {span}.",
    "refused": "The publisher refuses us this address; the next try is in {span}.",
    "not-found": "There is nothing at this address now; the next try is in {span}.",
    "gone-once": "The publisher says that this address is gone; it is asked once more in {span}.",
    "gone": "The publisher said twice, a day apart, that this address is gone: it is asked no more.",
}


def words(seconds: float) -> str:
    """Say a span as people do: "45 minutes", "1.5 hours", "7 days"."""
    for size, name in ((DAY, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second")):
        if seconds >= size * 0.995 or size == 1.0:
            count = round(seconds / size, 1 if seconds < 10 * size else 0)
            return f"{count:g} {name}" + ("" if count == 1 else "s")
    raise AssertionError("seconds are the last resort")


def explain(reason: Reason) -> str:
    """Say a reason as one English sentence."""
    return SENTENCES[reason.code].format(span=words(reason.seconds))


def rhythm(times: Sequence[datetime], now: datetime) -> float | None:
    """Give the usual seconds between entries: the median gap of the ten newest, or half of the silence since.

    Times after ``now`` are not believed. ``None`` for fewer than three that can be.
    """
    newest = sorted((t for t in set(times) if t <= now), reverse=True)[:10]
    if len(newest) < 3:
        return None
    gaps = [(a - b).total_seconds() for a, b in pairwise(newest)]
    return max(median(gaps), (now - newest[0]).total_seconds() / 2)


def http_date(value: str) -> datetime | None:
    """Read an HTTP-date in any of its three forms (RFC 9110 section 5.6.7); ``None`` for anything else."""
    try:
        when = parsedate_to_datetime(value[:64])
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def freshness(headers: Mapping[str, str], now: datetime) -> tuple[ReasonCode, float] | None:
    """Give how long an answer stays fresh by its publisher's word: (``max-age`` or ``expires``, seconds).

    ``max-age`` less ``Age``; else ``Expires`` less ``Date`` (RFC 9111 sections 4.2.1 and 5.3: a max-age
    overrides Expires). ``no-cache`` and ``no-store`` void both. ``None`` where nothing above zero is said.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    control = lower.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return None
    found = _MAX_AGE.search(control)
    if found:
        left = float(int(found[1]) - _seconds(lower.get("age", "")))
        return ("max-age", left) if left > 0 else None
    expires = http_date(lower.get("expires", ""))
    if expires is None:
        return None
    span = (expires - (http_date(lower.get("date", "")) or now)).total_seconds()
    return ("expires", span) if span > 0 else None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Give the seconds of ``Retry-After``: a number, or a date less ``Date`` (RFC 9110 section 10.2.3)."""
    lower = {name.lower(): value for name, value in headers.items()}
    value = lower.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(_seconds(value)) or None
    when = http_date(value)
    if when is None:
        return None
    span = (when - (http_date(lower.get("date", "")) or now)).total_seconds()
    return span if span > 0 else None


def next_poll(
    *, now: datetime, outcome: Outcome, manners: Manners, chance: float, previous: State | None = None
) -> Poll:
    """Decide when a source is fetched next, from what its last fetch brought.

    ``chance`` is 0 to 1 and only ever delays: by up to a tenth while all is well, by up to half after a
    failure. While all is well the wait is the longest of the source's own rhythm and its publisher's hints
    (max-age, Expires, ttl, Retry-After), between the floor and the ceiling, outside of skipHours and
    skipDays. A failure doubles its wait each time, up to the ceiling, and leaves the interval as it was.
    """
    before = previous or State()
    status = outcome.status
    if status is not None and (200 <= status < 300 or status == 304) and outcome.readable:
        return _well(now, outcome, before, manners, chance)
    if status == 410:
        return _gone(now, before, manners)
    return _troubled(now, outcome, before, manners, chance)


def _seconds(value: str) -> int:
    text = value.strip()
    if _DIGITS.fullmatch(text):
        return int(text)
    return 10**10 if text.isascii() and text.isdigit() else 0


def _pressure(state: State, now: datetime, manners: Manners) -> float:
    """Let the stretch that a 429 left fade to 1 over seven days."""
    if state.pressed_at is None or state.pressure <= 1:
        return 1.0
    age = max((now - state.pressed_at).total_seconds(), 0.0)
    return 1 + (state.pressure - 1) * max(0.0, 1 - age / manners.longest)


def _well(now: datetime, outcome: Outcome, before: State, manners: Manners, chance: float) -> Poll:
    hint: tuple[ReasonCode, float] | None = None
    fresh = freshness(outcome.headers, now)
    asked: list[tuple[ReasonCode, float]] = [fresh] if fresh else []
    if outcome.ttl is not None and outcome.ttl > 0:
        asked.append(("ttl", min(outcome.ttl, 10**8) * 60.0))
    if asked:
        code, span = max(asked, key=lambda item: item[1])
        hint = (code, span / manners.speed)
    floor = manners.floor
    if hint and hint[1] < floor:
        floor = max(manners.publisher_floor, hint[1])

    why, interval = _adaptive(outcome, before, manners)
    told = (outcome.rhythm or 0.0) if why == "rhythm" else interval
    if interval < floor:
        why, told, interval = "floor", floor, floor
    elif interval > manners.ceiling:
        why, told, interval = "ceiling", manners.ceiling, manners.ceiling
    wait = min(interval * _pressure(before, now, manners), manners.ceiling)
    if hint and hint[1] > wait:
        why, told = hint[0], hint[1] * manners.speed
        wait = min(hint[1], manners.ceiling)
    asked_wait = retry_after(outcome.headers, now)
    longest = manners.ceiling
    if asked_wait is not None and asked_wait / manners.speed > wait:
        why, told, longest = "retry-after", asked_wait, manners.longest
        wait = min(asked_wait / manners.speed, longest)
    at = now + timedelta(seconds=wait * (1 + _JITTER * chance))
    if longest == manners.longest:
        at = min(at, now + timedelta(seconds=longest))
    if manners.speed == 1.0:
        at, skipped = _outside(at, outcome.skip_hours, outcome.skip_days)
        why = skipped or why
    return Poll(
        at=at,
        interval=interval,
        failures=0,
        why=Reason(why, told),
        pressure=before.pressure,
        pressed_at=before.pressed_at,
    )


def _adaptive(outcome: Outcome, before: State, manners: Manners) -> tuple[ReasonCode, float]:
    if outcome.rhythm is not None:
        return "rhythm", max(outcome.rhythm, 0.0) / manners.speed / 2
    last = before.interval or manners.floor
    return ("lively", last / 2) if outcome.new else ("quiet", last * 1.5 if before.interval else last)


def _outside(
    at: datetime, hours: tuple[int, ...], days: tuple[int, ...]
) -> tuple[datetime, ReasonCode | None]:
    """Move a time to the next full hour that the feed does not skip; a feed that skips all skips nothing."""
    closed_hours = {h % 24 for h in hours}
    closed_days = {d for d in days if 0 <= d <= 6}
    if len(closed_hours) == 24 or len(closed_days) == 7:
        return at, None
    there = at.astimezone(UTC)
    why: ReasonCode | None = None
    while there.hour in closed_hours or there.weekday() in closed_days:
        why = "skip-days" if there.weekday() in closed_days else why or "skip-hours"
        there = there.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return (there.astimezone(at.tzinfo), why) if why else (at, None)


def _gone(now: datetime, before: State, manners: Manners) -> Poll:
    """Believe a 410 when a second one comes a day or more after the first (RFC 9110 section 15.5.11)."""
    since = before.gone_since or now
    left = manners.ceiling - (now - since).total_seconds()
    confirmed = before.gone_since is not None and left <= 0
    wait = manners.longest if confirmed else min(max(left, manners.floor), manners.ceiling)
    return Poll(
        at=now + timedelta(seconds=wait),
        interval=before.interval,
        failures=before.failures + 1,
        why=Reason("gone" if confirmed else "gone-once", wait),
        gone=confirmed,
        gone_since=since,
        pressure=before.pressure,
        pressed_at=before.pressed_at,
    )


def _trouble(outcome: Outcome, manners: Manners) -> tuple[ReasonCode, float]:
    """Name a failure and the first wait after it."""
    status = outcome.status
    if status is None:
        return ("no-answer", manners.trouble) if outcome.passing else ("not-possible", manners.ceiling)
    if status in (429, 503):
        return "throttled", manners.refusal
    if status in (401, 403):
        return "refused", manners.refusal
    if 200 <= status < 400:
        return "unreadable", manners.trouble
    return ("server-error" if status >= 500 else "not-found"), manners.trouble


def _troubled(now: datetime, outcome: Outcome, before: State, manners: Manners, chance: float) -> Poll:
    code, first = _trouble(outcome, manners)
    backoff = first * 2.0 ** min(before.failures, 16)
    wait = min(backoff * (1 + _TROUBLED_JITTER * chance), manners.ceiling * (1 + _JITTER * chance))
    asked = retry_after(outcome.headers, now) if code == "throttled" else None
    if asked is not None:
        asked /= manners.speed
        code = "retry-after" if asked > manners.floor else code
        wait = min(max(asked, manners.floor) * (1 + _JITTER * chance), manners.longest)
    pressure, pressed_at = before.pressure, before.pressed_at
    if outcome.status == 429:
        pressure = min(_pressure(before, now, manners) * _PRESSURE_STEP, _PRESSURE_MOST)
        pressed_at = now
    return Poll(
        at=now + timedelta(seconds=wait),
        interval=before.interval,
        failures=before.failures + 1,
        why=Reason(code, asked * manners.speed if asked and code == "retry-after" else wait),
        pressure=pressure,
        pressed_at=pressed_at,
    )
