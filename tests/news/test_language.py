"""Languages by tags, letters and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.language import code, detect, guess, of_article, of_block
from daily8.news.scripts import by_letters, main_script, scripts, writes

HEADLINES = {
    "en": "Harbour ferries stay in port as storm nears the coast",
    "ar": "العبّارات تبقى في الميناء مع اقتراب العاصفة",
    "fa": "کشتی‌ها با نزدیک شدن توفان در بندر ماندند",
    "ur": "طوفان کے باعث کشتیاں بندرگاہ میں رہیں گی",
    "ru": "Паромы остаются в порту: к побережью идёт шторм",
    "uk": "Пороми залишаються в порту: наближається шторм і дощ",
    "bg": "Фериботите остават в пристанището заради бурята",
    "sr": "Трајекти остају у луци јер се приближава олуја",
    "el": "Τα πλοία μένουν στο λιμάνι λόγω της καταιγίδας",
    "he": "המעבורות נשארות בנמל בגלל הסערה",
    "th": "เรือข้ามฟากจอดในท่าเรือเพราะพายุ",
    "ja": "嵐が近づき、フェリーは港にとどまる",
    "zh": "风暴逼近，渡轮停在港口",
    "ko": "폭풍이 다가와 여객선이 항구에 머문다",
    "hi": "तूफ़ान के कारण नौकाएँ बंदरगाह में रहेंगी",
    "de": "Die Fähren bleiben wegen des Sturms im Hafen",
    "fr": "Les ferries restent au port à l'approche de la tempête",
    "tr": "Fırtına yaklaşırken feribotlar limanda kalıyor",
}


@pytest.mark.parametrize(("language", "headline"), HEADLINES.items())
def test_headlines_are_told(language: str, headline: str) -> None:
    assert of_article(headline, "").language == language
    assert of_article(headline, "", (language,)).language == language


@pytest.mark.parametrize("language", ["ar", "fa", "ru", "el", "ja", "ko", "th", "he", "hi"])
def test_another_script_outweighs_what_is_stated(language: str) -> None:
    assert of_article(HEADLINES[language], "", ("en", "en-GB")).language == language


def test_what_is_stated_decides_where_words_do_not() -> None:
    assert of_article("Covid-19", "", ("de",)).language == "de"
    assert of_article("Marina Radić", "", ("hr-HR",)).language == "hr"
    assert of_article("", "", ("pt_BR",)).language == "pt"
    assert of_article("12:30", "", (None, "ar-EG")).language == "ar"
    assert of_article("風暴", "", ("ja",)).language == "ja"
    assert of_article("", "").language == ""


def test_a_long_text_outweighs_what_is_stated() -> None:
    text = f"{HEADLINES['de']}, sagte der Hafenmeister, und die Fischer warten mit ihm auf Wetter."
    assert of_article("Storm", text, ("en",)).language == "de"
    assert of_article("«Hasta la vista», dice el capitán del puerto", text).language == "de"


def test_norwegian_is_called_as_its_page_calls_it() -> None:
    headline = "Fergene blir liggende i havnen fordi stormen nærmer seg kysten"
    assert of_article(headline, "").language == "nb"
    assert of_article(headline, "", ("no",)).language == "no"


def test_blocks_are_in_the_language_of_their_article() -> None:
    assert of_block("iPhone 17 Pro", "ar") == "ar"
    assert of_block("San Francisco", "en") == "en"
    assert of_block("Déjà vu", "en") == "en"
    assert of_block("", "ar") == "ar"
    assert of_block("٢٠٢٦", "ar") == "ar"


def test_blocks_that_are_surely_in_another_are_told() -> None:
    assert of_block(HEADLINES["en"], "ar") == "en"
    assert of_block(HEADLINES["ar"], "en") == "ar"
    assert of_block(f"{HEADLINES['fr']}, a dit le capitaine du port lundi matin", "en") == "fr"
    assert of_block(HEADLINES["uk"], "ru") == "uk"
    assert of_block(HEADLINES["ko"], "ja") == "ko"


def test_short_texts_alone_say_nothing() -> None:
    assert detect("Ja.") == ""
    assert detect("12 34 56 78 90 12 34 56 78 90") == ""
    assert detect(HEADLINES["de"]) == "de"
    assert detect(HEADLINES["zh"]) == "zh"


def test_letters_tell_languages_of_one_script_apart() -> None:
    for language in ("ur", "fa", "ar"):
        left = by_letters(HEADLINES[language], "Arabic")
        assert max(left, key=lambda name: left[name]) == language
    left = by_letters(HEADLINES["uk"], "Cyrillic")
    assert left["uk"] == 1
    assert left["ru"] < 0.2


def test_scripts_are_counted() -> None:
    assert scripts("Hafen ميناء 12") == {"Latin": 5, "Arabic": 5}
    assert main_script(scripts("嵐が近づく")) == "Kana"
    assert main_script(scripts("هاتف iPhone")) == "Arabic"
    assert main_script({}) == ""
    assert writes("sr", "Latin")
    assert writes("sr", "Cyrillic")
    assert not writes("ru", "Latin")


def test_codes_are_short() -> None:
    assert [code(tag) for tag in ("eng", "en-GB", "iw", None, "x")] == ["en", "en", "he", "", ""]


@given(st.text(max_size=300), st.sampled_from(["", "en", "ar", "no", "zz"]))
def test_any_text_gets_an_answer(text: str, stated: str) -> None:
    found = of_article(text[:40], text, (stated,))
    assert 0.0 <= found.certainty <= 1.0
    assert of_article(text[:40], text, (stated,)) == found
    of_block(text, stated)
    detect(text)


def test_a_million_characters_cost_no_more_than_their_beginning() -> None:
    for text in (
        "a" * 1_000_000,
        "ش" * 1_000_000,
        "\ud800" * 1_000_000,
        "\u202e" * 1_000_000,
        "漢か" * 500_000,
    ):
        assert of_article(text, text) == of_article(text[:4000], text[:4000])
    assert guess("").language == ""
