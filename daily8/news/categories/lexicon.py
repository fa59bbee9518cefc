"""What words speak for: the lexicon of a language, and how the words of a text are looked up in it.

A pattern is one word or several joined by ``_``; a star behind a word stands for any ending. Looking a word
up costs once: what it gave is remembered, within bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

from daily8.news.categories.places import country_patterns
from daily8.news.categories.words import LONGEST, fold, forms, shorter, without_article

LANGUAGES = ("en", "ar", "fr", "es", "de", "pt", "it", "ru", "tr")
STRENGTHS = {"3": 3.0, "2": 1.5, "1": 0.5}
"""What the weights of the files mean: one telling word is worth two usual ones and six hints."""
_REMEMBERED = 40_000
_JOINTS = re.compile(r"[_\-'’&./]+")


class Node:
    """A pattern, and what it speaks for: ``values`` by category, or by ``@`` and the code of a country."""

    __slots__ = ("contrary", "key", "phrases", "values")

    def __init__(self, key: str) -> None:
        self.key = key
        self.values: dict[str, float] = {}
        self.phrases: list[tuple[tuple[str, ...], Node]] = []
        """Patterns of several words that begin with this one: the other words, and their node."""
        self.contrary: list[tuple[str, frozenset[str]]] = []
        """Categories for which it does not speak where one of these patterns stands in the text."""


class Seen:
    """What looking a word up gave."""

    __slots__ = ("forms", "node", "phrases", "whole")

    def __init__(
        self,
        found: tuple[str, ...],
        whole: frozenset[str],
        node: Node | None,
        phrases: list[tuple[tuple[str, ...], Node]],
    ) -> None:
        self.forms = found
        self.whole = whole
        self.node = node
        self.phrases = phrases


class Lexicon:
    """The patterns of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._exact: dict[str, Node] = {}
        self._stems: dict[str, Node] = {}
        self._phrases: dict[str, Node] = {}
        self._longest = 0
        self._known: dict[str, Seen] = {}

    def add(self, pattern: str) -> Node:
        """Give the node of a pattern, made if it is not there yet."""
        parts = tuple(self._part(part) for part in _JOINTS.split(pattern) if part.strip("*"))
        first = self._first(parts[0])
        if len(parts) == 1:
            return first
        key = " ".join(parts)
        if key not in self._phrases:
            node = self._phrases[key] = Node(key)
            first.phrases.append((parts[1:], node))
            first.phrases.sort(key=lambda phrase: (-len(phrase[0]), phrase[0]))
        return self._phrases[key]

    def _part(self, written: str) -> str:
        star = written.endswith("*")
        word = without_article(fold(written.rstrip("*").lower()), self.language)
        return word + "*" if star else word

    def _first(self, part: str) -> Node:
        kept = self._stems if part.endswith("*") else self._exact
        word = part.rstrip("*")
        if word not in kept:
            kept[word] = Node(part)
            self._longest = max(self._longest, len(word))
        return kept[word]

    def look_up(self, word: str) -> Seen:
        """Say what a word in lower case is in this lexicon."""
        seen = self._known.get(word)
        if seen is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            seen = self._known[word] = self._look(word)
        return seen

    def _look(self, word: str) -> Seen:
        if len(word) > LONGEST:
            return Seen((), frozenset(), None, [])
        found = forms(word, self.language)
        node: Node | None = None
        phrases: list[tuple[tuple[str, ...], Node]] = []
        for form in found:
            for match in self._matches(form):
                phrases += match.phrases
                if node is None and (match.values or match.contrary or not match.phrases):
                    node = match
        if len(phrases) > 1:
            phrases.sort(key=lambda phrase: -len(phrase[0]))
        whole = {*found, *(other for form in found for other in shorter(form, self.language))}
        return Seen(found, frozenset(whole), node, phrases)

    def _matches(self, form: str) -> Iterator[Node]:
        exact = self._exact.get(form)
        if exact is not None:
            yield exact
        for length in range(min(len(form), self._longest), 1, -1):
            stem = self._stems.get(form[:length])
            if stem is not None:
                yield stem
        if exact is None:
            for other in shorter(form, self.language):
                if other in self._exact:
                    yield self._exact[other]

    def phrase_at(self, words: Sequence[str], at: int, seen: Seen) -> tuple[Node, int] | None:
        """Give the longest phrase that begins with a word of the text, and how many words it has."""
        left = len(words) - at - 1
        for rest, node in seen.phrases:
            if len(rest) > left:
                continue
            for i, part in enumerate(rest, at + 1):
                other = self.look_up(words[i])
                if part not in other.whole and not _begins(other, part):
                    break
            else:
                return node, 1 + len(rest)
        return None

    def find(self, words: Sequence[str]) -> Iterator[tuple[Node, int, int]]:
        """Give what is listed of the words of a text: the node, where it begins, how many words it takes."""
        at, count = 0, len(words)
        known, look_up = self._known, self.look_up
        while at < count:
            word = words[at]
            seen = known.get(word) or look_up(word)
            if seen.phrases and (match := self.phrase_at(words, at, seen)):
                yield match[0], at, match[1]
                at += match[1]
                continue
            if seen.node is not None:
                yield seen.node, at, 1
            at += 1


def _begins(seen: Seen, part: str) -> bool:
    return part[-1] == "*" and any(form.startswith(part[:-1]) for form in seen.forms)


def rows(name: str) -> Iterator[list[str]]:
    """Read a table of this package: cells by line, without comments."""
    text = (files("daily8.news.categories") / name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _contrary(lexicon: Lexicon, category: str, cell: str) -> None:
    words, _, others = cell.partition("|")
    keys = frozenset(lexicon.add(pattern).key for pattern in others.split())
    for pattern in words.split():
        lexicon.add(pattern).contrary.append((category, keys))


def _fill(lexicon: Lexicon, table: Iterable[list[str]]) -> None:
    for category, weight, cell in table:
        if category.startswith("-"):
            _contrary(lexicon, category[1:], cell)
            continue
        for pattern in cell.split():
            values = lexicon.add(pattern).values
            values[category] = max(values.get(category, 0.0), STRENGTHS[weight])


@lru_cache(maxsize=64)
def lexicon(language: str) -> Lexicon:
    """Give the lexicon of a language: its words where it has any, and the names of countries."""
    made = Lexicon(language)
    if language in LANGUAGES:
        _fill(made, rows(f"lexicon/{language}.tsv"))
    for country, pattern in country_patterns(language):
        made.add(pattern).values[f"@{country}"] = 1.0
    return made
