"""What is related, and why: by the event, not by a broad word, in English and Arabic and between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from daily8.news.concepts import concepts
from daily8.news.relation import (
    Finder,
    Frequencies,
    Reason,
    Related,
    Settings,
    Subject,
    closeness,
    is_copy,
    rank,
    related,
    say,
    subject,
    with_meaning,
)
from daily8.news.reports import Report
from tests.news.affairs import HOURS, NOON, TOLD, report


def drawn(language: str, *, timed: bool = True) -> dict[str, Subject]:
    return {name: subject(report(name, language, timed=timed)) for name in HOURS}


def known(subjects: dict[str, Subject]) -> Frequencies:
    return Frequencies(each.traits for each in subjects.values())


def relations(found: list[Related]) -> dict[str, str]:
    return {each.id.rpartition(" ")[0]: each.relation for each in found}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_event_comes_first_then_its_earlier_turn_then_background(language: str) -> None:
    subjects = drawn(language)
    found = related(subjects["swap"], list(subjects.values()), known(subjects))
    assert list(relations(found).items()) == [
        ("retold", "same_event"),
        ("offer", "earlier"),
        ("history", "background"),
    ]
    assert all(0.0 <= each.score <= 1.0 for each in found)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_times_nothing_is_earlier(language: str) -> None:
    subjects = drawn(language, timed=False)
    found = relations(related(subjects["swap"], list(subjects.values()), known(subjects)))
    assert found["retold"] == "same_event"
    assert "earlier" not in found.values()
    assert "clinic" not in found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_events_of_one_kind_are_not_one(language: str) -> None:
    subjects = drawn(language)
    found = relations(rank(subjects["quake"], subjects.values(), known(subjects)))
    assert found.get("other quake") != "same_event"
    assert set(found) <= {"other quake"}


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "Russia and Ukraine exchange captives at border", "Doctors in Russia sold babies"),
        ("en", "Senate of Brazil passes budget in June", "June rains flood a village in Brazil"),
        (
            "en",
            "Report: minister of France resigns after talks",
            "Reporters in France talk to a minister's cook",
        ),
        ("ar", "روسيا وأوكرانيا تتبادلان الأسرى عند الحدود", "أطباء في روسيا باعوا رضعا"),
        ("ar", "مجلس الشيوخ في البرازيل يقر الموازنة في يونيو", "أمطار يونيو تغرق قرية في البرازيل"),
    ],
)
def test_a_country_a_month_and_words_of_news_relate_nothing(language: str, one: str, other: str) -> None:
    pair = [subject(Report(name, title, "", language)) for name, title in (("1", one), ("2", other))]
    assert rank(pair[0], pair, Frequencies(each.traits for each in pair)) == []


def test_what_is_broad_is_learned_from_the_reports() -> None:
    titles = ["Vexoria harvest ends early", "Vexoria harvest begins again"]
    many = [f"Vexoria harvest number{n} brings colour{n}" for n in range(80)]
    pair = [subject(Report(str(n), title, "", "en")) for n, title in enumerate(titles)]
    filler = [subject(Report(f"f{n}", title, "", "en")) for n, title in enumerate(many)]
    frequencies = Frequencies(each.traits for each in (*pair, *filler))
    assert frequencies.breadth("words", "en", "vexori") > 0.5
    assert frequencies.weight("words", "en", "vexori") < frequencies.weight("words", "en", "early")
    anything = Settings(background=0.0, story=0.9)
    assert rank(pair[0], pair, frequencies, anything) == []
    assert rank(pair[0], pair, frequencies, replace(anything, broad=1.0)) != []


def test_what_is_hardly_close_is_not_related() -> None:
    subjects = drawn("en")
    frequencies = known(subjects)
    far = Settings(background=0.7)
    assert relations(rank(subjects["swap"], subjects.values(), frequencies, far)).keys() == {
        "retold",
        "offer",
    }


@pytest.mark.parametrize("whose", [0, 1], ids=["its own", "the other's"])
def test_a_publishers_name_relates_nothing(whose: int) -> None:
    titles = (
        "Harbour Gazette Daily wins prize of readers",
        "Harbour Gazette Daily asks: whose bins are these?",
    )
    pair = [subject(Report(str(n), title, "", "en")) for n, title in enumerate(titles)]
    frequencies = Frequencies(each.traits for each in pair)
    assert rank(pair[0], pair, frequencies) != []
    named = list(pair)
    named[whose] = replace(pair[whose], report=replace(pair[whose].report, publisher="Harbour Gazette Daily"))
    assert rank(named[0], named, frequencies) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_text_is_given_twice(language: str) -> None:
    subjects = drawn(language)
    copies = {
        f"{name} copy": Subject(replace(each.report, id=f"{each.report.id} copy"), each.traits)
        for name, each in subjects.items()
    }
    everything = [*subjects.values(), *copies.values()]
    frequencies = Frequencies(each.traits for each in everything)
    assert is_copy(subjects["swap"].traits, copies["swap copy"].traits)
    assert not is_copy(subjects["swap"].traits, subjects["retold"].traits)
    found = [each.id for each in related(subjects["swap"], everything, frequencies)]
    assert [one for one in found if one.startswith("swap")] == []
    assert len({one.removesuffix(" copy") for one in found}) == len(found) == 3
    assert len(rank(subjects["swap"], everything, frequencies)) == 7


def test_later_and_much_older_turns_are_background() -> None:
    subjects = drawn("en")
    frequencies = known(subjects)
    found = {each.id: each for each in rank(subjects["offer"], subjects.values(), frequencies)}
    later = found["swap en"]
    assert (later.relation, later.reason.turn) == ("background", "later")
    assert say(later.reason, "en").startswith("Later in this story (8.3 days after): ")
    old = replace(subjects["offer"].report, time=NOON - timedelta(days=400))
    close = Settings(same_event=0.95, story=0.3)
    assert relations(
        rank(subjects["swap"], [Subject(old, subjects["offer"].traits)], frequencies, close)
    ) == {"offer": "background"}


def test_reports_in_other_alphabets_are_found_by_names_and_numbers() -> None:
    subjects = {**drawn("en"), **{f"{name} ar": each for name, each in drawn("ar").items()}}
    found = rank(subjects["swap"], subjects.values(), known(subjects))
    arabic = {each.id.rpartition(" ")[0]: each.relation for each in found if each.id.endswith(" ar")}
    assert arabic["swap"] == arabic["retold"] == "same_event"
    assert {"clinic", "quake", "other quake"}.isdisjoint(arabic)
    other_way = rank(subjects["quake ar"], subjects.values(), known(subjects))
    assert [each.id for each in other_way if each.id.endswith(" en")][:1] == ["quake en"]


def test_concepts_find_them_too() -> None:
    def with_concepts(one: Report) -> Subject:
        return subject(one, concepts(one.title, one.text, one.language))

    subjects = {f"{name} {code}": with_concepts(report(name, code)) for code in TOLD for name in HOURS}
    found = rank(subjects["swap en"], subjects.values(), known(subjects))
    arabic = {each.id.rpartition(" ")[0]: each.relation for each in found if each.id.endswith(" ar")}
    assert arabic["swap"] == arabic["retold"] == "same_event"
    assert {"clinic", "quake", "other quake"}.isdisjoint(arabic)


def test_reasons_are_said_in_two_languages() -> None:
    subjects = drawn("en")
    event, earlier, history = related(subjects["swap"], list(subjects.values()), known(subjects))
    assert say(event.reason, "en") == "The same event: both tell of Qarn and Sylvania"
    assert say(earlier.reason, "en").startswith("Earlier in this story (8.3 days before): ")
    assert say(history.reason, "en").startswith("Background: also about ")
    assert say(Reason("earlier", ("القرن",), 7200.0), "ar") == "سابق في القصة نفسها (قبل ساعتين): القرن"
    assert (
        say(Reason("same_event", ("القرن", "Qarn")), "ar") == "الحدث نفسه: كلاهما عن القرن و\u2068Qarn\u2069"
    )
    assert say(Reason("background"), "ar") == "خلفية"
    assert say(Reason("earlier", ("Qarn",)), "fr") == "Earlier in this story: Qarn"
    arabic = drawn("ar")
    first = related(arabic["swap"], list(arabic.values()), known(arabic))[0]
    assert say(first.reason, "ar") == "الحدث نفسه: كلاهما عن سيلفانيا والقرن"


def test_vectors_help_and_are_compared_only_of_one_size() -> None:
    subjects = drawn("en")
    frequencies = known(subjects)
    one, other = subjects["swap"].traits, subjects["retold"].traits
    plain = closeness(one, other, frequencies)
    here, there = with_meaning(one, [1.0, 0.0], [1.0, 0.0]), with_meaning(other, [0.0, 1.0], [0.0, 1.0])
    assert closeness(here, there, frequencies) < plain
    assert closeness(here, with_meaning(other, [1.0], [1.0]), frequencies) == plain
    assert closeness(here, other, frequencies) == plain


@pytest.mark.parametrize("language", ["en", "ar"])
def test_candidates_are_found_among_many(language: str) -> None:
    finder = Finder()
    subjects = list(drawn(language).values())
    for n in range(300):
        title = f"Market day {n} in village {n * 7}" if language == "en" else f"يوم السوق {n} في قرية {n * 7}"
        subjects.append(subject(Report(f"m{n}", title, "", language)))
    for number, each in enumerate(subjects):
        finder.add(number, each.traits)
    found = finder.near(subjects[0].traits, 5)
    assert found[0] == 0
    assert set(found[1:4]) == {1, 3, 4}
    assert len(finder.near(subjects[10].traits, 50)) == 50


def test_the_order_of_candidates_changes_nothing() -> None:
    subjects = list(drawn("en").values())
    frequencies = Frequencies(each.traits for each in subjects)
    assert rank(subjects[0], subjects, frequencies) == rank(subjects[0], subjects[::-1], frequencies)


def test_a_lone_letter_that_means_and_is_no_name() -> None:
    known = [
        subject(Report("a", "ميناء كلمار و العبارة", "جنحت العبارة و أنقذ الركاب قرب ميناء كلمار", "ar")),
        subject(Report("b", "عبارة كلمار و الميناء", "أنقذ ركاب العبارة و فتح ميناء كلمار", "ar")),
    ]
    frequencies = Frequencies(each.traits for each in known)
    assert [one.id for one in rank(known[0], known[1:], frequencies)] == ["b"]
