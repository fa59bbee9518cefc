"""How a hashtag is written, and under what it is kept: CamelCase, or underscores in Arabic, and a slug."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from daily8.news.entities.folding import fold, unmarked

LONGEST = 40
"""Characters of a hashtag, without its sign."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ARABIC = re.compile("[\u0600-\u06ff]")
_OWNED = re.compile(r"['’](?:s|S)?$")


def written(name: str) -> str:
    """Write a name as a hashtag with its sign, or give the empty string where it cannot be one.

    Words go together with capitals, in Arabic with underscores; digits alone, words longer than `LONGEST`
    and names without letters are none. A name that is too long loses whole words at its end.
    """
    plain = unicodedata.normalize("NFC", unmarked(name[: 4 * LONGEST]))
    words = [_OWNED.sub("", found).replace("'", "").replace("’", "") for found in _WORD.findall(plain)]
    arabic = bool(_ARABIC.search(plain))
    joint = "_" if arabic else ""
    parts = [word if arabic else _capital(word) for word in words if word]
    while parts and len(joint.join(parts)) > LONGEST:
        parts.pop()
    tag = joint.join(parts)
    return f"#{tag}" if sum(c.isalpha() for c in tag) >= 2 else ""


def _capital(word: str) -> str:
    first = word[0].upper()
    # A letter such as ß becomes two.
    return (first if len(first) == 1 else word[0]) + word[1:]


def slug(name: str) -> str:
    """Give what names a hashtag in addresses and counts: folded words with hyphens, at most 60 characters."""
    return fold(name).replace(" ", "-")[:60].strip("-")


def commonest(forms: Mapping[str, int]) -> str:
    """Choose the form that most publishers write; of equals the shorter, then the first by letters.

    :raises ValueError: for no forms.
    """
    if not forms:
        raise ValueError("a hashtag has at least one form")
    return min(forms, key=lambda form: (-forms[form], len(form), form))
