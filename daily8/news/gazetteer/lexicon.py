"""Find the longest known phrase at each word of a text, by dictionary look-ups alone.

A phrase is some words; a word of it ending in ``*`` stands for all words that begin so and go on for a few
letters (endings of cases and plurals). The first word of a text's phrase is looked up whole, then by its
prefixes from the longest; later words are compared one by one. Cost: letters of the word for each word,
times the few phrases that share a first word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from daily8.news.gazetteer.folding import Word, fold, is_arabic, readings

ENDING = 6
"""Letters that may follow a prefix; in Arabic script `ARABIC_ENDING`."""
ARABIC_ENDING = 4
PHRASE = 6
"""Words of a phrase that are looked at."""
CACHED = 1 << 16


class Phrase(NamedTuple):
    """One known phrase: what it means, and when it counts."""

    meaning: str
    rest: tuple[str, ...]
    """Its words after the first, folded, ``*`` where they stand for prefixes."""
    capital: bool
    """Counts only where its first word is written with a capital (scripts that have them)."""
    unsure: bool
    """Counts only where something else in the text speaks for it."""
    upper: bool
    """Counts only where it is written in capitals."""


class Found(NamedTuple):
    """A phrase in a text: words ``start`` to ``end`` (exclusive)."""

    start: int
    end: int
    phrase: Phrase


@dataclass(slots=True)
class Lexicon:
    """Phrases of one language, ready to be looked up; filled once, then read only."""

    base: Lexicon | None = None
    """What other lexicons share with this one."""
    whole: dict[str, list[Phrase]] = field(default_factory=dict)
    prefixes: dict[str, list[Phrase]] = field(default_factory=dict)
    _seen: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)

    def add(
        self, form: str, meaning: str, capital: bool = False, unsure: bool = False, upper: bool = False
    ) -> None:
        """Take in one form; an article at the head of an Arabic form need not be in the text."""
        told = [_star(word) for word in form.replace("-", " ").replace("'", " ").split()][:PHRASE]
        told = [word for word in told if word.strip("*")]
        if not told:
            return
        first, rest = told[0], tuple(told[1:])
        phrase = Phrase(meaning, rest, capital, unsure, upper)
        known = self.prefixes if first.endswith("*") else self.whole
        first = first.rstrip("*")
        forms = (first, first[2:]) if first.startswith("ال") and len(first) > 4 else (first,)
        for each in forms:
            here = known.setdefault(each, [])
            if phrase not in here:
                here.append(phrase)

    def find(self, words: Sequence[Word]) -> list[Found]:
        """Give the phrases of a text, leftmost and longest, without overlap.

        Phrases of equal length that mean different things are all given.
        """
        found: list[Found] = []
        at = 0
        while at < len(words):
            here = self._at(words, at)
            found += here
            at = here[0].end if here else at + 1
        return found

    def _at(self, words: Sequence[Word], at: int) -> list[Found]:
        word = words[at]
        candidates = self._seen.get(word.folded)
        if candidates is None:
            candidates = self._candidates(word.folded)
            if len(self._seen) >= CACHED:
                self._seen.clear()
            self._seen[word.folded] = candidates
        if not candidates:
            return []
        lower = word.written[:1].islower()
        best: list[Found] = []
        for phrase in candidates:
            if phrase.capital and lower:
                continue
            end = at + 1 + len(phrase.rest)
            if best and end < best[0].end:
                continue
            if phrase.rest and not _follow(words, at + 1, end, phrase.rest):
                continue
            if best and end > best[0].end:
                best.clear()
            if all(phrase.meaning != each.phrase.meaning for each in best):
                best.append(Found(at, end, phrase))
        return best

    def _candidates(self, word: str) -> tuple[Phrase, ...]:
        for reading in readings(word):
            found = self._of(reading)
            if found:
                return found
        return ()

    def _of(self, reading: str) -> tuple[Phrase, ...]:
        found = (*self.whole.get(reading, ()), *self._prefix(reading))
        return found + self.base._of(reading) if self.base else found

    def _prefix(self, word: str) -> list[Phrase]:
        ending = ARABIC_ENDING if is_arabic(word) else ENDING
        for length in range(len(word), max(len(word) - ending, 2) - 1, -1):
            found = self.prefixes.get(word[:length])
            if found:
                return found
        return []


def _follow(words: Sequence[Word], start: int, end: int, rest: Iterable[str]) -> bool:
    if end > len(words):
        return False
    for at, wanted in zip(range(start, end), rest, strict=False):
        here = words[at].folded
        if wanted.endswith("*"):
            stem = wanted[:-1]
            if not any(_begins(reading, stem) for reading in readings(here)):
                return False
        elif here != wanted and wanted not in readings(here) and "ال" + here != wanted:
            return False
    return True


def _begins(word: str, stem: str) -> bool:
    return word.startswith((stem, stem.removeprefix("ال")))


def _star(word: str) -> str:
    return fold(word.rstrip("*")) + ("*" if word.endswith("*") else "")
