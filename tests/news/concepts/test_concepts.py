"""Reports of one made-up event share concepts across languages and scripts; others do not."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.concepts import KINDS, concepts, vocabulary
from daily8.news.concepts.skeletons import skeletons
from daily8.news.gazetteer import tables
from daily8.news.gazetteer.folding import fold

QUAKE = {
    "en": "Earthquake kills 47 people near Damascus",
    "ar": "مقتل ٤٧ شخصا في زلزال قرب دمشق",
    "ru": "При землетрясении близ Дамаска убиты 47 человек",
    "fr": "Un séisme tue 47 personnes près de Damas",
    "es": "Un terremoto mata a 47 personas cerca de Damasco",
    "de": "Erdbeben nahe Damaskus: 47 Menschen getötet",
    "pt": "Terremoto mata 47 pessoas perto de Damasco",
    "it": "Terremoto vicino a Damasco, uccise 47 persone",
    "sl": "V potresu blizu Damaska ubitih 47 ljudi",
}
VOTE = {
    "en": "Parliament of Slovenia rejects the budget",
    "ar": "برلمان سلوفينيا يرفض الموازنة",
    "ru": "Парламент Словении отверг бюджет",
}


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(QUAKE, 2)])
def test_one_event_is_told_alike_in_all_languages(one: str, other: str) -> None:
    both = concepts(QUAKE[one], "", one).keys() & concepts(QUAKE[other], "", other).keys()
    assert both >= {"city:damascus", "number:47", "word:earthquake", "word:kill"}


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(VOTE, 2)])
def test_another_event_too(one: str, other: str) -> None:
    both = concepts(VOTE[one], "", one).keys() & concepts(VOTE[other], "", other).keys()
    assert both >= {"country:SI", "word:parliament", "word:reject", "word:budget"}


def test_two_events_share_nothing() -> None:
    for one, other in itertools.product(QUAKE, VOTE):
        assert not concepts(QUAKE[one], "", one).keys() & concepts(VOTE[other], "", other).keys()


@pytest.mark.parametrize(
    "names",
    [
        ("Valdorin", "فالدورين", "Валдорин"),
        ("Tarkosa", "تاركوسا", "Таркоса"),
        ("Mirzoban", "ميرزوبان", "Мирзобан"),
        ("Brantley", "برانتلي", "Брэнтли"),
        ("Osgarian", "اوسغاريان", "Осгарян"),
        ("Wendstrom", "ويندستروم", "Вендстром"),
        ("Khalimov", "خليموف", "Халимов"),
    ],
)
def test_a_name_keeps_its_consonants_in_every_script(names: tuple[str, ...]) -> None:
    forms = [set(skeletons(fold(name))) for name in names]
    assert set.intersection(*forms), forms


def test_short_names_say_nothing() -> None:
    assert skeletons("anna") == ()
    assert skeletons("") == ()


@pytest.mark.parametrize(
    ("text", "language", "key"),
    [
        ("Home side wins 3-1", "en", "score:1-3"),
        ("فوز أصحاب الأرض ١-٣", "ar", "score:1-3"),
        ("Prices rise 4.5 percent", "en", "number:4.5"),
        ("Цены выросли на 4,5 процента", "ru", "number:4.5"),
        ("Fund of 1.5 billion agreed", "en", "number:1500000000"),
        ("صندوق من 1.5 مليار", "ar", "number:1500000000"),
        ("Schäden von 1,5 Milliarden", "de", "number:1500000000"),
        ("12,000 leave", "en", "number:12000"),
        ("12 000 personnes", "fr", "number:12000"),
        ("three boats", "en", "number:3"),
        ("ثلاثة قوارب", "ar", "number:3"),
        ("from 23 July", "en", "date:7-23"),
        ("from July 23rd", "en", "date:7-23"),
        ("23 يوليو", "ar", "date:7-23"),
        ("23 تموز", "ar", "date:7-23"),
        ("23 июля", "ru", "date:7-23"),
        ("am 23. Juli", "de", "date:7-23"),
    ],
)
def test_numbers_are_written_alike(text: str, language: str, key: str) -> None:
    assert key in concepts(text, "", language)


def test_what_stands_in_the_text_only_weighs_less() -> None:
    title, body = concepts("Vote in Damascus", "", "en"), concepts("", "Vote in Damascus", "en")
    assert title.keys() == body.keys()
    assert all(body[key] < title[key] for key in title)
    assert concepts("Vote in Damascus", "Vote in Damascus", "en") == title


def test_ingredients_can_be_left_out() -> None:
    title = "Valdorin wins 47 votes in Damascus"
    parts = [set(concepts(title, "", "en", (kind,))) for kind in KINDS]
    assert all(parts)
    assert set.union(*parts) >= set(concepts(title, "", "en"))
    assert "name:TMSKS" not in concepts(title, "", "en")


def test_the_script_stands_for_a_language_that_is_not_told() -> None:
    for language in ("en", "ar", "ru"):
        assert concepts(QUAKE[language]) == concepts(QUAKE[language], "", language)


def test_every_concept_is_told_once_and_in_every_language() -> None:
    rows = [
        row
        for name in tables.names("daily8.news.concepts")
        for row in tables.rows("daily8.news.concepts", name)
    ]
    told = [row["concept"] for row in rows]
    assert len(told) == len(set(told)) > 550
    assert not [row["concept"] for row in rows if not all(row[language] for language in tables.LANGUAGES)]
    assert vocabulary.is_weak("yesterday")
    assert not vocabulary.is_weak("earthquake")


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(["", "en", "ar", "ru", "tr", "xx"]))
def test_any_text_has_weights_between_0_and_2(title: str, text: str, language: str) -> None:
    assert all(0 < weight <= 2 for weight in concepts(title, text, language).values())


@pytest.mark.parametrize(
    "text", ["1" * 500_000, "1-1 " * 100_000, "1,111" * 90_000, "ا" * 500_000, "\udfff7", "A" * 10**6]
)
def test_hostile_texts_are_read_to_a_limit(text: str) -> None:
    assert len(concepts(text, text, "en")) < 5000
