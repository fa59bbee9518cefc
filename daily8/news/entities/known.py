"""Names that are known beforehand, found at a word of a text by the longest match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from babel import Locale

from daily8.news.entities.folding import bare, fold
from daily8.news.entities.values import Known

MOST_WORDS = 8
"""Words of a known name that are compared."""
_LANGUAGES = ("fr", "de", "es", "it", "pt", "ru", "tr", "nl", "pl", "uk", "el")
_ENDING = re.compile("(?:ами|ями|ого|ому|ыми|ими|ой|ей|ом|ем|ам|ах|ях|ов|ев|ию|ии|ия|а|я|о|е|у|ю|ы|и|й|ь)$")
_CYRILLIC = re.compile("[\u0400-\u04ff]{4}")


class Match(NamedTuple):
    """A known name at a place of a text."""

    known: Known
    length: int
    """Words that it takes."""
    demonym: bool


def root(word: str) -> str:
    """Give a folded word without its ending of case, where its script has such (Cyrillic)."""
    return _ENDING.sub("", word) if _CYRILLIC.match(word) else word


class Names:
    """An index of known names: read only once it is made."""

    __slots__ = ("_first", "by_id")

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_id: dict[str, Known] = {}
        self._first: dict[str, list[tuple[tuple[str, ...], Known, bool]]] = {}
        for one in known:
            self.by_id[one.id] = one
            for name in (one.english, one.arabic, *one.aliases):
                self._add(name, one, demonym=False)
            for name in one.demonyms:
                self._add(name, one, demonym=True)
        for held in self._first.values():
            held.sort(key=lambda entry: -len(entry[0]))

    def _add(self, name: str, known: Known, *, demonym: bool) -> None:
        words = tuple(root(word) for word in fold(name).split())[:MOST_WORDS]
        if words:
            entry = (words[1:], known, demonym)
            held = self._first.setdefault(words[0], [])
            if entry not in held:
                held.append(entry)

    def at(self, words: Sequence[str], start: int) -> Match | None:
        """Find the longest known name that begins at a word; ``words`` are folded.

        An Arabic word is also tried without its clitics.
        """
        first = words[start]
        if not first:
            return None
        for form in bare(first) if first >= "\u0600" else (root(first),):
            for rest, known, demonym in self._first.get(form, ()):
                size = len(rest)
                if all(
                    start + n + 1 < len(words) and _same(words[start + n + 1], rest[n]) for n in range(size)
                ):
                    return Match(known, size + 1, demonym)
        return None

    def whole(self, words: Sequence[str]) -> Match | None:
        """Find the known name that all the words are."""
        found = self.at(words, 0) if words else None
        return found if found and found.length == len(words) else None


def _same(word: str, wanted: str) -> bool:
    return word == wanted or (word >= "\u0400" and root(word) == wanted)


@cache
def territories() -> Names:
    """Give the countries of Unicode's CLDR by their names in English, Arabic and some other languages."""
    english, arabic = Locale.parse("en").territories, Locale.parse("ar").territories
    others = [Locale.parse(language).territories for language in _LANGUAGES]
    return Names(
        Known(
            id=f"country:{code}",
            kind="place",
            english=str(name),
            arabic=str(arabic.get(code, "")),
            aliases=tuple({str(other[code]) for other in others if code in other}),
        )
        for code, name in english.items()
        if len(code) == 2 and code.isalpha() and code not in {"ZZ", "XA", "XB", "EU", "EZ", "UN", "QO"}
    )
