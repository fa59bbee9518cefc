"""Choose which stories stand on the front page of an edition, and which report stands for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daily8.news.ranking import Rank, Ranked, Voice, Weighed, arrange, weighed
from daily8.news.storyline import Member, lead

RECIPE = "front/2"
REACH = timedelta(hours=48)
"""Reports older than that say nothing of what matters now: five half-lives of a voice."""
MOST = 40
_LOOKED = 4
"""Times as many stories are looked at closely as stand there: variety moves none further."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report of a story, with what its rank needs beside what its page does."""

    member: Member
    country: str
    category: str = ""
    hashtags: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str]:
        """Its primary language, and the country of its publisher."""
        return self.member.language.partition("-")[0], self.country

    @property
    def voice(self) -> Voice:
        """As one of the voices of its story."""
        one = self.member
        return Voice(one.publisher, one.at, self.country, one.language, one.weight, copy=bool(one.copy_of))


@dataclass(frozen=True, slots=True)
class Edition:
    """News in a language, of a country's publishers; an empty one means all."""

    language: str = ""
    country: str = ""

    @property
    def key(self) -> str:
        """Its name in the store."""
        return f"{self.language}-{self.country}"

    def holds(self, language: str, country: str) -> bool:
        """Tell whether a report in a language, by a publisher of a country, belongs to it."""
        return (not self.language or language == self.language) and (
            not self.country or country == self.country
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """A story on a front page."""

    story: str
    lead: str
    rank: Rank
    reports: int
    publishers: int


@dataclass(frozen=True, slots=True)
class _Story:
    key: str
    reports: Sequence[Reported]
    places: frozenset[tuple[str, str]]
    category: str
    topics: frozenset[str]
    weighed: Weighed
    publishers: int


def front_pages(
    stories: Mapping[str, Sequence[Reported]], editions: Iterable[Edition], now: datetime, *, most: int = MOST
) -> Iterator[tuple[Edition, list[Standing]]]:
    """Order the stories of each edition: those with a report of its own, ranked by all their reports."""
    known = [
        _Story(
            key,
            reports,
            frozenset(one.place for one in reports),
            _commonest(one.category for one in reports),
            _topics(reports),
            weighed((one.voice for one in reports), now),
            len({one.member.publisher for one in reports}),
        )
        for key, reports in stories.items()
    ]
    for edition in editions:
        yield edition, _front(known, edition, most)


def _front(known: Sequence[_Story], edition: Edition, most: int) -> list[Standing]:
    found: dict[str, tuple[Ranked, Standing]] = {}
    held = [story for story in known if any(edition.holds(*place) for place in story.places)]
    scored = sorted((-story.weighed.score(edition.country), story.key, n) for n, story in enumerate(held))
    for score, _, n in scored[: most * _LOOKED]:
        story = held[n]
        own = [one.member for one in story.reports if edition.holds(*one.place)]
        led = lead(own, language=edition.language)
        if led is None or score >= 0:
            continue
        ranked = story.weighed.rank(edition.country)
        publisher = next(one.publisher for one in own if one.id == led.id)
        found[story.key] = (
            Ranked(story.key, ranked, story.category, story.topics, publisher),
            Standing(story.key, led.id, ranked, len(story.reports), story.publishers),
        )
    return [found[one.key][1] for one in arrange((one for one, _ in found.values()), most)]


def _commonest(names: Iterable[str]) -> str:
    counts = Counter(name for name in names if name)
    return min(counts, key=lambda name: (-counts[name], name), default="")


def _topics(reports: Sequence[Reported]) -> frozenset[str]:
    """Give the hashtags that a third of the reports bear."""
    counts = Counter(name for one in reports for name in one.hashtags)
    return frozenset(name for name, n in counts.items() if n * 3 >= len(reports))
