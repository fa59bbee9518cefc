"""Bring words of all scripts to one form, so that a table of names can be looked up.

Marks fall (accents, harakat, hamza on a seat), Arabic letters that writers mix become one, digits become
ASCII. Nothing is decided here: a word of Arabic script may be read in several ways, with or without the
particles that are written joined to it, and the table says which of them it knows.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LIMIT = 4000
"""Characters of a text that are looked at; the cost of everything above is linear in it."""
WORD_LIMIT = 40
"""Letters of a word that are looked at."""

_MARKS = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\u00ad]+"
)
_WORD = re.compile(r"[^\W_]+")
_SAME = str.maketrans(
    {
        "ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ک": "ك", "ڪ": "ك", "گ": "ك",
        "ٱ": "ا", "ء": None, "پ": "ب", "ڤ": "ف", "چ": "ج", "ژ": "ز",
        "ı": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d",
        "ь": None, "ъ": None,
    }
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}
)  # fmt: skip
_ARABIC = re.compile("[\u0620-\u06ff]")
_SHORTEST = 3
"""Letters that must remain of an Arabic word when its particles are taken off."""


class Word(NamedTuple):
    """A word of a text: without marks as it was written, and folded."""

    written: str
    folded: str


def plain(text: str) -> str:
    """Take the marks off the first `LIMIT` characters, keeping case."""
    text = text[:LIMIT]
    if text.isascii():
        return text
    return _MARKS.sub("", unicodedata.normalize("NFKD", text))[: 2 * LIMIT]


def words(text: str) -> list[Word]:
    """Give the words of a text in their order; words of unspaced scripts stay whole."""
    return [Word(found, fold(found)) for found in _WORD.findall(plain(text))]


def fold(word: str) -> str:
    """Fold one word; folding twice changes nothing."""
    return _fold(word if len(word) <= WORD_LIMIT else word[:WORD_LIMIT])


@lru_cache(maxsize=1 << 16)
def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    word = _MARKS.sub("", unicodedata.normalize("NFKD", word)).casefold()
    return word.translate(_SAME)[:WORD_LIMIT]


def is_arabic(word: str) -> bool:
    """Tell whether a word begins in Arabic script."""
    return _ARABIC.match(word) is not None


def readings(word: str) -> tuple[str, ...]:
    """Give the ways to read a folded word, the likeliest first: as it stands, then without particles.

    Taken off are *wa-* and *fa-*, then *bi-*, *li-* and *ka-*, then the article; words of other scripts have
    one reading.
    """
    if not is_arabic(word):
        return (word,)
    found = [word]
    for start in (word, word[1:] if word[0] in "وف" else ""):
        found.append(start)
        found.append(_without_article(start))
        if start[:2] == "لل":
            found.append(start[2:])
        if start[:1] in ("ب", "ل", "ك"):
            found.append(start[1:])
            found.append(_without_article(start[1:]))
    return tuple(dict.fromkeys(each for each in found if len(each) >= _SHORTEST or each == word))


def _without_article(word: str) -> str:
    return word.removeprefix("ال")
