"""Shingles of a text and the few of them that are looked up: winnowed fingerprints.

Source: A. Broder, "On the resemblance and containment of documents", 1997; S. Schleimer, D. Wilkerson and
A. Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from daily8.news.copies.words import Words

Prints = npt.NDArray[np.uint64]
WIDTH = 3
"""Words of a shingle."""
DENSE = 8
SPARSE = 28
"""Shingles of a window of which the least is a fingerprint: for looking up, for keeping."""
BEGINNING = 64
"""Shingles at a text's beginning that are kept as densely as they are looked up: excerpts stand there."""
MOST = 400
"""Fingerprints of one text that are looked up."""

_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


def shingles(words: Words) -> Prints:
    """Give the shingles of a text, in order: one number for each three words that stand together."""
    plain = (words >> np.uint32(2)).astype(np.uint64)
    if len(plain) < WIDTH:
        return np.empty(0, np.uint64)
    mixed: Prints = plain[:-2] * _ODD[0] + plain[1:-1] * _ODD[1] + plain[2:] * _ODD[2]
    mixed ^= mixed >> _HALF
    mixed *= _MIX
    mixed ^= mixed >> _HALF
    return mixed


def winnow(found: Prints, width: int) -> Prints:
    """Give the least shingle of each window of ``width``, each once, in rising order.

    Texts that share ``width + 2`` words in a row share a fingerprint, wherever these words stand. Those of a
    wider window are among those of a narrower one.
    """
    if not len(found):
        return found
    least, span = found, 1
    while span * 2 <= min(width, len(found)):
        least = np.minimum(least[:-span], least[span:])
        span *= 2
    rest = min(width, len(found)) - span
    return np.unique(np.minimum(least[: len(least) - rest], least[rest:]) if rest else least)


def looked_up(found: Prints) -> list[int]:
    """Give the fingerprints by which a text asks for others, at most `MOST`: the least."""
    some: list[int] = winnow(found, DENSE)[:MOST].tolist()
    return some


def kept(found: Prints) -> list[int]:
    """Give the fingerprints by which a text is found: dense at its beginning, sparse beyond."""
    both = np.union1d(winnow(found, SPARSE), winnow(found[:BEGINNING], DENSE))
    some: list[int] = both[:MOST].tolist()
    return some
