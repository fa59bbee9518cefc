"""The terms of a text: words cut short, names and numbers, letter runs, and skeletons that cross scripts.

Everything is bounded: no more than `LONGEST` characters of a text are read, whatever it is made of.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

LONGEST = 4000
"""Characters of a text that are read: what an article is about stands in its beginning."""
TITLE = 400
"""Characters of a title that are read."""
LEDE = 250
"""Characters of a text that count twice: the first sentence or two."""
CUT = 6
"""Letters of a word that count: an ending is seldom among them."""
_REMEMBERED, _SHORT = 1 << 16, 48
"""Words that are remembered with what they count as, and letters of the longest of them."""

_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u109f"
_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|[{_MARKS}]|['’](?={_LETTER}))*|\d+(?:[.,:٫٬]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,٬]\d{3})+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE = re.compile(r"(?<=[.!?؟…])[\"'”’»)]*\s+|\n+|\s{2,}")
_HEADLINE = re.compile(r"\n|\s{2,}|(?<=[\w»\"”)])[.!?؟…]+\s")
_TATWEEL = "\u0640"
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_ALEF = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
_STARTS = ("وال", "بال", "كال", "فال", "لل", "ال")
_ENDS = ("ات", "ون", "ين", "يه", "ها", "هم", "ان", "ه", "ي")


def plain(text: str, longest: int = LONGEST) -> str:
    """Give the beginning of a text in one form of its characters (NFKC, no vowel marks, digits 0 to 9)."""
    cut = unicodedata.normalize("NFKC", text[:longest])[:longest].replace(_TATWEEL, "")
    if cut.isascii():
        return cut
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in cut)


def tokens(text: str) -> list[str]:
    """Split a `plain` text into words and numbers as they stand."""
    return _WORD.findall(text)


def headline(text: str) -> str:
    """Guess the headline of a text that begins with one: to the first break of 20 to 160 characters."""
    found = _HEADLINE.search(text, 20, 160)
    if found:
        return text[: found.start()]
    return text if len(text) <= 90 else text[:90].rpartition(" ")[0] or text[:90]


def sentences(text: str) -> list[str]:
    """Split a text where a sentence, a line or a wide gap ends."""
    return [part for part in (each.strip() for each in _SENTENCE.split(text)) if part]


def number(token: str) -> str:
    """Give a number in one form: ``1,200``, ``1.200`` and ``1200`` are one."""
    if _GROUPED.fullmatch(token):
        return re.sub(r"[.,٬]", "", token)
    return token.replace("٫", ".").replace(",", ".")


def bare(word: str) -> str:
    """Take case and marks off a word."""
    lower = word.lower()
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFD", lower) if unicodedata.category(c) != "Mn")


def light(word: str) -> str:
    """Take the article, joined particles and one ending off an Arabic word (after Larkey et al., 2002)."""
    word = word.translate(_ALEF)
    for start in _STARTS:
        if word.startswith(start) and len(word) - len(start) >= 3:
            word = word[len(start) :]
            break
    else:
        if word.startswith("و") and len(word) >= 5:
            word = word[1:]
    for end in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= 3:
            return word[: -len(end)]
    return word


def term(token: str) -> str:
    """Give the term that a word or number counts as; empty for one letter."""
    return _known_term(token) if len(token) <= _SHORT else _term(token)


def _term(token: str) -> str:
    if token[0].isdigit():
        return number(token)
    word = bare(light(token) if _ARABIC.match(token) else token)
    return word[:CUT] if len(word) > 1 else ""


# The same words come again and again: reading one takes ten times as long as remembering it.
_known_term = lru_cache(_REMEMBERED)(_term)


def words(found: list[str]) -> list[str]:
    """Give the terms of tokens; scripts without spaces by pairs of their letters."""
    terms: list[str] = []
    for token in found:
        if _UNSPACED.match(token):
            terms += [token[i : i + 2] for i in range(max(1, len(token) - 1))]
        elif short := term(token):
            terms.append(short)
    return terms


def grams(found: list[str]) -> list[str]:
    """Give the runs of 3 to 5 letters of each word, its edges marked."""
    runs: list[str] = []
    for token in found:
        edged = f" {token.lower()[:40]} "
        for size in (3, 4, 5):
            runs += [edged[i : i + size] for i in range(len(edged) - size + 1)]
    return runs


def names(text: str) -> list[str]:
    """Give capitalised words, pairs of them side by side, and numbers of a `plain` text."""
    terms: list[str] = []
    before, end = "", -9
    for found in _WORD.finditer(text):
        token = found.group()
        if token[0].isdigit():
            terms.append(number(token))
            before = ""
        elif token[0].isupper():
            word = token.lower()[:40]
            terms.append(word)
            if before and found.start() - end <= 1:
                terms.append(f"{before} {word}")
            before, end = word, found.end()
        else:
            before = ""
    return terms


def runs(text: str) -> Iterator[list[str]]:
    """Give the words of a `plain` text as they stand, capitalised ones side by side together (up to four)."""
    run: list[str] = []
    end = -9
    for found in _WORD.finditer(text):
        token = found.group()
        if run and (not token[0].isupper() or found.start() - end > 1 or len(run) == 4):
            yield run
            run = []
        if token[0].isupper():
            run.append(token)
            end = found.end()
        else:
            yield [token]
    if run:
        yield run


# Sounds that alphabets keep apart or run together are one class here; vowels are left out. Classes follow
# the romanisations of the United Nations (UNGEGN) for Arabic and Russian, made coarse.
_CLASSES = {
    "b": "bpبпбپ",
    "t": "tdتدطضثذтд",
    "k": "kgqcxخكقغكгкхگحڤ",
    "s": "szسصزظشجжзсцчшщjچژ",
    "f": "fvwфвف",
    "m": "mмم",
    "n": "nнن",
    "l": "lлل",
    "r": "rрر",
}
_CLASS = {letter: sound for sound, letters in _CLASSES.items() for letter in letters}
_PAIRS = (("sch", "s"), ("tch", "s"), ("ch", "s"), ("sh", "s"), ("ph", "f"), ("th", "t"), ("kh", "k"))
_SOFT = (("ce", "se"), ("ci", "si"), ("cy", "sy"), ("ge", "je"), ("gi", "ji"))


def skeleton(word: str) -> str:
    """Give the classes of a name's consonants in order: one for a name written in several alphabets."""
    flat = bare(word).replace("تش", "ش")
    if flat.isascii():
        for written, sound in (*_PAIRS, *_SOFT):
            flat = flat.replace(written, sound)
    sounds = [_CLASS[c] for c in flat if c in _CLASS]
    return "".join(sound for i, sound in enumerate(sounds) if i == 0 or sound != sounds[i - 1])


def alphabet(text: str) -> str:
    """Name the alphabet that most of a text's first letters are of ("LATIN", "ARABIC"); empty without any."""
    found = Counter(_alphabet(c) for c in text[:300] if c.isalpha())
    return found.most_common(1)[0][0] if found else ""


@lru_cache(maxsize=4096)
def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "?").partition(" ")[0]


def crossing(text: str) -> Iterator[str]:
    """Give what a `plain` text shares with one in another alphabet: skeletons of names, and numbers.

    Where an alphabet has capitals only capitalised words are names; elsewhere every word may be one.
    """
    for token in _WORD.findall(text):
        found = _known_bones(token) if len(token) <= _SHORT else _bones(token)
        if found:
            yield found


def _bones(token: str) -> str:
    """Give what one word or number shares across alphabets; empty where it is too little."""
    if token[0].isdigit():
        return number(token) if len(token) > 1 else ""
    if not (token[0].isupper() or _ARABIC.match(token)):
        return ""
    word = token.translate(_ALEF)
    for start in ("وال", "بال", "لل", "ال"):
        if word.startswith(start) and len(word) - len(start) >= 3:
            word = word[len(start) :]
            break
    found = skeleton(word)
    return f"~{found}" if len(found) >= 3 else ""


_known_bones = lru_cache(_REMEMBERED)(_bones)
