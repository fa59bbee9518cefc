"""Rank what may have to do with an article: other reports of its event, earlier turns, background."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from daily8.news.relation import broad, terms
from daily8.news.relation.likeness import beyond_places, enough, rise
from daily8.news.relation.reasons import Reason, Relation, Turn
from daily8.news.relation.traits import NAMES, Frequencies, Kind, Terms, Traits, dot, traits_of
from daily8.news.reports import Report

HOUR, DAY = 3600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Where relations begin; closeness is 0 to 1."""

    same_event: float = 0.55
    """Closeness of two reports of one event."""
    story: float = 0.35
    """Closeness of two turns of one story."""
    background: float = 0.12
    """Closeness below which nothing is related."""
    event_hours: float = 60.0
    """Within which reports of one event appear."""
    turn_hours: float = 12.0
    """How much earlier an earlier turn is, at least."""
    story_days: float = 30.0
    """Beyond which two turns of a story must be as close as reports of one event."""
    broad: float = 0.15
    """A term that stands in this share of all reports relates nothing."""
    copy: float = 0.85
    """Share of their words, counted by how often they stand, from which two texts are one."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A report and its traits."""

    report: Report
    traits: Traits


@dataclass(frozen=True, slots=True)
class Related:
    """An article that has to do with another."""

    id: str
    relation: Relation
    score: float
    """Closeness, 0 to 1."""
    reason: Reason


_MEANING = 0.25
"""What vectors weigh beside words and names."""
_LOOKED_AT, _TOLD, _LONG = 12, 2, 60
_UNTOLD = ("country:", "region:", "date:", "number:", "name:")
"""Concepts that are broad, and those that skeletons and numbers tell already."""
_AND = "و"
"""Arabic writes "and" as the first letter of the next word."""
_ORDER: dict[Relation, int] = {"same_event": 0, "earlier": 1, "background": 2}
_DEFAULTS = Settings()


def subject(report: Report, concepts: Mapping[str, float] | None = None) -> Subject:
    """Read a report's traits, with its concepts where reports of several alphabets are compared."""
    return Subject(report, traits_of(report.title, report.text, report.language, concepts=concepts))


def closeness(one: Traits, other: Traits, frequencies: Frequencies) -> float:
    """Tell how close two reports are, 0 to 1: quicker than `likeness`, by words, names and vectors."""
    return _Target(one, frequencies).closeness(other)


class _Target:
    """The article at hand, prepared once for all that it is compared with."""

    def __init__(self, drawn: Traits, frequencies: Frequencies) -> None:
        self.traits, self.frequencies = drawn, frequencies
        self.joint = frequencies.joint(drawn)
        self.crossing = frequencies.vector(drawn, "crossing")
        self.concepts = frequencies.vector(drawn, "concepts")
        self._parts: dict[str, list[tuple[list[tuple[str, float]], Kind]]] = {}

    def closeness(self, other: Traits) -> float:
        drawn, frequencies = self.traits, self.frequencies
        if drawn.alphabet == other.alphabet:
            cosine = self._spelled(other)
        elif self.concepts and other.concepts:
            cosine = beyond_places(self.concepts, frequencies.vector(other, "concepts"))
        else:
            cosine = dot(self.crossing, frequencies.vector(other, "crossing"))
        words = min(1.0, enough(cosine))
        one, two = drawn.meaning, other.meaning
        if one is None or two is None or len(one.whole) != len(two.whole):
            return words
        near = float(sum(a * b for a, b in zip(one.whole, two.whole, strict=True)))
        return (1 - _MEANING) * words + _MEANING * rise(near, 0.5)

    def _spelled(self, other: Traits) -> float:
        """Give the cosine of the joint vectors without making that of the other."""
        length = self.frequencies.length(other)
        if not length:
            return 0.0
        parts = self._parts.get(other.language)
        if parts is None:
            parts = self._parts[other.language] = [
                (self._weighed("words", "", 1.0, other.language), "words"),
                (self._weighed("names", "\0", NAMES, other.language), "names"),
            ]
        total = 0.0
        for mine, kind in parts:
            theirs: Terms = getattr(other, kind)
            total += sum([value * theirs[each] for each, value in mine if each in theirs])
        return total / length

    def _weighed(self, kind: Kind, mark: str, factor: float, language: str) -> list[tuple[str, float]]:
        weights = self.frequencies.weights(kind, language)
        found: Terms = getattr(self.traits, kind)
        return [(each, self.joint[mark + each] * factor * weights[each]) for each in found]


def rank(
    target: Subject,
    candidates: Iterable[Subject],
    frequencies: Frequencies,
    settings: Settings = _DEFAULTS,
) -> list[Related]:
    """Rank the candidates that have to do with the target: same event, then earlier turns, then background.

    Candidates that share nothing but broad words (a country, a month, a publisher's name, what stands in many
    reports) are left out, and so is the target itself. Copies are not: see `related`.
    """
    known = _Target(target.traits, frequencies)
    told = _Telling(target, frequencies, settings)
    found: list[Related] = []
    for each in candidates:
        if each.report.id == target.report.id:
            continue
        score = known.closeness(each.traits)
        if score < settings.background:
            continue
        shared = told.shared(each)
        across = each.traits.alphabet != target.traits.alphabet
        if len(shared) < _needed(score, told.learned, settings) + across:
            continue
        seconds = _apart(target.report, each.report)
        turn = _turn(score, seconds, settings)
        relation: Relation = "background" if turn == "later" else turn
        found.append(Related(each.report.id, relation, score, Reason(turn, told.shown(shared), seconds)))
    return sorted(found, key=lambda one: (_ORDER[one.relation], -one.score, one.id))


def related(
    target: Subject,
    candidates: Sequence[Subject],
    frequencies: Frequencies,
    limit: int = 10,
    settings: Settings = _DEFAULTS,
) -> list[Related]:
    """Give the best of `rank`, without copies of the target's text or of one another's."""
    by_id = {each.report.id: each for each in candidates}
    chosen: list[Related] = []
    texts = [target]
    for each in rank(target, by_id.values(), frequencies, settings):
        candidate = by_id[each.id]
        if any(is_copy(candidate.traits, one.traits, settings.copy) for one in texts):
            continue
        chosen.append(each)
        texts.append(candidate)
        if len(chosen) == limit:
            break
    return chosen


def is_copy(one: Traits, other: Traits, share: float = _DEFAULTS.copy) -> bool:
    """Tell whether two reports are of one text: the same words about as often (weighted Jaccard)."""
    small, large = sorted((sum(one.words.values()), sum(other.words.values())))
    if large == 0 or small < share * large:
        return False
    theirs = other.words
    both = sum([min(count, theirs[each]) for each, count in one.words.items() if each in theirs])
    return both >= share * (small + large - both)


def _apart(one: Report, other: Report) -> float | None:
    if one.time is None or other.time is None:
        return None
    return (one.time - other.time).total_seconds()


def _turn(score: float, seconds: float | None, settings: Settings) -> Turn:
    if seconds is None:
        return "same_event" if score >= settings.same_event else "background"
    if score >= settings.same_event and abs(seconds) <= settings.event_hours * HOUR:
        return "same_event"
    near = abs(seconds) <= settings.story_days * DAY
    if score < (settings.story if near else settings.same_event) or abs(seconds) < settings.turn_hours * HOUR:
        return "background"
    return "earlier" if seconds > 0 else "later"


def _needed(score: float, learned: bool, settings: Settings) -> int:
    """Tell how many telling terms must be shared: one alone relates texts by chance, and of what few reports
    share it is not known whether it is broad."""
    if score >= settings.same_event:
        return 1
    return 2 if learned or score >= settings.story else 3


@lru_cache(maxsize=4096)
def _publishers(name: str) -> frozenset[str]:
    return frozenset(terms.words(terms.tokens(terms.plain(name, terms.TITLE))))


class _Telling:
    """What the article at hand tells of that is not broad, and how it writes it."""

    def __init__(self, target: Subject, frequencies: Frequencies, settings: Settings) -> None:
        self._target, self._background, self._settings = target, frequencies, settings
        self._known = broad.broad(target.traits.language)
        self.learned = frequencies.reports(target.traits.language) >= broad.SEEN
        self._publisher = _publishers(target.report.publisher)
        self._terms: dict[Kind, list[str]] = {}
        self._written: dict[str, str] | None = None

    def shared(self, other: Subject) -> list[str]:
        """Give the terms that both have and that tell something, the most telling first.

        The names of their publishers tell nothing.
        """
        one, two = self._target.traits, other.traits
        if one.alphabet == two.alphabet:
            return self._both("words", other)
        names = self._both("crossing", other)
        return names + [each for each in self._both("concepts", other) if not each.startswith(_UNTOLD)]

    def _both(self, kind: Kind, other: Subject) -> list[str]:
        mine = self._terms.get(kind)
        if mine is None:
            mine = self._terms[kind] = self._telling(kind)
        theirs: Terms = getattr(other.traits, kind)
        unsaid = _publishers(other.report.publisher) if kind == "words" else frozenset()
        return [each for each in mine if each in theirs and each not in unsaid]

    def _telling(self, kind: Kind) -> list[str]:
        drawn, frequencies = self._target.traits, self._background
        found: Terms = getattr(drawn, kind)
        weights = frequencies.weights(kind, drawn.language)
        known: Collection[str] = self._known if kind == "words" else broad.skeletons(drawn.language)
        # Where few reports are known every term seems to stand in many of them: only the lists count then.
        kept = [
            each
            for each in found
            if each not in known
            and each not in self._publisher
            and not (self.learned and frequencies.breadth(kind, drawn.language, each) > self._settings.broad)
        ]
        return sorted(kept, key=lambda each: (-weights[each] * found[each], each))

    def shown(self, shared: list[str]) -> tuple[str, ...]:
        """Write the first of the terms as the article writes them, names whole."""
        if self._written is None:
            self._written = self._write()
        looked = shared[:_LOOKED_AT]
        shown = dict.fromkeys(self._written[each] for each in looked if each in self._written)
        return tuple(shown)[:_TOLD]

    def _write(self) -> dict[str, str]:
        report = self._target.report
        text = terms.plain(f"{report.title[: terms.TITLE]}\n{report.text[: terms.LONGEST]}")
        written: dict[str, str] = {}
        for run in terms.runs(text):
            while len(run) > 1 and terms.term(run[0]) in self._known:
                run = run[1:]
            rest = run[0][1:]
            if run[0][0] == _AND and rest and terms.term(run[0]) == terms.term(rest):
                run[0] = rest
            whole = " ".join(run)[:_LONG]
            for key in _keys(run):
                written.setdefault(key, whole)
        return written


def _keys(run: list[str]) -> Iterable[str]:
    yield from terms.words(run)
    for token in run:
        yield from terms.crossing(token)
