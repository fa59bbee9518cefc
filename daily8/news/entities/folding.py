"""One form for the spellings of a name: folded, without clitics, and as a skeleton of consonants."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LONGEST = 120
"""Characters of a name that are looked at; no name is longer."""

_MARKS = re.compile(
    "[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"
)
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ء": "",
        "ة": "ه", "ک": "ك", "گ": "غ",
        **dict.fromkeys("‘’ʼ`´＇", "'"), **dict.fromkeys("‐‑‒–—−", "-"), "\u00a0": " ",
        "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE",
        "œ": "oe", "Œ": "OE", "ı": "i", "ð": "d", "þ": "th",
    }
)  # fmt: skip
_POSSESSIVE = re.compile(r"'s?(?!\w)")
_APART = re.compile(r"[\W_]+")
_ARABIC = re.compile("[\u0621-\u064a]")

_ARTICLES = ("وبال", "وكال", "فبال", "وال", "فال", "بال", "كال", "ولل", "فلل", "ال", "لل")
_CLITICS = ("و", "ف", "ب", "ل", "ك")


def unmarked(text: str) -> str:
    """Give a text without vowel signs, lengthening and invisible marks; letters stay as they are."""
    return _MARKS.sub("", text)


def levelled(text: str) -> str:
    """Write the forms of Arabic letters, quotation marks and hyphens one way, character for character.

    Some Latin letters that do not decompose become two.
    """
    return text.translate(_LETTERS)


def fold(name: str) -> str:
    """Give the form in which spellings of one name are equal: no case, accents, vowel signs, hamza or marks.

    Possessives go, words stand apart by one space, at most `LONGEST` characters count. Idempotent.
    """
    return _fold(name if len(name) <= LONGEST else name[:LONGEST])


@lru_cache(maxsize=1 << 16)
def _fold(text: str) -> str:
    found = _folded(text)
    # A mark may only have been seen as one after another was folded away.
    while (again := _folded(found)) != found:
        found = again
    return found


def _folded(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.lower()
    plain = unicodedata.normalize("NFKD", levelled(unmarked(text))).casefold()
    plain = levelled("".join(c for c in plain if not unicodedata.combining(c)))
    return _APART.sub(" ", _POSSESSIVE.sub("", plain)).strip()[:LONGEST].strip()


_WORDS = re.compile(r"[^\W_]+|[^\w\s]")


def fold_words(words: Iterable[str]) -> list[str]:
    """Fold words one for one; a mark, and what folds into several words, becomes empty."""
    return [folded if " " not in (folded := fold(word)) else "" for word in words]


def cut(text: str) -> list[str]:
    """Cut a text into words and marks, as they are written but for vowel signs."""
    return _WORDS.findall(unmarked(text))


def bare(word: str) -> tuple[str, ...]:
    """Give what a folded Arabic word may be without its clitics (and, by, for, like, the), itself first.

    The article is kept where it stood: a name that has one begins with it.
    """
    if not _ARABIC.match(word):
        return (word,)
    forms = [word]
    for article in _ARTICLES:
        rest = word[len(article) :]
        if word.startswith(article) and len(rest) >= 2:
            if article != "ال":
                forms.append("ال" + rest)
            forms.append(rest)
            break
    for clitic in _CLITICS:
        if word.startswith(clitic) and len(word) >= 4:
            forms.append(word[1:])
            if clitic in "وف" and word[1] in _CLITICS[2:] and len(word) >= 5:
                forms.append(word[2:])
            break
    return tuple(forms)


def definite(word: str) -> bool:
    """Tell whether an Arabic word has the article, alone or behind a clitic."""
    return word.startswith(_ARTICLES) and len(word) > 4


def undefined(word: str) -> str:
    """Give a folded Arabic word without the article and what stands before it."""
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= 2:
            return word[len(article) :]
    return word


_DIGRAPHS = (
    ("sch", "x"), ("tch", "x"), ("sh", "x"), ("ch", "x"), ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "d"),
    ("ph", "f"), ("ts", "s"), ("tz", "s"), ("zh", "z"), ("ck", "k"), ("qu", "k"), ("dj", "g"), ("ou", ""),
    ("aw", "w"), ("ow", "w"),
)  # fmt: skip
_LATIN = str.maketrans({**dict.fromkeys("aeiouy'", ""), "c": "k", "q": "k", "z": "s", "j": "g", "v": "w"})
_SOUNDS = str.maketrans(
    {
        "ب": "b", "ت": "t", "ث": "t", "ج": "g", "ح": "h", "خ": "k", "د": "d", "ذ": "d", "ر": "r", "ز": "s",
        "س": "s", "ش": "x", "ص": "s", "ض": "d", "ط": "t", "ظ": "d", "ع": "", "غ": "g", "ف": "f", "ق": "k",
        "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "", "ي": "", "ا": "", "ء": "", "پ": "b",
        "چ": "x", "ڤ": "w", "ژ": "s",
        "б": "b", "в": "w", "г": "g", "ґ": "g", "д": "d", "ж": "s", "з": "s", "к": "k", "л": "l", "м": "m",
        "н": "n", "п": "b", "р": "r", "с": "s", "т": "t", "ф": "f", "х": "k", "ц": "s", "ч": "x", "ш": "x",
        "щ": "x", "ь": "", "ъ": "", **dict.fromkeys("аеёиійїоуыэюяє", ""),
    }
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 14)
def skeleton(name: str) -> str:
    """Give the consonants of a name in one alphabet, word by word, so that transliterations meet.

    Mohammed, Muhammad and محمد give the same. What is too alike by it is told apart by `alike`.
    """
    return " ".join(found for word in fold(name).split() if (found := _consonants(word)))


def _consonants(word: str) -> str:
    if _ARABIC.match(word):
        plain = undefined(word).translate(_SOUNDS)
    else:
        plain = word.translate(_SOUNDS)
        for pair, one in _DIGRAPHS:
            plain = plain.replace(pair, one)
        plain = plain.translate(_LATIN)
    # w is written as a vowel in Arabic, and p does not exist there.
    plain = plain.replace("w", "").replace("p", "b")
    plain = plain.rstrip("h") or plain
    return _DOUBLED.sub(r"\1", plain) or ("" if len(word) < 3 else word[0])


def within(a: str, b: str, limit: int) -> bool:
    """Tell whether two words are at most ``limit`` insertions, deletions or replacements apart."""
    if abs(len(a) - len(b)) > limit:
        return False
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, right in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
        if min(row) > limit:
            return False
    return row[-1] <= limit


_LEAST = 4
"""Consonants below which a skeleton says too little."""


def alike(a: str, b: str) -> bool:
    """Tell whether two names are spellings of one: equal folded, or of one skeleton and near enough.

    In one script the words differ by a third of their letters at most; across scripts, where letters cannot
    be compared, the skeletons are equal and of two words.
    """
    left, right = fold(a), fold(b)
    if left == right:
        return bool(left)
    words, others = left.split(), right.split()
    if len(words) != len(others) or not words:
        return False
    bones, other_bones = skeleton(a), skeleton(b)
    if bones != other_bones or len(bones.replace(" ", "")) < _LEAST:
        return False
    if bool(_ARABIC.search(left)) != bool(_ARABIC.search(right)) or left.isascii() != right.isascii():
        return " " in bones
    return all(
        within(x, y, max(1, min(3, max(len(x), len(y)) // 3))) for x, y in zip(words, others, strict=True)
    )
