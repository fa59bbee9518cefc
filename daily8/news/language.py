"""Name the language of a text: by its tag, and where there is none by the text itself."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from babel.core import get_global

_SUBTAG = re.compile(r"[a-z]{2,8}", re.ASCII)
_LEAST = 20
"""Characters below which a guess is worth nothing."""
_CERTAIN = 0.8


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


def detect(text: str) -> str:
    """Give the language that a text is surely written in (ISO 639-1), or the empty string."""
    if len(text) < _LEAST:
        return ""
    code, certainty = _identifier().classify(text[:2000])
    return str(code) if certainty >= _CERTAIN else ""


@cache
def _identifier() -> Any:
    # Loading takes 40 MB and half a second: only processes that detect pay.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
