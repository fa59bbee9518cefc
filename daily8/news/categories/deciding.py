"""Weigh what speaks for each category, and tell why.

Words are added up by category; their shares are taken as odds, which the source's own section, the form of
the piece and what was learned raise or lower. The country decides between ``World`` and what is at home.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple

from daily8.news.categories import forms
from daily8.news.categories.learning import Learned
from daily8.news.categories.lexicon import Node, lexicon
from daily8.news.categories.names import CATEGORIES, GENERAL, LIFESTYLE, OPINION, POLITICS, WORLD
from daily8.news.categories.places import country_name, speaks
from daily8.news.categories.sections import evidence
from daily8.news.categories.words import split
from daily8.news.language import detect
from daily8.news.reports import Report

TITLE, LEDE = 3.0, 1.5
"""What a word of the title, and one of the first words of the text, counts; any other counts 1."""
_TITLE, _TEXT, _LEDE = 300, 1600, 50
"""Characters that are read of title and text, words of the lede."""
SHARPNESS = 2.0
"""Power to which shares of words are raised: twice the words make four times the odds."""
_PRIOR = 0.5
_UNSURE = 2.0
"""What ``General`` has to begin with: one usual word in the title is not enough to leave it."""
_FORM, _BYLINE, _SERVICE = 6.0, 5.0, 3.5
_COUNTED = 2.0
"""How often a country must be named to be what a piece is about; once in the title is enough."""
_ABROAD = 2.0
"""The most that the country alone speaks for ``World``."""
_TOLD = 4
_SHARE = 0.5
"""What remains with a category of what the country moves away from it."""


@dataclass(frozen=True, slots=True)
class Category:
    """What a piece is about."""

    name: str
    """One of ``CATEGORIES``."""
    score: float
    """How sure it is, 0 to 1."""
    reasons: tuple[str, ...] = ()
    """In words, the weightiest first; empty where nothing speaks for anything."""
    runner_up: str = ""
    country: str = ""
    """ISO 3166 code of the country that it is about; empty where none stands out."""
    countries: tuple[str, ...] = ()
    """All countries that it names more than in passing, the likeliest first."""


class _Count:
    __slots__ = ("shown", "times", "weighed")

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.times = 0
        self.weighed = 0.0


class _Read(NamedTuple):
    sums: dict[str, float]
    words: dict[str, list[tuple[float, str]]]
    places: list[tuple[str, float]]


def classify(
    report: Report,
    *,
    section: str = "",
    tags: Sequence[str] = (),
    country: str = "",
    learned: Learned | None = None,
) -> Category:
    """Say what a piece is about, with reasons.

    ``section`` and ``tags`` are the source's own; ``country`` is the publisher's (ISO 3166), by which news
    from abroad is told. Without it, a country where the report's language is not spoken counts as abroad.
    Where the language is unknown it is guessed. Costs are bounded: the first 300 characters of the title and
    1,600 of the text are read, and 300 at its end for the byline of an opinion.
    """
    language = report.language.lower() or _guessed(report) or "en"
    read = _read(report, language)
    reasons: dict[str, list[str]] = {name: [] for name in CATEGORIES}
    own = [*evidence(section, tags, report.url)]
    moved = _placed(read, country.upper(), language, reasons, any(name == WORLD for name, _, _ in own))
    odds = {
        name: SHARPNESS * log(moved.get(name, 0.0) + (_UNSURE if name == GENERAL else _PRIOR))
        for name in CATEGORIES
    }
    # An opinion is one by its form: no word speaks for it.
    odds[OPINION] = SHARPNESS * log(_PRIOR)
    for name, rise, reason in own:
        # Where a thing happened does not gainsay words that say what it is.
        odds[name] += rise if name in (WORLD, GENERAL) else rise * _confidence(odds)
        reasons[name].append(reason)
    _shaped(report, odds, reasons)
    for name, rise in (learned.weigh(report) if learned else {}).items():
        odds[name] += rise
        if rise >= 1:
            reasons[name].append("like articles of such sections before")
    return _verdict(odds, reasons, read)


def _guessed(report: Report) -> str:
    text = f"{report.title[:_TITLE]} {report.text[:_TITLE]}"
    return detect(text.encode("utf-8", "replace").decode())


def _confidence(odds: Mapping[str, float]) -> float:
    """Give by how much evidence from outside the text is to be scaled, so that many words do not drown it."""
    best = max(odds.values())
    middle = sum(odds.values()) / len(odds)
    return max(1.0, (best - middle) / 4)


def _read(report: Report, language: str) -> _Read:
    """Count what the lexicon knows of title and text."""
    found = lexicon(language)
    counts: dict[Node, _Count] = {}
    title = split(report.title[:_TITLE])
    text = split(report.text[:_TEXT])
    for words, first, rest in ((title, TITLE, TITLE), (text, LEDE, 1.0)):
        for node, at, length in found.find(words):
            count = counts.get(node)
            if count is None:
                count = counts[node] = _Count(words[at] if length == 1 else " ".join(words[at : at + length]))
            count.times += 1
            count.weighed += first if at < _LEDE else rest
    return _add_up(counts)


def _add_up(counts: Mapping[Node, _Count]) -> _Read:
    sums: dict[str, float] = {}
    words: dict[str, list[tuple[float, str]]] = {}
    places: dict[str, float] = {}
    keys: set[str] | None = None
    for node, count in counts.items():
        silent: set[str] = set()
        if node.contrary:
            keys = keys if keys is not None else {other.key for other in counts}
            silent = {name for name, others in node.contrary if not others.isdisjoint(keys)}
        much = 1.0 + log(count.weighed)
        for label, weight in node.values.items():
            if label[0] == "@":
                places[label[1:]] = places.get(label[1:], 0.0) + count.weighed
            elif label not in silent:
                sums[label] = sums.get(label, 0.0) + weight * much
                words.setdefault(label, []).append((weight * much, count.shown))
    return _Read(sums, words, sorted(places.items(), key=lambda place: (-place[1], place[0])))


def _placed(
    read: _Read, home: str, language: str, reasons: Mapping[str, list[str]], told: bool
) -> dict[str, float]:
    """Move between ``World``, ``Politics`` and ``General`` by the country that a piece is about.

    ``told``: its source says that it is from abroad, which says nothing of what it is about.
    """
    sums = dict(read.sums)
    about, much = read.places[0] if read.places else ("", 0.0)
    if much < _COUNTED and not told:
        return sums
    politics, world, general = (sums.get(name, 0.0) for name in (POLITICS, WORLD, GENERAL))
    abroad = bool(about) and _is_abroad(read.places, home, language)
    if abroad or told:
        sums[WORLD] = world + (politics + general) * (1 - _SHARE)
        sums[WORLD] += _ABROAD if told else min(much * _SHARE, _ABROAD)
        sums[POLITICS], sums[GENERAL] = politics * _SHARE, general * _SHARE
        if abroad:
            reasons[WORLD].append(f"about {country_name(about)}, abroad")
    elif about == home and all(count < much * _SHARE for _, count in read.places[1:]):
        part = politics / (politics + general) if politics + general else 0.5
        sums[WORLD] = world * _SHARE
        sums[POLITICS] = politics + world * (1 - _SHARE) * part
        sums[GENERAL] = general + world * (1 - _SHARE) * (1 - part)
    return sums


def _is_abroad(places: Sequence[tuple[str, float]], home: str, language: str) -> bool:
    """Say whether the country that is named most is not the publisher's, and that hardly named."""
    about, much = places[0]
    if not home:
        return not speaks(about, language)
    return about != home and dict(places).get(home, 0.0) < much * _SHARE


def _shaped(report: Report, odds: dict[str, float], reasons: Mapping[str, list[str]]) -> None:
    """Take the form of the piece into account."""
    for kind, _, words in forms.marks(report, forms.OPINION, forms.BYLINE, forms.HOWTO):
        if kind == forms.HOWTO:
            odds[LIFESTYLE] += _SERVICE
            reasons[LIFESTYLE].append(f"form: {words!r}")
        else:
            odds[OPINION] += (_FORM if kind == forms.OPINION else _BYLINE) * _confidence(odds)
            reasons[OPINION].append(f"form: {words!r}")


def _verdict(odds: Mapping[str, float], reasons: Mapping[str, list[str]], read: _Read) -> Category:
    ranked = sorted(CATEGORIES, key=lambda name: (-odds[name], CATEGORIES.index(name)))
    best, second = ranked[:2]
    top = odds[best]
    score = 1.0 / sum(exp(max(-50.0, odds[name] - top)) for name in CATEGORIES)
    told = list(reasons[best])
    words = sorted(read.words.get(best, ()), key=lambda word: (-word[0], word[1]))[:_TOLD]
    if words:
        told.append("words: " + ", ".join(word for _, word in words))
    countries = tuple(place for place, much in read.places if much >= _COUNTED)
    return Category(
        best, round(score, 4), tuple(told), second, countries[0] if countries else "", countries[:5]
    )
