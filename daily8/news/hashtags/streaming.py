"""In how many articles of late each term stood: a background that is counted as articles come."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable

from daily8.news.hashtags.phrases import NOTHING, Background

LANGUAGES = 60
PUBLISHERS = 500
"""Of which each is counted by itself, those heard of last."""
TERMS = 60_000
"""Of one language; of one publisher a fraction of that."""
PUBLISHER_TERMS = 3_000
DOCUMENTS = 20_000
"""After so many the counts are halved, so that the background follows the news."""
TOLD = 1_500
"""Terms of which a background tells: the commonest."""
_ENOUGH = 40
_FURNITURE = 0.5
"""Share of a publisher's articles from which a term is its furniture."""
_LEAST = 3


class Count:
    """Documents, and in how many of them each term stood; what is rare is forgotten first."""

    def __init__(self, most: int) -> None:
        self.most, self.documents = most, 0
        self.holds: Counter[str] = Counter()

    def take(self, terms: Iterable[str]) -> None:
        """Count a document."""
        self.documents += 1
        self.holds.update(terms)
        if self.documents > DOCUMENTS:
            self.documents //= 2
            self.holds = Counter({key: n // 2 for key, n in self.holds.items() if n > 1})
        if len(self.holds) > self.most:
            ordered = sorted(self.holds.items(), key=lambda item: (-item[1], item[0]))
            self.holds = Counter(dict(ordered[: self.most // 2]))


class Backgrounds:
    """What is common in each language, and what each publisher puts into most of its articles.

    Kept in memory alone: it is learned anew within some dozens of articles.
    """

    def __init__(self) -> None:
        self._languages: OrderedDict[str, Count] = OrderedDict()
        self._publishers: OrderedDict[str, Count] = OrderedDict()

    def take(self, language: str, publisher: str, terms: frozenset[str]) -> None:
        """Count the terms of an article."""
        _of(self._languages, language, LANGUAGES, TERMS).take(terms)
        if publisher:
            _of(self._publishers, publisher, PUBLISHERS, PUBLISHER_TERMS).take(terms)

    def of(self, language: str, publisher: str) -> Background:
        """Give what an article is held against: a publisher's furniture stands everywhere."""
        known = self._languages.get(language)
        if known is None:
            return NOTHING
        holds = {key: n for key, n in known.holds.most_common(TOLD) if n >= _LEAST}
        own = self._publishers.get(publisher)
        if own is not None and own.documents >= _ENOUGH:
            for key, n in own.holds.most_common(TOLD):
                if n <= _FURNITURE * own.documents:
                    break
                holds[key] = known.documents
        return Background(known.documents, holds)


def _of(counts: OrderedDict[str, Count], name: str, most: int, terms: int) -> Count:
    if name not in counts:
        counts[name] = Count(terms)
    counts.move_to_end(name)
    while len(counts) > most:
        counts.popitem(last=False)
    return counts[name]
