"""Names of many languages lead to one entry; words that only look like names do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.gazetteer import KINDS, entries, find, name, tables
from daily8.news.gazetteer.folding import LIMIT, fold, readings, words


def ids(text: str, language: str) -> list[str]:
    return [mention.id for mention in find(text, language)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Egyptian ministers meet Macron in Damascus"),
        ("ar", "وزراء مصريون يلتقون ماكرون بدمشق"),
        ("ru", "Египетские министры встретились с Макроном в Дамаске"),
        ("fr", "Des ministres égyptiens rencontrent Macron à Damas"),
        ("es", "Ministros egipcios se reúnen con Macron en Damasco"),
        ("de", "Ägyptische Minister treffen Macron in Damaskus"),
        ("pt", "Ministros do Egito encontram Macron em Damasco"),
        ("sl", "Egiptovski ministri so se sestali z Macronom v Damasku"),
    ],
)
def test_one_event_names_the_same_in_all_languages(language: str, text: str) -> None:
    assert ids(text, language) == ["country:EG", "person:macron", "city:damascus"]


def test_particles_written_joined_to_an_arabic_name_are_taken_off() -> None:
    for word in ("القاهرة", "بالقاهرة", "وبالقاهرة", "للقاهرة", "والقاهرة", "قاهرة", "اَلْقَاهِرَة", "القاهـــرة"):
        assert ids(word, "ar") == ["city:cairo"], word
    assert ids("واشنطن ولندن", "ar") == ["city:washington", "city:london"]


def test_the_longest_name_wins() -> None:
    assert ids("North Korea and South Korean officials", "en") == ["country:KP", "country:KR"]
    assert ids("مجلس الأمن الدولي يجتمع", "ar") == ["org:un-security-council"]


def test_a_city_that_is_a_word_needs_something_beside_it() -> None:
    assert ids("Nice weather for reading", "en") == []
    assert ids("Nice plan for a better harbour", "en") == []
    assert ids("French police search Nice", "en") == ["country:FR", "city:nice"]


def test_an_abbreviation_counts_in_capitals() -> None:
    assert ids("WHO warns of a new strain", "en") == ["org:who"]
    assert ids("Who warns of a new strain?", "en") == []


def test_a_surname_needs_its_capital() -> None:
    assert ids("he wanted to trump them", "en") == []
    assert ids("voters of Trump", "en") == ["person:trump"]


def test_mentions_say_where_they_stand() -> None:
    (mention,) = find("Talks begin in São Paulo today", "en")
    assert (mention.id, mention.surface, mention.start, mention.end) == ("city:sao-paulo", "Sao Paulo", 3, 5)


def test_names_are_told_in_english_and_arabic() -> None:
    assert (name("country:EG"), name("country:EG", "ar")) == ("Egypt", "مصر")
    assert (name("org:un"), name("org:un", "ar")) == ("United Nations", "الأمم المتحدة")
    with pytest.raises(KeyError):
        name("org:nobody")


def test_every_entry_is_whole() -> None:
    assert len(entries()) > 4500
    assert {each.kind for each in entries().values()} == {*KINDS.values(), "place"}
    assert all(each.name and each.id.partition(":")[2] for each in entries().values())
    by_hand = [each for each in entries().values() if not each.id.startswith("city:")]
    assert all(each.name_ar for each in by_hand)


def test_no_entry_is_told_twice() -> None:
    told = [
        row["id"]
        for file in tables.names("daily8.news.gazetteer")
        if file != "months.tsv"
        for row in tables.rows("daily8.news.gazetteer", file)
    ]
    assert len(told) == len(set(told))


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text(max_size=300), st.sampled_from(["", "en", "ar", "ru", "sl", "zh"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    told = words(text)
    for mention in find(text, language):
        assert 0 <= mention.start < mention.end <= len(told)


@pytest.mark.parametrize(
    "text", ["\ud800 Paris", "\u200f" * 50_000 + "x", "a" * 1_000_000, "Paris " * 200_000, "و" * 100_000]
)
def test_hostile_texts_are_read_to_a_limit(text: str) -> None:
    assert len(find(text, "en")) <= LIMIT


def test_an_arabic_word_has_few_readings() -> None:
    assert max(len(readings(fold(word))) for word in ("وبالكتاب", "فللناس", "ولالا")) <= 12
