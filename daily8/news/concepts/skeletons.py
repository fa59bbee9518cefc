"""Write names of all scripts as the consonants that survive transliteration.

A name keeps its consonants, roughly, on its way between Arabic, Cyrillic, Greek, Hebrew and Latin
letters, and loses its vowels: Biles, Байлз and بايلز are all ``BLS``. Letters that writers of other scripts
cannot tell apart become one class; letters that have two ways (х is *h* or *kh*, *w* is Cyrillic в or a vowel) give two skeletons.
"""

from __future__ import annotations

import re
from functools import lru_cache

LEAST = 3
"""Consonants of a skeleton that says something."""
LONGEST = 12

# ruff: noqa: E501
_CLASSES: dict[str, str] = {
    **dict.fromkeys("bp", "B"), **dict.fromkeys("fv", "F"), **dict.fromkeys("kqgcj", "K"),
    **dict.fromkeys("td", "T"), **dict.fromkeys("sz", "S"), "l": "L", "r": "R", "m": "M", "n": "N", "x": "KS",
    "w": "W", "h": "", "y": "",
    # Arabic and Persian, folded
    "ب": "B", "ف": "F", "ت": "T", "ط": "T", "د": "T", "ض": "T", "ث": "T", "ذ": "S", "ظ": "S", "ز": "S",
    "س": "S", "ص": "S", "ش": "C", "ج": "K", "ق": "K", "ك": "K", "غ": "K", "خ": "K", "ل": "L", "ر": "R",
    "م": "M", "ن": "N",
    # Cyrillic
    "б": "B", "п": "B", "в": "F", "ф": "F", "т": "T", "д": "T", "с": "S", "з": "S", "ц": "S", "ш": "C",
    "щ": "C", "ч": "C", "к": "K", "г": "K", "ж": "K", "х": "H", "л": "L", "р": "R", "м": "M", "н": "N",
    "ћ": "C", "ђ": "K", "џ": "K", "ґ": "K",
    # Greek
    "β": "F", "γ": "K", "δ": "T", "ζ": "S", "θ": "T", "κ": "K", "λ": "L", "μ": "M", "ν": "N", "ξ": "KS",
    "π": "B", "ρ": "R", "σ": "S", "ς": "S", "τ": "T", "φ": "F", "χ": "H", "ψ": "BS",
    # Hebrew
    "ב": "B", "ג": "K", "ד": "T", "ז": "S", "ח": "H", "ט": "T", "כ": "K", "ך": "K", "ל": "L", "מ": "M", "ם": "M",
    "נ": "N", "ן": "N", "ס": "S", "פ": "B", "ף": "F", "צ": "S", "ץ": "S", "ק": "K", "ר": "R", "ש": "C", "ת": "T",
}  # fmt: skip
_DIGRAPHS = (
    ("tsch", "š"), ("tch", "š"), ("sch", "š"), ("sh", "š"), ("ch", "š"), ("cz", "š"), ("ph", "f"), ("th", "t"),
    ("kh", "k"), ("gh", "k"), ("ck", "k"), ("qu", "k"), ("dj", "j"), ("dzh", "j"), ("ts", "s"), ("tz", "s"),
    ("ce", "se"), ("ci", "si"), ("cy", "sy"),
    ("дж", "ж"), ("тс", "с"), ("кс", "ks"), ("تش", "ش"), ("دج", "ج"), ("كس", "ks"), ("تس", "س"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_ENDINGS = re.compile("(?:ами|ями|ого|его|ому|ему|ом|ем|ым|им|ой|ей|ов|ам|ях|ах)$")
_VOWELS = frozenset("aeiouaehاهحعуеыаоэяиюеαεηιουωאהעі")


@lru_cache(maxsize=1 << 16)
def skeletons(word: str) -> tuple[str, ...]:
    """Give the skeletons of one folded word, at most four, with and without a Russian ending; none where too little is left."""
    if "а" <= word[:1] <= "я" and len(word) > 7:
        bare = _ENDINGS.sub("", word)
        if bare != word:
            return tuple(dict.fromkeys((*_skeletons(word)[:2], *_skeletons(bare)[:2])))
    return _skeletons(word)


def _skeletons(word: str) -> tuple[str, ...]:
    lead = "A" if word[:1] in _VOWELS else ""
    for many, one in _DIGRAPHS:
        if many in word:
            word = word.replace(many, one)
    raw = ("W" if word[:1] == "و" else "") + "".join(
        "C" if letter == "š" else _CLASSES.get(letter, "") for letter in word
    )
    forms = [raw]
    for letter, others in (("W", ("", "F")), ("H", ("K", "A" if raw[:1] == "H" else ""))):
        forms = [
            form.replace(letter, other)
            for form in forms
            for other in (others if letter in form else (letter,))
        ]
    found = [(lead if form[:1] != "A" else "") + _TWICE.sub(r"\1", form) for form in forms]
    return tuple(dict.fromkeys(form[:LONGEST] for form in found if len(form.lstrip("A")) >= LEAST))[:3]
