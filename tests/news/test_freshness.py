"""What headers say of time, in every form that servers write it in."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.freshness import Freshness, http_date, retry_after

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DATE = "Mon, 02 Mar 2026 12:00:00 GMT"
LATER = "Mon, 02 Mar 2026 15:00:00 GMT"


def fresh(**headers: str) -> tuple[str, float] | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Freshness().after(named, NOW).left(named)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Cache_Control": "public, MAX-AGE = 600"}, ("max-age", 600)),
        ({"Cache_Control": 'max-age="600"'}, ("max-age", 600)),
        ({"Cache_Control": "max-age=600", "Age": "100"}, ("max-age", 500)),
        ({"Cache_Control": "max-age=600", "Age": "601"}, None),
        ({"Cache_Control": "max-age=600", "Age": "soon"}, ("max-age", 600)),
        ({"Cache_Control": "max-age=600, max-age=9"}, ("max-age", 600)),
        ({"Cache_Control": "s-maxage=600, x-max-age=9, immutable"}, None),
        ({"Cache_Control": "max-age=0", "Expires": LATER}, None),
        ({"Cache_Control": "public", "Expires": LATER}, ("expires", 10_800)),
        ({"Cache_Control": "max-age=600, no-cache"}, None),
        ({"Cache_Control": "no-store", "Expires": LATER}, None),
        # of one header only: not of the whole answer (RFC 9111 section 5.2.2.4)
        ({"Cache_Control": 'no-cache="Set-Cookie, X", max-age=600'}, ("max-age", 600)),
        ({"Expires": LATER, "Date": DATE, "Age": "60"}, ("expires", 10_800)),
        (
            {"Expires": "Fri, 01 Jan 2010 02:00:00 GMT", "Date": "Fri, 01 Jan 2010 00:00:00 GMT"},
            ("expires", 7200),
        ),
        ({"Expires": "0"}, None),
        ({"Expires": DATE}, None),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], expected: tuple[str, float] | None) -> None:
    assert fresh(**headers) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, ("max-age", 600)),
        ({"Age": "100"}, ("max-age", 500)),
        ({"Cache-Control": "max-age=60"}, ("max-age", 60)),
        ({"Cache-Control": "public"}, ("expires", 10_800)),
        ({"Cache-Control": "no-cache"}, None),
        ({"Expires": "0"}, ("max-age", 600)),
    ],
)
def test_a_304_changes_only_what_it_bears(
    headers: dict[str, str], expected: tuple[str, float] | None
) -> None:
    before = Freshness().after({"Cache-Control": "max-age=600", "Expires": LATER, "Date": DATE}, NOW)
    assert before.after(headers, NOW).left(headers) == expected


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("60", 60),
        (" 60 ", 60),
        ("99999999999", 10**10),
        ("9" * 5000, 10**10),
        (LATER, 10_800),
        ("Monday, 02-Mar-26 15:00:00 GMT", 10_800),
        ("Mon Mar  2 15:00:00 2026", 10_800),
        ("0", None),
        ("-5", None),
        ("1e9", None),
        ("soon", None),
        ("", None),
        (DATE, None),
    ],
)
def test_when_to_come_back(value: str, seconds: float | None) -> None:
    assert retry_after({"RETRY-AFTER": value, "date": DATE}, NOW) == seconds
    assert retry_after({}, NOW) is None


@pytest.mark.parametrize("text", ["", "0", "tomorrow", "Mon, 99 Foo 2026 99:99:99 GMT", "2026-03-02", "\x00"])
def test_what_is_no_date(text: str) -> None:
    assert http_date(text) is None


@given(st.dictionaries(st.sampled_from(["Cache-Control", "Expires", "Date", "Age"]), st.text(max_size=60)))
def test_any_header_is_read(headers: dict[str, str]) -> None:
    said = Freshness().after(headers, NOW)
    left = said.left(headers)
    assert left is None or 0 < left[1] <= 10**12
    assert said.after({}, NOW) == said


@pytest.mark.parametrize("piece", ['"', "a ", "a=", 'a="', "a=b,", ",", "-", "max-age "])
def test_a_long_header_takes_no_time(piece: str) -> None:
    began = time.perf_counter()
    Freshness().after({"Cache-Control": piece * 1_000_000}, NOW)
    assert time.perf_counter() - began < 1.0
