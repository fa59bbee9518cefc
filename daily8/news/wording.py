"""Say times, spans, numbers, countries and languages as readers of a locale write them.

Rules and names are those of the CLDR (by Babel): a locale without a region stands for its likely one
(UTS 35, likely subtags), so ``ar`` is written as in Egypt. Digits are of one system throughout: the
locale's default.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_time, format_timedelta, get_timezone_gmt
from babel.numbers import format_decimal
from babel.units import format_unit

Direction = Literal["ltr", "rtl", "auto"]

MINUTE, HOUR, DAY = 60, 3600, 86_400
RELATIVE_DAYS = 6
"""Beyond these a date stands."""

_ZEROS = {
    "adlm": "\U0001e950",
    "arab": "\u0660",
    "arabext": "\u06f0",
    "beng": "\u09e6",
    "cakm": "\U00011136",
    "deva": "\u0966",
    "mymr": "\u1040",
    "nkoo": "\u07c0",
    "olck": "\u1c50",
    "tibt": "\u0f20",
}
"""Zero of each numbering system that is some locale's default; the digits follow it (Unicode 4.6)."""

_Forms = dict[str, str]
_EN: dict[str, _Forms] = {
    "now": {"past": "just now", "future": "in a moment"},
    "past-minute": {"one": "a minute ago", "other": "{n} minutes ago"},
    "past-hour": {"one": "an hour ago", "other": "{n} hours ago"},
    "past-day": {"one": "a day ago", "other": "{n} days ago"},
    "future-minute": {"one": "in a minute", "other": "in {n} minutes"},
    "future-hour": {"one": "in an hour", "other": "in {n} hours"},
    "future-day": {"one": "in a day", "other": "in {n} days"},
    "second": {"one": "{n} second", "other": "{n} seconds"},
    "minute": {"one": "{n} minute", "other": "{n} minutes"},
    "hour": {"one": "{n} hour", "other": "{n} hours"},
    "day": {"one": "{n} day", "other": "{n} days"},
}


def _arabic(one: str, two: str, few: str, many: str, other: str) -> _Forms:
    return {
        "zero": f"{{n}} {other}",
        "one": one,
        "two": two,
        "few": f"{{n}} {few}",
        "many": f"{{n}} {many}",
        "other": f"{{n}} {other}",
    }


# After a preposition the dual stands in the genitive: منذ يومين, but يومان alone.
_AR_UNITS = {
    "second": _arabic("ثانية واحدة", "ثانيتين", "ثوانٍ", "ثانية", "ثانية"),
    "minute": _arabic("دقيقة واحدة", "دقيقتين", "دقائق", "دقيقة", "دقيقة"),
    "hour": _arabic("ساعة واحدة", "ساعتين", "ساعات", "ساعة", "ساعة"),
    "day": _arabic("يوم واحد", "يومين", "أيام", "يومًا", "يوم"),
}
_AR: dict[str, _Forms] = {
    "now": {"past": "الآن", "future": "بعد لحظات"},
    **_AR_UNITS,
    **{f"past-{u}": {k: f"منذ {v}" for k, v in forms.items()} for u, forms in _AR_UNITS.items()},
    **{f"future-{u}": {k: f"بعد {v}" for k, v in forms.items()} for u, forms in _AR_UNITS.items()},
}
_SPOKEN = {"en": _EN, "ar": _AR}


@cache
def _locale(tag: str) -> Locale:
    """Give the locale of a BCP 47 tag with its likely region; English for one that the CLDR does not know."""
    for name in (get_global("likely_subtags").get(tag, tag), tag.replace("-", "_"), tag.partition("-")[0]):
        try:
            return Locale.parse(name)
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en", "US")


@cache
def _digits_of(tag: str) -> dict[int, str]:
    zero = _ZEROS.get(_locale(tag).default_numbering_system)
    return {ord("0") + n: chr(ord(zero) + n) for n in range(10)} if zero else {}


def digits(text: str, locale: str) -> str:
    """Write the European digits of a text in those of the locale."""
    return text.translate(_digits_of(locale))


def plural_form(n: float, locale: str) -> str:
    """Give the CLDR plural category: ``zero``, ``one``, ``two``, ``few``, ``many`` or ``other``."""
    return str(_locale(locale).plural_form(n))


def count(n: float, locale: str) -> str:
    """Write a number with the locale's digits and separators, at most three decimals."""
    return digits(format_decimal(n, locale=_locale(locale), numbering_system="default"), locale)


def size(octets: int, locale: str) -> str:
    """Say a number of bytes in its largest decimal unit: "1.2 kB", "5 MB"."""
    units = (("gigabyte", 1e9), ("megabyte", 1e6), ("kilobyte", 1e3))
    unit, step = next((each for each in units if octets >= each[1]), ("byte", 1.0))
    text = format_unit(
        round(octets / step, 1),
        f"digital-{unit}",
        "short",
        locale=_locale(locale),
        numbering_system="default",
    )
    return digits(text, locale)


def _say(key: str, n: float, locale: str) -> str:
    forms = _SPOKEN[locale][key]
    return forms.get(plural_form(n, locale), forms["other"]).format(n=count(n, locale))


def _whole(seconds: float) -> tuple[str, int]:
    for unit, size in (("day", DAY), ("hour", HOUR)):
        if seconds >= size:
            return unit, int(seconds // size)
    return "minute", int(seconds // MINUTE)


def ago(then: datetime, now: datetime, locale: str) -> str:
    """Say when something was or will be: "17 minutes ago", "an hour ago", "in 2 days".

    Spans are cut to whole units, as clocks do; beyond six days the date stands, that of ``then``'s zone.
    Both times bear a zone.
    """
    seconds = (now - then).total_seconds()
    side, span_ = ("past", seconds) if seconds >= 0 else ("future", -seconds)
    if span_ >= (RELATIVE_DAYS + 1) * DAY:
        return date(then, locale)
    spoken = _SPOKEN.get(locale)
    if span_ < MINUTE:
        if spoken:
            return spoken["now"][side]
        span_ = max(1, int(span_))
        delta = timedelta(seconds=-span_ if side == "past" else span_)
        return digits(format_timedelta(delta, add_direction=True, locale=_locale(locale)), locale)
    unit, n = _whole(span_)
    if spoken:
        return _say(f"{side}-{unit}", n, locale)
    delta = timedelta(seconds=n * {"day": DAY, "hour": HOUR, "minute": MINUTE}[unit])
    text = format_timedelta(
        -delta if side == "past" else delta, threshold=1, add_direction=True, locale=_locale(locale)
    )
    return digits(text, locale)


def date(at: datetime, locale: str) -> str:
    """Write the day of a time with the month's name and the year: "June 1, 2025"."""
    return digits(format_date(at.date(), "long", locale=_locale(locale)), locale)


def day(at: datetime, locale: str) -> str:
    """Write the day of a time with its weekday: "Sunday, June 1, 2025"."""
    return digits(format_date(at.date(), "full", locale=_locale(locale)), locale)


def moment(at: datetime, locale: str) -> str:
    """Write day, time and zone, to be taken in one way only: "June 1, 2025, 2:05 PM GMT+03:00"."""
    # Equal times of two zones are equal keys: the zone stands apart.
    return _moment(at.replace(tzinfo=None), at.utcoffset() or timedelta(), locale)


@lru_cache(maxsize=4096)
def _moment(wall: datetime, offset: timedelta, locale: str) -> str:
    known = _locale(locale)
    at = wall.replace(tzinfo=timezone(offset))
    clock = format_time(at, "short", tzinfo=at.tzinfo, locale=known)
    zone = get_timezone_gmt(at, "long", locale=known) if offset else "UTC"
    pattern = str(known.datetime_formats["long"])
    text = pattern.format(f"{clock} {zone}", format_date(at, "long", locale=known))
    return digits(text, locale)


def duration(seconds: float, locale: str) -> str:
    """Write the length of a film or an episode as players do: "4:05", "1:02:03"."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // HOUR, whole % HOUR // MINUTE, whole % MINUTE
    text = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return digits(text, locale)


def iso_duration(seconds: float) -> str:
    """Write a length for machines: "PT1H2M3S" (ISO 8601, HTML ``<time datetime>``)."""
    whole = max(0, round(seconds))
    return f"PT{whole // HOUR}H{whole % HOUR // MINUTE}M{whole % MINUTE}S"


def span(seconds: float, locale: str) -> str:
    """Say a span in its largest unit: "45 minutes", "1.5 hours", "7 days"."""
    unit, size = "second", 1
    for name, step in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= step * 0.995:
            unit, size = name, step
            break
    n = round(seconds / size, 1 if seconds < 10 * size else 0)
    whole = int(n) if n == int(n) else n
    if locale in _SPOKEN:
        return _say(unit, whole, locale)
    text = format_timedelta(timedelta(seconds=seconds), threshold=1, locale=_locale(locale))
    return digits(text, locale)


def country_name(code: str, locale: str) -> str:
    """Give the name of a country (ISO 3166-1 alpha-2); the code itself where it is unknown."""
    return str(_locale(locale).territories.get(code.upper(), code.upper()))


def language_name(tag: str, locale: str) -> str:
    """Give the name of a language (BCP 47, its first part counts); the tag itself where it is unknown."""
    names = _locale(locale).languages
    return str(names.get(tag.replace("-", "_")) or names.get(tag.partition("-")[0].lower()) or tag)


@cache
def direction(tag: str) -> Direction:
    """Give the direction in which a language is written; ``auto`` for one that is unknown or not stated."""
    name = tag.replace("-", "_")
    for candidate in (get_global("likely_subtags").get(name, name), name, name.partition("_")[0].lower()):
        try:
            found = Locale.parse(candidate)
        except (ValueError, UnknownLocaleError):
            continue
        return "rtl" if found.character_order == "right-to-left" else "ltr"
    return "auto"
