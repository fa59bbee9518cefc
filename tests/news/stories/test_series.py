"""What recurs day by day does not chain, in English and in Arabic; news in the same clothes is still news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from daily8.news.reports import Report
from daily8.news.stories.live import LiveStories
from daily8.news.stories.series import MOST_KEPT, MOST_PUBLISHERS, Memory, Reading
from daily8.news.stories.values import SERIES

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAY = timedelta(days=1)
MOST = 3
"""Of a series that may stand in one story."""

DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_AR = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
SIGNS = ("Aries", "Taurus", "Gemini", "Cancer", "Leo", "Virgo", "Libra")
SIGNS_AR = ("الحمل", "الثور", "الجوزاء", "السرطان", "الأسد", "العذراء")
FIRMS = ("Alvero", "Brintex", "Cormond", "Dastel", "Elquist", "Fonwick", "Garamon", "Hestrip", "Iverlo")
FIRMS_AR = ("الفيرو", "برنتكس", "كورموند", "داستل", "إلكويست", "فونويك", "غارامون", "هستريب", "إيفرلو")
TOWNS = ("Kelmar", "Ostrava", "Tellis", "Varn", "Moss", "Ilm", "Port", "Elk")
PAPERS = tuple(f"The {name} Courier" for name in TOWNS)


def largest(reports: Iterable[Report]) -> int:
    """Give the number of reports in the largest story."""
    live = LiveStories()
    return max(Counter(live.assign(report, seq).story for seq, report in enumerate(reports)).values())


def stream(
    titles: Iterable[str], language: str, publishers: tuple[str, ...] = PAPERS[:1], every: timedelta = DAY
) -> list[Report]:
    """Give titles at equal distances by publishers in turn."""
    return [
        Report(str(n), title, "", language, START + n * every, publishers[n % len(publishers)])
        for n, title in enumerate(titles)
    ]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", [f"Harbour notes for {day}, {n + 2} March" for n, day in enumerate(DAYS_EN * 2)]),
        ("ar", [f"دفتر الميناء ليوم {day} {n + 2} مارس" for n, day in enumerate(DAYS_AR * 2)]),
        ("en", [f"Tide table {n + 2} March 2026" for n in range(14)]),
        ("ar", [f"جدول المد والجزر {n + 2} مارس 2026" for n in range(14)]),
    ],
)
def test_the_series_of_one_publisher_is_learned_from_its_days(language: str, titles: list[str]) -> None:
    assert largest(stream(titles, language)) <= MOST
    assert largest(stream(titles, language, publishers=("",))) <= MOST


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", [f"Harbour bulletin at {n:02}:00" for n in range(6, 20)]),
        ("ar", [f"أحوال الميناء الساعة {n:02}:00" for n in range(6, 20)]),
    ],
)
def test_and_from_the_hours_that_its_titles_name(language: str, titles: list[str]) -> None:
    assert largest(stream(titles, language, every=timedelta(hours=1))) <= MOST


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ["Morning briefing: what you need to know today"] * 8),
        ("en", [f"Live updates: {day}'s news as it happened" for day in DAYS_EN]),
        ("en", [f"Daily horoscope for {sign}" for sign in SIGNS]),
        ("en", ["Your evening news briefing"] * 8),
        ("ar", ["موجز الصباح: كل ما تحتاج معرفته اليوم"] * 8),
        ("ar", [f"تغطية مباشرة: أبرز أخبار {day} لحظة بلحظة" for day in DAYS_AR]),
        (
            "ar",
            [
                f"حظك اليوم برج {sign}"
                for sign in ("الحمل", "الثور", "الجوزاء", "السرطان", "الأسد", "العذراء")
            ],
        ),
        ("ar", [f"أسعار الذهب اليوم عيار {n}" for n in (14, 18, 21, 22, 24)]),
    ],
)
def test_publishers_never_seen_before_are_known_by_set_phrases(language: str, titles: list[str]) -> None:
    assert largest(stream(titles, language, PAPERS, timedelta(minutes=20))) <= MOST


@pytest.mark.parametrize(
    ("language", "form", "firms"),
    [
        ("en", "{} shares rise in early Kelmar trading", FIRMS),
        ("ar", "ارتفاع أسهم شركة {} في تعاملات كلمار المبكرة", FIRMS_AR),
    ],
)
def test_a_template_counts_for_nothing_but_what_fills_it(
    language: str, form: str, firms: tuple[str, ...]
) -> None:
    reports = stream([form.format(firm) for firm in firms], language, every=timedelta(minutes=9))
    text = "The exchange in Kelmar said that trading went on as usual."
    assert largest(reports) <= MOST
    assert largest(Report(r.id, r.title, text, r.language, r.time, r.publisher) for r in reports) <= MOST


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ("Live updates: ferry runs aground off Kelmar", "Ferry aground off Kelmar: what we know")),
        ("ar", ("تغطية مباشرة: جنوح عبارة قبالة كلمار", "جنوح عبارة قبالة كلمار.. آخر التطورات")),
    ],
)
def test_live_coverage_of_an_event_is_in_its_story(language: str, titles: tuple[str, ...]) -> None:
    assert largest(stream(titles, language, PAPERS, timedelta(hours=1))) == len(titles)


def test_copies_of_one_report_are_no_series() -> None:
    titles = ["Ferry runs aground off Kelmar harbour"] * 6
    assert largest(stream(titles, "en", PAPERS, timedelta(minutes=5))) == 6


def test_a_series_is_told_and_takes_nothing_in() -> None:
    live = LiveStories()
    first, second = (
        live.assign(report, seq) for seq, report in enumerate(stream(["Daily horoscope"] * 2, "en"))
    )
    assert (first.rule, first.opened, second.story) == (SERIES, True, 1)


def test_what_is_remembered_is_bounded() -> None:
    memory = Memory()
    for n in range(MOST_KEPT + 2):
        memory.take(Reading(False, (), True, str(n), str(n), ("a",), "1"))
    assert len(memory.days) <= MOST_KEPT // 2 + 2
    assert str(MOST_KEPT + 1) in memory.days
    assert "0" not in memory.days
    assert len(memory.recent) <= MOST_PUBLISHERS
