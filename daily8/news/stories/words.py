"""Features of a report: what of its words counts for stories.

Words are folded (case, form, accents, Arabic marks and forms of letters), freed of the Arabic article and
cut to six letters; scripts that write without spaces give pairs of characters. Names leave their consonants
as well (`skeletons`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from daily8.news.stories.skeletons import skeleton_of

CUT = 6
TITLE, LEDE = 400, 1_200
"""Characters of a title and of a text that are read."""
MARK = "~"
"""Stands before a skeleton."""

_WORD = re.compile(
    r"[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"[\w\u0900-\u0dff]*|"
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_HANGUL = ("\uac00", "\ud7a3")
_MARKS = re.compile(
    r"[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)
_SAME = str.maketrans("أإآٱىةؤئکی", "اااايهويكي")
_ARTICLE = re.compile(r"[وفبك]?ال(?=\w{3})|لل(?=\w{3})")


def fold(text: str) -> str:
    """Give a text in lower case without accents and Arabic marks."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _MARKS.sub("", folded)).translate(_SAME)


def words(text: str) -> list[str]:
    """Split a folded text into words; what is written without spaces stays in one piece."""
    return _WORD.findall(text)


def is_unspaced(word: str) -> bool:
    """Tell whether a word is a run of a script without spaces."""
    return bool(_UNSPACED.match(word))


def stems(word: str) -> Iterator[str]:
    """Give the features of one word."""
    first = word[0]
    if first < "\u0600":
        yield word[:CUT]
    elif first <= "\u06ff":
        found = _ARTICLE.match(word)
        yield (word[found.end() :] if found else word)[:CUT]
    elif is_unspaced(word) or _HANGUL[0] <= first <= _HANGUL[1]:
        if len(word) < 3:
            yield word
        else:
            for n in range(len(word) - 1):
                yield word[n : n + 2]
    else:
        yield word[:CUT]


def bag(text: str, into: dict[str, float], weight: float) -> None:
    """Count the features of a text into a bag."""
    capital = {w for w in _WORD.findall(_MARKS.sub("", text)) if w[0].isupper()} if text else set()
    named = {fold(w) for w in capital}
    for word in words(fold(text)):
        for stem in stems(word):
            into[stem] = into.get(stem, 0.0) + weight
        if word in named or "\u0620" <= word[0] <= "\u06ff":
            found = skeleton_of(_ARTICLE.sub("", word, count=1) if word[0] > "\u0600" else word)
            if found:
                into[MARK + found] = into.get(MARK + found, 0.0) + weight
