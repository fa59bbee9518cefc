"""What the page of a story tells of its reports: which one leads, how it went on, how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from daily8.news.ranking import HEAVY

State = Literal["breaking", "developing", "settled"]
Reason = Literal["original", "language", "full", "repeated", "weight", "first", "image", "follows"]

POINTS: dict[Reason, float] = {
    "original": 5.0,
    "language": 3.0,
    "full": 2.0,
    "repeated": 1.5,
    "weight": 1.5,
    "first": 1.0,
    "image": 1.0,
    "follows": 0.5,
}
"""What speaks for a report. A copy never leads before an original in the same language."""
_LIGHT = 0.4
"""Taken from a report whose source counts for less: not as much as words of its own give."""

PAUSE = timedelta(hours=2)
"""The least silence that a new turn breaks."""
_PAUSES = 4.0
"""The same, in usual gaps between reports: a story that is told of once a day pauses for days."""
BURST = timedelta(hours=2)
"""Within so long another publisher must report too: one report alone is no turn."""
TURNS_MOST = 12
BARS_MOST = 48
_WIDTHS = (1, 2, 3, 6, 12, 24, 48, 168, 720, 8760)
"""Hours of one bar."""

_BREAKING = timedelta(hours=3)
_YOUNG = timedelta(hours=12)
_DEVELOPING = timedelta(hours=24)
_MANY = 3
"""Publishers that report at once of what is breaking."""


@dataclass(frozen=True, slots=True)
class Member:
    """A report of a story, as far as its page needs it."""

    id: str
    title: str
    publisher: str
    language: str
    at: datetime
    full: bool = False
    """Whether its whole text could be read."""
    image: bool = False
    copy_of: str = ""
    """Id of the report whose words it repeats; empty for one with words of its own."""
    weight: float = 1.0
    """Of its source: an operator's word, 1 where nothing is said."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The report that stands for the story, and what speaks for it, the strongest first."""

    id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A burst of reports after a pause: something new became known."""

    at: datetime
    id: str
    """Of the report that opened it."""
    title: str
    reports: int
    publishers: int


@dataclass(frozen=True, slots=True)
class Growth:
    """How many reports came, in bars of so many hours each, from the first report on."""

    since: datetime
    hours: int
    counts: tuple[int, ...]


def lead(members: Sequence[Member], *, language: str = "") -> Lead | None:
    """Choose the report that stands for a story, for readers of a language; ``None`` without members."""
    if not members:
        return None
    ordered = sorted(members, key=lambda one: (one.at, one.id))
    repeated = {one.copy_of for one in members if one.copy_of}
    counts: dict[str, int] = {}
    for one in members:
        counts[one.publisher] = counts.get(one.publisher, 0) + 1
    judged = [(one, _reasons(one, ordered[0], repeated, counts, language)) for one in ordered]
    best, reasons = max(judged, key=lambda pair: _points(*pair))
    return Lead(best.id, tuple(sorted(reasons, key=lambda reason: -POINTS[reason])))


def _points(one: Member, reasons: Sequence[Reason]) -> float:
    return sum(POINTS[reason] for reason in reasons) - (_LIGHT if one.weight < 1 else 0.0)


def _reasons(
    one: Member, first: Member, repeated: set[str], counts: dict[str, int], language: str
) -> list[Reason]:
    told: dict[Reason, bool] = {
        "original": not one.copy_of,
        "language": bool(language) and one.language == language,
        "full": one.full,
        "repeated": one.id in repeated,
        # Words of others do not become weightier by being repeated.
        "weight": one.weight >= HEAVY and not one.copy_of,
        "first": one.id == first.id,
        "image": one.image,
        "follows": counts[one.publisher] > 1,
    }
    return [reason for reason, holds in told.items() if holds]


def represented(members: Sequence[Member]) -> list[Member]:
    """Let one report of each group of copies stand for it among these: its leader, else the earliest.

    ``copy_of`` names that one for all others of its group, and is empty for it.
    """
    ids = {one.id for one in members}
    stands: dict[str, str] = {}
    for one in sorted(members, key=lambda one: (one.at, one.id)):
        if one.copy_of and one.copy_of not in ids:
            stands.setdefault(one.copy_of, one.id)
    led = [(one, stands.get(one.copy_of, one.copy_of)) for one in members]
    return [replace(one, copy_of="" if by == one.id else by) for one, by in led]


def turns(members: Sequence[Member]) -> tuple[Turn, ...]:
    """Tell when something new became known: the first report, and each burst of reports after a pause.

    A pause is measured by the usual gap between the reports before it. Of very many the newest stay.
    """
    ordered = sorted(members, key=lambda one: (one.at, one.id))
    if not ordered:
        return ()
    starts = [0]
    gaps: list[float] = []
    for n in range(1, len(ordered)):
        gap = ordered[n].at - ordered[n - 1].at
        usual = timedelta(seconds=_PAUSES * median(gaps[-20:])) if gaps else PAUSE
        if gap >= max(PAUSE, usual) and _bursts(ordered, n):
            starts.append(n)
        else:
            gaps.append(gap.total_seconds())
    found = [_turn(ordered[start:end]) for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return tuple(found[:1] + found[1:][-TURNS_MOST + 1 :])


def _bursts(ordered: Sequence[Member], n: int) -> bool:
    until = ordered[n].at + BURST
    for one in ordered[n + 1 :]:
        if one.at > until:
            return False
        if one.publisher != ordered[n].publisher:
            return True
    return False


def _turn(reports: Sequence[Member]) -> Turn:
    first = reports[0]
    return Turn(first.at, first.id, first.title, len(reports), len({one.publisher for one in reports}))


def growth(reports: Mapping[datetime, int]) -> Growth | None:
    """Put the reports of a story into at most `BARS_MOST` bars; ``None`` without reports.

    ``reports`` has their number by time; times within one hour may be put together.
    """
    if not reports:
        return None
    since = min(reports).replace(minute=0, second=0, microsecond=0)
    hours = (max(reports) - since) // timedelta(hours=1) + 1
    width = next((width for width in _WIDTHS if hours <= width * BARS_MOST), -(-hours // BARS_MOST))
    counts = [0] * (-(-hours // width))
    for at, n in reports.items():
        counts[(at - since) // timedelta(hours=width)] += n
    return Growth(since, width, tuple(counts))


def state(members: Sequence[Member], now: datetime, *, since: datetime | None = None) -> State:
    """Tell how a story stands; ``since``: its first report, where that is not among the members.

    It is *breaking* while three publishers report of it within three hours and it is younger than half a day,
    *developing* until nothing came for a day, then *settled*.
    """
    times = [one.at for one in members]
    if not times or now - max(times) > _DEVELOPING:
        return "settled"
    lately = {one.publisher for one in members if now - one.at <= _BREAKING}
    return (
        "breaking" if len(lately) >= _MANY and now - min([*times, since or now]) <= _YOUNG else "developing"
    )
