"""Dates as publishers write them."""

from __future__ import annotations

from daily8.news.dates import parse_date
from tests.fuzz.holding import is_moment

_SEEDS = """Sun, 01 Jun 2025 12:00:00 +0300
2025-06-01T12:00:00.123456789Z
2025-W22-7T12:00+05:45
2025152 12.30 pm EST
Sunday, 01-Jun-25 12:00:00 GMT
Sun Jun  1 12:00:00 2025
1748779200000
01/06/2025 à 12h30
٢٠٢٥/٠٦/٠١ ١٢:٠٠ م
١ حزيران ٢٠٢٥، 3:04 مساءً
2025년 6월 1일 12:00
1. června 2025 12:00 CEST
12 كانون الثاني 2025
0001-01-01T00:00:00+14:00
9999-12-31T23:59:60-15:59
29 Feb 2025 24:00:00 UTC+1:30
Tue, 31 Apr 99 25:61:61 PDT"""
SEEDS = tuple(line.encode() for line in _SEEDS.splitlines())
WORDS = tuple(
    word.encode()
    for word in [
        "T",
        "Z",
        "+",
        "-",
        ":",
        ".",
        ",",
        "/",
        "0",
        "9",
        "00",
        "99",
        "0000",
        "9999",
        "-0001",
        "W53",
        "366",
        "24:00",
        "23:59:60",
        "+15:59",
        "-99:99",
        "GMT",
        "EST",
        "pm",
        "ص",
        "مساء",
        "jan",
        "Dec",
        "مايو",
        "월",
        "日",
        "٠",
        "۹",
        "²",
        "①",
        "−",
        "\u200f",
        "1e9",
        "1999999999999",
    ]
)


def one(data: bytes) -> None:
    """Read text as a date, and the date's own writing again."""
    found = parse_date(data.decode("utf-8", "surrogateescape"))
    if found is not None:
        is_moment(found)
        assert parse_date(found.isoformat()) == found, found
