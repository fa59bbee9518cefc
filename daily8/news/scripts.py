"""Tell by its letters in which scripts a text is written, and which languages that leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST = 2000
"""Characters of a text that are looked at."""

_RANGES = {
    "Latin": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "Arabic": "\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
    "\ufb50-\ufdff\ufe70-\ufefc",
    "Cyrillic": "\u0400-\u052f",
    "Han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "Kana": "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff",
    "Hangul": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "Greek": "\u0370-\u03ff\u1f00-\u1fff",
    "Hebrew": "\u05d0-\u05f2",
    "Thai": "\u0e01-\u0e4e",
    "Lao": "\u0e81-\u0ecd",
    "Devanagari": "\u0904-\u0963\u0971-\u097f",
    "Bengali": "\u0985-\u09e3\u09f0\u09f1",
    "Gurmukhi": "\u0a05-\u0a74",
    "Gujarati": "\u0a85-\u0ae3",
    "Oriya": "\u0b05-\u0b63",
    "Tamil": "\u0b83-\u0bcd",
    "Telugu": "\u0c05-\u0c63",
    "Kannada": "\u0c85-\u0ce3",
    "Malayalam": "\u0d05-\u0d63",
    "Sinhala": "\u0d85-\u0df3",
    "Myanmar": "\u1000-\u103f\u1050-\u109f",
    "Georgian": "\u10a0-\u10ff\u1c90-\u1cbf",
    "Armenian": "\u0531-\u0587",
    "Ethiopic": "\u1200-\u137f",
    "Khmer": "\u1780-\u17d3",
    "Tibetan": "\u0f40-\u0fbc",
}
_ANY = re.compile("|".join(f"(?P<{name}>[{span}]+)" for name, span in _RANGES.items()))

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "Arabic": ("ar", "fa", "ur", "ps", "ckb", "ug", "sd"),
    "Cyrillic": ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt", "ba"),
    "Han": ("zh", "ja"),
    "Kana": ("ja",),
    "Hangul": ("ko",),
    "Greek": ("el",),
    "Hebrew": ("he", "yi"),
    "Thai": ("th",),
    "Lao": ("lo",),
    "Devanagari": ("hi", "mr", "ne"),
    "Bengali": ("bn", "as"),
    "Gurmukhi": ("pa",),
    "Gujarati": ("gu",),
    "Oriya": ("or",),
    "Tamil": ("ta",),
    "Telugu": ("te",),
    "Kannada": ("kn",),
    "Malayalam": ("ml",),
    "Sinhala": ("si",),
    "Myanmar": ("my",),
    "Georgian": ("ka",),
    "Armenian": ("hy",),
    "Ethiopic": ("am", "ti"),
    "Khmer": ("km",),
    "Tibetan": ("dz", "bo"),
}
"""The languages of news that a script is used for, the most read first; all others use Latin letters."""
IN_LATIN_TOO = frozenset({"sr", "az", "uz", "kk", "ku", "tk"})
"""Languages of other scripts that are written in Latin letters as well."""

_NEVER_LATIN = frozenset({"sa", "grc", "hbo"})

_LETTERS: Mapping[str, Mapping[str, str]] = {
    # Letters that only these languages use, of those that share the script (CLDR exemplar characters).
    "Arabic": {
        "ur": "ٹڈڑںھےۓہ",
        "fa": "ۀ",
        "fa ur ps ckb ug": "پچژگ",
        "fa ur ps": "ی",
        "fa ur ckb ug": "ک",
        "ar": "ةىإ",
        "ar fa": "أؤ",
        "ar ps ug sd": "يك",
        "ps": "ټډړږښڅځڼېۍ",
        "ckb": "ڕڵێۆە",
        "ug": "ڭۇۈۋە",
        "sd": "ٻڀٺٿڄڃڇڏڊڙڳڱڪ",
    },
    "Cyrillic": {
        "uk": "їєґЇЄҐ",
        "uk be kk": "іІ",
        "be": "ўЎ",
        "sr": "ђћЂЋ",
        "sr mk": "љњџјЉЊЏЈ",
        "mk": "ѓќѕЃЌЅ",
        "ru be kk ky mn tg tt ba": "эЭё",
        "ru be kk ky mn tt ba": "ыЫ",
        "ru bg kk ky tg tt ba mn": "ъЪ",
        "ru uk bg be kk ky mn tt ba": "щЩюЮяЯьЬ",
        "kk": "әғқңұһӘҒҚҢҰҺ",
        "ky mn tt ba": "өүӨҮ",
        "tg": "ӣӯҳҷӢӮҲҶ",
    },
    "Devanagari": {"mr": "ळ"},
    "Bengali": {"as": "ৰৱ"},
}
_FOREIGN = 0.15
"""What a letter that a language does not use leaves of its likelihood: names and slips have such letters."""
_MOST_LETTERS = 6


def scripts(text: str) -> dict[str, int]:
    """Count the letters of each script in the beginning of a text; marks, digits and signs are of none."""
    counts: dict[str, int] = {}
    for found in _ANY.finditer(text[:MOST]):
        name = found.lastgroup or ""
        counts[name] = counts.get(name, 0) + len(found[0])
    return counts


def main_script(counts: Mapping[str, int]) -> str:
    """Give the script that most is written in; a character of Han or Hangul says as much as two letters.

    Japanese is written in Han with some kana; Latin letters in another script are names.
    """
    weight = {name: n * (2 if name in ("Han", "Hangul", "Kana") else 1) for name, n in counts.items()}
    if weight.get("Kana", 0) * 12 >= weight.get("Han", 0) > 0:
        weight["Kana"] = weight.get("Kana", 0) + weight.pop("Han")
    if len(weight) > 1 and "Latin" in weight:
        weight["Latin"] = weight["Latin"] // 2
    return max(weight, key=lambda name: (weight[name], name), default="")


def by_letters(text: str, script: str) -> dict[str, float]:
    """Give the languages of a script with what the letters of a text leave of each, 1 at most."""
    left = dict.fromkeys(LANGUAGES.get(script, ()), 1.0)
    for names, letters in _LETTERS.get(script, {}).items():
        users = names.split()
        seen = min(_MOST_LETTERS, sum(text.count(letter, 0, MOST) for letter in letters))
        for name in left if seen else ():
            if name not in users:
                left[name] *= _FOREIGN**seen
    most = max(left.values(), default=1.0)
    return {name: value / most for name, value in left.items()}


def writes(language: str, script: str) -> bool:
    """Say whether a language is written in a script, as far as is known."""
    if language in LANGUAGES.get(script, ()):
        return True
    if script == "Han" and language in ("ko", "yue"):
        return language == "yue"
    others = language in _NEVER_LATIN or any(language in names for names in LANGUAGES.values())
    return script == "Latin" and (not others or language in IN_LATIN_TOO)
