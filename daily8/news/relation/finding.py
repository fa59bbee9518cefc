"""Find, among very many reports, the few that may have to do with one."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from daily8.news.relation.traits import Frequencies, Kind, Terms, Traits

POSTINGS = 2000
"""Reports that one term leads to: the latest. What stands in more is too broad to find anything by."""
TERMS = 32
"""The most telling terms of a report, by which others are looked for."""


class Finder:
    """An index from terms to the reports that hold them, bounded in what one look-up costs.

    A look-up reads `TERMS` lists of at most `POSTINGS` numbers, however many reports there are.
    """

    def __init__(self) -> None:
        self._holding: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=POSTINGS))
        self._background = Frequencies()

    @property
    def frequencies(self) -> Frequencies:
        """What the terms of all reports taken in are worth."""
        return self._background

    def add(self, number: int, drawn: Traits) -> None:
        """Take a report in under a number of the caller's."""
        self._background.add(drawn)
        for each in _keys(drawn):
            self._holding[each].append(number)

    def near(self, drawn: Traits, limit: int = 200) -> list[int]:
        """Give the numbers of up to `limit` reports that share the most telling terms, the best first."""
        frequencies = self._background
        telling: list[tuple[float, str]] = []
        for kind, mark, held in _kept(drawn):
            weights = frequencies.weights(kind, drawn.language)
            for each, often in held.items():
                telling.append((often * weights[each], mark + each))
        scores: defaultdict[int, float] = defaultdict(float)
        found = 0
        for weight, key in sorted(telling, key=lambda pair: (-pair[0], pair[1])):
            holding = self._holding.get(key)
            if holding is None:
                continue
            for number in holding:
                scores[number] += weight
            # A term that only the report itself holds finds nothing, and is not counted.
            found += len(holding) > 1
            if found == TERMS:
                break
        return sorted(scores, key=lambda number: (-scores[number], -number))[:limit]


def _kept(drawn: Traits) -> Iterator[tuple[Kind, str, Terms]]:
    """Give what a report is found by: its words, whole names, skeletons and concepts, each with a mark."""
    yield "words", "", drawn.words
    yield "names", "", {name: often for name, often in drawn.names.items() if " " in name}
    yield "crossing", "", {name: often for name, often in drawn.crossing.items() if name[:1] == "~"}
    yield "concepts", "#", drawn.concepts


def _keys(drawn: Traits) -> set[str]:
    return {mark + each for _, mark, held in _kept(drawn) for each in held}
