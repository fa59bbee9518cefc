"""Times, spans and names, in both languages of the house and in a third that is only data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news import wording

NOW = datetime(2025, 6, 1, 14, 5, 9, tzinfo=UTC)
ARABIC_DIGITS = set("٠١٢٣٤٥٦٧٨٩")

AGO = [
    # seconds before now, English, Arabic
    (0, "just now", "الآن"),
    (59.9, "just now", "الآن"),
    (60, "a minute ago", "منذ دقيقة واحدة"),
    (119, "a minute ago", "منذ دقيقة واحدة"),
    (120, "2 minutes ago", "منذ دقيقتين"),
    (5 * 60, "5 minutes ago", "منذ ٥ دقائق"),
    (10 * 60, "10 minutes ago", "منذ ١٠ دقائق"),
    (11 * 60, "11 minutes ago", "منذ ١١ دقيقة"),
    (17 * 60, "17 minutes ago", "منذ ١٧ دقيقة"),
    (44 * 60, "44 minutes ago", "منذ ٤٤ دقيقة"),
    (3599, "59 minutes ago", "منذ ٥٩ دقيقة"),
    (3600, "an hour ago", "منذ ساعة واحدة"),
    (7199, "an hour ago", "منذ ساعة واحدة"),
    (7200, "2 hours ago", "منذ ساعتين"),
    (3 * 3600, "3 hours ago", "منذ ٣ ساعات"),
    (86_399, "23 hours ago", "منذ ٢٣ ساعة"),
    (86_400, "a day ago", "منذ يوم واحد"),
    (2 * 86_400, "2 days ago", "منذ يومين"),
    (6 * 86_400, "6 days ago", "منذ ٦ أيام"),
    (7 * 86_400 - 1, "6 days ago", "منذ ٦ أيام"),
    (7 * 86_400, "May 25, 2025", "٢٥ مايو ٢٠٢٥"),
    (-1, "in a moment", "بعد لحظات"),
    (-59, "in a moment", "بعد لحظات"),
    (-60, "in a minute", "بعد دقيقة واحدة"),
    (-2 * 3600, "in 2 hours", "بعد ساعتين"),
    (-5 * 3600, "in 5 hours", "بعد ٥ ساعات"),
    (-86_400, "in a day", "بعد يوم واحد"),
    (-7 * 86_400, "June 8, 2025", "٨ يونيو ٢٠٢٥"),
]


@pytest.mark.parametrize(("seconds", "english", "arabic"), AGO)
def test_ago(seconds: float, english: str, arabic: str) -> None:
    then = NOW - timedelta(seconds=seconds)
    assert wording.ago(then, NOW, "en") == english
    assert wording.ago(then, NOW, "ar") == arabic


@pytest.mark.parametrize(
    ("days", "form", "text"),
    [
        (0, "zero", "٠ ثانية"),
        (1, "one", "يوم واحد"),
        (2, "two", "يومين"),
        (3, "few", "٣ أيام"),
        (11, "many", "١١ يومًا"),
        (100, "other", "١٠٠ يوم"),
        (103, "few", "١٠٣ أيام"),
        (1.5, "other", "١٫٥ يوم"),
    ],
)
def test_each_of_the_six_arabic_plurals(days: float, form: str, text: str) -> None:
    assert wording.plural_form(days, "ar") == form
    assert wording.span(days * 86_400, "ar") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (45 * 60, "45 minutes"),
        (5400, "1.5 hours"),
        (3590, "1 hour"),
        (7 * 86_400, "7 days"),
    ],
)
def test_span(seconds: float, text: str) -> None:
    assert wording.span(seconds, "en") == text


def test_a_moment_bears_its_zone_and_can_be_taken_in_one_way_only() -> None:
    cairo = NOW.astimezone(timezone(timedelta(hours=3)))
    assert wording.moment(NOW, "en") == "June 1, 2025, 2:05\u202fPM UTC"
    assert wording.moment(cairo, "en") == "June 1, 2025, 5:05\u202fPM GMT+03:00"
    assert wording.moment(cairo, "ar") == "١ يونيو ٢٠٢٥، ٥:٠٥ م غرينتش+٠٣:٠٠"


def test_dates_are_those_of_the_zone_given() -> None:
    late = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert wording.date(late, "en") == "December 31, 2025"
    assert wording.date(late.astimezone(timezone(timedelta(hours=3))), "ar") == "١ يناير ٢٠٢٦"
    assert wording.day(NOW, "en") == "Sunday, June 1, 2025"
    assert wording.day(NOW, "ar") == "الأحد، ١ يونيو ٢٠٢٥"


@pytest.mark.parametrize(
    ("seconds", "english", "arabic", "machine"),
    [
        (0, "0:00", "٠:٠٠", "PT0H0M0S"),
        (245, "4:05", "٤:٠٥", "PT0H4M5S"),
        (3599.6, "1:00:00", "١:٠٠:٠٠", "PT1H0M0S"),
        (3723, "1:02:03", "١:٠٢:٠٣", "PT1H2M3S"),
        (-5, "0:00", "٠:٠٠", "PT0H0M0S"),
    ],
)
def test_duration(seconds: float, english: str, arabic: str, machine: str) -> None:
    assert wording.duration(seconds, "en") == english
    assert wording.duration(seconds, "ar") == arabic
    assert wording.iso_duration(seconds) == machine


@pytest.mark.parametrize(
    ("octets", "english", "arabic"),
    [
        (0, "0 byte", "٠ بايت"),
        (1, "1 byte", "١ بايت"),
        (999, "999 byte", "٩٩٩ بايت"),
        (1234, "1.2 kB", "١٫٢ كيلوبايت"),
        (5_000_000, "5 MB", "٥ م.ب"),
        (7_000_000_000, "7 GB", "٧ غ.ب"),
    ],
)
def test_size(octets: int, english: str, arabic: str) -> None:
    assert wording.size(octets, "en") == english
    assert wording.size(octets, "ar") == arabic


def test_numbers_and_names() -> None:
    assert wording.count(1234567, "en") == "1,234,567"
    assert wording.count(1234567, "ar") == "١٬٢٣٤٬٥٦٧"
    assert wording.country_name("EG", "en") == "Egypt"
    assert wording.country_name("eg", "ar") == "مصر"
    assert wording.country_name("ZQ", "ar") == "ZQ"
    assert wording.language_name("ar", "en") == "Arabic"
    assert wording.language_name("ar-EG", "ar") == "العربية"
    assert wording.language_name("tlh-x", "en") == "Klingon"
    assert wording.language_name("qqq", "en") == "qqq"


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("ar", "rtl"),
        ("ar-EG", "rtl"),
        ("fa", "rtl"),
        ("he", "rtl"),
        ("ur", "rtl"),
        ("ckb", "rtl"),
        ("az-Arab", "rtl"),
        ("az", "ltr"),
        ("en-GB", "ltr"),
        ("zh-Hant", "ltr"),
        ("", "auto"),
        ("qqq", "auto"),
        ("-- !", "auto"),
    ],
)
def test_direction(tag: str, direction: str) -> None:
    assert wording.direction(tag) == direction


def test_a_language_without_sentences_of_ours_speaks_by_the_cldr() -> None:
    assert wording.ago(NOW - timedelta(minutes=17), NOW, "fr") == "il y a 17 minutes"
    assert wording.ago(NOW - timedelta(hours=23, minutes=59), NOW, "fr") == "il y a 23 heures"
    assert wording.ago(NOW, NOW, "fr") == "il y a 1 seconde"
    assert wording.ago(NOW + timedelta(days=2), NOW, "fr") == "dans 2 jours"
    assert wording.ago(NOW - timedelta(minutes=17), NOW, "fa") == "۱۷ دقیقه پیش"
    assert wording.span(7200, "fr") == "2\xa0heures"
    assert wording.date(NOW, "xx-unknown") == "June 1, 2025"


@given(st.integers(-(10**9), 10**9), st.sampled_from(["en", "ar", "fr", "fa", "mr"]))
def test_one_digit_system_at_a_time(seconds: int, locale: str) -> None:
    then = NOW - timedelta(seconds=seconds)
    texts = [
        wording.ago(then, NOW, locale),
        wording.moment(then, locale),
        wording.duration(abs(seconds), locale),
        wording.count(seconds, locale),
    ]
    zeros = {ord(c) - int(c) for text in texts for c in text if c.isdecimal()}
    assert len(zeros) <= 1
    if locale == "ar":
        assert {c for text in texts for c in text if c.isdecimal()} <= ARABIC_DIGITS
