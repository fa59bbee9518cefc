"""Say how much a story matters now, and why, in reasons that can be put into words.

A story weighs what its independent publishers weigh, each once and by its newest report: copies of one text
are one voice. Voices fade with age, so that importance and freshness are one figure; a story that grows
faster than before, or speaks from several countries and languages, counts for more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log1p, sqrt
from typing import Literal

Why = Literal["publishers", "countries", "languages", "growing", "new", "original", "edition", "weight"]

Weight = Literal["less", "usual", "more", "most"]
WEIGHTS: dict[Weight, float] = {"less": 0.5, "usual": 1.0, "more": 2.0, "most": 4.0}
"""What an operator may say of a source, and what its voice weighs then."""
HEAVY = 1.5
"""Weight from which a source is named as a reason."""

HALF_LIFE = timedelta(hours=9)
"""In which a voice loses half of its weight: a morning's story has given way by the evening."""
BURST = timedelta(hours=2)
BASE = timedelta(hours=12)
"""The span before a burst with which it is compared."""
_FUTURE = timedelta(minutes=5)
_NEW = timedelta(hours=1)
_MANY = 3
_NEAR = 1.5
_COUNTRY, _LANGUAGE, _GROWTH = 0.12, 0.06, 0.25
GROWING = 2.0
"""Growth from which a story trends."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One report of a story, as far as its rank goes."""

    publisher: str
    at: datetime
    country: str = ""
    language: str = ""
    weight: float = 1.0
    """Of its source, 0 to 4; an operator's word, 1 where nothing is said."""
    copy: bool = False
    """Whether its text is another's."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a story stands where it does: a code to be put into words, and the number that it speaks of."""

    code: Why
    number: int = 0


@dataclass(frozen=True, slots=True)
class Rank:
    """How much a story matters at a moment."""

    score: float
    """0 and above; comparable between stories at one moment only."""
    growth: float
    """By how many standard deviations the last `BURST` brought more voices than the `BASE` before it did."""
    reasons: tuple[Reason, ...]
    """The most telling first."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a story weighs at a moment, before it is asked for which edition: that costs little then."""

    own: tuple[Voice, ...]
    mass: float
    near: Mapping[str, float]
    """The share of the mass that is of each country."""
    spread: float
    growth: float
    told: tuple[Reason | None, Reason | None]
    """That it grows; that it is new."""

    def score(self, country: str = "") -> float:
        """Give the score in an edition of a country, or of none."""
        mass = self.mass + (_NEAR - 1) * (self.near.get(country, 0.0) if country else 0.0)
        return log1p(mass) * self.spread * (1 + _GROWTH * log1p(max(0.0, self.growth)))

    def rank(self, country: str = "") -> Rank:
        """Give the rank in an edition, with its reasons."""
        if not self.own:
            return Rank(0.0, 0.0, ())
        return Rank(self.score(country), self.growth, _reasons(self.own, self.told, country))


def weighed(voices: Iterable[Voice], now: datetime) -> Weighed:
    """Weigh a story once for all editions. Times in the future count as now."""
    heard = [voice for voice in voices if voice.at <= now + _FUTURE]
    own = _independent(heard)
    near: dict[str, float] = {}
    mass = 0.0
    for voice in own:
        part = min(max(voice.weight, 0.0), 4.0) * _fade(now - voice.at)
        mass += part
        near[voice.country] = near.get(voice.country, 0.0) + part
    places = len({voice.country for voice in own if voice.country})
    tongues = len({voice.language for voice in own if voice.language})
    spread = 1 + _COUNTRY * log1p(max(0, places - 1)) + _LANGUAGE * log1p(max(0, tongues - 1))
    if not own:
        return Weighed((), mass, near, spread, 0.0, (None, None))
    recent, growth = _growth(heard, now)
    return Weighed(tuple(own), mass, near, spread, growth, _told(heard, recent, growth, now))


def rank(voices: Iterable[Voice], now: datetime, *, country: str = "") -> Rank:
    """Say how much a story matters now, to readers of a country's edition if one is named.

    Times in the future count as now. A story without voices has the score 0.
    """
    return weighed(voices, now).rank(country)


def _independent(voices: Iterable[Voice]) -> list[Voice]:
    """Give each publisher's newest report of its own; one that has only copies says nothing of its own."""
    newest: dict[str, Voice] = {}
    for voice in voices:
        if voice.copy:
            continue
        before = newest.get(voice.publisher)
        if before is None or _turn(voice) > _turn(before):
            newest[voice.publisher] = voice
    return sorted(newest.values(), key=lambda voice: (voice.at, voice.publisher))


def _turn(voice: Voice) -> tuple[datetime, str, str, float]:
    return voice.at, voice.country, voice.language, voice.weight


def _fade(age: timedelta) -> float:
    return exp(-max(age.total_seconds(), 0.0) * 0.6931471805599453 / HALF_LIFE.total_seconds())


def _growth(heard: Iterable[Voice], now: datetime) -> tuple[int, float]:
    """Count the voices of the last `BURST`, and compare them with those before.

    A publisher has one voice in each span of `BURST`, whatever it writes in it, copies left out: a story that
    the same houses keep telling goes on and does not grow. Counts of rare events, with a prior of one.
    """
    spans = {(voice.publisher, max(0, (now - voice.at) // BURST)) for voice in heard if not voice.copy}
    recent = sum(span == 0 for _, span in spans)
    before = sum(0 < span <= BASE // BURST for _, span in spans)
    expected = (before + 1) * BURST.total_seconds() / BASE.total_seconds()
    return recent, (recent - expected) / sqrt(expected + 1)


def _told(
    heard: Iterable[Voice], recent: int, growth: float, now: datetime
) -> tuple[Reason | None, Reason | None]:
    """Give the reasons of time: that it grows, that its very first report, a copy or not, is new."""
    grows = Reason("growing", recent) if growth > GROWING and recent >= _MANY else None
    age = now - min(voice.at for voice in heard)
    return grows, Reason("new", max(0, int(age.total_seconds() // 60))) if age < _NEW else None


def _reasons(
    own: Sequence[Voice], told: tuple[Reason | None, Reason | None], country: str
) -> tuple[Reason, ...]:
    grows, new = told
    found = [grows] if grows else []
    places = {voice.country for voice in own if voice.country}
    tongues = {voice.language for voice in own if voice.language}
    if len(own) > 1:
        found.append(Reason("publishers", len(own)))
    if len(places) > 1:
        found.append(Reason("countries", len(places)))
    if len(tongues) > 1:
        found.append(Reason("languages", len(tongues)))
    if country and (near := sum(voice.country == country for voice in own)):
        found.append(Reason("edition", near))
    if max(voice.weight for voice in own) >= HEAVY:
        found.append(Reason("weight"))
    if new:
        found.append(new)
    if len(own) == 1:
        found.append(Reason("original"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A story that may stand on a front page."""

    key: str
    rank: Rank
    category: str = ""
    topics: frozenset[str] = frozenset()
    """Keys of its hashtags."""
    publisher: str = ""
    """Of its lead article."""


LOOKED_MOST = 400
_SAME_CATEGORY, _SAME_TOPIC, _SAME_PUBLISHER = 0.93, 0.75, 0.88


def arrange(stories: Iterable[Ranked], most: int) -> list[Ranked]:
    """Order stories for a front page: the weightiest first, but no subject, desk or publisher fills it.

    Each story counts for less the more of those above it share its category, its hashtags or the publisher
    of its lead (a greedy choice, as in Carbonell and Goldstein's maximal marginal relevance). Costs
    `most` times the number of stories: at most `LOOKED_MOST` are looked at.
    """
    left = sorted(stories, key=lambda story: (-story.rank.score, story.key))[:LOOKED_MOST]
    placed: list[Ranked] = []
    categories: Counter[str] = Counter()
    topics: Counter[str] = Counter()
    publishers: Counter[str] = Counter()

    def worth(story: Ranked) -> float:
        # What all of a small page shares tells nothing apart: only the most used hashtag counts.
        topic = max((topics[name] for name in story.topics), default=0)
        category = categories[story.category] if story.category else 0
        publisher = publishers[story.publisher] if story.publisher else 0
        fading = _SAME_CATEGORY**category * _SAME_TOPIC**topic * _SAME_PUBLISHER**publisher
        return story.rank.score * fading

    while left and len(placed) < most:
        best = max(left, key=lambda story: (worth(story), story.key))
        left.remove(best)
        placed.append(best)
        categories[best.category] += 1
        topics.update(best.topics)
        publishers[best.publisher] += 1
    return placed
