"""A line of JSON tells a report, or what is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from daily8.news.language import code
from daily8.news.reports import LONGEST, BadReport, Report, read_id, read_report


def test_a_line_tells_a_report() -> None:
    line = {"id": 7, "lang": "ara", "time": "2026-03-01T12:00:00+02:00", "title": "عنوان", "text": None}
    moment = datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert read_report(line) == Report("7", title="عنوان", language="ar", time=moment)
    assert read_report({"id": "a", "time": "2026-03-01 12:00:00"}).time == moment.replace(hour=12)


@pytest.mark.parametrize(
    "line",
    [{}, {"id": ""}, {"id": True}, {"id": "a", "title": 4}, {"id": "a", "time": "yesterday"}],
    ids=str,
)
def test_what_cannot_be_used_is_said(line: dict[str, Any]) -> None:
    with pytest.raises(BadReport, match=r"^it"):
        read_report(line)


@pytest.mark.parametrize(
    ("tag", "short"),
    [("eng", "en"), ("en-GB", "en"), ("ara", "ar"), ("fre", "fr"), ("iw", "he"), ("", ""), ("xx", "xx")],
)
def test_codes_of_languages_are_short(tag: str, short: str) -> None:
    assert code(tag) == short


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_beyond_the_calendar_is_said(time: str) -> None:
    with pytest.raises(BadReport, match=r"^its time '.*' is none that UTC can tell"):
        read_report({"id": "a", "time": time})


def test_what_is_not_read_is_not_kept() -> None:
    line = dict.fromkeys(("title", "text", "publisher", "url", "lang"), "x" * 200000)
    found = read_report({"id": "a"} | line)
    assert len(found.text) == LONGEST
    assert max(map(len, (found.title, found.publisher, found.url))) == 2_000


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"id": None}, "it has no id"),
        ({"id": 1.5}, "its id is neither"),
        ({"id": False}, "its id is neither"),
    ],
)
def test_an_id_is_text_or_a_whole_number(line: dict[str, Any], said: str) -> None:
    assert (read_id({"id": 0}), read_id({"id": "0"})) == (0, "0")
    with pytest.raises(BadReport, match=said):
        read_id(line)
