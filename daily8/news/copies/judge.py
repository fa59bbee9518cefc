"""Judge two articles: is one a copy of the other, and by which figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from daily8.news.copies.document import Document, numbers, title_key
from daily8.news.copies.prints import WIDTH, Prints, shingles
from daily8.news.copies.words import NUMBER, QUOTED, Words, runs

Rule = Literal["same text", "most of the text", "excerpt", "same words", "same headline", "same address"]

WINDOW = 7 * 86400.0
"""Seconds between two articles of which one may be a copy of the other."""
HEADLINE_WINDOW = 86400.0
"""Seconds within which an equal headline without a text is the same piece."""
SHORT = 25
"""Words below which a text alone proves nothing."""
LONG = 150
"""Words of the shorter text from which `SHARE` is enough; below, more is asked."""
SHARE = 0.6
SHARE_SHORT = 0.85
UNCHANGED = 0.99
SAME = 0.9
"""Jaccard index from which two texts are the same."""
LED = 0.4
"""Share of a text that is taken over as a whole below a new beginning."""
OWN = 0.35
"""Share of the words outside quotation marks that a copy has in common at least."""
EDIT = 12
"""Words that a change in place takes at most; what is longer was put in, left out or written anew."""
INNER = 30
"""Words between two others in which numbers may have been changed; templates are full of them."""
BEGUN = 0.5
"""Share in common of the one or the other beginning: a copy keeps the first words, or is made of them."""
FIGURES = 200
"""Words of the shorter text from which one number may have been mended."""
LEAD = 25
"""Words at a text's beginning by which a publisher's own texts are told apart."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why one article is a copy of another, in figures."""

    rule: Rule
    share: float
    """Of the shorter text's words, how many stand in the longer one too, three or more in a row."""
    jaccard: float
    """Of all shingles of the two texts, how many are in both."""
    common: int
    """Words that stand in both."""
    words: tuple[int, int]
    """Of the one text and of the other."""
    edits: int = 0
    """Places where a few words stand for a few others."""


@dataclass(frozen=True, slots=True)
class _Overlap:
    """Which words of two texts stand in both."""

    share: float
    jaccard: float
    one: npt.NDArray[np.bool_]
    other: npt.NDArray[np.bool_]


def judge(one: Document, other: Document) -> Verdict | None:
    """Say whether two articles are copies of each other; which is the copy is not asked here.

    Not copies: another report of one event, a template with other numbers, a later state of a text, texts
    that quote the same passage, headlines that only look alike.
    """
    if one.time is not None and other.time is not None and abs(one.time - other.time) > WINDOW:
        return None
    least = min(one.words, other.words)
    if least < SHORT:
        return _by_headline(one, other, least)
    overlap = _overlap(one.body, other.body)
    if overlap is None or (overlap.share < _asked(one, other, least) and not _is_led(one, other, overlap)):
        return None
    edits = _edits(overlap)
    of_one = bool(one.publisher) and one.publisher == other.publisher
    if edits > _edits_allowed(least, of_one) or _numbers_differ(one, other, overlap, least):
        return None
    if _is_series(one, other, overlap, least):
        return None
    if (one.live or other.live) and overlap.jaccard < (UNCHANGED if of_one else SAME):
        return None
    if overlap.jaccard < SAME and max(overlap.one[:LEAD].mean(), overlap.other[:LEAD].mean()) < BEGUN:
        return None  # both begin anew: two reports, or two states of one, with background in common
    shorter = (one.body, overlap.one) if one.words <= other.words else (other.body, overlap.other)
    if _own(*shorter) < OWN:
        return None
    if of_one and not _same_piece(one, other, overlap, least):
        return None
    common = int(min(overlap.one.sum(), overlap.other.sum()))
    rule: Rule = "most of the text"
    if overlap.jaccard >= SAME:
        rule = "same text"
    elif least < max(one.words, other.words) / 2 and overlap.share >= SHARE_SHORT:
        rule = "excerpt"
    return Verdict(rule, overlap.share, overlap.jaccard, common, (one.words, other.words), edits)


def _asked(one: Document, other: Document, least: int) -> float:
    """Give the share in common that is asked of two texts, by the length of the shorter."""
    if least >= LONG or (one.path and one.path == other.path):
        return SHARE
    return SHARE + (SHARE_SHORT - SHARE) * (LONG - least) / (LONG - SHORT)


def _edits_allowed(least: int, of_one: bool) -> float:
    # A publisher's own short texts that differ in two places are a series: another town, another name.
    return 1 if of_one and least < LONG else 1 + least / 20


def _is_led(one: Document, other: Document, overlap: _Overlap) -> bool:
    """Say whether one text is a new beginning and then the other text, from its first words on."""
    if one.publisher == other.publisher:  # a later state of it, for all that is known
        return False
    return _follows(overlap.one, overlap.other) or _follows(overlap.other, overlap.one)


def _follows(mask: npt.NDArray[np.bool_], origin: npt.NDArray[np.bool_]) -> bool:
    start = int(mask.argmax())
    rest = mask[start:]
    return bool(
        start >= EDIT
        and len(rest) >= max(SHORT - 1, LED * len(mask))
        and rest.mean() >= SAME
        and origin[:LEAD].mean() >= SAME
    )


def _overlap(one: Words, other: Words) -> _Overlap | None:
    a, b = shingles(one), shingles(other)
    sets = np.unique(a), np.unique(b)
    shared = np.intersect1d(*sets, assume_unique=True)
    least = min(map(len, sets))
    if least < WIDTH * 3 or not len(shared):  # a word that is repeated without end is no text
        return None
    both = len(sets[0]) + len(sets[1]) - len(shared)
    masks = _covered(a, shared), _covered(b, shared)
    shorter = masks[0] if len(one) <= len(other) else masks[1]
    return _Overlap(float(shorter.mean()), len(shared) / both, *masks)


def _covered(found: Prints, shared: Prints) -> npt.NDArray[np.bool_]:
    places = np.searchsorted(shared, found)
    places[places == len(shared)] = 0
    hit = shared[places] == found
    mask = np.zeros(len(found) + WIDTH - 1, np.bool_)
    for offset in range(WIDTH):
        mask[offset : offset + len(found)] |= hit
    return mask


def _changes(mask: npt.NDArray[np.bool_], inner: int = EDIT) -> list[tuple[int, int]]:
    """Give the short stretches that are not in common.

    They have ``inner`` words at most between others, `EDIT` at an end of the text.
    """
    last = len(mask)
    return [
        (start, end)
        for start, end in runs(~mask)
        if end - start <= (inner if start and end < last else EDIT)
        and not (end == last and end - start <= 2)  # an excerpt may be cut off anywhere
    ]


def _edits(overlap: _Overlap) -> int:
    """Count the places where words were changed in place: both texts have them."""
    return min(len(_changes(overlap.one)), len(_changes(overlap.other)))


def _numbers_differ(one: Document, other: Document, overlap: _Overlap, least: int) -> bool:
    """Say whether the texts tell other numbers at the same places: a series, or a later state."""
    if (a := numbers(one.title)) and (b := numbers(other.title)) and a - b and b - a:
        return True
    mine, theirs = numbers(one.body), numbers(other.body)
    only_one = _changed(one.body, overlap.one) - theirs
    only_other = _changed(other.body, overlap.other) - mine
    allowed = 0 if least < FIGURES else 1 + least // 400
    return min(len(only_one), len(only_other)) > allowed


def _is_series(one: Document, other: Document, overlap: _Overlap, least: int) -> bool:
    """Say whether what was changed stands in the headlines: the texts are about different things."""
    a, b = _plain(one.title), _plain(other.title)
    mine = _replaced(one.body, overlap.one) & (a - b)
    theirs = _replaced(other.body, overlap.other) & (b - a)
    # One word may be spelt in another country's way.
    return min(len(mine), len(theirs)) >= (1 if least < LONG else 2)


def _plain(words: Words) -> set[int]:
    return set((words & ~np.uint32(QUOTED)).tolist())


def _replaced(words: Words, mask: npt.NDArray[np.bool_]) -> set[int]:
    return {word for start, end in _changes(mask, INNER) for word in _plain(words[start:end])}


def _changed(words: Words, mask: npt.NDArray[np.bool_]) -> set[int]:
    return {word for word in _replaced(words, mask) if word & NUMBER}


def _own(words: Words, mask: npt.NDArray[np.bool_]) -> float:
    """Give the share in common of the words outside quotation marks; 1 where there are hardly any."""
    own = (words & np.uint32(QUOTED)) == 0
    return float(mask[own].mean()) if own.sum() >= 10 else 1.0


def _same_piece(one: Document, other: Document, overlap: _Overlap, least: int) -> bool:
    """Say whether two texts of one publisher are one piece: they begin alike, not only end alike."""
    asked = 0.3 if least < LONG / 2 else 0.1 if least < LONG else 0.0
    if titles_alike(one.title, other.title) < asked and not (one.path and one.path == other.path):
        return False  # what stands under every headline is the house's (a wall, a notice), not the article's
    leads = overlap.one[:LEAD].mean(), overlap.other[:LEAD].mean()
    return bool(min(leads) >= SHARE)


def titles_alike(one: Words, other: Words) -> float:
    """Give the Jaccard index of two headlines' words; 1 where one of them is missing."""
    a, b = set(one.tolist()), set(other.tolist())
    return len(a & b) / len(a | b) if a and b else 1.0


def _by_headline(one: Document, other: Document, least: int) -> Verdict | None:
    """Judge by headline, address and, if need be, one sentence: all that is there must agree."""
    same_title = bool(len(one.title)) and np.array_equal(one.title, other.title)
    gap = abs(one.time - other.time) if one.time is not None and other.time is not None else 0.0
    alike = _short_texts(one.body, other.body) if least else None
    sizes = (one.words, other.words)
    if alike is not None and alike < 0.8:
        return None
    if one.path and one.path == other.path and (same_title or (alike or 0) >= 0.9):
        return Verdict("same address", alike or 1.0, alike or 1.0, least or len(one.title), sizes)
    if same_title and title_key(one) and gap <= HEADLINE_WINDOW:
        return Verdict("same headline", 1.0, 1.0, least or len(one.title), sizes)
    enough = least >= 12 and titles_alike(one.title, other.title) >= 0.3
    if alike is not None and alike >= 0.95 and enough and gap <= HEADLINE_WINDOW:
        return Verdict("same words", alike, alike, least, sizes)
    return None


def _short_texts(one: Words, other: Words) -> float:
    """Give how much of the shorter text begins the longer one, 0 where a number of it is missing there."""
    short, long = sorted((one & ~np.uint32(QUOTED), other & ~np.uint32(QUOTED)), key=len)
    if numbers(short) - numbers(long):
        return 0.0
    # The last word of an excerpt may be cut, and a sentence may follow others.
    if len(short) < WIDTH:
        return float(set(short.tolist()) <= set(long.tolist()))
    found = shingles(short)
    return float(np.isin(found, shingles(long)).mean())
