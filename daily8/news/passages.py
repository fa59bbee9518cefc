"""What of an article is embedded: its headline and how it begins."""

from __future__ import annotations

WORDS = 48
"""Some 64 tokens of English: the headline and the lede tell what an article is about."""
CHARACTERS = 400
LONG = 1000
"""Characters, where words are only counted."""


def passage(title: str, dek: str, lede: str, *, model: bool, most: int | None = None) -> str:
    """Give the text of an article that is embedded, the headline first, on one line.

    ``most`` are the characters of its text that may be used, the headline aside; ``None``: as many as one
    wants. A ``model`` gets the first `WORDS`, who counts words the first `LONG` characters.
    """
    said = _line(lede)[:most] if most is not None else _line(lede)
    between = _line(dek) if most is None and _line(dek) not in said else ""
    whole = ". ".join(part.rstrip(".") for part in (_line(title), between, said) if part)
    if not model:
        return whole[:LONG]
    return " ".join(whole[:CHARACTERS].split()[:WORDS])


def _line(text: str) -> str:
    return " ".join(text[: 2 * LONG].split())
