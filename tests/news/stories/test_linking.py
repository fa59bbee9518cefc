"""Stories of other languages are linked where they tell of one event, and kept apart where not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daily8.news.concepts import concepts
from daily8.news.reports import Report
from daily8.news.stories.live import LiveStories
from daily8.news.stories.values import decision_from_json, decision_to_json

START = datetime(2026, 5, 4, 6, tzinfo=UTC)
BACKGROUND = (
    ("en", "Parliament debates new budget for schools"),
    ("en", "Striker signs contract with football club"),
    ("en", "Central bank raises interest rates"),
    ("en", "Heavy rain closes airport in Nairobi"),
    ("en", "Court sentences minister for corruption"),
    ("en", "Police arrest three after museum robbery"),
    ("ar", "البرلمان يناقش ميزانية التعليم"),
    ("ar", "المحكمة تحكم على وزير بتهمة الفساد"),
    ("ru", "Центральный банк повысил процентную ставку"),
    ("ru", "Полиция арестовала троих после ограбления музея"),
)
"""Other news of the days, so that it is known what is rare."""
QUAKE = {
    "en": "Earthquake of magnitude 6.4 kills 31 people in Peru",
    "ar": "زلزال بقوة 6.4 يقتل 31 شخصا في بيرو",
    "ru": "Землетрясение магнитудой 6.4 в Перу: погибли 31 человек",
}
ELSEWHERE = {
    "en": "Earthquake shakes Chile, 5 injured",
    "ar": "زلزال يضرب تشيلي وإصابة 5",
    "ru": "Землетрясение в Чили, 5 пострадавших",
}
CITY = {
    "en": "Explosion in Alexandria market injures 12",
    "ar": "انفجار في سوق بالإسكندرية يصيب 12",
    "ru": "Взрыв на рынке в Александрии: 12 раненых",
}
OTHER_CITY = {
    "en": "Explosion in Aswan factory kills 4",
    "ar": "انفجار في مصنع بأسوان يقتل 4",
    "ru": "Взрыв на заводе в Асуане: 4 погибших",
}
"""The same country and the same kind of event, and another place."""
TENNIS = {
    "en": "Tennis final: Marek Dalibor beats Tomas Verhoven in Madrid",
    "ar": "نهائي التنس: ماريك داليبور يهزم توماس فيرهوفن في مدريد",
    "ru": "Теннис: Марек Далибор победил Томаса Верховена в финале в Мадриде",
}
HANDBALL = {
    "en": "Handball final: Norway beats Denmark 28-25 in Oslo",
    "ar": "نهائي كرة اليد: النرويج تهزم الدنمارك 28-25 في أوسلو",
    "ru": "Гандбол: Норвегия победила Данию 28:25 в финале в Осло",
}
PAIRS = [(one, other) for one in QUAKE for other in QUAKE if one != other]


def stories(*told: tuple[str, str]) -> list[int]:
    """Give the stories of reports that come after other news."""
    live, followed = LiveStories(concepts=concepts), LiveStories(concepts=concepts)
    found = []
    for seq, (language, title) in enumerate((*BACKGROUND, *told)):
        report = Report(str(seq), title, "", language, START + timedelta(minutes=seq))
        decision = live.assign(report, seq)
        followed.follow(report, decision_from_json(decision_to_json(decision)))
        found.append(decision.story)
    assert followed.dump() == live.dump()
    assert LiveStories.load(live.dump(), concepts=concepts).dump() == live.dump()
    return found[len(BACKGROUND) :]


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("event", [QUAKE, CITY, HANDBALL], ids=["earthquake", "explosion", "final"])
def test_one_event_in_two_languages_is_one_story(event: dict[str, str], one: str, other: str) -> None:
    first, second = stories((one, event[one]), (other, event[other]))
    assert first == second


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize(
    ("event", "unlike"),
    [(QUAKE, ELSEWHERE), (CITY, OTHER_CITY), (TENNIS, HANDBALL)],
    ids=["other country", "other city", "two finals"],
)
def test_two_events_of_one_kind_stay_two_stories(
    event: dict[str, str], unlike: dict[str, str], one: str, other: str
) -> None:
    first, second = stories((one, event[one]), (other, unlike[other]))
    assert first != second


def test_parts_of_a_story_become_one_where_another_language_shows_it() -> None:
    """The larger keeps its name, whichever was opened first."""
    live = LiveStories(concepts=concepts)
    told = [
        *BACKGROUND,
        ("en", QUAKE["en"]),
        ("ar", "هزة في الجنوب"),
        ("en", QUAKE["en"] + ", rescue goes on"),
        ("ar", "هزة في الجنوب: " + QUAKE["ar"]),
    ]
    decisions = [
        live.assign(Report(str(n), title, "", language, START + timedelta(minutes=n)), n)
        for n, (language, title) in enumerate(told)
    ]
    begin = len(BACKGROUND)
    assert (decisions[-1].story, decisions[-1].merged) == (begin, begin + 1)
    assert live.members(begin) == (begin, begin + 1, begin + 2, begin + 3)
