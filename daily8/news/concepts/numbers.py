"""Read numbers, scores, money's size and dates so that all languages write them alike.

Keys: ``number:47``, ``number:9.8`` (a decimal comma is a point), ``score:1-3`` (the smaller first, since
headlines turn sides round), ``date:7-23`` (month and day). Words for numbers count up to twelve, and as
factors (million).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from daily8.news.gazetteer import tables
from daily8.news.gazetteer.folding import Word, fold, readings

_NUMBER = re.compile(
    r"(?<![\d.,:])(\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?!\d)|\d{1,9}(?:[.,]\d{1,3})?)(?![\d])"
)
_SCORE = re.compile(r"(?<![\d.,:\-])(\d{1,3})\s?[-–:]\s?(\d{1,3})(?![\d.,:\-])")
_DIGITS = {ord(chr(zero + digit)): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)} | {
    0x66B: ".",
    0x66C: ",",
}
_MOST = 24
"""Numbers of one text that are read."""
_WORDS = {
    2: "two|اثنان|اثنين|двое|два|две|двух|deux|dos|zwei|dois|duas|due|dva|dve|iki",
    3: "three|ثلاثة|ثلاث|три|трое|трех|trois|tres|drei|tre|tri|trije|uc",
    4: "four|أربعة|أربع|четыре|четверо|четырех|quatre|cuatro|vier|quatro|quattro|stiri|stirje|dort",
    5: "five|خمسة|خمس|пять|пяти|cinq|cinco|funf|cinque|pet|bes",
    6: "six|ستة|ست|шесть|шести|seis|sechs|sei|sest|alti",
    7: "seven|سبعة|سبع|семь|семи|sept|siete|sieben|sete|sette|sedem|yedi",
    8: "eight|ثمانية|ثماني|восемь|восьми|huit|ocho|acht|oito|otto|osem|sekiz",
    9: "nine|تسعة|تسع|девять|девяти|neuf|nueve|neun|nove|devet|dokuz",
    10: "ten|عشرة|عشر|десять|десяти|dix|diez|zehn|dez|dieci|deset",
    11: "eleven|أحد عشر|одиннадцать|onze|once|elf|undici|enajst",
    12: "twelve|اثنا عشر|двенадцать|douze|doce|zwolf|doze|dodici|dvanajst",
}  # fmt: skip
_FACTORS = {
    1_000: ("thousand", "тысяч", "тыс", "mille", "mil", "tausend", "mila", "tisoc", "bin", "الف", "الاف"),
    1_000_000: (
        "million", "millions", "миллион", "миллионов", "миллиона", "млн", "millon", "millones", "millionen",
        "mio", "milhao", "milhoes", "milione", "milioni", "milijon", "milijonov", "milyon", "مليون", "ملايين",
    ),
    1_000_000_000: (
        "billion", "billions", "bn", "миллиард", "миллиардов", "миллиарда", "млрд", "milliard", "milliards",
        "milliarde", "milliarden", "mrd", "bilhao", "bilhoes", "miliardo", "miliardi", "milijarda",
        "milijard",
        "milyar", "مليار", "مليارات",
    ),
}  # fmt: skip
_FACTOR = {word: factor for factor, words in _FACTORS.items() for word in words}


def ascii_digits(text: str) -> str:
    """Write all Arabic-Indic digits and separators of a text as ASCII."""
    return text if text.isascii() else text.translate(_DIGITS)


def numbers(text: str, told: Sequence[Word], language: str) -> list[str]:
    """Give the keys of all that a text counts, in order: see the head of this module."""
    text = ascii_digits(text)
    found: set[str] = set()
    if any(letter.isdigit() for letter in text):
        found.update(_scores(text))
        found.update(_written(_SCORE.sub(" ", text)))
        found.update(_dates(told, language))
    found.update(_words(told))
    return sorted(found)


def _scores(text: str) -> Iterator[str]:
    for count, match in enumerate(_SCORE.finditer(text)):
        if count >= _MOST:
            return
        low, high = sorted((int(match[1]), int(match[2])))
        yield f"score:{low}-{high}"


def _written(text: str) -> Iterator[str]:
    for count, match in enumerate(_NUMBER.finditer(text)):
        if count >= _MOST:
            return
        value = _value(match[1])
        after = re.match(r"[^\W\d_]+", text[match.end() : match.end() + 24].lstrip())
        yield f"number:{value * _FACTOR.get(fold(after[0]), 1) if after else value:.12g}"


def _value(written: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+", written):
        return float(re.sub(r"\D", "", written))
    return float(written.replace(",", "."))


def _words(told: Sequence[Word]) -> Iterator[str]:
    known = _counted()
    for word in told:
        value = known.get(word.folded)
        if value:
            yield f"number:{value}"


def _dates(told: Sequence[Word], language: str) -> Iterator[str]:
    known = _months(language if language in tables.LANGUAGES else "en")
    for at, word in enumerate(told):
        month = next((known[form] for form in readings(word.folded) if form in known), None)
        if month is None:
            continue
        for near in (at - 1, at + 1, at - 2):
            day = told[near].folded if 0 <= near < len(told) else ""
            day = re.sub(r"(?<=\d)(st|nd|rd|th|er)$", "", day)
            if day.isascii() and day.isdigit() and len(day) < 3 and 0 < int(day) < 32:
                yield f"date:{month}-{int(day)}"
                break


@cache
def _counted() -> dict[str, int]:
    return {fold(word): value for value, words in _WORDS.items() for word in words.split("|")}


@cache
def _months(language: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in tables.rows("daily8.news.gazetteer", "months.tsv"):
        for form in tables.forms(row[language]):
            found.setdefault(form, int(row["month"]))
    return found
