"""Short plain texts for cards, feeds and descriptions."""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")
_CUT = re.compile(r"[\s,;:،؛.–—-]+\Z")


def clamp(text: str, limit: int) -> str:
    """Cut plain text to at most ``limit`` characters, at the end of a word, marked by an ellipsis."""
    text = _SPACE.sub(" ", text).strip()
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    # A script without spaces, or one very long word, is cut where it stands.
    kept = head if space and len(head) > limit // 2 else cut
    return _CUT.sub("", kept) + "…"


def sentence(clause: str) -> str:
    """Make a whole sentence of a clause such as "this is a web page, not a feed"."""
    return f"{clause[:1].upper()}{clause[1:]}".rstrip(".") + "."
