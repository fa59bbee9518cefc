"""A report as its terms, and what each term is worth by the reports around it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, TypeVar
from weakref import WeakKeyDictionary

from daily8.news.relation import broad, terms

Kind = Literal["words", "names", "grams", "crossing", "concepts"]
KINDS: tuple[Kind, ...] = ("words", "names", "grams", "crossing", "concepts")
Terms = Mapping[str, float]
"""By term ``1 + ln n``, n how often it stands."""
Vector = Mapping[str, float]
NAMES = 0.8
"""What a name counts beside the words that it is made of."""
_JOINT: tuple[tuple[Kind, float], ...] = (("words", 1.0), ("names", NAMES))
_Part = TypeVar("_Part")
_EMPTY: Terms = MappingProxyType({})

_HEAD, _LEDE = 3, 2
"""How often a term of the headline and one of the lede count; the rest counts once."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vectors of a report's headline and of the whole of it, each of length 1 and of one recipe."""

    headline: Sequence[float]
    whole: Sequence[float]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Traits:
    """What is compared of a report: how often each term stands in it, headline and lede counted more."""

    language: str
    headline: str
    """The title, or what seems to be one."""
    words: Terms
    names: Terms
    grams: Terms
    """Empty where it was not asked for: relating needs none."""
    crossing: Terms
    """What a report in another alphabet may share: skeletons of names, and numbers."""
    concepts: Terms
    """What it shares with reports in any language, where somebody found out."""
    alphabet: str
    head: frozenset[str] = frozenset()
    """The words of the headline."""
    meaning: Meaning | None = None


def traits_of(
    title: str,
    text: str,
    language: str = "",
    *,
    grams: bool = False,
    concepts: Mapping[str, float] | None = None,
) -> Traits:
    """Read the traits of a report; without a title the beginning of the text stands for it.

    `language` is a primary code. A sentence that stands twice counts once. `concepts` are features that
    reports in different languages share, by weight.
    """
    head = terms.plain(title, terms.TITLE).strip()
    body = terms.plain(text).strip()
    if not head:
        head = terms.headline(body)
    elif not body.startswith(head):
        body = f"{head}\n{body}"
    whole = "\n".join(dict.fromkeys(terms.sentences(body)))
    tokens, lede, first = (terms.tokens(part) for part in (whole, whole[: len(head) + terms.LEDE], head))
    return Traits(
        language,
        head,
        _counted(terms.words, tokens, lede, first),
        _counted(terms.names, whole, whole[: len(head) + terms.LEDE], head),
        _counted(terms.grams, tokens, lede, first) if grams else _EMPTY,
        _logged(Counter(terms.crossing(whole))),
        # In one order, however they were found: sums of floating-point numbers depend on it.
        {name: weight for name, weight in sorted((concepts or {}).items()) if weight > 0},
        terms.alphabet(whole),
        frozenset(terms.words(first)),
    )


def with_meaning(drawn: Traits, headline: Sequence[float], whole: Sequence[float]) -> Traits:
    """Give the traits with the vectors of its headline and of its whole text."""
    return replace(drawn, meaning=Meaning(headline, whole))


def meaningful(drawn: Traits, text: str) -> tuple[str, str]:
    """Give the two texts whose vectors `with_meaning` takes: the headline, and headline with text."""
    body = text.strip()
    whole = body if body.startswith(drawn.headline) else f"{drawn.headline}\n{body}"
    return drawn.headline, whole


def _counted(read: Callable[[_Part], list[str]], whole: _Part, lede: _Part, head: _Part) -> Terms:
    counts = Counter(read(whole))
    for part, more in ((lede, _LEDE - 1), (head, _HEAD - _LEDE)):
        for each in read(part):
            counts[each] += more
    return _logged(counts)


def _logged(counts: Mapping[str, int]) -> Terms:
    return {each: 1.0 + math.log(count) for each, count in counts.items()}


class Frequencies:
    """Knows in how many reports of its language a term stands, and so what it is worth.

    A term's weight is ``ln((N + n + 1) / (df + p + 0.5))``: of N reports df hold it; n and p speak for what
    every reader of that language knows before the first report (`broad`).
    """

    def __init__(self, reports: Iterable[Traits] = ()) -> None:
        self._reports: Counter[str] = Counter()
        self._counts: dict[tuple[Kind, str], Counter[str]] = {}
        self._weights: dict[tuple[Kind, str], _Weights] = {}
        self._lengths: WeakKeyDictionary[Traits, float] = WeakKeyDictionary()
        for each in reports:
            self.add(each)

    def add(self, drawn: Traits) -> None:
        """Take a report in."""
        language = drawn.language
        self._reports[language] += 1
        for kind in KINDS:
            found: Terms = getattr(drawn, kind)
            if found:
                self._counts.setdefault((kind, language), Counter()).update(found.keys())
        if self._weights:
            self._weights, self._lengths = {}, WeakKeyDictionary()

    def reports(self, language: str) -> int:
        """Tell how many reports of a language were taken in."""
        return self._reports[language]

    def breadth(self, kind: Kind, language: str, term: str) -> float:
        """Tell in what share of the reports a term stands, 0 to 1."""
        counts = self._counts.get((kind, language))
        stood = (counts[term] if counts else 0) + _known(kind, language, term)
        return stood / (self._reports[language] + broad.SEEN)

    def weight(self, kind: Kind, language: str, term: str) -> float:
        """Give what one standing of a term is worth: 0 for one that stands everywhere."""
        return self.weights(kind, language)[term]

    def weights(self, kind: Kind, language: str) -> Mapping[str, float]:
        """Give the weights of all terms of a kind and language, to be looked up by ``[]``."""
        found = self._weights.get((kind, language))
        if found is None:
            counts = self._counts.get((kind, language), Counter())
            found = self._weights[kind, language] = _Weights(
                kind, language, counts, self._reports[language] + broad.SEEN
            )
        return found

    def vector(self, drawn: Traits, kind: Kind) -> Vector:
        """Weigh the terms of one kind, the whole of length 1."""
        return _unit(self._weighed(drawn, kind))

    def joint(self, drawn: Traits) -> Vector:
        """Weigh words and names in one vector of length 1: what relating goes by.

        Names, marked by a NUL, count beside the words that they are made of, by 0.8.
        """
        both = self._weighed(drawn, "words")
        for each, value in self._weighed(drawn, "names").items():
            both[f"\0{each}"] = NAMES * value
        return _unit(both)

    def length(self, drawn: Traits) -> float:
        """Give the length that `joint` would have, did it not make it 1; remembered."""
        found = self._lengths.get(drawn)
        if found is None:
            squares = 0.0
            for kind, factor in _JOINT:
                weights = self.weights(kind, drawn.language)
                found_there: Terms = getattr(drawn, kind)
                values = [factor * often * weights[each] for each, often in found_there.items()]
                squares = sum([value * value for value in values], squares)
            found = self._lengths[drawn] = math.sqrt(squares)
        return found

    def _weighed(self, drawn: Traits, kind: Kind) -> dict[str, float]:
        weights = self.weights(kind, drawn.language)
        found: Terms = getattr(drawn, kind)
        return {each: often * weights[each] for each, often in found.items()}


class _Weights(dict[str, float]):
    """Works a weight out when it is asked for first."""

    def __init__(self, kind: Kind, language: str, counts: Counter[str], seen: int) -> None:
        super().__init__()
        self._counts, self._seen = counts, seen
        # Looked up by hundreds of thousands: what `_known` says, without asking it.
        self._broad = broad.broad(language) if kind in ("words", "names") else None
        self._are_names = kind == "names"

    def __missing__(self, term: str) -> float:
        stood = self._counts.get(term, 0)
        if self._broad is not None and not (self._are_names and " " in term):
            stood += self._broad.get(term[: terms.CUT] if self._are_names else term, 0)
        found = self[term] = max(0.0, math.log((self._seen + 1) / (stood + 0.5)))
        return found


def _unit(weighed: Vector) -> Vector:
    length = math.sqrt(sum(value * value for value in weighed.values()))
    return {each: value / length for each, value in weighed.items()} if length else {}


def _known(kind: Kind, language: str, term: str) -> int:
    if kind == "words":
        return broad.broad(language).get(term, 0)
    if kind == "names" and " " not in term:
        return broad.broad(language).get(term[: terms.CUT], 0)
    if kind == "concepts" and term.startswith(("country:", "region:")):
        return broad.PLACES  # as their names in words: that two texts name one country says little
    if kind == "crossing" and term in broad.skeletons(language):
        return broad.PLACES
    return 0


def dot(one: Vector, other: Vector) -> float:
    """Multiply two vectors; both of length 1, that is their cosine."""
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other[term] for term, value in one.items() if term in other)
