"""Regions of a page that are no snippet: their texts, and what is left for an excerpt without them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from daily8.news.tree import elements, parse, squeeze
from daily8.news.typography import mended

MOST = 200
"""Regions of one page; where there are more, none of its texts may be an excerpt."""
_HITS = 50
"""Places in one text at which a region is looked for; where there are more, the text is left out."""
_MARKED = "*[self::span or self::div or self::section][@data-nosnippet]"
_APART = ("script", "style", "template", "noscript", "button", "nav", "menu", "figcaption")
_WORDS = f".//text()[not(ancestor::*[{' or '.join(f'self::{name}' for name in _APART)}])]"
"""Texts that a reading of the page may keep."""
_EMPTY = re.compile(r" ([.,;:!?…،؛؟])")


def regions(html: str) -> tuple[str, ...] | None:
    """Give the letters of the outermost elements that are no snippet (``span``, ``div`` and ``section``).

    ``None`` stands for too many of them.
    """
    tree = parse(html) if "data-nosnippet" in html.lower() else None
    if tree is None:
        return ()
    marked = elements(tree, f"//{_MARKED}[not(ancestor::{_MARKED})]")
    if len(marked) > MOST:
        return None
    said = ("".join(map(str, element.xpath(_WORDS))) for element in marked)
    return tuple(dict.fromkeys(filter(None, ("".join(c for c, _ in _letters(mended(t))) for t in said))))


def unsaid(text: str, regions: tuple[str, ...] | None) -> str:
    """Take out of a text, best of one block, what its page asks to leave out of excerpts.

    Letters alone are compared: white space, marks and unseen characters get lost or mended on the way from
    the page to the block.
    """
    if not regions:
        return "" if regions is None else text
    placed = [*_letters(text)]
    letters = "".join(letter for letter, _ in placed)
    shown = [*text]
    for region in regions:
        if letters in region:
            return ""
        at = letters.find(region)
        for _ in range(_HITS):
            if at < 0:
                break
            first, last = placed[at][1], placed[at + len(region) - 1][1]
            if _parted(text[max(first - 1, 0) : first]) and _parted(text[last + 1 : last + 2]):
                shown[first : last + 1] = [" ", *[""] * (last - first)]
            at = letters.find(region, at + 1)
        if at >= 0:
            return ""
    return _EMPTY.sub(r"\1", squeeze("".join(shown)))


def _parted(beside: str) -> bool:
    return not beside.isalnum()


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """Give the letters and digits of a text without case and accents, each with its place."""
    for at, character in enumerate(text):
        folded = character if character.isascii() else unicodedata.normalize("NFKD", character)
        for letter in folded.casefold():
            if letter.isalnum():
                yield letter, at
