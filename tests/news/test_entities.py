"""People, organisations, places and events are found in texts of both kinds of script."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.entities import Entity, Kind, Known, Names, applied, entities
from daily8.news.entities.capitals import shouting, title_cased
from daily8.news.reports import Report


def told(text: str, title: str = "", language: str = "en", **more: str) -> dict[str, str]:
    """Give what a text names, by name."""
    found = entities(Report("1", title, text, language, **more))  # type: ignore[arg-type]
    return {entity.name: entity.kind for entity in found}


def test_kinds_follow_from_titles_heads_and_prepositions() -> None:
    found = told(
        "The mayor, Mr. Tobias Ferncroft, met President Ada Quill at Kestrel Stadium. "
        "The Ministry of Health and Welfare paid, said Halden Motors Ltd. The Northern Cup begins in Norvik. "
        "Rain fell in Norvik."
    )
    assert found == {
        "Tobias Ferncroft": "person",
        "Ada Quill": "person",
        "Kestrel Stadium": "place",
        "Ministry of Health and Welfare": "organisation",
        "Halden Motors Ltd": "organisation",
        "Northern Cup": "event",
        "Norvik": "place",
    }


def test_arabic_names_are_found_without_capitals() -> None:
    found = told(
        "التقى الرئيس التونسي سليم الفرجاني وزيرة البيئة الأردنية سلمى القاسم في مدينة بنزرت. "
        "وقال الفرجاني إن وزارة الصحة التونسية ستدعم مهرجان الزيتونة الدولي. وحضرت شركة «نور الصحراء».",
        language="ar",
    )
    assert found["سليم الفرجاني"] == found["سلمى القاسم"] == "person"
    assert found["وزارة الصحة التونسية"] == found["شركة نور الصحراء"] == "organisation"
    assert found["مهرجان الزيتونة الدولي"] == "event"
    assert found["بنزرت"] == found["تونس"] == found["الأردن"] == "place"


def test_a_name_of_two_words_is_whole_where_the_text_says_it_again() -> None:
    found = entities(
        Report(
            "1",
            "لقاء",
            "التقى وزير الخارجية المصري بدر عبد الغني نظيره السعودي. وأكد عبد الغني أهمية الهدنة. "
            "وقال عبد الغني إن الوضع صعب. وقال عبد القادر فرهود إنه باق.",
            "ar",
        )
    )
    assert {one.name: one.mentions for one in found if one.kind == "person"} == {
        "بدر عبد الغني": 3,
        "عبد القادر فرهود": 1,
    }


def test_a_known_name_may_begin_with_a_common_word() -> None:
    assert told("فاز ريال مدريد أمس. وقال مدرب ريال مدريد إنه سعيد.", language="ar") == {
        "ريال مدريد": "organisation"
    }


def test_the_centre_of_an_earthquake_is_no_institution() -> None:
    found = told("كان مركز الزلزال قرب كابول. وقال مركز الدراسات إن مركز الإعصار بعيد.", language="ar")
    assert found == {"كابول": "place", "مركز الدراسات": "organisation"}


def test_a_text_in_capitals_gives_what_is_known_alone() -> None:
    text = (
        "THE FERRY LEFT NORVIK FOR EGYPT ON TUESDAY. ANNA BROWN SAID THE SEA WAS THE BEST YET. THE CREW OF "
    )
    assert told(text * 3) == {"Egypt": "place"}
    assert told(text * 3 + "\nThe crew met Anna Brown.") == {"Egypt": "place", "Anna Brown": "person"}


def test_french_articles_are_no_part_of_a_name_and_their_papers_are_nobody() -> None:
    found = told("L'OTAN suivra. L'Ukraine tiendra. Selon Le Merle, rien ne presse.", language="fr")
    assert found == {"OTAN": "organisation", "Ukraine": "place", "Le Merle": "other"}


def test_arabic_articles_stay_in_a_name_in_latin_letters() -> None:
    found = told("General Abdel Fattah al-Ferjani leads. Hassan al-Qasim and Omar el-Ferjani met in Egypt.")
    assert found == {
        "Abdel Fattah al-Ferjani": "person",
        "Hassan al-Qasim": "person",
        "Omar el-Ferjani": "person",
        "Egypt": "place",
    }


def test_a_person_who_is_known_is_one_with_a_further_name() -> None:
    found = entities(Report("1", "", "Sheikh Tamim bin Hamad al-Thani spoke. Tamim bin Hamad left.", "en"))
    assert [(one.known, one.mentions) for one in found] == [("person:tamim", 2)]


def test_storms_are_events_and_a_chair_is_no_name() -> None:
    found = told("Storm Kirsten came. Storm Kirsten went. Chair Ada Quill said no.")
    assert found == {"Storm Kirsten": "event", "Ada Quill": "person"}


def test_a_team_is_one_with_and_without_its_letters() -> None:
    found = entities(Report("1", "", "Der FC Bayern München gewann. Für Bayern München ist es gut.", "de"))
    assert [(one.known, one.mentions) for one in found] == [("team:bayern", 2)]


def test_german_adjectives_with_capitals_are_of_names() -> None:
    found = told(
        "Gestern hat die Deutsche Bahn gestreikt. Der Chef der Deutschen Bahn schwieg.", language="de"
    )
    assert found == {"Deutsche Bahn": "organisation"}
    found = told("Gestern gewann der Deutsche Thomas Amsel. Viele deutsche Züge fuhren.", language="de")
    assert "Thomas Amsel" in found


def test_what_an_office_is_of_is_no_part_of_a_name() -> None:
    text = "Le ministre des Transports Philippe Merlan a parlé, la ministre de la Santé Anne Dupont aussi."
    assert told(text, language="fr") == {"Philippe Merlan": "person", "Anne Dupont": "person"}
    text = "Le président de la République Alain Merlan et la maire de Paris Anne Dupont ont parlé."
    assert told(text, language="fr") == {"Alain Merlan": "person", "Paris": "place", "Anne Dupont": "person"}
    text = "Am Montag sagte Konzernchef Oliver Amsel nichts. Auch SDP-Chefin Ada Fink nicht."
    assert told(text, language="de") == {"Oliver Amsel": "person", "Ada Fink": "person"}


def test_a_known_name_is_one_in_both_languages() -> None:
    english = entities(Report("1", "", "Talks between Russia and Egypt opened in Cairo.", "en"))
    arabic = entities(Report("2", "", "انطلقت المحادثات بين روسيا ومصر في القاهرة.", "ar"))
    assert {one.key for one in english} == {one.key for one in arabic}
    cairo = next(one for one in english if one.name == "Cairo")
    assert (cairo.called("ar"), cairo.called("fr")) == ("القاهرة", "Cairo")


def test_a_surname_and_an_abbreviation_are_no_second_entity() -> None:
    found = entities(
        Report(
            "1",
            "Quill opens the talks",
            "Ada Quill spoke for the Harbour Workers Union (HWU). Quill's speech was short. The HWU agreed.",
            "en",
        )
    )
    assert [(one.name, one.mentions) for one in found] == [("Ada Quill", 3), ("Harbour Workers Union", 3)]
    assert found[0].in_title


def test_a_surname_that_is_a_city_stays_a_person() -> None:
    assert told("Tom Houston won again. Houston said he was tired. They like Houston.") == {
        "Tom Houston": "person"
    }


def test_a_city_that_speaks_is_a_person() -> None:
    assert told('"Not tonight," Houston said. "Never," Houston said.') == {"Houston": "person"}
    assert told("He flew to Houston on Monday.") == {"Houston": "place"}


def test_sentence_starts_and_headings_are_no_names() -> None:
    text = "Yesterday it rained. Officials said so. Lawyers agreed. Whiskered Owls fell."
    text += "\n\nWhat Comes Next Here\n\nOh."
    assert told(text, "Rain Falls Again Over Empty Fields") == {}


def test_a_title_case_headline_only_confirms() -> None:
    found = entities(Report("1", "Mayor Quill Opens Long Awaited Bridge", "Ada Quill cut a ribbon.", "en"))
    assert [(one.name, one.in_title) for one in found] == [("Ada Quill", True)]


def test_german_nouns_are_no_names() -> None:
    found = told(
        "Der Bürgermeister Franz Huber eröffnete in Graz die Brücke. Die Kosten der Brücke trug das Land. "
        "Ein Verfahren der Behörde läuft, sagte Huber.",
        language="de",
    )
    assert found == {"Franz Huber": "person", "Graz": "place"}


@pytest.mark.parametrize(
    "name", ["Petra van der Velde", "Khalid bin Rashid", "J. K. Marlowe", "Ana de la Cruz"]
)
def test_particles_and_initials_belong_to_a_name(name: str) -> None:
    assert told(f"The writer met {name} at noon, and {name} smiled.") == {name: "person"}


def test_furniture_publisher_and_byline_are_no_entities() -> None:
    report = Report(
        "1",
        "Ship sinks",
        "By Nora Pell\n\nOSLO (Reuters) - A ship sank, The Norvik Courier has learnt.\n\n"
        "Nora Pell saw it.\n\nRead more: Tom Hale on boats\n\nReporting by Kim Dahl; editing by Jo Ek\n\n"
        "Photo: Getty Images",
        "en",
        publisher="Norvik Courier",
    )
    assert [one.name for one in entities(report, authors=["Nora Pell"])] == ["Oslo"]
    assert "وكالة رويترز" not in told("ذكرت وكالة رويترز أن مصر وافقت.", language="ar")


def test_common_words_that_are_places_want_company() -> None:
    names = Names([Known("city:reading", "place", "Reading", "", ("reading!",), "GB"),
                   Known("country:GB", "place", "United Kingdom", "", ("britain",))])  # fmt: skip
    alone = entities(Report("1", "", "Then Reading became a joy.", "en"), names)
    beside = entities(Report("1", "", "A man from Reading came to Britain.", "en"), names)
    assert [one.known for one in alone] == []
    assert {one.known for one in beside} == {"city:reading", "country:GB"}


def test_longest_known_name_wins() -> None:
    names = Names([Known("a", "place", "Sudan", "", ("sudan",)),
                   Known("b", "place", "South Sudan", "", ("south sudan",)),
                   Known("c", "organisation", "WHO", "", ("who!!",))])  # fmt: skip
    matches = names.spot(["south", "sudan", "and", "sudan", "who"], ["South", "Sudan", "and", "Sudan", "Who"])
    assert [match.known.id for match in matches] == ["b", "a"]
    assert names.at(["who"], 0, ["WHO"]) is not None


def entity(key: str, name: str = "", kind: Kind = "person", mentions: int = 1) -> Entity:
    return Entity(name or key.title(), kind, key, weight=0.1 * mentions, mentions=mentions)


def test_editors_merge_and_rename() -> None:
    found = (entity("zelenskyy", mentions=2), entity("zelensky"), entity("norvik", kind="place"))
    aliases: dict[str, tuple[str, str, Kind]] = {
        "zelenskyy": ("zelensky", "Volodymyr Zelensky", "person"),
        "zelensky": ("zelensky", "Volodymyr Zelensky", "person"),
    }
    merged = applied(found, aliases)
    assert [(one.key, one.name, one.mentions) for one in merged] == [
        ("zelensky", "Volodymyr Zelensky", 3),
        ("norvik", "Norvik", 1),
    ]
    assert applied(merged, aliases) == merged
    assert set(applied(found, {})) == set(found)


def test_aliases_in_a_circle_end() -> None:
    circle: dict[str, tuple[str, str, Kind]] = {"a": ("b", "B", "person"), "b": ("a", "A", "person")}
    assert len(applied((entity("a"),), circle)) == 1


@pytest.mark.parametrize(
    ("text", "loud"), [("SHIP SINKS OFF NORVIK", True), ("NATO says no to it", False), ("", False)]
)
def test_shouting(text: str, loud: bool) -> None:
    assert shouting(text) is loud


def test_title_case_is_seen() -> None:
    assert title_cased("Mayor Opens the Long Awaited Bridge")
    assert not title_cased("Mayor opens the long awaited Norvik Bridge")


HOSTILE: Iterable[str] = (
    *("A" * 100_000, "Abc " * 50_000, "ABC (ABC) " * 20_000, "O'" * 50_000, "A." * 50_000, "A-" * 50_000),
    *(
        "Ab of the " * 20_000,
        "الرئيس محمد " * 20_000,
        "م" * 100_000,
        "كأس العالم " * 20_000,
        "\u064b" * 100_000,
    ),
    *("\ud800Ab " * 20_000, "\u202e\u202dAbc" * 20_000, "\n" * 100_000, "«" * 50_000, "A van der " * 20_000),
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(tuple(HOSTILE))))
def test_hostile_texts_end(text: str) -> None:
    found = entities(Report("1", text, text, "en", publisher=text, url=text))
    assert all(len(one.name) <= 600 for one in found)


@given(st.text(), st.text(), st.sampled_from(["en", "ar", "de", "ru", ""]))
def test_any_text_is_read_the_same_twice(title: str, text: str, language: str) -> None:
    report = Report("1", title, text, language)
    found = entities(report)
    assert found == entities(report)
    assert all(one.key and one.name and 0 <= one.weight <= 1 for one in found)
    assert len({one.key for one in found}) == len(found)
