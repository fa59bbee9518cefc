"""Numbers, names, quotations and denials that changed: what a reader wants to know of a change first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from daily8.news.excerpts import clamp
from daily8.news.revisions.difference import Hunk
from daily8.news.revisions.words import Word

FactKind = Literal["number", "name", "quote", "denial"]
_ORDER: tuple[FactKind, ...] = ("number", "name", "quote", "denial")
MOST = 12
QUOTE_MOST = 240
"""Characters of a quotation that changed."""
_NEAR = 8
"""Words: within a longer change a number that only went or only came says little."""
_ENDS = frozenset(".!?:;؟\"'(")
_NOUNS = frozenset({"de", "lb"})
"""Languages that write all nouns with a capital: there a capital tells no name."""
_EDGE = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something checkable that was changed; ``None`` stands for a side on which there is nothing."""

    kind: FactKind
    old: str | None
    new: str | None


def facts(hunks: Sequence[Hunk], language: str = "") -> tuple[Fact, ...]:
    """Give the facts that changed, each once: numbers first, then names, quotations and denials.

    Passages that are wholly new or wholly gone change nothing that was said. Names are told by their
    capital within a sentence, so there are none in scripts without capitals.
    """
    known = frozenset() if language.partition("-")[0] in _NOUNS else _named(hunks)
    found = {fact: None for hunk in hunks if hunk.old_words and hunk.new_words for fact in _each(hunk, known)}
    return tuple(sorted(found, key=lambda fact: _ORDER.index(fact.kind)))[:MOST]


def _each(hunk: Hunk, known: frozenset[str]) -> Iterator[Fact]:
    yield from _replaced("number", _numbers(hunk.old), _numbers(hunk.new), hunk)
    yield from _replaced("name", _names(hunk.old, known), _names(hunk.new, known), hunk)
    if quote := _quote(hunk):
        yield quote
    old, new = ([_bare(w) for w in words if w.denies] for words in (hunk.old, hunk.new))
    if len(old) != len(new):
        yield Fact("denial", *((old[0], None) if len(old) > len(new) else (None, new[0])))


def _replaced(
    kind: FactKind, old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], hunk: Hunk
) -> Iterator[Fact]:
    """Lay what was said beside what is said now, in order: pairs of what it says and how it is written."""
    both = {key for key, _ in old} & {key for key, _ in new}
    gone = [text for key, text in old if key not in both]
    come = [text for key, text in new if key not in both]
    near = max(len(hunk.old), len(hunk.new)) <= _NEAR
    for one, other in zip_longest(gone, come):
        if near or (one and other and len(gone) == len(come)):
            yield Fact(kind, one, other)


def _numbers(words: Iterable[Word]) -> list[tuple[str, str]]:
    return [(word.key, _bare(word)) for word in words if word.counts]


def _names(words: Sequence[Word], known: frozenset[str]) -> list[tuple[str, str]]:
    """Give the names among words; words of a name that follow each other are one."""
    found: list[list[str]] = []
    after = False
    for word in words:
        named = word.key in known
        if named and after:
            found[-1].append(_bare(word))
        elif named:
            found.append([_bare(word)])
        after = named
    return [(text := " ".join(each), text) for each in found]


def _named(hunks: Sequence[Hunk]) -> frozenset[str]:
    """Give the words that stand with a capital within a sentence of a body, and never without one."""
    capital: set[str] = set()
    for words in {
        part for hunk in hunks if hunk.place == "body" for part in (hunk.old_words, hunk.new_words)
    }:
        start = True
        for word in words:
            if word.letters and not start and word.key[:1].isupper() and not word.small:
                capital.add(word.key)
            start = word.key in _ENDS or (start and not word.letters)
    return frozenset(capital)


def _quote(hunk: Hunk) -> Fact | None:
    if not any(word.letters or word.number for word in (*hunk.old, *hunk.new)):
        return None
    old = _around(hunk.old_words, hunk.old_at, len(hunk.old), hunk.quoted)
    new = _around(hunk.new_words, hunk.new_at, len(hunk.new), hunk.quoted)
    return Fact("quote", old, new) if old and new and old != new else None


def _around(words: Sequence[Word], at: int, length: int, quoted: bool) -> str | None:
    """Give the quotation in which all of the given words stand."""
    if quoted:
        return clamp("".join(word.raw for word in words), QUOTE_MOST)
    marks = [n for n, word in enumerate(words) if word.key == '"']
    for start, end in zip(marks[::2], marks[1::2], strict=False):
        if start < at and at + length <= end:
            return clamp("".join(word.raw for word in words[start + 1 : end]), QUOTE_MOST)
    return None


def _bare(word: Word) -> str:
    return _EDGE.sub("", word.raw.strip()) or word.raw.strip()
