"""Count the words of texts in any language into vectors: no model, no file, no network.

Words are cut to stems, hashed to a place and a sign ("feature hashing", Weinberger et al. 2009), and weigh by
the logarithm of their number and by their length: in most languages the shortest words say least.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from daily8.ai.ports import Purpose, Recipe, Setup, Vectors

DIMENSIONS = 512
CHARACTERS = 4000
"""Read of a text."""
STEM = 6
"""Letters of a word that count."""
_SHORT = {1: 0.0, 2: 0.2, 3: 0.4, 4: 0.7}
"""Weights by the letters of a word; longer ones have 1."""
_NUMBER = 0.7

_MARKS = re.compile(
    "[\u0300-\u036f"  # accents, once they are taken off their letters
    "\u0591-\u05c7"  # Hebrew points
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]"  # Arabic vowels, and the stretch of a line
)
_LETTERS = str.maketrans({"ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ہ": "ه"})
"""Forms of one Arabic letter; hamzas are off already, with the accents (U+0653 to U+0655)."""
_BIGRAMS = (
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
)
_TRIGRAMS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_WORD = re.compile(
    f"([{_BIGRAMS}]+)"  # Chinese, Japanese, Korean: two signs are about a word
    f"|([{_TRIGRAMS}]+)"  # Thai, Lao, Burmese, Khmer: three are
    f"|((?:[^\\W_{_BIGRAMS}{_TRIGRAMS}]|[\u0900-\u0dff])+)"  # in the scripts of India marks are letters
)
_ARTICLE = re.compile("^(?:[وفبكل]?ال|لل)(?=\\w{3})|^و(?=\\w{4})")
"""What Arabic writes together with the next word: and, with, like, for; the."""


class Lexical:
    """Counts words. Equal words are all that it sees: no meaning, no other language."""

    recipe = Recipe("lexical", f"1 w{STEM}", DIMENSIONS, model=False)
    languages: frozenset[str] | None = None

    def embed(self, texts: Sequence[str], purpose: Purpose = "passage") -> Vectors:
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            found = vectors[row]
            for (stem, weight), number in Counter(_stems(text)).items():
                place, sign = _place(stem)
                found[place] += sign * weight * (1 + math.log(number))
            length = float(np.linalg.norm(found))
            if length > 0:
                found /= length
            else:  # no words: all such texts are alike, and unlike others
                place, sign = _place("")
                found[place] = sign
        return vectors


def _stems(text: str) -> Iterator[tuple[str, float]]:
    """Give the stems of a text, one for each word, with their weights."""
    plain = unicodedata.normalize("NFKD", text[:CHARACTERS]).lower()
    plain = unicodedata.normalize("NFC", _MARKS.sub("", plain)[:CHARACTERS]).translate(_LETTERS)
    for found in _WORD.finditer(plain):
        pairs, triples, word = found.groups()
        if word is None:
            size = 2 if pairs else 3
            run = pairs or triples
            yield from ((run[at : at + size], 1.0) for at in range(max(1, len(run) - size + 1)))
        elif word.isdecimal():
            yield word[: 2 * STEM], _NUMBER
        else:
            if "\u0600" <= word[0] <= "\u06ff":
                word = _ARTICLE.sub("", word)
            weight = _SHORT.get(len(word), 1.0)
            if weight:
                yield word[:STEM], weight


@lru_cache(maxsize=200_000)
def _place(stem: str) -> tuple[int, float]:
    number = int.from_bytes(blake2b(stem.encode("utf-8", "replace"), digest_size=8).digest(), "little")
    return (number >> 1) % DIMENSIONS, 1.0 if number & 1 else -1.0


def open(setup: Setup) -> Lexical:  # noqa: A001 - the name that every provider bears
    """Open the provider; it needs nothing."""
    return Lexical()
