"""Repeated blocks: texts that stand at the edges of many articles of one site belong to the site.

A newsletter box, a line about the author's desk, a request to follow: whatever its words and its language, it
is the same in article after article, which no sentence of an article is.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from daily8.news.blocks import block_text
from daily8.news.types import Block, Heading, Image, ListBlock, Paragraph, Quote

RECIPE = "edges/1"
FIRST, LAST = 3, 6
"""Blocks with text at the beginning and at the end of an article that are compared."""
LEAST_LETTERS = 16
"""Letters and digits; a shorter text may be a name or a place that articles begin with."""
LONGEST = 300
"""Characters; what is longer was written for one article, or is a correction that all of them need."""
ARTICLES, DAYS = 4, 2
"""Articles of one site, on so many days, in which a text must stand: copies of one article and parts of one
series come on the same day."""
LEAST_LEFT = 60
"""Letters that must be left of an article; with fewer, nothing is taken away."""

_NOT_WORDS = re.compile(r"[\W_\u0640]+")


@dataclass(frozen=True, slots=True)
class Edge:
    """A short text at the beginning or the end of an article."""

    mark: str
    """Of its letters: equal for two spellings of one text."""
    text: str


def letters(text: str) -> str:
    """Fold a text to its letters and digits: case, form, marks, tatweel and white space do not count."""
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text).casefold())


def mark(text: str) -> str:
    """Give the name of a text, equal for all its spellings."""
    return hashlib.blake2b(letters(text).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _zone(blocks: tuple[Block, ...]) -> dict[int, str]:
    """Give the texts that may be a site's by the index of their block."""
    told = [(n, text) for n, block in enumerate(blocks) if (text := block_text(block))]
    near = {**dict(told[:FIRST]), **dict(told[-LAST:])}
    return {
        n: text
        for n, text in near.items()
        if isinstance(blocks[n], Paragraph | ListBlock | Quote)
        and len(text) <= LONGEST
        and len(letters(text)) >= LEAST_LETTERS
    }


def edges(blocks: tuple[Block, ...]) -> tuple[Edge, ...]:
    """Give the short texts at the edges of an article, each once."""
    found = {mark(text): text for text in _zone(blocks).values()}
    return tuple(Edge(name, text) for name, text in found.items())


def is_repeated(articles: int, days: int) -> bool:
    """Tell whether a text that stands at the edges of so many articles of a site is the site's."""
    return articles >= ARTICLES and days >= DAYS


def without(blocks: tuple[Block, ...], learned: Collection[str]) -> tuple[Block, ...]:
    """Take the texts that a site repeats away from the edges of an article; never all that it says.

    ``learned`` are their marks. What lies behind one that was taken is an edge then, too.
    """
    left = blocks
    while learned:
        gone = {n for n, text in _zone(left).items() if mark(text) in learned}
        if not gone:
            break
        left = _without_idle_headings(tuple(block for n, block in enumerate(left) if n not in gone))
    said = sum(len(letters(block_text(block))) for block in left)
    return left if said >= LEAST_LEFT else blocks


def _without_idle_headings(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Drop headings at the end under which nothing is left."""
    end = len(blocks)
    while end and isinstance(blocks[end - 1], Heading):
        end -= 1
    only_pictures = all(isinstance(block, Image) for block in blocks[:end])
    return blocks if only_pictures else blocks[:end]
