"""Consonant skeletons: what is left of a name when it is written in another script.

Vowels, weak letters and doubled ones go, and consonants that scripts do not tell apart become one: *Putin*,
*Путин* and بوتين all are ``BTN``.
"""

from __future__ import annotations

LEAST, LONGEST = 3, 6

_LATIN = str.maketrans(
    {
        **dict.fromkeys("bp", "B"),
        **dict.fromkeys("fv", "F"),
        **dict.fromkeys("ckq", "K"),
        **dict.fromkeys("gj", "G"),
        **dict.fromkeys("szßx", "S"),
        **dict.fromkeys("tþ", "T"),
        **dict.fromkeys("dð", "D"),
        **dict.fromkeys("lł", "L"),
        **dict.fromkeys("r", "R"),
        **dict.fromkeys("m", "M"),
        **dict.fromkeys("n", "N"),
        **dict.fromkeys("aeiouyhw", None),
    }
)
_PAIRS: tuple[tuple[str, str], ...] = (
    ("sch", "C"),
    ("tch", "C"),
    ("sh", "C"),
    ("ch", "C"),
    ("ph", "F"),
    ("kh", "K"),
    ("gh", "G"),
)
_PAIRS += (("th", "T"), ("ts", "S"), ("zh", "G"), ("ck", "K"), ("ce", "S"), ("ci", "S"), ("x", "KS"))
_ARABIC = str.maketrans(
    {
        **dict.fromkeys("بپ", "B"),
        **dict.fromkeys("فڤ", "F"),
        **dict.fromkeys("كقکخ", "K"),
        **dict.fromkeys("غجگ", "G"),
        **dict.fromkeys("سصزظ", "S"),
        **dict.fromkeys("تطث", "T"),
        **dict.fromkeys("دضذ", "D"),
        **dict.fromkeys("شچژ", "C"),
        "ل": "L",
        "ر": "R",
        "م": "M",
        "ن": "N",
        **dict.fromkeys("اأإآىيیوؤئءةهحعۀ", None),
    }
)
_CYRILLIC = str.maketrans(
    {
        **dict.fromkeys("бп", "B"),
        **dict.fromkeys("вф", "F"),
        **dict.fromkeys("кх", "K"),
        **dict.fromkeys("гґжђј", "G"),
        **dict.fromkeys("сзц", "S"),
        **dict.fromkeys("т", "T"),
        **dict.fromkeys("д", "D"),
        **dict.fromkeys("чшщћ", "C"),
        **dict.fromkeys("лљ", "L"),
        "р": "R",
        "м": "M",
        **dict.fromkeys("нњ", "N"),
        **dict.fromkeys("аеёиоуыэюяйьъіїєў", None),
    }
)


def skeleton(word: str) -> str:
    """Give the skeleton of a folded word that is not empty; an empty one where too little is left."""
    found = _drawn(word)
    kept = "".join(c for n, c in enumerate(found) if c.isascii() and (n == 0 or c != found[n - 1]))
    return kept[:LONGEST] if len(kept) >= LEAST else ""


def _drawn(word: str) -> str:
    first = word[0]
    if first < "\u0250":
        for pair, sign in _PAIRS:
            if pair in word:
                word = word.replace(pair, sign)
        return word.translate(_LATIN)
    if "\u0400" <= first <= "\u052f":
        return word.translate(_CYRILLIC)
    return word.translate(_ARABIC) if "\u0620" <= first <= "\u06ff" else ""
