"""How like two texts are, and the terms that this is told by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.concepts import concepts
from daily8.news.relation import (
    Frequencies,
    Traits,
    closeness,
    is_copy,
    likeness,
    terms,
    traits_of,
    with_meaning,
)
from daily8.news.relation.broad import SEEN, broad
from daily8.news.relation.likeness import Features, score
from tests.news.affairs import HOURS, TOLD

LANGUAGES = st.sampled_from(["en", "ar", "de", "", "zz"])
TEXTS = st.text(max_size=200) | st.text("ab ,.١٢٣abcابج\u200f\u202e\ud800\n", max_size=80)


def all_traits(language: str) -> dict[str, Traits]:
    return {name: traits_of(*TOLD[language][name], language, grams=True) for name in HOURS}


def scores(found: dict[str, Traits], target: Traits) -> dict[str, float]:
    frequencies = Frequencies(found.values())
    return {name: likeness(target, each, frequencies).score for name, each in found.items()}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_same_facts_are_liker_than_the_same_country(language: str) -> None:
    found = all_traits(language)
    got = scores(found, found["swap"])
    assert got["swap"] == pytest.approx(1.0)
    assert got["retold"] > got["history"] > got["clinic"]
    assert got["retold"] > 0.6
    assert max(got["clinic"], got["quake"], got["other quake"]) < 0.35
    quakes = scores(found, found["quake"])
    assert quakes["other quake"] < 0.5


def test_texts_of_two_alphabets_are_compared_by_what_crosses() -> None:
    english, arabic = all_traits("en"), all_traits("ar")
    both = {**english, **{f"{name} ar": each for name, each in arabic.items()}}
    got = scores(both, english["swap"])
    assert got["retold ar"] > 0.5 > got["clinic ar"] > got["quake ar"]
    frequencies = Frequencies(both.values())
    across = likeness(english["swap"], arabic["swap"], frequencies).features
    assert across.across
    assert across.crossing is not None
    assert across.concepts is None
    assert likeness(english["swap"], english["quake"], frequencies).features.crossing is None


def test_concepts_count_between_alphabets() -> None:
    found = {
        (name, code): traits_of(
            *TOLD[code][name], code, grams=True, concepts=concepts(*TOLD[code][name], code)
        )
        for code in TOLD
        for name in HOURS
    }
    frequencies = Frequencies(found.values())
    pair = likeness(found["swap", "en"], found["retold", "ar"], frequencies)
    assert pair.features.concepts is not None
    assert pair.score > likeness(found["swap", "en"], found["clinic", "ar"], frequencies).score
    assert likeness(found["swap", "en"], found["retold", "en"], frequencies).features.concepts is None


def test_two_languages_of_one_alphabet_share_spelling() -> None:
    english = traits_of(
        "", "Governor Olan Pries visited Velmora and Teran after the earthquake", "en", grams=True
    )
    german = traits_of(
        "", "Gouverneur Olan Pries besuchte nach dem Erdbeben Velmora und Teran", "de", grams=True
    )
    other = traits_of("", "Der Haushalt der Stadt Amon wurde gestern beschlossen", "de", grams=True)
    frequencies = Frequencies([english, german, other])
    assert (
        likeness(english, german, frequencies).score > 0.5 > likeness(english, other, frequencies).score + 0.3
    )


def test_vectors_count_where_both_have_them() -> None:
    found = all_traits("en")
    frequencies = Frequencies(found.values())
    one, other = found["swap"], found["history"]
    plain = likeness(one, other, frequencies)
    assert plain.features.meaning_whole is None
    near = likeness(
        with_meaning(one, [1.0, 0.0], [1.0, 0.0]), with_meaning(other, [1.0, 0.0], [1.0, 0.0]), frequencies
    )
    far = likeness(
        with_meaning(one, [1.0, 0.0], [1.0, 0.0]), with_meaning(other, [0.0, 1.0], [0.0, 1.0]), frequencies
    )
    assert far.score < plain.score < near.score
    assert (near.features.meaning_headline, far.features.meaning_whole) == (1.0, 0.0)


def test_more_than_enough_counts_little() -> None:
    def at(words: float) -> float:
        return score(Features(words, words, words, words, False, None, None, None, None))

    assert at(0.0) == 0.0
    assert at(1.0) == pytest.approx(1.0)
    assert at(0.4) - at(0.0) > 2 * (at(1.0) - at(0.6))


def test_between_alphabets_concepts_decide_then_skeletons_then_spelling() -> None:
    def across(crossing: float | None, concepts: float | None) -> float:
        return score(Features(0.1, 0.1, 0.0, 0.0, True, crossing, concepts, None, None))

    assert across(0.2, 0.6) == across(0.3, 0.6) > across(0.2, None) > across(None, None) > 0


def test_a_sentence_that_stands_twice_counts_once() -> None:
    text = "The governor left Teran. Share this page now! The bridge is closed. Share this page now!"
    once = "The governor left Teran. Share this page now! The bridge is closed."
    assert traits_of("", text, "en").words == traits_of("", once, "en").words


@given(TEXTS, TEXTS, LANGUAGES, LANGUAGES)
def test_likeness_is_mutual_and_bounded(one: str, other: str, first: str, second: str) -> None:
    here, there = traits_of("", one, first, grams=True), traits_of(other, one, second, grams=True)
    frequencies = Frequencies([here, there])
    forth, back = likeness(here, there, frequencies), likeness(there, here, frequencies)
    assert 0.0 <= forth.score <= 1.0
    assert forth.score == pytest.approx(back.score)
    assert is_copy(here, there) == is_copy(there, here)


@given(TEXTS)
def test_a_text_with_words_is_like_itself(text: str) -> None:
    drawn = traits_of("", text, "xx", grams=True)
    if drawn.words and drawn.grams:
        assert likeness(drawn, drawn, Frequencies()).score == pytest.approx(1.0)


@pytest.mark.parametrize(
    "hostile", ["a" * 1_000_000, "\ufdfa" * 100_000, "١" * 100_000, "A b" * 300_000, "\ud800" * 9]
)
def test_what_is_read_of_a_text_is_bounded(hostile: str) -> None:
    drawn = traits_of(hostile, hostile, "ar", grams=True)
    assert sum(map(len, drawn.words)) <= 2 * terms.LONGEST
    assert len(drawn.headline) <= terms.TITLE
    assert len(drawn.grams) <= 4 * terms.LONGEST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Minister", "ministers"),
        ("١٢٣", "123"),
        ("1,200", "1200"),
        ("٣٫٥", "3.5"),
        ("الوزير", "ووزير"),
        ("مُحَمَّد", "محمد"),
        ("São", "sao"),
        ("الأسرى", "أسري"),
    ],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    first, second = (terms.words(terms.tokens(terms.plain(each))) for each in (one, other))
    assert first == second != []


@pytest.mark.parametrize(
    ("latin", "others"),
    [
        ("Brandt", ("براندت", "Брандт")),
        ("Shevchenko", ("شيفتشينكو", "Шевченко")),
        ("Karim", ("كريم", "Карим")),
    ],
)
def test_names_have_one_skeleton_in_several_alphabets(latin: str, others: tuple[str, ...]) -> None:
    assert {terms.skeleton(each) for each in others} == {terms.skeleton(latin)}


def test_scripts_without_spaces_have_pairs_of_letters() -> None:
    assert terms.words(["港湾局長"]) == ["港湾", "湾局", "局長"]
    one, other = (
        traits_of("", text, "ja", grams=True) for text in ("港湾局長が辞任した", "辞任した港湾局長")
    )
    assert likeness(one, other, Frequencies()).score > 0.5


def test_names_are_capitalised_runs_and_numbers() -> None:
    assert terms.names("The Olan Pries bridge, 1,200 m") == [
        "the",
        "olan",
        "the olan",
        "pries",
        "olan pries",
        "1200",
    ]
    assert list(terms.runs("said Olan Pries of Teran")) == [["said"], ["Olan", "Pries"], ["of"], ["Teran"]]


def test_headlines_are_guessed() -> None:
    assert (
        terms.headline("Bridge of Qarn closed for repairs\nThe bridge will stay closed.")
        == "Bridge of Qarn closed for repairs"
    )
    assert len(terms.headline("word " * 100)) <= 90
    assert (
        traits_of("", "Bridge of Qarn closed for repairs\nText.").headline
        == "Bridge of Qarn closed for repairs"
    )


def test_broad_words_are_known_before_the_first_report() -> None:
    assert {"the", "russia", "june", "said"} <= set(broad("en"))
    assert {"روسيا", "في"} <= set(broad("ar"))
    assert {"russla"} <= set(broad("de"))
    assert broad("") == broad("zz") == {}
    assert max(broad("en").values()) < SEEN
    frequencies = Frequencies()
    assert frequencies.weight("words", "en", "the") < frequencies.weight("words", "en", "russia")
    assert frequencies.weight("words", "en", "russia") < frequencies.weight("words", "en", "velmor")


QUAKE = "Earthquake kills 40 in Cairo, Egypt. Rescue teams search for survivors after the quake."
QUAKE_AR = "زلزال يقتل 40 شخصا في القاهرة بمصر. فرق الإنقاذ تبحث عن ناجين بعد الزلزال."
MATCH_AR = "منتخب مصر يفوز على المغرب بهدفين في مباراة ودية بالقاهرة"


def test_one_place_is_not_one_event_across_alphabets() -> None:
    quake, same, match = (
        traits_of("", text, language, grams=True, concepts=concepts(text.partition(".")[0], text, language))
        for text, language in ((QUAKE, "en"), (QUAKE_AR, "ar"), (MATCH_AR, "ar"))
    )
    frequencies = Frequencies([quake, same, match])
    assert likeness(quake, same, frequencies).score > 0.8
    assert likeness(quake, match, frequencies).score < 0.35
    assert closeness(quake, same, frequencies) > 0.55
    assert closeness(quake, match, frequencies) < 0.35


def test_equal_texts_are_1_by_their_vectors_too() -> None:
    told = with_meaning(traits_of("", QUAKE, "en", grams=True), (1.0, 0.0), (1.0, 0.0))
    assert likeness(told, told, Frequencies([told])).score == pytest.approx(1.0)
