"""What is rare in both languages and named counts; what everybody writes does not."""

from __future__ import annotations

import pytest

from daily8.news.concepts import concepts
from daily8.news.concepts.likeness import Rarity, Weighed, likeness

DAILY = [
    ("en", "Parliament of Slovenia rejects the budget"),
    ("en", "Home side wins 3-1 in the final"),
    ("en", "Parliament rejects a new law"),
    ("ar", "برلمان سلوفينيا يرفض الموازنة"),
    ("ar", "البرلمان يرفض القانون"),
    ("ru", "Парламент отверг закон"),
]
QUAKE = {"en": "Earthquake kills 47 people near Damascus", "ar": "مقتل ٤٧ شخصا في زلزال قرب دمشق"}


@pytest.fixture
def rarity() -> Rarity:
    made = Rarity()
    for language, title in [*DAILY * 20, *QUAKE.items()]:
        made.add(concepts(title, "", language), language)
    return made


def weighed(rarity: Rarity, title: str, language: str) -> Weighed:
    return rarity.weigh(concepts(title, "", language), language)


def test_one_event_is_liker_than_another(rarity: Rarity) -> None:
    english = weighed(rarity, QUAKE["en"], "en")
    same = likeness(english, weighed(rarity, QUAKE["ar"], "ar"))
    other = likeness(english, weighed(rarity, DAILY[3][1], "ar"))
    assert other < 0.05 < 0.5 < same <= 1


def test_what_everybody_writes_says_little(rarity: Rarity) -> None:
    common = weighed(rarity, DAILY[2][1], "en")
    assert likeness(common, weighed(rarity, DAILY[5][1], "ru")) < 0.4


def test_likeness_fades_with_time_and_has_no_direction(rarity: Rarity) -> None:
    one, other = weighed(rarity, QUAKE["en"], "en"), weighed(rarity, QUAKE["ar"], "ar")
    assert likeness(one, other, 48) < likeness(one, other, 12) < likeness(one, other)
    assert likeness(one, other, 12) == pytest.approx(likeness(other, one, -12))


def test_a_name_or_number_makes_it_surer() -> None:
    words, named = (
        Weighed({"word:a": 2.0, "word:b": 2.0}, 8**0.5),
        Weighed({"word:a": 2.0, "city:b": 2.0}, 8**0.5),
    )
    assert likeness(words, words) < likeness(named, named)


def test_more_evidence_makes_it_surer() -> None:
    one = Weighed({"city:a": 2.0}, 2.0)
    two = Weighed({"city:a": 2.0, "city:b": 2.0}, 8**0.5)
    assert likeness(one, one) < likeness(two, two)


def test_nothing_is_like_nothing() -> None:
    assert likeness(Weighed({}, 0.0), Weighed({}, 0.0)) == 0
    assert Rarity().weigh({"word:a": 1.0}, "en").norm >= 0
