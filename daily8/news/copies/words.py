"""Read a text as the words that a copy of it would keep: typography, credits and edges taken off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from daily8.news.typography import mended

Words = npt.NDArray[np.uint32]
"""One number a word, in order: a checksum, with `NUMBER` and `QUOTED` in its lowest bits."""

NUMBER = 1
QUOTED = 2
MOST_CHARACTERS = 40_000
"""Of a text that are read; some 6,500 words, more than nearly all articles have."""
MOST_TITLE = 400
MOST_PARAGRAPHS = 600
_EDGE = 4
"""Paragraphs at either end among which credits and notes stand."""
_LEAST_EDGE = 5
_LONG = 1500
_REMEMBERED = 40
"""Letters of the longest word whose number is remembered."""
_FEW = 22
"""Words that a credit or a note has at most."""

_MARKS = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069]"
)
_APOSTROPHES = re.compile(r"['’‘ʼ`´](?<=\w.)(?=\w)")
_SAME = tuple(zip("ىیےةۀھہکٱ", "يييههههكا", strict=True))
"""Letters of the Arabic script that keyboards and houses write one for another."""
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_GROUPED = re.compile(r"(\d)[,٬’' \u00a0\u202f](?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+(?:[.,:٫]\d+)*|[^\W_]+")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
_SPOKEN = re.compile(r"(“[^“”]{12,1500}”|„[^“”„]{12,1500}[“”]|«[^«»]{12,1500}»|\"[^\"\n]{12,1500}\")")
_CLOCK = re.compile(r"\W{0,3}\d{1,2}[:.h]\d{2}\b")

_LIVE = re.compile(
    r"\blive\b.{0,12}[:|–-]|\blive (?:blog|updates?)|[:|–-]\s*live\b|مباشر\s?[:|–-]|لحظة "
    r"بلحظة|تغطية (?:حية|مباشرة)",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    # CITY, Country (Agency) — ; City, 3 March (Agency) - ; CITY —
    r"\s*(?:[^\W\d_][^\n()—–]{0,50}?\([^()\n]{1,30}\)\s?[-—–:]+\s"
    r"|[^\W\d_a-z](?:[^\W\d_a-z]|[ .,'’-]){2,40}(?:,\s[^\n()—–.]{1,30})?\s?(?:—|–|--|\s-)\s*"
    # المدينة - الوكالة - ; المدينة/ الوكالة:
    r"|(?:[\u0600-\u06ff][\u0600-\u06ff .\"«»]{1,28}\s?[-–—/]\s?){1,2}"
    r"(?:[\u0600-\u06ff][\u0600-\u06ff .]{1,20}:\s)?(?=[\u0600-\u06ff«\"])"
    r"|\([^()\n]{2,30}\)\s*[-—–:]\s)"
)
_CREDIT = re.compile(
    r"[\W_]*(?:by\s|text by|story by|reporting by|additional reporting|writing by|edit(?:ed|"
    r"ing) by|source\s?:|via\s"
    r"|from our|agenc(?:y|ies)\b|with (?:files|agencies|reporting|inputs?)\b|staff (?:writer|"
    r"reporter)|photo|image"
    r"|©|\(c\)|copyright|all rights reserved|this (?:article|story|report|piece) (?:was|is|"
    r"first|originally|appeared)"
    r"|(?:first|originally) (?:published|appeared)|the post\b.*\bappeared|read (?:more|also|next|the full)"
    r"|continue reading|see also|related\s?:|follow us|follow .{1,30} on\b|subscribe|sign up|"
    r"join our|click here|share this|advertisement"
    r"|published\s|updated\s|last (?:updated|modified)|posted\s"
    r"|von\s|par\s|por\s|di\s|quelle\s?:|fuente\s?:|avec (?:afp|agences)|lire aussi|leer más|weiterlesen"
    r"|بقلم|كتب(?:ت)?\s?[:-]|تحرير|إعداد|المصدر|مصدر\s?:|عن\s+\S+$|نقلا|نقلاً|وكالات|الوكالات|"
    r"مع وكالات|تصوير|خاص\s?[-:]"
    r"|اقرأ\s|إقرأ|اقرئي|طالع|شاهد أيض|تابعو?ا?نا|تابع\s|اشترك|جميع الحقوق|حقوق النشر|نشر "
    r"(?:في|هذا|لأول)|للمزيد|المزيد\s?[:.…]|إعلان\b"
    r"|آخر تحديث|ظهرت المقالة)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s*(?:\[?(?:…|\.\.\.)\]?|read more|continue reading|more|اقرأ المزيد|المزيد|→|»|›|>|"
    r"\([^()]{2,40}\)))+\W{0,3}$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s+[|·–—-]\s+([^|·–—\d]{2,40})$")
_PREFIX = re.compile(
    r"\s*(?:breaking|update(?:d)?(?:\s\d)?|exclusive|video|watch|photos?|عاجل|بالفيديو|بالصور|"
    r"فيديو|خاص|محدث)\s*[:|\-–—]\s*",
    re.IGNORECASE,
)


def folded(text: str) -> str:
    """Give a text in the letters by which it is compared: no case, accents or vowel marks."""
    if text.isascii():
        return _GROUPED.sub(r"\1", _APOSTROPHES.sub("", text.casefold()))
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", mended(text))).casefold()
    for letter, plainer in _SAME:
        plain = plain.replace(letter, plainer)
    plain = _APOSTROPHES.sub("", plain)
    plain = _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.digit(found[0], 0)), plain)
    return _GROUPED.sub(r"\1", plain)


def tokens(text: str) -> list[str]:
    """Give the words of a text, folded; scripts that set no spaces give their pairs of characters."""
    return _parted(folded(text))


def _parted(text: str) -> list[str]:
    found = _WORD.findall(text)
    if not _UNSPACED.search(text):
        return found
    return [part for word in found for part in _pairs(word)]


def _pairs(word: str) -> list[str]:
    if len(word) < 3 or not _UNSPACED.search(word):
        return [word]
    return [word[i : i + 2] for i in range(len(word) - 1)]


def numbered(words: list[str], flags: int = 0) -> list[int]:
    """Give each word as a number, those with a digit marked, and all with ``flags``."""
    found = [(_number if len(word) <= _REMEMBERED else _number.__wrapped__)(word) for word in words]
    return [word | flags for word in found] if flags else found


@lru_cache(maxsize=1 << 16)
def _number(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass")) & ~3 | (not word.isalpha())


def title_words(title: str) -> Words:
    """Give the words of a headline without the house's name behind it and a label before it."""
    head = " ".join(title[:MOST_TITLE].split())
    head = head[found.end() :] if (found := _PREFIX.match(head)) else head
    cut = _SUFFIX.search(head)
    if cut and len(cut[1].split()) <= 4 and len(tokens(head[: cut.start()])) >= 5:
        head = head[: cut.start()]
    return np.array(numbered(tokens(head)), np.uint32)


def paragraphs(text: str, title: str = "") -> list[str]:
    """Give the paragraphs that tell something: credits, notes at the edges, dateline and title taken off."""
    rows = [row for line in text[:MOST_CHARACTERS].split("\n")[:MOST_PARAGRAPHS] if (row := line.strip())]
    if title and len(rows) > 1 and len(rows[0]) < MOST_TITLE and folded(rows[0]) == folded(title.strip()):
        rows = rows[1:]
    first, last = 0, len(rows)
    while first < min(_EDGE, last - 1) and _is_note(rows[first]):
        first += 1
    while last - 1 > first and len(rows) - last < _EDGE and _is_note(rows[last - 1]):
        last -= 1
    kept = rows[first:last]
    if kept:
        found = _DATELINE.match(kept[0][:120])
        kept[0] = kept[0][found.end() :] if found else kept[0]
        kept[-1] = kept[-1][:-200] + _TAIL.sub("", kept[-1][-200:])
    return kept


def _is_note(row: str) -> bool:
    if len(row) > 300:
        return False
    count = len(row.split())
    if count <= 2:
        return not _UNSPACED.search(row) and not any(c.isdigit() for c in row)
    return count <= _FEW and _CREDIT.match(row) is not None


def folded_rows(rows: list[str]) -> list[str]:
    """Fold paragraphs, all at once."""
    return folded("\n".join(rows)).split("\n") if rows else []


def body_words(rows: list[str]) -> Words:
    """Give the words of folded paragraphs, those inside quotation marks marked."""
    text = "\n".join(rows)
    pieces = _SPOKEN.split(text) if any(mark in text for mark in '"“„«') else [text]
    found: list[int] = []
    for place, piece in enumerate(pieces):
        found += numbered(_parted(piece), QUOTED if place % 2 else 0)
    return np.array(found, np.uint32)


def edge_keys(rows: list[str]) -> list[int]:
    """Give a number for each folded paragraph that stands where boilerplate does, 0 for any other.

    Short ones have none: they would be known again where they tell something.
    """
    count = len(rows)
    return [_row_key(row) if place < 2 or place >= count - _EDGE else 0 for place, row in enumerate(rows)]


def _row_key(row: str) -> int:
    words = _parted(row) if len(row) < _LONG else []
    return crc32(" ".join(words).encode("utf-8", "surrogatepass")) if len(words) >= _LEAST_EDGE else 0


def is_live(title: str, rows: list[str]) -> bool:
    """Say whether a text is told by the clock: three of its paragraphs or more begin with a time."""
    return sum(1 for row in rows if _CLOCK.match(row)) >= 3 or _LIVE.search(title[:MOST_TITLE]) is not None


def runs(mask: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Give the (start, end) of each run of ``True``."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
