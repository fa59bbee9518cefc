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
SHARE = 0.2
"""Of the site's articles that a text must stand in: the background of a story returns for days, too, but in
the articles about that story alone."""
LONG, LONG_ARTICLES, LONG_SHARE = 80, 8, 0.6
"""A text of more letters than an invitation needs may be a paragraph of the news. It must stand in more
articles of the site, and in a larger share, than one story ever has."""
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


def is_repeated(text: str, articles: int, days: int, of: int) -> bool:
    """Tell whether a text is the site's: it stands at the edges of so many articles ``of`` all of it."""
    long = len(letters(text)) > LONG
    least, share = (LONG_ARTICLES, LONG_SHARE) if long else (ARTICLES, SHARE)
    return articles >= least and days >= DAYS and articles >= share * of


@dataclass(frozen=True, slots=True)
class Aside:
    """A block that is left out of an article because its site repeats it."""

    at: int
    """Its index in the whole text."""
    mark: str
    block: Block


def parted(
    blocks: tuple[Block, ...], learned: Collection[str]
) -> tuple[tuple[Block, ...], tuple[Aside, ...]]:
    """Leave the texts that a site repeats out at the edges of an article; give what stays, and what does not.

    ``learned`` are their marks. What lies behind one that was left out is an edge then, too. An article never
    loses all that it says. `whole` puts both together again.
    """
    left = [*enumerate(blocks)]
    while learned:
        near = _zone(tuple(block for _, block in left))
        gone = {n for n, text in near.items() if mark(text) in learned}
        if not gone:
            break
        left = _without_idle_headings([one for n, one in enumerate(left) if n not in gone])
    if sum(len(letters(block_text(block))) for _, block in left) < LEAST_LEFT:
        return blocks, ()
    stays = {n for n, _ in left}
    aside = (Aside(n, mark(block_text(b)), b) for n, b in enumerate(blocks) if n not in stays)
    return tuple(block for _, block in left), tuple(aside)


def whole(blocks: tuple[Block, ...], aside: Collection[Aside]) -> tuple[Block, ...]:
    """Give an article with what was left out of it."""
    found = [*blocks]
    for one in sorted(aside, key=lambda one: one.at):
        found.insert(one.at, one.block)
    return tuple(found)


def without(blocks: tuple[Block, ...], marks: Collection[str]) -> tuple[Block, ...]:
    """Give blocks without those of some marks, wherever they stand."""
    return tuple(b for b in blocks if not (marks and (text := block_text(b)) and mark(text) in marks))


def _without_idle_headings(blocks: list[tuple[int, Block]]) -> list[tuple[int, Block]]:
    """Drop headings at the end under which nothing is left."""
    end = len(blocks)
    while end and isinstance(blocks[end - 1][1], Heading):
        end -= 1
    only_pictures = all(isinstance(block, Image) for _, block in blocks[:end])
    return blocks if only_pictures else blocks[:end]
