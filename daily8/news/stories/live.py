"""Assign reports to stories as they come in, each at once and for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp

from daily8.news.reports import Report
from daily8.news.stories import checkpoint
from daily8.news.stories.editing import Said, carry_out
from daily8.news.stories.holding import Holding, Story, Taken
from daily8.news.stories.likeness import Likeness, compare
from daily8.news.stories.linking import Linking
from daily8.news.stories.repair import proposals
from daily8.news.stories.series import Memory, Reading, read_title
from daily8.news.stories.values import CROSSING, OPENED, SAME_TITLE, SCORE, SERIES, Change, Decision, Settings
from daily8.news.stories.weights import NOTHING, Frequencies
from daily8.news.stories.words import LEDE, OPENING, TITLE, count, script_of, words

RECENT = 9
"""Reports in the middle of whose times it is."""
ALONE = 500
"""After so many reports in one language alone, others are not waited for."""
FAINT = 0.04
"""Cosines below it are not looked at."""
ENOUGH = 8
"""Reports after which it is known what a story shares with other languages."""
TOLD = 6
"""Features that a decision tells of."""

Concepts = Callable[[str, str, str], Mapping[str, float]]
"""Gives the features of ``(title, text, language)`` that reports in other languages can share."""


@dataclass(frozen=True, slots=True)
class _Seen:
    taken: Taken
    reading: Reading
    words: dict[str, float]
    shared: dict[str, float]
    long: float
    """0 for a title, 1 for a title with its lede, and between."""


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
        self._memory = Memory()
        self._times: list[float] = []
        self._now = float("-inf")
        self._swept = float("-inf")

    def assign(self, report: Report, seq: int) -> Decision:
        """Decide which story a report belongs to, and take it in.

        ``seq`` grows from report to report.
        """
        seen = self._read(report, seq)
        decision = self._decide(seen)
        seen = self._with_shared(seen, report, decision)
        if seen.shared and decision.rule != SERIES:
            decision = self._crossed(seen.taken, decision)
        self._take(seen, decision)
        return decision

    def follow(self, report: Report, decision: Decision) -> None:
        """Take in a report by a decision that was made before: the state is as if it had been decided now."""
        seen = self._read(report, decision.seq)
        self._take(self._with_shared(seen, report, decision), decision)

    def apply(self, change: Change) -> None:
        """Carry out what an editor or a repair decided.

        :raises BadChange: for a change that makes no sense.
        """
        carry_out(change, self._held, self._said)

    def repair(self, now: datetime) -> tuple[Change, ...]:
        """Propose late merges and splits; nothing changes before they are applied."""
        return proposals(self._held, self._said, self.settings, now.timestamp() / 3600.0)

    def story(self, seq: int) -> int | None:
        """Name the story of a report, where it is held."""
        return self._held.story_of.get(seq)

    def joined_by_copies(self, seq: int) -> int | None:
        """Name the story that a copy of a report joins, where it is held and no editor locked it.

        One of a series takes in its own copies, and nothing else.
        """
        name = self._held.story_of.get(seq)
        return None if name is None or self._held.stories[name].locked else name

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
        clock = {
            "now": self._now,
            "swept": self._swept,
            "times": self._times,
            "days": self._memory.days,
            "titles": self._memory.recent,
        }
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
        found._now, found._swept, found._times = clock["now"], clock["swept"], clock["times"]
        found._memory.days, found._memory.recent = clock["days"], clock["titles"]
        return found

    def _read(self, report: Report, seq: int) -> _Seen:
        title, text = words(report.title[:TITLE]), words(report.text[:LEDE])
        hours = None if report.time is None else report.time.timestamp() / 3600.0
        publisher = report.publisher[:TITLE]
        script = script_of(title or text)
        language = report.language or f"?{script}"
        bag: dict[str, float] = {}
        reading = read_title(
            title,
            report.title[:TITLE],
            publisher,
            language,
            hours,
            self._memory,
        )
        count(reading.counting, bag, 2.0 if title and text else 1.0)
        if reading.counts_text:
            count(text, bag, 1.0)
        taken = Taken(
            seq,
            self._frequencies.weigh(bag, language),
            NOTHING,
            hours,
            language,
            publisher,
            " ".join([word.folded for word in title]),
            script,
        )
        return _Seen(taken, reading, bag, {}, min(max((len(bag) - 20) / 60, 0.0), 1.0))

    def _with_shared(self, seen: _Seen, report: Report, decision: Decision) -> _Seen:
        """Add what other languages can share, which takes time: a story that has much of it needs no more."""
        taken = seen.taken
        if self._concepts is None or not self._may_cross(taken.language):
            return seen
        story = self._held.stories.get(decision.story)
        crosses = decision.merged is not None or decision.rule == CROSSING
        if story is not None and len(story.seqs) >= ENOUGH and not crosses:
            return seen
        told = self._concepts(report.title[:TITLE] or report.text[:OPENING], "", report.language)
        vector = self._shared.weigh(told, taken.language, plain=True)
        return replace(seen, taken=replace(taken, shared=vector), shared=dict(told))

    def _may_cross(self, language: str) -> bool:
        """Tell whether reports of other languages come: looking for what they share takes time."""
        known = self._frequencies.languages
        return len(known) > 1 or language not in known or known[language].reports < ALONE

    def _decide(self, seen: _Seen) -> Decision:
        taken, settings = seen.taken, self.settings
        if seen.reading.is_series:
            return Decision(taken.seq, taken.seq, opened=True, rule=SERIES)
        threshold = settings.title + (settings.text - settings.title) * seen.long
        known = self._same_title(taken)
        if known is not None:
            return Decision(taken.seq, known, opened=False, rule=SAME_TITLE, score=1.0, threshold=threshold)
        return self._by_score(taken, threshold)

    def _by_score(self, taken: Taken, threshold: float) -> Decision:
        near = self._by_words(taken)
        best, second = (*near[:2], None, None)[:2]
        if best is None or best[0] < threshold:
            opened = Decision(taken.seq, taken.seq, True, OPENED, best[0] if best else 0.0, threshold)
            return replace(opened, runner_up=best[1], runner_up_score=best[0]) if best else opened
        found = Decision(
            taken.seq, best[1], False, SCORE, best[0], threshold, features=self._why(taken, best[1])
        )
        return replace(found, runner_up=second[1], runner_up_score=second[0]) if second else found

    def _why(self, taken: Taken, name: int) -> tuple[tuple[str, float], ...]:
        """Give what a report shares with a story, heaviest first, with its part of their cosine."""
        cell = self._held.stories[name].cells[taken.script]
        return self._held.words.centroids[cell].common(taken.words)[:TOLD]

    def _by_words(self, taken: Taken) -> list[tuple[float, int]]:
        """Give the stories that share words with a report by their score, the best first."""
        found: dict[int, float] = {}
        for cosine, cell in self._held.words.near(taken.words):
            if cosine < FAINT:
                break
            name, script = self._held.cells[cell]
            if script != taken.script:
                continue
            score = self._score(cosine, name, taken.time)
            if taken.language not in self._held.stories[name].languages:
                score *= self.settings.foreign
            if score > found.get(name, 0.0):
                found[name] = score
        return sorted(((score, name) for name, score in found.items()), key=lambda one: (-one[0], one[1]))

    def _crossed(self, taken: Taken, decision: Decision) -> Decision:
        """Look for the same story in other languages, by all that is known of this one."""
        held, story = self._held, self._held.stories.get(decision.story)
        if story is not None and not story.open_to_all():
            return decision
        own = held.shared.centroids.get(decision.story)
        languages = {taken.language} | (story.languages if story else set())
        side, best, score = None, None, 0.0
        for _, name in held.shared.near(taken.shared, own):
            other = held.stories[name]
            if name == decision.story or not other.may_share(languages):
                continue
            gap = other.gap(taken.time)
            if gap > self.settings.idle or (story is not None and self._said.are_apart(story.name, name)):
                continue
            side = side or Linking(taken.shared, own, held.shared)
            found = side.likeness(held.shared.centroids[name], gap)
            if found > score:
                best, score = name, found
        if best is None or score < self.settings.crossing:
            return decision
        if story is not None:
            return _merging(decision, story, held.stories[best], score)
        return replace(
            decision,
            story=best,
            opened=False,
            rule=CROSSING,
            score=score,
            threshold=self.settings.crossing,
        )

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
        if decision.merged is not None:
            self._held.merge(decision.story, decision.merged)
            self._said.joined(decision.story, decision.merged)
        self._frequencies.take(seen.words, seen.taken.language)
        if seen.shared:
            self._shared.take(seen.shared, seen.taken.language)
        self._held.take(seen.taken, decision.story, closed=decision.rule == SERIES)
        self._memory.take(seen.reading)
        self._sweep(seen.taken.time)
        self._crowd()

    def _sweep(self, time: float | None) -> None:
        if time is None:
            return
        # One report that is dated into the future must not end all stories.
        self._times = [*self._times[1 - RECENT :], time]
        self._now = max(self._now, sorted(self._times)[(len(self._times) - 1) // 2])
        if self._now - self._swept < 1.0:
            return
        self._swept = self._now
        before = self._now - self.settings.idle
        stories = self._held.stories.values()
        for name in [story.name for story in stories if story.newest is not None and story.newest < before]:
            self._said.forget(name, self._held.forget(name))

    def _crowd(self) -> None:
        """Let the tenth part of the stories go that had no news for longest, where there are too many."""
        stories = self._held.stories
        if len(stories) > self.settings.most:
            longest = sorted(stories.values(), key=lambda story: story.seqs[-1])
            for story in longest[: max(self.settings.most // 10, 1)]:
                self._said.forget(story.name, self._held.forget(story.name))


def _merging(decision: Decision, story: Story, other: Story, score: float) -> Decision:
    """Decide that two stories are one. The larger keeps its name: fewer reports change theirs."""
    kept, gone = sorted((story, other), key=lambda one: (-len(one.seqs), one.name))
    return replace(decision, story=kept.name, merged=gone.name, merged_score=score)
