"""Features of a report: what of its words counts for stories.

Words are folded (case, form, accents, Arabic marks and forms of letters), freed of the Arabic article and
cut to six letters; scripts that write without spaces give pairs of characters. Names leave their consonants
as well (`skeletons`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from daily8.news.stories.skeletons import skeleton

CUT = 6
LONGEST = 64
"""Characters of a word that are read, where spaces part words."""
_RUN = 8
"""The same, where nothing parts words."""
TITLE, LEDE = 400, 1_200
"""Characters of a title and of a text that are read."""
OPENING = 160
"""Characters of a text that stand for a title where there is none."""
MARK = "~"
"""Stands before a skeleton."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[^\W_{_UNSPACED}][^\W_{_UNSPACED}\u0900-\u0dff]*(?:[\u0900-\u0dff]+)?|[{_UNSPACED}]+")
_MARKS = re.compile(
    r"[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)
_SAME = str.maketrans("أإآٱىةؤئکی", "اااايهويكي")
_ARTICLE = re.compile(r"[وفبك]?ال(?=\w{3})|لل(?=\w{3})")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it counts."""

    folded: str
    stems: tuple[str, ...]
    """Its features; none where it is too short to say anything."""
    skeleton: str
    """With its mark; empty where it may be no name."""
    is_name: bool
    """It begins with a capital or a digit."""


def fold(text: str) -> str:
    """Give a text in lower case without accents and Arabic marks."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _MARKS.sub("", folded)).translate(_SAME)


def words(text: str) -> list[Word]:
    """Read the words of a text, which is cut to a bounded length before."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFC", text))
    return [*map(read_word, _WORD.findall(text))]


def read_word(written: str) -> Word:
    """Read one word; the usual ones are remembered, whole runs of a script without spaces are not."""
    most = _RUN if written[0] >= "\u0e00" else LONGEST
    return _known_word(written) if len(written) <= most else _read_word(written)


def _read_word(written: str) -> Word:
    folded = fold(written)
    first = folded[0] if folded else " "
    bare = folded
    if "\u0620" <= first <= "\u06ff":
        bare = _ARTICLE.sub("", folded, count=1)
    is_name = written[0].isupper() or written[0].isdigit()
    named = is_name or "\u0620" <= first <= "\u06ff"
    bones = skeleton(bare[:LONGEST]) if named and bare and not bare.isdecimal() else ""
    return Word(folded, _stems(written, bare), MARK + bones if bones else "", is_name)


_known_word = lru_cache(131_072)(_read_word)


def _stems(written: str, bare: str) -> tuple[str, ...]:
    if not bare:
        return ()
    first = bare[0]
    if first >= "\u0e00" and (_is_unspaced(first) or "\uac00" <= first <= "\ud7a3"):
        return tuple([bare[n : n + 2] for n in range(max(len(bare) - 1, 1))])
    if len(bare) < 3 and not bare.isdecimal() and (len(bare) < 2 or not written.isupper()):
        return ()
    return (bare[:CUT],)


def _is_unspaced(letter: str) -> bool:
    return bool(re.match(f"[{_UNSPACED}]", letter))


_SCRIPTS = (
    (0x370, "L"), (0x400, "G"), (0x530, "C"), (0x590, "R"), (0x600, "H"), (0x900, "A"),
    (0xE00, "I"), (0x1100, "S"), (0x1200, "K"), (0x2E80, "L"), (0xAC00, "J"), (0xD7B0, "K"),
)  # fmt: skip
_LOOKED_AT = 24


def script_of(told: Sequence[Word]) -> str:
    """Give the script of most of the first words as a letter; ``-`` where there are none."""
    found: dict[str, int] = {}
    for word in told[:_LOOKED_AT]:
        for letter in word.folded[:1]:
            if letter.isalpha():
                script = next((sign for end, sign in _SCRIPTS if ord(letter) < end), "X")
                found[script] = found.get(script, 0) + 1
    return max(found, key=lambda script: (found[script], script)) if found else "-"


def count(told: Sequence[Word], into: dict[str, float], weight: float) -> None:
    """Count the features of words into a bag."""
    for word in told:
        for stem in word.stems:
            into[stem] = into.get(stem, 0.0) + weight
        if word.skeleton:
            into[word.skeleton] = into.get(word.skeleton, 0.0) + weight
