"""Hashtags say what an article is about, in words that many articles share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.entities import entities
from daily8.news.hashtags import (
    Background,
    Hashtag,
    collect,
    commonest,
    hashtags,
    recurring,
    renamed,
    slug,
    tidy,
    variants,
    written,
)
from daily8.news.hashtags.phrases import phrases
from daily8.news.reports import Report

ENGLISH = Report(
    "1",
    "Russia and Ukraine swap prisoners after talks",
    "Ada Quill said the prisoner swap was the largest yet. Russia sent 300 people home, Ukraine the same. "
    "On Monday the prisoner swap will go on, Quill said. The harbour toll was not discussed. "
    "The harbour toll stays. Top Stories. The Norvik Courier saw it.",
    "en",
    publisher="Norvik Courier",
)
ARABIC = Report(
    "2",
    "روسيا وأوكرانيا تواصلان تبادل الأسرى",
    "أعلنت موسكو أن تبادل الأسرى سيستمر. وقالت أوكرانيا إن عملية تبادل الأسرى ناجحة، "
    "وإن الأزمة الاقتصادية مستمرة. وأضافت أن الأزمة الاقتصادية عالمية.",
    "ar",
)


def tags(report: Report, **more: object) -> list[str]:
    """Give the hashtags of a report as written."""
    return [tag.text for tag in hashtags(report, entities(report), **more)]  # type: ignore[arg-type]


def test_an_article_has_names_topics_and_phrases() -> None:
    found = tags(ENGLISH)
    assert 3 <= len(found) <= 8
    assert {"#Russia", "#Ukraine", "#PrisonerSwap", "#AdaQuill", "#HarbourToll"} == set(found)


def test_arabic_hashtags_have_underscores() -> None:
    assert {"#روسيا", "#أوكرانيا", "#تبادل_الأسرى", "#الأزمة_الاقتصادية"} <= set(tags(ARABIC))


def test_one_thing_has_one_slug_in_both_languages() -> None:
    english = {tag.slug: tag for tag in hashtags(ENGLISH, entities(ENGLISH))}
    arabic = {tag.slug: tag for tag in hashtags(ARABIC, entities(ARABIC))}
    assert {"russia", "ukraine", "prisoner-swap"} <= english.keys() & arabic.keys()
    assert english["prisoner-swap"].called("ar") == arabic["prisoner-swap"].text == "#تبادل_الأسرى"


def test_a_term_of_several_words_goes_before_a_broad_word() -> None:
    text = "Soldiers came home. " * 4 + "The exchange of prisoners went well. Prisoners of war were glad."
    found = tags(Report("1", "Home at last", text, "en"))
    assert found.index("#PrisonerSwap") < found.index("#Army")


def test_tags_of_the_page_count_only_with_the_text() -> None:
    page = ("News", "Top Stories", "Norvik Courier", "Monday", "Tourism", "Harbour Toll", "Exclusive", "عاجل")
    with_tags = tags(ENGLISH, tags=page)
    assert set(with_tags) == set(tags(ENGLISH))
    other = Report("3", "A quiet day", "The ferry to Norvik was late. The ferry was full.", "en")
    assert "#Ferry" in tags(other, tags=["Ferry", "Airports"])
    assert "#Airports" not in tags(other, tags=["Ferry", "Airports"])


def test_sections_and_weekdays_are_no_hashtags_however_often_they_come() -> None:
    text = "Top stories begin. Top stories end. Breaking news came. Breaking news went. Monday."
    assert (
        tags(Report("1", "Top stories and breaking news", text, "en"), tags=["Top Stories", "Breaking News"])
        == []
    )
    arabic = "آخر الأخبار هنا. آخر الأخبار هناك. أخبار الرياضة. أخبار الرياضة."
    assert tags(Report("2", "أخبار الرياضة", arabic, "ar"), tags=["أخبار الرياضة"]) == []


def test_counterparts_and_hundreds_are_no_hashtags() -> None:
    text = "التقى الوزير نظيره التركي. وشكر نظيره التركي. مقتل المئات في السيل. وأكدوا مقتل المئات."
    told = tags(Report("1", "الوزير يلتقي نظيره التركي ومقتل المئات", text, "ar"))
    assert not {"#نظيره_التركي", "#مقتل_المئات"} & set(told)
    text = "رحل الفنان المصري. كان الفنان المصري مريضا. أفلام السينما المصرية. أفلام السينما المصرية."
    assert "#الفنان_المصري" not in tags(Report("2", "رحيل الفنان المصري", text, "ar"))


def test_a_name_that_ends_like_a_plural_makes_no_phrase() -> None:
    text = "Didier Merlans quittera le club. Merlans quittera aussi la ville."
    report = Report("1", "Didier Merlans quittera le club", text, "fr")
    assert "#MerlansQuittera" not in tags(report)


def test_what_all_articles_say_is_no_phrase() -> None:
    reports = [Report(str(n), "A day", "The town hall spoke. The town hall slept.", "en") for n in range(50)]
    everywhere = collect(reports)
    assert everywhere.documents == 50
    told = Report(
        "x", "The town hall and a paper kite", "The town hall saw a paper kite. A paper kite fell.", "en"
    )
    assert "#TownHall" in tags(told)
    assert "#TownHall" not in tags(told, background=everywhere)
    assert "#PaperKite" in tags(told, background=everywhere)


def test_rarity_has_its_ends() -> None:
    some = Background(100, {"town hall": 50, "paper kite": 2})
    assert some.rarity("town hall") == 0
    assert some.rarity("never seen") == 1
    assert 0 < some.rarity("paper kite") < 1
    assert Background(3, {"town hall": 3}).rarity("town hall") == 1


def test_verbs_and_names_make_no_phrases() -> None:
    text = "They want to boost trade. We must boost trade. Quill boats sank. Quill boats swam. Quill boats."
    assert [one.key for one in phrases("", text, ["quill"], ["quill"])] == []
    assert [one.key for one in phrases("", "Old river boats. The river boats.")] == ["river boat"]


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("prisoner swap", "#PrisonerSwap"),
        ("Bank of England", "#BankOfEngland"),
        ("NATO", "#NATO"),
        ("McDonald's", "#McDonald"),
        ("Côte d'Ivoire", "#CôteDIvoire"),
        ("تبادل الأسرى", "#تبادل_الأسرى"),
        ("مُحَمَّد", "#محمد"),
        ("2025", ""),
        ("", ""),
        ("x" * 41, ""),
        ("word " * 20, "#" + "Word" * 10),
        ("<b>&\u202e", ""),
    ],
)
def test_how_hashtags_are_written(name: str, tag: str) -> None:
    assert written(name) == tag


@given(st.text())
def test_a_hashtag_is_short_and_one_word(name: str) -> None:
    tag = written(name)
    assert len(tag) <= 41
    assert tag == "" or (tag[0] == "#" and all(c.isalnum() or c == "_" for c in tag[1:]))
    assert len(slug(name)) <= 60
    assert " " not in slug(name)


def tag(text: str, key: str = "", kind: str | None = None) -> Hashtag:
    return Hashtag(text, key or slug(text), "entity", 0.5, kind=kind)  # type: ignore[arg-type]


def test_the_commonest_form_stands_for_all() -> None:
    articles = [[tag("#HarbourToll", "harbour-toll")]] * 2 + [[tag("#HarbourTolls", "harbour-toll")]]
    forms = tidy(articles)
    assert [one.text for one in renamed(articles[2], forms)] == ["#HarbourToll"]
    assert commonest({"b": 2, "a": 2, "ccc": 2, "d": 1}) == "a"
    with pytest.raises(ValueError, match="at least one"):
        commonest({})


def test_spellings_of_a_person_become_one_hashtag() -> None:
    much = tag("#VolodymyrKowalenko", "volodymyr-kowalenko", "person")
    little = tag("#VolodymyrKowalenkoo", "volodymyr-kowalenkoo", "person")
    forms = tidy([[much], [much], [little]])
    assert [one.slug for one in renamed([much, little], forms)] == ["volodymyr-kowalenko"]


def test_variants_name_the_commonest() -> None:
    found = variants(
        {"Mohammed Haddad": 5, "Muhammad Haddad": 2, "محمد حداد": 1, "Ada Quill": 9, "Ada Quayle": 1}
    )
    assert found == {"Muhammad Haddad": "Mohammed Haddad", "محمد حداد": "Mohammed Haddad"}


def test_what_one_article_says_does_not_recur() -> None:
    assert recurring({"norvik": 3, "goanna": 1, "ferry": 2}) == {"norvik", "ferry"}
    assert recurring({"norvik": 3, "ferry": 2}, least=3) == {"norvik"}


@given(st.text(), st.text(), st.sampled_from(["en", "ar", "de", ""]))
def test_any_article_gets_distinct_hashtags(title: str, text: str, language: str) -> None:
    report = Report("1", title, text, language)
    found = hashtags(report, entities(report), tags=[title, text])
    assert len(found) <= 8
    assert len({one.slug for one in found}) == len(found)
    assert all(len(one.text) <= 41 and one.slug for one in found)
