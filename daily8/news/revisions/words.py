"""The words of a text as two versions of it are compared: by what they say, not by how they are set."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


def listed(text: str) -> frozenset[str]:
    """Give the words of a list."""
    return frozenset(text.split())


def _ranges(categories: str) -> str:
    """Give the characters of the first plane in some general categories, as a part of a character class."""
    wanted = [n for n in range(0x10000) if unicodedata.category(chr(n)) in categories.split()]
    starts = [n for n in wanted if n - 1 not in (known := set(wanted))]
    return "".join(f"\\u{n:04x}-\\u{_end(n, known):04x}" for n in starts)


def _end(start: int, known: set[int]) -> int:
    while start + 1 in known:
        start += 1
    return start


_UNSEEN = "\\u00ad\\u0640\\u200b-\\u200f\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff"
"""Soft hyphen, tatweel, joiners, marks of direction: they say nothing."""
_MARKS = _ranges("Mn Mc Me") + _UNSEEN
_ALONE = "\\u0e00-\\u0eff\\u0f00-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u9fff\\U00020000-\\U0003ffff"
"""Scripts without spaces between words: each of their characters is a word (UAX 29, section 6.2)."""
_LETTER = f"(?:(?![{_ALONE}\\d])[\\w{_MARKS}])"
_TOKEN = re.compile(
    r"(?:(?P<number>\d+(?:[.,:٫٬]\d+)*)"
    rf"|(?P<word>(?:(?![\d])[{_ALONE}])[{_MARKS}]*|{_LETTER}+(?:['’]{_LETTER}+)*)"
    r"|\.\.\.|--|\S)\s*"
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SET = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»‹›″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "٫": ".",
        "٬": ",",
        **dict.fromkeys((0xAD, 0x640, 0x2060, 0xFEFF, *range(0x200B, 0x2010)), None),
        **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), None),
    }
)
_HAMZA = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})

NEGATIONS = listed(
    "no not never none nor neither nothing nobody cannot without n't isn't wasn't aren't weren't don't "
    "doesn't didn't won't can't couldn't hasn't haven't hadn't wouldn't shouldn't denies denied deny لا لم "
    "لن ليس ليست ليسوا غير بدون دون عدم ولا ولم ولن وليس وليست نفي ينفي نفت تنفي ne pas jamais sans nicht "
    "kein keine keinen nie ohne nunca sin non senza mai nao sem niet geen"
)
"""Words that turn what is said into its opposite, bare (`bare`)."""
_COUNTED = listed(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand "
    "million billion dozen half first second third واحد واحده اثنان اثنين اثنتين ثلاثه ثلاث اربعه اربع "
    "خمسه خمس سته ست سبعه سبع ثمانيه ثماني تسعه تسع عشره عشر عشرون عشرين ثلاثون ثلاثين اربعون اربعين خمسون "
    "خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين مائه مئه مئات الف الاف الفا مليون مليار ملايين "
    "نصف"
)
"""Numbers that are written as words, bare."""
_SMALL = listed(
    "a an the of in on at to by for from with and or but as is are was were be been has have had it its "
    "that this these those which who their his her they he she we our you your than then so into over في "
    "من الي علي عن مع و او ثم ان انه انها هذا هذه ذلك تلك التي الذي الذين كان كانت قد كما هو هي هم ما"
)
"""Words that may come and go without changing what is told, bare."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a number or a mark of a text, with the white space after it."""

    raw: str
    key: str
    """What it says: equal for words that only differ in how they are set."""
    number: bool = False
    letters: bool = True
    small: bool = False
    """Whether it may come and go without changing what is told."""
    counts: bool = False
    """Whether it is a number, in digits or in a word."""
    denies: bool = False
    """Whether it turns what is said into its opposite."""


def words(text: str) -> tuple[Word, ...]:
    """Cut a text into words, so that joining their ``raw`` gives the text from its first word on."""
    known: dict[str, Word] = {}
    return tuple(
        known.get(found.group()) or known.setdefault(found.group(), _word(found))
        for found in _TOKEN.finditer(text)
    )


def _word(found: re.Match[str]) -> Word:
    raw = found.group()
    number, letters = found.group("number"), found.group("word")
    key = _key(raw.rstrip(), bool(number))
    plain = bare(key) if letters else ""
    return Word(
        raw,
        key,
        number=bool(number),
        letters=bool(letters),
        small=not number and (not letters or plain in _SMALL),
        counts=bool(number) or plain in _COUNTED,
        denies=plain in NEGATIONS or plain.endswith("n't"),
    )


def _key(text: str, number: bool) -> str:
    if text.isascii() and text.isalnum():
        return text
    key = unicodedata.normalize("NFC", text).translate(_SET)
    if number:
        key = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in key)
        return key.replace(",", "") if _GROUPED.fullmatch(key) else key
    return "-" if key == "--" else key


def bare(key: str) -> str:
    """Give a word without case, accents, vowel signs and the forms of hamza."""
    plain = unicodedata.normalize("NFD", key.translate(_HAMZA).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))
