"""Mend what typesetting and careless copying broke in a text, without touching what it says."""

from __future__ import annotations

import re

from daily8.news.references import unescape

_SUSPECT = re.compile(r"[\u00ad\u200b\ufeff\u2060&\u00c2-\u00f4]")
_UNSEEN = re.compile("[\u00ad\u200b\ufeff\u2060]")
_TWICE = re.compile(
    r"&(?:amp;)*(?:quot|apos|nbsp|[lr][sd]quo|[nm]dash|hellip|laquo|raquo|#(?:39|160|821[1-9]|822[0-9]|8230)|"
    r"#x(?:27|a0|201[0-9a-f]|2026));",
    re.IGNORECASE,
)
"""References to marks that were escaped once too often; never those to ``<`` and ``>``."""


def _seen_as(first: int, last: int) -> str:
    """Give the characters that these bytes become when they are taken for windows-1252."""
    return "".join(re.escape(bytes([n]).decode("cp1252", "ignore") or chr(n)) for n in range(first, last + 1))


_MORE = rf"[\x80-\x9f{_seen_as(0x80, 0xBF)}]"
_PLAIN_MORE = f"[{_seen_as(0xA1, 0xAA)}{_seen_as(0xAC, 0xB6)}{_seen_as(0xB8, 0xBA)}{_seen_as(0xBC, 0xBF)}]"
_MISREAD = re.compile(
    f"\u00e2(?:\u20ac{_MORE}|\u201a\u00ac|\u201e\u00a2)|\u00f0{_MORE}{{3}}|"  # marks, pictures
    f"(?:[\u00d8-\u00db]{_MORE}){{3,}}(?:[ .,]+(?:[\u00d8-\u00db]{_MORE})+)*|"  # Arabic
    f"(?:[\u00d0\u00d1]{_MORE}){{3,}}(?:[ .,]+(?:[\u00d0\u00d1]{_MORE})+)*|"  # Cyrillic
    f"\u00c3{_PLAIN_MORE}|\u00c2(?=[\u00a0-\u00bf])[\u00a0\u00a3\u00a7\u00a9\u00ae\u00b0\u00b7\u00ab\u00bb]"
)
"""UTF-8 that was read as windows-1252, where nothing else makes sense of it."""


def mended(text: str) -> str:
    """Mend a piece of text: misread UTF-8, marks escaped twice, characters that nobody sees.

    Joiners and direction marks stay: Arabic, Persian and Indian scripts need them.
    """
    if not _SUSPECT.search(text):
        return text
    if "&" in text:
        text = _TWICE.sub(lambda m: unescape(unescape(m[0].replace("amp;", ""))), text)
    return _UNSEEN.sub("", _MISREAD.sub(_reread, text))


def _reread(found: re.Match[str]) -> str:
    data = b"".join(_byte(c) for c in found[0])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return bytes([ord(character)])
