"""Which features words leave, in several scripts, and that none costs too much."""

from __future__ import annotations

import pytest

from daily8.news.stories.skeletons import skeleton
from daily8.news.stories.words import count, script_of, words


def stems(text: str) -> set[str]:
    return {stem for word in words(text) for stem in word.stems}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Élections", "elections"),
        ("الوزراء", "وزراء"),
        ("والوزراء", "وزراء"),
        ("للوزراء", "وزراء"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("مدرسة", "مدرسه"),
        ("محـــمد", "محمد"),
        ("harbouring", "harbour"),
        ("５", "5"),
    ],
)
def test_spellings_of_one_word_leave_one_feature(one: str, other: str) -> None:
    assert stems(one) == stems(other) != set()


def test_scripts_without_spaces_leave_pairs() -> None:
    assert stems("東京五輪") == {"東京", "京五", "五輪"}
    assert stems("โตเกียว") >= {"โต", "ตเ"}
    assert stems("서울시") == {"서울", "울시"}
    assert stems("海") == {"海"}


def test_short_words_count_in_capitals_and_numbers_always() -> None:
    assert stems("is US 7") == {"us", "7"}


@pytest.mark.parametrize("name", [("Putin", "Путин", "بوتين"), ("Merkel", "Меркел", "ميركل")])
def test_a_name_leaves_the_same_consonants_in_each_script(name: tuple[str, ...]) -> None:
    found = {word.skeleton for text in name for word in words(text)}
    assert len(found) == 1
    assert "" not in found


def test_a_skeleton_needs_three_consonants() -> None:
    assert skeleton("iran") == ""


def test_devanagari_words_stay_whole() -> None:
    assert len(words("हिन्दी समाचार")) == 2


def test_the_script_is_that_of_most_words() -> None:
    texts = ("Kelmar ferry", "عبارة كلمار FIFA", "Паром Келмар", "東京 五輪", "12 30", "")
    assert [script_of(words(text)) for text in texts] == ["L", "A", "C", "J", "-", "-"]


@pytest.mark.parametrize(
    "text", ["\ud800", "\u200f\u202e", "a" * 400, "ا" * 400, "ﷺ" * 400, "e\u0301" * 200, "\x00\x1b"]
)
def test_hostile_texts_are_read(text: str) -> None:
    bag: dict[str, float] = {}
    told = words(text)
    count(told, bag, 1.0)
    assert all(bag)
    assert len(told) <= len(text)
