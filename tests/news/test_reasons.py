"""Every reason can be said."""

from __future__ import annotations

from typing import get_args

from daily8.news.reasons import DAY, SENTENCES, Reason, ReasonCode, explain, words


def test_every_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(get_args(ReasonCode))
    for code in SENTENCES:
        text = explain(Reason(code, 5400.0))
        assert text.endswith(".")
        assert "{" not in text
    assert explain(Reason("max-age", 5400)) == (
        "The publisher says that its answer stays fresh for 1.5 hours (Cache-Control)."
    )


def test_spans_are_said_as_people_do() -> None:
    assert [words(s) for s in (0.5, 1, 45, 60, 3599.9, 5400, 36_000, DAY, 7 * DAY)] == [
        "0.5 seconds",
        "1 second",
        "45 seconds",
        "1 minute",
        "1 hour",
        "1.5 hours",
        "10 hours",
        "1 day",
        "7 days",
    ]
