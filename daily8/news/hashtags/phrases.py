"""Key phrases: terms of two or three words that a text comes back to."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from daily8.news.entities.arabic import roles
from daily8.news.entities.cues import latin
from daily8.news.entities.folding import definite, fold, undefined, unmarked
from daily8.news.entities.known import root
from daily8.news.reports import Report

TEXT = 12_000
"""Characters that are looked at."""
_FORMS = 12
_LONG = 3000
LEAST = 2
"""How often a phrase must come, its place in the title counted."""
_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-‑][^\W\d_]+)*|[^\s\w]|[\d_]+|\n")
_BETWEEN = frozenset({"of", "de", "du", "des", "del", "di", "da", "do", "d", "der", "von"})
_VERB_BEHIND = frozenset(
    (
        *("to", "will", "would", "can", "could", "may", "might", "must", "should", "shall", "not"),
        *("cannot", "i", "you", "he", "she", "they", "we", "who", "did", "does", "do", "don't"),
        *("won't", "can't", "didn't", "doesn't", "i'll", "we'll", "let's", "don’t", "won’t"),
        *("can’t", "didn’t", "doesn’t", "let’s", "il", "elle", "ils", "elles", "nous", "vous"),
        *("pour", "zu", "se", "لم", "لن", "قد", "سوف", "كي"),
    )
)
"""Words behind which a verb stands."""
_VERBAL = re.compile(r"(?:ed|ly|n't|ment[eo]|ant|aient|eront|ait|ando|endo|aron|ieron)$")
_NISBA = re.compile("(?:ي|يه|يون|يين)$")
_SUFFIXED = re.compile(r"\w{3}(?:ها|هم|هما|هن|كم|نا)$")
_TOO_COMMON = 0.15
_ENOUGH = 40
"""Documents from which a background says something."""


@dataclass(frozen=True, slots=True)
class Background:
    """In how many of some documents each term stands; terms by their keys."""

    documents: int = 0
    holds: Mapping[str, int] = field(default_factory=dict)

    def rarity(self, key: str) -> float:
        """Give 0 for what stands everywhere up to 1 for what stands nowhere, and where nothing is known."""
        if self.documents < _ENOUGH:
            return 1.0
        held = min(self.documents, self.holds.get(key, 0))
        if held > _TOO_COMMON * self.documents:
            return 0.0
        return math.log((self.documents + 1) / (held + 1)) / math.log(self.documents + 1)


NOTHING = Background()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A term that recurs in a text."""

    text: str
    """As it is mostly written, in lower case but for Arabic."""
    key: str
    """Equal for its plural and, in Arabic, for its form without article."""
    count: int
    in_title: bool
    score: float


class Term(str):
    """A folded word that may be part of a phrase; a plain `str` may not."""

    __slots__ = ()


@lru_cache(maxsize=1 << 15)
def _term(word: str) -> str:
    folded = fold(word)
    # What is somebody's is no part of a term.
    if (
        not folded
        or word in {"على", "وعلى"}
        or word.endswith(("'s", "’s"))
        or (" " in folded and ("'" in word or "’" in word))
    ):
        return "."
    if folded >= "\u0600":
        return _arabic_term(folded)
    cues = latin()
    if (
        len(folded) < 3
        or not folded[0].isalpha()
        or folded in cues.common
        or folded in cues.time
        or folded in cues.say
        or folded in _light()
        or _VERBAL.search(folded)
    ):
        return folded if folded in _BETWEEN else "."
    return Term(folded)


@cache
def _light() -> frozenset[str]:
    text = files("daily8.news.hashtags").joinpath("data").joinpath("light.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(fold(word) for line in lines for word in line.split())


def _arabic_term(folded: str) -> str:
    held = roles(folded)[0]
    if (
        len(folded) < 3
        or _SUFFIXED.search(folded)
        or held & {"common", "time", "say", "where", "vague", "particle", "office"}
    ):
        return "."
    return Term(folded)


def phrases(
    title: str,
    text: str,
    names: Collection[str] = (),
    people: Collection[str] = (),
    background: Background = NOTHING,
) -> tuple[Phrase, ...]:
    """Find the terms that a text comes back to, the weightiest first.

    ``names`` are folded words of names: a phrase that holds nothing else is left to them, and one that
    holds one must come oftener; with a name of ``people`` there is none. A phrase counts
    by how often it comes, whether the title has it, its length, and how rare it is in ``background``.
    """
    names, people = _with_stems(names), _with_stems(people)
    least = LEAST + (len(text) > _LONG)
    counts: Counter[tuple[str, ...]] = Counter()
    titled: set[tuple[str, ...]] = set()
    places: dict[tuple[str, ...], list[str]] = {}
    for source, in_title in ((title[:600], True), (text[:TEXT], False)):
        raw, terms, stems = _cut(source)
        for n, gram in _grams(raw, terms, stems):
            counts[gram] += 1
            if in_title:
                titled.add(gram)
            held = places.setdefault(gram, [])
            if len(held) < _FORMS:
                held.append(_form(raw, terms, n, len(gram)))
    found = []
    for words, count in counts.items():
        held_names = [word in names for word in words if word not in _BETWEEN]
        enough = (LEAST if words in titled else least) + any(held_names)
        if count < enough or all(held_names) or not people.isdisjoint(words):
            continue
        key = " ".join(words)
        score = (count + 1.5 * (words in titled)) * background.rarity(key) * (1 + 0.2 * (len(words) - 2))
        if score > 0:
            forms = Counter(places[words])
            best = min(forms, key=lambda form, forms=forms: (-forms[form], form))  # type: ignore[misc]
            found.append(Phrase(best, key, count, words in titled, score))
    found.sort(key=lambda phrase: (-phrase.score, phrase.key))
    return tuple(_unrepeated(found[:40]))


def _with_stems(words: Collection[str]) -> frozenset[str]:
    return frozenset((*words, *map(_stem, words)))


def _cut(source: str) -> tuple[list[str], list[str], list[str]]:
    """Give the words of a text, the terms that they are, and the stems of these."""
    raw = _TOKEN.findall(unmarked(source))
    terms = [_term(word) for word in raw]
    stems = [_stem(term) if type(term) is Term else term for term in terms]
    held = set(stems)
    for n, stem in enumerate(stems):
        # What the text also has without "by" or "for" in front is that word.
        if stem[0] in "بل" and len(stem) > 4 and stem[1:] in held and raw[n].startswith(stem[0]):
            raw[n], terms[n], stems[n] = raw[n][1:], Term(stem[1:]), stem[1:]
    return raw, terms, stems


def _grams(
    raw: Sequence[str], terms: Sequence[str], stems: Sequence[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give where each possible phrase begins, and its stems."""
    last = len(terms) - 1
    for n, first in enumerate(terms):
        if n == last or type(first) is not Term:
            continue
        second = terms[n + 1]
        if second == "." or (n and raw[n - 1].lower() in _VERB_BEHIND):
            continue
        third = terms[n + 2] if n + 2 <= last else "."
        if first >= "\u0600":
            if type(second) is Term and second.startswith("ال") and _opens(first):
                if "title" in roles(first)[0] and _NISBA.search(second):  # the Egyptian artist is somebody
                    continue
                yield n, (stems[n], stems[n + 1])
                if type(third) is Term and third.startswith("ال"):
                    yield n, (stems[n], stems[n + 1], stems[n + 2])
        elif type(second) is Term:
            if second < "\u0600" and first != second:
                yield n, (stems[n], stems[n + 1])
                if type(third) is Term and third < "\u0600":
                    yield n, (stems[n], stems[n + 1], stems[n + 2])
        elif type(third) is Term:
            yield n, (stems[n], stems[n + 1], stems[n + 2])


def _form(raw: Sequence[str], terms: Sequence[str], n: int, size: int) -> str:
    first = raw[n] if terms[n] < "\u0600" else _first(raw[n], terms[n])
    return " ".join((first, *raw[n + 1 : n + size]))


@lru_cache(maxsize=1 << 14)
def _opens(folded: str) -> bool:
    """Tell whether an Arabic phrase may begin with a word: it is no verb and joins nothing before it."""
    return not folded.startswith(("و", "ي", "سي", "ست", "فال", "لل", "كال"))


def _first(raw: str, folded: str) -> str:
    """Give the first word of an Arabic phrase without what is joined to its front."""
    form = roles(folded)[1]
    if form != folded and folded.endswith(form):
        return raw[len(folded) - len(form) :]
    if folded.startswith(("وال", "بال", "فال", "كال")):
        return raw[1:]
    if folded.startswith("لل") and len(folded) > 4:
        return "ال" + raw[2:]
    return raw


@lru_cache(maxsize=1 << 15)
def _stem(word: str) -> str:
    """Give a word without its article, or the commonest endings of the plural and of case."""
    if word >= "\u0600":
        return undefined(word) if definite(word) else word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return root(word)


def _unrepeated(found: Sequence[Phrase]) -> list[Phrase]:
    """Leave out what only repeats part of a longer phrase, and the longer where the part comes oftener."""
    kept: list[Phrase] = []
    for phrase in found:
        inner = f" {phrase.key} "
        outer = next((one for one in kept if inner in f" {one.key} " or f" {one.key} " in inner), None)
        if outer is None:
            kept.append(phrase)
    return kept


def terms_of(title: str, text: str) -> frozenset[str]:
    """Give the keys of all phrases that a document holds: what a `Background` counts."""
    return frozenset(" ".join(key) for _, key in _grams(*_cut(f"{title[:600]}\n{text[:TEXT]}")))


def collect(reports: Iterable[Report]) -> Background:
    """Count the terms of a collection of reports."""
    holds: Counter[str] = Counter()
    documents = 0
    for report in reports:
        documents += 1
        holds.update(terms_of(report.title, report.text))
    # What stands in one document is as rare as what stands in none.
    return Background(documents, {key: count for key, count in holds.items() if count > 1})


def words_of(text: str) -> dict[str, tuple[int, str]]:
    """Count the words of a text that may be a topic, by their stem, with the form that comes first."""
    found: dict[str, tuple[int, str]] = {}
    for word in _TOKEN.findall(unmarked(text[:TEXT])):
        term = _term(word)
        if type(term) is Term and not (term >= "\u0600" and _joined(term)):
            stem = _stem(term)
            count, form = found.get(stem, (0, word))
            found[stem] = (count + 1, form)
    return found


def _joined(folded: str) -> bool:
    """Tell whether an Arabic word bears another at its front or end that makes it no term."""
    return folded.startswith(("و", "ب", "ل", "ف", "ي", "ت", "سي")) or _SUFFIXED.search(folded) is not None
