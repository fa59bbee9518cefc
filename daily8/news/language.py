"""Name the language of a text: by its tag, and where there is none by the text itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel.core import get_global

from daily8.news.scripts import MOST, by_letters, main_script, scripts, writes

_SUBTAG = re.compile(r"[a-z]{2,8}", re.ASCII)
_LEAST = 20
"""Letters below which a text alone says nothing."""
_CERTAIN = 0.8
_MUCH = 60
"""Letters of a body from which its headline is not asked: that may quote another language."""
_FEW = 12
"""Letters of a block below which it is a name or a label."""
_CLAUSE, _SENTENCE = 24, 40
"""Letters of a block from which it may be in another language of its script: where plain, where likely."""
_NEVER, _HARDLY = 0.002, 0.02
"""Certainty of the article's own language at which such a block is taken for another's."""
_STATED = (30.0, 10.0)
"""How much more likely the language is that the page states, and the one that its source states."""
_FLOOR = 1e-7
_UNKNOWN = 0.5
_LABELS = {
    "no": "nb",
    "wuu": "zh",
    "yue": "zh",
    "sdh": "ckb",
    "ary": "ar",
    "arz": "ar",
    "sh": "hr",
    "uzs": "uz",
}
"""What is counted as one language here."""
_RARE = 0.01
"""Weight of a language that has an ISO 639-3 code only: creoles, dialects, dead languages."""
_WEIGHTS = {
    # Neighbours that a model takes for each other, by the news that there is in each (an estimate).
    "bs": 0.3,
    "nn": 0.1,
    "ms": 0.3,
    "gl": 0.1,
    "mk": 0.3,
    "be": 0.2,
    "af": 0.3,
    "tk": 0.05,
    "tt": 0.05,
    "ba": 0.02,
    "jv": 0.05,
    "fy": 0.02,
    "lb": 0.1,
    "ht": 0.1,
    "oc": 0.02,
    "an": 0.01,
    "wa": 0.01,
    "br": 0.02,
    "eo": 0.05,
    "la": 0.02,
    "vo": 0.001,
    "se": 0.02,
    "fo": 0.1,
    "mt": 0.3,
    "gd": 0.05,
    "kk": 0.3,
    "ky": 0.3,
    "ug": 0.1,
    "ps": 0.3,
    "sd": 0.1,
    "ckb": 0.3,
    "yi": 0.05,
    "as": 0.2,
    "ti": 0.1,
    "ja": 0.5,
    "fil": 1.0,
    "tl": 1.0,
    "qu": 0.02,
    "gn": 0.02,
}


def primary(tag: str | None) -> str:
    """Give the primary language of a BCP 47 tag, in lower case: what editions are made of."""
    first = (tag or "").replace("_", "-").partition("-")[0].strip().lower()
    return first if _SUBTAG.fullmatch(first) else ""


def code(tag: str | None) -> str:
    """Give the primary language of a tag in its shortest form (``eng`` and ``en-GB`` are ``en``).

    Three-letter codes are shortened by the aliases of Unicode's CLDR.
    """
    found = primary(tag)
    return primary(get_global("language_aliases").get(found)) or found


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language, and how sure that is."""

    language: str
    """Primary code, ISO 639-1 where there is one; empty where nothing tells."""
    certainty: float
    """Between 0 and 1."""


def detect(text: str) -> str:
    """Give the language that a text is surely written in (ISO 639-1), or the empty string."""
    if _letters(scripts(text)) < _LEAST:
        return ""
    found = guess(text)
    return found.language if found.certainty >= _CERTAIN else ""


def of_article(title: str, text: str, stated: Sequence[str | None] = ()) -> Spoken:
    """Give the language of an article by its words and by what is stated of it.

    ``stated`` are tags: what the page says, then what its source says, as far as they say it. They count for
    more the less there is to read, and for nothing against another script or a long text.
    """
    tags = [code(tag) for tag in stated if tag]
    body = text[:MOST]
    found = guess(body, tags) if _letters(scripts(body)) >= _MUCH else guess(f"{title[:MOST]}\n{body}", tags)
    if found.language:
        return found
    return Spoken(tags[0], 0.5) if tags and tags[0] else Spoken("", 0.0)


def of_block(text: str, article: str) -> str:
    """Give the language of one block or headline of an article in the language ``article``.

    It is the article's unless the block's script or a whole sentence surely says otherwise: a name, a
    title of a work and a few words of English are no change of language.
    """
    counts = scripts(text)
    total = _letters(counts)
    script = main_script(counts)
    home = code(article)
    if not script or (home and total < _FEW and not _is_wide(script)):
        return home
    shares = _shares(text, [home] if home else [])
    best = max(shares, key=lambda name: (shares[name], name))
    if not home or best == _label(home) or not writes(home, script):
        return home if best == _label(home) else best
    hardly = _HARDLY if total >= _SENTENCE else _NEVER
    return best if total >= _CLAUSE and shares.get(_label(home), 0.0) <= hardly else home


def guess(text: str, stated: Sequence[str] = ()) -> Spoken:
    """Guess the language of a text, given primary codes that are stated of it, the surest first."""
    shares = _shares(text, stated)
    if not shares:
        return Spoken("", 0.0)
    best = max(shares, key=lambda name: (shares[name], name))
    return Spoken(next((tag for tag in stated if _label(tag) == best), best), shares[best])


def _shares(text: str, stated: Sequence[str]) -> dict[str, float]:
    """Share certainty among the languages of the text's script; nothing for a text without letters."""
    script = main_script(scripts(text))
    if not script:
        return {}
    scores = _likelihood(text[:MOST], script)
    for place, tag in enumerate(dict.fromkeys(_label(tag) for tag in stated)):
        if tag in scores:
            scores[tag] *= _STATED[min(place, len(_STATED) - 1)]
        elif writes(tag, script):  # a language that nothing here knows: only its page can say so
            scores[tag] = _UNKNOWN
    total = sum(scores.values())
    return {name: score / total for name, score in scores.items()}


def _likelihood(text: str, script: str) -> dict[str, float]:
    """Give how likely each language of a script is: by letters, by the model, by how much news it has."""
    letters = by_letters(text, script)
    if len(letters) == 1:
        return letters
    ranked: dict[str, float] = {}
    for name, share in _identifier().rank(text):
        label = _label(name)
        if (label in letters) if letters else writes(label, script):
            ranked[label] = ranked.get(label, 0.0) + float(share)
    names = letters or ranked
    return {
        name: (ranked.get(name, 0.0) + _FLOOR) * letters.get(name, 1.0) * _WEIGHTS.get(name, _weight(name))
        for name in names
    }


def _weight(name: str) -> float:
    return 1.0 if len(name) == 2 else _RARE


def _label(name: str) -> str:
    return _LABELS.get(name, name)


def _letters(counts: Mapping[str, int]) -> int:
    return sum(n * (3 if _is_wide(name) else 1) for name, n in counts.items())


def _is_wide(script: str) -> bool:
    return script in ("Han", "Kana", "Hangul")


@cache
def _identifier() -> Any:
    # Loading takes 40 MB and half a second: only processes that detect pay.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
