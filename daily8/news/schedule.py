"""Decide when a source is fetched next, and say why."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from daily8.news.freshness import Freshness, retry_after
from daily8.news.hints import Hints, Rhythm, ttl_seconds
from daily8.news.reasons import DAY, Reason, ReasonCode

_JITTER = 0.1
_TROUBLED_JITTER = 1.0
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
    pushed: float = DAY / 2
    """Least time between two polls of a source whose news is sent to us."""
    deadline: float = 20.0
    """Wall time of one fetch in all, redirects and body included; never hurried."""
    trouble: float = 3600.0
    """First wait after a server error or no answer; doubled at each further one."""
    refusal: float = 4 * 3600.0
    """First wait after 401, 403, or 429 and 503 that name no time; doubled at each further one."""
    crowded: float = 300.0
    """After which is asked what we had no room for at its network; up to the double, by chance."""
    look: float = 3 * 3600.0
    """First wait until a page that was read is looked at again; the next is eight times as long."""
    look_most: float = 2 * DAY
    """How long after its publication a page is looked at again at most; 0 for never."""
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
        kept = ("deadline", "speed")
        names = [each.name for each in dataclasses.fields(self) if each.name not in kept]
        spans = {name: getattr(self, name) / speed for name in names}
        return dataclasses.replace(self, **spans, speed=self.speed * speed)


_LONGER = 8.0


def next_look(published: datetime, now: datetime, looks: int, manners: Manners) -> datetime | None:
    """Say when a page that has been read, and looked at ``looks`` times since, is looked at again, if it is.

    A publisher may mend or rewrite a piece without a word in its feed.
    """
    at = now + timedelta(seconds=manners.look * _LONGER**looks)
    return at if at <= published + timedelta(seconds=manners.look_most) else None


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
    """Of a 200: whether its body was a feed. Of a 304: whether validators had been sent."""
    complete: bool = True
    """Of a 200: whether its document came to its end."""
    ttl: int | None = None
    """Minutes, as `daily8.news.types.Feed` has it."""
    skip_hours: tuple[int, ...] = ()
    """GMT, 0 to 23."""
    skip_days: tuple[int, ...] = ()
    """GMT, Monday 0 to Sunday 6."""
    new: int = 0
    """Entries not seen before."""
    rhythm: Rhythm | None = None
    """Of a 200, as `daily8.news.hints.rhythm` finds it."""
    subscribed: bool = False
    """Whether news of the source is sent to us: a hub has confirmed it."""

    @property
    def well(self) -> bool:
        """Whether the fetch brought a feed, or the word that it has not changed."""
        return self.status in (200, 304) and self.readable


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of a source's pace from one poll to the next."""

    interval: float = 0.0
    """Seconds between polls while all is well; 0 before the first."""
    failures: int = 0
    """Fetches in a row that brought no feed."""
    gone_since: datetime | None = None
    """When the first 410 of an unbroken row came."""
    pressure: float = 1.0
    """By what the interval is stretched after 429s, at the time `pressed_at`."""
    pressed_at: datetime | None = None
    hints: Hints = field(default_factory=Hints)


@dataclass(frozen=True, slots=True)
class Poll:
    """When a source is fetched next, why, and what to remember until then."""

    at: datetime
    why: Reason
    state: State
    """What the next call of `next_poll` wants as ``previous``."""
    gone: bool = False
    """The address was confirmed gone (410 twice, a day apart): it is polled no more."""


class _Wait(NamedTuple):
    """A wait that somebody has a reason for."""

    code: ReasonCode
    told: float
    """Seconds that the reason speaks of."""
    seconds: float
    """Until the next poll, by this reason."""


def next_poll(
    *, now: datetime, outcome: Outcome, manners: Manners, chance: float, previous: State | None = None
) -> Poll:
    """Decide when a source is fetched next, from what its last fetch brought.

    ``chance`` is 0 to 1 and only ever delays: by up to a tenth while all is well, by up to the double after
    a failure. While all is well the wait is the longest of the source's own rhythm and its publisher's hints
    (max-age, Expires, ttl, Retry-After), between the floor and the ceiling, outside of skipHours and
    skipDays. Hints hold until the publisher says otherwise, whatever the answers between say nothing of. A
    failure doubles its wait each time, up to the ceiling, and leaves the interval as it was; who is throttled
    (429, 503) is not asked sooner than while all was well.
    """
    before = previous or State()
    if outcome.well:
        return _well(now, outcome, before, manners, chance)
    if outcome.status == 410:
        return _gone(now, before, manners)
    return _troubled(now, outcome, before, manners, chance)


def crowded(now: datetime, manners: Manners, chance: float) -> tuple[datetime, Reason]:
    """Say when to ask for what we had no room for, and why then: its publisher has nothing to do with it."""
    at = now + timedelta(seconds=manners.crowded * (1 + chance))
    return at, Reason("crowded", manners.crowded * manners.speed)


def _pressure(state: State, now: datetime, manners: Manners) -> float:
    """Let the stretch that a 429 left fade to 1 over seven days."""
    if state.pressed_at is None or state.pressure <= 1:
        return 1.0
    age = max((now - state.pressed_at).total_seconds(), 0.0)
    return 1 + (state.pressure - 1) * max(0.0, 1 - age / manners.longest)


def _well(now: datetime, outcome: Outcome, before: State, manners: Manners, chance: float) -> Poll:
    hints = _hints(now, outcome, before.hints)
    asked = _asked(hints, outcome, manners)
    wanted = max((wait.seconds for wait in asked), default=manners.floor)
    floor = max(min(wanted, manners.floor), manners.publisher_floor)
    pace = _pace(now, outcome, before, hints, floor, manners)
    stretched = min(pace.seconds * _pressure(before, now, manners), manners.ceiling)
    waits = [pace._replace(seconds=stretched)]
    waits += [wait._replace(seconds=min(wait.seconds, manners.ceiling)) for wait in asked]
    if outcome.subscribed:
        waits.append(_Wait("pushed", manners.pushed * manners.speed, manners.pushed))
    if (later := retry_after(outcome.headers, now)) is not None:
        waits.append(_Wait("retry-after", later, min(later / manners.speed, manners.longest)))
    code, told, seconds = max(waits, key=lambda wait: wait.seconds)
    at = now + timedelta(seconds=min(seconds * (1 + _JITTER * chance), manners.longest))
    if manners.speed == 1.0:
        at, skipped = _outside(at, hints.skip_hours, hints.skip_days)
        at = min(at, now + timedelta(seconds=manners.longest * (1 + _JITTER)))
        code = skipped if skipped and code != "retry-after" else code
    state = dataclasses.replace(before, interval=pace.seconds, failures=0, gone_since=None, hints=hints)
    return Poll(at, Reason(code, told), state)


def _hints(now: datetime, outcome: Outcome, before: Hints) -> Hints:
    """A whole document says everything anew; a 304 changes only what its headers bear (RFC 9111 4.3.4)."""
    if outcome.status == 304:
        fresh = before.fresh.after(outcome.headers, now)
        return before if fresh is before.fresh else dataclasses.replace(before, fresh=fresh)
    return Hints(
        fresh=Freshness().after(outcome.headers, now),
        ttl=ttl_seconds(outcome.ttl),
        skip_hours=outcome.skip_hours,
        skip_days=outcome.skip_days,
        rhythm=outcome.rhythm,
    )


def _asked(hints: Hints, outcome: Outcome, manners: Manners) -> list[_Wait]:
    """Give the waits that the publisher asks for as a rule."""
    asked: list[tuple[ReasonCode, float]] = []
    if fresh := hints.fresh.left(outcome.headers):
        asked.append(fresh)
    if hints.ttl:
        asked.append(("ttl", hints.ttl))
    return [_Wait(code, seconds, seconds / manners.speed) for code, seconds in asked]


def _pace(
    now: datetime, outcome: Outcome, before: State, hints: Hints, floor: float, manners: Manners
) -> _Wait:
    """Find the pace of a source: half of its rhythm, or felt for by what the last fetch brought."""
    last = before.interval or manners.floor
    if hints.rhythm:
        gap = max(hints.rhythm.at(now), 0.0)
        pace = _Wait("rhythm", gap, gap / manners.speed / 2)
    elif outcome.new:
        pace = _Wait("lively", last / 2, last / 2)
    else:
        step = last * 1.5 if before.interval else last
        pace = _Wait("quiet", step, step)
    if pace.seconds < floor:
        return _Wait("floor", floor, floor)
    return pace if pace.seconds <= manners.ceiling else _Wait("ceiling", manners.ceiling, manners.ceiling)


def _outside(
    at: datetime, hours: tuple[int, ...], days: tuple[int, ...]
) -> tuple[datetime, ReasonCode | None]:
    """Move a time to the next full hour that the feed does not skip; a feed that skips all skips nothing."""
    if not hours and not days:
        return at, None
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
    state = dataclasses.replace(before, failures=before.failures + 1, gone_since=since)
    return Poll(
        now + timedelta(seconds=wait), Reason("gone" if confirmed else "gone-once", wait), state, confirmed
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
    if status < 400:
        return "unreadable", manners.trouble
    if status >= 500:
        return "server-error", manners.trouble
    return ("not-found" if status in (404, 410) else "not-served"), manners.trouble


def _troubled(now: datetime, outcome: Outcome, before: State, manners: Manners, chance: float) -> Poll:
    code, first = _trouble(outcome, manners)
    if code == "throttled":
        return _throttled(now, outcome, before, manners, chance)
    wait = min(first * 2.0 ** min(before.failures, 16), manners.ceiling)
    jittered = min(wait * (1 + _TROUBLED_JITTER * chance), manners.ceiling * (1 + _JITTER * chance))
    state = dataclasses.replace(before, failures=before.failures + 1, gone_since=None)
    return Poll(now + timedelta(seconds=jittered), Reason(code, wait), state)


def _throttled(now: datetime, outcome: Outcome, before: State, manners: Manners, chance: float) -> Poll:
    """Wait for as long as was asked, and never less than while all was well.

    Where no time is named, or less than the floor, the wait doubles with each further failure.
    """
    asked = retry_after(outcome.headers, now)
    later = min((asked or 0.0) / manners.speed, manners.longest)
    least = manners.refusal if asked is None else manners.floor
    if later < manners.floor:
        least *= 2.0 ** min(before.failures, 16)
    pressure = _pressure(before, now, manners)
    usual = [wait.seconds for wait in _asked(before.hints, Outcome(), manners)]
    wait = min(max(least, before.interval * pressure, *usual), manners.ceiling)
    why = Reason("retry-after", asked) if asked and later >= wait else Reason("throttled", wait)
    # Who names a time is asked soon after it; the rest is spread as after any failure.
    spread, most = (
        (_TROUBLED_JITTER, manners.ceiling * (1 + _JITTER * chance))
        if asked is None
        else (_JITTER, manners.longest)
    )
    at = now + timedelta(seconds=min(max(wait, later) * (1 + spread * chance), most))
    if manners.speed == 1.0:
        at, _ = _outside(at, before.hints.skip_hours, before.hints.skip_days)
        at = min(at, now + timedelta(seconds=manners.longest * (1 + _JITTER)))
    state = dataclasses.replace(before, failures=before.failures + 1, gone_since=None)
    if outcome.status == 429:
        pressure = min(pressure * _PRESSURE_STEP, _PRESSURE_MOST)
        state = dataclasses.replace(state, pressure=pressure, pressed_at=now)
    return Poll(at, why, state)
