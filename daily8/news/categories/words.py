"""Words as they are compared: folded, and with what a language writes onto them taken off."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 40
"""Characters of a word; what is longer is none."""
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(
    "[\u00ad\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"
)
_LETTERS = str.maketrans(
    {"ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "ı": "i", "ß": "ss", "œ": "oe", "æ": "ae", "ø": "o"}
)

_ENDINGS = {
    "en": ("s", "es"),
    "fr": ("es", "s", "x", "e"),
    "es": ("es", "s"),
    "pt": ("es", "s"),
    "ar": ("ات", "ين", "ون", "ان", "ها", "هم", "نا"),
}
"""What may stand behind a word of a lexicon that is listed without a star."""
_LEAST = 4
"""Letters of a word that must be left before an ending."""


def split(text: str) -> list[str]:
    """Give the words of a text in order, in lower case; marks that only guide the eye are taken out."""
    if not text.isascii():
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
        text = _MARKS.sub("", text)
    return _WORD.findall(text.lower())


def fold(word: str) -> str:
    """Take accents, vowel signs and the seats of hamza off; make alef, ya and ha of one form."""
    if word.isascii():
        return word
    return _fold(word) if len(word) > LONGEST else _folded(word)


def _fold(word: str) -> str:
    word = word.casefold().translate(_LETTERS)
    return "".join(
        letter for letter in unicodedata.normalize("NFD", word) if unicodedata.category(letter) != "Mn"
    )


_folded = lru_cache(maxsize=30_000)(_fold)


def forms(word: str, language: str) -> tuple[str, ...]:
    """Give the forms under which a word may be listed, the likeliest first.

    Arabic writes the article and one-letter words onto the next word; a form without them has at least three
    letters, two behind the article.
    """
    folded = fold(word)
    if language != "ar":
        return (folded,)
    found = [folded]
    for form in (folded, folded[1:] if folded[:1] in "وف" and len(folded) > 3 else ""):
        if not form:
            continue
        found.append(form)
        if form[0] in "بكل" and len(form) > 3:
            found.append(form[1:])
    bare = [
        form[2:]
        for form in found
        if (form.startswith("ال") and len(form) > 3) or (form.startswith("لل") and len(form) > 4)
    ]
    return tuple(dict.fromkeys(found + bare))


def without_article(word: str, language: str) -> str:
    """Take the article off a folded word of a lexicon, as it is taken off the words of texts."""
    return word[2:] if language == "ar" and word.startswith("ال") and len(word) > 3 else word


def shorter(form: str, language: str) -> list[str]:
    """Give what a form may be without its ending."""
    return [
        form[: -len(end)]
        for end in _ENDINGS.get(language, ())
        if form.endswith(end) and len(form) - len(end) >= _LEAST
    ]
