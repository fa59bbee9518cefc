"""Assign reports to stories as they come in, each at once and for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp

from daily8.news.reports import Report
from daily8.news.stories import checkpoint
from daily8.news.stories.editing import Said, carry_out
from daily8.news.stories.holding import Holding, Taken
from daily8.news.stories.likeness import Likeness, compare
from daily8.news.stories.values import CROSSING, OPENED, SAME_TITLE, SCORE, Change, Decision, Settings
from daily8.news.stories.weights import Frequencies
from daily8.news.stories.words import LEDE, MARK, TITLE, bag, fold, words

Concepts = Callable[[str, str, str], Mapping[str, float]]
"""Gives the features of ``(title, text, language)`` that reports in other languages can share."""


@dataclass(frozen=True, slots=True)
class _Seen:
    taken: Taken
    words: dict[str, float]
    shared: dict[str, float]
    long: float
    """0 for a title, 1 for a title with its lede, and between."""


@dataclass(frozen=True, slots=True)
class _Near:
    """A story that a report may belong to, and by which rule."""

    score: float
    threshold: float
    story: int
    rule: str


class LiveStories:
    """The stories that may still take in reports.

    Deterministic, and without a clock: time is that of the reports. One writer at a time.
    """

    def __init__(self, settings: Settings | None = None, concepts: Concepts | None = None) -> None:
        self.settings = settings or Settings()
        self._concepts = concepts
        self._frequencies = Frequencies()
        self._shared = Frequencies()
        self._held = Holding()
        self._said = Said()
        self._now = float("-inf")
        self._swept = float("-inf")

    def assign(self, report: Report, seq: int) -> Decision:
        """Decide which story a report belongs to, and take it in.

        ``seq`` grows from report to report.
        """
        seen = self._read(report, seq)
        decision = self._decide(seen)
        self._take(seen, decision)
        return decision

    def follow(self, report: Report, decision: Decision) -> None:
        """Take in a report by a decision that was made before: the state is as if it had been decided now."""
        self._take(self._read(report, decision.seq), decision)

    def apply(self, change: Change) -> None:
        """Carry out what an editor or a repair decided.

        :raises BadChange: for a change that makes no sense.
        """
        carry_out(change, self._held, self._said)

    def repair(self, now: datetime) -> tuple[Change, ...]:
        """Propose late merges and splits; nothing changes before they are applied."""
        return ()

    def story(self, seq: int) -> int | None:
        """Name the story of a report, where it is held."""
        return self._held.story_of.get(seq)

    def members(self, story: int) -> tuple[int, ...]:
        """Give the reports of a story that is held, in the order of their coming."""
        found = self._held.stories.get(story)
        return tuple(found.seqs) if found else ()

    def explain(self, one: int, other: int) -> Likeness | None:
        """Tell what two reports have in common; ``None`` where one of them is held no more."""
        a, b = self._held.reports.get(one), self._held.reports.get(other)
        return compare(a, b, self.settings) if a and b else None

    def dump(self) -> bytes:
        """Give the whole state; `load` goes on from it exactly as this would."""
        clock = {"now": self._now, "swept": self._swept}
        return checkpoint.pack(self._held, self._said, (self._frequencies, self._shared), clock)

    @classmethod
    def load(
        cls, data: bytes, settings: Settings | None = None, concepts: Concepts | None = None
    ) -> LiveStories:
        """Go on from what `dump` gave, with the same settings.

        :raises BadCheckpoint: for other bytes.
        """
        found = cls(settings, concepts)
        clock = checkpoint.unpack(data, found._held, found._said, (found._frequencies, found._shared))
        found._now, found._swept = clock["now"], clock["swept"]
        return found

    def _read(self, report: Report, seq: int) -> _Seen:
        counted: dict[str, float] = {}
        title, text = report.title[:TITLE], report.text[:LEDE]
        bag(title, counted, 2.0 if text else 1.0)
        bag(text, counted, 1.0)
        shared = {name: tf for name, tf in counted.items() if name.startswith(MARK) or name.isdecimal()}
        if self._concepts is not None:
            shared.update(self._concepts(title, text, report.language))
        taken = Taken(
            seq,
            self._frequencies.weigh(counted),
            self._shared.weigh(shared),
            None if report.time is None else report.time.timestamp() / 3600.0,
            report.language,
            report.publisher,
            " ".join(words(fold(title))),
        )
        return _Seen(taken, counted, shared, min(max((len(counted) - 20) / 60, 0.0), 1.0))

    def _decide(self, seen: _Seen) -> Decision:
        settings, taken = self.settings, seen.taken
        threshold = settings.title + (settings.text - settings.title) * seen.long
        known = self._same_title(taken)
        if known is not None:
            return Decision(taken.seq, known, opened=False, rule=SAME_TITLE, score=1.0, threshold=threshold)
        near = [*self._by_words(taken, threshold), *self._by_what_is_shared(taken)]
        near.sort(key=lambda one: (-one.score / one.threshold, one.story))
        best = near[0] if near else None
        if best is None or best.score < best.threshold:
            opened = Decision(taken.seq, taken.seq, True, OPENED, best.score if best else 0.0, threshold)
            return replace(opened, runner_up=best.story, runner_up_score=best.score) if best else opened
        found = Decision(taken.seq, best.story, False, best.rule, best.score, best.threshold)
        second = next((one for one in near if one.story != best.story), None)
        return replace(found, runner_up=second.story, runner_up_score=second.score) if second else found

    def _by_words(self, taken: Taken, threshold: float) -> list[_Near]:
        found = []
        for cosine, cell in self._held.words.near(taken.words):
            name, language = self._held.cells[cell]
            if language == taken.language or not language or not taken.language:
                score = self._score(cosine, name, taken.time)
                if score > 0.0:
                    found.append(_Near(score, threshold, name, SCORE))
        return found

    def _by_what_is_shared(self, taken: Taken) -> list[_Near]:
        found = []
        for cosine, name in self._held.shared.near(taken.shared):
            if taken.language and taken.language not in self._held.stories[name].cells:
                score = self._score(cosine, name, taken.time)
                if score > 0.0:
                    found.append(_Near(score, self.settings.crossing, name, CROSSING))
        return found

    def _score(self, cosine: float, name: int, time: float | None) -> float:
        story = self._held.stories[name]
        gap = story.gap(time)
        if gap > self.settings.idle or not story.open_to_all():
            return 0.0
        return cosine * exp(-gap / self.settings.tau)

    def _same_title(self, taken: Taken) -> int | None:
        if taken.title.count(" ") < 2:
            return None
        seq = self._held.titles.get(taken.title)
        if seq is None:
            return None
        name, then = self._held.story_of[seq], self._held.reports[seq].time
        near = taken.time is None or then is None or abs(taken.time - then) <= self.settings.same_title
        return name if near and self._held.stories[name].open_to_all() else None

    def _take(self, seen: _Seen, decision: Decision) -> None:
        self._frequencies.take(seen.words)
        self._shared.take(seen.shared)
        self._held.take(seen.taken, decision.story)
        self._sweep(seen.taken.time)

    def _sweep(self, time: float | None) -> None:
        if time is not None and time > self._now:
            self._now = time
        if self._now - self._swept < 1.0:
            return
        self._swept = self._now
        before = self._now - self.settings.idle
        stories = self._held.stories.values()
        for name in [story.name for story in stories if story.newest is not None and story.newest < before]:
            self._said.forget(name, self._held.forget(name))
