"""How like two texts are: from 0, nothing in common, to 1, the same event told with the same facts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from daily8.news.relation.traits import Frequencies, Traits, Vector, dot

FULL = 0.4
"""The cosine from which more of the same words says ever less: copies are hardly liker than two accounts."""
_MEANING = 0.7
"""What vectors weigh beside words where both texts have them."""
_PLACES = ("country:", "region:", "city:", "place:")
_PLACED, _PLACES_ALONE = 2.0, 0.3


@dataclass(frozen=True, slots=True)
class Features:
    """The figures of a pair, each 0 to 1; ``None`` where it could not be had."""

    words: float
    """Cosine of the weighed words, cut to six letters."""
    letters: float
    """Cosine of runs of 3 to 5 letters: words in other forms, compounds, names spelled alike."""
    headline: float
    """How much of each headline stands in the other text, on average, by weight."""
    names: float
    """Cosine of capitalised words and numbers. Told, and not counted: words hold them already."""
    across: bool
    """Whether the texts are in different languages."""
    crossing: float | None
    """Cosine of skeletons of names and of numbers; only of texts in different alphabets."""
    concepts: float | None
    """Cosine of the concepts that both were given, see `beyond_places`; only between alphabets."""
    meaning_headline: float | None
    """Cosine of the vectors of each headline and the other whole text, on average."""
    meaning_whole: float | None
    """Cosine of the vectors of the whole texts."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two texts are, and by what figures."""

    score: float
    """0 unlike, 1 the same event and facts."""
    features: Features


def likeness(one: Traits, other: Traits, frequencies: Frequencies) -> Likeness:
    """Compare the traits of two texts, read with letter runs; vectors of one recipe count where both have.

    In words: what is shared counts up to the amount that two reports of one event share, and no more; words
    and letter runs count 2, the headlines 1. Vectors are the greater part where there are some, again up to
    an amount. Between languages of one alphabet count words and letters; between alphabets the concepts that
    both were given, or else skeletons of names, and numbers.
    """
    features = compare(one, other, frequencies)
    return Likeness(min(1.0, max(0.0, score(features))), features)


def compare(one: Traits, other: Traits, frequencies: Frequencies) -> Features:
    """Measure a pair, without judging it."""
    vectors = [
        (frequencies.vector(one, kind), frequencies.vector(other, kind))
        for kind in ("words", "grams", "names")
    ]
    words, letters, names = (_share(dot(a, b)) for a, b in vectors)
    headline = (_stands_in(one, other, frequencies) + _stands_in(other, one, frequencies)) / 2
    across = one.language != other.language
    crossing = concepts = None
    if across and one.alphabet != other.alphabet:
        crossing = _share(dot(frequencies.vector(one, "crossing"), frequencies.vector(other, "crossing")))
        if one.concepts and other.concepts:
            both = (frequencies.vector(one, "concepts"), frequencies.vector(other, "concepts"))
            concepts = _share(beyond_places(*both))
    by_headline = by_whole = None
    if one.meaning is not None and other.meaning is not None:
        by_headline = _share(
            (
                _cosine(one.meaning.headline, other.meaning.whole)
                + _cosine(other.meaning.headline, one.meaning.whole)
            )
            / 2
        )
        by_whole = _share(_cosine(one.meaning.whole, other.meaning.whole))
    return Features(words, letters, headline, names, across, crossing, concepts, by_headline, by_whole)


def score(features: Features) -> float:
    """Judge the figures of a pair: 0 to 1."""
    lexical = _across(features) if features.across else _within(features)
    if features.meaning_headline is None or features.meaning_whole is None:
        return lexical
    # Each a share of what equal texts have, so that those come to 1.
    headline, whole = (
        rise(cosine, middle) / rise(1.0, middle)
        for cosine, middle in ((features.meaning_headline, 0.4), (features.meaning_whole, 0.5))
    )
    meaning = (headline + whole) / 2
    return _MEANING * meaning + (1 - _MEANING) * lexical


def _within(features: Features) -> float:
    return (2 * enough(features.words) + 2 * enough(features.letters) + features.headline) / 5


def _across(features: Features) -> float:
    # Spelling is shared only inside an alphabet; skeletons mislead there and are needed elsewhere.
    if features.concepts is not None:
        return enough(features.concepts)
    if features.crossing is not None:
        return enough(features.crossing)
    return (enough(features.words) + enough(features.letters)) / 2


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


def beyond_places(one: Vector, other: Vector) -> float:
    """Give the cosine of concepts, in which places count at most `_PLACED` times what else is shared.

    A match and an earthquake in one town share its name, its country's, and a word like *team*. Of places
    alone `_PLACES_ALONE` of the cosine is left.
    """
    placed = rest = 0.0
    for key, weight in one.items():
        if key in other:
            if key.startswith(_PLACES):
                placed += weight * other[key]
            else:
                rest += weight * other[key]
    return max(rest + min(placed, _PLACED * rest), _PLACES_ALONE * (placed + rest))


def enough(cosine: float) -> float:
    """Turn a cosine of words into 0 to 1, steep at first and flat where texts share most of their words."""
    return (1.0 - math.exp(-max(0.0, cosine) / FULL)) / (1.0 - math.exp(-1.0 / FULL))


def rise(cosine: float, middle: float) -> float:
    """Turn a cosine of sentence vectors into 0 to 1: texts without any relation have some .1 to .3."""
    return 1.0 / (1.0 + math.exp((middle - cosine) / 0.15))


def _stands_in(one: Traits, other: Traits, frequencies: Frequencies) -> float:
    whole = shared = 0.0
    for each in sorted(one.head):
        weight = frequencies.weight("words", one.language, each)
        whole += weight
        if each in other.words:
            shared += weight
    return shared / whole if whole else 0.0


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    if len(one) != len(other):
        return 0.0
    return float(sum(a * b for a, b in zip(one, other, strict=True)))
