"""A line of JSON tells a report, or what is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from daily8.news.language import code
from daily8.news.reports import BadReport, Report, read_report


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
