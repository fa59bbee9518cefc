"""Read the dates that publishers write, by the book and beside it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

MAX_LENGTH = 128
"""Characters; a longer text is no date."""

# RFC 822 section 5 and the names that feeds really bear: hours east of Greenwich. The other
# military letters but Z say nothing (RFC 2822 section 4.3).
_ZONE_TABLE = """
    z 0 ut 0 utc 0 gmt 0 uct 0 wet 0 zulu 0 est -5 edt -4 cst -6 cdt -5 mst -7 mdt -6 pst -8 pdt -7
    akst -9 akdt -8 hst -10 hast -10 ast -4 adt -3 nst -3.5 ndt -2.5 et -5 ct -6 mt -7 pt -8 brt -3
    brst -2 art -3 clt -4 clst -3 cot -5 pet -5 vet -4 uyt -3 bst 1 west 1 cet 1 met 1 mez 1 cest 2
    mest 2 mesz 2 eet 2 eest 3 msk 3 msd 4 trt 3 sast 2 cat 2 eat 3 wat 1 samt 4 yekt 5 idt 3 gst 4
    irst 3.5 irdt 4.5 pkt 5 ist 5.5 npt 5.75 wib 7 wita 8 wit 9 ict 7 sgt 8 hkt 8 pht 8 myt 8 awst 8
    jst 9 kst 9 acst 9.5 acdt 10.5 aest 10 aedt 11 nzst 12 nzdt 13
"""
_ZONES = dict(zip(_ZONE_TABLE.split()[::2], map(float, _ZONE_TABLE.split()[1::2]), strict=True))

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# By month: Romance, Germanic, Slavic, Greek, Turkish, Finnish; Arabic of Egypt, the Levant, the Maghreb.
_MONTH_TABLE = """
    1 janvier enero gennaio janeiro januar januari jänner января січня stycznia ledna ιανουάριος
    ιανουαρίου ιαν ocak يناير كانون_الثاني جانفي gen ene janv янв oca tammikuu
    2 février fevrier febrero febbraio fevereiro februar februari feber февраля лютого lutego února
    φεβρουάριος φεβρουαρίου φεβ şubat فبراير شباط فيفري févr fév fev feb фев şub helmikuu
    3 mars marzo março märz maart марта березня marca března μάρτιος μαρτίου μάρ μαρ mart مارس آذار
    mär mrz mrt мар maaliskuu
    4 avril abril aprile april апреля квітня kwietnia dubna απρίλιος απριλίου απρ nisan أبريل ابريل
    إبريل نيسان أفريل avr abr апр nis huhtikuu
    5 mai mayo maggio maio mei мая травня maja května μάιος μαΐου μαϊου μαϊ μάι mayıs مايو أيار ماي
    mag май toukokuu
    6 juin junio giugno junho juni июня червня czerwca června ιούνιος ιουνίου ιούν ιουν haziran يونيو
    حزيران جوان giu июн haz kesäkuu
    7 juillet julio luglio julho juli июля липня lipca července ιούλιος ιουλίου ιούλ ιουλ temmuz يوليو
    تموز جويلية juil lug июл tem heinäkuu
    8 août aout agosto augustus august серпня августа sierpnia srpna αύγουστος αυγούστου αύγ αυγ
    ağustos أغسطس اغسطس آب أوت ago авг ağu elokuu
    9 septembre septiembre settembre setembro september сентября вересня września září σεπτέμβριος
    σεπτεμβρίου σεπ eylül سبتمبر أيلول sept set сен eyl syyskuu
    10 octobre octubre ottobre outubro oktober октября жовтня października října οκτώβριος οκτωβρίου
    οκτ ekim أكتوبر اكتوبر تشرين_الأول okt ott out окт eki lokakuu
    11 novembre noviembre novembro november ноября листопада listopada listopadu νοέμβριος νοεμβρίου
    νοέ νοε kasım نوفمبر تشرين_الثاني ноя kas marraskuu
    12 décembre decembre diciembre dicembre dezembro dezember december декабря грудня grudnia prosince
    δεκέμβριος δεκεμβρίου δεκ aralık ديسمبر كانون_الأول déc dez dic дек ara joulukuu
"""
_MONTHS = {name: number for number, name in enumerate(_ENGLISH, 1)}
for _word in _MONTH_TABLE.split():
    if _word.isdigit():
        _number = int(_word)
    else:
        _MONTHS[_word] = _number
_AFTERNOON = frozenset({"pm", "p.m.", "p.m", "م", "مساء", "مساءً", "오후", "μμ"})
_MORNING = frozenset({"am", "a.m.", "a.m", "ص", "صباحا", "صباحًا", "오전", "πμ"})

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ISO = re.compile(
    r"(-?\d{4})(?:-?(?:W(\d\d)(?:-?([1-7]))?|(\d{3})(?!\d)|(\d\d)(?:-?(\d\d))?)|-(\d)-(\d{1,2})|-(\d\d)-(\d))?"
    r"(?:\s*[T ,_]\s*(.*))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.h](\d{1,2})(?:[:.](\d{1,2})(?:[.,:](\d{1,9}))?)?|(\d\d)(\d\d)(?:[.,](\d{1,9}))?|(\d\d)|)"
    r"(?!\d)",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:utc|gmt|ut|z)?\s*([+\-\u2212])\s*(\d{1,2})(?::?(\d{2}))?(?::?\d{2})?\b", re.IGNORECASE
)
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?!\d)", re.IGNORECASE)
_ASIAN = re.compile(r"(\d{4})\s*[년年]\s*(\d{1,2})\s*[월月]\s*(\d{1,2})\s*[일日]")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2,4})(?!\d)")
_USUAL = re.compile(
    r"(?:[a-z]{3}, )?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (gmt|utc|z|[+-]\d{4})", re.ASCII
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_AGO_WORDS = ("كانون الثاني", "تشرين الثاني", "كانون الأول", "تشرين الأول")


def _full_year(digits: str) -> int:
    """RFC 2822 section 4.3: two digits are 2000 to 2049 or 1950 to 1999, three are years since 1900."""
    year = int(digits)
    if len(digits) == 4:
        return year
    if year < 50:
        return year + 2000
    return year + 1900 if year < 1000 else year


def _offset(text: str) -> tuple[timedelta | None, str]:
    """Find a numeric offset; give it and the text without it."""
    match = None
    for match in _OFFSET.finditer(text):  # noqa: B007 - the last one counts
        pass
    if match is None:
        return None, text
    hours, minutes = int(match[2]), int(match[3] or 0)
    if hours > 15 or minutes > 59:
        return timedelta(0), text[: match.start()]
    offset = timedelta(hours=hours, minutes=minutes)
    return (offset if match[1] == "+" else -offset), text[: match.start()] + " " + text[match.end() :]


def _made(
    year: int,
    month: int,
    day: int,
    clock: tuple[int, int, int, int] = (0, 0, 0, 0),
    offset: timedelta | None = None,
) -> datetime | None:
    """Put a time together; a leap second and 24:00 belong to what follows (RFC 3339 section 5.7)."""
    hour, minute, second, micro = clock
    if hour > 24 or minute > 59 or second > 61 or (hour == 24 and (minute or second)):
        return None
    zone = timezone(offset) if offset else UTC
    try:
        start = datetime(year, month, day, tzinfo=zone)
        when = start + timedelta(hours=hour, minutes=minute, seconds=min(second, 60), microseconds=micro)
        when.astimezone(UTC)  # near the ends of the calendar a time has no form in some zones
        return when
    except (ValueError, OverflowError):
        return None


def _micro(digits: str | None) -> int:
    return int((digits or "0")[:6].ljust(6, "0"))


def _iso_clock(text: str) -> tuple[tuple[int, int, int, int], timedelta | None] | None:
    """Read the part after the T: a clock, then perhaps a zone."""
    match = _CLOCK.match(text)
    if match is None:
        return None
    g = match.groups()
    clock = (int(g[0]), int(g[1] or g[4] or g[7] or 0), int(g[2] or g[5] or 0), _micro(g[3] or g[6]))
    rest = text[match.end() :].strip().lower()
    half = _half_of(rest)
    if half is not None and 1 <= clock[0] <= 12:
        clock = (clock[0] % 12 + half, *clock[1:])
        rest = rest.split(maxsplit=1)[1] if " " in rest else ""
    if not rest:
        return clock, None
    found, _ = _offset(rest)
    if found is None:
        name = re.match(r"[a-z]+", rest)
        hours = _ZONES.get(name[0]) if name else None
        found = None if hours is None else timedelta(hours=hours)
    return clock, found


def _half_of(text: str) -> int | None:
    first = (text.split(maxsplit=1) or [""])[0]
    return 12 if first in _AFTERNOON else 0 if first in _MORNING else None


def _iso(text: str) -> datetime | None:
    """RFC 3339, ISO 8601 (dates, ordinal days, weeks; extended and basic), W3CDTF."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, week, weekday, ordinal, month, day, m1, d1, m2, d2, rest = match.groups()
    parsed = _iso_clock(rest) if rest else ((0, 0, 0, 0), None)
    if parsed is None:
        return None
    clock, offset = parsed
    try:
        if week is not None:
            first = date.fromisocalendar(int(year), int(week), int(weekday or 1))
        elif ordinal is not None:
            first = date(int(year), 1, 1) + timedelta(days=int(ordinal) - 1)
        else:
            month, day = m1 or m2 or month or "1", d1 or d2 or day or "1"
            first = date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None
    return _made(first.year, first.month, first.day, clock, offset)


def _clock_in(text: str) -> tuple[tuple[int, int, int, int], str]:
    """Find hours and minutes anywhere; give them and the text without them."""
    match = _TIME.search(text)
    if match is None:
        return (0, 0, 0, 0), text
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    after = text[match.end() :]
    half = _half_of(after)
    before = text[: match.start()]
    if half is None and before.split() and (last := before.split()[-1]) in _AFTERNOON | _MORNING:
        half = 12 if last in _AFTERNOON else 0
    if half is not None and 1 <= hour <= 12:
        hour = hour % 12 + half
    return (hour, minute, second, _micro(match[4])), f"{before} {after}"


def _month(word: str) -> int | None:
    word = word.strip(".")
    found = _MONTHS.get(word)
    return (
        found if found is not None or not word.isascii() else _MONTHS.get(word[:3]) if len(word) > 3 else None
    )


def _named(text: str) -> datetime | None:
    """RFC 822, 2822, 850, asctime and their cousins: a day, the name of a month, a year, in any order."""
    for words in _AGO_WORDS:
        text = text.replace(words, words.replace(" ", "_"))
    offset, text = _offset_after_clock(text)
    clock, text = _clock_in(text)
    numbers: list[str] = []
    month = zone = None
    for token in re.findall(r"[^\W\d]+(?:\.[^\W\d]+)*|\d+", text):
        if token.isdecimal():  # "²" is a digit, and no number
            numbers.append(token)
        elif (found := _month(token)) is not None:
            month = found  # the last one: `mar` before the day is a Tuesday in half of Europe
        elif token in _ZONES:
            zone = _ZONES[token]
    if month is None or len(numbers) < 2:
        return None
    day, year = numbers[0], numbers[1]
    if len(day) > 2 or int(day) > 31:
        day, year = year, day
    if not 2 <= len(year) <= 4:
        return None
    if offset is None and zone is not None:
        offset = timedelta(hours=zone)
    return _made(_full_year(year), month, int(day), clock, offset)


def _offset_after_clock(text: str) -> tuple[timedelta | None, str]:
    """Look for the offset behind the clock only: `21-Nov-2025` holds none."""
    match = _TIME.search(text)
    if match is None:
        return None, text
    offset, rest = _offset(text[match.end() :])
    return offset, text[: match.end()] + rest


def _numeric(text: str) -> datetime | None:
    """Read 21/11/2025, 11/21/2025, 21.11.25, 2025/11/21; the day is first unless it cannot be."""
    offset, rest = _offset_after_clock(text)
    clock, rest = _clock_in(rest)
    if (asian := _ASIAN.search(rest)) is not None:
        return _made(int(asian[1]), int(asian[2]), int(asian[3]), clock, offset)
    match = _NUMERIC.search(rest)
    if match is None:
        return None
    if offset is None:
        names = [_ZONES[word] for word in re.findall(r"[a-z]+", rest) if word in _ZONES]
        offset = timedelta(hours=names[-1]) if names else None
    a, b, c = match.groups()
    if len(a) >= 3:
        return _made(_full_year(a), int(b), int(c), clock, offset)
    day, month = (int(b), int(a)) if int(b) > 12 else (int(a), int(b))
    return _made(_full_year(c), month, day, clock, offset)


def _usual(text: str) -> datetime | None:
    """Read what nearly all of RSS writes, without ado: `Fri, 21 Nov 2025 14:03:05 +0300`."""
    match = _USUAL.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        return None
    day, _, year, hour, minute, second, zone = match.groups()
    offset, _ = _offset(zone)
    clock = (int(hour), int(minute), int(second), 0)
    return _made(int(year), _MONTHS[match[2]], int(day), clock, offset)


def parse_date(text: str | None) -> datetime | None:
    """Read a date of a feed or a page; it always has a zone, UTC where none is named.

    RFC 3339, ISO 8601 and W3CDTF; RFC 822, 2822, 850 and asctime with their broken cousins (missing or wrong
    week day, two-digit year, named zones, ``GMT+3``); numeric dates; names of months in some twenty
    languages, Arabic with its three sets of names and its digits among them. None for all else.
    """
    return None if text is None or len(text) > MAX_LENGTH else _parsed(text)


@lru_cache(maxsize=2048)
def _parsed(text: str) -> datetime | None:
    clean = " ".join(text.translate(_DIGITS).lower().replace("،", ",").split())
    if not clean:
        return None
    if _EPOCH.fullmatch(clean):
        return datetime.fromtimestamp(int(clean[:10]), UTC)
    return _usual(clean) or _iso(clean) or _named(clean) or _numeric(clean)
