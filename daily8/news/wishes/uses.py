"""Preferences about uses of what was fetched: IETF AI preferences (``Content-Usage``) and Content Signals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from daily8.news.types import Wish

MOST = 40
"""Preferences of one statement that are read."""
_LONGEST = 2000
_PREFERENCE = re.compile(r"([a-z*][a-z0-9_.*-]{0,40})[ \t]*=[ \t]*(?:\"?)(\?0|\?1|[a-z0-9]+)", re.IGNORECASE)
_NO = frozenset({"n", "no", "?0", "0"})


def refused(text: str, name: str, *, place: str) -> Iterator[Wish]:
    """Give each use that a statement refuses, as a wish of ``name``; what it allows is passed over.

    The form is a dictionary of structured fields whose values are ``y`` and ``n`` (draft-ietf-aipref-vocab,
    section "Exemplary Serialization Format"); Content Signals write ``yes`` and ``no``. Parameters are
    ignored, and one mistake spoils no other preference: of two for one use the stricter counts.
    """
    found: dict[str, None] = {}
    for piece in text[:_LONGEST].split(",")[:MOST]:
        match = _PREFERENCE.match(piece.strip())
        if match and match[2].lower() in _NO:
            found[match[1].lower()] = None
    for use in found:
        yield Wish(name, place, f"{use}=n")
