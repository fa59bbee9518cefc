"""Names that are known beforehand, found at a word of a text by the longest match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from daily8.news.entities.folding import bare, fold
from daily8.news.entities.values import Known
from daily8.news.gazetteer import entries, tables

MOST_WORDS = 8
"""Words of a known name that are compared."""
_ENDING = re.compile("(?:ами|ями|ого|ому|ыми|ими|ой|ей|ом|ем|ам|ах|ях|ов|ев|ию|ии|ия|а|я|о|е|у|ю|ы|и|й|ь)$")
_CYRILLIC = re.compile("[\u0400-\u04ff]{4}")
_ARABIC = re.compile("[\u0600-\u06ff]")
_NISBA = re.compile("(?:ي|يه|يون|يين|يات)$")
_LONGEST_ENDING = 6
_SHORTEST = 3
_GREAT = 500
"""Cities that are great: the first of their table, which begins with the largest."""
_CACHED = 1 << 16
_FILES = ("countries.tsv", "places.tsv", "organisations.tsv", "persons.tsv", "sports.tsv", "cities.tsv")


class Match(NamedTuple):
    """A known name at a place of a text."""

    known: Known
    length: int
    """Words that it takes."""
    demonym: bool
    """Whether the text only has an adjective of it."""
    unsure: bool
    """Whether it is a common word too, and wants something else of the same country beside it."""


class _Entry(NamedTuple):
    rest: tuple[str, ...]
    known: Known
    open: bool
    unsure: bool
    upper: bool


def root(word: str) -> str:
    """Give a folded word without its ending of case, where its script has such (Cyrillic)."""
    return _ENDING.sub("", word) if _CYRILLIC.match(word) else word


class Names:
    """An index of known names: read only once it is made.

    Of an alias ``*`` at the end of a word stands for any ending, ``!`` at the end of all says that it is a
    common word too, ``!!`` that it counts in capitals only.
    """

    __slots__ = ("_base", "_cache", "_first", "_open", "by_id")

    def __init__(self, known: Iterable[Known], base: Names | None = None) -> None:
        self._base = base
        self.by_id: dict[str, Known] = dict(base.by_id) if base else {}
        self._first: dict[str, list[_Entry]] = {}
        self._open: dict[str, list[_Entry]] = {}
        self._cache: dict[str, tuple[_Entry, ...]] = {}
        for one in known:
            self.by_id[one.id] = one
            for name in one.aliases:
                self._add(name, one)

    def _add(self, name: str, known: Known) -> None:
        form = name.rstrip("!")
        marks = len(name) - len(form)
        words = [
            (fold(part.rstrip("*")), part.endswith("*"))
            for part in form.replace("-", " ").split()[:MOST_WORDS]
        ]
        words = [(inner, star) for word, star in words for inner in word.split()]
        if not words:
            return
        rest = tuple(root(word) + "*" * star for word, star in words[1:])
        entry = _Entry(rest, known, words[0][1], marks == 1, marks == 2)
        word = words[0][0] if words[0][1] else root(words[0][0])
        held = (self._open if words[0][1] else self._first).setdefault(word, [])
        if entry not in held:
            held.append(entry)

    def at(self, words: Sequence[str], start: int, written: Sequence[str] | None = None) -> Match | None:
        """Find the longest known name that begins at a word; ``words`` are folded.

        An Arabic word is also tried without its clitics. ``written`` are the words as they stand; without
        them what counts in capitals only is not found.
        """
        first = words[start]
        if not first:
            return None
        for entry in self._candidates(first):
            size = len(entry.rest)
            if start + size >= len(words):
                continue
            if entry.upper and not (written and all(w.isupper() for w in written[start : start + size + 1])):
                continue
            if all(_same(words[start + n + 1], wanted) for n, wanted in enumerate(entry.rest)):
                return Match(entry.known, size + 1, _adjective(entry, words, start), entry.unsure)
        return None

    def begins(self, word: str) -> bool:
        """Tell whether a known name begins with a folded word."""
        found = self._cache.get(word)
        return bool(self._candidates(word) if found is None else found)

    def spot(self, words: Sequence[str], written: Sequence[str] | None = None) -> list[Match]:
        """Find the known names of a text, without overlap."""
        found: list[Match] = []
        cached, n, size = self._cache, 0, len(words)
        while n < size:
            word = words[n]
            # Most words begin no name.
            if not word or cached.get(word, True) == ():
                n += 1
                continue
            match = self.at(words, n, written)
            if match:
                found.append(match)
            n += match.length if match else 1
        return found

    def _candidates(self, first: str) -> tuple[_Entry, ...]:
        found = self._cache.get(first)
        if found is None:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            entries: list[_Entry] = []
            forms = bare(first) if _ARABIC.match(first) else (root(first),)
            for number, form in enumerate(forms):
                if number and entries:
                    break
                entries += self._beginning(form)
            # The longest first; of equals a whole word before a beginning.
            found = tuple(sorted(entries, key=lambda entry: (-len(entry.rest), entry.open)))
            self._cache[first] = found
        return found

    def _beginning(self, form: str) -> list[_Entry]:
        entries = [*(self._base._beginning(form) if self._base else ()), *self._first.get(form, ())]
        for length in range(len(form), max(_SHORTEST, len(form) - _LONGEST_ENDING) - 1, -1):
            entries += self._open.get(form[:length], ())
        return entries

    def whole(self, words: Sequence[str], written: Sequence[str] | None = None) -> Match | None:
        """Find the known name that all the words are."""
        found = self.at(words, 0, written) if words else None
        return found if found and found.length == len(words) else None


def _same(word: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1]) or word.removeprefix("ال").startswith(wanted[:-1])
    return word == wanted or (word >= "\u0400" and root(word) == wanted)


def _adjective(entry: _Entry, words: Sequence[str], start: int) -> bool:
    if not entry.known.id.startswith(("country:", "region:")):
        return False
    if _ARABIC.match(words[start]):
        last = words[start + len(entry.rest)]
        return _NISBA.search(last) is not None and not fold(entry.known.arabic).endswith(
            last.removeprefix("ال")
        )
    return entry.open


def names_of(language: str) -> Names:
    """Give the names of the gazetteer as texts of a language (a primary code, or empty) write them."""
    return _of(language if language in tables.LANGUAGES and language not in ("ar", "ru") else "en")


@cache
def _of(language: str) -> Names:
    return Names(_known((language,), whole=False), _base())


@cache
def _base() -> Names:
    return Names((*_known(("any", "ar", "ru"), whole=True), *_abbreviated()))


_SHORT = {
    "country:US": ("US!!", "U.S."),
    "country:GB": ("UK!!", "U.K."),
    "org:un": ("UN!!", "U.N."),
    "org:eu": ("EU!!", "UE!!"),
}


def _abbreviated() -> Iterable[Known]:
    held = entries()
    for key, forms in _SHORT.items():
        if key in held:
            entry = held[key]
            yield Known(entry.id, entry.kind, entry.name, entry.name_ar, forms, entry.country)


def _known(columns: Sequence[str], *, whole: bool) -> Iterable[Known]:
    """Read the tables: the given columns, and the names themselves where ``whole``."""
    held = entries()
    for file in _FILES:
        for number, row in enumerate(tables.rows("daily8.news.gazetteer", file)):
            entry = held[row["id"]]
            forms = tuple(form for column in columns for form in tables.forms(row.get(column, "")))
            own = () if not whole else _own(entry.name, entry.name_ar, forms)
            if forms or own:
                yield Known(
                    entry.id,
                    entry.kind,
                    entry.name,
                    entry.name_ar,
                    (*forms, *own),
                    entry.country,
                    minor=file == "cities.tsv" and number >= _GREAT,
                )


def _own(english: str, arabic: str, forms: Sequence[str]) -> tuple[str, ...]:
    """Give the names themselves where no form marks them as unsure."""
    marked = {fold(form) for form in forms if form.endswith("!")}
    return tuple(name for name in (english, arabic) if name and fold(name) not in marked)
