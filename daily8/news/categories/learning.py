"""What a deployment teaches: weights of words from articles whose own section is clear.

Naive Bayes with the lexicon as its prior (Lewis 1998): for each category, how much oftener a word stands in
it than elsewhere. Words fall into a fixed number of buckets, so that memory is bounded; old counts fade by
halves.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Sequence
from math import log, sqrt

from daily8.news.categories.names import CATEGORIES
from daily8.news.categories.words import LONGEST, fold, split
from daily8.news.reports import Report

_BUCKETS = 1 << 15
_FULL = 4_000_000
"""Words after which all counts are halved."""
_LEAST = 50
"""Articles of a category before anything learned of it counts."""
_CAP = 2.5
"""The most that learning may raise or lower the logarithm of a category's odds."""
_SMOOTH = 0.5
_TEXT = 1600
_MAGIC = b"daily8 categories 1\n"


class Learned:
    """Counts of words by category. The same articles in the same order give the same state."""

    def __init__(self) -> None:
        self._articles = dict.fromkeys(CATEGORIES, 0)
        self._totals = dict.fromkeys(CATEGORIES, 0)
        self._counts: dict[str, array[int]] = {}

    def learn(self, report: Report, category: str) -> None:
        """Take in an article that its own source clearly puts into a category (``own_category``).

        :raises KeyError: for a category that is none.
        """
        self._articles[category] += 1
        counts = self._counts.setdefault(category, array("Q", bytes(8 * _BUCKETS)))
        buckets = _buckets(report)
        for bucket in buckets:
            counts[bucket] += 1
        self._totals[category] += len(buckets)
        if self._totals[category] > _FULL:
            self._counts[category] = array("Q", (count >> 1 for count in counts))
            self._totals[category] = sum(self._counts[category])

    def weigh(self, report: Report) -> dict[str, float]:
        """Give by how much the logarithms of odds rise or fall, for categories that have been learned.

        Empty until two categories have fifty articles each. The mean over words is scaled and capped, so that
        a long text is not a hundred witnesses.
        """
        known = [name for name in CATEGORIES if self._articles[name] >= _LEAST]
        buckets = _buckets(report)
        if len(known) < 2 or not buckets:
            return {}
        likely = {name: self._likelihood(name, buckets) for name in known}
        middle = sum(likely.values()) / len(likely)
        return {name: max(-_CAP, min(_CAP, value - middle)) for name, value in likely.items()}

    def _likelihood(self, name: str, buckets: Sequence[int]) -> float:
        counts, total = self._counts[name], self._totals[name] + _SMOOTH * _BUCKETS
        mean = sum(log((counts[bucket] + _SMOOTH) / total) for bucket in buckets) / len(buckets)
        return mean * sqrt(min(len(buckets), 25))

    def dump(self) -> bytes:
        """Give the state as bytes, from which ``load`` goes on exactly as without it."""
        head = {"articles": self._articles, "totals": self._totals, "counts": [*self._counts]}
        body = b"".join(counts.tobytes() for counts in self._counts.values())
        return _MAGIC + zlib.compress(json.dumps(head).encode() + b"\n" + body, 6)

    @classmethod
    def load(cls, state: bytes) -> Learned:
        """Read what ``dump`` gave.

        :raises ValueError: for anything else.
        """
        if not state.startswith(_MAGIC):
            raise ValueError("this is no state of learned categories")
        size = _BUCKETS * 8
        unpack = zlib.decompressobj()
        try:
            whole = unpack.decompress(state[len(_MAGIC) :], (len(CATEGORIES) + 1) * size)
            first, _, body = whole.partition(b"\n")
            head = json.loads(first)
        except (zlib.error, ValueError) as error:
            raise ValueError("the state of learned categories is damaged") from error
        if not isinstance(head, dict) or not {"articles", "totals", "counts"} <= {*head}:
            raise ValueError("the state of learned categories is of another version")
        names = head["counts"]
        if not unpack.eof or len(body) != size * len(names) or {*head["articles"]} != {*CATEGORIES}:
            raise ValueError("the state of learned categories is damaged or of another version")
        learned = cls()
        learned._articles, learned._totals = head["articles"], head["totals"]
        for at, name in enumerate(names):
            counts = array("Q")
            counts.frombytes(body[at * size : (at + 1) * size])
            learned._counts[name] = counts
        return learned


def _buckets(report: Report) -> list[int]:
    """Give the buckets of the words of a report, each once; digits and the shortest words say nothing."""
    words = split(f"{report.title[:300]} {report.text[:_TEXT]}")
    found = {fold(word) for word in words if 2 < len(word) <= LONGEST and not word[0].isdigit()}
    return sorted(
        {zlib.crc32(f"{report.language} {word}".encode("utf-8", "replace")) % _BUCKETS for word in found}
    )
